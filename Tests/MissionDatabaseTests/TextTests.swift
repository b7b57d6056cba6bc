import MissionDatabase
import TestSupport
import Testing

/// Texts and octets, whose sizes may depend on values.
struct TextTests {
    /// A length, then a text or octets, then a last octet.
    private static func bench(
        _ kind: String,
        _ encoding: String,
        options: MissionDatabase.Options = .init()
    ) throws
        -> Bench
    {
        let length = Document.Field("N")
        return try Bench(
            Document.text(
                types: length.type + "<\(kind)ParameterType name='T'>\(encoding)</\(kind)ParameterType>",
                parameters: length.parameter + "<Parameter name='P' parameterTypeRef='T'/>"
                    + "<Parameter name='Z' parameterTypeRef='N_T'/>",
                containers: Document.container(
                    "Root",
                    entries: Document.entry("N"),
                    Document.entry("P"),
                    Document.entry("Z")
                )
            ),
            options: options
        )
    }

    private static func fixed(_ bits: Int, _ inside: String = "") -> String {
        "<SizeInBits><Fixed><FixedValue>\(bits)</FixedValue></Fixed>\(inside)</SizeInBits>"
    }

    private static let dynamic =
        "<DynamicValue><ParameterInstanceRef parameterRef='N'/><LinearAdjustment slope='8'/></DynamicValue>"
    private static let zero = "<TerminationChar>00</TerminationChar>"
    private static let tag = "<LeadingSize sizeInBitsOfSizeTag='8'/>"

    @Test(arguments: [
        ("", fixed(24), "00414243ff", "ABC"),
        ("", fixed(24, zero), "00414200ff", "AB"),
        ("", fixed(24, zero), "00414243ff", "ABC"),
        ("", fixed(24, zero), "00004243ff", ""),
        ("", fixed(32, tag), "0002414243ff", "AB"),
        ("", fixed(32, tag), "0009414243ff", "ABC"),
        ("", "<Variable maxSizeInBits='80'>\(dynamic)</Variable>", "024142ff", "AB"),
        ("", "<Variable maxSizeInBits='80'>\(dynamic)\(zero)</Variable>", "03410042ff", "A"),
        ("", "<Variable maxSizeInBits='80'>\(zero)</Variable>", "00414200ff", "AB"),
        ("", "<Variable maxSizeInBits='16'>\(zero)</Variable>", "004142ff", "AB"),
        ("", "<Variable maxSizeInBits='80'>\(tag)</Variable>", "00024142ff", "AB"),
        ("encoding='UTF-8'", fixed(24), "00e282acff", "€"),
        ("encoding='UTF-8'", fixed(16), "00c328ff", "\u{FFFD}("),
        ("encoding='US-ASCII'", fixed(16), "0041e4ff", "A\u{FFFD}"),
        ("encoding='ISO-8859-1'", fixed(16), "0041e4ff", "Aä"),
        ("encoding='Windows-1252'", fixed(16), "00804eff", "€N"),
        ("encoding='UTF-16BE'", fixed(32), "00004120acff", "A€"),
        ("encoding='UTF-16LE'", fixed(32), "004100ac20ff", "A€"),
        ("encoding='UTF-16'", fixed(32), "00fffe4100ff", "A"),
        (
            "encoding='UTF-16BE'", fixed(48, "<TerminationChar>0000</TerminationChar>"), "00010000010000ff",
            "\u{100}\u{1}"
        ),
        ("encoding='UTF-32BE'", fixed(32), "000001f680ff", "🚀"),
    ])
    func aTextIsReadFromItsOctets(attributes: String, size: String, hex: String, text: String) throws {
        var bench = try Self.bench("String", "<StringDataEncoding \(attributes)>\(size)</StringDataEncoding>")
        #expect(bench.database.diagnostics.isEmpty)
        #expect(bench.decode(hex) == .decoded(container: 0))
        #expect(bench["P"] == .string(text))
        #expect(bench["Z"] == .unsigned(255))
    }

    @Test func aSizeTagMayCountBits() throws {
        var options = MissionDatabase.Options()
        options.sizeTagUnit = .bits
        let encoding = "<StringDataEncoding><Variable maxSizeInBits='80'>\(Self.tag)</Variable></StringDataEncoding>"
        var bench = try Self.bench("String", encoding, options: options)
        #expect(bench.decode("00104142ff") == .decoded(container: 0))
        #expect(bench["P"] == .string("AB"))
    }

    @Test(
        arguments: [
            ("<FixedValue>16</FixedValue>", "000102ff", [1, 2]),
            ("<FixedValue>12</FixedValue>", "00012fff", [1, 0x20]),
            (dynamic, "03010203ff", [1, 2, 3]),
            (dynamic, "00ff", []),
            (
                "<DiscreteLookupList><DiscreteLookup value='8'>\(Document.comparison("N", "1"))</DiscreteLookup>"
                    + "<DiscreteLookup value='24'>\(Document.comparison("N", "7"))</DiscreteLookup></DiscreteLookupList>",
                "07010203ff", [1, 2, 3]
            ),
        ] as [(String, String, [UInt8])]
    )
    func octetsAreCopied(size: String, hex: String, octets: [UInt8]) throws {
        var bench = try Self.bench(
            "Binary",
            "<BinaryDataEncoding><SizeInBits>\(size)</SizeInBits></BinaryDataEncoding>"
        )
        bench.decode(hex)
        #expect(bench["P"] == .binary(octets))
    }

    @Test(arguments: [
        ("<FixedValue>32</FixedValue>", "000102ff"), (dynamic, "ff0102ff"),
        (
            "<DynamicValue><ParameterInstanceRef parameterRef='N'/><LinearAdjustment slope='-8'/></DynamicValue>",
            "010203"
        ),
        (
            "<DynamicValue><ParameterInstanceRef parameterRef='N'/><LinearAdjustment slope='1e300'/></DynamicValue>",
            "010203"
        ),
        ("<DynamicValue><ParameterInstanceRef parameterRef='Z'/></DynamicValue>", "010203"),
        ("<DiscreteLookupList/>", "010203"),
    ])
    func aSizeThatCannotBeIsTheEndOfThePacket(size: String, hex: String) throws {
        var bench = try Self.bench(
            "Binary",
            "<BinaryDataEncoding><SizeInBits>\(size)</SizeInBits></BinaryDataEncoding>"
        )
        #expect(bench.decode(hex) == .truncated(container: 0))
        #expect(bench.names == ["N"])
    }

    @Test func aTextThatNeverEndsIsTheEndOfThePacket() throws {
        let encoding = "<StringDataEncoding><Variable maxSizeInBits='800'>\(Self.zero)</Variable></StringDataEncoding>"
        var bench = try Self.bench("String", encoding)
        #expect(bench.decode("0041424344") == .truncated(container: 0))
    }

    @Test func textsAndOctetsAreCompared() throws {
        func child(_ name: String, _ parameter: String, _ value: String) -> String {
            Document.container(name, base: "Root", criteria: Document.comparison(parameter, value))
        }
        let types = """
            <StringParameterType name="S"><StringDataEncoding>\(Self.fixed(16, Self.zero))</StringDataEncoding>
            </StringParameterType><BinaryParameterType name="B"><BinaryDataEncoding><SizeInBits>
            <FixedValue>16</FixedValue></SizeInBits></BinaryDataEncoding></BinaryParameterType>
            """
        var bench = try Bench(
            Document.text(
                types: types,
                parameters: "<Parameter name='P' parameterTypeRef='S'/><Parameter name='Q' parameterTypeRef='B'/>",
                containers: Document.container("Root", entries: Document.entry("P"), Document.entry("Q"))
                    + child("Text", "P", "A") + child("Octets", "Q", "CAFE")
            )
        )
        #expect(bench.decode("41000000") == .decoded(container: 1))
        #expect(bench.decode("4142cafe") == .decoded(container: 2))
        #expect(bench.decode("4142cafd") == .decoded(container: 0))
    }
}
