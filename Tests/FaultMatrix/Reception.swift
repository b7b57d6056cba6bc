public import SpaceLink

/// What a decoder made of a stream, frames and packets by their numbers.
public struct Reception: LinkSink, Equatable {
    /// A frame and its place in the input.
    public struct Frame: Equatable, Sendable {
        /// Its number among those sent; nothing if it was not sent.
        public var number: Int?
        /// Who seems to send.
        public var spacecraft: Int
        /// Where it lies in the input, in octets.
        public var place: Range<Int64>
    }

    private let transmission: Transmission
    /// The frames in order of delivery.
    public private(set) var frames: [Frame] = []
    /// The numbers of the packets in order of delivery, idle ones left out; nothing for one that was not sent.
    public private(set) var packets: [Int?] = []
    /// The entries of the ledger.
    public private(set) var discards: [Discard] = []
    /// The steps of frame counts.
    public private(set) var gaps: [ChannelGap] = []
    /// The sums, known at the end.
    public private(set) var summary: LinkSummary?

    /// Receives a stream.
    ///
    /// - Parameters:
    ///   - octets: What arrives.
    ///   - transmission: What was sent.
    ///   - link: The link as the receiver describes it.
    ///   - pieces: How the input is cut.
    /// - Throws: What the decoder throws.
    public init(
        of octets: [UInt8],
        from transmission: Transmission,
        link: LinkDescription? = nil,
        pieces: [Range<Int>]? = nil
    ) throws(LinkDescriptionError) {
        self.transmission = transmission
        var decoder = try LinkDecoder(link ?? transmission.link)
        for piece in pieces ?? [octets.indices] { decoder.push(octets.span.extracting(piece), into: &self) }
        decoder.finish(into: &self)
        summary = decoder.summary
    }

    /// Takes a frame.
    public mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>) {
        let place = frame.inputOffset..<frame.inputOffset + Int64(frame.inputLength)
        let number = transmission.frameNumbers[octets.octets]
        frames.append(Frame(number: number, spacecraft: frame.spacecraft, place: place))
    }

    /// Takes a packet.
    public mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        if !packet.isIdle { packets.append(transmission.packetNumbers[octets.octets]) }
    }

    /// Takes an entry of the ledger.
    public mutating func discard(_ discard: Discard) { discards.append(discard) }

    /// Takes a gap.
    public mutating func gap(_ gap: ChannelGap) { gaps.append(gap) }

    /// Whether two decodings gave the same; both are of one transmission.
    public static func == (left: Reception, right: Reception) -> Bool {
        left.frames == right.frames && left.packets == right.packets && left.discards == right.discards
            && left.gaps == right.gaps && left.summary == right.summary
    }

    /// The frames that were not delivered.
    public var lost: Set<Int> { Set(transmission.frames.indices).subtracting(frames.compactMap(\.number)) }

    /// How many frames were delivered that were not sent.
    public var invented: Int { frames.count { $0.number == nil } }
}

/// The rules.
extension Reception {
    /// What breaks the rules.
    ///
    /// Nothing is invented. Nothing comes out of order or twice; only where several frames in a row are sent again, their
    /// count steps back as it does at a reset, and they count as new. Nothing is lost but what was destroyed and the
    /// packets in it; an insult that destroys no codeblock, or that the link cannot tell, may cost one frame more. The ledger says of each octet where it
    /// went.
    ///
    /// - Parameters:
    ///   - spoilt: What arrived.
    ///   - canTell: Whether the link can tell a damaged frame; if not, these are delivered as they are.
    /// - Returns: A sentence for each breach.
    public func breaches(of spoilt: SpoiltStream, canTell: Bool = true) -> [String] {
        let count = spoilt.octets.count
        let (destroyed, repeated) = (spoilt.destroyed, spoilt.repeated)
        var breaches: [String] = []
        let damaged = canTell ? 0 : max(1, destroyed.count)
        if invented > damaged { breaches.append("\(invented) frames were not sent") }
        let numbers = frames.compactMap(\.number)
        if !Self.ascend(numbers, repeated: repeated) { breaches.append("frames come twice or out of order") }
        let beyond = lost.subtracting(destroyed)
        if beyond.count > 1 || !beyond.isEmpty && canTell && !destroyed.isEmpty {
            breaches.append("lost, though they arrived whole: \(beyond.sorted().prefix(10))")
        }
        if canTell, packets.contains(nil) { breaches.append("\(packets.count { $0 == nil }) packets were not sent") }
        if canTell, repeated.isEmpty, !Self.ascend(packets.compactMap(\.self)) {
            breaches.append("packets come twice or out of order")
        }
        if canTell { breaches += lostPackets() }
        return breaches + ledgerBreaches(count)
    }

    private func lostPackets() -> [String] {
        let lost = lost
        let delivered = Set(packets.compactMap(\.self))
        let missing = transmission.packetFrames.indices.filter { number in
            !delivered.contains(number) && !transmission.packetFrames[number].contains { lost.contains($0) }
        }
        return missing.isEmpty ? [] : ["packets lost, though their frames were not: \(missing.prefix(10))"]
    }

    private func ledgerBreaches(_ count: Int) -> [String] {
        guard let summary else { return ["there is no summary"] }
        var breaches: [String] = []
        if !summary.balances || summary.octets != count { breaches.append("the ledger does not balance") }
        let sums = discards.reduce(into: [:]) { $0[$1.reason, default: 0] += $1.length }
        if sums != summary.discarded { breaches.append("discards do not add up to the summary's") }
        if discards.contains(where: { $0.length <= 0 || $0.offset < 0 || Int($0.offset) + $0.length > count }) {
            breaches.append("a discard lies outside the input")
        }
        // Frames, and discards of whole units and of what lies between them, cover the input without overlap.
        let outside = discards.filter { !$0.reason.isInsideFrames }.map { $0.offset..<$0.offset + Int64($0.length) }
        let covered = (frames.map(\.place) + outside).sorted { $0.lowerBound < $1.lowerBound }
        let ends = [0] + covered.map(\.upperBound)
        if covered.map(\.lowerBound) + [Int64(count)] != ends { breaches.append("the ledger does not cover the input") }
        return breaches
    }

    /// Whether numbers rise, but for one step back to the first of those that came again.
    private static func ascend(_ numbers: [Int], repeated: Set<Int> = []) -> Bool {
        let falls = zip(numbers, numbers.dropFirst()).filter { $0 >= $1 }.map(\.1)
        return falls.isEmpty || falls.count == 1 && repeated.contains(falls[0])
    }
}

extension DiscardReason {
    /// Whether it is about the contents of accepted frames.
    var isInsideFrames: Bool {
        switch self {
        case .beforeFirstPacket, .interruptedPacket, .packetVersion, .packetLength, .incompletePacket: true
        case .unsynchronized, .truncatedFrame, .uncorrectable, .frameVersion, .frameHeader, .frameCheck,
            .foreignSpacecraft, .duplicateFrame:
            false
        }
    }
}
