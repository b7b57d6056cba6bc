/// What is wrong with a document that is not well-formed XML, or is more than this reader takes.
public enum XMLFault: Sendable, Hashable, CustomStringConvertible {
    /// The document has no root element.
    case noRoot
    /// The octets are not text in the encoding that the document has.
    case notText(encoding: String)
    /// The declaration names an encoding that is not read here.
    case unsupportedEncoding(String)
    /// A character that XML does not allow.
    case illegalCharacter(UInt32)
    /// A document type declaration, which is refused because entities hide in it.
    case doctype
    /// The document ends inside something.
    case unexpectedEnd(inside: String)
    /// An element is closed by the name of another.
    case mismatchedEnd(expected: String, found: String)
    /// An end tag where nothing is open.
    case strayEnd(String)
    /// A second root element.
    case secondRoot(String)
    /// Text outside the root element.
    case textOutsideRoot
    /// A name that XML does not allow, or none where one is needed.
    case badName
    /// A tag that breaks off or has something else than attributes in it.
    case malformedTag(String)
    /// An attribute that occurs twice.
    case duplicateAttribute(String)
    /// An element with more attributes than the limit.
    case tooManyAttributes(limit: Int)
    /// An entity other than the five of XML.
    case unknownEntity(String)
    /// A character reference that names no character, or an ampersand that begins no reference.
    case badReference
    /// A prefix without a namespace declaration.
    case undeclaredPrefix(String)
    /// A comment with two hyphens inside, or a processing instruction or declaration out of place.
    case malformedMarkup(String)
    /// Elements nested deeper than the limit.
    case tooDeep(limit: Int)
    /// A document with more octets than the limit.
    case tooLarge(limit: Int)

    /// The fault as a clause that follows a place.
    public var description: String {
        switch self {
        case .noRoot: "the document has no root element"
        case .notText(let encoding): "the octets here are not \(encoding) text"
        case .unsupportedEncoding(let name): "the encoding \(name) is not read; save the file as UTF-8"
        case .illegalCharacter(let scalar): "the character U+\(Self.hex(scalar)) is not allowed in XML"
        case .doctype: "a DOCTYPE is refused, because entities could hide in it; remove it"
        case .unexpectedEnd(let inside): "the document ends inside \(inside)"
        case .mismatchedEnd(let expected, let found): "</\(found)> closes an element named \(expected)"
        case .strayEnd(let name): "</\(name)> closes nothing"
        case .secondRoot(let name): "<\(name)> is a second root element"
        case .textOutsideRoot: "there is text outside the root element"
        case .badName: "a name is expected here"
        case .malformedTag(let name): "the tag <\(name)> is malformed"
        case .duplicateAttribute(let name): "the attribute \(name) occurs twice"
        case .tooManyAttributes(let limit): "an element has more than \(limit) attributes"
        case .unknownEntity(let name): "the entity &\(name); is not one of the five that XML defines"
        case .badReference: "an ampersand begins no valid reference; write &amp;"
        case .undeclaredPrefix(let prefix): "the prefix \(prefix): is not declared"
        case .malformedMarkup(let what): "\(what) is malformed or out of place"
        case .tooDeep(let limit): "elements are nested more than \(limit) deep"
        case .tooLarge(let limit): "the document is longer than \(limit) octets"
        }
    }

    private static func hex(_ scalar: UInt32) -> String {
        let digits = String(scalar, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
