public import SpaceLink

/// How far the values of a packet can be believed, as it stands beside them in NDJSON.
///
/// `quality` is always there: `good`, `corrected`, `unchecked`, `uncorrectable` or `crcFailed`, that of the worst of the
/// packet's frames. All other keys are there only where they say something.
public struct SampleQuality: Encodable, Sendable, Hashable {
    private let packet: PacketRecord

    /// Takes what is known of a packet.
    public init(_ packet: PacketRecord) { self.packet = packet }

    private enum Keys: String, CodingKey {
        case quality
        case correctedSymbols
        case markerErrors
        case flywheel
        case gapBefore
        case partial
        case doubtful
    }

    /// Writes the keys that say something.
    public func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: Keys.self)
        try keys.encode(packet.quality.name, forKey: .quality)
        if case .corrected(let symbols) = packet.quality { try keys.encode(symbols, forKey: .correctedSymbols) }
        if packet.markerErrors > 0 { try keys.encode(packet.markerErrors, forKey: .markerErrors) }
        if packet.isFlywheel { try keys.encode(true, forKey: .flywheel) }
        if packet.gapBefore { try keys.encode(true, forKey: .gapBefore) }
        if packet.isPartial { try keys.encode(true, forKey: .partial) }
        if packet.isDoubtful { try keys.encode(true, forKey: .doubtful) }
    }
}

extension FrameQuality {
    fileprivate var name: String {
        switch self {
        case .good: "good"
        case .corrected: "corrected"
        case .unchecked: "unchecked"
        case .uncorrectable: "uncorrectable"
        case .crcFailed: "crcFailed"
        }
    }
}
