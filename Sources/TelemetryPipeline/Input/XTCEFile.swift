public import MissionDatabase

/// XTCE databases in files.
public enum XTCEFile {
    /// Reads and compiles a database.
    ///
    /// - Parameter path: The file.
    /// - Returns: The database.
    /// - Throws: `IOFailure`, or `XTCEError` with line and column.
    public static func read(_ path: String) throws -> MissionDatabase {
        try MissionDatabase(xtce: FileContents.read(path, limit: 256 << 20), name: path)
    }
}
