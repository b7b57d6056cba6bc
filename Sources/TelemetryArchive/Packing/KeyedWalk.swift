/// Reads octets as a list of records, each a key of two octets and a value whose width goes with the key.
///
/// Nothing marks a record, so the whole list is weighed: widths that are known cost nothing, a key that follows its
/// neighbour closely costs little, one that does not rise costs more, and octets of no record cost most.
struct KeyedWalk {
    /// A record, or octets of none.
    struct Step {
        var start: Int
        var length: Int
        /// Octets of the value; 0 for octets of no record.
        var width: Int
    }

    /// Octets that a value may have.
    static let widths = [1, 2, 4, 8]
    static let keyLength = 2

    private static let oddCost: Int32 = 10
    private static let fallCost: Int32 = 20
    private static let otherWidthCost: Int32 = 12

    /// What the last run found, from first to last.
    private(set) var steps: [Step] = []
    /// The least cost of coming to each place.
    private var costs: [Int32] = []
    /// The width of the record that ends at each place, 0 if the octet before it is of none.
    private var choices: [UInt8] = []
    private var keys: [Int32] = []

    /// Finds the cheapest list.
    ///
    /// - Parameters:
    ///   - octets: The octets.
    ///   - table: The width that goes with each key, 0 if it is not known.
    ///   - mayGuess: Whether keys may have other widths too.
    mutating func run(_ octets: Span<UInt8>, _ table: [UInt8], mayGuess: Bool) {
        let count = octets.count
        costs.removeAll(keepingCapacity: true)
        costs.append(contentsOf: repeatElement(.max, count: count + 1))
        choices.removeAll(keepingCapacity: true)
        choices.append(contentsOf: repeatElement(0, count: count + 1))
        costs[0] = 0
        readKeys(octets)
        let keys = keys  // another reference, so that the rest can change meanwhile
        KeyedWalk.search(keys.span, table.span, mayGuess: mayGuess, &costs, &choices)
        trace(count)
    }

    static func key(_ octets: Span<UInt8>, _ place: Int) -> Int { Int(octets[place]) << 8 | Int(octets[place + 1]) }

    /// The key that would be at each place; none at the last.
    private mutating func readKeys(_ octets: Span<UInt8>) {
        keys.removeAll(keepingCapacity: true)
        guard octets.count > 1 else { return }
        var key = Int32(octets[0])
        for index in 1..<octets.count {
            key = (key & 0xFF) << 8 | Int32(octets[index])
            keys.append(key)
        }
    }

    /// Finds the least cost of coming to each place.
    private static func search(
        _ keys: Span<Int32>,
        _ table: Span<UInt8>,
        mayGuess: Bool,
        _ allCosts: inout [Int32],
        _ allChoices: inout [UInt8]
    ) {
        // Views, because nearly all time of learning keys is spent here.
        var costs = allCosts.mutableSpan
        var choices = allChoices.mutableSpan
        let count = costs.count - 1
        for place in 0..<count {
            let cost = costs[place]
            reach(place + 1, cost + oddCost, 0, &costs, &choices)
            guard place + keyLength < count else { continue }
            let known = Int(table[Int(keys[place])])
            if mayGuess {
                for code in 0..<4 {
                    let width = 1 << code
                    let more = known == 0 || known == width ? 0 : otherWidthCost
                    follow(keys, place, width, cost + more, &costs, &choices)
                }
            } else if known > 0 {
                follow(keys, place, known, cost, &costs, &choices)
            }
        }
    }

    /// Follows a record to the next key.
    private static func follow(
        _ keys: Span<Int32>,
        _ place: Int,
        _ width: Int,
        _ cost: Int32,
        _ costs: inout MutableSpan<Int32>,
        _ choices: inout MutableSpan<UInt8>
    ) {
        let end = place + keyLength + width
        guard end < costs.count else { return }
        let step = end < keys.count ? keys[end] - keys[place] : 8
        let more = step > 0 ? Int32(Int32.bitWidth - step.leadingZeroBitCount) : fallCost
        reach(end, cost + more, UInt8(width), &costs, &choices)
    }

    private static func reach(
        _ place: Int,
        _ cost: Int32,
        _ choice: UInt8,
        _ costs: inout MutableSpan<Int32>,
        _ choices: inout MutableSpan<UInt8>
    ) {
        guard cost < costs[place] else { return }
        costs[place] = cost
        choices[place] = choice
    }

    /// Follows the choices back, neighbouring octets of no record joined.
    private mutating func trace(_ count: Int) {
        steps.removeAll(keepingCapacity: true)
        var end = count
        while end > 0 {
            let width = Int(choices[end])
            if width > 0 {
                let length = KeyedWalk.keyLength + width
                steps.append(Step(start: end - length, length: length, width: width))
                end -= length
                continue
            }
            end -= 1
            if let last = steps.last, last.width == 0 {
                steps[steps.count - 1].start = end
                steps[steps.count - 1].length += 1
            } else {
                steps.append(Step(start: end, length: 1, width: 0))
            }
        }
        steps.reverse()
    }
}
