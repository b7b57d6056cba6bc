import Foundation
import MissionDatabase
import TestSupport

/// Values and documents of XTCE.
extension Examination {
    func databaseValue() throws {
        let packet = try octets("data")
        let offset = try int("bit_offset")
        let bits = try int("size_bits")
        let database = try MissionDatabase(xtce: Array(valueDocument(offset: offset, bits: bits).utf8), name: vector.id)
        let found = try value(of: database, in: packet)
        let wanted: NSNumber = try expected("raw")
        isTrue(isEqual(found, wanted), "\(found) is the raw value \(wanted)")

        // An encoder makes packets, whose header takes 48 bits and is the encoder's own.
        let behind = try MissionDatabase(xtce: Array(valueDocument(offset: offset + 48, bits: bits).utf8))
        var encoder = try behind.makeEncoder(container: "C")
        isTrue(encoder.set(try encoder.slot("P"), raw: found), "\(found) can be set")
        var encoded: [UInt8] = []
        encoder.encode(into: &encoded)
        equal(encoded.count, (48 + offset + bits + 7) / 8, "the octets of the value encoded again")
        equal(try value(of: behind, in: encoded), found, "the value encoded again")
    }

    private func value(of database: MissionDatabase, in packet: [UInt8]) throws -> Value {
        var decoder = try database.makeDecoder()
        var samples = SampleBuffer()
        let outcome = decoder.decode(packet.span, into: &samples)
        guard samples.count == 1 else { throw Failure.unusable("decoding gives \(outcome)") }
        return samples.raw(at: 0)
    }

    /// A document with one parameter that lies where a vector says.
    private func valueDocument(offset: Int, bits: Int) throws -> String {
        let encoding = try text("encoding")
        let kind = ["IEEE754", "IEEE754_1985", "MILSTD_1750A"].contains(encoding) ? "Float" : "Integer"
        let order = vector.inputs["byte_order"] as? String ?? "mostSignificantByteFirst"
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <SpaceSystem name="Test" xmlns="http://www.omg.org/spec/XTCE/20180204"><TelemetryMetaData>
            <ParameterTypeSet><\(kind)ParameterType name="T">
            <\(kind)DataEncoding sizeInBits="\(bits)" encoding="\(encoding)" byteOrder="\(order)"/>
            </\(kind)ParameterType></ParameterTypeSet>
            <ParameterSet><Parameter name="P" parameterTypeRef="T"/></ParameterSet>
            <ContainerSet><SequenceContainer name="C"><EntryList><ParameterRefEntry parameterRef="P">
            <LocationInContainerInBits referenceLocation="containerStart"><FixedValue>\(offset)</FixedValue>
            </LocationInContainerInBits></ParameterRefEntry></EntryList></SequenceContainer></ContainerSet>
            </TelemetryMetaData></SpaceSystem>
            """
    }

    func databaseDocument() throws {
        let document = try text("xtce")
        let database = try MissionDatabase(xtce: Array(document.utf8), name: vector.id)
        equal(database.diagnostics.map { "\($0)" }, [], "what the document asks for in vain")
        var decoder = try database.makeDecoder()
        var samples = SampleBuffer()
        let packets = try unwrap(vector.inputs["packets"] as? [String], "packets").map { Hex.octets($0) }
        let wanted: [[String: Any]] = try expected("packets")
        equal(packets.count, wanted.count, "the number of packets")
        for (index, (packet, wanted)) in zip(packets, wanted).enumerated() {
            let outcome = decoder.decode(packet.span, into: &samples)
            guard case .decoded(let container) = outcome else {
                fault("packet \(index) gives \(outcome)")
                continue
            }
            equal(
                database.containers[container].name,
                wanted["container"] as? String,
                "the container of packet \(index)"
            )
            let values = try unwrap(wanted["parameters"] as? [[String: Any]], "parameters")
            // The seven header fields and the structure id come first.
            equal(samples.count, values.count + 8, "the number of values in packet \(index)")
            guard samples.count == values.count + 8 else { continue }
            for (place, value) in values.enumerated() { check(database, samples, place + 8, value, "packet \(index)") }
            try encodeAgain(packet, database, container, samples, "packet \(index)")
        }
    }

    private func check(
        _ database: MissionDatabase,
        _ samples: SampleBuffer,
        _ index: Int,
        _ wanted: [String: Any],
        _ place: String
    ) {
        let name = database.parameters[samples.parameter(at: index)].name
        equal(name, wanted["name"] as? String, "the name of value \(index) in \(place)")
        let what = "\(name) in \(place)"
        let found = samples.engineering(at: index)
        if let hex = wanted["value_hex"] as? String {
            equal(found, .binary(Hex.octets(hex)), what)
        } else if let truth = wanted["bool"] as? Bool {
            equal(found, .boolean(truth), what)
            equal(samples.text(at: index), wanted["value"] as? String, "the text of \(what)")
        } else if let text = wanted["value"] as? String {
            equal(samples.text(at: index), text, "the text of \(what)")
        } else if let number = wanted["value"] as? NSNumber {
            isTrue(isEqual(found, number), "\(what), \(found), is \(number)")
        } else {
            fault("nothing is expected of \(what)")
        }
        guard let raw = wanted["raw"] as? NSNumber else { return }
        isTrue(isEqual(samples.raw(at: index), raw), "the raw \(what), \(samples.raw(at: index)), is \(raw)")
    }

    /// The encoder of a container; nothing if its packets have one way only, which is remarked.
    private func encoder(of database: MissionDatabase, _ container: Int) throws -> PacketEncoder? {
        do throws(XTCEError) {
            return try database.makeEncoder(container: database.containers[container].qualifiedName)
        } catch {
            guard case .dynamicLayout = error else { throw error }
            remark("one way only: \(error)")
            return nil
        }
    }

    /// Puts the raw values of a packet into a packet of the same container.
    private func encodeAgain(
        _ packet: [UInt8],
        _ database: MissionDatabase,
        _ container: Int,
        _ samples: SampleBuffer,
        _ place: String
    ) throws {
        guard var encoder = try encoder(of: database, container) else { return }
        var taken: [Int: Int] = [:]
        for slot in 0..<encoder.slotCount {
            let parameter = encoder.parameter(ofSlot: slot)
            let start = taken[parameter] ?? 0
            guard let index = (start..<samples.count).first(where: { samples.parameter(at: $0) == parameter }) else {
                continue
            }
            taken[parameter] = index + 1
            encoder.set(slot, raw: samples.raw(at: index))
        }
        var encoded: [UInt8] = []
        encoder.encode(into: &encoded)
        // Bits that no parameter takes are the encoder's own, so that values are compared, not octets.
        equal(encoded.count, packet.count, "the octets of \(place) encoded again")
        var decoder = try database.makeDecoder()
        var again = SampleBuffer()
        _ = decoder.decode(encoded.span, into: &again)
        equal(again.count, samples.count, "the number of values in \(place) encoded again")
        for index in 0..<min(again.count, samples.count) {
            equal("\(again.raw(at: index))", "\(samples.raw(at: index))", "value \(index) of \(place) encoded again")
        }
    }

    /// Integers exactly, floats to a relative 1e-12.
    private func isEqual(_ value: Value, _ number: NSNumber) -> Bool {
        switch value {
        case .signed(let integer): integer == number.int64Value
        case .unsigned(let integer): integer == number.uint64Value
        case .float(let float): abs(float - number.doubleValue) <= 1e-12 * abs(number.doubleValue)
        case .boolean(let flag): (flag ? 1 : 0) == number.intValue
        case .string, .binary: false
        }
    }
}
