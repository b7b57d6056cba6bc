/// Mistakes of a writer.
public enum Carelessness: String, Sendable, CaseIterable {
    /// Acknowledges, and synchronises the journal before the next operation.
    case acknowledgesBeforeTheJournalIsSafe
    /// Never synchronises a journal.
    case neverSynchronizesTheJournal
    /// Never synchronises a part.
    case neverSynchronizesTheArchive
    /// Never synchronises the folder.
    case neverSynchronizesTheFolder
    /// Never synchronises at all.
    case neverSynchronizesAnything
    /// Removes the old journal before the new one is there.
    case removesTheJournalFirst
    /// Synchronises the part after the old journal went.
    case makesTheNextJournalBeforeTheChunkIsSafe
    /// Asks a file again whose synchronisation failed.
    case retriesAFailedSynchronization
    /// Goes on after a failed synchronisation.
    case takesAFailedSynchronizationForDone
    /// Goes on behind a torn end.
    case leavesATornEnd
    /// Keeps what it writes in memory, and writes it when the file was synchronised.
    case synchronizesBeforeItsBufferIsWritten
    /// Does not look at how many octets were written.
    case takesAShortWriteForWhole
    /// Does not look at whether octets were written.
    case takesAFailedWriteForDone
    /// Writes the seal before the index is safe.
    case sealsBeforeTheIndexIsSafe
    /// Synchronises a new journal with its first group only.
    case neverSynchronizesAJournalsHead
    /// Cuts a torn end where a sector begins.
    case cutsAtASector
    /// Goes on in the journal of the writer before, behind its torn end.
    case goesOnInATornJournal
    /// Empties the old journal and uses it again.
    case emptiesTheJournalInPlace
    /// Writes though another one does.
    case ignoresTheLock
    /// Counts the units of each part from zero.
    case countsEachPartFromZero
    /// Counts units from zero when it goes on.
    case countsFromZeroWhenItGoesOn
    /// Takes units from a journal that a chunk has.
    case replaysWhatChunksHave
    /// Removes the journals of the writer before without taking their units.
    case replaysNothing

    /// Synchronises a chunk together with the index behind it.
    case indexesBeforeTheChunkIsSafe
    /// Does not synchronise a part when its torn end was cut off.
    case neverSynchronizesACut

    /// Those that break nothing: the writer does more there than the protocol needs.
    static let harmless: [Carelessness] = [.indexesBeforeTheChunkIsSafe, .neverSynchronizesACut]

    /// How the medium has to fail for it.
    var needs: SimulatedFolder.Failure? {
        switch self {
        case .retriesAFailedSynchronization, .takesAFailedSynchronizationForDone: .lostPages
        case .takesAFailedWriteForDone: .noSpace
        default: nil
        }
    }

    /// Whether only loss and wrong units count as broken: a medium that failed may leave a torn place in the middle, and
    /// ordinals that are changed on their way do not fit what an index says of them.
    var isSeenByLoss: Bool {
        switch self {
        case .countsEachPartFromZero, .countsFromZeroWhenItGoesOn: true
        default: needs != nil
        }
    }
}
