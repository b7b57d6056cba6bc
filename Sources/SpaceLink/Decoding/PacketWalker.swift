/// Walks packets that lie back to back, and finds its way again behind nonsense.
///
/// Behind a version number that no packet has, it searches a plausible chain of headers: three of application processes
/// that were seen before, or eight of any. Where the input starts three are enough. Octets that are skipped are one entry of the
/// ledger. What it holds is bounded by eight packets.
struct PacketWalker: Sendable {
    private enum Chain {
        case plausible
        case impossible
        case undecided
    }

    private var isLocked = false
    private var held: [UInt8] = []
    /// Octets of input before `held`.
    private var offset: Int64 = 0
    /// How many octets before `held` were skipped and are not entered yet, and why.
    private var skipped = 0
    private var skipReason = DiscardReason.packetVersion
    private var skipRule = PacketWalker.noChain
    /// Whether octets were discarded since the last packet.
    var isBehindGap = false
    var packets = 0
    /// The first packet, if it waits to be told whether it comes behind a gap, and whether it does.
    var first: DeferredPacket?
    var holdsFirst = false
    var statistics = PacketStatistics()

    /// What a station adds before and behind each packet.
    private let header: Int
    private let overhead: Int

    private static let noChain = "No plausible chain of packet headers starts here."
    private static let step = 4096

    init(header: Int = 0, trailer: Int = 0) {
        self.header = header
        overhead = header + trailer
    }

    /// Takes the next octets.
    mutating func push(_ octets: Span<UInt8>, ledger: inout Ledger, into sink: inout (some LinkSink & ~Copyable)) {
        var position = 0
        while position < octets.count {
            if isLocked, held.isEmpty {
                let end = walk(octets, from: position, &ledger, &sink)
                offset += Int64(end - position)
                position = end
                guard isLocked else { continue }
                held.append(octets.extracting(position..<octets.count))
                return
            }
            let taken = min(octets.count - position, isLocked ? needed : Self.step)
            held.append(octets.extracting(position..<position + taken))
            position += taken
            drain(isFinal: false, &ledger, &sink)
        }
    }

    /// Ends the input.
    mutating func finish(ledger: inout Ledger, into sink: inout (some LinkSink & ~Copyable)) {
        drain(isFinal: true, &ledger, &sink)
    }

    /// How many octets are missing until the held packet, or its header, is complete.
    private var needed: Int {
        guard held.count > header else { return header + 1 - held.count }
        guard case .packet(let length) = PacketBoundary.peek(held.span, at: header, end: held.count) else { return 1 }
        return max(1, length + overhead - held.count)
    }

    /// Walks and searches through the held octets.
    private mutating func drain(
        isFinal: Bool,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        var octets: [UInt8] = []
        swap(&octets, &held)
        var position = 0
        while position < octets.count {
            let start = position
            if isLocked {
                position = walk(octets.span, from: position, &ledger, &sink)
                offset += Int64(position - start)
                guard isLocked, position < octets.count else { continue }
                guard isFinal else { break }
                // The last packet runs past the end: perhaps its length is wrong and others lie in it.
                isLocked = false
                skipReason = .packetLength
                skipRule = "The packet's length runs past the end of the input, but others start within it."
                skipped = 1
                offset += 1
                position += 1
                if search(octets.span, from: &position, isFinal: true, &ledger, &sink) { continue }
                skipReason = .incompletePacket
                skipRule = "The input ends before the packet does."
                break
            }
            guard search(octets.span, from: &position, isFinal: isFinal, &ledger, &sink) else { break }
        }
        if isFinal {
            enterSkipped(&ledger, &sink)
            return
        }
        octets.removeFirst(position)
        swap(&octets, &held)
    }

    /// Takes packets until one is incomplete or impossible.
    ///
    /// - Returns: Where it stopped; `isLocked` says why.
    private mutating func walk(
        _ octets: Span<UInt8>,
        from first: Int,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) -> Int {
        var position = first
        while position + header < octets.count {
            let start = position + header
            switch PacketBoundary.peek(octets, at: start, end: octets.count) {
            case .packet(let length) where length + overhead <= octets.count - position:
                let place = offset + Int64(position - first)
                let packet = octets.extracting(start..<start + length)
                emit(packet, at: place, length: length + overhead, &ledger, &sink)
                position += length + overhead
            case .packet, .incomplete: return position
            case .version(let version):
                loseLock(.packetVersion, "No packet has the version number \(version).")
                return position
            case .length(let length):
                loseLock(.packetLength, "No packet here can be \(length) octets long.")
                return position
            }
        }
        return position
    }

    private mutating func loseLock(_ reason: DiscardReason, _ rule: String) {
        isLocked = false
        skipReason = reason
        skipRule = rule
    }

    /// Skips octets until a chain starts.
    ///
    /// - Returns: Whether one was found.
    private mutating func search(
        _ octets: Span<UInt8>,
        from position: inout Int,
        isFinal: Bool,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) -> Bool {
        while position < octets.count {
            switch chain(octets, at: position, isFinal: isFinal) {
            case .plausible:
                enterSkipped(&ledger, &sink)
                isLocked = true
                return true
            case .undecided: return false
            case .impossible:
                position += 1
                offset += 1
                skipped += 1
            }
        }
        return false
    }

    /// Follows the headers from a place.
    private func chain(_ octets: Span<UInt8>, at start: Int, isFinal: Bool) -> Chain {
        let isStart = offset == 0
        var areKnown = true
        var position = start
        for links in 0..<8 {
            if links == 3, isStart || areKnown { return .plausible }
            let place = position + header
            guard place + SpacePacketHeader.length <= octets.count else {
                if place < octets.count, octets[place] >> 5 != 0 { return .impossible }
                guard isFinal else { return .undecided }
                if isStart { return .plausible }
                let endsExactly = position == octets.count
                let isLikely = areKnown ? links >= (endsExactly ? 1 : 2) : endsExactly && links >= 3
                return isLikely ? .plausible : .impossible
            }
            guard octets[place] >> 5 == SpacePacketHeader.versionNumber else { return .impossible }
            areKnown = areKnown && statistics.knows(apid: Int(octets.uint16(at: place) & 0x7FF))
            position += Int(octets.uint16(at: place + 4)) + SpacePacketHeader.length + 1 + overhead
        }
        return .plausible
    }

    /// The counts of the one channel that a file of packets is.
    var summaries: [LinkSummary.Channel] {
        guard packets > 0 else { return [] }
        return [
            LinkSummary.Channel(
                spacecraft: 0,
                virtualChannel: 0,
                frames: 0,
                firstCount: 0,
                lastCount: 0,
                gaps: 0,
                missing: 0,
                duplicates: 0,
                resets: 0,
                packets: statistics.packets,
                packetOctets: statistics.octets,
                apids: statistics.applications
            )
        ]
    }

    private mutating func enterSkipped(_ ledger: inout Ledger, _ sink: inout (some LinkSink & ~Copyable)) {
        guard skipped > 0 else { return }
        let entry = Discard(
            offset: offset - Int64(skipped),
            length: skipped,
            reason: skipReason,
            rule: skipRule,
            frame: nil,
            spacecraft: nil,
            virtualChannel: nil
        )
        ledger.discard(entry, into: &sink)
        skipped = 0
        isBehindGap = true
    }

    /// Hands a packet on, which takes so many octets of input.
    mutating func emit(
        _ octets: Span<UInt8>,
        at place: Int64,
        length: Int,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        let isEncapsulation = octets[0] >> 5 == EncapsulationHeader.versionNumber
        let apid = isEncapsulation ? -1 : Int(octets.uint16(at: 0) & 0x7FF)
        let sequenceCount = isEncapsulation ? 0 : Int(octets.uint16(at: 2) & 0x3FFF)
        if isEncapsulation {
            statistics.countEncapsulation(octets: octets.count)
        } else {
            statistics.count(apid: apid, sequenceCount: sequenceCount, octets: octets.count)
        }
        ledger.use(length)
        let record = PacketRecord(
            spacecraft: 0,
            virtualChannel: 0,
            apid: apid,
            sequenceCount: sequenceCount,
            isIdle: isEncapsulation ? octets[0] & 0x1C == 0 : apid == 0x7FF,
            isEncapsulation: isEncapsulation,
            firstFrame: packets,
            lastFrame: packets,
            inputOffset: place,
            quality: .unchecked,
            gapBefore: isBehindGap
        )
        packets += 1
        isBehindGap = false
        if holdsFirst { return holdFirst(record, octets, into: &sink) }
        sink.packet(record, octets: octets)
    }
}
