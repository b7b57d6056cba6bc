/// What a decoder has seen so far: ledger, frames, channels, packets.
///
/// Its JSON is that of the last object that inspection of a link prints.
public struct LinkSummary: Sendable, Hashable, Codable {
    /// Frames by what became of them; `total` is the sum of all but `correctedSymbols`.
    public struct Frames: Sendable, Hashable, Codable {
        /// All frames.
        public var total = 0
        /// Frames without an error.
        public var good = 0
        /// Frames of links that cannot tell.
        public var unchecked = 0
        /// Frames that the block code corrected.
        public var corrected = 0
        /// How many symbols it corrected.
        public var correctedSymbols = 0
        /// Frames that the block code could not correct.
        public var uncorrectable = 0
        /// Frames whose error control field does not hold.
        public var crcFailed = 0
        /// The indices of those frames; the first 10000.
        public var crcFailedIndices: [Int] = []
        /// Frames refused for their version, header or spacecraft.
        public var rejected = 0

        /// Makes a count of nothing.
        public init() {}
    }

    /// The packets of one application process on one channel.
    public struct Application: Sendable, Hashable, Codable {
        /// The application process.
        public var apid: Int
        /// Its packets.
        public var packets: Int
        /// Their octets, headers included.
        public var octets: Int
        /// The sequence count of the first.
        public var firstSequence: Int
        /// The sequence count of the last.
        public var lastSequence: Int
        /// Steps of the sequence count that leave out packets.
        public var gaps: Int
        /// How many packets they leave out.
        public var missing: Int
    }

    /// One virtual channel of one spacecraft.
    public struct Channel: Sendable, Hashable, Codable {
        /// Who sends.
        public var spacecraft: Int
        /// The virtual channel.
        public var virtualChannel: Int
        /// Accepted frames without repetitions.
        public var frames: Int
        /// The count of the first frame.
        public var firstCount: Int
        /// The count of the last frame.
        public var lastCount: Int
        /// Steps of the frame count that leave out frames.
        public var gaps: Int
        /// How many frames they leave out.
        public var missing: Int
        /// Repetitions of the frame before.
        public var duplicates: Int
        /// Steps of the frame count that are too far for a gap.
        public var resets: Int
        /// Complete packets, idle ones too.
        public var packets: Int
        /// Their octets, headers included.
        public var packetOctets: Int
        /// Space packets by application process, in order.
        public var apids: [Application]
    }

    /// The octets of input whose fate is known: all of them once the decoder is finished.
    public var octets: Int
    /// Octets of accepted frames and packets.
    public var used: Int
    /// All other octets, by reason; reasons that did not occur are left out.
    public var discarded: [DiscardReason: Int]
    /// Frames by what became of them.
    public var frames: Frames
    /// Channels in order of spacecraft and virtual channel.
    public var channels: [Channel]

    /// Whether used and discarded octets make up the input.
    public var balances: Bool { used >= 0 && used + discarded.values.reduce(0, +) == octets }
}
