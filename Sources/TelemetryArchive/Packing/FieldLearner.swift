/// Finds the fields of a group of equal rows: the cheapest way to cut a row into numbers that can be guessed.
struct FieldLearner {
    /// Rows that are looked at.
    private static let sampleSize = 256
    /// What each field costs besides its planes.
    private static let fieldCost = 6 * Entropy.bit
    /// What one more of an octet saves or costs: steps of n · log2 n.
    private static let steps: [Int] = (0...sampleSize).map { Entropy.weight($0 + 1) - Entropy.weight($0) }

    /// How many equal changes further left are looked at.
    private static let copiesTried = 4

    /// Neighbours of one field in time.
    private struct Words {
        var now: UInt64 = 0
        var last: UInt64 = 0
        var beforeLast: UInt64 = 0
        var first: UInt64 = 0
    }

    private let length: Int
    private let count: Int
    /// Rows that are guessed, each from the three before.
    private var sample: [Int] = []
    private var isConstant: [Bool]
    /// Eight octets from the place that is looked at, of each row of the sample and of the three before it.
    private var words: [Words] = []
    /// For each octet a number that it shares with those that always change as it does; 0 if it seems to be constant.
    private var changes: [UInt64]
    /// How often each octet was met in each plane, all zero between two fields.
    private var counts = [UInt16](repeating: 0, count: 256 * 8)
    private var met = [Int](repeating: 0, count: 256 * 8)

    /// Looks at rows that lie one after the other.
    ///
    /// - Parameters:
    ///   - rows: Their octets.
    ///   - length: Octets of a row.
    init(_ rows: Span<UInt8>, length: Int) {
        self.length = length
        count = rows.count / length
        isConstant = [Bool](repeating: true, count: length)
        changes = [UInt64](repeating: 0, count: length)
        for row in 1..<max(count, 1) {
            let start = row * length
            for index in 0..<length where rows[start + index] != rows[index] { isConstant[index] = false }
        }
        let blocks = count <= FieldLearner.sampleSize ? 1 : 8
        let size = count <= FieldLearner.sampleSize ? max(count - 3, 0) : FieldLearner.sampleSize / blocks
        for block in 0..<blocks {
            let start = 3 + (count - 3 - size) * block / max(blocks - 1, 1)
            for row in 0..<size { sample.append(start + row) }
        }
        for index in 0..<length where !isConstant[index] {
            for row in sample {
                let place = row * length + index
                // Any mixing serves: octets that change alike get the same number, and a chance meeting costs only size.
                changes[index] = (changes[index] &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(rows[place] ^ rows[place - length])
            }
        }
    }

    /// The fields, first to last, which together are a row.
    mutating func fields(_ rows: Span<UInt8>) -> [Field] {
        var best = [(cost: Int, field: Field?)](repeating: (Int.max, nil), count: length + 1)
        best[0].cost = 0
        words = [Words](repeating: Words(), count: sample.count)
        var places: [UInt64: [Int]] = [:]
        for place in -7..<length {
            advance(rows, to: place)
            guard place >= 0 else { continue }
            let before = best[place].cost
            func offer(_ cost: Int, _ field: Field) {
                let end = place + field.width
                if before + cost < best[end].cost { best[end] = (before + cost, field) }
            }
            guard !isConstant[place] else {
                offer(0, Field(width: 1, predictor: .constant))
                continue
            }
            for width in Field.widths where place + width <= length {
                // A number that does not use its first and last octet is a shorter one.
                guard width == 1 || !isConstant[place + width - 1] else { continue }
                for field in FieldLearner.candidates(width: width) { offer(cost(of: field), field) }
            }
            guard changes[place] != 0 else { continue }
            for other in places[changes[place], default: []].suffix(FieldLearner.copiesTried) {
                for width in copiedWidths(place, from: other) {
                    let field = Field(width: width, predictor: .copy, distance: place - other)
                    offer(FieldLearner.fieldCost + 8 * Entropy.bit, field)
                }
            }
            places[changes[place], default: []].append(place)
        }
        return trace(best.map(\.field))
    }

    /// How wide a number may be that changes as one further left.
    private func copiedWidths(_ place: Int, from other: Int) -> [Int] {
        let limit = min(place - other, length - place)
        let alike = (0..<limit).prefix { changes[place + $0] == changes[other + $0] && !isConstant[place + $0] }.count
        return Field.widths.filter { $0 <= alike }
    }

    /// Raw and xor treat each octet alone, so they are tried with one only.
    private static func candidates(width: Int) -> [Field] {
        let guessed = [Predictor.delta, .linear, .cubic]
        guard width > 1 else {
            return ([.raw, .xor] + guessed.dropLast()).map { Field(width: 1, predictor: $0) }
        }
        let big = guessed.map { Field(width: width, predictor: $0) }
        guard width.nonzeroBitCount == 1 else { return big }
        return big + guessed.map { Field(width: width, isLittleEndian: true, predictor: $0) }
    }

    /// Moves the words one octet on, so that they begin at a place.
    private mutating func advance(_ rows: Span<UInt8>, to place: Int) {
        let next = place + 7
        for (index, row) in sample.enumerated() {
            let start = row * length + next
            func octet(_ back: Int) -> UInt64 { next < length ? UInt64(rows[start - back * length]) : 0 }
            let word = words[index]
            words[index] = Words(
                now: word.now << 8 | octet(0),
                last: word.last << 8 | octet(1),
                beforeLast: word.beforeLast << 8 | octet(2),
                first: word.first << 8 | octet(3)
            )
        }
    }

    /// Follows the choices back, constant octets joined into runs.
    private func trace(_ choices: [Field?]) -> [Field] {
        var fields: [Field] = []
        var end = length
        while end > 0, let field = choices[end] {
            end -= field.width
            if field.predictor == .constant, let last = fields.last, last.predictor == .constant {
                fields[fields.count - 1].width += field.width
            } else {
                fields.append(field)
            }
        }
        return fields.reversed()
    }

    private mutating func cost(of field: Field) -> Int {
        let width = field.width
        let shift = UInt64(64 - 8 * width)
        var cost = width * Entropy.weight(sample.count)
        var symbols = 0
        for word in words {
            var residual =
                field.isLittleEndian
                ? field.residual(
                    (word.now >> shift).byteSwapped >> shift,
                    (word.last >> shift).byteSwapped >> shift,
                    (word.beforeLast >> shift).byteSwapped >> shift,
                    (word.first >> shift).byteSwapped >> shift
                )
                : field.residual(word.now >> shift, word.last >> shift, word.beforeLast >> shift, word.first >> shift)
            for plane in 0..<width {
                let index = plane << 8 | Int(residual & 0xFF)
                let known = Int(counts[index])
                cost -= FieldLearner.steps[known]
                if known == 0 {
                    met[symbols] = index
                    symbols += 1
                }
                counts[index] += 1
                residual >>= 8
            }
        }
        for index in 0..<symbols { counts[met[index]] = 0 }
        // From the sample to all rows; each value met may need its place in a code's table.
        let scale = sample.isEmpty ? 1 : max(count / sample.count, 1)
        return cost * scale + symbols * 2 * Entropy.bit + FieldLearner.fieldCost
    }
}

extension Field {
    /// What is kept of a value, given the three before.
    fileprivate func residual(_ value: UInt64, _ last: UInt64, _ beforeLast: UInt64, _ first: UInt64) -> UInt64 {
        let shift = UInt64(64 - 8 * width)
        let step = value &- last
        let stepBefore = last &- beforeLast
        return switch predictor {
        case .raw, .constant, .copy: value
        case .xor: value ^ last
        case .delta: Field.zigZag(step, shift)
        case .linear: Field.zigZag(step &- stepBefore, shift)
        case .cubic: Field.zigZag(step &- stepBefore &- (stepBefore &- (beforeLast &- first)), shift)
        }
    }
}
