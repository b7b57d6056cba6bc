/// What became of a codeword that was decoded from soft symbols.
public struct SoftDecodingOutcome: Sendable, Hashable {
    /// Whether the code holds in the end.
    public var isCorrectable: Bool
    /// The received bits that were turned over, erasures not counted; 0 if the codeword could not be corrected.
    public var correctedBits: Int
    /// The iterations that it took.
    public var iterations: Int
}
