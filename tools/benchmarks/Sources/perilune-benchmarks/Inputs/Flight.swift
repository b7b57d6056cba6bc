import LanderSimulator
import Missions
import SpaceLink

/// A flight of the Luna-25 lander, as packets and as rows of roles.
struct Flight {
    /// The lander.
    let craft: Craft
    /// Seconds.
    let duration: Double
    /// All packets one behind the other.
    private(set) var packets: [UInt8] = []
    /// Where each packet begins, and the end.
    private(set) var bounds: [Int] = [0]
    /// The samples of each fast packet, if they were asked for.
    private(set) var samples: [PassSample] = []

    /// Flies a scenario at ten fast packets a second.
    init(scenario: String = "nominal", seed: UInt64 = 1, duration: Double = 6000, keepsSamples: Bool = true) throws {
        craft = try MissionProfile.named("luna-25").craft("lander")
        self.duration = duration
        var request = try PassRequest(craft: craft, scenario: scenario, seed: seed, duration: duration)
        request.format = .packets
        var packets: [UInt8] = []
        var bounds = [0]
        var samples: [PassSample] = []
        _ = try LanderPass(request).run(
            output: { octets in
                packets.append(span: octets)
                bounds.append(packets.count)
            },
            samples: { if keepsSamples { samples.append($0) } }
        )
        self.packets = packets
        self.bounds = bounds
        self.samples = samples
    }

    /// The process of a packet.
    func apid(_ index: Int) -> Int { Int(packets[bounds[index]] & 7) << 8 | Int(packets[bounds[index] + 1]) }

    /// The packets of one process, one behind the other, and the length that all of them have.
    func packets(apid: Int) throws -> (octets: [UInt8], length: Int, count: Int) {
        var octets: [UInt8] = []
        var lengths: Set<Int> = []
        var count = 0
        for index in 0..<(bounds.count - 1) where self.apid(index) == apid {
            octets += packets[bounds[index]..<bounds[index + 1]]
            lengths.insert(bounds[index + 1] - bounds[index])
            count += 1
        }
        guard lengths.count == 1, let length = lengths.first else {
            throw BenchmarkFailure.input("the packets of process \(apid) are not all of one length")
        }
        return (octets, length, count)
    }
}
