import LanderSimulator

/// Seconds of flight made in a second: physics, sensors, software, packets, frames, code.
enum LanderSimulatorBenchmark {
    static func run(_ bench: Bench) throws {
        let craft = try bench.flight.get().craft
        for (format, words) in [(PassFormat.packets, "packets"), (.cadu, "CADUs")] {
            var request = try PassRequest(craft: craft, scenario: "nominal", seed: 1, duration: 600)
            request.format = format
            let pass = try LanderPass(request)
            var octets = 0
            var packets = ""
            var sums: Set<String> = []
            let timing = Timing.measure {
                octets = 0
                packets = pass.run { octets += $0.count }.packetsSHA256
                sums.insert(packets)
            }
            try bench.require(sums.count == 1, "the same pass gave other packets")
            bench.add(
                Figure(
                    room: .landerSimulator,
                    what: "flight → \(words)",
                    input: "nominal pass, 600 s, 100 steps/s, 10 fast packets/s",
                    value: 600 / timing.seconds(bench.clock),
                    unit: "s/s",
                    reference: Figure.Reference(name: "real time", value: 1),
                    proof: "\(octets) octets, packets \(packets.prefix(8)) each time",
                    spread: timing.spread(bench.clock)
                )
            )
        }
    }
}
