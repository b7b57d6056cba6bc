public import ChannelCoding

/// Everything that must be known of a link to decode it, or to encode for it.
///
/// It reads from and writes to JSON; every key is optional, unknown keys are refused:
/// ```json
/// {"input": "cadu", "randomizer": "short",
///  "block": {"code": "rs", "errors": 16, "interleave": 4, "basis": "dual"}, "frame": {"type": "aos"}}
/// {"input": "frames", "frame": {"type": "aos", "length": 220, "insertZone": 8}}
/// ```
/// What a key does not say has the default of its property here. Archives leave defaults out, so they never change.
/// ``validate()`` refuses combinations that cannot be; ``LinkDecoder`` and ``LinkEncoder`` call it.
public struct LinkDescription: Sendable, Hashable {
    /// What comes in.
    public enum Input: String, Sendable, Codable, CaseIterable {
        /// Octets of a hard bit stream with markers, aligned or not.
        case cadu
        /// Soft symbols of eight bits: positive means 1, the magnitude is confidence, 0 an erasure.
        case symbols
        /// Hard channel symbols, packed, before any convolutional decoding.
        case bits
        /// Codeblocks of fixed length without markers.
        case codeblocks
        /// Frames of fixed length, already decoded.
        case frames
        /// Packets back to back.
        case packets
    }

    /// What a station wraps around each unit.
    public enum Envelope: Sendable, Hashable {
        /// Nothing.
        case none
        /// KISS framing.
        case kiss
        /// UDP datagrams in a pcap file.
        case pcap
        /// So many octets before and behind each unit.
        case octets(header: Int, trailer: Int)
    }

    /// The convolutional code of rate 1/2 and its punctured forms.
    public struct Convolutional: Sendable, Hashable, Encodable {
        /// `1/2`, `2/3`, `3/4`, `5/6` or `7/8`.
        public var rate = "1/2"
        /// Whether the two symbols of a pair change places.
        public var swap = false
        /// Whether the second symbol is sent inverted.
        public var invertC2 = true

        /// Makes the code of rate 1/2 as CCSDS 131.0-B has it.
        public init() {}
    }

    /// How markers are found.
    public struct Marker: Sendable, Hashable {
        /// What happens when a marker is missing.
        public enum Recovery: String, Sendable, Codable {
            /// Search again behind the last good marker, and let the better candidate win.
            case research
            /// Go on at the expected place.
            case flywheel
        }

        /// The octets of the marker.
        public var pattern: [UInt8] = [0x1A, 0xCF, 0xFC, 0x1D]
        /// Bit errors allowed while searching.
        public var searchTolerance = 3
        /// Bit errors allowed in lock.
        public var lockTolerance = 3
        /// Further markers that must confirm the first.
        public var verify = 1
        /// Markers that may be missing in a row.
        public var flywheel = 2
        /// Bits that a marker may be early or late in lock.
        public var slipWindow = 2
        /// Whether an inverted stream is taken too.
        public var inverted = true
        /// What happens when a marker is missing.
        public var recovery = Recovery.research

        /// Makes the settings for the marker of CCSDS 131.0-B, Attached Sync Marker.
        public init() {}
    }

    /// The pseudo-randomiser.
    public enum Randomizer: String, Sendable, Codable, CaseIterable {
        /// The sequence of 255 bits.
        case short
        /// The sequence of 131071 bits.
        case long
        /// No randomiser.
        case none
    }

    /// The block code.
    public enum Block: Sendable, Hashable {
        /// Reed-Solomon.
        case reedSolomon(ReedSolomonBlock)
        /// Low-density parity check: the family (`ar4ja`, `c2`), rate and information bits.
        case lowDensityParityCheck(family: String, rate: String, informationBits: Int)
        /// Turbo: rate and information bits.
        case turbo(rate: String, informationBits: Int)
        /// No block code; the codeblock is the frame. Its length, if not said under `frame`.
        case none(length: Int?)
    }

    /// A Reed-Solomon code, its interleaving and virtual fill.
    public struct ReedSolomonBlock: Sendable, Hashable {
        /// Symbols that a codeword corrects: 16 or 8.
        public var errors = 16
        /// Codewords in a codeblock: 1, 2, 3, 4, 5 or 8.
        public var interleave = 5
        /// The basis of the symbols on the link.
        public var basis = ReedSolomon.Code.Basis.dual
        /// Octets of each codeword that are not sent.
        public var virtualFill = 0

        /// Makes the code (255,223), interleaved by five.
        public init() {}

        /// The octets of a frame.
        public var dataLength: Int { interleave * (255 - 2 * errors - virtualFill) }
        /// The octets of a codeblock.
        public var codeblockLength: Int { interleave * (255 - virtualFill) }
    }

    /// The transfer frame.
    public struct Frame: Sendable, Hashable, Encodable {
        /// Which protocol the frames are of.
        public enum Kind: String, Sendable, Codable, CaseIterable {
            /// CCSDS 732.0-B.
            case aos
            /// CCSDS 132.0-B.
            case tm
            /// CCSDS 732.1-B.
            case uslp
        }

        /// Which protocol the frames are of.
        public var type = Kind.aos
        /// The octets of a frame; follows from the block code where there is one.
        ///
        /// Without a block code, or where frames come in, USLP frames whose length is not given say it themselves.
        public var length: Int?
        /// The octets of truncated USLP frames, which do not say it; 0 if the link has none.
        public var truncatedLength = 0
        /// The octets of the count of USLP frames that are sent, 0 to 7; those that come in say it.
        public var countLength = 3
        /// Whether frames end with a frame error control field.
        public var fecf = false
        /// The bits of that field: 16, or 32 in USLP frames.
        public var fecfBits = 16
        /// Whether AOS headers are protected by their own code.
        public var fhec = false
        /// Octets of the insert zone (AOS and USLP).
        public var insertZone = 0
        /// Whether AOS frames carry an operational control field; TM and USLP frames say so themselves.
        public var ocf = false
        /// Octets of the secondary header that TM frames must have; 0 if they say it themselves.
        public var secondaryHeader = 0
        /// The spacecraft whose frames are accepted; all if absent.
        public var spacecraft: [Int]?

        /// Makes an AOS frame without options.
        public init() {}
    }

    /// What the frames of a virtual channel carry.
    public enum ChannelContent: String, Sendable, Codable, CaseIterable {
        /// Packets.
        case packets
        /// A stream of bits.
        case bitstream
        /// Octets of a structure that is not known here.
        case opaque
        /// Nothing.
        case idle
    }

    /// What comes in.
    public var input = Input.cadu
    /// What a station wraps around each unit.
    public var envelope = Envelope.none
    /// Whether bits are sent as changes (NRZ-M).
    public var nrzm = false
    /// The convolutional code, if any.
    public var convolutional: Convolutional?
    /// How markers are found.
    public var marker = Marker()
    /// The pseudo-randomiser.
    public var randomizer = Randomizer.short
    /// The block code.
    ///
    /// ``marker`` follows it, as far as it was the marker of the code before.
    public var block = Block.reedSolomon(ReedSolomonBlock()) {
        didSet { marker.follow(from: oldValue, to: block) }
    }
    /// The transfer frame.
    public var frame = Frame()
    /// What virtual channels carry that do not carry packets.
    public var channels: [Int: ChannelContent] = [:]

    /// Makes a description of defaults: CADUs, Reed-Solomon (255,223) interleaved by five, AOS frames.
    public init() {}

    /// The octets of a frame, or nothing if neither the block code nor the description of the frame says it.
    public var frameLength: Int? {
        if let length = frame.length { return length }
        // Bare USLP frames say their length themselves.
        if frame.type == .uslp, input == .frames { return nil }
        switch block {
        case .reedSolomon(let code): return code.dataLength
        case .lowDensityParityCheck(_, _, let bits), .turbo(_, let bits): return bits / 8
        case .none(let length): return length
        }
    }

    /// The octets between two markers.
    package var codeblockLength: Int? {
        if let bits = block.codeblockBits { return (bits + 7) / 8 }
        return frameLength
    }

    /// Whether each frame says how long it is, as USLP frames can.
    package var hasVariableFrames: Bool { frame.type == .uslp && frameLength == nil }

    /// Whether frames follow markers.
    var hasMarkers: Bool { input == .cadu || input == .bits || input == .symbols }

    /// Whether markers, randomiser and block code take part.
    var isCoded: Bool {
        switch input {
        case .cadu, .symbols, .bits, .codeblocks: true
        case .frames, .packets: false
        }
    }
}
