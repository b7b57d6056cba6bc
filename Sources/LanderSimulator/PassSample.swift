/// The telemetry of one instant by role, as it stood before it was packed.
public struct PassSample: Sendable {
    /// Seconds from the start.
    public let time: Double
    /// The guidance mode.
    public let mode: String
    /// The roles; the same list in every sample of a pass.
    public let roles: [String]
    /// The values in SI units, in the order of the roles; not a number where there is none, the index for the mode.
    public let values: [Double]
}
