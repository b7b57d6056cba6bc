import MissionDatabase
import Testing

/// The strict reader, seen through the database that it feeds.
struct XMLTests {
    @Test(arguments: [
        ("", XMLFault.noRoot, 1, 1),
        ("   \n", .noRoot, 2, 1),
        ("<a>", .unexpectedEnd(inside: "<a>"), 1, 4),
        ("<a><b></a>", .mismatchedEnd(expected: "b", found: "a"), 1, 7),
        ("<a/>\n<b/>", .secondRoot("b"), 2, 1),
        ("<a/></a>", .strayEnd("a"), 1, 5),
        ("text<a/>", .textOutsideRoot, 1, 1),
        ("<a/>text", .textOutsideRoot, 1, 5),
        ("<!DOCTYPE a []><a/>", .doctype, 1, 1),
        ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", .doctype, 1, 1),
        ("<a>&nbsp;</a>", .unknownEntity("nbsp"), 1, 4),
        ("<a>fish & chips</a>", .badReference, 1, 9),
        ("<a>&#0;</a>", .badReference, 1, 4),
        ("<a>&#xD800;</a>", .badReference, 1, 4),
        ("<a>&#x110000;</a>", .badReference, 1, 4),
        ("<a>&#+1;</a>", .badReference, 1, 4),
        ("<a x='1' x='2'/>", .duplicateAttribute("x"), 1, 10),
        ("<a x=1/>", .malformedTag("a"), 1, 6),
        ("<a x/>", .malformedTag("a"), 1, 5),
        ("<a x='1'y='2'/>", .malformedTag("a"), 1, 9),
        ("<a x='<'/>", .malformedTag("a"), 1, 7),
        ("<a x='1", .unexpectedEnd(inside: "the attribute x"), 1, 8),
        ("<a", .unexpectedEnd(inside: "<a>"), 1, 3),
        ("</", .badName, 1, 3),
        ("< a/>", .badName, 1, 2),
        ("<1a/>", .badName, 1, 2),
        ("<p:a/>", .undeclaredPrefix("p"), 1, 1),
        ("<a p:x='1'/>", .undeclaredPrefix("p"), 1, 4),
        ("<a><b xmlns:p='u'/><p:c/></a>", .undeclaredPrefix("p"), 1, 20),
        ("<a:b:c xmlns:a='u'/>", .badName, 1, 1),
        ("<a><!-- x -- y --></a>", .malformedMarkup("the comment"), 1, 4),
        ("<a><!-- x</a>", .unexpectedEnd(inside: "a comment"), 1, 4),
        ("<a><![CDATA[ x</a>", .unexpectedEnd(inside: "a CDATA section"), 1, 4),
        ("<![CDATA[x]]><a/>", .textOutsideRoot, 1, 1),
        ("<a>]]></a>", .malformedMarkup("the end of a CDATA section"), 1, 4),
        ("<a><?xml version='1.0'?></a>", .malformedMarkup("the processing instruction"), 1, 4),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><a/>", .unsupportedEncoding("ISO-8859-1"), 1, 1),
        ("<a>\u{1}</a>", .illegalCharacter(1), 1, 4),
        ("<a>\u{FFFE}</a>", .illegalCharacter(0xFFFE), 1, 4),
        ("<ä>\n <ö ü='&x;'/></ä>", .unknownEntity("x"), 2, 8),
    ])
    func aDocumentThatIsNotWellFormedIsRefused(text: String, fault: XMLFault, line: Int, column: Int) {
        let place = Place(file: "x.xml", line: line, column: column)
        check(Array(text.utf8), .malformedXML(place, fault))
    }

    @Test(
        arguments: [
            ([0x3C, 0x61, 0x3E, 0xFF], XMLFault.notText(encoding: "UTF-8"), 4),
            ([0x3C, 0x61, 0x3E, 0xC0, 0x80], .notText(encoding: "UTF-8"), 4),
            ([0x3C, 0x61, 0x3E, 0xED, 0xA0, 0x80], .notText(encoding: "UTF-8"), 4),
            ([0x3C, 0x61, 0x3E, 0xE2, 0x82], .notText(encoding: "UTF-8"), 4),
            ([0xFE, 0xFF, 0x00], .notText(encoding: "UTF-16"), 1),
            ([0xFF, 0xFE, 0x00, 0xD8], .notText(encoding: "UTF-16"), 1),
        ] as [([UInt8], XMLFault, Int)]
    )
    func octetsThatAreNoTextAreRefused(octets: [UInt8], fault: XMLFault, column: Int) {
        check(octets, .malformedXML(Place(file: "x.xml", line: 1, column: column), fault))
    }

    private func check(_ octets: [UInt8], _ expected: XTCEError) {
        #expect(throws: expected) { try MissionDatabase(xtce: octets, name: "x.xml") }
    }

    @Test func attributesAreBounded() {
        let many = (0..<100_000).map { "a\($0)='' " }.joined()
        let error = #expect(throws: XTCEError.self) { try MissionDatabase(xtce: Array("<a \(many)/>".utf8)) }
        #expect(error?.description.contains("more than 256 attributes") == true)
    }

    @Test func nestingIsBounded() {
        let deep = String(repeating: "<a>", count: 100_000)
        let place = Place(file: "x.xml", line: 1, column: 601)
        check(Array(deep.utf8), .malformedXML(place, .tooDeep(limit: 200)))
    }

    /// A document whose only parameter has a description that holds whatever is to be read.
    private static func document(_ description: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>\r\n<!-- a -->
        <x:SpaceSystem name='S' xmlns:x="u"><x:TelemetryMetaData>
        <x:ParameterTypeSet><x:IntegerParameterType x:name="T"/></x:ParameterTypeSet><x:ParameterSet>
        <x:Parameter name="P" parameterTypeRef="T"><x:LongDescription>\(description)</x:LongDescription></x:Parameter>
        </x:ParameterSet></x:TelemetryMetaData></x:SpaceSystem><?end?>
        """
    }

    @Test(arguments: [
        ("a&lt;b&gt;&amp;&apos;&quot;&#65;&#x42;", "a<b>&'\"AB"),
        ("<![CDATA[<not & parsed>]]>", "<not & parsed>"),
        ("one<!-- two -->three<?four?>", "onethree"),
        ("grün µ €", "grün µ €"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("&#x1F680;", "🚀"),
    ])
    func textIsReadAsItIsMeant(written: String, meant: String) throws {
        let text = Self.document(written)
        let database = try MissionDatabase(xtce: Array(text.utf8))
        #expect(database.parameters.map { $0.description } == [meant])
    }

    @Test(arguments: [false, true]) func utf16WithAMarkIsRead(isLittle: Bool) throws {
        let units = [0xFEFF] + Array(Self.document("grün 🚀").utf16)
        let octets = units.flatMap { unit in
            isLittle ? [UInt8(unit & 0xFF), UInt8(unit >> 8)] : [UInt8(unit >> 8), UInt8(unit & 0xFF)]
        }
        let database = try MissionDatabase(xtce: octets)
        #expect(database.parameters.map { $0.description } == ["grün 🚀"])
    }

    @Test func theMarkOfUTF8IsSkipped() throws {
        let database = try MissionDatabase(xtce: [0xEF, 0xBB, 0xBF] + Array(Self.document("x").utf8))
        #expect(database.parameters.count == 1)
    }

    @Test func everyPrefixOfADocumentIsRefusedWithoutATrap() {
        let octets = Array(Self.document("a&lt;<![CDATA[x]]>ü").utf8)
        let end = octets.count - "<?end?>".utf8.count
        for length in 0..<end {
            #expect(throws: XTCEError.self) { try MissionDatabase(xtce: Array(octets[..<length])) }
        }
    }

    @Test func anErrorIsASentenceWithItsPlace() {
        let error = #expect(throws: XTCEError.self) {
            try MissionDatabase(xtce: Array("<a>\n  <b></a>".utf8), name: "mission.xml")
        }
        #expect(error?.description == "mission.xml:2:6: </a> closes an element named b.")
    }
}
