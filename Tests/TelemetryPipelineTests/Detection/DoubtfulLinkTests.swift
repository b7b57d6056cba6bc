import AttitudeMonitor
import Foundation
import SpaceLink
import TelemetryPipeline
import TestSupport
import Testing

/// The quality of frames reaches rows and monitor: noise that a link without checks lets through raises nothing.
@Suite struct DoubtfulLinkTests {
    private static let frameLength = 1000
    private static let spoiltFrame = 6

    /// Rates at 1 Hz over a link of bare frames behind markers; those in one frame are of a tumbling craft.
    private struct Stream {
        var link: LinkDescription
        var octets: [UInt8] = []
        /// Packets of which a part lies in that frame.
        var spoiltPackets = 0

        init(fecf: Bool) throws {
            let json = """
                {"randomizer": "none", "block": {"code": "none", "length": \(frameLength)},
                 "frame": {"type": "aos", "fecf": \(fecf)}}
                """
            link = try JSONDecoder().decode(LinkDescription.self, from: Data(json.utf8))
            var encoder = try LinkEncoder(link, spacecraft: 25)
            let zone = encoder.packetZoneLength
            var generator = SeededGenerator(seed: 8)
            var sent: [UInt8] = []
            for count in 0..<600 {
                let start = 22 * count
                let isSpoilt = start < zone * (spoiltFrame + 1) && start + 22 > zone * spoiltFrame
                if isSpoilt { spoiltPackets += 1 }
                let rates = (0..<3).map { _ in
                    Float.random(in: -0.01...0.01, using: &generator) + (isSpoilt ? 30 : 0.5)
                }
                let packet = SmallCraft.attitude(count, at: 2_000_000_000 + UInt32(count), degrees: rates)
                encoder.push(packet: packet.span, virtualChannel: 1) { _, unit in
                    for index in unit.indices { sent.append(unit[index]) }
                }
            }
            octets = sent
        }

        /// Two wrong bits in the marker of the frame.
        mutating func spoilMarker() { octets[(frameLength + 4) * spoiltFrame + 1] ^= 0x11 }

        /// The anomalies, and the packets that were doubted.
        func judge() throws -> (alarms: [AnomalyEvent], doubtful: Int) {
            let roles = """
                {"GX": {"role": "gyro.a.rate.x", "unit": "deg/s"}, "GY": {"role": "gyro.a.rate.y", "unit": "deg/s"},
                 "GZ": {"role": "gyro.a.rate.z", "unit": "deg/s"}}
                """
            var detector = try TelemetryDetector(
                database: SmallCraft.database(),
                configuration: MonitorConfiguration(),
                timeCode: SmallCraft.timeCode(),
                overlay: JSONDecoder().decode(RoleOverlay.self, from: Data(roles.utf8))
            )
            var decoder = try LinkDecoder(link)
            decoder.push(octets.span, into: &detector)
            decoder.finish(into: &detector)
            detector.finish()
            return (detector.takeEvents().filter { $0.severity >= .warning }, detector.doubtfulPackets)
        }
    }

    @Test func valuesThatACheckSpeaksForRaiseAnAlarm() throws {
        let result = try Stream(fecf: true).judge()
        #expect(!result.alarms.isEmpty)
        #expect(result.doubtful == 0)
    }

    @Test func theSameValuesInAnUncheckedFrameWithASpoiltMarkerRaiseNone() throws {
        var stream = try Stream(fecf: false)
        // Nothing but the marker is known to be wrong: without that, they count.
        #expect(try !stream.judge().alarms.isEmpty)
        stream.spoilMarker()
        let result = try stream.judge()
        #expect(result.alarms.isEmpty)
        #expect(result.doubtful == stream.spoiltPackets)
    }

    @Test func aSpoiltMarkerCastsNoDoubtWhereACheckHolds() throws {
        var stream = try Stream(fecf: true)
        stream.spoilMarker()
        #expect(try !stream.judge().alarms.isEmpty)
    }

    @Test(arguments: [ParameterFormat.csv, .ndjson])
    func rowsSayWhichValuesAreDoubtful(_ format: ParameterFormat) throws {
        var stream = try Stream(fecf: false)
        stream.spoilMarker()
        let folder = try TemporaryFolder()
        var sink = try ParameterWritingSink(
            database: SmallCraft.database(),
            path: folder.path("t"),
            format: format,
            shape: .long,
            timeCode: SmallCraft.timeCode(),
            selection: .everything,
            replacing: false
        )
        var decoder = try LinkDecoder(stream.link)
        decoder.push(stream.octets.span, into: &sink)
        decoder.finish(into: &sink)
        try sink.commit()
        let lines = String(decoding: try folder.read("t"), as: UTF8.self).split(separator: "\n")
        let mark =
            format == .csv
            ? ",doubtful,none" : #""doubtful":true,"event":"sample","markerErrors":2,"#
        #expect(lines.count { $0.contains(mark) } == 7 * stream.spoiltPackets)
        #expect(lines.count { $0.contains("doubtful") } == 7 * stream.spoiltPackets)
        #expect(lines.count > 14 * stream.spoiltPackets)
    }
}
