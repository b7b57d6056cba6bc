/// How the next value of a field is guessed from those before.
enum Predictor: UInt8, CaseIterable {
    /// Not at all: the value itself is kept.
    case raw
    /// As the one before; the difference is kept.
    case delta
    /// One step further, as large as the step before; what is missing is kept.
    case linear
    /// As the one before; the bits that differ are kept.
    case xor
    /// Always the same; nothing is kept.
    case constant
    /// One step further, and the step changes as it changed before; what is missing is kept.
    case cubic
    /// As another number of the same row, further left; the bits in which they differ otherwise than before are kept.
    case copy
}

/// Neighbouring octets of each row of a group that are one number, and how it is guessed.
struct Field: Hashable {
    /// Widths a number may have; a constant run has any.
    static let widths = [1, 2, 3, 4, 6, 8]

    var width: Int
    var isLittleEndian = false
    var predictor: Predictor
    /// How many octets further left the number begins that a copy follows.
    var distance = 0
    /// Whether only residuals other than zero are in the planes, and one plane of bits tells whose they are.
    var isSparse = false
    /// How many these are.
    var filled = 0

    init(width: Int, isLittleEndian: Bool = false, predictor: Predictor, distance: Int = 0) {
        self.width = width
        self.isLittleEndian = isLittleEndian
        self.predictor = predictor
        self.distance = distance
    }

    /// How many planes it has.
    var planeCount: Int { predictor == .constant ? 0 : width + (isSparse ? 1 : 0) }

    /// The octets of each of its planes.
    ///
    /// - Parameter residuals: How many residuals there are: rows less the first.
    /// - Returns: Those of the bits if it is sparse, then those of one plane for each octet of a residual.
    func planeSizes(residuals: Int) -> [Int] {
        guard predictor != .constant else { return [] }
        guard isSparse else { return [Int](repeating: residuals, count: width) }
        return [(residuals + 7) / 8] + [Int](repeating: filled, count: width)
    }

    func encode(into writer: inout OctetWriter) {
        let code = Field.widths.firstIndex(of: width) ?? 0
        guard predictor != .constant else {
            writer.put(predictor.rawValue)
            return writer.put(varint: UInt64(width))
        }
        writer.put(predictor.rawValue | UInt8(code) << 3 | (isLittleEndian ? 0x40 : 0) | (isSparse ? 0x80 : 0))
        if predictor == .copy { writer.put(varint: UInt64(distance)) }
        if isSparse { writer.put(varint: UInt64(filled)) }
    }

    /// Reads a field.
    ///
    /// - Parameters:
    ///   - reader: The head of the payload.
    ///   - place: Octets of the row before the field.
    ///   - residuals: How many residuals there can be.
    /// - Throws: `FormatFault` for a field that cannot be.
    init(_ reader: inout OctetReader, place: Int, residuals: Int) throws(FormatFault) {
        let octet: UInt8 = try reader.read()
        let code = Int(octet >> 3 & 7)
        guard let predictor = Predictor(rawValue: octet & 7), code < Field.widths.count else {
            throw FormatFault("a packed group has no field of the form \(octet)")
        }
        self.predictor = predictor
        isLittleEndian = octet & 0x40 != 0
        isSparse = octet & 0x80 != 0
        width = Field.widths[code]
        if predictor == .copy {
            distance = try reader.readCount(limit: place)
            guard distance >= width else { throw FormatFault("a packed group copies from what is not there yet") }
        }
        if isSparse { filled = try reader.readCount(limit: residuals) }
        guard predictor == .constant else { return }
        guard octet == predictor.rawValue, let run = Int(exactly: try reader.readVarint()), run > 0 else {
            throw FormatFault("a packed group has a constant run that cannot be")
        }
        width = run
    }

    /// Small steps up and down as small numbers, within a width whose octets leave so many bits of a word.
    @inline(__always) static func zigZag(_ step: UInt64, _ shift: UInt64) -> UInt64 {
        let signed = Int64(bitPattern: step << shift) >> Int64(shift)
        return UInt64(bitPattern: signed << 1 ^ signed >> 63) & (UInt64.max >> shift)
    }

    @inline(__always) static func unZigZag(_ residual: UInt64) -> UInt64 { residual >> 1 ^ (0 &- (residual & 1)) }
}
