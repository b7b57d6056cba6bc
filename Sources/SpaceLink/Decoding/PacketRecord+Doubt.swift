extension PacketRecord {
    /// Whether the octets may well be wrong, though the packet has its form.
    ///
    /// A check that held leaves no doubt. Without one, noise that spoilt the marker, took it away, or cost frames just
    /// before has likely reached these octets too.
    public var isDoubtful: Bool {
        switch quality {
        case .good, .corrected: false
        case .unchecked: gapBefore || isFlywheel || markerErrors > 0
        case .uncorrectable, .crcFailed: true
        }
    }
}
