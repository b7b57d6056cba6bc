/// The characters of a document as checked UTF-8, and the way back from an offset to line and column.
struct XMLText {
    /// The document in UTF-8 without a byte order mark; every character is one that XML allows.
    let octets: [UInt8]
    private let file: String
    private let lineStarts: [Int]

    /// Longer documents are refused: nothing near it describes a mission.
    static let maximumLength = 128 << 20

    init(_ source: [UInt8], file: String) throws(XTCEError) {
        self.file = file
        guard source.count <= Self.maximumLength else {
            throw .malformedXML(Place(file: file, line: 1, column: 1), .tooLarge(limit: Self.maximumLength))
        }
        octets = try Self.transcode(source, file: file)
        var starts = [0]
        var index = 0
        while index < octets.count {
            let octet = octets[index]
            index += 1
            if octet == 0x0A || octet == 0x0D && (index == octets.count || octets[index] != 0x0A) {
                starts.append(index)
            }
        }
        lineStarts = starts
        if let (offset, fault) = Self.firstFault(octets) { throw error(fault, at: offset) }
    }

    /// Line and column (in characters, both from 1) of an octet.
    func place(_ offset: Int) -> Place {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let characters = octets[lineStarts[low]..<min(offset, octets.count)].reduce(into: 1) { count, octet in
            if octet & 0xC0 != 0x80 { count += 1 }
        }
        return Place(file: file, line: low + 1, column: characters)
    }

    func error(_ fault: XMLFault, at offset: Int) -> XTCEError {
        .malformedXML(place(offset), fault)
    }

    private static func transcode(_ source: [UInt8], file: String) throws(XTCEError) -> [UInt8] {
        switch (source.first, source.dropFirst().first) {
        case (0xFE, 0xFF): return try transcode16(source, high: 0, file: file)
        case (0xFF, 0xFE): return try transcode16(source, high: 1, file: file)
        default: return source.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(source.dropFirst(3)) : source
        }
    }

    /// UTF-16 to UTF-8; `high` is the place of the more significant octet in a pair.
    private static func transcode16(_ source: [UInt8], high: Int, file: String) throws(XTCEError) -> [UInt8] {
        let fault = XTCEError.malformedXML(Place(file: file, line: 1, column: 1), .notText(encoding: "UTF-16"))
        guard source.count.isMultiple(of: 2) else { throw fault }
        let units = stride(from: 2, to: source.count, by: 2).map { index in
            UInt16(source[index + high]) << 8 | UInt16(source[index + 1 - high])
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw fault }
        return Array(text.utf8)
    }

    /// The first octet that is not UTF-8, or begins a character that XML does not allow.
    private static func firstFault(_ octets: [UInt8]) -> (Int, XMLFault)? {
        var index = 0
        while index < octets.count {
            let first = octets[index]
            if first < 0x80 {
                if first < 0x20, first != 0x09, first != 0x0A, first != 0x0D {
                    return (index, .illegalCharacter(UInt32(first)))
                }
                index += 1
                continue
            }
            guard let (scalar, length) = scalar(octets, at: index) else { return (index, .notText(encoding: "UTF-8")) }
            if scalar == 0xFFFE || scalar == 0xFFFF { return (index, .illegalCharacter(scalar)) }
            index += length
        }
        return nil
    }

    /// The character of two to four octets that begins here, if it is well formed and the shortest form.
    private static func scalar(_ octets: [UInt8], at index: Int) -> (UInt32, Int)? {
        let first = octets[index]
        let (length, least): (Int, UInt32)
        switch first {
        case 0xC2...0xDF: (length, least) = (2, 0x80)
        case 0xE0...0xEF: (length, least) = (3, 0x800)
        case 0xF0...0xF4: (length, least) = (4, 0x1_0000)
        default: return nil
        }
        guard index + length <= octets.count else { return nil }
        var scalar = UInt32(first) & (0xFF >> UInt32(length + 1))
        for next in octets[(index + 1)..<(index + length)] {
            guard next & 0xC0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(next & 0x3F)
        }
        guard scalar >= least, Unicode.Scalar(scalar) != nil else { return nil }
        return (scalar, length)
    }
}
