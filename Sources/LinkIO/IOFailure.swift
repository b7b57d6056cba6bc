public import SystemPackage

/// Why octets could not be read or written, as a sentence with the place and what to try.
public enum IOFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The system refused an operation on a path.
    case system(doing: String, path: String, Errno)
    /// The path names a folder where a file is wanted.
    case isDirectory(path: String)
    /// The output path names a folder.
    case outputIsDirectory(path: String)
    /// The output is there already.
    case exists(path: String)
    /// The text after `--to` names no place.
    case badEndpoint(String)
    /// The network refused.
    case network(endpoint: String, reason: String)
    /// A unit is larger than a datagram can be.
    case tooLargeForDatagram(endpoint: String, octets: Int)
    /// The user asked to stop.
    case interrupted

    /// Whether the reader of an output went away, which ends a command quietly.
    public var isBrokenPipe: Bool {
        if case .system(_, _, .brokenPipe) = self { return true }
        return false
    }

    /// The failure as a sentence.
    public var description: String {
        switch self {
        case .system(let doing, let path, let errno):
            "\(path): cannot \(doing): \(errno)\(Self.remedy(errno))"
        case .isDirectory(let path):
            "\(path): is a directory, not a recording; name a file in it"
        case .outputIsDirectory(let path):
            "\(path): is a directory; name a file in it to write to"
        case .exists(let path):
            "\(path): exists already; choose another name or add --force to replace it"
        case .badEndpoint(let text):
            "\(text): no place to send to; write udp://HOST:PORT, tcp://HOST:PORT, a file's path, or - for standard output"
        case .network(let endpoint, let reason):
            "\(endpoint): \(reason); check that the receiver listens there"
        case .tooLargeForDatagram(let endpoint, let octets):
            "\(endpoint): a unit of \(octets) octets does not fit a UDP datagram (65507); send to tcp:// instead"
        case .interrupted:
            "interrupted"
        }
    }

    private static func remedy(_ errno: Errno) -> String {
        switch errno {
        case .noSuchFileOrDirectory: "; check the path"
        case .notDirectory: "; a part of the path is a file, not a folder"
        case .permissionDenied: "; check the permissions of the file and its folder"
        case .noSpace: "; free space on that file system"
        case .readOnlyFileSystem: "; choose a folder on a file system that can be written"
        default: ""
        }
    }
}
