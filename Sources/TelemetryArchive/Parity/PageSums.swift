/// Sums over pages, by which missing pages are found again: syndromes of RS(64,60), for each octet of a page.
///
/// The pages of a codeword are the coefficients of a polynomial, highest first; root r is α^r in the field of 256
/// elements of x⁸ + x⁴ + x³ + x² + 1, whose α is 2. A sum is that polynomial's value at a root, by Horner's rule, so
/// that each page costs doublings and exclusive or alone. Eight octets are worked on in one word: the field's elements do
/// not touch each other.
struct PageSums {
    /// Sums for each codeword: one for each page that may be missing.
    static let roots = 4
    static let wordsInPage = ParityGeometry.pageLength / 8

    /// Four words for each word of a page, root by root; codeword behind codeword.
    private var words: [UInt64]

    /// Zero for so many codewords.
    init(codewords: Int) {
        words = [UInt64](repeating: 0, count: codewords * PageSums.wordsInPage * PageSums.roots)
    }

    /// Takes the next page of a codeword.
    mutating func push(_ page: Span<UInt8>, codeword: Int = 0) {
        precondition(page.count == ParityGeometry.pageLength)
        var place = codeword * PageSums.wordsInPage * PageSums.roots
        var sums = words.mutableSpan
        precondition(place + PageSums.wordsInPage * PageSums.roots <= sums.count)
        for index in 0..<PageSums.wordsInPage {
            // The page's length was checked above; word by word it is three times as fast as octet by octet.
            let word = unsafe page.bytes.unsafeLoadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
            sums[place] ^= word
            sums[place + 1] = PageSums.doubled(sums[place + 1]) ^ word
            sums[place + 2] = PageSums.doubled(PageSums.doubled(sums[place + 2])) ^ word
            sums[place + 3] = PageSums.doubled(PageSums.doubled(PageSums.doubled(sums[place + 3]))) ^ word
            place += PageSums.roots
        }
    }

    /// Takes a page of zeros, or one that is missing.
    mutating func pushNothing(codeword: Int = 0) {
        let page = ParityGeometry.emptyPage
        push(page.span, codeword: codeword)
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
        let start = codeword * PageSums.wordsInPage * PageSums.roots
        return inverse.map { row in
            var page: [UInt8] = []
            page.reserveCapacity(ParityGeometry.pageLength)
            for index in 0..<PageSums.wordsInPage {
                var sum: UInt64 = 0
                for (root, factor) in row.enumerated() {
                    sum ^= PageSums.product(words[start + index * PageSums.roots + root], factor)
                }
                // The octets lie in the word as they lie in memory.
                unsafe withUnsafeBytes(of: sum) { unsafe page.append(contentsOf: $0) }
            }
            return page
        }
    }

    /// Eight elements times α.
    private static func doubled(_ word: UInt64) -> UInt64 {
        let high = word & 0x8080_8080_8080_8080
        // Each octet whose top bit goes out becomes 7F first, then what that bit stands for.
        return (word & 0x7F7F_7F7F_7F7F_7F7F) << 1 ^ (high &- high >> 7) & 0x1D1D_1D1D_1D1D_1D1D
    }

    /// Eight elements times one.
    private static func product(_ word: UInt64, _ factor: UInt8) -> UInt64 {
        var sum: UInt64 = 0
        var multiple = word
        var rest = factor
        while rest != 0 {
            if rest & 1 != 0 { sum ^= multiple }
            multiple = doubled(multiple)
            rest >>= 1
        }
        return sum
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
