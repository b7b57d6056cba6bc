public import Foundation

/// Where tests find what they read: the repository, its fixtures, recordings and vectors.
public enum Fixtures {
    /// The root of the package.
    public static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folder of real recordings: `PERILUNE_RECORDINGS`, or `../shared/recordings` beside the package.
    public static let recordings: URL =
        ProcessInfo.processInfo.environment["PERILUNE_RECORDINGS"].map { URL(fileURLWithPath: $0) }
        ?? root.deletingLastPathComponent().appending(path: "shared/recordings")

    /// Whether the recordings are there; tests that need them are enabled by it and say so when skipped.
    public static let haveRecordings = FileManager.default.fileExists(
        atPath: recordings.appending(path: "expected.json").path
    )

    /// What a skipped test says.
    public static let absent = "the recordings are absent: set PERILUNE_RECORDINGS to their folder"

    /// The octets of a recording.
    public static func recording(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: recordings.appending(path: name)))
    }

    /// The vector files: `PERILUNE_VECTORS` (a file, or a folder of `*.json`), or `fixtures/vectors.json`.
    public static func vectorFiles() throws -> [URL] {
        guard let path = ProcessInfo.processInfo.environment["PERILUNE_VECTORS"] else {
            return [root.appending(path: "fixtures/vectors.json")]
        }
        let url = URL(fileURLWithPath: path)
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return [url]
        }
        return try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }
            .sorted { $0.path < $1.path }
    }

    /// The vectors of the kinds asked for, each as its dictionary (`id`, `kind`, `inputs`, `expected`).
    public static func vectors(_ kinds: String...) throws -> [Vector] {
        try allVectors().filter { kinds.contains($0.kind) }
    }
}

/// One reference vector: what goes in, and what independent implementations agree comes out.
public struct Vector: CustomStringConvertible {
    /// Its name.
    public let id: String
    /// What it tries.
    public let kind: String
    /// What goes in.
    public let inputs: [String: Any]
    /// What must come out.
    public let expected: [String: Any]

    /// Its name.
    public var description: String { id }

    /// An integer among the inputs.
    public func int(_ key: String) -> Int? { (inputs[key] as? NSNumber)?.intValue }

    /// A hex string among the inputs, as octets.
    public func octets(_ key: String) -> [UInt8]? { (inputs[key] as? String).map { Hex.octets($0) } }
}

/// Octets as pairs of hexadecimal digits.
public enum Hex {
    /// The octets of a string of pairs of digits; anything else traps, as it is a mistake in a test.
    public static func octets(_ text: String) -> [UInt8] {
        let digits = text.filter { $0 != " " }.map { digit in
            guard let value = digit.hexDigitValue else { preconditionFailure("no hexadecimal digit: \(digit)") }
            return UInt8(value)
        }
        precondition(digits.count.isMultiple(of: 2), "an odd number of hexadecimal digits")
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// The digits of octets, lower case.
    public static func text(_ octets: some Sequence<UInt8>) -> String {
        octets.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
