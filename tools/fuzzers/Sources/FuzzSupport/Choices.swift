/// Octets of the fuzzer as a row of choices.
///
/// Every choice takes one octet, or as many as its range needs; when none are left, all further choices are the first
/// of their kind. So every input is a valid one, and a small change of it is a small change of what is tried.
public struct Choices {
    private let octets: [UInt8]
    private var position = 0

    /// Copies the octets of one input.
    ///
    /// - Parameters:
    ///   - start: The first octet, which the fuzzer owns.
    ///   - count: How many there are.
    @unsafe public init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        // The fuzzer keeps `count` octets there during the call.
        octets = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    }

    /// Whether all octets are used.
    public var isEmpty: Bool { position == octets.count }

    /// Any octet.
    public mutating func octet() -> UInt8 {
        guard position < octets.count else { return 0 }
        defer { position += 1 }
        return octets[position]
    }

    /// Yes or no.
    public mutating func flag() -> Bool { octet() & 1 == 1 }

    /// A number of a range.
    public mutating func number(_ range: ClosedRange<Int>) -> Int {
        let choices = UInt64(range.upperBound - range.lowerBound) + 1
        var value: UInt64 = 0
        var reach: UInt64 = 1
        while reach < choices {
            value = value << 8 | UInt64(octet())
            reach <<= 8
        }
        return range.lowerBound + Int(value % choices)
    }

    /// One of several values.
    public mutating func one<Value>(of values: [Value]) -> Value { values[number(0...values.count - 1)] }

    /// So many octets; zeros where none are left.
    public mutating func octets(_ count: Int) -> [UInt8] { (0..<count).map { _ in octet() } }

    /// All octets that are left, but no more than a limit.
    public mutating func rest(limit: Int = .max) -> [UInt8] {
        let end = position + min(limit, octets.count - position)
        defer { position = end }
        return Array(octets[position..<end])
    }

    /// Octets that look random and cost two choices.
    public mutating func noise(_ count: Int) -> [UInt8] {
        var generator = Generator(seed: UInt64(number(0...65_535)))
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 56) }
    }

    /// A way to cut so many octets into pieces: long ones, short ones, single octets, empty ones between.
    public mutating func pieces(of count: Int) -> [Range<Int>] {
        let longest = one(of: [1, 2, 7, 40, 300, 5000])
        var generator = Generator(seed: UInt64(octet()))
        var pieces: [Range<Int>] = []
        var position = 0
        while position < count {
            let length = longest == 1 ? 1 : Int(generator.next() % UInt64(longest + 1))
            let end = min(count, position + length)
            pieces.append(position..<end)
            position = end
        }
        return pieces
    }
}

/// A small generator of equal numbers on every machine (SplitMix64, Steele, Lea and Flood, 2014).
public struct Generator: RandomNumberGenerator {
    private var state: UInt64

    /// Starts the sequence that belongs to a seed.
    public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
