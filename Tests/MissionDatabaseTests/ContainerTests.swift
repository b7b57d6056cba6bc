import MissionDatabase
import TestSupport
import Testing

/// Inheritance, criteria, and where entries lie.
struct ContainerTests {
    private static let fields = [
        Document.Field("A"), Document.Field("B"), Document.Field("C", bits: 16),
        Document.Field("S", encoding: "twosComplement"),
    ]

    private static func condition(_ parameter: String, _ comparator: String, _ value: String) -> String {
        let escaped = comparator.replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        return "<Condition><ParameterInstanceRef parameterRef='\(parameter)'/>"
            + "<ComparisonOperator>\(escaped)</ComparisonOperator><Value>\(value)</Value></Condition>"
    }

    @Test(
        arguments: [
            (Document.comparison("A", "5"), [5]),
            (Document.comparison("A", "0x05"), [5]),
            (Document.comparison("A", "5.0"), [5]),
            (Document.comparison("A", "5", "comparisonOperator='!='"), [0, 1, 2, 3, 4, 6, 7]),
            (Document.comparison("A", "2", "comparisonOperator='&lt;'"), [0, 1]),
            (Document.comparison("A", "2", "comparisonOperator='&lt;='"), [0, 1, 2]),
            (Document.comparison("A", "5.5", "comparisonOperator='>'"), [6, 7]),
            (Document.comparison("A", "6", "comparisonOperator='>='"), [6, 7]),
            (Document.comparison("A", "-1", "comparisonOperator='>'"), [0, 1, 2, 3, 4, 5, 6, 7]),
            (
                "<ComparisonList>" + Document.comparison("A", "1", "comparisonOperator='>'")
                    + Document.comparison("A", "4", "comparisonOperator='&lt;'") + "</ComparisonList>", [2, 3]
            ),
            ("<BooleanExpression>\(condition("A", "==", "3"))</BooleanExpression>", [3]),
            (
                "<BooleanExpression><ORedConditions>\(condition("A", "==", "1"))<ANDedConditions>"
                    + "\(condition("A", ">", "4"))\(condition("A", "!=", "6"))</ANDedConditions></ORedConditions>"
                    + "</BooleanExpression>", [1, 5, 7]
            ),
            (
                "<BooleanExpression><XORedConditions>\(condition("A", "<", "4"))\(condition("A", ">", "2"))"
                    + "\(condition("A", "==", "7"))</XORedConditions></BooleanExpression>", [0, 1, 2, 4, 5, 6]
            ),
            (Document.comparison("B", "0"), []),
        ] as [(String, [Int])]
    )
    func aContainerMatchesWhereItsCriteriaHold(criteria: String, matching: [Int]) throws {
        var bench = try Bench(
            Self.fields,
            containers: Document.container("Root", isAbstract: true, entries: Document.entry("A"))
                + Document.container("Child", base: "Root", criteria: criteria)
        )
        let found = (0..<8).filter { bench.decode("0\($0)") == .decoded(container: 1) }
        #expect(found == matching)
        for value in 0..<8 where !matching.contains(value) { #expect(bench.decode("0\(value)") == .unknown) }
    }

    @Test func twoParametersAreCompared() throws {
        let expression =
            "<BooleanExpression><Condition><ParameterInstanceRef parameterRef='A'/>"
            + "<ParameterInstanceRef parameterRef='S'/><ComparisonOperator>&gt;</ComparisonOperator></Condition>"
            + "</BooleanExpression>"
        var bench = try Bench(
            Self.fields,
            containers: Document.container("Root", entries: Document.entry("A"), Document.entry("S"))
                + Document.container("Child", base: "Root", criteria: expression)
        )
        #expect(bench.decode("00ff") == .decoded(container: 1))
        #expect(bench.decode("0001") == .decoded(container: 0))
        #expect(bench.decode("ff7f") == .decoded(container: 1))
    }

    @Test func entriesOfBasesComeFirstAndChildrenGoOnWhereTheyEnd() throws {
        var bench = try Bench(
            Self.fields,
            containers: Document.container(
                "Leaf",
                base: "Middle",
                criteria: Document.comparison("B", "2"),
                entries: Document.entry("C")
            )
                + Document.container(
                    "Middle",
                    base: "Root",
                    criteria: Document.comparison("A", "1"),
                    entries: Document.entry("B")
                ) + Document.container("Root", isAbstract: true, entries: Document.entry("A"))
        )
        #expect(bench.decode("01020304") == .decoded(container: 0))
        #expect(bench.names == ["A", "B", "C"])
        #expect(bench["C"] == .unsigned(0x0304))
        #expect(bench.decode("0103") == .decoded(container: 1))
        #expect(bench.decode("02") == .unknown)
        #expect(bench.names == ["A"])
    }

    @Test func amongManyContainersTheRightOneIsFound() throws {
        let children = (0..<40).map { index in
            Document.container(
                "Child\(index)",
                base: "Root",
                criteria: "<ComparisonList>" + Document.comparison("B", "7") + Document.comparison("A", "\(index)")
                    + "</ComparisonList>",
                entries: Document.entry("C")
            )
        }
        let any = Document.container("Any", base: "Root", criteria: Document.comparison("B", "9"))
        let root = Document.container("Root", isAbstract: true, entries: Document.entry("A"), Document.entry("B"))
        var bench = try Bench(Self.fields, containers: root + any + children.joined())
        for index in 0..<40 {
            #expect(bench.decode(Hex.text([UInt8(index), 7, 1, 2])) == .decoded(container: index + 2))
            #expect(bench.decode(Hex.text([UInt8(index), 8, 1, 2])) == .unknown)
            #expect(bench.decode(Hex.text([UInt8(index), 9])) == .decoded(container: 1))
        }
        #expect(bench.decode("2807") == .unknown)
        #expect(bench.decode("2809") == .decoded(container: 1))
    }

    @Test func allMatchingChildrenAreDecodedAndTheFirstCounts() throws {
        var bench = try Bench(
            Self.fields,
            containers: Document.container("Root", entries: Document.entry("A"))
                + Document.container("One", base: "Root", entries: Document.entry("B"))
                + Document.container("Two", base: "Root", entries: Document.entry("C"))
        )
        #expect(bench.decode("010203") == .decoded(container: 1))
        #expect(bench.names == ["A", "B", "C"])
        #expect(bench["C"] == .unsigned(0x0203))
        #expect(bench.samples.isAmbiguous)
    }

    @Test func anIncludedContainerBringsItsBasesEntries() throws {
        var bench = try Bench(
            Self.fields,
            containers: Document.container("Base", entries: Document.entry("A"))
                + Document.container("Part", base: "Base", entries: Document.entry("B"))
                + Document.container(
                    "Root",
                    entries: Document.entry("C"),
                    Document.include("Part"),
                    Document.entry("S")
                ),
            root: "Root"
        )
        #expect(bench.decode("0102030405") == .decoded(container: 2))
        #expect(bench.names == ["C", "A", "B", "S"])
        #expect(bench.database.parameterIndices(ofContainer: 2) == [2, 0, 1, 3])
        #expect(bench.samples.isAmbiguous == false)
    }

    // MARK: Locations

    private static func location(_ origin: String, _ bits: Int) -> String {
        "<LocationInContainerInBits referenceLocation='\(origin)'><FixedValue>\(bits)</FixedValue>"
            + "</LocationInContainerInBits>"
    }

    @Test(arguments: [
        ("previousEntry", 8, 0x03), ("previousEntry", -8, 0x01), ("containerStart", 24, 0x04),
        ("containerStart", 4, 0x10), ("containerEnd", 0, 0x06), ("containerEnd", 16, 0x04),
    ])
    func aLocationMovesAnEntry(origin: String, bits: Int, value: UInt64) throws {
        var bench = try Bench(
            Self.fields,
            containers: Document.container(
                "Root",
                entries: Document.entry("A"),
                Document.entry("B", Self.location(origin, bits))
            )
        )
        bench.decode("010203040506")
        #expect(bench["B"] == .unsigned(value))
    }

    @Test func aLocationThatIsNotSupportedStopsThere() throws {
        var bench = try Bench(
            Self.fields,
            containers: Document.container(
                "Root",
                entries: Document.entry("A"),
                Document.entry("B", Self.location("nextEntry", 0))
            )
        )
        #expect(bench.decode("0102") == .unsupported(container: 0))
        #expect(bench.texts == ["1"])
        #expect(bench.database.diagnostics.count == 1)
    }

    @Test func anIncludedContainerHasItsOwnStart() throws {
        var bench = try Bench(
            Self.fields,
            containers: Document.container(
                "Part",
                entries: Document.entry("B", Self.location("containerStart", 8))
            ) + Document.container("Root", entries: Document.entry("A"), Document.include("Part"), Document.entry("S")),
            root: "Root"
        )
        #expect(bench.decode("01020304") == .decoded(container: 1))
        #expect(bench.texts == ["1", "3", "4"])
    }

    @Test func gapsAreSkipped() throws {
        var bench = try Bench(
            Self.fields,
            containers: Document.container(
                "Root",
                entries: Document.entry("A"),
                "<FixedValueEntry sizeInBits='12' binaryValue='abc'/>",
                Document.entry("B")
            )
        )
        #expect(bench.decode("01abc020") == .decoded(container: 0))
        #expect(bench.texts == ["1", "2"])
    }

    // MARK: Conditions and repetitions

    @Test func anEntryUnderAConditionTakesNoPlaceWithoutIt() throws {
        let condition = "<IncludeCondition>" + Document.comparison("A", "1") + "</IncludeCondition>"
        var bench = try Bench(
            Self.fields,
            containers: Document.container(
                "Root",
                entries: Document.entry("A"),
                Document.entry("C", condition),
                Document.entry("B")
            )
        )
        #expect(bench.decode("01020304") == .decoded(container: 0))
        #expect(bench.texts == ["1", "515", "4"])
        #expect(bench.decode("0004") == .decoded(container: 0))
        #expect(bench.texts == ["0", "4"])
    }

    private static func repeats(_ count: String, gap: String = "") -> String {
        "<RepeatEntry><Count>\(count)</Count>\(gap)</RepeatEntry>"
    }

    @Test func anEntryIsRepeatedAFixedNumberOfTimes() throws {
        let gap = "<Offset><FixedValue>8</FixedValue></Offset>"
        var bench = try Bench(
            Self.fields,
            containers: Document.container(
                "Root",
                entries: Document.entry("B", Self.repeats("<FixedValue>3</FixedValue>", gap: gap)),
                Document.entry("A")
            )
        )
        #expect(bench.decode("01ff02ff0304") == .decoded(container: 0))
        #expect(bench.texts == ["1", "2", "3", "4"])
    }

    @Test func anEntryIsRepeatedAsOftenAsAValueSays() throws {
        let count =
            "<DynamicValue><ParameterInstanceRef parameterRef='A'/><LinearAdjustment intercept='1'/></DynamicValue>"
        var bench = try Bench(
            Self.fields,
            containers: Document.container("Part", entries: Document.entry("B"), Document.entry("S"))
                + Document.container(
                    "Root",
                    entries: Document.entry("A"),
                    Document.include("Part", Self.repeats(count)),
                    Document.entry("C")
                ),
            root: "Root"
        )
        #expect(bench.decode("010203040500ff") == .decoded(container: 1))
        #expect(bench.texts == ["1", "2", "3", "4", "5", "255"])
        #expect(bench.decode("ff0203") == .truncated(container: 1))
        #expect(bench.texts == ["255", "2", "3"])
        #expect(throws: XTCEError.self) { try bench.database.makeEncoder(container: "Root") }
    }

    @Test func aRepetitionThatDoesNotMoveOnEnds() throws {
        let endless = Self.repeats("<FixedValue>16777216</FixedValue>")
        var bench = try Bench(
            Self.fields,
            containers: Document.container("Nothing")
                + Document.container("Root", entries: Document.include("Nothing", endless), Document.entry("A"))
                + Document.container(
                    "Back",
                    entries: Document.entry("B", Self.location("previousEntry", -8) + endless)
                ),
            root: "Root"
        )
        #expect(bench.decode("07") == .decoded(container: 1))
    }

    @Test func loopsInLoopsThatReadTheSameBitsAgainAreStopped() throws {
        // Each level goes back to the start of the packet's part, so that every iteration of an outer loop could
        // take as many steps as the inner ones together.
        let many = Self.repeats("<FixedValue>16777216</FixedValue>")
        var containers = Document.container("L0", entries: Document.entry("A"))
        for level in 1...12 {
            containers += Document.container(
                "L\(level)",
                entries: Document.include("L\(level - 1)", many),
                Document.entry("B", Self.location("containerStart", 0))
            )
        }
        var bench = try Bench(Self.fields, containers: containers, root: "L12")
        let outcome = bench.decode(String(repeating: "00", count: 64))
        #expect(outcome == .truncated(container: 12) || outcome == .unsupported(container: 12))
        #expect(bench.samples.count < 1_000_000)
    }

    // MARK: Outcomes

    @Test func thePacketsLengthIsJudged() throws {
        var bench = try Bench(
            Self.fields,
            containers: Document.container("Root", entries: Document.entry("A"), Document.entry("C"))
        )
        #expect(bench.decode("") == .truncated(container: 0))
        #expect(bench.decode("01") == .truncated(container: 0))
        #expect(bench.decode("0102") == .truncated(container: 0))
        #expect(bench.texts == ["1"])
        #expect(bench.decode("010203") == .decoded(container: 0))
        #expect(bench.decode("01020304") == .excess(container: 0, octets: 1))
        #expect(bench.decode("0102030405") == .excess(container: 0, octets: 2))
        #expect(bench.texts == ["1", "515"])
    }

    @Test func aSizeOfItsOwnFillsAContainer() throws {
        let size = "<BinaryEncoding><SizeInBits><FixedValue>32</FixedValue></SizeInBits></BinaryEncoding>"
        let root = Document.container("Root", entries: Document.entry("A"))
            .replacing("<EntryList>", with: size + "<EntryList>")
        var bench = try Bench(Self.fields, containers: root)
        #expect(bench.decode("01020304") == .decoded(container: 0))
        #expect(bench.decode("010203") == .truncated(container: 0))
        let encoder = try bench.database.makeEncoder(container: "Root")
        #expect(encoder.packetLength == 4)
    }

    @Test func namesAreFoundUpwardsAndByPath() throws {
        let text = """
            <SpaceSystem name="Top"><TelemetryMetaData><ParameterTypeSet>\(Self.fields[0].type)</ParameterTypeSet>
            <ParameterSet>\(Self.fields[0].parameter)</ParameterSet></TelemetryMetaData>
            <SpaceSystem name="Left"><TelemetryMetaData>
            <ParameterSet><Parameter name="B" parameterTypeRef="A_T"/></ParameterSet>
            <ContainerSet>\(Document.container("Head", entries: Document.entry("A"), Document.entry("/Top/Left/B")))
            </ContainerSet></TelemetryMetaData></SpaceSystem>
            <SpaceSystem name="Right"><TelemetryMetaData><ContainerSet>
            \(Document.container("Body", base: "../Left/Head", criteria: Document.comparison("../Left/B", "2"),
                entries: Document.entry("Left/B"), Document.entry("./../A")))
            </ContainerSet></TelemetryMetaData></SpaceSystem></SpaceSystem>
            """
        var bench = try Bench(text)
        #expect(bench.database.parameters.map { $0.qualifiedName } == ["/Top/A", "/Top/Left/B"])
        #expect(bench.database.containers.map { $0.qualifiedName } == ["/Top/Left/Head", "/Top/Right/Body"])
        #expect(bench.decode("01020304") == .decoded(container: 1))
        #expect(bench.texts == ["1", "2", "3", "4"])
    }
}
