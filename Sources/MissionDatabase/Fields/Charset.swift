/// The character encodings of texts in packets.
enum Charset: UInt8, Sendable {
    case utf8
    case ascii
    case latin1
    case windows1252
    case utf16
    case utf16BigEndian
    case utf16LittleEndian
    case utf32
    case utf32BigEndian
    case utf32LittleEndian

    /// The encoding by its name in XTCE.
    init?(name: String) {
        switch name.uppercased() {
        case "UTF-8": self = .utf8
        case "US-ASCII", "ASCII": self = .ascii
        case "ISO-8859-1": self = .latin1
        case "WINDOWS-1252": self = .windows1252
        case "UTF-16": self = .utf16
        case "UTF-16BE": self = .utf16BigEndian
        case "UTF-16LE": self = .utf16LittleEndian
        case "UTF-32": self = .utf32
        case "UTF-32BE": self = .utf32BigEndian
        case "UTF-32LE": self = .utf32LittleEndian
        default: return nil
        }
    }

    /// The octets of the smallest piece of a text.
    var unit: Int {
        switch self {
        case .utf8, .ascii, .latin1, .windows1252: 1
        case .utf16, .utf16BigEndian, .utf16LittleEndian: 2
        case .utf32, .utf32BigEndian, .utf32LittleEndian: 4
        }
    }

    /// The text that octets are; what is no character becomes U+FFFD.
    func decode(_ octets: ArraySlice<UInt8>) -> String {
        switch self {
        case .utf8: return String(decoding: octets, as: UTF8.self)
        case .ascii: return scalars(octets.map { $0 < 0x80 ? UInt32($0) : 0xFFFD })
        case .latin1: return scalars(octets.map { UInt32($0) })
        case .windows1252: return scalars(octets.map { Self.windows1252Scalar($0) })
        case .utf16: return decode16(octets, isLittle: octets.starts(with: [0xFF, 0xFE]))
        case .utf16BigEndian: return decode16(octets, isLittle: false)
        case .utf16LittleEndian: return decode16(octets, isLittle: true)
        case .utf32: return decode32(octets, isLittle: octets.starts(with: [0xFF, 0xFE, 0, 0]))
        case .utf32BigEndian: return decode32(octets, isLittle: false)
        case .utf32LittleEndian: return decode32(octets, isLittle: true)
        }
    }

    /// The octets of a text; a character that the encoding does not have becomes a question mark.
    func encode(_ text: String) -> [UInt8] {
        switch self {
        case .utf8: Array(text.utf8)
        case .ascii: text.unicodeScalars.map { $0.value < 0x80 ? UInt8($0.value) : UInt8(ascii: "?") }
        case .latin1: text.unicodeScalars.map { UInt8(exactly: $0.value) ?? UInt8(ascii: "?") }
        case .windows1252:
            text.unicodeScalars.map { scalar in
                (0...255).first { Self.windows1252Scalar($0) == scalar.value } ?? UInt8(ascii: "?")
            }
        case .utf16, .utf16BigEndian: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        case .utf16LittleEndian: text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        case .utf32, .utf32BigEndian: text.unicodeScalars.flatMap { Self.octets($0) }
        case .utf32LittleEndian: text.unicodeScalars.flatMap { Self.octets($0).reversed() }
        }
    }

    private static func octets(_ scalar: Unicode.Scalar) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: scalar.value >> $0) }
    }

    private func decode16(_ octets: ArraySlice<UInt8>, isLittle: Bool) -> String {
        var units: [UInt16] = []
        var index = octets.startIndex
        while index + 1 < octets.endIndex {
            let (first, second) = (UInt16(octets[index]), UInt16(octets[index + 1]))
            units.append(isLittle ? second << 8 | first : first << 8 | second)
            index += 2
        }
        if units.first == 0xFEFF, self == .utf16 { units.removeFirst() }
        return String(decoding: units, as: UTF16.self)
    }

    private func decode32(_ octets: ArraySlice<UInt8>, isLittle: Bool) -> String {
        var values: [UInt32] = []
        var index = octets.startIndex
        while index + 3 < octets.endIndex {
            let quad = octets[index..<(index + 4)]
            values.append((isLittle ? Array(quad.reversed()) : Array(quad)).reduce(0) { $0 << 8 | UInt32($1) })
            index += 4
        }
        if values.first == 0xFEFF, self == .utf32 { values.removeFirst() }
        return scalars(values)
    }

    private func scalars(_ values: [UInt32]) -> String {
        var text = ""
        for value in values { text.unicodeScalars.append(Unicode.Scalar(value) ?? "\u{FFFD}") }
        return text
    }

    /// Windows code page 1252 differs from ISO 8859-1 between 0x80 and 0x9F.
    private static let windows1252Upper: [UInt32] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD,
        0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0xFFFD, 0x017E, 0x0178,
    ]

    private static func windows1252Scalar(_ octet: UInt8) -> UInt32 {
        (0x80...0x9F).contains(octet) ? windows1252Upper[Int(octet) - 0x80] : UInt32(octet)
    }
}
