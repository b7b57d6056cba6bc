import MissionDatabase
import Missions

/// Packets to samples by the Luna-25 database: the fast attitude packet, which is most of the telemetry.
enum MissionDatabaseBenchmark {
    private static let apid = 32
    private static let decodes = 300_000

    static func run(_ bench: Bench) throws {
        let flight = try bench.flight.get()
        let packets = try flight.packets(apid: apid)
        let file = flight.craft.database.octets
        let peers = try bench.python.map { try measurePeers(bench, $0, flight, packets) }
        try measure(bench, MissionDatabase(xtce: file), packets, isCalibrated: true, peers?.calibrated)
        try measure(bench, MissionDatabase(xtce: rawForm(of: file)), packets, isCalibrated: false, peers?.raw)
    }

    /// The database with the same layouts, without calibrators and limits; numbers stay the integers that they are.
    private static func rawForm(of file: [UInt8]) -> [UInt8] {
        var text = String(decoding: file, as: UTF8.self)
        text = text.replacing("FloatParameterType", with: "IntegerParameterType")
        for name in ["DefaultCalibrator", "DefaultAlarm"] {
            while let start = text.firstRange(of: "<\(name)>"),
                let end = text[start.upperBound...].firstRange(of: "</\(name)>")
            {
                text.removeSubrange(start.lowerBound..<end.upperBound)
            }
        }
        return Array(text.utf8)
    }

    private static func measure(
        _ bench: Bench,
        _ database: MissionDatabase,
        _ packets: (octets: [UInt8], length: Int, count: Int),
        isCalibrated: Bool,
        _ peer: Figure.Reference?
    ) throws {
        let what = isCalibrated ? "calibrated, with limits" : "raw"
        var decoder = try database.makeDecoder()
        var samples = SampleBuffer()
        var decoded = 0
        var parameters = 0
        var scaled = 0
        let timing = Timing.measure {
            decoded = 0
            parameters = 0
            var start = 0
            for _ in 0..<decodes {
                let packet = packets.octets.span.extracting(start..<start + packets.length)
                if case .decoded = decoder.decode(packet, into: &samples) { decoded += 1 }
                parameters += samples.count
                start += packets.length
                if start == packets.octets.count { start = 0 }
            }
        }
        try bench.require(decoded == decodes, "\(decodes - decoded) packets were not decoded")
        // That of the database without calibrators differs from the other in nothing else.
        for index in 0..<samples.count {
            let number = samples.number(at: index)
            if !number.isNaN, samples.raw(at: index).double != number { scaled += 1 }
        }
        try bench.require((scaled > 0) == isCalibrated, "\(scaled) samples of a packet are calibrated")
        let each = parameters / decodes
        let input = "fast attitude packet, \(packets.length) octets, \(each) parameters"
        let proof = "\(decodes) decoded whole, \(parameters) samples, \(scaled) calibrated in each"
        let perPacket = bench.rate(decodes, timing)
        bench.add(
            Figure(
                room: .missionDatabase,
                what: "packets → samples, \(what)",
                input: input,
                value: perPacket / 1e6,
                unit: "M packets/s",
                reference: peer
                    ?? Figure.Reference(name: "memory read", value: bench.memoryRead / Double(packets.length)),
                goal: .atLeast(3),
                proof: proof,
                spread: timing.spread(bench.clock)
            )
        )
        bench.add(
            Figure(
                room: .missionDatabase,
                what: "packets → samples, \(what)",
                input: input,
                value: perPacket * Double(each) / 1e6,
                unit: "M parameters/s",
                goal: .atLeast(isCalibrated ? 50 : 100),
                proof: "the same runs"
            )
        )
    }

    /// The same packets in Python: through the same XTCE file, which always calibrates, and by columns, raw.
    private static func measurePeers(
        _ bench: Bench,
        _ python: String,
        _ flight: Flight,
        _ packets: (octets: [UInt8], length: Int, count: Int)
    ) throws -> (calibrated: Figure.Reference, raw: Figure.Reference) {
        let name = "GYRO_A_RATE_X"
        let (all, some, definition) = (bench.path("fast.packets"), bench.path("some.packets"), bench.path("fast.xml"))
        let part = min(2000, packets.count)
        try packets.octets.write(to: all)
        try Array(packets.octets[..<(part * packets.length)]).write(to: some)
        try flight.craft.database.octets.write(to: definition)
        let parser = try bench.runPeer(python, "xtce '\(some)' '\(definition)' \(name)")
        let columns = try bench.runPeer(python, "columns '\(all)' '\(definition)' FastAttitude \(name)")
        let first = packets.octets[..<(part * packets.length)]
        let sums = (
            calibrated: try sum(of: name, isRaw: false, flight, first, packets.length),
            raw: try sum(of: name, isRaw: true, flight, packets.octets[...], packets.length)
        )
        for (peer, numbers, sum, count) in [
            ("space_packet_parser", parser, sums.calibrated, part), ("ccsdspy", columns, sums.raw, packets.count),
        ] {
            let isEqual = (sum - (numbers["sum"] ?? .nan)).magnitude <= 1e-9 * max(1, sum.magnitude)
            try bench.require(numbers["packets"] == Double(count) && isEqual, "\(peer) decoded otherwise")
        }
        bench.note("space_packet_parser decoded \(part) packets in memory, once; sums equal")
        bench.note("ccsdspy decoded all \(packets.count) packets from a warm file, once, to arrays; sums equal")
        return (
            Figure.Reference(name: "space_packet_parser", value: Double(part) / bench.seconds(parser) / 1e6),
            Figure.Reference(
                name: "ccsdspy, arrays",
                value: Double(packets.count) / bench.seconds(columns) / 1e6
            )
        )
    }

    private static func sum(
        of name: String,
        isRaw: Bool,
        _ flight: Flight,
        _ octets: ArraySlice<UInt8>,
        _ length: Int
    ) throws -> Double {
        let database = try flight.craft.makeDatabase()
        var decoder = try database.makeDecoder()
        var samples = SampleBuffer()
        guard let parameter = database.parameterIndex(name) else { throw BenchmarkFailure.input("no \(name)") }
        var sum = 0.0
        let span = octets.span
        for start in stride(from: 0, to: span.count, by: length) {
            _ = decoder.decode(span.extracting(start..<start + length), into: &samples)
            guard let index = samples.firstIndex(ofParameter: parameter) else { continue }
            sum += isRaw ? samples.raw(at: index).double ?? .nan : samples.number(at: index)
        }
        return sum
    }
}
