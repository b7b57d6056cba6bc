public import Foundation

/// A folder of a test's own, gone when the value is.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let url: URL

    /// Makes an empty folder.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "perilune-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The path of a name in it.
    public func path(_ name: String) -> String { url.appending(path: name).path }

    /// Writes a file and gives its path.
    public func write(_ name: String, _ octets: [UInt8]) throws -> String {
        try Data(octets).write(to: url.appending(path: name))
        return path(name)
    }

    /// The octets of a file in it.
    public func read(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url.appending(path: name))) }

    /// The names in it, sorted.
    public func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
    }
}
