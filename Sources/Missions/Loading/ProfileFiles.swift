import FoundationEssentials

/// One file of a mission profile, by its path below the profile's folder.
public struct ProfileFile: Sendable, Hashable {
    /// The path, parts separated by `/`.
    public let path: String
    /// The octets.
    public let octets: [UInt8]

    /// Makes a file of its path and octets.
    public init(path: String, octets: [UInt8]) {
        self.path = path
        self.octets = octets
    }
}

/// Where the files of a profile come from: the binary, or a folder.
enum ProfileFiles {
    /// The names of the profiles in the binary.
    static let embeddedNames: [String] = Set(
        EmbeddedProfiles.files.compactMap { file in
            "\(file.path)".split(separator: "/").first.map { String($0) }
        }
    ).sorted()

    /// The files of a profile in the binary.
    static func embedded(_ name: String) -> [ProfileFile] {
        let prefix = name + "/"
        return EmbeddedProfiles.files.compactMap { file in
            let path = "\(file.path)"
            guard path.hasPrefix(prefix) else { return nil }
            return ProfileFile(path: String(path.dropFirst(prefix.count)), octets: Array("\(file.text)".utf8))
        }
    }

    /// The XML and JSON files of a folder and of the folders directly in it.
    static func folder(_ folder: String) throws(MissionError) -> [ProfileFile] {
        let root = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        var files: [ProfileFile] = []
        for name in try list(root) {
            if isProfileFile(name) {
                files.append(try read("\(root)/\(name)", as: name))
            } else if isFolder("\(root)/\(name)") {
                for inner in try list("\(root)/\(name)") where isProfileFile(inner) {
                    files.append(try read("\(root)/\(name)/\(inner)", as: "\(name)/\(inner)"))
                }
            }
        }
        return files
    }

    /// Whether a path leads to a folder.
    static func isFolder(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.type] as? FileAttributeType == .typeDirectory
    }

    private static func isProfileFile(_ name: String) -> Bool { name.hasSuffix(".json") || name.hasSuffix(".xml") }

    private static func list(_ folder: String) throws(MissionError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw .unreadable(path: folder, reason: "this folder cannot be listed")
        }
    }

    private static func read(_ path: String, as name: String) throws(MissionError) -> ProfileFile {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path: path, reason: "this file cannot be read")
        }
        return ProfileFile(path: name, octets: Array(data))
    }
}
