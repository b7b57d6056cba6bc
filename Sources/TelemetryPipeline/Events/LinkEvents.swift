public import SpaceLink

/// One discarded stretch, as in the event `discard`.
public struct DiscardEvent: Encodable, Sendable {
    private let offset: Int64
    private let length: Int
    private let reason: DiscardReason
    private let rule: String
    private let frame: Int?
    private let spacecraft: Int?
    private let virtualChannel: Int?

    /// Takes an entry of the ledger.
    public init(_ discard: Discard) {
        offset = discard.offset
        length = discard.length
        reason = discard.reason
        rule = discard.rule
        frame = discard.frame
        spacecraft = discard.spacecraft
        virtualChannel = discard.virtualChannel
    }
}

/// One step of a frame count, as in the event `gap`.
public struct GapEvent: Encodable, Sendable {
    private let spacecraft: Int
    private let virtualChannel: Int
    private let frame: Int
    private let offset: Int64
    private let countBefore: UInt64
    private let countBehind: UInt64
    private let missing: Int
    private let reset: Bool

    /// Takes a gap.
    public init(_ gap: ChannelGap) {
        spacecraft = gap.spacecraft
        virtualChannel = gap.virtualChannel
        frame = gap.frame
        offset = gap.inputOffset
        countBefore = gap.countBefore
        countBehind = gap.countBehind
        missing = gap.missing
        reset = gap.isReset
    }
}

extension TelemetryInput {
    /// The effective link as JSON for people.
    ///
    /// - Returns: The text.
    /// - Throws: What the encoder throws.
    public func linkText() throws -> String { String(decoding: try JSONFile.encode(link, pretty: true), as: UTF8.self) }
}
