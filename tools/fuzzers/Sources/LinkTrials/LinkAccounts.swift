import FuzzSupport
import SpaceLink

/// Holds a trace against the size of its input: every octet has one fate, and sums are those of the summary.
struct LinkAccounts {
    private struct Channel: Hashable {
        var spacecraft: Int
        var virtualChannel: Int
    }

    private let trial: LinkTrial
    private let trace: LinkTrace
    private let summary: LinkSummary
    /// The accepted frames by index.
    private var frames: [Int: FrameRecord] = [:]
    private var framesByChannel: [Channel: [FrameRecord]] = [:]

    init(_ trial: LinkTrial, _ trace: LinkTrace, _ summary: LinkSummary) {
        self.trial = trial
        self.trace = trace
        self.summary = summary
        for case .frame(let frame, _) in trace.events where !Self.isBad(frame) {
            frames[frame.index] = frame
            let channel = Channel(spacecraft: frame.spacecraft, virtualChannel: frame.virtualChannel)
            framesByChannel[channel, default: []].append(frame)
        }
    }

    func hold() {
        holdSums()
        holdPlaces()
        holdFrames()
        holdPackets()
        holdTakenBack()
    }

    private var isPackets: Bool { trial.link.input == .packets }

    /// Whether octets of the input belong to an envelope, so that no event tells of them.
    private var hasSilentOctets: Bool {
        switch trial.link.envelope {
        case .kiss, .pcap: true
        case .none, .octets: false
        }
    }

    private static func isBad(_ frame: FrameRecord) -> Bool {
        frame.quality == .uncorrectable || frame.quality == .crcFailed
    }

    private func holdSums() {
        expect(summary.balances, "the ledger does not balance at the end")
        expect(summary.octets == trial.octets.count, "\(trial.octets.count) octets came, \(summary.octets) are told of")
        var discarded: [DiscardReason: Int] = [:]
        for case .discard(let entry) in trace.events {
            expect(entry.length > 0 && entry.offset >= 0, "an entry of the ledger is empty or before the input")
            expect(entry.offset + Int64(entry.length) <= trial.octets.count, "an entry ends behind the input")
            discarded[entry.reason, default: 0] += entry.length
        }
        expect(discarded == summary.discarded, "the entries do not add up to the summary's")
    }

    /// Frames, or packets, and what lies between them follow each other without gaps or overlaps.
    private func holdPlaces() {
        var position: Int64 = 0
        func next(_ offset: Int64, _ length: Int, _ what: String) {
            let follows = hasSilentOctets ? offset >= position : offset == position
            expect(follows && length >= 0, "\(what) at \(offset) follows octet \(position)")
            position = offset + Int64(length)
        }
        for event in trace.events {
            switch event {
            case .frame(let frame, _) where !Self.isBad(frame): next(frame.inputOffset, frame.inputLength, "a frame")
            case .packet(let packet, let octets) where isPackets && !hasSilentOctets:
                next(packet.inputOffset, octets.count, "a packet")
            case .packet(let packet, _) where isPackets: next(packet.inputOffset, 0, "a packet")
            case .discard(let entry) where isPackets || !Self.isInsideFrames(entry.reason):
                next(entry.offset, entry.length, "what is \(entry.reason)")
            case .frame, .packet, .discard, .gap: break
            }
        }
        expect(position <= trial.octets.count, "more octets are told of than came")
        expect(hasSilentOctets || position == trial.octets.count, "octets behind \(position) are not told of")
    }

    private static func isInsideFrames(_ reason: DiscardReason) -> Bool {
        switch reason {
        case .beforeFirstPacket, .interruptedPacket, .packetVersion, .packetLength, .incompletePacket: true
        case .unsynchronized, .truncatedFrame, .uncorrectable, .frameVersion, .frameHeader, .frameCheck,
            .foreignSpacecraft, .duplicateFrame:
            false
        }
    }

    private func holdFrames() {
        let counts = summary.frames
        let accepted = counts.good + counts.unchecked + counts.corrected
        let refused = counts.uncorrectable + counts.crcFailed + counts.rejected
        expect(counts.total == accepted + refused, "the frames do not add up")
        let duplicates = summary.channels.reduce(0) { $0 + $1.duplicates }
        expect(frames.count + duplicates == accepted, "\(accepted) frames are counted, \(frames.count) came")
        for case .frame(let frame, let octets) in trace.events {
            let parts = [frame.insertZone, frame.dataField]
            expect(parts.allSatisfy { $0.upperBound <= octets.count }, "a part of a frame lies behind it")
            expect(frame.index < counts.total, "a frame's index is too high")
            let length = trial.link.frameLength ?? octets.count
            expect(octets.count == length, "a frame has another length than the link's")
        }
        for channel in summary.channels where !isPackets {
            let key = Channel(spacecraft: channel.spacecraft, virtualChannel: channel.virtualChannel)
            expect(framesByChannel[key, default: []].count == channel.frames, "the frames of a channel do not add up")
        }
    }

    private func holdPackets() {
        var count = 0
        var size = 0
        for case .packet(let packet, let octets) in trace.events {
            expect(!octets.isEmpty, "a packet is empty")
            if packet.isPartial {
                expect(trial.keepsPartial, "a partial packet is handed on though none is asked for")
            } else {
                count += 1
                size += octets.count
                holdHeader(packet, octets)
            }
            guard !isPackets else { continue }
            guard let first = frames[packet.firstFrame], let last = frames[packet.lastFrame] else {
                expect(false, "a packet lies in frames that were not accepted")
                continue
            }
            expect(first.index <= last.index, "a packet ends before it begins")
            expect(packet.inputOffset == first.inputOffset, "a packet's place is not that of its first frame")
            for frame in [first, last] {
                expect(
                    frame.spacecraft == packet.spacecraft && frame.virtualChannel == packet.virtualChannel,
                    "a packet comes from another channel"
                )
            }
        }
        expect(count == summary.channels.reduce(0) { $0 + $1.packets }, "the packets do not add up")
        expect(size == summary.channels.reduce(0) { $0 + $1.packetOctets }, "the octets of packets do not add up")
        for channel in summary.channels {
            let applications = channel.apids
            expect(applications.reduce(0) { $0 + $1.packets } <= channel.packets, "applications have more packets")
            expect(zip(applications, applications.dropFirst()).allSatisfy { $0.apid < $1.apid }, "apids out of order")
        }
    }

    private func holdHeader(_ packet: PacketRecord, _ octets: [UInt8]) {
        do throws(PacketError) {
            if packet.isEncapsulation {
                let header = try EncapsulationHeader(decoding: octets.span)
                expect(header.packetLength == octets.count, "an encapsulation packet has another length than it says")
            } else {
                let header = try SpacePacketHeader(decoding: octets.span)
                expect(header.packetLength == octets.count, "a packet has another length than it says")
                expect(Int(header.apid.rawValue) == packet.apid, "a packet is of another application")
            }
        } catch {
            expect(false, "a packet's header cannot be read: \(error)")
        }
    }

    /// What is taken back lies in accepted frames of its channel, and is not more than they have.
    private func holdTakenBack() {
        guard !isPackets else { return }
        var takenBack: [Channel: Int] = [:]
        for case .discard(let entry) in trace.events where Self.isInsideFrames(entry.reason) {
            let channel = Channel(spacecraft: entry.spacecraft ?? -1, virtualChannel: entry.virtualChannel ?? -1)
            takenBack[channel, default: 0] += entry.length
            let home = framesByChannel[channel, default: []].last { $0.inputOffset <= entry.offset }
            let end = home.map { $0.inputOffset + Int64($0.inputLength) } ?? -1
            expect(entry.offset <= end, "what is \(entry.reason) lies in no frame of its channel")
            if entry.reason == .beforeFirstPacket || entry.reason == .packetVersion {
                expect(entry.offset + Int64(entry.length) <= end, "what is \(entry.reason) ends behind its frame")
            }
        }
        for (channel, length) in takenBack {
            let own = framesByChannel[channel, default: []].reduce(0) { $0 + $1.inputLength }
            expect(length <= own, "more is taken back from a channel than it has")
        }
    }
}
