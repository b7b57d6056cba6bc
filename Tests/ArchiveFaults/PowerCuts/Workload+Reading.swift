public import TelemetryArchive

extension Workload {
    /// What a reader makes of a folder.
    public struct Reading: Sendable {
        /// The octets of the units from the first on.
        public internal(set) var units: [[UInt8]] = []
        /// What was found damaged.
        public internal(set) var damage: [ArchiveDamage] = []
        /// Units that are not what was written under their ordinals.
        public internal(set) var wrong = 0
        /// Whether it is said that something was begun and never acknowledged, or cut off.
        public internal(set) var isEndTold = false
    }

    /// Reads all parts with their journals, as `perilune` does.
    ///
    /// - Parameter files: All files of the folder.
    /// - Returns: What they give.
    public func read(_ files: [String: [UInt8]]) -> Reading {
        var reading = Reading()
        for name in ArchiveNames.parts(of: Workload.name, among: Array(files.keys)) {
            let journals = ArchiveNames.journals(of: name, among: Array(files.keys)).compactMap { files[$0] }
            do throws(ArchiveError) {
                try read(MemoryArchive(files[name] ?? []), journals.map { MemoryArchive($0) }, into: &reading)
            } catch {
                reading.isEndTold = true  // a part that was only begun
            }
        }
        return reading
    }

    private func read(
        _ part: MemoryArchive,
        _ journals: [MemoryArchive],
        into reading: inout Reading
    ) throws(ArchiveError) {
        let reader = try ArchiveReader(part, journals: journals)
        // A part that was only begun when the power went has nothing to lose.
        if reader.totals.units > 0 { reading.damage += reader.damage }
        if reader.unacknowledged > 0 { reading.isEndTold = true }
        if case .cutShort = reader.end { reading.isEndTold = true }
        var damage: [ArchiveDamage] = []
        let note: (ArchiveDamage) -> Void = { damage.append($0) }
        defer { reading.damage += damage }
        var found = reading
        defer { (reading.units, reading.wrong) = (found.units, found.wrong) }
        try reader.forEachUnit(onDamage: note) { unit, octets in
            let ordinal = Int(unit.ordinal)
            let octets = octets.copied
            guard ordinal < units.count, units[ordinal].kept(ordinal) == unit, units[ordinal].octets == octets else {
                found.wrong += 1
                return .next
            }
            if ordinal == found.units.count { found.units.append(octets) }
            return .next
        }
    }
}
