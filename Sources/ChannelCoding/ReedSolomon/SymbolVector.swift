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
    @inline(__always)
    func scaled(by factor: UInt8) -> Self {
        var sum = Self.zero
        var unused = Self.zero
        Self.add(self, to: &sum, .zero, to: &unused, scaledBy: factor)
        return sum
    }

    /// Adds two vectors, every element multiplied by one factor, to two others.
    ///
    /// Bit k of an element stands for the k-th power of the generator, so a product is the sum of the factor's
    /// eight multiples by powers, each masked by one bit of every element.
    @inline(__always)
    static func add(
        _ first: Self,
        to firstSum: inout Self,
        _ second: Self,
        to secondSum: inout Self,
        scaledBy factor: UInt8
    ) {
        let ones = Self(repeating: 0x0101_0101_0101_0101)
        var multiple = UInt64(factor)
        var firstBits = first
        var secondBits = second
        for _ in 0..<8 {
            let spread = Self(repeating: multiple &* 0x0101_0101_0101_0101)
            let firstOnes = firstBits & ones
            let secondOnes = secondBits & ones
            firstSum ^= ((firstOnes &<< 8) &- firstOnes) & spread
            secondSum ^= ((secondOnes &<< 8) &- secondOnes) & spread
            firstBits = firstBits &>> 1
            secondBits = secondBits &>> 1
            multiple = multiple << 1 ^ (multiple >> 7) &* 0x187
        }
    }

    /// The highest place that is not zero, or -1.
    var degree: Int {
        for lane in (0..<4).reversed() where self[lane] != 0 {
            return 8 * lane + 7 - self[lane].leadingZeroBitCount / 8
        }
        return -1
    }
}
