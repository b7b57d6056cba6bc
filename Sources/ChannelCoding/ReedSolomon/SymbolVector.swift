/// Thirty-two elements of the field side by side, the first in the lowest octet of the first lane.
///
/// As a polynomial the first element belongs to the lowest power.
typealias SymbolVector = SIMD4<UInt64>

extension SIMD4<UInt64> {
    /// One element, by its place from 0 to 31.
    @inline(__always)
    func symbol(_ index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: self[index >> 3 & 3] >> UInt64(8 * (index & 7)))
    }

    /// The polynomial multiplied by its unknown; what leaves at the top is lost.
    @inline(__always)
    var raised: Self {
        let carried = self &>> 56
        return self &<< 8 | Self(0, carried[0], carried[1], carried[2])
    }

    /// Every element multiplied by one factor.
    ///
    /// Bit k of an element stands for the k-th power of the generator, so the product is the sum of the factor's
    /// eight multiples, each masked by one bit of every element.
    @inline(__always)
    func scaled(by factor: UInt8) -> Self {
        guard factor != 0 else { return .zero }
        let powers = GaloisField.powers
        let logarithm = Int(GaloisField.logarithms[Int(factor)])
        var sum = Self.zero
        for k in 0..<8 {
            let bits = (self &>> UInt64(k)) & Self(repeating: 0x0101_0101_0101_0101)
            let mask = (bits &<< 8) &- bits
            sum ^= mask & Self(repeating: UInt64(powers[logarithm + k]) &* 0x0101_0101_0101_0101)
        }
        return sum
    }

    /// The highest place that is not zero, or -1.
    var degree: Int {
        for lane in (0..<4).reversed() where self[lane] != 0 {
            return 8 * lane + 7 - self[lane].leadingZeroBitCount / 8
        }
        return -1
    }
}
