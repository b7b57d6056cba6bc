/// One element of a document, with its children, and where it stands.
struct XMLElement: Sendable {
    /// The name without its prefix.
    let name: String
    let line: Int
    let column: Int
    /// Attributes by local name; namespace declarations are left out.
    let attributes: [XMLAttribute]
    fileprivate(set) var children: [XMLElement] = []
    /// The character data directly inside, without what surrounds child elements in white space only.
    fileprivate(set) var text = ""

    init(name: String, line: Int, column: Int, attributes: [XMLAttribute]) {
        self.name = name
        self.line = line
        self.column = column
        self.attributes = attributes
    }

    /// The value of an attribute.
    func attribute(_ name: String) -> String? {
        attributes.first { $0.name == name }?.value
    }

    /// The first child of a name.
    func first(_ name: String) -> XMLElement? {
        children.first { $0.name == name }
    }

    /// The children of a name, in the order of the document.
    func all(_ name: String) -> [XMLElement] {
        children.filter { $0.name == name }
    }

    /// The text without white space at its ends.
    var trimmedText: String {
        let isSpace = { (octet: UInt8) in octet == 0x20 || octet == 0x0A || octet == 0x09 || octet == 0x0D }
        let octets = text.utf8
        guard let first = octets.firstIndex(where: { !isSpace($0) }),
            let last = octets.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(text[first...last])
    }

    mutating func adopt(_ child: XMLElement) {
        children.append(child)
    }

    mutating func close(text octets: [UInt8]) {
        text = String(decoding: octets, as: UTF8.self)
    }
}

/// One attribute, its value normalised.
struct XMLAttribute: Sendable {
    let name: String
    let value: String
}
