/// What is known of a frame that an encoder made.
public struct EncodedFrame: Sendable, Hashable {
    /// The virtual channel.
    public let virtualChannel: Int
    /// The count of frames of the virtual channel.
    public let frameCount: UInt64
    /// The frame's number among all that the encoder made, from 0.
    public let index: Int
    /// Whether the frame carries only idle data.
    public let isIdle: Bool
}
