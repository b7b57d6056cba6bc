import Crypto
import LanderSimulator
import MissionDatabase
import Missions
import SpaceLink

/// A pass flown for a test, with all that came out of it.
struct FlownPass {
    let craft: Craft
    var octets: [UInt8] = []
    var samples: [PassSample] = []
    let truth: PassTruth

    init(
        _ scenario: String,
        seed: UInt64,
        duration: Double,
        rate: Double? = nil,
        link: String? = nil,
        format: PassFormat = .cadu
    ) throws {
        let craft = try MissionProfile.named("luna-25").craft("lander")
        try self.init(craft, Scenario(file: craft.scenario(scenario)), seed, duration, rate, link, format)
    }

    /// Flies a scenario that a test writes out as JSON.
    init(json: String, seed: UInt64, duration: Double, format: PassFormat = .cadu) throws {
        let craft = try MissionProfile.named("luna-25").craft("lander")
        let file = ProfileFile(path: "scenarios/test.json", octets: Array(json.utf8))
        try self.init(craft, Scenario(file: file), seed, duration, nil, nil, format)
    }

    private init(
        _ craft: Craft,
        _ scenario: Scenario,
        _ seed: UInt64,
        _ duration: Double,
        _ rate: Double?,
        _ link: String?,
        _ format: PassFormat
    ) throws {
        self.craft = craft
        let request = PassRequest(
            craft: craft,
            scenario: scenario,
            seed: seed,
            duration: duration,
            rate: rate,
            format: format,
            link: link
        )
        var octets: [UInt8] = []
        var samples: [PassSample] = []
        truth = try LanderPass(request).run(
            output: { (unit: Span<UInt8>) in
                for index in 0..<unit.count { octets.append(unit[index]) }
            },
            samples: { (sample: PassSample) in samples.append(sample) }
        )
        self.octets = octets
        self.samples = samples
    }

    /// The column of a role over all samples.
    func column(_ role: String) throws -> [Double] {
        guard let index = samples.first?.roles.firstIndex(of: role) else { throw NoSuchRole(role: role) }
        return samples.map { $0.values[index] }
    }

    struct NoSuchRole: Error {
        let role: String
    }
}

/// Keeps what a decoder finds.
struct Collector: LinkSink {
    var packets: [[UInt8]] = []
    var idle = 0
    var discards = 0
    var gaps = 0

    mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        if packet.isIdle {
            idle += 1
        } else {
            packets.append((0..<octets.count).map { octets[$0] })
        }
    }

    mutating func discard(_ discard: Discard) { discards += 1 }

    mutating func gap(_ gap: ChannelGap) { gaps += 1 }

    /// SHA-256 of all packets, one behind the other.
    var hash: String {
        var hash = SHA256()
        for packet in packets { hash.update(data: packet) }
        return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
