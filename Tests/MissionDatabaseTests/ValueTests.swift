import MissionDatabase
import TestSupport
import Testing

/// From octets to raw, and from raw to engineering values.
struct ValueTests {
    private static func single(_ field: Document.Field) throws -> Bench {
        try Bench([field], containers: Document.container("Root", entries: Document.entry(field.name)))
    }

    private static func calibrator(_ inside: String) -> String { "<DefaultCalibrator>\(inside)</DefaultCalibrator>" }

    // MARK: Encodings beyond the vectors

    @Test(arguments: [
        ("unsigned", 32, "byteOrder='3,2,1,0'", "01020304", Value.unsigned(0x0102_0304)),
        ("unsigned", 32, "byteOrder='0,1,2,3'", "01020304", .unsigned(0x0403_0201)),
        ("unsigned", 32, "byteOrder='2,3,0,1'", "01020304", .unsigned(0x0201_0403)),
        ("unsigned", 8, "bitOrder='leastSignificantBitFirst'", "01", .unsigned(0x80)),
        ("unsigned", 16, "bitOrder='leastSignificantBitFirst'", "8001", .unsigned(0x8001)),
        ("unsigned", 12, "byteOrder='leastSignificantByteFirst'", "3412", .unsigned(0x234)),
        ("twosCompliment", 8, "", "80", .signed(-128)),
        ("signed", 8, "", "ff", .signed(-1)),
        ("onesComplement", 64, "", "fffffffffffffffe", .signed(-1)),
        ("onesComplement", 64, "", "8000000000000000", .signed(-Int64.max)),
        ("signMagnitude", 64, "", "ffffffffffffffff", .signed(-Int64.max)),
        ("signMagnitude", 8, "", "80", .signed(0)),
        ("packedBCD", 64, "", "9999999999999999", .unsigned(9_999_999_999_999_999)),
        ("packedBCD", 12, "", "1230", .unsigned(123)),
        ("BCD", 32, "", "31323334", .unsigned(1234)),
        ("IEEE754", 16, "", "7c00", .float(.infinity)),
        ("IEEE754", 16, "", "c000", .float(-2)),
        ("IBM", 32, "", "c276a000", .float(-118.625)),
        ("IBM", 64, "", "4110000000000000", .float(1)),
    ])
    func encodingsGiveTheirRawValue(encoding: String, bits: Int, attributes: String, hex: String, value: Value) throws {
        let isFloat = ["IEEE754", "IBM"].contains(encoding)
        var bench = try Self.single(
            Document.Field(
                "P",
                type: isFloat ? "Float" : "Integer",
                encoding: encoding,
                bits: bits,
                attributes: attributes
            )
        )
        #expect(bench.database.diagnostics.isEmpty)
        bench.decode(hex)
        #expect(bench.samples.raw(at: 0) == value)
    }

    @Test func byteOrderMayStandInAList() throws {
        let list = "<ByteOrderList><Byte byteSignificance='0'/><Byte byteSignificance='1'/></ByteOrderList>"
        var bench = try Self.single(Document.Field("P", bits: 16, calibration: list))
        bench.decode("0102")
        #expect(bench["P"] == .unsigned(0x0201))
    }

    @Test func littleEndianBitFieldsLieAsACompilerLaysThem() throws {
        // struct { unsigned a: 3, b: 12, c: 17; } = { 5, 0xabc, 0x1f00d } in the memory of a little-endian machine.
        let word = UInt32(5) | UInt32(0xABC) << 3 | UInt32(0x1_F00D) << 15
        let little = "byteOrder='leastSignificantByteFirst'"
        let fields = [("A", 3), ("B", 12), ("C", 17)].map { Document.Field($0.0, bits: $0.1, attributes: little) }
        let entries = fields.map { Document.entry($0.name) }.joined()
        var bench = try Bench(fields, containers: Document.container("Root", entries: entries))
        bench.decode(Hex.text([0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> $0) }))
        #expect(bench.texts == ["5", "2748", "126989"])
    }

    // MARK: Calibration

    @Test(
        arguments: [
            (
                "<PolynomialCalibrator><Term coefficient='1' exponent='0'/><Term coefficient='2' exponent='1'/>"
                    + "<Term coefficient='3' exponent='2'/><Term coefficient='1' exponent='0'/></PolynomialCalibrator>",
                10, 322.0
            ),
            ("<PolynomialCalibrator><Term coefficient='0.5' exponent='3'/></PolynomialCalibrator>", 4, 32),
            (
                "<SplineCalibrator><SplinePoint raw='20' calibrated='4'/><SplinePoint raw='10' calibrated='2'/>"
                    + "</SplineCalibrator>", 15, 3
            ),
            (
                "<SplineCalibrator order='0'><SplinePoint raw='10' calibrated='2'/><SplinePoint raw='20' calibrated='4'/>"
                    + "</SplineCalibrator>", 19, 2
            ),
            (
                "<SplineCalibrator order='0'><SplinePoint raw='10' calibrated='2'/><SplinePoint raw='20' calibrated='4'/>"
                    + "</SplineCalibrator>", 20, 4
            ),
            (
                "<SplineCalibrator extrapolate='true'><SplinePoint raw='10' calibrated='2'/>"
                    + "<SplinePoint raw='20' calibrated='4'/></SplineCalibrator>", 30, 6
            ),
            (
                "<MathOperationCalibrator><ThisParameterOperand/><ValueOperand>3</ValueOperand><Operator>-</Operator>"
                    + "<Operator>dup</Operator><Operator>*</Operator></MathOperationCalibrator>", 10, 49
            ),
            (
                "<MathOperationCalibrator><ValueOperand>2</ValueOperand><ThisParameterOperand/><Operator>^</Operator>"
                    + "</MathOperationCalibrator>", 10, 1024
            ),
            (
                "<MathOperationCalibrator><ThisParameterOperand/><ValueOperand>7</ValueOperand><Operator>swap</Operator>"
                    + "<Operator>%</Operator></MathOperationCalibrator>", 4, 3
            ),
            (
                "<MathOperationCalibrator><ThisParameterOperand/><ValueOperand>4</ValueOperand><Operator>div</Operator>"
                    + "</MathOperationCalibrator>", 11, 2
            ),
        ] as [(String, Int, Double)]
    )
    func aCalibratorGivesItsValue(calibrator: String, raw: Int, value: Double) throws {
        var bench = try Self.single(
            Document.Field("P", type: "Float", calibration: Self.calibrator(calibrator))
        )
        #expect(bench.database.diagnostics.isEmpty)
        bench.decode(Hex.text([UInt8(raw)]))
        #expect(bench["P"] == .float(value))
        #expect(bench.samples.raw(at: 0) == .unsigned(UInt64(raw)))
        #expect(bench.samples.validity(at: 0) == .valid)
    }

    @Test(arguments: [
        "<SplineCalibrator><SplinePoint raw='10' calibrated='2'/><SplinePoint raw='20' calibrated='4'/></SplineCalibrator>",
        "<MathOperationCalibrator><ThisParameterOperand/><ValueOperand>0</ValueOperand><Operator>/</Operator>"
            + "</MathOperationCalibrator>",
    ])
    func aRawValueThatHasNoEngineeringValueSaysSo(calibrator: String) throws {
        var bench = try Self.single(Document.Field("P", type: "Float", calibration: Self.calibrator(calibrator)))
        bench.decode("15")
        #expect(bench.samples.validity(at: 0) == .uncalibrated)
        #expect(bench.samples.engineering(at: 0) == .unsigned(21))
    }

    @Test func integersStayIntegersAfterCalibration() throws {
        let half = "<PolynomialCalibrator><Term coefficient='0.5' exponent='1'/></PolynomialCalibrator>"
        var bench = try Self.single(Document.Field("P", calibration: Self.calibrator(half)))
        bench.decode("07")
        #expect(bench["P"] == .signed(4))
    }

    @Test func theFirstContextThatHoldsCalibrates() throws {
        func context(_ value: Int, _ slope: Int) -> String {
            "<ContextCalibrator><ContextMatch>\(Document.comparison("M", "\(value)", "comparisonOperator='>='"))"
                + "</ContextMatch><Calibrator><PolynomialCalibrator><Term coefficient='\(slope)' exponent='1'/>"
                + "</PolynomialCalibrator></Calibrator></ContextCalibrator>"
        }
        let calibration = "<ContextCalibratorList>\(context(2, 10))\(context(1, 100))</ContextCalibratorList>"
        var bench = try Bench(
            [Document.Field("M"), Document.Field("P", type: "Float", calibration: calibration)],
            containers: Document.container("Root", entries: Document.entry("M"), Document.entry("P"))
        )
        for (hex, value) in [("0005", 5.0), ("0105", 500), ("0205", 50)] {
            bench.decode(hex)
            #expect(bench["P"] == .float(value))
        }
    }

    @Test(arguments: [
        ("units='seconds' scale='0.001'", 1500, 1.5), ("units='picoSeconds'", 2_000_000, 2e-6),
        ("units='days' offset='0.5'", 2, 216000), ("", 7, 7),
    ])
    func aTimeIsItsSeconds(attributes: String, raw: Int, seconds: Double) throws {
        let type = """
            <AbsoluteTimeParameterType name="T"><Encoding \(attributes)><IntegerDataEncoding sizeInBits="32"/></Encoding>
            <ReferenceTime><Epoch>TAI</Epoch></ReferenceTime></AbsoluteTimeParameterType>
            """
        var bench = try Bench(
            Document.text(
                types: type,
                parameters: "<Parameter name='P' parameterTypeRef='T'/>",
                containers: Document.container("Root", entries: Document.entry("P"))
            )
        )
        bench.decode(Hex.text([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: raw >> $0) }))
        #expect(bench.samples.number(at: 0) == seconds)
        #expect(bench.database.parameters[0].epoch == "TAI")
    }

    // MARK: Labels, ranges, alarms

    private static let labels = """
        <EnumerationList><Enumeration value="1" label="ON"/><Enumeration value="10" maxValue="19" label="TEENS"/>
        <Enumeration value="0" maxValue="99" label="REST"/><Enumeration value="0xC8" label="HIGH"/></EnumerationList>
        """

    @Test(arguments: [("01", "ON"), ("0a", "TEENS"), ("13", "TEENS"), ("00", "REST"), ("14", "REST"), ("c8", "HIGH")])
    func anEnumerationHasTheFirstLabelThatFits(hex: String, label: String) throws {
        var bench = try Self.single(Document.Field("P", type: "Enumerated", inside: Self.labels))
        bench.decode(hex)
        #expect(bench["P"] == .string(label))
        #expect(bench.samples.number(at: 0).isNaN)
    }

    @Test func anEnumerationWithoutAFittingLabelKeepsItsNumber() throws {
        var bench = try Self.single(Document.Field("P", type: "Enumerated", inside: Self.labels))
        bench.decode("64")
        #expect(bench["P"] == .unsigned(100))
        #expect(bench.samples.validity(at: 0) == .unmatched)
    }

    @Test(arguments: [("TEENS", "", "0c"), ("12", "useCalibratedValue='false'", "0c"), ("12", "", "0c")])
    func criteriaMayNameALabelOrItsNumber(value: String, attributes: String, hex: String) throws {
        var bench = try Bench(
            [Document.Field("P", type: "Enumerated", inside: Self.labels)],
            containers: Document.container("Root", isAbstract: true, entries: Document.entry("P"))
                + Document.container("Child", base: "Root", criteria: Document.comparison("P", value, attributes))
        )
        #expect(bench.decode(hex) == .decoded(container: 1))
        #expect(bench.decode("01") == .unknown)
    }

    @Test func aLabelThatTheEnumerationLacksIsNamed() throws {
        let bench = try Bench(
            [Document.Field("P", type: "Enumerated", inside: Self.labels)],
            containers: Document.container("Root", entries: Document.entry("P"))
                + Document.container("Child", base: "Root", criteria: Document.comparison("P", "OFF"))
        )
        #expect(bench.database.diagnostics.map { $0.text } == ["P_T has no label OFF; the comparison never holds"])
    }

    @Test(arguments: [("Yes", [1]), ("true", [1]), ("1", [1]), ("No", [0]), ("false", [0]), ("0", [0])])
    func truthValuesAreComparedByStringOrValue(value: String, matching: [Int]) throws {
        let types = """
            <BooleanParameterType name="T" oneStringValue="Yes" zeroStringValue="No">
            <IntegerDataEncoding sizeInBits="8"/></BooleanParameterType>
            """
        var bench = try Bench(
            Document.text(
                types: types,
                parameters: "<Parameter name='P' parameterTypeRef='T'/>",
                containers: Document.container("Root", isAbstract: true, entries: Document.entry("P"))
                    + Document.container("Child", base: "Root", criteria: Document.comparison("P", value))
            )
        )
        let found = (0..<2).filter { bench.decode("0\($0)") == .decoded(container: 1) }
        #expect(found == matching)
    }

    @Test(arguments: [("04", SampleValidity.outOfRange), ("05", .valid), ("09", .valid), ("0a", .outOfRange)])
    func aValueOutsideItsValidRangeSaysSo(hex: String, validity: SampleValidity) throws {
        var bench = try Self.single(Document.Field("P", inside: "<ValidRange minInclusive='5' maxExclusive='10'/>"))
        bench.decode(hex)
        #expect(bench.samples.validity(at: 0) == validity)
    }

    @Test(arguments: [
        ("32", AlarmLevel.none), ("46", .none), ("47", .watch), ("51", .warning), ("5b", .critical), ("09", .severe),
    ])
    func theMostSevereAlarmCounts(hex: String, level: AlarmLevel) throws {
        let alarm = """
            <DefaultAlarm><StaticAlarmRanges><WatchRange maxInclusive="70"/><WarningRange maxInclusive="80"/>
            <CriticalRange maxInclusive="90"/><SevereRange minInclusive="10"/></StaticAlarmRanges></DefaultAlarm>
            """
        var bench = try Self.single(Document.Field("P", inside: alarm))
        bench.decode(hex)
        #expect(bench.samples.alarm(at: 0) == level)
        #expect(bench.database.diagnostics.isEmpty)
    }

    @Test(arguments: [("01", AlarmLevel.none), ("0b", .severe), ("00", .watch)])
    func labelsMayBeAlarming(hex: String, level: AlarmLevel) throws {
        let alarm = """
            <DefaultAlarm defaultAlarmLevel="watch"><EnumerationAlarmList>
            <EnumerationAlarm enumerationLabel="TEENS" alarmLevel="severe"/>
            <EnumerationAlarm enumerationLabel="ON" alarmLevel="normal"/></EnumerationAlarmList></DefaultAlarm>
            """
        var bench = try Self.single(Document.Field("P", type: "Enumerated", inside: Self.labels + alarm))
        bench.decode(hex)
        #expect(bench.samples.alarm(at: 0) == level)
    }

    @Test(arguments: [("0005", AlarmLevel.none), ("0032", .warning), ("0105", .severe), ("0132", .none)])
    func theFirstContextThatHoldsJudges(hex: String, level: AlarmLevel) throws {
        let alarm = """
            <DefaultAlarm><StaticAlarmRanges><WarningRange maxInclusive="10"/></StaticAlarmRanges></DefaultAlarm>
            <ContextAlarmList><ContextAlarm><ContextMatch>\(Document.comparison("M", "1"))</ContextMatch>
            <StaticAlarmRanges rangeForm="inside"><SevereRange maxInclusive="10"/></StaticAlarmRanges></ContextAlarm>
            </ContextAlarmList>
            """
        var bench = try Bench(
            [Document.Field("M"), Document.Field("P", inside: alarm)],
            containers: Document.container("Root", entries: Document.entry("M"), Document.entry("P"))
        )
        bench.decode(hex)
        #expect(bench.samples.alarm(at: 1) == level)
        #expect(bench.database.diagnostics.isEmpty)
    }

    // MARK: Composite types

    @Test func arraysAndAggregatesAreTakenApart() throws {
        let byte = Document.Field("A")
        let types = """
            \(byte.type)<AggregateParameterType name="Vector"><MemberList><Member name="x" typeRef="A_T"/>
            <Member name="y" typeRef="A_T"/></MemberList></AggregateParameterType>
            <ArrayParameterType name="Row" arrayTypeRef="Vector"><DimensionList><Dimension>
            <StartingIndex><FixedValue>1</FixedValue></StartingIndex>
            <EndingIndex><FixedValue>2</FixedValue></EndingIndex></Dimension></DimensionList></ArrayParameterType>
            """
        var bench = try Bench(
            Document.text(
                types: types,
                parameters: "<Parameter name='P' parameterTypeRef='Row'/>" + byte.parameter,
                containers: Document.container("Root", entries: Document.entry("P"), Document.entry("P[2].x"))
                    + Document.container("Child", base: "Root", criteria: Document.comparison("P[2].y", "4"))
            )
        )
        #expect(bench.decode("0102030405") == .decoded(container: 1))
        #expect(bench.names == ["P[1].x", "P[1].y", "P[2].x", "P[2].y", "P[2].x"])
        #expect(bench.texts == ["1", "2", "3", "4", "5"])
    }

    @Test func anArrayMayBeAsLongAsAValueSays() throws {
        let byte = Document.Field("N")
        let types = """
            \(byte.type)<ArrayParameterType name="Row" arrayTypeRef="N_T"><DimensionList><Dimension>
            <StartingIndex><FixedValue>1</FixedValue></StartingIndex><EndingIndex><DynamicValue>
            <ParameterInstanceRef parameterRef="N"/></DynamicValue></EndingIndex></Dimension></DimensionList>
            </ArrayParameterType>
            """
        var bench = try Bench(
            Document.text(
                types: types,
                parameters: byte.parameter + "<Parameter name='P' parameterTypeRef='Row'/>"
                    + "<Parameter name='Z' parameterTypeRef='N_T'/>",
                containers: Document.container("Root", entries: ["N", "P", "Z"].map { Document.entry($0) }.joined())
            )
        )
        #expect(bench.database.diagnostics.isEmpty)
        #expect(bench.decode("03010203ff") == .decoded(container: 0))
        #expect(bench.names == ["N", "P[]", "P[]", "P[]", "Z"])
        #expect(bench.texts == ["3", "1", "2", "3", "255"])
        #expect(bench.decode("00ff") == .decoded(container: 0))
    }

    @Test func typesInheritFromABaseType() throws {
        let types = """
            <IntegerParameterType name="Base"><UnitSet><Unit>m</Unit><Unit power="-2">s</Unit></UnitSet>
            <IntegerDataEncoding sizeInBits="16"/></IntegerParameterType>
            <IntegerParameterType name="T" baseType="Base"><ValidRange maxInclusive="5"/></IntegerParameterType>
            """
        var bench = try Bench(
            Document.text(
                types: types,
                parameters: "<Parameter name='P' parameterTypeRef='T'/>",
                containers: Document.container("Root", entries: Document.entry("P"))
            )
        )
        bench.decode("0006")
        #expect(bench["P"] == .unsigned(6))
        #expect(bench.samples.validity(at: 0) == .outOfRange)
        #expect(bench.database.parameters[0].unit == "m·s^-2")
    }

    @Test func ancillaryDataBindsAParameterToTheMonitor() throws {
        let parameter = """
            <Parameter name="A" parameterTypeRef="A_T" shortDescription="rate"><AncillaryDataSet>
            <AncillaryData name="perilune.role">gyro.a.rate.x</AncillaryData>
            <AncillaryData name="perilune.kind">instant</AncillaryData>
            <AncillaryData name="perilune.timeTag">T</AncillaryData><AncillaryData name="other">x</AncillaryData>
            </AncillaryDataSet></Parameter>
            """
        let database = try MissionDatabase(
            xtce: Array(Document.text(types: Document.Field("A").type, parameters: parameter).utf8)
        )
        let found = database.parameters[0]
        #expect(
            [found.role, found.kind, found.timeTag, found.description] == ["gyro.a.rate.x", "instant", "T", "rate"]
        )
    }
}
