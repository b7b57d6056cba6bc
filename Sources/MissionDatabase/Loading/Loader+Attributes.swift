/// Attributes and numbers, each with the error that names its place.
extension Loader {
    func place(_ element: XMLElement) -> Place {
        Place(file: file, line: element.line, column: element.column)
    }

    /// Notes something that is not supported, so that nobody takes silence for understanding.
    mutating func note(_ element: XMLElement, _ text: String) {
        diagnostics.append(Diagnostic(place: place(element), text: text))
    }

    func required(_ element: XMLElement, _ name: String) throws(XTCEError) -> String {
        guard let value = element.attribute(name), !value.isEmpty else {
            throw .missingAttribute(place(element), element: element.name, attribute: name)
        }
        return value
    }

    func boolean(_ element: XMLElement, _ name: String, default standard: Bool) throws(XTCEError) -> Bool {
        guard let text = element.attribute(name) else { return standard }
        guard let value = Self.boolean(text) else {
            throw .invalidValue(place(element), what: name, value: text, expected: "true or false")
        }
        return value
    }

    static func boolean(_ text: String) -> Bool? {
        switch text {
        case "true", "1": true
        case "false", "0": false
        default: nil
        }
    }

    func integer(
        _ element: XMLElement,
        _ name: String,
        default standard: Int?,
        in range: ClosedRange<Int>
    ) throws(XTCEError) -> Int {
        guard let text = element.attribute(name) else {
            if let standard { return standard }
            throw .missingAttribute(place(element), element: element.name, attribute: name)
        }
        return try integer(text, what: name, of: element, in: range)
    }

    func integer(
        _ text: String,
        what: String,
        of element: XMLElement,
        in range: ClosedRange<Int>
    ) throws(XTCEError) -> Int {
        guard let value = Int(text), range.contains(value) else {
            let expected = "an integer from \(range.lowerBound) to \(range.upperBound)"
            throw .invalidValue(place(element), what: what, value: text, expected: expected)
        }
        return value
    }

    func number(_ element: XMLElement, _ name: String, default standard: Double?) throws(XTCEError) -> Double {
        guard let text = element.attribute(name) else {
            if let standard { return standard }
            throw .missingAttribute(place(element), element: element.name, attribute: name)
        }
        guard let value = Self.number(text), value.isFinite else {
            throw .invalidValue(place(element), what: name, value: text, expected: "a number")
        }
        return value
    }

    /// A decimal number, an integer in hexadecimal (0x), octal (0o) or binary (0b) digits.
    static func number(_ text: String) -> Double? {
        if let integer = wideInteger(text) { return Double(integer) }
        // `Double` would also take hexadecimal fractions and words, which XML Schema's double does not know.
        guard text.utf8.allSatisfy({ "+-.eE0123456789".utf8.contains($0) }) else { return nil }
        return Double(text)
    }

    /// An integer, decimal or with one of the prefixes 0x, 0o and 0b.
    static func wideInteger(_ text: String) -> Int128? {
        let isNegative = text.hasPrefix("-")
        let digits = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
        let prefixes: [(String, Int)] = [("0x", 16), ("0X", 16), ("0o", 8), ("0b", 2)]
        let (body, radix) =
            prefixes.first { digits.hasPrefix($0.0) }.map { (digits.dropFirst(2), $0.1) } ?? (digits, 10)
        guard let first = body.first, first != "-", first != "+", let value = Int128(body, radix: radix) else {
            return nil
        }
        return isNegative ? -value : value
    }

    /// The octets of an even number of hexadecimal digits.
    static func octets(_ text: String) -> [UInt8]? {
        let digits = Array((text.hasPrefix("0x") ? text.dropFirst(2) : text[...]).utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var octets: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = nibble(digits[index]), let low = nibble(digits[index + 1]) else { return nil }
            octets.append(high << 4 | low)
        }
        return octets
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }

    /// The value between white space inside an element.
    func content(_ element: XMLElement, in range: ClosedRange<Int>) throws(XTCEError) -> Int {
        try integer(element.trimmedText, what: "<\(element.name)>", of: element, in: range)
    }
}
