import FoundationEssentials

extension PassTruth {
    /// The truth as `truth.json`, keys in alphabetical order, so that equal passes give equal octets.
    ///
    /// - Returns: The file.
    /// - Throws: What the encoder throws, which would be a number that is none.
    public func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [0x0A]
    }
}
