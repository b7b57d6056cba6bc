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
        try measure(bench, MissionDatabase(xtce: file), packets, isCalibrated: true)
        let raw = withoutElements(["DefaultCalibrator", "DefaultAlarm"], file)
        try measure(bench, MissionDatabase(xtce: raw), packets, isCalibrated: false)
        if let python = bench.python { try measurePeer(bench, python, flight, packets) }
    }

    /// The XML without some elements and all that is in them.
    private static func withoutElements(_ names: [String], _ file: [UInt8]) -> [UInt8] {
        var text = String(decoding: file, as: UTF8.self)
        for name in names {
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
        isCalibrated: Bool
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
                reference: Figure.Reference(name: "memory read", value: bench.memoryRead / Double(packets.length)),
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

    /// The same packets through the same XTCE file in Python, which always calibrates.
    private static func measurePeer(
        _ bench: Bench,
        _ python: String,
        _ flight: Flight,
        _ packets: (octets: [UInt8], length: Int, count: Int)
    ) throws {
        let part = min(2000, packets.count)
        let octets = Array(packets.octets[..<(part * packets.length)])
        try octets.write(to: bench.path("fast.packets"))
        try flight.craft.database.octets.write(to: bench.path("telemetry.xml"))
        let numbers = try bench.runPeer(
            python,
            "xtce '\(bench.path("fast.packets"))' '\(bench.path("telemetry.xml"))' GYRO_A_RATE_X"
        )
        let sum = try sum(of: "GYRO_A_RATE_X", flight, octets, packets.length)
        let isEqual = (sum - (numbers["sum"] ?? .nan)).magnitude <= 1e-9 * max(1, sum.magnitude)
        try bench.require(numbers["packets"] == Double(part) && isEqual, "space_packet_parser decoded otherwise")
        bench.add(
            Figure(
                room: .missionDatabase,
                what: "packets → samples: space_packet_parser",
                input: "the first \(part) of the same packets",
                value: Double(part) / bench.seconds(numbers) / 1e6,
                unit: "M packets/s",
                proof: "\(part) decoded, sums of a rate equal"
            )
        )
    }

    private static func sum(of name: String, _ flight: Flight, _ octets: [UInt8], _ length: Int) throws -> Double {
        let database = try flight.craft.makeDatabase()
        var decoder = try database.makeDecoder()
        var samples = SampleBuffer()
        guard let parameter = database.parameterIndex(name) else { throw BenchmarkFailure.input("no \(name)") }
        var sum = 0.0
        for start in stride(from: 0, to: octets.count, by: length) {
            _ = decoder.decode(octets.span.extracting(start..<start + length), into: &samples)
            if let index = samples.firstIndex(ofParameter: parameter) { sum += samples.number(at: index) }
        }
        return sum
    }
}
