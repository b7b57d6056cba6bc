/// Takes what a decoder finds, in order.
///
/// Every method does nothing unless it is written. Spans are views that end with the call: who keeps octets copies them.
/// A frame comes before the packets that end in it; a discard comes when it is known.
public protocol LinkSink: ~Copyable {
    /// Takes an accepted frame, or a bad one if the decoder keeps those: whole, corrected, error control included.
    ///
    /// - Parameters:
    ///   - frame: What is known of it.
    ///   - octets: The frame from its first header to its last trailer.
    mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>)

    /// Takes the whole codeblock of a frame that cannot be corrected, behind the frame, if the decoder keeps bad ones.
    ///
    /// - Parameters:
    ///   - frame: What is known of the frame.
    ///   - octets: The codeblock without randomiser; its codewords that can be corrected are.
    mutating func uncorrectable(_ frame: FrameRecord, codeblock octets: Span<UInt8>)

    /// Takes a complete packet, idle ones too; and the start of a broken one if the decoder keeps those.
    ///
    /// - Parameters:
    ///   - packet: What is known of it.
    ///   - octets: The packet from its primary header on.
    mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>)

    /// Takes an entry of the ledger.
    ///
    /// - Parameter discard: Which octets were discarded, and why.
    mutating func discard(_ discard: Discard)

    /// Takes a step in a channel's frame count.
    ///
    /// - Parameter gap: Where it is and how far.
    mutating func gap(_ gap: ChannelGap)

    /// Takes note of segments that make no whole unit; only a ``PacketReassembler`` tells of them.
    ///
    /// - Parameter segments: Which packets they were, and why they were dropped.
    mutating func droppedSegments(_ segments: DroppedSegments)
}

extension LinkSink where Self: ~Copyable {
    /// Does nothing.
    public mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>) {}
    /// Does nothing.
    public mutating func uncorrectable(_ frame: FrameRecord, codeblock octets: Span<UInt8>) {}
    /// Does nothing.
    public mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {}
    /// Does nothing.
    public mutating func discard(_ discard: Discard) {}
    /// Does nothing.
    public mutating func gap(_ gap: ChannelGap) {}
    /// Does nothing.
    public mutating func droppedSegments(_ segments: DroppedSegments) {}
}
