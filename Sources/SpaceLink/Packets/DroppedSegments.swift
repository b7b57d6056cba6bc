/// Packets of a segmented group that a ``PacketReassembler`` could not join.
public struct DroppedSegments: Sendable, Hashable {
    /// Why they make no whole unit.
    public enum Reason: String, Sendable, Codable, CaseIterable {
        /// A segment between two others is missing, or came out of order.
        case missingSegment
        /// A segment came that no first one started.
        case withoutFirst
        /// Another unit started before the last segment came.
        case withoutLast
        /// A segment was broken off by a gap.
        case partialSegment
        /// The unit is longer than the reassembler takes, or more are open than it holds.
        case tooLong
        /// The input ends before the last segment.
        case unfinished
    }

    /// Why they were dropped.
    public var reason: Reason
    /// Who sends.
    public var spacecraft: Int
    /// The virtual channel.
    public var virtualChannel: Int
    /// The application process.
    public var apid: Int
    /// The sequence count of the first of them.
    public var firstSequence: Int
    /// How many packets they are.
    public var segments: Int
    /// Their octets, headers included.
    public var octets: Int
    /// Octets of input before the frame, or packet, where the first of them begins.
    public var inputOffset: Int64
}
