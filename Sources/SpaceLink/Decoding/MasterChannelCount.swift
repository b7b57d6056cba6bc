/// The frame count of one TM master channel, over all its virtual channels.
public struct MasterChannelCount: Sendable, Hashable {
    /// Whose channel it is.
    public let spacecraft: Int
    /// Accepted frames.
    public private(set) var frames = 0
    /// The last count, modulo 256.
    public private(set) var lastCount = 0
    /// Steps of the count that leave out frames.
    public private(set) var gaps = 0
    /// How many frames they leave out.
    public private(set) var missing = 0

    init(spacecraft: Int) { self.spacecraft = spacecraft }

    init(spacecraft: Int, _ run: MasterChain.Run) {
        self.spacecraft = spacecraft
        frames = run.frames
        lastCount = run.last
        gaps = run.gaps
        missing = run.missing
    }

    /// Takes the next frame's count.
    mutating func follow(_ count: Int) {
        if frames > 0 {
            let step = (count - lastCount - 1) & 0xFF
            gaps += step > 0 ? 1 : 0
            missing += step
        }
        frames += 1
        lastCount = count
    }
}
