/// What makes parity of information: dense circulants, derived from the parity-check matrix alone.
enum LowDensityParityCheckGenerator {
    /// The inverse of I + (Π₇ + Π₈)(Π₂ + Π₃ + Π₄) of an AR4JA code, as four by four circulants.
    static func ar4jaInverse(_ layout: AR4JALayout) -> [[CyclicPolynomial]] {
        let size = layout.size / 4
        let zero = CyclicPolynomial(size: size)
        let one = CyclicPolynomial(size: size, exponent: 0)
        let left = blocks([7, 8], layout)
        let right = blocks([2, 3, 4], layout)
        // Behind the matrix stands the identity, which the elimination turns into the inverse.
        var rows = (0..<4).map { row in
            (0..<8).map { column in
                if column >= 4 { return column - 4 == row ? one : zero }
                var sum = row == column ? one : zero
                for inner in 0..<4 where !left[row][inner].isZero && !right[inner][column].isZero {
                    sum.add(left[row][inner].multiplied(by: right[inner][column]))
                }
                return sum
            }
        }
        for column in 0..<4 {
            guard let pivot = (column..<4).first(where: { rows[$0][column].isOdd }) else { continue }
            rows.swapAt(column, pivot)
            let inverse = rows[column][column].inverse
            rows[column] = rows[column].map { $0.isZero ? $0 : $0.multiplied(by: inverse) }
            for row in 0..<4 where row != column && !rows[row][column].isZero {
                let factor = rows[row][column]
                for place in 0..<8 where !rows[column][place].isZero {
                    rows[row][place].add(rows[column][place].multiplied(by: factor))
                }
            }
        }
        return rows.map { Array($0[4...]) }
    }

    /// A sum of permutations as four by four circulants.
    private static func blocks(_ permutations: [Int], _ layout: AR4JALayout) -> [[CyclicPolynomial]] {
        let size = layout.size / 4
        var blocks = (0..<4).map { _ in [CyclicPolynomial](repeating: CyclicPolynomial(size: size), count: 4) }
        for permutation in permutations {
            for quarter in 0..<4 {
                let (target, shift) = layout.place(permutation, quarter: quarter)
                // Row i looks at column i + shift, so the product moves coefficients down.
                blocks[quarter][target].add(CyclicPolynomial(size: size, exponent: -shift))
            }
        }
        return blocks
    }

    /// The two parity circulants of each of the fourteen information circulants of C2.
    ///
    /// The matrix leaves two parities open, as complementing a parity block changes no check; the recommendation's
    /// generator has a zero at the end of each block.
    static func c2() -> [[CyclicPolynomial]] {
        let matrix = ParityMatrix(.c2)
        let size = matrix.size
        let information = matrix.columns - 2
        var equations = (0..<2 * size).map { equation(matrix, row: $0, information: information) }
        var pivots: [(row: Int, column: Int)] = []
        for column in 0..<2 * size {
            let next = pivots.count
            let (word, bit) = (column / 64, UInt64(1) << UInt64(column % 64))
            guard let found = (next..<equations.count).first(where: { equations[$0][word] & bit != 0 }) else {
                continue
            }
            equations.swapAt(next, found)
            let pivot = equations[next]
            for row in equations.indices where row != next && equations[row][word] & bit != 0 {
                for place in word..<pivot.count { equations[row][place] ^= pivot[place] }
            }
            pivots.append((next, column))
        }
        return (0..<information).map { column in
            var bits = [UInt8](repeating: 0, count: 2 * size)
            let place = 2 * size + column
            for pivot in pivots {
                bits[pivot.column] = UInt8(equations[pivot.row][place / 64] >> UInt64(place % 64) & 1)
            }
            return [bits[..<size], bits[size...]].map { block in
                var polynomial = CyclicPolynomial(block)
                if polynomial[size - 1] == 1 { polynomial.complement() }
                return polynomial
            }
        }
    }

    /// One check as bits: the parity's columns, then what the first bit of each information circulant adds.
    private static func equation(_ matrix: ParityMatrix, row: Int, information: Int) -> [UInt64] {
        let size = matrix.size
        var words = [UInt64](repeating: 0, count: (2 * size + information + 63) / 64)
        for circulant in matrix.rows[row / size] {
            let place = (circulant.shift + row) % size
            if circulant.column >= information {
                let bit = (circulant.column - information) * size + place
                words[bit / 64] ^= 1 << UInt64(bit % 64)
            } else if place == 0 {
                let bit = 2 * size + circulant.column
                words[bit / 64] ^= 1 << UInt64(bit % 64)
            }
        }
        return words
    }
}
