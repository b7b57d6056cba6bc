/// A parity-check matrix of cyclic shifts of the identity.
///
/// Row i of a block row has a one in each of its circulants, at column (shift + i) mod size of the block column.
struct ParityMatrix: Sendable {
    /// A shifted identity.
    struct Circulant: Sendable, Hashable {
        /// The block column.
        var column: Int
        /// Where the first row has its one.
        var shift: Int
    }

    /// Rows and columns of a circulant.
    let size: Int
    /// The block columns.
    let columns: Int
    /// The circulants of each block row.
    let rows: [[Circulant]]
    /// Zero bits in front that are not sent.
    let fill: Int
    /// The bits that are sent, from the first behind the fill on.
    let sent: Int

    /// The bits of a whole codeword, with those that are not sent.
    var length: Int { size * columns }

    init(_ code: LowDensityParityCheck.Code) {
        switch code {
        case .ar4ja(let rate, let size):
            let layout = AR4JALayout(rate, size)
            self.size = layout.size / 4
            columns = 4 * layout.columns
            rows = (0..<12).map { layout.circulants(row: $0 / 4, quarter: $0 % 4) }
            fill = 0
            sent = code.codewordBits
        case .c2:
            size = 511
            columns = 16
            rows = Self.c2.map { row in
                row.enumerated().map { Circulant(column: $0.offset / 2, shift: $0.element) }
            }
            fill = 18
            sent = 8158
        }
    }

    /// For each of two block rows the places of the two ones in the first row of the sixteen circulants.
    private static let c2: [[Int]] = [
        [
            0, 176, 12, 239, 0, 352, 24, 431, 0, 392, 151, 409, 0, 351, 9, 359, 0, 307, 53, 329, 0, 207, 18, 281, 0,
            399, 202, 457, 0, 247, 36, 261,
        ],
        [
            99, 471, 130, 473, 198, 435, 260, 478, 215, 420, 282, 481, 48, 396, 193, 445, 273, 430, 302, 451, 96, 379,
            191, 386, 244, 467, 364, 470, 51, 382, 192, 414,
        ],
    ]
}

/// Where the permutations of an AR4JA code stand.
struct AR4JALayout: Sendable {
    /// M, the rows of a block row.
    let size: Int
    /// The block columns; the last is not sent, and the last three are parity.
    let columns: Int
    private let sizeIndex: Int

    init(_ rate: LowDensityParityCheck.Code.Rate, _ information: LowDensityParityCheck.Code.Size) {
        let blocks =
            switch rate {
            case .half: 2
            case .twoThirds: 4
            case .fourFifths: 8
            }
        columns = blocks + 3
        size = information.rawValue / blocks
        sizeIndex = size.trailingZeroBitCount - 7
    }

    /// The permutations of a block row, 0 being the identity; columns count from the last five.
    private static func terms(row: Int) -> [(column: Int, permutation: Int)] {
        switch row {
        case 0: [(2, 0), (4, 0), (4, 1)]
        case 1:
            [
                (-6, 21), (-6, 22), (-6, 23), (-5, 0), (-4, 15), (-4, 16), (-4, 17), (-3, 0), (-2, 9), (-2, 10),
                (-2, 11), (-1, 0), (0, 0), (1, 0), (3, 0), (4, 2), (4, 3), (4, 4),
            ]
        default:
            [
                (-6, 0), (-5, 24), (-5, 25), (-5, 26), (-4, 0), (-3, 18), (-3, 19), (-3, 20), (-2, 0), (-1, 12),
                (-1, 13), (-1, 14), (0, 0), (1, 5), (1, 6), (3, 7), (3, 8), (4, 0),
            ]
        }
    }

    /// The circulants of a quarter of a block row.
    func circulants(row: Int, quarter: Int) -> [ParityMatrix.Circulant] {
        Self.terms(row: row).compactMap { term in
            let column = columns - 5 + term.column
            guard column >= 0 else { return nil }
            let (offset, shift) = place(term.permutation, quarter: quarter)
            return ParityMatrix.Circulant(column: 4 * column + offset, shift: shift)
        }
    }

    /// The quarter and the shift of a permutation in a quarter of its rows.
    func place(_ permutation: Int, quarter: Int) -> (quarter: Int, shift: Int) {
        guard permutation > 0 else { return (quarter, 0) }
        let target = (AR4JATable.theta[permutation - 1] + quarter) % 4
        return (target, AR4JATable.phi(permutation, quarter: quarter, size: sizeIndex))
    }
}
