import TelemetryArchive

extension SampleArchive {
    /// Ends the archive's file early and judges what is read of it and, if there is one, of the whole journal.
    ///
    /// Every unit of the members before the cut must come, nothing else, and a cut must not be taken for damage: only
    /// where the journal shows that units are missing, they are said to be.
    ///
    /// - Parameter length: Octets that are left.
    /// - Returns: What it came to.
    public func judge(cutAt length: Int) -> FaultJudgement {
        let whole = members.prefix { $0.range.upperBound <= length }
        let end = whole.last?.range.upperBound ?? 0
        let held = whole.map(\.units.upperBound).max() ?? 0
        let journaled = groups.filter(\.holdsUnits).map(\.units)
        let file = SpoiltFile(octets, length: length)
        let beside = journal.isEmpty ? nil : SpoiltFile(journal)
        guard whole.contains(where: { $0.kind == 8 }) else { return judgeUnopened(file, beside) }
        var expected = held > 0 ? [0..<held] : []
        let first = journaled.first?.lowerBound ?? units.count
        let isHole = !journal.isEmpty && held < first && !journaled.isEmpty
        let hidden = max(held, first)..<units.count
        if !journaled.isEmpty { expected += [hidden] }
        var said = ArchiveEnd.open
        if journal.isEmpty {
            said = length > end ? .cutShort(offset: Int64(end)) : whole.last?.kind == 5 ? .sealed : .open
        }
        return judge(file, beside, SampleArchive.joined(expected), said, isHole: isHole)
    }

    /// Ends the journal early and judges what is read of it and of the whole archive.
    ///
    /// - Parameter length: Octets of the journal that are left.
    /// - Returns: What it came to.
    public func judge(journalCutAt length: Int) -> FaultJudgement {
        let whole = groups.prefix { $0.range.upperBound <= length }
        let held = (members + whole).map(\.units.upperBound).max() ?? 0
        var judgement = judge(
            SpoiltFile(octets),
            SpoiltFile(journal, length: length),
            held > 0 ? [0..<held] : [],
            .open,
            isHole: false,
            unacknowledged: whole.isEmpty ? nil : Int64(length - (whole.last?.range.upperBound ?? 0))
        )
        // What was cut inside a group is seen; a journal that ends with one looks as it did a moment before.
        judgement.isFound = whole.last?.range.upperBound ?? 0 < length
        return judgement
    }

    /// Before there are metadata nothing can be read, and that is said.
    private func judgeUnopened(_ file: SpoiltFile, _ journal: SpoiltFile?) -> FaultJudgement {
        var judgement = FaultJudgement()
        judgement.lost = units.count
        do throws(ArchiveError) {
            let reading = try SpoiltReading(file, journal: journal, of: self)
            judgement.breaches.append("it was opened, with \(reading.count) units")
        } catch {
            switch error {
            case .notAnArchive(let found) where found.isEmpty && file.size == 0: judgement.isFound = true
            case .cutShort(let offset, 0) where offset <= file.size: judgement.isFound = true
            default: judgement.breaches.append("\(error)")
            }
        }
        return judgement
    }

    private func judge(
        _ file: SpoiltFile,
        _ journal: SpoiltFile?,
        _ expected: [Range<Int>],
        _ end: ArchiveEnd,
        isHole: Bool,
        unacknowledged: Int64? = nil
    ) -> FaultJudgement {
        var judgement = FaultJudgement()
        do throws(ArchiveError) {
            let reading = try SpoiltReading(file, journal: journal, of: self)
            judgement.lost = units.count - reading.count
            judgement.hold(reading.wrong == 0, "\(reading.wrong) wrong units")
            judgement.hold(reading.right == expected, "read \(reading.right), due \(expected)")
            judgement.hold(reading.announced == reading.count, "announced \(reading.announced), read \(reading.count)")
            judgement.hold(reading.damage.isEmpty != isHole, "damage: \(reading.damage)")
            judgement.hold(reading.end == end, "it ends \(reading.end), due \(end)")
            if let unacknowledged {
                judgement.hold(reading.unacknowledged == unacknowledged, "\(reading.unacknowledged) never acknowledged")
            }
            let report = try ArchiveReader.verify(file, journals: journal.map { [$0] } ?? [])
            judgement.hold(report.damage.isEmpty != isHole, "verify: \(report.damage)")
            judgement.hold(report.end == end, "verify: it ends \(report.end), due \(end)")
            judgement.hold(report.readable.units == reading.count, "verify: \(report.readable.units) readable")
            judgement.isFound = isHole || (end != .open && end != .sealed) || (isSealed && end != .sealed)
        } catch {
            judgement.breaches.append("\(error)")
        }
        return judgement
    }

    /// Whether it was sealed.
    var isSealed: Bool { members.last?.kind == 5 }

    /// Ranges in order, those that touch made one.
    static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
        ranges.filter { !$0.isEmpty }.reduce(into: []) { joined, range in
            if let last = joined.last, last.upperBound == range.lowerBound {
                joined[joined.count - 1] = last.lowerBound..<range.upperBound
            } else {
                joined.append(range)
            }
        }
    }
}
