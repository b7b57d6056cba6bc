/// A communications link control word: what the craft says of the commands that it received.
///
/// CCSDS 232.0-B, Communications Link Control Word; four octets in the operational control field of frames.
public struct CLCW: Sendable, Hashable {
    /// The length in octets.
    public static let length = 4

    /// Three bits left to the mission.
    public var status: UInt8 = 0
    /// The command operation procedure in effect; 1 is COP-1.
    public var copInEffect: UInt8 = 1
    /// The telecommand virtual channel that this word reports on, 0 to 63.
    public var virtualChannel: UInt8 = 0
    /// Whether the physical layer is not available.
    public var noRFAvailable = false
    /// Whether the receiver has no bit lock.
    public var noBitLock = false
    /// Whether the frame acceptance is locked out.
    public var lockout = false
    /// Whether the receiver asks to wait.
    public var wait = false
    /// Whether the receiver asks for retransmission.
    public var retransmit = false
    /// The count of bypass frames, modulo 4.
    public var farmBCounter: UInt8 = 0
    /// The next frame sequence number that is expected.
    public var reportValue: UInt8 = 0

    /// Makes a word that reports channel 0, nothing received and nothing wrong.
    public init() {}

    /// Decodes the word, or nothing if the field holds no CLCW: too short, or control word type 1.
    ///
    /// - Parameter octets: The operational control field.
    public init?(decoding octets: Span<UInt8>) {
        guard octets.count >= Self.length, octets[0] & 0x80 == 0 else { return nil }
        status = octets[0] >> 2 & 7
        copInEffect = octets[0] & 3
        virtualChannel = octets[1] >> 2
        noRFAvailable = octets[2] & 0x80 != 0
        noBitLock = octets[2] & 0x40 != 0
        lockout = octets[2] & 0x20 != 0
        wait = octets[2] & 0x10 != 0
        retransmit = octets[2] & 0x08 != 0
        farmBCounter = octets[2] >> 1 & 3
        reportValue = octets[3]
    }

    /// The four octets of the word.
    ///
    /// - Returns: The octets in order of transmission.
    public func encode() -> [UInt8] {
        var flags = (farmBCounter & 3) << 1
        if noRFAvailable { flags |= 0x80 }
        if noBitLock { flags |= 0x40 }
        if lockout { flags |= 0x20 }
        if wait { flags |= 0x10 }
        if retransmit { flags |= 0x08 }
        return [(status & 7) << 2 | copInEffect & 3, (virtualChannel & 0x3F) << 2, flags, reportValue]
    }
}
