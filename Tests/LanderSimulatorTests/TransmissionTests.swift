import LanderSimulator
import MissionDatabase
import Missions
import SpaceLink
import Testing

/// What goes out against what the receiving side makes of it.
@Suite struct TransmissionTests {
    @Test(arguments: ["low", "nominal", "critical"]) func theDecoderFindsExactlyThePacketsOfTheTruth(
        link: String
    ) throws {
        let pass = try FlownPass("spin-out", seed: 7, duration: 120, link: link)
        let (found, summary) = try decode(pass, link: pass.craft.link)
        let sent = pass.truth.channels.flatMap(\.apids)
        #expect(found.packets.count == sent.reduce(0) { $0 + $1.packets })
        #expect(found.hash == pass.truth.packetsSHA256)
        #expect(found.discards == 0 && found.gaps == 0)
        #expect(summary.balances)
        #expect(summary.octets == pass.octets.count)
        #expect(summary.frames.total == pass.truth.channels.reduce(0) { $0 + $1.frames })
        for channel in pass.truth.channels {
            let decoded = summary.channels.first { $0.virtualChannel == channel.virtualChannel }
            #expect(decoded?.frames == channel.frames)
            #expect(decoded?.spacecraft == channel.spacecraft)
            for packets in channel.apids {
                let application = decoded?.apids.first { $0.apid == packets.apid }
                #expect(application?.packets == packets.packets)
                #expect(application?.octets == packets.octets)
            }
        }
    }

    @Test func framesAndPacketsHoldTheSamePackets() throws {
        let cadus = try FlownPass("nominal", seed: 5, duration: 60)
        let frames = try FlownPass("nominal", seed: 5, duration: 60, format: .frames)
        let packets = try FlownPass("nominal", seed: 5, duration: 60, format: .packets)
        #expect(frames.truth.packetsSHA256 == cadus.truth.packetsSHA256)
        #expect(packets.truth.packetsSHA256 == cadus.truth.packetsSHA256)
        var link = cadus.craft.link
        try link.set("input", to: "frames")
        #expect(try decode(frames, link: link).0.hash == cadus.truth.packetsSHA256)
        try link.set("input", to: "packets")
        #expect(try decode(packets, link: link).0.hash == cadus.truth.packetsSHA256)
    }

    /// Half of each parameter's quantum, from the database's own text.
    private static let halfQuanta: [(prefix: String, half: Double)] = [
        ("gyro.", 0.5e-6), ("starTracker.1.quaternion", 0.25e-9), ("time.tag", 0.5 / 65_536),
        ("accelerometer.velocity", 0.5e-5), ("thruster.", 0.5e-3), ("engine.elapsed", 0.5e-2),
        ("engine.planned", 0.5e-2), ("engine.chamberPressure", 50), ("attitude.quaternion", 0.25e-9),
        ("attitude.target.quaternion", 0.25e-9), ("attitude.rate", 0.5e-6), ("attitude.target.rate", 0.5e-6),
        ("attitude.error", 0.5e-6), ("guidance.slewing", 0), ("engine.", 0), ("starTracker.1.valid", 0),
        ("accelerometer.enabled", 0),
    ]

    @Test func decodedValuesAreTheSamplesWithinHalfAQuantum() throws {
        let pass = try FlownPass("nominal", seed: 11, duration: 215, rate: 4)
        let database = try pass.craft.makeDatabase()
        var decoder = try database.makeDecoder()
        var buffer = SampleBuffer()
        let start = try #require(TAITime(utc: pass.truth.start))
        let packets = try decode(pass, link: pass.craft.link).0.packets.filter { $0[1] == 32 }
        #expect(packets.count == pass.samples.count)
        var compared = 0
        for (packet, sample) in zip(packets, pass.samples) {
            let told = pass.craft.timeCode.time(ofPacket: packet.span)
            let time = try #require(told)
            #expect((Double(time.nanoseconds - start.nanoseconds) * 1e-9 - sample.time).magnitude < 2e-5)
            guard case .decoded = decoder.decode(packet.span, into: &buffer) else {
                Issue.record("a packet at \(sample.time) s cannot be decoded")
                continue
            }
            for index in 0..<buffer.count {
                let parameter = database.parameters[buffer.parameter(at: index)]
                guard let role = parameter.role, let place = sample.roles.firstIndex(of: role) else { continue }
                if role == "guidance.mode" {
                    #expect(buffer.text(at: index) == sample.mode)
                    continue
                }
                var value = sample.values[place]
                // The tag counts from the start in the sample, from the epoch in the packet.
                if role.hasPrefix("time.tag") { value += Double(start.nanoseconds) * 1e-9 }
                // What is not there yet is sent as zero, with its flag down.
                if value.isNaN { value = 0 }
                let half = try #require(Self.halfQuanta.first { role.hasPrefix($0.prefix) }?.half, "\(role)")
                let raw: Double? = Self.isFlag(role) ? (buffer.engineering(at: index) == .boolean(true) ? 1 : 0) : nil
                let decoded = raw ?? buffer.number(at: index)
                let allowed = half * 1.000001 + 1e-12
                #expect((decoded - value).magnitude <= allowed, "\(role) at \(sample.time): \(decoded), \(value)")
                compared += 1
            }
        }
        #expect(compared > 33 * packets.count)
    }

    private static func isFlag(_ role: String) -> Bool {
        role.hasSuffix(".valid") || role.hasSuffix(".enabled") || role.hasSuffix(".slewing") || role == "engine.on"
            || role == "engine.commanded"
    }

    @Test func theStreamHasTheConstantRateOfItsLink() throws {
        let pass = try FlownPass("nominal", seed: 5, duration: 100, link: "nominal")
        let seconds = Double(pass.octets.count * 8) / 8192
        #expect((seconds - 100).magnitude < 4.5)
        #expect(pass.octets.count % 259 == 0)
        #expect(pass.octets.starts(with: [0x1A, 0xCF, 0xFC, 0x1D]))
    }

    @Test(arguments: [PassFormat.cadu, .frames, .packets]) func fateCoversTheWholeOutput(format: PassFormat) throws {
        let pass = try FlownPass("nominal", seed: 5, duration: 40, format: format)
        try expectCover(pass)
        #expect(pass.truth.fate.allSatisfy { $0.what == "sent" })
    }

    @Test func lostFramesAreInTheFateAndNotInTheOutput() throws {
        let pass = try FlownPass(
            json: #"{"channel": {"frameLoss": 0.1}}"#,
            seed: 5,
            duration: 120
        )
        try expectCover(pass)
        let lost = pass.truth.fate.count { $0.what == "lost" }
        let frames = pass.truth.fate.count
        #expect(Double(lost) > 0.07 * Double(frames) && Double(lost) < 0.13 * Double(frames))
        #expect(pass.octets.count == 259 * (frames - lost))
        let (found, summary) = try decode(pass, link: pass.craft.link)
        #expect(summary.frames.total == frames - lost)
        #expect(found.gaps > 0)
    }

    @Test func wrongBitsAreCountedFrameByFrame() throws {
        let spoilt = try FlownPass(json: #"{"channel": {"bitErrorRate": 2e-4}}"#, seed: 5, duration: 60)
        let clean = try FlownPass(json: "{}", seed: 5, duration: 60)
        try expectCover(spoilt)
        #expect(spoilt.octets.count == clean.octets.count)
        for fate in spoilt.truth.fate {
            var errors = 0
            for offset in Int(fate.octets.lowerBound)..<Int(fate.octets.upperBound) {
                errors += (spoilt.octets[offset] ^ clean.octets[offset]).nonzeroBitCount
            }
            #expect(errors == fate.errors ?? 0)
        }
        // All of them can be corrected: sixteen symbols a codeword.
        #expect(spoilt.truth.fate.contains { $0.what == "corrupted" })
        #expect(try decode(spoilt, link: spoilt.craft.link).0.hash == spoilt.truth.packetsSHA256)
    }

    private func expectCover(_ pass: FlownPass) throws {
        var next: Int64 = 0
        for (index, fate) in pass.truth.fate.enumerated() {
            #expect(fate.frame == index)
            #expect(fate.octets.lowerBound == next)
            next = fate.octets.upperBound
        }
        #expect(next == Int64(pass.octets.count))
    }

    private func decode(_ pass: FlownPass, link: LinkDescription) throws -> (Collector, LinkSummary) {
        var decoder = try LinkDecoder(link)
        var collector = Collector()
        decoder.push(pass.octets.span, into: &collector)
        decoder.finish(into: &collector)
        return (collector, decoder.summary)
    }
}
