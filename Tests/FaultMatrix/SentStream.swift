/// A stream of markers and codeblocks back to back, with what must be known of it to spoil it.
public struct SentStream: Sendable {
    /// The octets on the link.
    public let octets: [UInt8]
    /// The bits of a marker.
    public let markerBits: Int
    /// The bits from one marker to the next.
    public let period: Int
    /// The codewords of a Reed-Solomon codeblock, 0 if there is no code.
    public let codewords: Int
    /// The symbols that may be wrong in each of them.
    public let correctable: Int

    /// Describes a stream.
    public init(octets: [UInt8], markerBits: Int, period: Int, codewords: Int, correctable: Int) {
        self.octets = octets
        self.markerBits = markerBits
        self.period = period
        self.codewords = codewords
        self.correctable = correctable
    }

    /// The bits of the stream.
    public var count: Int { 8 * octets.count }

    /// The frames of the stream.
    public var frames: Int { count / period }

    /// The bits of a frame's marker.
    public func marker(_ frame: Int) -> Range<Int> { frame * period..<frame * period + markerBits }

    /// The bits of a frame's codeblock.
    public func codeblock(_ frame: Int) -> Range<Int> { frame * period + markerBits..<(frame + 1) * period }

    /// The frames whose codeblocks are cut at a place.
    func frames(cutAt bit: Int) -> Set<Int> {
        let frame = bit / period
        return frame < frames && bit > codeblock(frame).lowerBound ? [frame] : []
    }

    /// The frames whose codeblocks have bits in a range.
    func frames(touchedBy bits: Range<Int>) -> Set<Int> {
        guard !bits.isEmpty else { return [] }
        let near = max(0, bits.lowerBound / period)...min(frames - 1, (bits.upperBound - 1) / period)
        return Set(near.filter { codeblock($0).overlaps(bits) })
    }
}
