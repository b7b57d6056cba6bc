import Foundation
import MissionDatabase
import TestSupport
import Testing

/// The reference vectors, on which independent implementations agree.
struct VectorTests {
    @Test(arguments: try Fixtures.vectors("xtce_document").map { $0.id })
    func documentsDecodeToTheExpectedValues(id: String) throws {
        let vector = try #require(try Fixtures.vectors("xtce_document").first { $0.id == id })
        let text = try #require(vector.inputs["xtce"] as? String)
        let database = try MissionDatabase(xtce: Array(text.utf8), name: id)
        #expect(database.diagnostics.isEmpty)
        var decoder = try database.makeDecoder()
        var samples = SampleBuffer()
        let packets = try #require(vector.inputs["packets"] as? [String])
        let expected = try #require(vector.expected["packets"] as? [[String: Any]])
        #expect(packets.count == expected.count)
        for (hex, wanted) in zip(packets, expected) {
            let packet = Hex.octets(hex)
            let outcome = decoder.decode(packet.span, into: &samples)
            guard case .decoded(let container) = outcome else {
                Issue.record("\(outcome) for \(hex)")
                continue
            }
            #expect(database.containers[container].name == wanted["container"] as? String)
            let values = try #require(wanted["parameters"] as? [[String: Any]])
            // The seven header fields and the structure id come first.
            #expect(samples.count == values.count + 8)
            for (index, value) in values.enumerated() {
                check(database, samples, index + 8, value)
            }
        }
    }

    private func check(_ database: MissionDatabase, _ samples: SampleBuffer, _ index: Int, _ wanted: [String: Any]) {
        let name = database.parameters[samples.parameter(at: index)].name
        #expect(name == wanted["name"] as? String)
        if let hex = wanted["value_hex"] as? String {
            #expect(samples.engineering(at: index) == .binary(Hex.octets(hex)), "\(name)")
        } else if let truth = wanted["bool"] as? Bool {
            #expect(samples.engineering(at: index) == .boolean(truth), "\(name)")
            #expect(samples.text(at: index) == wanted["value"] as? String, "\(name)")
        } else if let text = wanted["value"] as? String {
            #expect(samples.text(at: index) == text, "\(name)")
        } else if let number = wanted["value"] as? NSNumber {
            #expect(isEqual(samples.engineering(at: index), number), "\(name)")
        }
        if let raw = wanted["raw"] as? NSNumber { #expect(isEqual(samples.raw(at: index), raw), "\(name)") }
    }

    @Test(arguments: try Fixtures.vectors("xtce_value").map { $0.id })
    func numbersDecodeToTheExpectedRawValue(id: String) throws {
        let vector = try #require(try Fixtures.vectors("xtce_value").first { $0.id == id })
        let encoding = try #require(vector.inputs["encoding"] as? String)
        let isFloat = ["IEEE754", "IEEE754_1985", "MILSTD_1750A"].contains(encoding)
        let order = vector.inputs["byte_order"] as? String ?? "mostSignificantByteFirst"
        let field = Document.Field(
            "P",
            type: isFloat ? "Float" : "Integer",
            encoding: encoding,
            bits: try #require(vector.int("size_bits")),
            attributes: "byteOrder=\"\(order)\""
        )
        let offset = try #require(vector.int("bit_offset"))
        let octets = try #require(vector.octets("data"))
        let location = """
            <LocationInContainerInBits referenceLocation="containerStart"><FixedValue>\(offset)</FixedValue>\
            </LocationInContainerInBits>
            """
        let text = Document.text(
            types: field.type,
            parameters: field.parameter,
            containers: Document.container("C", entries: Document.entry("P", location))
        )
        let database = try MissionDatabase(xtce: Array(text.utf8))
        var decoder = try database.makeDecoder()
        var samples = SampleBuffer()
        _ = decoder.decode(octets.span, into: &samples)
        try #require(samples.count == 1)
        let raw = try #require(vector.expected["raw"] as? NSNumber)
        #expect(isEqual(samples.raw(at: 0), raw), "\(samples.raw(at: 0)) instead of \(raw)")
    }

    /// Integers exactly, floats to a relative 1e-12.
    private func isEqual(_ value: Value, _ number: NSNumber) -> Bool {
        switch value {
        case .signed(let integer): integer == number.int64Value
        case .unsigned(let integer): integer == number.uint64Value
        case .float(let float): abs(float - number.doubleValue) <= 1e-12 * abs(number.doubleValue)
        case .boolean(let flag): (flag ? 1 : 0) == number.intValue
        default: false
        }
    }
}
