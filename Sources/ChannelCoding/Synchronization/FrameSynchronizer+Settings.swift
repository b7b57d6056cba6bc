extension FrameSynchronizer {
    /// What to look for and how much to forgive.
    public struct Settings: Sendable, Hashable, Codable {
        /// The longest codeblock that can be set, in octets.
        public static let longestCodeblock = 1 << 20

        /// The marker.
        public var marker: [UInt8]
        /// The octets behind the marker.
        public var codeblockLength: Int
        /// The last bits of the codeblock's last octet that are not sent: the next marker begins there.
        public var unsentBits: Int
        /// The marker's bits that may be wrong while searching.
        public var searchTolerance: Int
        /// The marker's bits that may be wrong where one is expected.
        public var lockTolerance: Int
        /// The markers that must follow the first one.
        public var verify: Int
        /// The markers in a row that may be missing.
        public var flywheel: Int
        /// The bits by which a marker may be off and still be looked for, with ``Recovery/flywheel``.
        public var slipWindow: Int
        /// Whether an inverted stream is accepted.
        public var inverted: Bool
        /// What to do when a marker is missing.
        public var recovery: Recovery

        /// Describes what to look for; whether it can be is seen when the synchroniser is made.
        public init(
            marker: [UInt8] = SyncMarker.standard,
            codeblockLength: Int,
            searchTolerance: Int = 3,
            lockTolerance: Int = 3,
            verify: Int = 1,
            flywheel: Int = 2,
            slipWindow: Int = 2,
            inverted: Bool = true,
            recovery: Recovery = .research,
            unsentBits: Int = 0
        ) {
            self.marker = marker
            self.codeblockLength = codeblockLength
            self.unsentBits = unsentBits
            self.searchTolerance = searchTolerance
            self.lockTolerance = lockTolerance
            self.verify = verify
            self.flywheel = flywheel
            self.slipWindow = slipWindow
            self.inverted = inverted
            self.recovery = recovery
        }

        /// Refuses what cannot be.
        ///
        /// - Throws: The first setting that is out of range.
        public func validate() throws(CodingError) {
            guard (2...64).contains(marker.count) else { throw .markerLength(marker.count) }
            guard (1...Self.longestCodeblock).contains(codeblockLength) else {
                throw .codeblockLength(codeblockLength)
            }
            guard (0...7).contains(unsentBits) else { throw .count("unsentBits", unsentBits, limit: 7) }
            let limit = 4 * marker.count - 1
            for tolerance in [searchTolerance, lockTolerance] where !(0...limit).contains(tolerance) {
                throw .tolerance(tolerance, limit: limit)
            }
            guard (0...16).contains(verify) else { throw .count("verify", verify, limit: 16) }
            guard (0...16).contains(flywheel) else { throw .count("flywheel", flywheel, limit: 16) }
            guard (0...8).contains(slipWindow) else { throw .count("slipWindow", slipWindow, limit: 8) }
        }
    }
}
