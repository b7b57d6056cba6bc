public import TestSupport

/// What becomes of a stream on its way, and which frames nobody can get back.
public struct SpoiltStream: Sendable {
    /// Bits that are replaced by others; either may be none.
    public struct Edit: Sendable {
        let removed: Range<Int>
        let source: [UInt8]
        let inserted: Range<Int>

        /// Loses bits.
        public static func remove(_ bits: Range<Int>) -> Edit { Edit(removed: bits, source: [], inserted: 0..<0) }

        /// Inserts bits that begin the octets given.
        public static func insert(_ octets: [UInt8], count: Int, at bit: Int) -> Edit {
            Edit(removed: bit..<bit, source: octets, inserted: 0..<count)
        }

        /// Sends bits of a stream once more.
        public static func copy(_ bits: Range<Int>, of octets: [UInt8], at bit: Int) -> Edit {
            Edit(removed: bit..<bit, source: octets, inserted: bits)
        }

        /// Inserts noise.
        public static func insertNoise(_ count: Int, at bit: Int, _ generator: inout SeededGenerator) -> Edit {
            .insert(generator.octets((count + 7) / 8), count: count, at: bit)
        }

        /// Puts noise in the place of bits.
        public static func noise(_ bits: Range<Int>, _ generator: inout SeededGenerator) -> Edit {
            Edit(removed: bits, source: generator.octets((bits.count + 7) / 8), inserted: 0..<bits.count)
        }

        /// Turns bits over.
        public static func flip(_ bit: Int, of octets: [UInt8]) -> Edit {
            Edit(removed: bit..<bit + 1, source: [~(octets[bit / 8] << UInt8(bit % 8))], inserted: 0..<1)
        }
    }

    /// What arrives.
    public var octets: [UInt8]
    /// The frames whose codeblocks do not arrive whole; all others must be delivered.
    public var destroyed: Set<Int>
    /// The frames that arrive whole twice, but not at once.
    public var repeated: Set<Int> = []

    /// A stream whose damage is known.
    public init(octets: [UInt8], destroyed: Set<Int>) {
        self.octets = octets
        self.destroyed = destroyed
    }

    /// Edits a stream.
    ///
    /// - Parameters:
    ///   - stream: The stream as sent.
    ///   - edits: What happens to it, in order of place, without overlap.
    ///   - isMended: Whether the code mends what they do.
    public init(_ stream: SentStream, _ edits: [Edit], isMended: Bool = false) {
        var joiner = BitJoiner()
        var place = 0
        destroyed = []
        for edit in edits {
            joiner.append(place..<edit.removed.lowerBound, of: stream.octets)
            joiner.append(edit.inserted, of: edit.source)
            place = edit.removed.upperBound
            guard !isMended else { continue }
            destroyed.formUnion(stream.frames(touchedBy: edit.removed))
            if edit.removed.isEmpty { destroyed.formUnion(stream.frames(cutAt: place)) }
        }
        joiner.append(place..<stream.count, of: stream.octets)
        octets = joiner.octets
    }

    /// Sends a part of a stream twice.
    init(_ stream: SentStream, twice bits: Range<Int>) {
        self.init(stream, [.copy(bits, of: stream.octets, at: bits.upperBound)])
        let whole = (0..<stream.frames).filter { frame in
            let codeblock = stream.codeblock(frame)
            return bits.lowerBound <= codeblock.lowerBound && codeblock.upperBound <= bits.upperBound
        }
        if bits.count > stream.period { repeated = Set(whole) }
    }
}
