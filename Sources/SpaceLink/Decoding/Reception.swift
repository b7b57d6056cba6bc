/// How well the frames were received that a packet lies in.
struct Reception: Sendable, Equatable, Codable {
    /// The worst quality.
    var quality: FrameQuality
    /// The most wrong bits in a marker.
    var markerErrors = 0
    /// Whether a marker was not found at all.
    var isFlywheel = false
    /// Whether bits were inverted.
    var isInverted = false

    /// Adds a further frame.
    mutating func join(_ other: Reception) {
        quality = quality.worst(other.quality)
        markerErrors = max(markerErrors, other.markerErrors)
        isFlywheel = isFlywheel || other.isFlywheel
        isInverted = isInverted || other.isInverted
    }
}
