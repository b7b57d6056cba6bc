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
        for place in 0..<count {
            let cost = costs[place]
            reach(place + 1, cost + KeyedWalk.oddCost, 0)
            guard place + KeyedWalk.keyLength < count else { continue }
            let key = KeyedWalk.key(octets, place)
            let known = Int(table[key])
            if mayGuess {
                for width in KeyedWalk.widths {
                    let more = known == 0 || known == width ? 0 : KeyedWalk.otherWidthCost
                    follow(octets, place, key, width, cost + more)
                }
            } else if known > 0 {
                follow(octets, place, key, known, cost)
            }
        }
        trace(count)
    }

    static func key(_ octets: Span<UInt8>, _ place: Int) -> Int { Int(octets[place]) << 8 | Int(octets[place + 1]) }

    /// Follows a record to the next key.
    private mutating func follow(_ octets: Span<UInt8>, _ place: Int, _ key: Int, _ width: Int, _ cost: Int32) {
        let end = place + KeyedWalk.keyLength + width
        guard end <= octets.count else { return }
        let step = end + 1 < octets.count ? KeyedWalk.key(octets, end) - key : 8
        let more = step > 0 ? Int32(Int.bitWidth - step.leadingZeroBitCount) : KeyedWalk.fallCost
        reach(end, cost + more, UInt8(width))
    }

    private mutating func reach(_ place: Int, _ cost: Int32, _ choice: UInt8) {
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
