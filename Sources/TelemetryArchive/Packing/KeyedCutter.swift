/// Cuts packets that are lists of keyed values into parts: a head, then records that always come together.
///
/// So values of one key become rows of a group, whatever else a packet has. What is no record, or too rare, is odd.
struct KeyedCutter {
    /// A piece of a packet that can be named.
    private struct Token {
        var start: Int
        var length: Int
        /// Which of the kinds that occur.
        var kind: Int
        var isHead: Bool
        /// Whether it does not go on with the one before.
        var isFirst: Bool
    }

    /// Rows that a group must have.
    private static let leastRows = 4
    /// How many of sixteen times one kind must follow another to be joined with it.
    private static let leastTogether = 15
    /// Octets that a piece of a packet must have.
    private static let leastPiece = 64

    private var tokens: [Token] = []
    /// A number for each kind of token: its family, key and width, or what else it is.
    private var kinds: [UInt64: Int] = [:]
    private var names: [UInt64] = []
    private var counts: [Int] = []
    private var walk = KeyedWalk()

    /// Adds a packet of a list.
    ///
    /// - Parameters:
    ///   - octets: Where the packet lies.
    ///   - packet: Where it begins and ends.
    ///   - list: Its keys.
    ///   - family: A number that lists share whose keys mean the same.
    mutating func add(_ octets: Span<UInt8>, _ packet: Range<Int>, _ list: KeyedList, family: Int) {
        let start = packet.lowerBound + min(list.start, packet.count)
        let identification = UInt64(octets[packet.lowerBound]) << 8 | UInt64(octets[packet.lowerBound + 1])
        add(1 << 33 | identification, packet.lowerBound..<start, isHead: true, isFirst: true)
        walk.run(octets.extracting(start..<packet.upperBound), list.table, mayGuess: false)
        addSteps(octets, start..<packet.upperBound, family: family, haveHead: true)
    }

    /// Adds what is no packet, but may be the rest of one.
    ///
    /// - Parameters:
    ///   - octets: Where it lies.
    ///   - piece: Where it begins and ends.
    ///   - lists: All lists.
    ///   - families: Their families.
    /// - Returns: Whether it is a piece of one of these lists; otherwise nothing was added.
    mutating func add(odd octets: Span<UInt8>, _ piece: Range<Int>, _ lists: [KeyedList], _ families: [Int]) -> Bool {
        guard piece.count >= KeyedCutter.leastPiece else { return false }
        for (list, family) in zip(lists, families) {
            walk.run(octets.extracting(piece), list.table, mayGuess: false)
            let known = walk.steps.reduce(0) { $0 + ($1.width > 0 ? $1.length : 0) }
            guard known * 4 >= piece.count * 3 else { continue }
            addSteps(octets, piece, family: family, haveHead: false)
            return true
        }
        return false
    }

    /// Adds what was found in a run of octets.
    private mutating func addSteps(_ octets: Span<UInt8>, _ list: Range<Int>, family: Int, haveHead: Bool) {
        let records = octets.extracting(list)
        for step in walk.steps {
            let key = step.width > 0 ? KeyedWalk.key(records, step.start) : 0
            let name =
                step.width > 0
                ? UInt64(family) << 24 | UInt64(key) << 8 | UInt64(step.width) : 1 << 32 | UInt64(step.length)
            let start = list.lowerBound + step.start
            add(name, start..<(start + step.length), isHead: false, isFirst: step.start == 0 && !haveHead)
        }
    }

    private mutating func add(_ name: UInt64, _ range: Range<Int>, isHead: Bool, isFirst: Bool) {
        let kind = kinds[name] ?? names.count
        if kind == names.count {
            kinds[name] = kind
            names.append(name)
            counts.append(0)
        }
        counts[kind] += 1
        tokens.append(
            Token(start: range.lowerBound, length: range.count, kind: kind, isHead: isHead, isFirst: isFirst)
        )
    }

    /// The parts of all packets that were added, in their order.
    ///
    /// - Returns: Where each lies and its name, `nil` for odd ones.
    func parts() -> [(range: Range<Int>, name: UInt64?)] {
        let next = links()
        var parts: [(range: Range<Int>, name: UInt64?)] = []
        var rows: [UInt64: Int] = [:]
        var last: Int?
        for token in tokens {
            let end = token.start + token.length
            if !token.isFirst, let last, next[last] == token.kind, let part = parts.last {
                parts[parts.count - 1].range = part.range.lowerBound..<end
            } else {
                // The length comes in when it is known.
                let bit: UInt64 = token.isHead ? Elements.headBit : Elements.partBit
                parts.append((token.start..<end, bit | names[token.kind] << 20))
            }
            last = token.kind
        }
        for index in parts.indices {
            guard let name = parts[index].name else { continue }
            parts[index].name = name | UInt64(parts[index].range.count)
            rows[name | UInt64(parts[index].range.count), default: 0] += 1
        }
        return joinRare(parts, rows)
    }

    /// Makes odd what is too rare for a group, neighbours joined; heads stay.
    private func joinRare(
        _ parts: [(range: Range<Int>, name: UInt64?)],
        _ rows: [UInt64: Int]
    ) -> [(range: Range<Int>, name: UInt64?)] {
        var result: [(range: Range<Int>, name: UInt64?)] = []
        result.reserveCapacity(parts.count)
        for part in parts {
            let name = part.name ?? 0
            if name & Elements.headBit != 0 || rows[name] ?? 0 >= KeyedCutter.leastRows {
                result.append(part)
            } else if let last = result.last, last.name == nil, last.range.upperBound == part.range.lowerBound {
                result[result.count - 1].range = last.range.lowerBound..<part.range.upperBound
            } else {
                result.append((part.range, nil))
            }
        }
        return result
    }

    /// For each kind the one that nearly always comes behind it, and only there; -1 if there is none.
    private func links() -> [Int] {
        let none = [Int](repeating: -1, count: names.count)
        var (next, nextVotes) = (none, none)
        var (last, lastVotes) = (none, none)
        func vote(_ kind: Int, _ other: Int, _ choice: inout [Int], _ votes: inout [Int]) {
            if choice[kind] == other {
                votes[kind] += 1
            } else if votes[kind] <= 0 {
                choice[kind] = other
                votes[kind] = 1
            } else {
                votes[kind] -= 1
            }
        }
        for (token, follower) in zip(tokens, tokens.dropFirst()) where !follower.isFirst {
            vote(token.kind, follower.kind, &next, &nextVotes)
            vote(follower.kind, token.kind, &last, &lastVotes)
        }
        var together = [Int](repeating: 0, count: names.count)
        for (token, follower) in zip(tokens, tokens.dropFirst())
        where !follower.isFirst && next[token.kind] == follower.kind {
            together[token.kind] += 1
        }
        for kind in next.indices where next[kind] >= 0 {
            let most = max(counts[kind], counts[next[kind]])
            let isRight = last[next[kind]] == kind && together[kind] >= KeyedCutter.leastRows
            if !isRight || together[kind] * 16 < most * KeyedCutter.leastTogether { next[kind] = -1 }
        }
        return next
    }
}

extension Elements {
    /// Set in the names of parts: elements that go on with the packet before.
    static let partBit: UInt64 = 1 << 63
    /// Set in the names of the first elements of packets that were cut.
    static let headBit: UInt64 = 1 << 62

    /// Fewer packets with one identification are not looked at.
    private static let leastPackets = 8
    private static let leastLengths = 3
    private static let leastOctets = 4 << 10

    /// Packets whose lengths vary too much for groups, by identification: which elements they are.
    private func candidates(_ octets: [UInt8]) -> [(identification: Int, elements: [Int])] {
        var rows = [Int](repeating: 0, count: groupCount)
        for group in groups where group >= 0 { rows[group] += 1 }
        var seen = [Int](repeating: -1, count: groupCount)
        var sums: [Int: (packets: Int, lengths: Int, octets: Int, rare: Int)] = [:]
        for (index, group) in groups.enumerated() where group >= 0 && seen[group] < 0 {
            seen[group] = Int(octets[starts[index]]) << 8 | Int(octets[starts[index] + 1])
            let size = rows[group] * lengths[index]
            var sum = sums[seen[group]] ?? (0, 0, 0, 0)
            sum.packets += rows[group]
            sum.lengths += 1
            sum.octets += size
            if rows[group] < Elements.leastPackets { sum.rare += size }
            sums[seen[group]] = sum
        }
        let found = sums.filter { _, sum in
            sum.packets >= Elements.leastPackets && sum.lengths >= Elements.leastLengths
                && sum.octets >= Elements.leastOctets && sum.rare * 2 >= sum.octets
        }
        return found.keys.sorted().map { identification in
            (identification, groups.indices.filter { groups[$0] >= 0 && seen[groups[$0]] == identification })
        }
    }

    /// Cuts packets that are lists of keyed values into parts.
    ///
    /// - Parameters:
    ///   - octets: Where the elements lie, all of them packets.
    ///   - layouts: What was found before.
    ///   - trial: To see whether it is worth while.
    /// - Returns: The elements, cut; the same if there are no such packets.
    /// - Throws: `.zlib` if it fails.
    func cutKeyed(
        _ octets: [UInt8],
        _ layouts: inout LayoutMemory,
        _ trial: inout Deflater
    ) throws(ArchiveError) -> Elements {
        var lists: [KeyedList] = []
        var families: [Int] = []
        var listOfElement: [Int: Int] = [:]
        for (identification, members) in candidates(octets) {
            let packets = members.map { starts[$0]..<(starts[$0] + lengths[$0]) }
            guard let list = try layouts.keys(octets.span, packets, identification, &trial) else { continue }
            let family = lists.firstIndex { $0.isLike(list) }.map { families[$0] } ?? lists.count
            for element in members { listOfElement[element] = lists.count }
            lists.append(list)
            families.append(family)
            if lists.count == 256 { break }
        }
        guard !lists.isEmpty else { return self }
        var cutter = KeyedCutter()
        var isCut = [Bool](repeating: false, count: starts.count)
        for index in starts.indices {
            let element = starts[index]..<(starts[index] + lengths[index])
            if let list = listOfElement[index] {
                cutter.add(octets.span, element, lists[list], family: families[list])
                isCut[index] = true
            } else if groups[index] < 0 {
                isCut[index] = cutter.add(odd: octets.span, element, lists, families)
            }
        }
        return replacing(isCut, with: cutter.parts())
    }

    /// Puts parts in the place of elements, unless there were too many groups.
    private func replacing(
        _ isCut: [Bool],
        with parts: [(range: Range<Int>, name: UInt64?)]
    ) -> Elements {
        var result = Elements()
        var nameOfGroup = [UInt64](repeating: 0, count: groupCount)
        for (name, group) in names { nameOfGroup[group] = name }
        var next = 0
        for index in starts.indices {
            guard isCut[index] else {
                let name = groups[index] >= 0 ? nameOfGroup[groups[index]] : nil
                result.append(start: starts[index], length: lengths[index], name: name)
                continue
            }
            let end = starts[index] + lengths[index]
            while next < parts.count, parts[next].range.lowerBound < end {
                let part = parts[next]
                result.append(start: part.range.lowerBound, length: part.range.count, name: part.name)
                next += 1
            }
        }
        return result.groupCount < SequencePlan.groupLimit ? result : self
    }
}
