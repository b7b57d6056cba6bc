/// A small strict reader of XML documents: everything that is not well formed is an error with its place.
///
/// Namespaces are checked for declaration and then dropped: elements and attributes go by local name. Comments and
/// processing instructions are skipped. A document type declaration is refused, so that no entity but the five of
/// XML exists and no octet outside the document is ever read.
struct XMLReader {
    /// Deeper nesting is refused: no database comes near it, and walks over the tree may recurse.
    static let maximumDepth = 200

    /// More attributes on one element are refused, because each is compared with all others.
    static let maximumAttributes = 256

    private let source: XMLText
    private let octets: [UInt8]
    private var position = 0
    private var open: [Open] = []
    private var prefixes: [String] = ["xml"]
    private var root: XMLElement?

    /// An element whose end tag has not come yet.
    private struct Open {
        var element: XMLElement
        let qualifiedName: String
        let prefixCount: Int
        var text: [UInt8] = []
    }

    private init(_ octets: [UInt8], file: String) throws(XTCEError) {
        source = try XMLText(octets, file: file)
        self.octets = source.octets
    }

    /// Reads a whole document.
    static func read(_ octets: [UInt8], file: String) throws(XTCEError) -> XMLElement {
        var reader = try XMLReader(octets, file: file)
        return try reader.document()
    }

    private mutating func document() throws(XTCEError) -> XMLElement {
        try declaration()
        while position < octets.count {
            if octets[position] == UInt8(ascii: "<") {
                try markup()
            } else {
                try text()
            }
        }
        if let last = open.last { throw fault(.unexpectedEnd(inside: "<\(last.qualifiedName)>")) }
        guard let root else { throw fault(.noRoot) }
        return root
    }

    // MARK: Markup

    private mutating func markup() throws(XTCEError) {
        if looking(at: "<!--") {
            try comment()
        } else if looking(at: "<![CDATA[") {
            try characterData()
        } else if looking(at: "<!DOCTYPE") {
            throw fault(.doctype)
        } else if looking(at: "<?") {
            try processingInstruction()
        } else if looking(at: "</") {
            try endTag()
        } else {
            try startTag()
        }
    }

    /// The XML declaration, if there is one; it may name only encodings that the octets can be in.
    private mutating func declaration() throws(XTCEError) {
        guard looking(at: "<?xml"), position + 5 < octets.count, isSpace(octets[position + 5]) else { return }
        let start = position
        let body = try skip(past: "?>", from: position + 5, inside: "the XML declaration")
        let words = String(decoding: octets[body], as: UTF8.self)
        guard let encoding = Self.pseudoAttribute("encoding", of: words) else { return }
        guard ["utf-8", "utf-16", "us-ascii", "ascii"].contains(encoding.lowercased()) else {
            throw source.error(.unsupportedEncoding(encoding), at: start)
        }
    }

    private static func pseudoAttribute(_ name: String, of words: String) -> String? {
        guard let range = words.firstRange(of: name) else { return nil }
        let rest = words[range.upperBound...].drop { $0 != "\"" && $0 != "'" }
        guard let quote = rest.first else { return nil }
        return String(rest.dropFirst().prefix { $0 != quote })
    }

    private mutating func comment() throws(XTCEError) {
        let start = position
        _ = try skip(past: "--", from: position + 4, inside: "a comment")
        guard position < octets.count, octets[position] == UInt8(ascii: ">") else {
            throw source.error(.malformedMarkup("the comment"), at: start)
        }
        position += 1
    }

    private mutating func processingInstruction() throws(XTCEError) {
        let start = position
        let body = try skip(past: "?>", from: position + 2, inside: "a processing instruction")
        let target = octets[body].prefix { isName($0) }
        let isReserved = String(decoding: target, as: UTF8.self).lowercased() == "xml"
        if target.isEmpty || isReserved {
            throw source.error(.malformedMarkup("the processing instruction"), at: start)
        }
    }

    private mutating func characterData() throws(XTCEError) {
        let start = position
        let body = try skip(past: "]]>", from: position + 9, inside: "a CDATA section")
        guard !open.isEmpty else { throw source.error(.textOutsideRoot, at: start) }
        appendText(octets[body])
    }

    // MARK: Tags

    private mutating func startTag() throws(XTCEError) {
        let start = position
        position += 1
        let name = try self.name()
        if open.isEmpty, root != nil { throw source.error(.secondRoot(name), at: start) }
        if open.count == Self.maximumDepth { throw source.error(.tooDeep(limit: Self.maximumDepth), at: start) }

        let prefixCount = prefixes.count
        var attributes: [(name: String, value: String, offset: Int)] = []
        while true {
            let spaced = skipSpace()
            guard position < octets.count else { throw fault(.unexpectedEnd(inside: "<\(name)>")) }
            if octets[position] == UInt8(ascii: ">") || looking(at: "/>") { break }
            guard spaced else { throw fault(.malformedTag(name)) }
            let offset = position
            let (attribute, value) = try self.attribute(of: name)
            if attributes.contains(where: { $0.name == attribute }) {
                throw source.error(.duplicateAttribute(attribute), at: offset)
            }
            if attribute.hasPrefix("xmlns:") { prefixes.append(String(attribute.dropFirst(6))) }
            guard attributes.count < Self.maximumAttributes else {
                throw source.error(.tooManyAttributes(limit: Self.maximumAttributes), at: offset)
            }
            attributes.append((attribute, value, offset))
        }

        var kept: [XMLAttribute] = []
        for attribute in attributes where attribute.name != "xmlns" && !attribute.name.hasPrefix("xmlns:") {
            kept.append(XMLAttribute(name: try local(attribute.name, at: attribute.offset), value: attribute.value))
        }
        let place = source.place(start)
        let element = XMLElement(
            name: try local(name, at: start),
            line: place.line,
            column: place.column,
            attributes: kept
        )
        open.append(Open(element: element, qualifiedName: name, prefixCount: prefixCount))
        if octets[position] == UInt8(ascii: "/") {
            position += 2
            close()
        } else {
            position += 1
        }
    }

    private mutating func endTag() throws(XTCEError) {
        let start = position
        position += 2
        let name = try self.name()
        skipSpace()
        guard position < octets.count else { throw fault(.unexpectedEnd(inside: "</\(name)>")) }
        guard octets[position] == UInt8(ascii: ">") else { throw fault(.malformedTag("/" + name)) }
        guard let last = open.last else { throw source.error(.strayEnd(name), at: start) }
        guard last.qualifiedName == name else {
            throw source.error(.mismatchedEnd(expected: last.qualifiedName, found: name), at: start)
        }
        position += 1
        close()
    }

    private mutating func close() {
        guard var last = open.popLast() else { return }
        prefixes.removeLast(prefixes.count - last.prefixCount)
        if last.element.children.isEmpty || last.text.contains(where: { !isSpace($0) }) {
            last.element.close(text: last.text)
        }
        if open.isEmpty {
            root = last.element
        } else {
            open[open.count - 1].element.adopt(last.element)
        }
    }

    private mutating func attribute(of tag: String) throws(XTCEError) -> (String, String) {
        let name = try self.name()
        skipSpace()
        guard position < octets.count, octets[position] == UInt8(ascii: "=") else { throw fault(.malformedTag(tag)) }
        position += 1
        skipSpace()
        guard position < octets.count, octets[position] == UInt8(ascii: "\"") || octets[position] == UInt8(ascii: "'")
        else { throw fault(.malformedTag(tag)) }
        let quote = octets[position]
        position += 1
        var value: [UInt8] = []
        while position < octets.count, octets[position] != quote {
            switch octets[position] {
            case UInt8(ascii: "<"): throw fault(.malformedTag(tag))
            case UInt8(ascii: "&"): try reference(into: &value)
            case 0x0D where position + 1 < octets.count && octets[position + 1] == 0x0A: position += 1
            case 0x09, 0x0A, 0x0D:
                value.append(0x20)
                position += 1
            case let octet:
                value.append(octet)
                position += 1
            }
        }
        guard position < octets.count else { throw fault(.unexpectedEnd(inside: "the attribute \(name)")) }
        position += 1
        return (name, String(decoding: value, as: UTF8.self))
    }

    // MARK: Text

    private mutating func text() throws(XTCEError) {
        guard !open.isEmpty else {
            guard skipSpace() else { throw fault(.textOutsideRoot) }
            return
        }
        while position < octets.count, octets[position] != UInt8(ascii: "<") {
            if octets[position] == UInt8(ascii: "&") {
                var character: [UInt8] = []
                try reference(into: &character)
                open[open.count - 1].text += character
                continue
            }
            if looking(at: "]]>") { throw fault(.malformedMarkup("the end of a CDATA section")) }
            let start = position
            position += 1
            while position < octets.count, !isSpecial(octets[position]) { position += 1 }
            appendText(octets[start..<position])
        }
    }

    /// Adds character data to the innermost element, line ends made equal.
    private mutating func appendText(_ slice: ArraySlice<UInt8>) {
        var previous: UInt8 = 0
        for octet in slice {
            if octet == 0x0D || octet == 0x0A && previous != 0x0D {
                open[open.count - 1].text.append(0x0A)
            } else if octet != 0x0A {
                open[open.count - 1].text.append(octet)
            }
            previous = octet
        }
    }

    /// Reads a reference from its ampersand to its semicolon.
    private mutating func reference(into text: inout [UInt8]) throws(XTCEError) {
        let start = position
        let window = octets[(start + 1)..<min(start + 65, octets.count)]
        guard let end = window.firstIndex(of: UInt8(ascii: ";")), end > start + 1 else {
            throw source.error(.badReference, at: start)
        }
        let name = String(decoding: octets[(start + 1)..<end], as: UTF8.self)
        position = end + 1
        switch name {
        case "amp": text.append(UInt8(ascii: "&"))
        case "lt": text.append(UInt8(ascii: "<"))
        case "gt": text.append(UInt8(ascii: ">"))
        case "apos": text.append(UInt8(ascii: "'"))
        case "quot": text.append(UInt8(ascii: "\""))
        default:
            guard name.hasPrefix("#") else {
                guard window[..<end].allSatisfy({ isName($0) }) else { throw source.error(.badReference, at: start) }
                throw source.error(.unknownEntity(name), at: start)
            }
            guard let scalar = Self.character(name.dropFirst()) else { throw source.error(.badReference, at: start) }
            text.append(contentsOf: Array(String(Character(scalar)).utf8))
        }
    }

    /// The character that the digits of a reference name, if XML allows it.
    private static func character(_ digits: Substring) -> Unicode.Scalar? {
        let isHexadecimal = digits.hasPrefix("x")
        let number = isHexadecimal ? digits.dropFirst() : digits
        guard number.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let value = UInt32(number, radix: isHexadecimal ? 16 : 10)
        else { return nil }
        let isAllowed =
            value >= 0x20 && value != 0xFFFE && value != 0xFFFF || value == 0x09 || value == 0x0A || value == 0x0D
        return isAllowed ? Unicode.Scalar(value) : nil
    }

    // MARK: Pieces

    private func fault(_ fault: XMLFault) -> XTCEError {
        source.error(fault, at: position)
    }

    /// Whether a word of ASCII letters stands here.
    private func looking(at word: String) -> Bool {
        var index = position
        for octet in word.utf8 {
            guard index < octets.count, octets[index] == octet else { return false }
            index += 1
        }
        return true
    }

    /// Moves behind the next occurrence of a word, and returns what lies before it.
    private mutating func skip(past word: String, from: Int, inside: String) throws(XTCEError) -> Range<Int> {
        let start = position
        position = from
        while position < octets.count {
            if looking(at: word) {
                let body = from..<position
                position += word.utf8.count
                return body
            }
            position += 1
        }
        throw source.error(.unexpectedEnd(inside: inside), at: start)
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let start = position
        while position < octets.count, isSpace(octets[position]) { position += 1 }
        return position > start
    }

    /// A name as it stands, prefix and all.
    private mutating func name() throws(XTCEError) -> String {
        let start = position
        while position < octets.count, isName(octets[position]) { position += 1 }
        guard position > start, !isNameContinuation(octets[start]) else {
            throw source.error(.badName, at: start)
        }
        return String(decoding: octets[start..<position], as: UTF8.self)
    }

    /// The part of a name behind its prefix, which must be declared.
    private func local(_ name: String, at offset: Int) throws(XTCEError) -> String {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 1 { return name }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { throw source.error(.badName, at: offset) }
        guard prefixes.contains(where: { $0 == parts[0] }) else {
            throw source.error(.undeclaredPrefix(String(parts[0])), at: offset)
        }
        return String(parts[1])
    }

    private func isSpecial(_ octet: UInt8) -> Bool {
        octet == UInt8(ascii: "<") || octet == UInt8(ascii: "&") || octet == UInt8(ascii: "]")
    }

    private func isSpace(_ octet: UInt8) -> Bool {
        octet == 0x20 || octet == 0x0A || octet == 0x0D || octet == 0x09
    }

    private func isNameContinuation(_ octet: UInt8) -> Bool {
        octet == UInt8(ascii: "-") || octet == UInt8(ascii: ".") || (0x30...0x39).contains(octet)
    }

    /// Letters, digits, the four marks, and all characters beyond ASCII.
    private func isName(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x41...0x5A, 0x61...0x7A, 0x80...0xFF, UInt8(ascii: "_"), UInt8(ascii: ":"): true
        default: isNameContinuation(octet)
        }
    }
}
