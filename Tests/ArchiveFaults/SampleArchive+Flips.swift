import TelemetryArchive

extension SampleArchive {
    /// Turns one bit of the archive's file round and judges what a check says and what is read.
    ///
    /// One damage must be found, at the member that has the bit and nowhere else; the units of that member are missing,
    /// all others must come as they were written. Behind the last chunk of an archive that is still written an index may
    /// be torn, with nothing lost: there, and only there, damage need not be told.
    ///
    /// - Parameters:
    ///   - bit: The bit, octet times eight.
    ///   - view: What a reader sees of the file, for mutants.
    /// - Returns: What it came to.
    public func judge(flipping bit: Int, seenThrough view: (([UInt8]) -> [UInt8])? = nil) -> FaultJudgement {
        var judgement = FaultJudgement()
        let file = view.map { SpoiltFile($0(flipped(bit))) } ?? SpoiltFile(octets, flipping: bit)
        let beside = journal.isEmpty ? nil : SpoiltFile(journal)
        guard let member = members.first(where: { $0.range.contains(bit / 8) }) else { return judgement }
        let isOpenEnd = !journal.isEmpty && member.range.lowerBound >= lastChunkEnd
        let rest = units.count - member.units.count
        do throws(ArchiveError) {
            let report = try ArchiveReader.verify(file, journals: beside.map { [$0] } ?? [])
            judgement.isFound = !report.damage.isEmpty
            judgement.hold(report.damage.count == 1 || isOpenEnd, "damage: \(report.damage)")
            for damage in report.damage {
                let range = Int(damage.offset)..<Int(damage.offset + damage.length)
                judgement.hold(range == member.range, "located at \(range), it is in \(member.range)")
            }
            if case .cutShort = report.end { judgement.breaches.append("it is taken for a cut") }
            judgement.hold(report.readable.units == rest, "verify: \(report.readable.units) readable of \(rest)")
            let reading = try SpoiltReading(file, journal: beside, of: self)
            judgement.lost = units.count - reading.count
            judgement.hold(reading.wrong == 0, "\(reading.wrong) wrong units")
            let expected = SampleArchive.joined([0..<member.units.lowerBound, member.units.upperBound..<units.count])
            judgement.hold(
                reading.right == (member.holdsUnits ? expected : [0..<units.count]),
                "read \(reading.right), damaged \(member.units)"
            )
            judgement.hold(!member.holdsUnits || !reading.damage.isEmpty, "reading says nothing of it")
        } catch {
            judgement.breaches.append("\(error)")
        }
        return judgement
    }

    /// The file with a bit turned round.
    private func flipped(_ bit: Int) -> [UInt8] {
        var octets = octets
        octets[bit / 8] ^= 1 << UInt8(bit % 8)
        return octets
    }

    /// Where the last chunk ends.
    private var lastChunkEnd: Int { members.last { $0.holdsUnits }?.range.upperBound ?? 0 }

    /// Turns one bit of the journal round and judges what is read.
    ///
    /// In front of a group that holds it is damage. In the last group it is not to be told from one that was being
    /// written when the power went, so it counts as octets that were never acknowledged, and is told as these.
    ///
    /// - Parameter bit: The bit, octet times eight.
    /// - Returns: What it came to.
    public func judge(flippingJournal bit: Int) -> FaultJudgement {
        var judgement = FaultJudgement()
        guard let group = groups.first(where: { $0.range.contains(bit / 8) }) else { return judgement }
        do throws(ArchiveError) {
            let reading = try SpoiltReading(SpoiltFile(octets), journal: SpoiltFile(journal, flipping: bit), of: self)
            judgement.lost = units.count - reading.count
            judgement.isFound = !reading.damage.isEmpty || reading.unacknowledged > 0
            judgement.hold(reading.wrong == 0, "\(reading.wrong) wrong units")
            let expected = SampleArchive.joined([0..<group.units.lowerBound, group.units.upperBound..<units.count])
            judgement.hold(
                reading.right == (group.holdsUnits ? expected : [0..<units.count]),
                "read \(reading.right), damaged \(group.units)"
            )
            judgement.hold(!group.holdsUnits || judgement.isFound, "nothing says it")
            if group != groups.last, group.holdsUnits {
                judgement.hold(!reading.damage.isEmpty, "a hole is not said to be one")
            }
        } catch {
            judgement.breaches.append("\(error)")
        }
        return judgement
    }
}
