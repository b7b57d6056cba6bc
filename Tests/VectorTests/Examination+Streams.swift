import SpaceLink
import TestSupport

/// Streams of frames.
extension Examination {
    func stream(_ type: LinkDescription.Frame.Kind) throws {
        let frames = try unwrap(vector.inputs["frames"] as? [String], "frames").map { Hex.octets($0) }
        var link = frameLink(type)
        link.frame.length = try int("frame_length")
        let carriers = vector.inputs[type == .tm ? "packet_vcs" : "mpdu_vcs"] as? [Int]
        for channel in 0..<(type == .tm ? 8 : 63) where carriers?.contains(channel) == false {
            link.channels[channel] = .opaque
        }
        let packets: [String: [String]] = try expected("packets")
        let stream = frames.flatMap { $0 }
        let collected = try Collected(stream, link)
        let length = try int("frame_length")
        try isTheSameHoweverCut(stream.count, boundaries: [length, stream.count - length], "what comes of the stream") {
            try Collected(stream, link, pieces: $0)
        }
        isTrue(collected.summary.balances, "used and discarded octets make up the whole")
        for (name, wanted) in packets {
            let channel = try unwrap(Int(name), "a channel \(name)")
            let found = collected.packets(onChannel: channel, idle: false).map { Hex.text($0) }
            equal(found.count, wanted.count, "the number of packets on channel \(name)")
            equal(found, wanted, "packets on channel \(name)")
        }
        let count = collected.packets.count { !$0.record.isIdle }
        equal(count, packets.values.reduce(0) { $0 + $1.count }, "the number of packets on all channels")
        for (name, wanted) in try expected("idle_packets", [String: Int].self) {
            let found = collected.packets(onChannel: Int(name) ?? -1, idle: true).count
            equal(found, wanted, "the number of idle packets on channel \(name)")
        }
        for (name, wanted) in try expected("vc_frames_lost", [String: Int].self) {
            let summary = collected.summary.channels.first { $0.virtualChannel == Int(name) }
            equal(summary?.missing, wanted, "frames lost on channel \(name)")
        }
        expect("frames_failing_fecf", collected.summary.frames.crcFailed)
        expect("mc_frames_lost", type == .tm ? collected.masterChannels.reduce(0) { $0 + $1.missing } : nil)
        try encodeAgain(packets, link, spacecraft: collected.frames.first?.spacecraft ?? 0)
    }

    /// Sends the packets over the same link and takes them back.
    private func encodeAgain(_ packets: [String: [String]], _ link: LinkDescription, spacecraft: Int) throws {
        var encoder = try LinkEncoder(link, spacecraft: spacecraft)
        var octets: [UInt8] = []
        for (name, texts) in packets {
            let channel = try unwrap(Int(name), "a channel \(name)")
            for text in texts {
                let packet = Hex.octets(text)
                encoder.push(packet: packet.span, virtualChannel: channel) { octets += $1.array }
            }
            encoder.flush(virtualChannel: channel) { octets += $1.array }
        }
        let collected = try Collected(octets, link)
        equal(collected.summary.used, octets.count, "the octets used of the frames encoded again")
        for (name, texts) in packets {
            let found = collected.packets(onChannel: Int(name) ?? -1, idle: false).map { Hex.text($0) }
            equal(found, texts, "packets on channel \(name), encoded again")
        }
    }
}
