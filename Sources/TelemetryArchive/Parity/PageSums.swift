/// Sums over pages, by which missing pages are found again: syndromes of RS(64,60), for each octet of a page.
///
/// The pages of a codeword are the coefficients of a polynomial, highest first; root r is α^r in the field of 256
/// elements of x⁸ + x⁴ + x³ + x² + 1, whose α is 2. A sum is that polynomial's value at a root, by Horner's rule, so
/// that each page costs doublings and exclusive or alone. Eight octets are worked on in one word: the field's elements do
/// not touch each other.
struct PageSums {
    /// Sums for each codeword: one for each page that may be missing.
    static let roots = 4
    private static let wordsInPage = ParityGeometry.pageLength / 8

    /// A page of words for each root of each codeword.
    private var sums: [[UInt64]]
    /// The page that is being taken, in words.
    private var page = [UInt64](repeating: 0, count: PageSums.wordsInPage)

    /// Zero for so many codewords.
    init(codewords: Int) {
        let zero = [UInt64](repeating: 0, count: PageSums.wordsInPage)
        sums = Array(repeating: zero, count: codewords * PageSums.roots)
    }

    /// Takes the next page of a codeword.
    mutating func push(_ octets: Span<UInt8>, codeword: Int = 0) {
        precondition(octets.count == ParityGeometry.pageLength)
        for index in page.indices {
            let eight = octets.extracting(8 * index..<8 * index + 8)
            var word: UInt64 = 0
            for octet in 0..<8 { word |= UInt64(eight[octet]) << UInt64(8 * octet) }
            page[index] = word
        }
        take(codeword)
    }

    /// Takes a page of zeros, or one that is missing.
    mutating func pushNothing(codeword: Int = 0) {
        for index in page.indices { page[index] = 0 }
        take(codeword)
    }

    private mutating func take(_ codeword: Int) {
        let place = codeword * PageSums.roots
        PageSums.add(page, to: &sums[place]) { $0 }
        PageSums.add(page, to: &sums[place + 1]) { PageSums.doubled($0) }
        PageSums.add(page, to: &sums[place + 2]) { PageSums.doubled(PageSums.doubled($0)) }
        PageSums.add(page, to: &sums[place + 3]) { PageSums.doubled(PageSums.doubled(PageSums.doubled($0))) }
    }

    /// The pages that were pushed as nothing.
    ///
    /// - Parameters:
    ///   - codeword: Which codeword.
    ///   - missing: The exponents of these pages, at most four and all different.
    ///   - remaining: Pages of nothing at the end that were not pushed.
    /// - Returns: The pages, in the order of the exponents.
    func pages(codeword: Int = 0, missing: [Int], remaining: Int = 0) -> [[UInt8]] {
        var inverse = GaloisMatrix.inverse(exponents: missing)
        for root in missing.indices {
            let shift = Galois.power(root * remaining)
            for row in missing.indices { inverse[row][root] = Galois.product(inverse[row][root], shift) }
        }
        return inverse.map { factors in
            var page = [UInt64](repeating: 0, count: PageSums.wordsInPage)
            let nothing = page
            // Horner's rule again, over the bits of all factors at once.
            for bit in (0..<8).reversed() {
                PageSums.add(nothing, to: &page) { PageSums.doubled($0) }
                for (root, factor) in factors.enumerated() where factor >> UInt8(bit) & 1 != 0 {
                    PageSums.add(sums[codeword * PageSums.roots + root], to: &page) { $0 }
                }
            }
            var octets: [UInt8] = []
            octets.reserveCapacity(ParityGeometry.pageLength)
            for word in page {
                for octet in 0..<8 { octets.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * octet))) }
            }
            return octets
        }
    }

    /// Adds a page to a sum that is multiplied first; inlined, so that each multiplication has a loop of its own.
    @inline(__always)
    private static func add(_ page: [UInt64], to sum: inout [UInt64], _ multiplied: (UInt64) -> UInt64) {
        let words = page.span
        var sums = sum.mutableSpan
        precondition(words.count == sums.count)
        for index in 0..<sums.count { sums[index] = multiplied(sums[index]) ^ words[index] }
    }

    /// Eight elements times α.
    @inline(__always)
    private static func doubled(_ word: UInt64) -> UInt64 {
        let high = word & 0x8080_8080_8080_8080
        // Each octet whose top bit goes out becomes 7F first, then what that bit stands for.
        return (word & 0x7F7F_7F7F_7F7F_7F7F) << 1 ^ (high &- high >> 7) & 0x1D1D_1D1D_1D1D_1D1D
    }
}

/// The field of 256 elements, for the few numbers that are not pages.
enum Galois {
    /// The product of two elements.
    static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var sum: UInt8 = 0
        var multiple = left
        var rest = right
        while rest != 0 {
            if rest & 1 != 0 { sum ^= multiple }
            multiple = multiple << 1 ^ (multiple & 0x80 != 0 ? 0x1D : 0)
            rest >>= 1
        }
        return sum
    }

    /// α to a power.
    static func power(_ exponent: Int) -> UInt8 { power(of: 2, exponent % 255) }

    /// The element by which another one gives one.
    static func inverse(_ element: UInt8) -> UInt8 { power(of: element, 254) }

    private static func power(of element: UInt8, _ exponent: Int) -> UInt8 {
        (0..<exponent).reduce(1) { power, _ in product(power, element) }
    }
}

/// Small systems of equations over the field.
enum GaloisMatrix {
    /// The inverse of the matrix with α^(row · exponent), one column for each exponent.
    ///
    /// - Parameter exponents: All different modulo 255, so that there is an inverse (Vandermonde).
    /// - Returns: Row by row, the factors of the sums.
    static func inverse(exponents: [Int]) -> [[UInt8]] {
        let size = exponents.count
        var rows = (0..<size).map { row in
            exponents.map { Galois.power(row * $0) } + (0..<size).map { $0 == row ? 1 : 0 }
        }
        for column in 0..<size {
            guard let pivot = (column..<size).first(where: { rows[$0][column] != 0 }) else {
                preconditionFailure("two pages of a codeword have the same exponent")
            }
            rows.swapAt(column, pivot)
            let factor = Galois.inverse(rows[column][column])
            rows[column] = rows[column].map { Galois.product($0, factor) }
            for row in 0..<size where row != column {
                let multiple = rows[row][column]
                rows[row] = zip(rows[row], rows[column]).map { $0 ^ Galois.product($1, multiple) }
            }
        }
        return rows.map { Array($0[size...]) }
    }
}
