import MissionDatabase
import Testing

/// Databases that are well-formed XML and yet no databases.
struct MalformedDatabaseTests {
    private static let byte = Document.Field("A")

    private static func types(_ types: String) -> String { Document.text(types: types) }

    private static func containers(_ containers: String...) -> String {
        Document.text([byte], containers: containers.joined(separator: "\n"))
    }

    private static func encoding(_ attributes: String, _ inside: String = "") -> String {
        types(
            "<IntegerParameterType name='T'><IntegerDataEncoding \(attributes)>\(inside)</IntegerDataEncoding>"
                + "</IntegerParameterType>"
        )
    }

    /// What is wrong, the document, and a piece of the message.
    static let table: [(String, String, String)] = [
        ("another root", "<Spreadsheet/>", "<Spreadsheet>, not <SpaceSystem>"),
        ("no name", "<SpaceSystem/>", "<SpaceSystem> lacks the attribute name"),
        ("unknown type", Document.text(parameters: "<Parameter name='P' parameterTypeRef='T'/>"), "type named T"),
        ("unknown parameter", containers(Document.container("C", entries: Document.entry("B"))), "parameter named B"),
        ("unknown container", containers(Document.container("C", entries: Document.include("D"))), "named D"),
        ("unknown base", containers(Document.container("C", base: "D")), "container named D"),
        (
            "unknown parameter in a comparison",
            containers(
                Document.container("C"),
                Document.container("D", base: "C", criteria: Document.comparison("X", "1"))
            ), "parameter named X"
        ),
        ("a type twice", types("<IntegerParameterType name='T'/><FloatParameterType name='T'/>"), "T is defined twice"),
        ("a parameter twice", Document.text([byte, byte], containers: ""), "defined twice"),
        ("a container twice", containers(Document.container("C"), Document.container("C")), "C is defined twice"),
        ("its own base", containers(Document.container("C", base: "C")), "the container C leads back to itself"),
        (
            "a cycle of bases",
            containers(Document.container("C", base: "D"), Document.container("D", base: "C")), "leads back to itself"
        ),
        (
            "a cycle of includes",
            containers(
                Document.container("C", entries: Document.include("D")),
                Document.container("D", entries: Document.include("C"))
            ), "leads back to itself"
        ),
        (
            "an include of what inherits",
            containers(
                Document.container("C", entries: Document.include("D")),
                Document.container("D", base: "C")
            ), "leads back to itself"
        ),
        (
            "a chain of a hundred bases",
            containers(
                (0..<100).map { Document.container("C\($0)", base: $0 == 99 ? nil : "C\($0 + 1)") }.joined()
            ), "levels of containers, more than the limit of 64"
        ),
        (
            "a chain of a hundred bases, the other way",
            containers(
                (0..<100).map { Document.container("C\($0)", base: $0 == 0 ? nil : "C\($0 - 1)") }.joined()
            ), "levels of containers, more than the limit of 64"
        ),
        (
            "a type that is its own base", types("<IntegerParameterType name='T' baseType='T'/>"),
            "the parameter type T leads back to itself"
        ),
        (
            "an aggregate of itself",
            Document.text(
                types: "<AggregateParameterType name='T'><MemberList><Member name='m' typeRef='T'/></MemberList>"
                    + "</AggregateParameterType>",
                parameters: "<Parameter name='P' parameterTypeRef='T'/>"
            ), "leads back to itself"
        ),
        (
            "an array beyond all bounds",
            Document.text(
                types: byte.type + "<ArrayParameterType name='T' arrayTypeRef='A_T'><DimensionList>"
                    + String(
                        repeating: "<Dimension><EndingIndex><FixedValue>999999</FixedValue></EndingIndex></Dimension>",
                        count: 4
                    ) + "</DimensionList></ArrayParameterType>",
                parameters: "<Parameter name='P' parameterTypeRef='T'/>"
            ), "array elements, more than the limit"
        ),
        ("a size of nothing", encoding("sizeInBits='0'"), "sizeInBits is \"0\""),
        ("a negative size", encoding("sizeInBits='-8'"), "sizeInBits is \"-8\""),
        ("a size that overflows", encoding("sizeInBits='99999999999999999999'"), "sizeInBits is"),
        ("a size that is no number", encoding("sizeInBits='eight'"), "sizeInBits is \"eight\""),
        ("a byte order of too few", encoding("sizeInBits='32' byteOrder='0,1'"), "byte order is \"0,1\""),
        ("a byte order twice the same", encoding("sizeInBits='16' byteOrder='0,0'"), "byte order is \"0,0\""),
        (
            "a spline without points",
            encoding("", "<DefaultCalibrator><SplineCalibrator/></DefaultCalibrator>"), "lacks a <SplinePoint>"
        ),
        (
            "a spline with two values at one place",
            encoding(
                "",
                "<DefaultCalibrator><SplineCalibrator><SplinePoint raw='1' calibrated='1'/>"
                    + "<SplinePoint raw='1' calibrated='2'/></SplineCalibrator></DefaultCalibrator>"
            ), "a second point is \"1.0\""
        ),
        (
            "a term that is no number",
            encoding(
                "",
                "<DefaultCalibrator><PolynomialCalibrator><Term coefficient='nan' exponent='0'/>"
                    + "</PolynomialCalibrator></DefaultCalibrator>"
            ), "coefficient is \"nan\""
        ),
        (
            "a calculation without operands",
            encoding(
                "",
                "<DefaultCalibrator><MathOperationCalibrator><ThisParameterOperand/><Operator>+</Operator>"
                    + "</MathOperationCalibrator></DefaultCalibrator>"
            ), "operands enough for each operator"
        ),
        (
            "a comparison with a word",
            containers(
                Document.container("C", entries: Document.entry("A")),
                Document.container("D", base: "C", criteria: Document.comparison("A", "one"))
            ), "the value is \"one\"; expected a number"
        ),
        (
            "an operator of its own",
            containers(
                Document.container("C", entries: Document.entry("A")),
                Document.container(
                    "D",
                    base: "C",
                    criteria: Document.comparison("A", "1", "comparisonOperator='~'")
                )
            ), "the operator is \"~\""
        ),
        (
            "criteria without a comparison",
            containers(
                Document.container("C"),
                Document.container("D", base: "C", criteria: "<Foo/>")
            ), "lacks a <Comparison>"
        ),
        ("an enumeration without labels", types("<EnumeratedParameterType name='T'/>"), "lacks a <EnumerationList>"),
        (
            "an enumeration of words",
            types(
                "<EnumeratedParameterType name='T'><EnumerationList><Enumeration value='a' label='b'/>"
                    + "</EnumerationList></EnumeratedParameterType>"
            ), "value is \"a\""
        ),
        (
            "a repetition without count",
            containers(Document.container("C", entries: Document.entry("A", "<RepeatEntry/>"))), "lacks a <Count>"
        ),
    ]

    @Test(arguments: table.map { $0.0 })
    func aFaultIsToldWithItsPlace(what: String) throws {
        let (_, text, message) = try #require(Self.table.first { $0.0 == what })
        let error = #expect(throws: XTCEError.self) { try MissionDatabase(xtce: Array(text.utf8), name: "x.xml") }
        let description = try #require(error?.description)
        #expect(description.contains(message), "\(description)")
        #expect(description.hasPrefix("x.xml:") && description.hasSuffix("."), "\(description)")
    }

    @Test func expressionsThatGrowWithoutEndAreRefused() throws {
        let leaf =
            "<Condition><ParameterInstanceRef parameterRef='A'/><ComparisonOperator>==</ComparisonOperator>"
            + "<Value>1</Value></Condition>"
        let deep = (0..<60).reduce(leaf) { inner, _ in "<XORedConditions>\(leaf)\(inner)</XORedConditions>" }
        let text = Self.containers(
            Document.container("C", entries: Document.entry("A")),
            Document.container("D", base: "C", criteria: "<BooleanExpression>\(deep)</BooleanExpression>")
        )
        let error = #expect(throws: XTCEError.self) { try MissionDatabase(xtce: Array(text.utf8)) }
        #expect(error?.description.contains("more than the limit of 500000") == true)
    }

    @Test func emptyContainersThatIncludeEachOtherWithoutEndAreRefused() throws {
        let levels = (0..<40).map { level in
            Document.container(
                "C\(level)",
                entries: Document.include("C\(level + 1)"),
                Document.include("C\(level + 1)")
            )
        }
        let text = Document.text([Self.byte], containers: levels.joined() + Document.container("C40"))
        let database = try MissionDatabase(xtce: Array(text.utf8))
        #expect(throws: XTCEError.self) { try database.makeDecoder(root: "C0") }
        #expect(throws: XTCEError.self) { try database.makeEncoder(container: "C0") }
        #expect(database.parameterIndices(ofContainer: 0) == [])
    }

    @Test func containersThatIncludeEachOtherWithoutEndAreRefused() throws {
        // Forty levels of two includes each would be 2^40 fields, written out.
        let levels = (0..<40).map { level in
            Document.container(
                "C\(level)",
                entries: Document.include("C\(level + 1)"),
                Document.include("C\(level + 1)")
            )
        }
        let last = Document.container("C40", entries: Document.entry("A"))
        let text = Document.text([Self.byte], containers: levels.joined() + last)
        let database = try MissionDatabase(xtce: Array(text.utf8))
        #expect(throws: XTCEError.self) { try database.makeDecoder(root: "C0") }
        #expect(throws: XTCEError.self) { try database.makeEncoder(container: "C0") }
    }

    @Test func aDatabaseWithoutContainersHasNoRoot() throws {
        let database = try MissionDatabase(xtce: Array(Document.text([Self.byte], containers: "").utf8), name: "x.xml")
        #expect(throws: XTCEError.noRootContainer(file: "x.xml")) { try database.makeDecoder() }
        #expect(throws: XTCEError.unknownContainer("C")) { try database.makeDecoder(root: "C") }
    }

    @Test(arguments: [
        "<IntegerDataEncoding sizeInBits='65'/>", "<FloatDataEncoding sizeInBits='80'/>",
        "<FloatDataEncoding encoding='DEC'/>", "<StringDataEncoding encoding='EBCDIC'/>",
        "<StringDataEncoding><SizeInBits><Fixed><FixedValue>8</FixedValue></Fixed></SizeInBits></StringDataEncoding>",
    ])
    func whatIsNotSupportedIsNamedAndStopsOnlyWhatNeedsIt(encoding: String) throws {
        let type = "<IntegerParameterType name='B_T'>\n\(encoding)</IntegerParameterType>"
        let text = Document.text(
            types: Self.byte.type + type,
            parameters: Self.byte.parameter + "<Parameter name='B' parameterTypeRef='B_T'/>",
            containers: Document.container("C", entries: Document.entry("A"))
                + Document.container(
                    "D",
                    base: "C",
                    criteria: Document.comparison("A", "1"),
                    entries: Document.entry("B")
                )
        )
        let database = try MissionDatabase(xtce: Array(text.utf8))
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.hasPrefix(encoding) }
        #expect(database.diagnostics.contains { $0.line == (line ?? 0) + 1 })
        var decoder = try database.makeDecoder()
        var samples = SampleBuffer()
        let (other, needing): ([UInt8], [UInt8]) = ([2], [1, 0, 0])
        #expect(decoder.decode(other.span, into: &samples) == .decoded(container: 0))
        #expect(decoder.decode(needing.span, into: &samples) == .unsupported(container: 1))
        #expect(samples.count == 1)
        #expect(throws: XTCEError.self) { try database.makeEncoder(container: "D") }
    }
}
