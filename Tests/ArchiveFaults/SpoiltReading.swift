import Foundation
import TelemetryArchive

/// What a reader gives of a spoilt archive, held against what was written.
struct SpoiltReading {
    /// The ordinals of units that came as they were written, in order.
    private(set) var right: [Range<Int>] = []
    /// Units that did not, or came twice or in disorder: wrong ones that were returned as right.
    private(set) var wrong = 0
    /// What was said to be damaged, at opening and at reading.
    private(set) var damage: [ArchiveDamage]
    /// How the archive ends, as the reader says.
    let end: ArchiveEnd
    /// Octets of journals that were never acknowledged, as the reader says.
    let unacknowledged: Int64
    /// What the reader announced before it read.
    let announced: Int64

    /// Units that came right.
    var count: Int { right.reduce(0) { $0 + $1.count } }

    /// Opens and reads everything.
    init(_ file: SpoiltFile, journal: SpoiltFile?, of sample: SampleArchive) throws(ArchiveError) {
        let reader = try ArchiveReader(file, journals: journal.map { [$0] } ?? [])
        end = reader.end
        unacknowledged = reader.unacknowledged
        announced = reader.totals.units
        var damage = reader.damage
        var right: [Range<Int>] = []
        var wrong = 0
        let note: (ArchiveDamage) -> Void = { damage.append($0) }
        try reader.forEachUnit(onDamage: note) { unit, octets in
            let ordinal = Int(unit.ordinal)
            let due = right.last?.upperBound ?? 0
            guard ordinal >= due, sample.holds(unit, octets) else {
                wrong += 1
                return .next
            }
            if ordinal == due, let last = right.popLast() {
                right.append(last.lowerBound..<ordinal + 1)
            } else {
                right.append(ordinal..<ordinal + 1)
            }
            return .next
        }
        self.damage = damage
        self.right = right
        self.wrong = wrong
    }
}

extension SampleArchive {
    /// Whether a unit is the one that was written under its ordinal.
    fileprivate func holds(_ unit: ArchiveUnit, _ octets: Span<UInt8>) -> Bool {
        let ordinal = Int(unit.ordinal)
        guard ordinal < units.count, units[ordinal] == unit, octets.count == unit.length else { return false }
        let start = bounds[ordinal]
        // Both are read only during the call, and over the length of the unit, which both have.
        return unsafe stream.withUnsafeBufferPointer { stream in
            unsafe octets.withUnsafeBufferPointer { octets in
                guard let written = stream.baseAddress, let read = octets.baseAddress else { return true }
                return unsafe memcmp(written + start, read, octets.count) == 0
            }
        }
    }
}
