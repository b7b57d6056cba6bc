import Foundation
import MissionDatabase
import TestSupport
import Testing

/// Packets from anywhere never trap, and never give values from beyond their end.
struct HostilePacketTests {
    private static func databases() throws -> [(MissionDatabase, [[UInt8]])] {
        try Fixtures.vectors("xtce_document").map { vector in
            let text = try #require(vector.inputs["xtce"] as? String)
            let packets = try #require(vector.inputs["packets"] as? [String])
            return (try MissionDatabase(xtce: Array(text.utf8)), packets.map { Hex.octets($0) })
        }
    }

    @Test func aPacketCutAnywhereGivesTheValuesBeforeTheCut() throws {
        for (database, packets) in try Self.databases() {
            var decoder = try database.makeDecoder()
            var whole = SampleBuffer()
            var part = SampleBuffer()
            for packet in packets {
                let outcome = decoder.decode(packet.span, into: &whole)
                guard case .decoded(let container) = outcome else {
                    Issue.record("\(outcome)")
                    continue
                }
                for length in 0..<packet.count {
                    let cut = Array(packet[..<length])
                    let outcome = decoder.decode(cut.span, into: &part)
                    // A header that is cut does not tell yet which container it begins.
                    guard case .truncated(let found) = outcome else {
                        Issue.record("\(outcome) at \(length)")
                        continue
                    }
                    if length > 7 { #expect(found == container) }
                    #expect(part.count < whole.count)
                    for index in 0..<part.count { #expect(part.raw(at: index) == whole.raw(at: index)) }
                }
                let long = packet + [0xAA, 0xBB]
                #expect(decoder.decode(long.span, into: &part) == .excess(container: container, octets: 2))
            }
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func randomAndDamagedPacketsNeverTrap(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for (database, packets) in try Self.databases() {
            var decoder = try database.makeDecoder()
            var samples = SampleBuffer()
            for round in 0..<2000 {
                var packet = packets[round % packets.count]
                for _ in 0..<(1 + round % 5) {
                    packet[Int(generator.next() % UInt64(packet.count))] = UInt8(truncatingIfNeeded: generator.next())
                }
                if round % 7 == 0 { packet += generator.octets(round % 40) }
                if round % 11 == 0 { packet = generator.octets(round % 80) }
                _ = decoder.decode(packet.span, into: &samples)
                for index in 0..<samples.count {
                    _ = samples.engineering(at: index)
                    _ = samples.text(at: index)
                }
            }
        }
    }

    @Test func damagedDatabasesNeverTrap() throws {
        var generator = SeededGenerator(seed: 7)
        for vector in try Fixtures.vectors("xtce_document").prefix(2) {
            let text = Array(try #require(vector.inputs["xtce"] as? String).utf8)
            let packet = Hex.octets(try #require((vector.inputs["packets"] as? [String])?.first))
            for _ in 0..<40 {
                var damaged = text
                let place = Int(generator.next() % UInt64(text.count))
                switch generator.next() % 3 {
                case 0: damaged[place] = UInt8(truncatingIfNeeded: generator.next() & 0x7F)
                case 1: damaged.removeSubrange(place..<min(place + Int(generator.next() % 64), text.count))
                default: damaged.insert(contentsOf: text[place..<min(place + 64, text.count)], at: place)
                }
                guard let database = try? MissionDatabase(xtce: damaged), var decoder = try? database.makeDecoder()
                else {
                    continue
                }
                var samples = SampleBuffer()
                _ = decoder.decode(packet.span, into: &samples)
                for index in database.containers.indices {
                    _ = try? database.makeEncoder(container: database.containers[index].qualifiedName)
                }
            }
        }
    }

    @Test func oneBufferServesDecodersOfSeveralDatabases() throws {
        var samples = SampleBuffer()
        for (database, packets) in try Self.databases() {
            var decoder = try database.makeDecoder()
            for packet in packets {
                _ = decoder.decode(packet.span, into: &samples)
                for index in 0..<samples.count { #expect(samples.parameter(at: index) < database.parameters.count) }
            }
        }
    }
}
