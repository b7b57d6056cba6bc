import SpaceLink

/// What octets look like before anything is known of their link.
enum OctetPatterns {
    private static let marker: UInt32 = 0x1ACF_FC1D

    /// The distance in octets at which attached sync markers repeat, at any bit position and in either polarity.
    ///
    /// - Parameter octets: The start of a recording.
    /// - Returns: The commonest distance that occurs at least twice and explains a third of all markers; `nil` if none.
    static func markerPeriod(_ octets: [UInt8]) -> Int? {
        var positions: [Int] = []
        var window: UInt64 = 0
        for (index, octet) in octets.enumerated() {
            window = window << 8 | UInt64(octet)
            guard index >= 3 else { continue }
            for shift in 0..<(index >= 4 ? 8 : 1) {
                let word = UInt32(truncatingIfNeeded: window >> UInt64(shift))
                if word == marker || word == ~marker { positions.append((index - 3) * 8 - shift) }
            }
        }
        return commonest(zip(positions.dropFirst(), positions).map { $0 - $1 }, of: positions.count)
    }

    private static func commonest(_ distances: [Int], of total: Int) -> Int? {
        var counts: [Int: Int] = [:]
        for distance in distances where distance.isMultiple(of: 8) && distance >= 64 {
            counts[distance, default: 0] += 1
        }
        // The smaller distance wins a tie: a lost marker doubles it, nothing halves it.
        let best = counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }
        guard let best, best.value >= 2 || total == 2, best.value * 3 >= total - 1 else { return nil }
        return best.key / 8
    }

    /// Whether octets are space packets one behind the other.
    ///
    /// - Parameters:
    ///   - octets: The start of a recording.
    ///   - isWhole: Whether nothing follows them.
    /// - Returns: Whether every header is version 0, the chain of lengths ends where the octets end (or leaves them), and
    ///   sequence counts go on within at least half of the APIDs' steps.
    static func isPacketChain(_ octets: [UInt8], isWhole: Bool) -> Bool {
        var offset = 0
        var packets = 0
        var steps = 0
        var continuous = 0
        var last: [Int: Int] = [:]
        while offset + 6 <= octets.count {
            let identification = Int(octets[offset]) << 8 | Int(octets[offset + 1])
            guard identification >> 13 == 0 else { return false }
            let sequence = (Int(octets[offset + 2]) << 8 | Int(octets[offset + 3])) & 0x3FFF
            if let previous = last[identification & 0x7FF] {
                steps += 1
                if (sequence - previous) & 0x3FFF == 1 { continuous += 1 }
            }
            last[identification & 0x7FF] = sequence
            packets += 1
            offset += (Int(octets[offset + 4]) << 8 | Int(octets[offset + 5])) + 7
        }
        let endsWell = !isWhole || offset == octets.count || packets >= 8
        return endsWell && packets >= 1 && continuous * 2 >= steps
            && (packets >= 3 || (isWhole && offset == octets.count))
    }

    /// A frame length at which transfer frame headers repeat.
    struct FramePeriod: Equatable {
        let length: Int
        let type: LinkDescription.Frame.Kind
    }

    /// Frame lengths at which an AOS or TM header with one spacecraft id and counting frame counts repeats, best first.
    ///
    /// - Parameters:
    ///   - octets: The start of a recording.
    ///   - size: The size of the whole, if known; its divisors come before lengths that leave a frame cut short.
    /// - Returns: Lengths at which three quarters of the headers agree.
    static func framePeriods(_ octets: [UInt8], size: Int64?) -> [FramePeriod] {
        var scored: [(period: FramePeriod, score: Double, isDivisor: Bool)] = []
        for length in 16...min(2048 * 2, max(16, octets.count / 2)) {
            let frames = octets.count / length
            guard frames >= 2 else { break }
            let isDivisor = size.map { $0 % Int64(length) == 0 } ?? true
            for type in [LinkDescription.Frame.Kind.aos, .tm] {
                let score = headerScore(octets, length: length, frames: min(frames, 512), isAOS: type == .aos)
                if score > leastScore { scored.append((FramePeriod(length: length, type: type), score, isDivisor)) }
            }
        }
        return
            scored
            .sorted {
                ($0.isDivisor ? 1 : 0, $0.score, -$0.period.length) > (
                    $1.isDivisor ? 1 : 0, $1.score, -$1.period.length
                )
            }
            .map(\.period)
    }

    /// Headers that must agree for a frame length.
    private static let leastScore = 0.75

    /// Which part of the frames continue the count of their channel by a small step, with the commonest spacecraft id; 0 if
    /// no spacecraft id is common enough.
    private static func headerScore(_ octets: [UInt8], length: Int, frames: Int, isAOS: Bool) -> Double {
        // Nearly all lengths are wrong, and seen to be so here.
        let common = constancy(octets, length: length, frames: frames, isAOS: isAOS)
        guard common > leastScore, frames >= 2 else { return 0 }
        var last: [Int: Int] = [:]
        var followed = 0
        for frame in 0..<frames {
            let at = frame * length
            let first = Int(octets[at]) << 8 | Int(octets[at + 1])
            guard let craft = craft(first, isAOS: isAOS) else { continue }
            let channel = isAOS ? first & 0x3F : first >> 1 & 7
            let count =
                isAOS
                ? Int(octets[at + 2]) << 16 | Int(octets[at + 3]) << 8 | Int(octets[at + 4]) : Int(octets[at + 3])
            let key = craft << 8 | channel
            if let previous = last[key] {
                let step = (count - previous) & (isAOS ? 0xFF_FFFF : 0xFF)
                if (1...(isAOS ? 64 : 8)).contains(step) { followed += 1 }
            }
            last[key] = count
        }
        return min(common, Double(followed) / Double(max(frames - last.count, 1)))
    }

    /// The spacecraft id in the first two octets of a header, `nil` in one of another version.
    private static func craft(_ first: Int, isAOS: Bool) -> Int? {
        guard first >> 14 == (isAOS ? 1 : 0) else { return nil }
        return isAOS ? first >> 6 & 0xFF : first >> 4 & 0x3FF
    }

    /// Which part of the headers has the spacecraft id that most of them have; less than half if none has the most.
    private static func constancy(_ octets: [UInt8], length: Int, frames: Int, isAOS: Bool) -> Double {
        var candidate = -1
        var lead = 0
        for frame in 0..<frames {
            let at = frame * length
            let craft = craft(Int(octets[at]) << 8 | Int(octets[at + 1]), isAOS: isAOS) ?? -1
            if craft == candidate {
                lead += 1
            } else if lead == 0 {
                (candidate, lead) = (craft, 1)
            } else {
                lead -= 1
            }
        }
        guard candidate >= 0 else { return 0 }
        let same = (0..<frames).count { frame in
            let at = frame * length
            return craft(Int(octets[at]) << 8 | Int(octets[at + 1]), isAOS: isAOS) == candidate
        }
        return Double(same) / Double(frames)
    }
}
