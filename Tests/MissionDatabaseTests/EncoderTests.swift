import MissionDatabase
import TestSupport
import Testing

/// Packets from values, and back.
struct EncoderTests {
    private static let header = [
        Document.Field("VERSION", bits: 3), Document.Field("TYPE", bits: 1), Document.Field("SHF", bits: 1),
        Document.Field("APID", bits: 11), Document.Field("FLAGS", bits: 2), Document.Field("COUNT", bits: 14),
        Document.Field("LENGTH", bits: 16),
    ]

    /// A packet of fields behind a primary header and a structure id.
    private static func document(_ fields: [Document.Field], entries: String? = nil) -> String {
        let all = header + [Document.Field("SID")] + fields
        let first = header.map { Document.entry($0.name) }.joined()
        return Document.text(
            all,
            containers: Document.container("CCSDSPacket", isAbstract: true, entries: first)
                + Document.container(
                    "Service",
                    isAbstract: true,
                    base: "CCSDSPacket",
                    criteria: "<ComparisonList>" + Document.comparison("VERSION", "0")
                        + Document.comparison("APID", "0x2a5") + "</ComparisonList>",
                    entries: Document.entry("SID")
                )
                + Document.container(
                    "Report",
                    base: "Service",
                    criteria: Document.comparison("SID", "9"),
                    entries: entries ?? fields.map { Document.entry($0.name) }.joined()
                )
        )
    }

    /// Every encoding in several sizes and orders, at places that are no octet's beginning.
    private static let encodings: [(encoding: String, bits: [Int])] = [
        ("unsigned", [1, 3, 8, 12, 16, 24, 31, 32, 33, 48, 63, 64]),
        ("twosComplement", [2, 5, 8, 12, 16, 24, 32, 47, 64]), ("onesComplement", [3, 8, 16, 33, 64]),
        ("signMagnitude", [3, 8, 16, 33, 64]), ("BCD", [8, 16, 64]), ("packedBCD", [4, 10, 16, 64]),
        ("IEEE754", [16, 32, 64]), ("MILSTD_1750A", [32, 48]), ("IBM", [32, 64]),
    ]

    private static let orders = ["", "byteOrder='leastSignificantByteFirst'", "bitOrder='leastSignificantBitFirst'"]

    @Test(arguments: encodings.map { $0.encoding })
    func whatIsEncodedIsDecoded(encoding: String) throws {
        let sizes = try #require(Self.encodings.first { $0.encoding == encoding }).bits
        let isFloat = ["IEEE754", "MILSTD_1750A", "IBM"].contains(encoding)
        for order in Self.orders {
            // Little-endian bit fields share octets with their kind only, so these begin at whole octets.
            let isLittle = order.hasPrefix("byteOrder")
            let used = isLittle ? sizes.filter { $0.isMultiple(of: 8) } : sizes
            var fields = isLittle ? [] : [Document.Field("PAD", bits: 3)]
            for bits in used {
                fields.append(
                    Document.Field(
                        "P\(bits)",
                        type: isFloat ? "Float" : "Integer",
                        encoding: encoding,
                        bits: bits,
                        attributes: order
                    )
                )
            }
            try roundTrip(Self.document(fields), seed: 0x5EED)
        }
    }

    /// Decodes random octets for values that exist, encodes these into another packet, and decodes again.
    private func roundTrip(_ text: String, seed: UInt64) throws {
        let database = try MissionDatabase(xtce: Array(text.utf8))
        var decoder = try database.makeDecoder()
        var encoder = try database.makeEncoder(container: "Report")
        var generator = SeededGenerator(seed: seed)
        var first = SampleBuffer()
        var second = SampleBuffer()
        for round in 0..<300 {
            var packet: [UInt8] = []
            encoder.encode(into: &packet)
            for index in 7..<packet.count { packet[index] = UInt8(truncatingIfNeeded: generator.next()) }
            try #require(decoder.decode(packet.span, into: &first) == .decoded(container: 2))
            for slot in 8..<encoder.slotCount { encoder.set(slot, raw: first.raw(at: slot)) }
            var again: [UInt8] = []
            encoder.encode(into: &again)
            try #require(decoder.decode(again.span, into: &second) == .decoded(container: 2))
            for slot in 8..<encoder.slotCount {
                let name = database.parameters[first.parameter(at: slot)].name
                let (wanted, found) = (first.raw(at: slot), second.raw(at: slot))
                if case .float(let number) = wanted, number.isNaN { continue }
                // Digits above nine and unnormalised floats come back as the number that they were.
                #expect(isSame(wanted, found, encoder, slot), "\(name): \(found), not \(wanted), round \(round)")
            }
        }
    }

    /// Equal, or the largest number when random digits made one that no digits can.
    private func isSame(_ wanted: Value, _ found: Value, _ encoder: PacketEncoder, _ slot: Int) -> Bool {
        if wanted == found { return true }
        guard case .unsigned(let number) = wanted, case .unsigned(let kept) = found else { return false }
        return kept < number && String(kept).dropFirst().allSatisfy { $0 == "9" }
    }

    @Test(arguments: [
        ("IEEE754", 16, [0.0, -0.0, 1, -2, 65504, 6.103515625e-05, 5.960464477539063e-08, 0.333251953125]),
        ("MILSTD_1750A", 32, [0, 0.5, -0.5, -1, 0.25, 40.5625, -12.000030517578125, 8.507059173023462e+37]),
        ("MILSTD_1750A", 48, [0.5, 105.63948563742451, -0.375, -1.7014118346046923e+38]),
        ("IBM", 32, [1, -118.625, 0.15625, 7.2370051459731155e+75]),
    ])
    func floatsThatAFormatHoldsComeBackExactly(encoding: String, bits: Int, values: [Double]) throws {
        let text = Self.document([Document.Field("P", type: "Float", encoding: encoding, bits: bits)])
        let database = try MissionDatabase(xtce: Array(text.utf8))
        var decoder = try database.makeDecoder()
        var encoder = try database.makeEncoder(container: "Report")
        var samples = SampleBuffer()
        var packet: [UInt8] = []
        for value in values {
            encoder.set(8, engineering: value)
            encoder.encode(into: &packet)
            _ = decoder.decode(packet.span, into: &samples)
            #expect(samples.number(at: 8).bitPattern == value.bitPattern)
        }
    }

    @Test func theInheritanceFillsInWhatItFixes() throws {
        let database = try MissionDatabase(xtce: Array(Self.document([Document.Field("A", bits: 16)]).utf8))
        var encoder = try database.makeEncoder(container: "Report")
        try encoder.set(encoder.slot("COUNT"), raw: 0x1234)
        try encoder.set(encoder.slot("/Test/A"), raw: 0xBEEF)
        var packet: [UInt8] = [1, 2, 3]
        encoder.encode(into: &packet)
        // APID 0x2A5, unsegmented, three octets of data less one.
        #expect(Hex.text(packet) == "02a5d234000209beef")
        #expect(encoder.packetLength == 9)
        #expect(encoder.parameter(ofSlot: 8) == database.parameterIndex("A"))
    }

    @Test func initialValuesStandUntilTheyAreReplaced() throws {
        let text = Self.document([Document.Field("A")])
            .replacing("name=\"A\" parameterTypeRef", with: "name=\"A\" initialValue=\"17\" parameterTypeRef")
        var encoder = try MissionDatabase(xtce: Array(text.utf8)).makeEncoder(container: "Report")
        var packet: [UInt8] = []
        encoder.encode(into: &packet)
        #expect(packet.last == 17)
    }

    @Test(arguments: [(-1000.0, 0), (-1, 0), (-0.9, 1), (0, 10), (0.26, 13), (0.24, 12), (24.5, 255), (1e30, 255)])
    func engineeringValuesGoBackThroughALine(value: Double, raw: Int) throws {
        let line = """
            <DefaultCalibrator><PolynomialCalibrator><Term coefficient="-1" exponent="0"/>
            <Term coefficient="0.1" exponent="1"/></PolynomialCalibrator></DefaultCalibrator>
            """
        let text = Self.document([Document.Field("A", type: "Float", calibration: line)])
        var encoder = try MissionDatabase(xtce: Array(text.utf8)).makeEncoder(container: "Report")
        #expect(encoder.set(8, engineering: value) == true)
        var packet: [UInt8] = []
        encoder.encode(into: &packet)
        #expect(packet.last == UInt8(raw))
    }

    @Test(arguments: [(4.0, 10), (3, 15), (2, 20), (0, 30), (1, 25)])
    func engineeringValuesGoBackThroughAFallingSpline(value: Double, raw: Int) throws {
        let spline = """
            <DefaultCalibrator><SplineCalibrator extrapolate="true"><SplinePoint raw="10" calibrated="4"/>
            <SplinePoint raw="20" calibrated="2"/><SplinePoint raw="30" calibrated="0"/></SplineCalibrator>
            </DefaultCalibrator>
            """
        let text = Self.document([Document.Field("A", type: "Float", calibration: spline)])
        var encoder = try MissionDatabase(xtce: Array(text.utf8)).makeEncoder(container: "Report")
        #expect(encoder.set(8, engineering: value) == true)
        var packet: [UInt8] = []
        encoder.encode(into: &packet)
        #expect(packet.last == UInt8(raw))
    }

    @Test func aCalibrationWithoutInverseSetsNothing() throws {
        let square = """
            <DefaultCalibrator><PolynomialCalibrator><Term coefficient="1" exponent="2"/></PolynomialCalibrator>
            </DefaultCalibrator>
            """
        let text = Self.document([Document.Field("A", type: "Float", calibration: square)])
        var encoder = try MissionDatabase(xtce: Array(text.utf8)).makeEncoder(container: "Report")
        #expect(encoder.set(8, engineering: 4) == false)
        #expect(encoder.set(8, raw: 2) == true)
    }

    @Test func labelsTextsAndOctetsAreSet() throws {
        let labels = "<EnumerationList><Enumeration value='7' label='SAFE'/></EnumerationList>"
        let mode = Document.Field("MODE", type: "Enumerated", inside: labels)
        let types = """
            <StringParameterType name="TEXT_T"><StringDataEncoding encoding="ISO-8859-1"><SizeInBits><Fixed>
            <FixedValue>32</FixedValue></Fixed><TerminationChar>00</TerminationChar></SizeInBits></StringDataEncoding>
            </StringParameterType><BinaryParameterType name="DUMP_T"><BinaryDataEncoding><SizeInBits>
            <FixedValue>20</FixedValue></SizeInBits></BinaryDataEncoding></BinaryParameterType>
            """
        let parameters = ["TEXT", "DUMP"].map { "<Parameter name='\($0)' parameterTypeRef='\($0)_T'/>" }.joined()
        let names = ["MODE", "TEXT", "DUMP"].map { Document.entry($0) }.joined()
        let text = Self.document([mode], entries: names)
            .replacing("</ParameterTypeSet>", with: types + "</ParameterTypeSet>")
            .replacing("</ParameterSet>", with: parameters + "</ParameterSet>")
        let database = try MissionDatabase(xtce: Array(text.utf8))
        var encoder = try database.makeEncoder(container: "Report")
        #expect(encoder.set(8, label: "SAFE") == true)
        #expect(encoder.set(8, label: "NONE") == false)
        #expect(encoder.set(9, label: "Grün und mehr") == true)
        #expect(encoder.set(9, label: "ü") == true)
        #expect(encoder.set(10, raw: .binary([0xAB, 0xCD, 0xEF])) == true)
        #expect(encoder.set(10, engineering: 1) == false)
        var packet: [UInt8] = []
        encoder.encode(into: &packet)
        #expect(Hex.text(packet.dropFirst(7)) == "07fc000000abcde0")
        var decoder = try database.makeDecoder()
        var samples = SampleBuffer()
        #expect(decoder.decode(packet.span, into: &samples) == .decoded(container: 2))
        #expect((8..<11).map { samples.text(at: $0) } == ["SAFE", "ü", "abcde0"])
    }

    @Test(arguments: [
        (
            "an entry under a condition",
            "<IncludeCondition><Comparison parameterRef='SID' value='1'/></IncludeCondition>"
        ),
        (
            "a repetition by value",
            "<RepeatEntry><Count><DynamicValue><ParameterInstanceRef parameterRef='SID'/></DynamicValue></Count></RepeatEntry>"
        ),
        (
            "a location by value",
            "<LocationInContainerInBits><DynamicValue><ParameterInstanceRef parameterRef='SID'/></DynamicValue>"
                + "</LocationInContainerInBits>"
        ),
        (
            "a location from the end",
            "<LocationInContainerInBits referenceLocation='containerEnd'><FixedValue>0</FixedValue>"
                + "</LocationInContainerInBits>"
        ),
        (
            "a packet longer than packets are",
            "<RepeatEntry><Count><FixedValue>100000</FixedValue></Count></RepeatEntry>"
        ),
    ])
    func aLayoutThatIsNotFixedIsRefused(what: String, inside: String) throws {
        let text = Self.document([Document.Field("A")], entries: Document.entry("A", inside))
        let database = try MissionDatabase(xtce: Array(text.utf8))
        let error = #expect(throws: XTCEError.self) { try database.makeEncoder(container: "Report") }
        #expect(error?.description.hasPrefix("The container Report cannot be encoded: ") == true)
    }

    @Test func repeatedEntriesAreSlotsOfTheirOwn() throws {
        let inside = "<RepeatEntry><Count><FixedValue>3</FixedValue></Count></RepeatEntry>"
        let text = Self.document([Document.Field("A")], entries: Document.entry("A", inside))
        var encoder = try MissionDatabase(xtce: Array(text.utf8)).makeEncoder(container: "Report")
        for occurrence in 0..<3 {
            try encoder.set(encoder.slot("A", occurrence: occurrence), raw: Int64(occurrence + 1))
        }
        var packet: [UInt8] = []
        encoder.encode(into: &packet)
        #expect(packet.suffix(3) == [1, 2, 3])
        #expect(throws: XTCEError.unknownParameter("A", container: "Report")) { try encoder.slot("A", occurrence: 3) }
        #expect(throws: XTCEError.unknownParameter("X", container: "Report")) { try encoder.slot("X") }
    }
}
