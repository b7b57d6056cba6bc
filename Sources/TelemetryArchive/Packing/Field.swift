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
}

/// Neighbouring octets of each row of a group that are one number, and how it is guessed.
struct Field: Hashable {
    /// Widths a number may have; a constant run has any.
    static let widths = [1, 2, 3, 4, 6, 8]

    var width: Int
    var isLittleEndian = false
    var predictor: Predictor

    /// Planes of residuals, one for each octet.
    var planes: Int { predictor == .constant ? 0 : width }

    func encode(into writer: inout OctetWriter) {
        let code = Field.widths.firstIndex(of: width) ?? 0
        guard predictor != .constant else {
            writer.put(predictor.rawValue)
            return writer.put(varint: UInt64(width))
        }
        writer.put(predictor.rawValue | UInt8(code) << 3 | (isLittleEndian ? 0x40 : 0))
    }

    init(width: Int, isLittleEndian: Bool = false, predictor: Predictor) {
        self.width = width
        self.isLittleEndian = isLittleEndian
        self.predictor = predictor
    }

    init(_ reader: inout OctetReader) throws(FormatFault) {
        let octet: UInt8 = try reader.read()
        let code = Int(octet >> 3 & 7)
        guard let predictor = Predictor(rawValue: octet & 7), code < Field.widths.count, octet & 0x80 == 0 else {
            throw FormatFault("a packed group has no field of the form \(octet)")
        }
        self.predictor = predictor
        isLittleEndian = octet & 0x40 != 0
        width = Field.widths[code]
        guard predictor == .constant else { return }
        guard octet == predictor.rawValue, let run = Int(exactly: try reader.readVarint()), run > 0 else {
            throw FormatFault("a packed group has a constant run that cannot be")
        }
        width = run
    }

    /// What is kept of a value, given the two before.
    func residual(_ value: UInt64, _ last: UInt64, _ beforeLast: UInt64) -> UInt64 {
        switch predictor {
        case .raw, .constant: value
        case .xor: value ^ last
        case .delta: Field.zigZag(value &- last, UInt64(64 - 8 * width))
        case .linear: Field.zigZag(value &- last &- (last &- beforeLast), UInt64(64 - 8 * width))
        }
    }

    /// Small steps up and down as small numbers, within a width whose octets leave so many bits of a word.
    @inline(__always) static func zigZag(_ step: UInt64, _ shift: UInt64) -> UInt64 {
        let signed = Int64(bitPattern: step << shift) >> Int64(shift)
        return UInt64(bitPattern: signed << 1 ^ signed >> 63) & (UInt64.max >> shift)
    }

    @inline(__always) static func unZigZag(_ residual: UInt64) -> UInt64 { residual >> 1 ^ (0 &- (residual & 1)) }
}
