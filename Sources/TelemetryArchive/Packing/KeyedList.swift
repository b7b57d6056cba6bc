/// Which width goes with which key in packets that are lists of keyed values, and where in a packet its list begins.
struct KeyedList {
    /// Packets that are looked at first.
    private static let sampleSize = 32 << 10
    /// How many of a hundred octets must be in records that say the same every time.
    private static let leastShare = 80
    /// Octets of packets that are compressed to see whether it is worth while.
    private static let trialSize = 64 << 10
    /// What must be saved there: a part in so many.
    private static let leastGain = 16

    /// Octets of a packet before its list.
    private(set) var start = KeyedList.headerLength
    /// The width of each key's value, 0 if it is none.
    private(set) var table = [UInt8](repeating: 0, count: 1 << 16)
    /// How often each key was met with each width.
    private var votes: [UInt32] = []

    static let headerLength = 6

    /// Learns the keys of packets.
    ///
    /// - Parameters:
    ///   - octets: Where the packets lie.
    ///   - packets: Where each lies.
    /// - Returns: `nil` if they are no such lists.
    static func find(_ octets: Span<UInt8>, _ packets: [Range<Int>]) -> KeyedList? {
        var size = 0
        let sample = packets.prefix { packet in
            defer { size += packet.count }
            return size < sampleSize
        }
        var trial = KeyedList()
        var walk = KeyedWalk()
        trial.vote(octets, sample, &walk)
        guard trial.share(octets, sample, &walk) * 2 >= leastShare else { return nil }
        trial.vote(octets, sample, &walk)
        guard trial.share(octets, sample, &walk) >= leastShare else { return nil }
        if sample.count < packets.count {
            for _ in 0..<2 { trial.vote(octets, packets[...], &walk) }
        }
        trial.findStart(octets, sample, &walk)
        trial.votes = []
        return trial
    }

    /// Reads packets and takes for each key the width that it had most often.
    private mutating func vote(_ octets: Span<UInt8>, _ packets: ArraySlice<Range<Int>>, _ walk: inout KeyedWalk) {
        votes.removeAll(keepingCapacity: true)
        votes.append(contentsOf: repeatElement(0, count: table.count * KeyedWalk.widths.count))
        for packet in packets {
            let list = octets.extracting((packet.lowerBound + KeyedList.headerLength)..<packet.upperBound)
            walk.run(list, table, mayGuess: true)
            for step in walk.steps where step.width > 0 {
                votes[KeyedWalk.key(list, step.start) * 4 + step.width.trailingZeroBitCount] += 1
            }
        }
        for key in table.indices {
            var best = (votes: UInt32(0), width: 0)
            for (code, width) in KeyedWalk.widths.enumerated() where votes[key * 4 + code] > best.votes {
                best = (votes[key * 4 + code], width)
            }
            table[key] = UInt8(best.width)
        }
    }

    /// How many of a hundred octets are in records whose key rises, came before and had this width then.
    private func share(_ octets: Span<UInt8>, _ packets: ArraySlice<Range<Int>>, _ walk: inout KeyedWalk) -> Int {
        var (right, all) = (0, 0)
        for packet in packets {
            let list = octets.extracting((packet.lowerBound + KeyedList.headerLength)..<packet.upperBound)
            walk.run(list, table, mayGuess: false)
            all += list.count
            for step in walk.steps where isRising(list, step) {
                let key = KeyedWalk.key(list, step.start)
                let counts = votes[(key * 4)..<(key * 4 + 4)]
                let sum = counts.reduce(0, +)
                let told = counts[key * 4 + step.width.trailingZeroBitCount]
                if told > 1, told * 4 >= sum * 3 { right += step.length }
            }
        }
        return all > 0 ? right * 100 / all : 0
    }

    /// Whether a record comes before one with a greater key, or last.
    private func isRising(_ list: Span<UInt8>, _ step: KeyedWalk.Step) -> Bool {
        guard step.width > 0 else { return false }
        let end = step.start + step.length
        return end + 1 >= list.count || KeyedWalk.key(list, end) > KeyedWalk.key(list, step.start)
    }

    /// Finds where lists begin to rise, if most do in one place.
    private mutating func findStart(
        _ octets: Span<UInt8>,
        _ packets: ArraySlice<Range<Int>>,
        _ walk: inout KeyedWalk
    ) {
        var counts = [Int](repeating: 0, count: 41)
        for packet in packets {
            let list = octets.extracting((packet.lowerBound + KeyedList.headerLength)..<packet.upperBound)
            walk.run(list, table, mayGuess: false)
            for step in walk.steps where step.start + KeyedList.headerLength < counts.count && isRising(list, step) {
                counts[step.start + KeyedList.headerLength] += 1
            }
        }
        start = counts.firstIndex { $0 * 4 >= packets.count * 3 } ?? KeyedList.headerLength
    }

    /// Whether zlib makes less of the records of packets if those of one key are together.
    func isCheaper(
        _ octets: Span<UInt8>,
        _ packets: [Range<Int>],
        _ trial: inout Deflater
    ) throws(ArchiveError) -> Bool {
        var walk = KeyedWalk()
        var whole: [UInt8] = []
        var records: [(key: Int, octets: Range<Int>)] = []
        for packet in packets where whole.count < KeyedList.trialSize {
            let list = octets.extracting((packet.lowerBound + KeyedList.headerLength)..<packet.upperBound)
            walk.run(list, table, mayGuess: false)
            for step in walk.steps {
                let start = whole.count + step.start
                let key = step.width > 0 ? KeyedWalk.key(list, step.start) : table.count + step.length
                records.append((key, start..<(start + step.length)))
            }
            whole.append(span: list)
        }
        records.sort { ($0.key, $0.octets.lowerBound) < ($1.key, $1.octets.lowerBound) }
        var sorted: [UInt8] = []
        sorted.reserveCapacity(whole.count)
        for record in records { sorted.append(contentsOf: whole[record.octets]) }
        var (before, after): ([UInt8], [UInt8]) = ([], [])
        try trial.compress(whole.span, into: &before)
        try trial.compress(sorted.span, into: &after)
        return after.count < before.count - before.count / KeyedList.leastGain
    }

    /// Whether another list has mostly the same keys, so that what they hold may be the same.
    func isLike(_ other: KeyedList) -> Bool {
        var (own, others, common, equal) = (0, 0, 0, 0)
        for (width, otherWidth) in zip(table, other.table) {
            if width > 0 { own += 1 }
            if otherWidth > 0 { others += 1 }
            guard width > 0, otherWidth > 0 else { continue }
            common += 1
            if width == otherWidth { equal += 1 }
        }
        return common * 2 >= min(own, others) && equal * 10 >= common * 9
    }
}
