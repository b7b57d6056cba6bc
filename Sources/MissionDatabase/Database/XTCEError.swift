/// Where something stands in a database file.
public struct Place: Sendable, Hashable, CustomStringConvertible {
    /// The name of the file, as it was given.
    public let file: String
    /// The line, from 1.
    public let line: Int
    /// The column in characters, from 1.
    public let column: Int

    /// A place in a file.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// The place in the form that editors understand: file, line, column.
    public var description: String { "\(file):\(line):\(column)" }
}

/// Why a database cannot be used, or not for this.
public enum XTCEError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file is not well-formed XML.
    case malformedXML(Place, XMLFault)
    /// The root element is no SpaceSystem.
    case unexpectedRoot(Place, found: String)
    /// An element lacks an attribute.
    case missingAttribute(Place, element: String, attribute: String)
    /// An element lacks a child element.
    case missingElement(Place, element: String, child: String)
    /// A value that cannot be what it should be.
    case invalidValue(Place, what: String, value: String, expected: String)
    /// A second definition of a name in one space system.
    case duplicateName(Place, name: String)
    /// A reference to something that is defined nowhere in reach.
    case unknownReference(Place, kind: String, name: String)
    /// A definition that leads back to itself.
    case cyclicReference(Place, kind: String, name: String)
    /// More of something than is taken.
    case tooLarge(Place, what: String, limit: Int)
    /// No container can be the root.
    case noRootContainer(file: String)
    /// There is no container of a name that was asked for.
    case unknownContainer(String)
    /// A container has no parameter of a name that was asked for.
    case unknownParameter(String, container: String)
    /// A container cannot be encoded, because its layout depends on values or needs what is not supported.
    case dynamicLayout(container: String, reason: String)

    /// The error as a whole sentence with its place.
    public var description: String {
        switch self {
        case .malformedXML(let place, let fault):
            "\(place): \(fault)."
        case .unexpectedRoot(let place, let found):
            "\(place): the root element is <\(found)>, not <SpaceSystem>; this is no XTCE database."
        case .missingAttribute(let place, let element, let attribute):
            "\(place): <\(element)> lacks the attribute \(attribute)."
        case .missingElement(let place, let element, let child):
            "\(place): <\(element)> lacks a <\(child)> element."
        case .invalidValue(let place, let what, let value, let expected):
            "\(place): \(what) is \"\(value)\"; expected \(expected)."
        case .duplicateName(let place, let name):
            "\(place): the name \(name) is defined twice in this space system."
        case .unknownReference(let place, let kind, let name):
            "\(place): there is no \(kind) named \(name) here or in a space system above."
        case .cyclicReference(let place, let kind, let name):
            "\(place): the \(kind) \(name) leads back to itself."
        case .tooLarge(let place, let what, let limit):
            "\(place): \(what), more than the limit of \(limit)."
        case .noRootContainer(let file):
            "\(file): no container can be the root; name one."
        case .unknownContainer(let name):
            "There is no container named \(name) in the database."
        case .unknownParameter(let name, let container):
            "The container \(container) has no parameter named \(name)."
        case .dynamicLayout(let container, let reason):
            "The container \(container) cannot be encoded: \(reason)."
        }
    }
}
