/// What is known of one parameter, beside how it is decoded.
public struct Parameter: Sendable, Hashable {
    /// Its name in its space system; members of aggregates and arrays are `P.member` and `P[2]`.
    public internal(set) var name: String
    /// Its name with all space systems, from the root: `/Root/System/P`.
    public internal(set) var qualifiedName: String
    /// The unit of its engineering value, if it has one.
    public internal(set) var unit: String?
    /// What people are told about it.
    public internal(set) var description: String?
    /// The channel it is to the attitude monitor (`AncillaryData` named `perilune.role`).
    public internal(set) var role: String?
    /// Whether it is instant, accumulated or averaged (`perilune.kind`).
    public internal(set) var kind: String?
    /// The name of the parameter that dates it (`perilune.timeTag`).
    public internal(set) var timeTag: String?
    /// For a time: the epoch from which its seconds count, as the database writes it.
    public internal(set) var epoch: String?

    init(name: String, qualifiedName: String) {
        self.name = name
        self.qualifiedName = qualifiedName
    }
}

/// What is known of one container, beside its entries.
public struct Container: Sendable, Hashable {
    /// Its name in its space system.
    public let name: String
    /// Its name with all space systems, from the root.
    public let qualifiedName: String
    /// Whether a packet cannot be this container itself, only one derived from it.
    public let isAbstract: Bool
    /// What people are told about it.
    public let description: String?
}

/// Something in a database that is not supported.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
    /// Where it stands.
    public let place: Place
    /// What it is, and what happens instead.
    public let text: String

    /// The line, from 1.
    public var line: Int { place.line }
    /// The column, from 1.
    public var column: Int { place.column }
    /// The diagnostic as a sentence with its place.
    public var description: String { "\(place): \(text)." }
}
