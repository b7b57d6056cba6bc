/// A polynomial over GF(2) modulo xⁿ + 1, which is what a circulant matrix is.
struct CyclicPolynomial: Sendable, Hashable {
    /// n.
    let size: Int
    /// The coefficients, that of x⁰ first in the least significant bit.
    private(set) var words: [UInt64]

    /// Makes zero.
    init(size: Int) {
        self.size = size
        words = [UInt64](repeating: 0, count: (size + 63) / 64)
    }

    /// Makes a power of x.
    init(size: Int, exponent: Int) {
        self.init(size: size)
        let place = ((exponent % size) + size) % size
        words[place / 64] = 1 << UInt64(place % 64)
    }

    /// Makes a polynomial of coefficients, each of which is 0 or 1.
    init(_ bits: ArraySlice<UInt8>) {
        self.init(size: bits.count)
        for (place, bit) in bits.enumerated() { words[place / 64] |= UInt64(bit & 1) << UInt64(place % 64) }
    }

    /// A coefficient.
    subscript(place: Int) -> UInt8 { UInt8(truncatingIfNeeded: words[place / 64] >> UInt64(place % 64) & 1) }

    /// Whether nothing is in it.
    var isZero: Bool { words.allSatisfy { $0 == 0 } }

    /// Whether the number of terms is odd; if n is a power of two, these have an inverse.
    var isOdd: Bool { !words.reduce(0) { $0 + $1.nonzeroBitCount }.isMultiple(of: 2) }

    /// Adds another polynomial.
    mutating func add(_ other: CyclicPolynomial) {
        for index in words.indices { words[index] ^= other.words[index] }
    }

    /// Turns every coefficient over.
    mutating func complement() {
        for index in words.indices { words[index] = ~words[index] }
        trim()
    }

    /// The product with another polynomial.
    func multiplied(by other: CyclicPolynomial) -> CyclicPolynomial {
        // Twice as long as a factor, so that the wrap comes once, at the end.
        var sum = [UInt64](repeating: 0, count: 2 * words.count + 1)
        var target = sum.mutableSpan
        let factor = other.words.span
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                let shift = UInt64(rest.trailingZeroBitCount)
                rest &= rest &- 1
                var carry: UInt64 = 0
                for place in 0..<factor.count {
                    let value = factor[place]
                    target[index + place] ^= value << shift | carry
                    carry = shift == 0 ? 0 : value >> (64 - shift)
                }
                target[index + factor.count] ^= carry
            }
        }
        return CyclicPolynomial(size: size, folding: sum)
    }

    private init(size: Int, folding sum: [UInt64]) {
        self.init(size: size)
        for index in words.indices {
            let bit = size + 64 * index
            let shift = UInt64(bit % 64)
            var high = bit / 64 < sum.count ? sum[bit / 64] >> shift : 0
            if shift > 0, bit / 64 + 1 < sum.count { high |= sum[bit / 64 + 1] << (64 - shift) }
            words[index] = sum[index] ^ high
        }
        trim()
    }

    private mutating func trim() {
        let rest = UInt64(size % 64)
        if rest > 0 { words[words.count - 1] &= 1 << rest - 1 }
    }

    /// The square: every exponent doubles.
    private var squared: CyclicPolynomial {
        var square = CyclicPolynomial(size: size)
        for place in 0..<size where self[place] == 1 {
            let target = 2 * place % size
            square.words[target / 64] ^= 1 << UInt64(target % 64)
        }
        return square
    }

    /// The inverse, if n is a power of two.
    ///
    /// Then u to the n is u(1), which is 1 for odd polynomials, so the inverse is u to the n − 1: the product of
    /// u, u², u⁴ and so on.
    var inverse: CyclicPolynomial {
        var power = self
        var product = self
        for _ in 1..<max(size.trailingZeroBitCount, 1) {
            power = power.squared
            product = product.multiplied(by: power)
        }
        return product
    }
}
