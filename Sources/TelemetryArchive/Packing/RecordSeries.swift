/// Records of one length that fill elements and go on from one to the next, as when a file is sent in pieces.
struct RecordSeries: Hashable {
    /// Octets of an element before its part of the records.
    var start: Int
    /// Octets of a record.
    var length: Int

    private static let lengths = 16...1024
    /// Octets of an element that can be its own head.
    private static let starts = 6...64
    /// How many octets are looked at.
    private static let sampleSize = 12 << 10
    /// How many of a hundred octets more must be as a record earlier than as an element earlier.
    private static let leastGain = 15

    /// Finds records.
    ///
    /// - Parameters:
    ///   - octets: Where the elements lie.
    ///   - starts: Where each begins.
    ///   - length: Octets of an element.
    /// - Returns: `nil` if elements are as much like their neighbours as their parts are like each other.
    static func find(_ octets: Span<UInt8>, _ starts: [Int], length: Int) -> RecordSeries? {
        let least = lengths.lowerBound + RecordSeries.starts.lowerBound
        guard length >= 2 * least, starts.count >= 4 else { return nil }
        let sample = Array(starts.prefix(max(sampleSize / length, 4)))
        let across = sample.indices.dropFirst().reduce(0) { sum, index in
            sum + equal(octets, sample[index - 1], sample[index], length)
        }
        var best = (score: across * 100 / ((sample.count - 1) * length) + leastGain, length: 0)
        for distance in lengths where distance <= length / 2 {
            let count = sample.reduce(0) { $0 + equal(octets, $1, $1 + distance, length - distance) }
            let score = count * 100 / (sample.count * (length - distance))
            if score > best.score { best = (score, distance) }
        }
        guard best.length > 0 else { return nil }
        return head(octets, sample, length: length, record: best.length, score: best.score)
    }

    /// Finds where in the elements the records go on.
    private static func head(
        _ octets: Span<UInt8>,
        _ sample: [Int],
        length: Int,
        record: Int,
        score: Int
    ) -> RecordSeries? {
        var best = (score: score * 3 / 4, start: 0)
        for start in starts where start + record <= length {
            var count = 0
            for index in sample.indices.dropFirst() {
                count += equal(octets, sample[index - 1] + length - record, sample[index] + start, record)
            }
            let score = count * 100 / ((sample.count - 1) * record)
            if score > best.score { best = (score, start) }
        }
        return best.start > 0 ? RecordSeries(start: best.start, length: record) : nil
    }

    private static func equal(_ octets: Span<UInt8>, _ first: Int, _ second: Int, _ count: Int) -> Int {
        let one = octets.extracting(first..<(first + count))
        let other = octets.extracting(second..<(second + count))
        var equal = 0
        for index in one.indices where one[index] == other[index] { equal += 1 }
        return equal
    }

    /// Cuts the joined records apart; where they are packets, at their headers, found again behind a break.
    func cut(_ octets: [UInt8]) -> (elements: Elements, arePackets: Bool) {
        func name(_ start: Int) -> UInt64? {
            start + length <= octets.count ? Elements.packetName(octets, start, length) : nil
        }
        let count = min(octets.count / length - 1, 16)
        let phase = (0..<length).first { phase in
            2 * (0..<count).count { name(phase + $0 * length) != nil } > count
        }
        guard let phase else { return (cutEvenly(octets), false) }
        var elements = Elements()
        var pending = 0
        var place = phase
        while place + length <= octets.count {
            // A break is not trusted to be over before two headers agree.
            guard let found = name(place), pending == place || name(place + length) != nil else {
                place += 1
                continue
            }
            if place > pending { elements.append(start: pending, length: place - pending, name: nil) }
            elements.append(start: place, length: length, name: found)
            place += length
            pending = place
        }
        if pending < octets.count { elements.append(start: pending, length: octets.count - pending, name: nil) }
        return (elements, true)
    }

    private func cutEvenly(_ octets: [UInt8]) -> Elements {
        var elements = Elements()
        var place = 0
        while place + length <= octets.count {
            elements.append(start: place, length: length, name: UInt64(length))
            place += length
        }
        if place < octets.count { elements.append(start: place, length: octets.count - place, name: nil) }
        return elements
    }
}
