/// CCSDS unsegmented time code (CUC): seconds since an epoch and a binary fraction.
///
/// CCSDS 301.0-B, CCSDS Unsegmented Time Code. The count knows no leap seconds.
public struct UnsegmentedTime: Sendable, Hashable {
    /// Octets of whole seconds, 1 to 7.
    public let coarseOctets: Int
    /// Octets of the fraction, 0 to 10.
    public let fineOctets: Int
    /// Where the count starts.
    public let epoch: TAITime

    /// Makes a code, or nothing if a width is none that the standard knows.
    public init?(coarseOctets: Int, fineOctets: Int, epoch: TAITime = TAITime(nanoseconds: 0)) {
        guard (1...7).contains(coarseOctets), (0...10).contains(fineOctets) else { return nil }
        self.coarseOctets = coarseOctets
        self.fineOctets = fineOctets
        self.epoch = epoch
    }

    /// The length of the time field in octets.
    public var length: Int { coarseOctets + fineOctets }

    /// Reads a preamble field: code 001 counts from 1958, code 010 from the mission's epoch.
    ///
    /// - Parameters:
    ///   - octets: The preamble and what follows.
    ///   - agencyEpoch: The mission's epoch.
    /// - Returns: The code and the length of its preamble, or nothing if this is no CUC preamble.
    static func preamble(_ octets: Span<UInt8>, agencyEpoch: TAITime) -> (code: UnsegmentedTime, length: Int)? {
        guard octets.count >= 1 else { return nil }
        let first = octets[0]
        guard first >> 4 & 7 == 1 || first >> 4 & 7 == 2 else { return nil }
        var coarse = Int(first >> 2 & 3) + 1
        var fine = Int(first & 3)
        var length = 1
        if first & 0x80 != 0 {
            guard octets.count >= 2, octets[1] & 0x80 == 0 else { return nil }
            coarse += Int(octets[1] >> 5 & 3)
            fine += Int(octets[1] >> 2 & 7)
            length = 2
        }
        let epoch = first >> 4 & 7 == 1 ? TAITime(nanoseconds: 0) : agencyEpoch
        return UnsegmentedTime(coarseOctets: coarse, fineOctets: fine, epoch: epoch).map { ($0, length) }
    }

    /// The preamble field that says this code.
    func preamble() -> [UInt8] {
        let code: UInt8 = epoch.nanoseconds == 0 ? 1 : 2
        let coarse = min(coarseOctets, 4)
        let fine = min(fineOctets, 3)
        let first = code << 4 | UInt8(coarse - 1) << 2 | UInt8(fine)
        guard coarseOctets > 4 || fineOctets > 3 else { return [first] }
        return [first | 0x80, UInt8(coarseOctets - coarse) << 5 | UInt8(fineOctets - fine) << 2]
    }

    /// Decodes a time field; the fraction is cut off at the nanosecond.
    ///
    /// - Parameter octets: The field from its first octet.
    /// - Returns: The instant, or nothing if octets are missing or it is out of range.
    public func decode(_ octets: Span<UInt8>) -> TAITime? {
        guard octets.count >= length else { return nil }
        let coarse = octets.uint64(at: 0, octets: coarseOctets)
        var fraction: UInt128 = 0
        for index in coarseOctets..<length { fraction = fraction << 8 | UInt128(octets[index]) }
        // Eighty bits of fraction times thirty of nanoseconds fit into 128.
        let nanoseconds = (fraction * 1_000_000_000) >> UInt128(8 * fineOctets)
        let total = Int128(coarse) * 1_000_000_000 + Int128(nanoseconds) + Int128(epoch.nanoseconds)
        return Int64(exactly: total).map { TAITime(nanoseconds: $0) }
    }

    /// Encodes an instant, rounded to the nearest step of the fraction, or up if steps are finer than a nanosecond.
    ///
    /// Decoding cuts off at the nanosecond, so that the same instant comes back wherever the field can hold it.
    ///
    /// - Parameter time: The instant; before the epoch it counts as the epoch, beyond the field modulo its range.
    /// - Returns: The time field.
    public func encode(_ time: TAITime) -> [UInt8] {
        let since = UInt128(max(0, Int128(time.nanoseconds) - Int128(epoch.nanoseconds)))
        let (seconds, rest) = since.quotientAndRemainder(dividingBy: 1_000_000_000)
        let rounding: UInt128 = fineOctets > 3 ? 999_999_999 : 500_000_000
        let scaled = (rest << UInt128(8 * fineOctets) + rounding) / 1_000_000_000
        // The fraction may round up to a whole second: add, not join.
        var value = seconds << UInt128(8 * fineOctets) + scaled
        var octets = [UInt8](repeating: 0, count: length)
        for index in octets.indices.reversed() {
            octets[index] = UInt8(truncatingIfNeeded: value)
            value >>= 8
        }
        return octets
    }
}
