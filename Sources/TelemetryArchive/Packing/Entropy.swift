/// What octets will cost, estimated by their frequencies alone, in integers so that all machines choose the same.
enum Entropy {
    /// Units of a bit in which costs are counted.
    static let bit = 256

    private static let tableSize = 4096

    /// n · log2 n in ``bit`` units, of small numbers.
    private static let table: [Int] = (0..<tableSize).map { $0 < 2 ? 0 : $0 * logarithm($0) }

    /// n · log2 n in ``bit`` units.
    static func weight(_ count: Int) -> Int {
        guard count >= tableSize else { return table[max(count, 0)] }
        let shift = Int.bitWidth - count.leadingZeroBitCount - 12
        let top = count >> shift  // 2048 ..< 4096
        return count * (table[top] / top + shift * bit)
    }

    /// log2 of a number of at least 2, its fraction by repeated squaring.
    private static func logarithm(_ value: Int) -> Int {
        let whole = Int.bitWidth - 1 - value.leadingZeroBitCount
        var mantissa = (UInt64(value) << 31) >> UInt64(whole)  // 1 ..< 2 with 31 bits behind the point
        var result = whole
        for _ in 0..<8 {
            mantissa = (mantissa * mantissa) >> 31
            result <<= 1
            if mantissa >= 1 << 32 {
                mantissa >>= 1
                result |= 1
            }
        }
        return result
    }
}

/// How often each octet occurs.
struct Histogram {
    private(set) var counts = [Int](repeating: 0, count: 256)
    private(set) var total = 0
    /// The octets that occur.
    private(set) var symbols: [UInt8] = []

    init() {}

    init(_ octets: [UInt8]) {
        // Four counts of each, as equal neighbours would wait for one another.
        var found = [Int](repeating: 0, count: 4 << 8)
        var cells = found.mutableSpan
        let octets = octets.span
        for index in octets.indices { cells[(index & 3) &<< 8 | Int(octets[index])] += 1 }
        for octet in 0..<256 {
            counts[octet] = found[octet] + found[octet + 256] + found[octet + 512] + found[octet + 768]
        }
        total = octets.count
        symbols = (0..<256).filter { counts[$0] > 0 }.map { UInt8($0) }
    }

    /// What the octets cost with a code of their own, without its table.
    var cost: Int { symbols.reduce(Entropy.weight(total)) { $0 - Entropy.weight(counts[Int($1)]) } }

    /// What the table of their code costs.
    var tableCost: Int { (20 * 8 + symbols.count * 4) * Entropy.bit }

    /// How much dearer these octets become if they share a code with others.
    func costOfJoining(_ other: Histogram) -> Int {
        var cost = Entropy.weight(total + other.total) - Entropy.weight(other.total)
        for symbol in symbols {
            let there = other.counts[Int(symbol)]
            cost -= Entropy.weight(counts[Int(symbol)] + there) - Entropy.weight(there)
        }
        return cost
    }

    mutating func add(_ other: Histogram) {
        for symbol in other.symbols {
            if counts[Int(symbol)] == 0 { symbols.append(symbol) }
            counts[Int(symbol)] += other.counts[Int(symbol)]
        }
        total += other.total
    }
}
