/// One value of a parameter, raw or in engineering units.
public enum Value: Sendable, Hashable, CustomStringConvertible {
    /// A signed integer.
    case signed(Int64)
    /// An unsigned integer.
    case unsigned(UInt64)
    /// A floating-point number.
    case float(Double)
    /// A truth value.
    case boolean(Bool)
    /// A text, or the label of an enumeration.
    case string(String)
    /// Octets; a size that is no multiple of eight fills the last from its most significant bit.
    case binary([UInt8])

    /// The value as a number; `nil` for texts and octets.
    public var double: Double? {
        switch self {
        case .signed(let number): Double(number)
        case .unsigned(let number): Double(number)
        case .float(let number): number
        case .boolean(let flag): flag ? 1 : 0
        case .string, .binary: nil
        }
    }

    /// The value as text; octets as hexadecimal digits.
    public var description: String {
        switch self {
        case .signed(let number): return String(number)
        case .unsigned(let number): return String(number)
        case .float(let number): return String(number)
        case .boolean(let flag): return String(flag)
        case .string(let text): return text
        case .binary(let octets):
            var text = ""
            text.reserveCapacity(2 * octets.count)
            for octet in octets {
                if octet < 16 { text.append("0") }
                text.append(String(octet, radix: 16))
            }
            return text
        }
    }
}

/// What a word in a sample buffer is.
enum SampleKind: UInt8, Sendable {
    case unsigned
    case signed
    case float
    /// Bit 0 is the truth value; the bits above name its label.
    case boolean
    /// The word names a label.
    case label
    /// The word is a place in the buffer's octets: offset (high 32 bits) and length; UTF-8.
    case string
    /// The same for octets.
    case binary
}

/// Whether an engineering value may be used.
public enum SampleValidity: UInt8, Sendable, Hashable {
    /// Decoded, calibrated, and in its valid range if it has one.
    case valid
    /// Outside its valid range.
    case outOfRange
    /// The calibration has no value for this raw value; the engineering value is the raw one.
    case uncalibrated
    /// The enumeration has no label for this raw value; the engineering value is the raw one.
    case unmatched
}

/// The alarm level of a value, by rising severity.
public enum AlarmLevel: UInt8, Sendable, Hashable, Comparable {
    /// Within its limits, or without any.
    case none
    /// Worth a look.
    case watch
    /// Worth a warning.
    case warning
    /// Distress.
    case distress
    /// Critical.
    case critical
    /// The most severe.
    case severe

    /// Whether one level is less severe than another.
    public static func < (first: AlarmLevel, second: AlarmLevel) -> Bool { first.rawValue < second.rawValue }
}
