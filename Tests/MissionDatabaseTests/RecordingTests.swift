import Foundation
import MissionDatabase
import TestSupport
import Testing

/// A real spacecraft's packets against what two other packages read from them.
@Suite(.enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)))
struct RecordingTests {
    private static func packets(_ octets: [UInt8]) -> [[UInt8]] {
        var packets: [[UInt8]] = []
        var offset = 0
        while offset + 6 <= octets.count {
            let length = Int(octets[offset + 4]) << 8 + Int(octets[offset + 5]) + 7
            packets.append(Array(octets[offset..<min(offset + length, octets.count)]))
            offset += length
        }
        return packets
    }

    @Test func everyQuaternionOfTheWeatherSatelliteIsRead() throws {
        let database = try MissionDatabase(xtce: Fixtures.recording("jpss1_geolocation_xtce_v1.xml"))
        #expect(database.diagnostics.isEmpty)
        #expect(database.parameters.count == 27)
        #expect(database.name == "JPSS_Geolocation_Packets" && database.version == "1.0")
        let table = String(decoding: try Fixtures.recording("jpss1_apid11_expected.csv"), as: UTF8.self)
        let rows = table.split(separator: "\n").dropFirst().map { row in row.split(separator: ",").map { Double($0) } }
        let packets = Self.packets(try Fixtures.recording("J01_G011_LZ_2021-04-09T00-00-00Z_V01.DAT1"))
        #expect(packets.count == 7200)
        #expect(rows.count == packets.count)

        var decoder = try database.makeDecoder()
        var samples = SampleBuffer()
        let names = ["ADAET2DAY", "ADAET2MS", "ADAET2US", "ADCFAQ1", "ADCFAQ2", "ADCFAQ3", "ADCFAQ4"]
        let parameters = try names.map { try #require(database.parameterIndex($0)) }
        var firstDay: Double?
        var wrong = 0
        for (packet, row) in zip(packets, rows) {
            let outcome = decoder.decode(packet.span, into: &samples)
            guard case .decoded(let container) = outcome, database.containers[container].name == "JPSS_ATT_EPHEM"
            else {
                Issue.record("\(outcome)")
                return
            }
            let values = parameters.map { samples.number(at: samples.firstIndex(ofParameter: $0) ?? 0) }
            // The first packet's attitude is of the day before, and its time is given in that day's seconds.
            firstDay = firstDay ?? values[0]
            let seconds = (values[0] - (firstDay ?? 0)) * 86400 + values[1] / 1e3 + values[2] / 1e6
            if abs(seconds - (row[0] ?? 0)) > 1e-4 { wrong += 1 }
            for index in 0..<4 where abs(values[3 + index] - (row[1 + index] ?? 0)) > 1e-9 { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    @Test(arguments: [
        ("DOY", 23109), ("MSEC", 7), ("USEC", 137), ("ADAESCID", 159), ("ADGPSPOSX", 6389695.5),
        ("ADGPSPOSY", 2786021.5), ("ADGPSPOSZ", 1825377.375),
    ])
    func theFirstPacketHasItsPublishedValues(name: String, value: Double) throws {
        let database = try MissionDatabase(xtce: Fixtures.recording("jpss1_geolocation_xtce_v1.xml"))
        var decoder = try database.makeDecoder()
        var samples = SampleBuffer()
        let packet = Self.packets(try Fixtures.recording("J01_G011_LZ_2021-04-09T00-00-00Z_V01.DAT1"))[0]
        _ = decoder.decode(packet.span, into: &samples)
        let parameter = try #require(database.parameterIndex(name))
        let sample = try #require(samples.firstIndex(ofParameter: parameter))
        #expect(samples.number(at: sample) == value)
        #expect(samples.count == 27)
    }

    @Test func packetsEncodedFromTheirRawValuesAreTheSameOctets() throws {
        let database = try MissionDatabase(xtce: Fixtures.recording("jpss1_geolocation_xtce_v1.xml"))
        var decoder = try database.makeDecoder()
        var encoder = try database.makeEncoder(container: "JPSS_ATT_EPHEM")
        var samples = SampleBuffer()
        var octets: [UInt8] = []
        for packet in Self.packets(try Fixtures.recording("J01_G011_LZ_2021-04-09T00-00-00Z_V01.DAT1")) {
            _ = decoder.decode(packet.span, into: &samples)
            for slot in 0..<encoder.slotCount { encoder.set(slot, raw: samples.raw(at: slot)) }
            encoder.encode(into: &octets)
            #expect(octets == packet)
        }
    }
}
