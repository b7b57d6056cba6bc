import ChannelCoding

/// Codes frames anew: whole frames in; codeblocks behind markers out, as a ``LinkDecoder`` of ``link`` reads them.
///
/// Where ``LinkEncoder`` makes frames of packets, this takes frames as they are, their counts and trailers too: what
/// several recordings have of a downlink becomes one recording again.
public struct FrameRecoder: Sendable {
    /// The link of what comes out: hard bits, aligned octets, nothing around them.
    public let link: LinkDescription

    private let marker: [UInt8]
    private let randomizer: PseudoRandomizer?
    private let encoder: BlockEncoder
    private var unit: [UInt8] = []

    /// Makes a recoder.
    ///
    /// - Parameter source: The link whose marker, randomiser and block code are used.
    /// - Throws: `.unsupported` for links without a code, and what ``LinkDescription/validate()`` throws.
    public init(_ source: LinkDescription) throws(LinkDescriptionError) {
        guard source.isCoded else {
            throw .unsupported(feature: "A code for frames of a link that names none")
        }
        var link = source
        link.input = .cadu
        link.envelope = .none
        link.nrzm = false
        link.convolutional = nil
        try link.validate()
        self.link = link
        marker = link.marker.pattern
        randomizer = link.randomizer.sequence
        encoder = try BlockEncoder(link)
    }

    /// Codes a frame.
    ///
    /// - Parameters:
    ///   - frame: The frame; one of another length than the link's is left out.
    ///   - emit: Called with marker and codeblock.
    /// - Returns: Whether the frame has the link's length.
    public mutating func push(_ frame: Span<UInt8>, _ emit: (Span<UInt8>) -> Void) -> Bool {
        guard frame.count == link.frameLength else { return false }
        var octets: [UInt8] = []
        octets.append(frame)
        var codeblock = encoder.encoded(octets)
        var span = codeblock.mutableSpan
        randomizer?.apply(to: &span)
        unit.removeAll(keepingCapacity: true)
        unit += marker
        unit += codeblock
        emit(unit.span)
        return true
    }
}
