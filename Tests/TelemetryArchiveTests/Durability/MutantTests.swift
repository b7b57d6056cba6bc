import ArchiveFaults
import Testing

/// A harness that catches no broken protocol proves nothing.
@Suite struct MutantTests {
    @Test(arguments: Mutant.allCases) func everyMistakeIsCaught(mutant: Mutant) {
        #expect(mutant.isCaught())
    }

    /// What is done beyond need stays known as such.
    @Test(arguments: Mutant.harmless) func whatTheProtocolDoesNotNeedBreaksNothing(mutant: Mutant) {
        #expect(!mutant.isCaught(lives: 2))
    }

    /// The same faults on the archive as it is.
    @Test(arguments: [
        Mutant.writer(.takesAFailedSynchronizationForDone), .writer(.takesAFailedWriteForDone),
        .writer(.ignoresTheLock), .reader(.believesEveryHeader), .reader(.takesJournalsOfOthers),
    ])
    func nothingIsCaughtWhereNoMistakeIs(mutant: Mutant) {
        #expect(!mutant.isCaughtThoughRight(lives: 2))
    }
}
