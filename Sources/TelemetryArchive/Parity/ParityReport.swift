/// What the parity of an archive says of it.
public struct ParityReport: Sendable, Hashable {
    /// Octets that the archive had when the parity was made, as far as the parity file tells.
    public var coveredLength: Int64 = 0
    /// Octets that the archive has now.
    public var archiveLength: Int64
    /// Pages of 4,096 octets that are covered.
    public var pages: Int64 = 0
    /// Pages that are not what they were, or not there.
    public var damagedPages: Int64 = 0
    /// Of these, those that can be healed.
    public var healablePages: Int64 = 0
    /// Pages of which nothing is known, because all of their parity is lost.
    public var uncheckedPages: Int64 = 0
    /// Octets of the archive that are damaged and cannot be healed.
    public var unhealable: [Range<Int64>] = []
    /// Blocks of parity that hold.
    public var blocks: Int64 = 0
    /// Blocks of parity that do not, as far as the others tell.
    public var missingBlocks: Int64 = 0
    /// Whether the end of what is covered is known.
    public var isEndKnown = false
    /// Places of the parity file that are not what was written.
    public var damage: [ArchiveDamage] = []

    /// Whether the parity file is all that was written.
    public var isSound: Bool { isEndKnown && missingBlocks == 0 && damage.isEmpty }
    /// Whether the archive has grown since the parity was made.
    public var isOutgrown: Bool { archiveLength > coveredLength }
    /// Whether everything that is covered is right or can be healed.
    public var isHealable: Bool {
        isEndKnown && damagedPages == healablePages && uncheckedPages == 0
    }
}

extension RepairReport {
    /// What is kept where nothing is lost.
    ///
    /// - Parameter verified: The check of an archive that was healed whole.
    public init(healed verified: VerifyReport) {
        self.init(kept: verified.readable, end: verified.end)
    }
}
