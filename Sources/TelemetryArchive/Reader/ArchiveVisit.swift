package import SpaceLink

/// A visit of an archive apart from reading it: it says which chunks it needs, and takes them in that order.
///
/// ```swift
/// while let index = visit.next() {
///     let reading = try reader.read(index, for: selection)  // here, or ahead by as many tasks as there are cores
///     if try visit.take(reading, body) == .stop { break }
/// }
/// ```
package struct ArchiveVisit {
    /// A chunk that is needed.
    private struct Step {
        let chunk: Int
        /// The run that it belongs to, if packets are rebuilt.
        let run: Int
    }

    /// How packets are rebuilt from frames.
    private struct Rebuilding {
        let link: LinkDescription
        let frameLength: Int?
        let runs: [ChunkRun]
        /// The run that goes on.
        var run = -1
        var rebuilder: PacketRebuilder
    }

    private let selection: ArchiveSelection
    private let steps: [Step]
    private var asked = 0
    private var taken = 0
    private var rebuilding: Rebuilding?

    /// Visits the units that an archive keeps.
    ///
    /// - Parameters:
    ///   - reader: The archive.
    ///   - selection: Which units.
    package init<Source>(of reader: ArchiveReader<Source>, _ selection: ArchiveSelection) {
        let steps: [Step] = reader.chunks.indices.compactMap { index in
            let entry = reader.chunks[index]
            guard selection.mayMatch(entry), entry.keys?.contains(where: { reader.mayHold($0, selection) }) ?? true
            else { return nil }
            return Step(chunk: index, run: 0)
        }
        self.init(selection, steps, nil)
    }

    /// Visits packets, rebuilt if the archive keeps frames.
    ///
    /// - Parameters:
    ///   - reader: The archive.
    ///   - selection: Which packets.
    ///   - link: The link of the frames.
    /// - Throws: `.link` if there is none or it does not fit.
    package init<Source>(
        ofPacketsIn reader: ArchiveReader<Source>,
        _ selection: ArchiveSelection,
        link: LinkDescription?
    ) throws(ArchiveError) {
        guard reader.metadata.content == .frames else {
            self.init(of: reader, selection)
            return
        }
        guard let link else { throw .link(reason: "none was given") }
        let runs = reader.runs(for: selection)
        let steps = runs.enumerated().flatMap { run, chunks in chunks.chunks.map { Step(chunk: $0, run: run) } }
        let rebuilding = Rebuilding(
            link: link,
            frameLength: link.frameLength,
            runs: runs,
            rebuilder: try PacketRebuilder(link, selection: selection)
        )
        self.init(selection, steps, rebuilding)
    }

    private init(_ selection: ArchiveSelection, _ steps: [Step], _ rebuilding: Rebuilding?) {
        self.selection = selection
        self.steps = steps
        self.rebuilding = rebuilding
    }

    /// The next chunk that is needed, or `nil` if no more is.
    package mutating func next() -> Int? {
        guard asked < steps.count else { return nil }
        defer { asked += 1 }
        return steps[asked].chunk
    }

    /// Takes the chunks, in the order in which ``next()`` named them.
    ///
    /// - Parameters:
    ///   - reading: What was read.
    ///   - onboardTime: Tells the time of a packet rebuilt from frames.
    ///   - onDamage: Takes the damage of the chunk, which is thrown otherwise.
    ///   - body: Takes each unit that is wanted and its octets.
    /// - Returns: What `body` wanted last.
    /// - Throws: `.damaged`, or `.link` if a frame is of another length than the link says.
    package mutating func take(
        _ reading: ChunkReading,
        onboardTime: (PacketRecord, Span<UInt8>) -> TAITime? = { _, _ in nil },
        onDamage: ((ArchiveDamage) -> Void)?,
        _ body: (ArchiveUnit, Span<UInt8>) -> ArchiveStep
    ) throws(ArchiveError) -> ArchiveStep {
        let step = steps[taken]
        taken += 1
        guard let chunk = try reading.chunk(onDamage: onDamage) else { return .next }
        guard rebuilding == nil else { return try rebuild(chunk, step, onboardTime, body) }
        return chunk.forEachUnit { unit, octets in selection.matches(unit) ? body(unit, octets) : .next }
    }

    /// As ``take(_:onboardTime:onDamage:_:)``, wanted units that follow one another in one piece.
    ///
    /// - Parameters:
    ///   - reading: What came of reading the next chunk.
    ///   - onboardTime: Tells the time of a rebuilt packet.
    ///   - onDamage: Takes its damage, which is thrown otherwise.
    ///   - body: Takes the octets of units and how many these are.
    /// - Returns: Whether more is wanted.
    /// - Throws: As ``take(_:onboardTime:onDamage:_:)``.
    package mutating func takeRuns(
        _ reading: ChunkReading,
        onboardTime: (PacketRecord, Span<UInt8>) -> TAITime?,
        onDamage: ((ArchiveDamage) -> Void)?,
        _ body: (Int, Span<UInt8>) -> ArchiveStep
    ) throws(ArchiveError) -> ArchiveStep {
        guard rebuilding == nil else {
            return try take(reading, onboardTime: onboardTime, onDamage: onDamage) { _, octets in body(1, octets) }
        }
        taken += 1
        return try reading.chunk(onDamage: onDamage)?.forEachRun(of: selection, body) ?? .next
    }

    private mutating func rebuild(
        _ chunk: Chunk,
        _ step: Step,
        _ onboardTime: (PacketRecord, Span<UInt8>) -> TAITime?,
        _ body: (ArchiveUnit, Span<UInt8>) -> ArchiveStep
    ) throws(ArchiveError) -> ArchiveStep {
        guard var work = rebuilding else { return .next }
        rebuilding = nil  // one owner at a time, so that nothing is copied
        defer { rebuilding = work }
        if work.run != step.run {
            work.run = step.run
            work.rebuilder = try PacketRebuilder(work.link, selection: selection)
        }
        let run = work.runs[step.run]
        let isWanted = run.wanted.contains(step.chunk)
        var start = 0
        for unit in chunk.units {
            let octets = chunk.octets.span.extracting(start..<(start + unit.length))
            start += unit.length
            guard work.link.hasVariableFrames || unit.length == work.frameLength else {
                let due = work.frameLength.map(String.init) ?? "no"
                throw .link(reason: "frame \(unit.ordinal) has \(unit.length) octets, the link \(due)")
            }
            guard unit.ordinal >= run.firstOrdinal, work.rebuilder.push(unit, octets) else { continue }
            guard isWanted else {
                work.rebuilder.clear()
                continue
            }
            if work.rebuilder.deliver(onboardTime, body) == .stop { return .stop }
        }
        return .next
    }
}

extension Chunk {
    /// Visits selected units, those that follow one another at once, until a visitor wants no more.
    func forEachRun(of selection: ArchiveSelection, _ body: (Int, Span<UInt8>) -> ArchiveStep) -> ArchiveStep {
        guard selection != ArchiveSelection() else { return body(count, octets.span) }
        var start = 0
        var end = 0
        var count = 0
        for unit in units {
            let isWanted = selection.matches(unit)
            if !isWanted, count > 0, body(count, octets.span.extracting(start..<end)) == .stop { return .stop }
            end += unit.length
            count = isWanted ? count + 1 : 0
            if !isWanted { start = end }
        }
        return count > 0 ? body(count, octets.span.extracting(start..<end)) : .next
    }

    /// Visits units until a visitor wants no more.
    func forEachUnit(_ body: (ArchiveUnit, Span<UInt8>) -> ArchiveStep) -> ArchiveStep {
        var start = 0
        for unit in units {
            let end = start + unit.length
            if body(unit, octets.span.extracting(start..<end)) == .stop { return .stop }
            start = end
        }
        return .next
    }
}
