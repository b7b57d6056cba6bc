/// Mistakes of a reader, as it sees the files with them.
public enum CarelessReader: String, Sendable, CaseIterable {
    /// As if checksums of units matched.
    case believesEveryChecksum
    /// As if checksums of headers matched.
    case believesEveryHeader
    /// As if ordinals meant nothing.
    case takesJournalsForNew
    /// Reads parts only.
    case looksAtNoJournal
    /// Reads only the journal of the greatest number.
    case looksAtTheNewestJournalOnly
    /// Reads nothing behind a seal.
    case stopsAtTheFirstSeal
    /// Reads nothing behind damage.
    case stopsAtTheFirstDamage
    /// Does not ask whose a journal is.
    case takesJournalsOfOthers

    /// What it sees of a folder.
    func view(_ files: [String: [UInt8]]) -> [String: [UInt8]] {
        switch self {
        case .believesEveryChecksum: return files.mapValues(MemberPatch.withRightChecksums)
        case .believesEveryHeader: return files.mapValues(MemberPatch.withRightHeaders)
        case .takesJournalsForNew: return MemberPatch.journalsBehind(files)
        case .looksAtNoJournal: return files.filter { !$0.key.contains(".plar.j") }
        case .looksAtTheNewestJournalOnly:
            let newest = files.keys.filter { $0.contains(".plar.j") }.max { ($0.count, $0) < ($1.count, $1) }
            return files.filter { !$0.key.contains(".plar.j") || $0.key == newest }
        case .stopsAtTheFirstSeal:
            return files.mapValues(MemberPatch.upToSeal)
        case .stopsAtTheFirstDamage: return files.mapValues(MemberPatch.beforeDamage)
        case .takesJournalsOfOthers:
            return files.reduce(into: [:]) { files, file in
                files[file.key] = file.key.contains(".plar.j") ? MemberPatch.withoutHeads(file.value) : file.value
            }
        }
    }

    /// Whether it is power cuts that show it, and not flipped bits or files of others.
    var isSeenInPowerCuts: Bool {
        switch self {
        case .believesEveryHeader, .stopsAtTheFirstDamage, .takesJournalsOfOthers: false
        default: true
        }
    }
}
