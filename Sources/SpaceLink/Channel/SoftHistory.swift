/// The soft symbols that codeblocks still to come may be made of.
///
/// Markers are found in hard bits; a codeblock is then decoded from the symbols that its bits were sliced from.
struct SoftHistory: Sendable {
    private let isDifferential: Bool
    /// The symbol before the next one; NRZ-M starts at the level of a zero.
    private var last: Int8 = -127
    /// The place of the first symbol that is kept.
    private var start: Int64 = 0
    private var symbols: [Int8] = []

    /// The symbols that are pushed at a time, so that few more are kept than the synchroniser asks for.
    static let step = 1 << 15

    /// Makes the history of a description, if its block code is decoded from soft symbols.
    init?(_ link: LinkDescription) {
        guard link.input == .symbols, link.convolutional == nil, link.block.isSoft else { return nil }
        isDifferential = link.nrzm
    }

    /// Takes the next symbols.
    mutating func append(_ octets: Span<UInt8>) {
        let end = symbols.count
        symbols.append(contentsOf: repeatElement(0, count: octets.count))
        last = Self.put(octets, in: &symbols, at: end, after: last, isDifferential)
    }

    /// Writes symbols, of which NRZ-M is taken back, and gives the last one as it was.
    private static func put(
        _ octets: Span<UInt8>,
        in symbols: inout [Int8],
        at start: Int,
        after last: Int8,
        _ isDifferential: Bool
    ) -> Int8 {
        var last = last
        var target = symbols.mutableSpan
        for index in 0..<octets.count {
            let symbol = max(-127, Int8(bitPattern: octets[index]))
            if isDifferential {
                // A change is as sure as the less sure of the two levels.
                let magnitude = min(abs(symbol), abs(last))
                target[start + index] = (symbol > 0) != (last > 0) ? magnitude : -magnitude
                last = symbol
            } else {
                target[start + index] = symbol
            }
        }
        return last
    }

    /// Forgets the symbols before a bit.
    mutating func trim(before bit: Int64) {
        let count = min(Int(max(0, bit - start)), symbols.count)
        symbols.removeFirst(count)
        start += Int64(count)
    }

    /// Copies symbols, upright.
    ///
    /// - Parameters:
    ///   - bit: The place of the first.
    ///   - isInverted: Whether the stream is inverted there.
    ///   - target: Takes as many as it has.
    /// - Returns: Whether all of them are still here.
    func copy(from bit: Int64, isInverted: Bool, into target: inout [Int8]) -> Bool {
        let first = Int(bit - start)
        guard first >= 0, first + target.count <= symbols.count else { return false }
        for index in target.indices {
            let symbol = symbols[first + index]
            target[index] = isInverted ? -symbol : symbol
        }
        return true
    }
}
