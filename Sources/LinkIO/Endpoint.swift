/// Where octets go, as a person writes it after `--to`.
public enum Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// `udp://HOST:PORT`: each unit is a datagram.
    case datagrams(host: String, port: Int)
    /// `tcp://HOST:PORT`: units one behind the other.
    case stream(host: String, port: Int)
    /// A file, or standard output as `-`: units one behind the other.
    case path(String)

    /// Reads what a person wrote.
    ///
    /// - Parameter text: A URL of scheme `udp` or `tcp`, or a path.
    /// - Throws: `.badEndpoint` for a URL that names no host, no port of 1…65535, or another scheme.
    public init(_ text: String) throws(IOFailure) {
        guard let colon = text.firstRange(of: "://") else {
            if text.isEmpty { throw .badEndpoint(text) }
            self = .path(text)
            return
        }
        let place = text[colon.upperBound...]
        guard let split = place.lastIndex(of: ":"), let port = Int(place[place.index(after: split)...]),
            (1...65535).contains(port)
        else { throw .badEndpoint(text) }
        var host = place[..<split]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { throw .badEndpoint(text) }
        switch text[..<colon.lowerBound] {
        case "udp": self = .datagrams(host: String(host), port: port)
        case "tcp": self = .stream(host: String(host), port: port)
        default: throw .badEndpoint(text)
        }
    }

    /// The endpoint as it is written.
    public var description: String {
        switch self {
        case .datagrams(let host, let port): "udp://\(host):\(port)"
        case .stream(let host, let port): "tcp://\(host):\(port)"
        case .path(let path): path
        }
    }
}
