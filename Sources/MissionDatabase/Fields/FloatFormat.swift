/// Floating-point formats beside those of the machine.
enum FloatFormat {
    // MARK: IEEE 754 binary16

    /// The value of sixteen bits; subnormal, infinite and not-a-number patterns included.
    static func decodeHalf(_ bits: UInt64) -> Double {
        let exponent = Int(bits >> 10 & 0x1F)
        let fraction = Double(bits & 0x3FF)
        let magnitude: Double
        switch exponent {
        case 0: magnitude = scaled(fraction, by: -24)
        case 31: magnitude = fraction == 0 ? .infinity : .nan
        default: magnitude = scaled(fraction + 1024, by: exponent - 25)
        }
        return bits & 0x8000 == 0 ? magnitude : -magnitude
    }

    /// The nearest pattern of sixteen bits, ties to even, infinite beyond the range.
    static func encodeHalf(_ value: Double) -> UInt64 {
        let sign: UInt64 = value.sign == .minus ? 0x8000 : 0
        if value.isNaN { return 0x7E00 }
        let magnitude = value.magnitude
        if magnitude >= 65520 { return sign | 0x7C00 }
        // Below the smallest normal number the step stays what it is there, 2^-24.
        let exponent = magnitude == 0 ? -14 : max(Int(magnitude.exponent), -14)
        let steps = scaled(magnitude, by: 10 - exponent).rounded(.toNearestOrEven)
        // A carry out of the fraction raises the exponent, and the encoding makes that a plain addition.
        return sign | (UInt64(exponent + 14) << 10) + UInt64(steps)
    }

    // MARK: MIL-STD-1750A

    /// The value of 32 bits: a two's-complement fraction of 24 bits, then an exponent of 8.
    static func decode1750A32(_ bits: UInt64) -> Double {
        let mantissa = Int64(Int32(truncatingIfNeeded: bits) >> 8)
        return scaled(Double(mantissa), by: Int(Int8(truncatingIfNeeded: bits)) - 23)
    }

    /// The value of 48 bits: 24 bits of fraction, 8 of exponent, 16 more of fraction.
    static func decode1750A48(_ bits: UInt64) -> Double {
        let high = Int64(Int32(truncatingIfNeeded: bits >> 16) >> 8)
        let mantissa = high << 16 | Int64(bits & 0xFFFF)
        return scaled(Double(mantissa), by: Int(Int8(truncatingIfNeeded: bits >> 16)) - 39)
    }

    /// The nearest pattern of 32 bits.
    static func encode1750A32(_ value: Double) -> UInt64 {
        let (mantissa, exponent) = normalise1750A(value, fractionBits: 23)
        return UInt64(truncatingIfNeeded: mantissa) << 8 & 0xFFFF_FF00
            | UInt64(UInt8(truncatingIfNeeded: exponent))
    }

    /// The nearest pattern of 48 bits.
    static func encode1750A48(_ value: Double) -> UInt64 {
        let (mantissa, exponent) = normalise1750A(value, fractionBits: 39)
        return UInt64(truncatingIfNeeded: mantissa >> 16) << 24 & 0xFFFF_FF00_0000
            | UInt64(UInt8(truncatingIfNeeded: exponent)) << 16
            | UInt64(truncatingIfNeeded: mantissa) & 0xFFFF
    }

    /// The fraction (0.5 ≤ f < 1, or −1 ≤ f < −0.5, times 2^bits) and the exponent of a value.
    private static func normalise1750A(_ value: Double, fractionBits: Int) -> (mantissa: Int64, exponent: Int) {
        let limit = Int64(1) << fractionBits
        if value.isNaN || value == 0 { return (0, 0) }
        if value.isInfinite { return (value > 0 ? limit - 1 : -limit, 127) }
        var exponent = Int(value.exponent) + 1
        // −0.5·2^e is −1·2^(e−1): the negative fraction includes −1 and excludes −0.5.
        if value < 0, value.significand == 1 { exponent -= 1 }
        exponent = max(exponent, -128)
        var mantissa = Int64(scaled(value, by: fractionBits - exponent).rounded(.toNearestOrEven))
        if mantissa == limit {
            mantissa = limit / 2
            exponent += 1
        }
        if exponent > 127 { return (value > 0 ? limit - 1 : -limit, 127) }
        return (mantissa, exponent)
    }

    // MARK: IBM System/360

    /// The value of a sign, an exponent of 16 in seven bits, and a fraction in the rest.
    static func decodeIBM(_ bits: UInt64, size: Int) -> Double {
        let fractionBits = size - 8
        let fraction = Double(bits & BitField.mask(fractionBits))
        let exponent = Int(bits >> UInt64(fractionBits) & 0x7F) - 64
        let magnitude = scaled(fraction, by: 4 * exponent - fractionBits)
        return bits >> UInt64(size - 1) & 1 == 0 ? magnitude : -magnitude
    }

    /// The nearest pattern; beyond the range the largest magnitude, below it zero.
    static func encodeIBM(_ value: Double, size: Int) -> UInt64 {
        let fractionBits = size - 8
        let sign: UInt64 = value.sign == .minus ? 1 << UInt64(size - 1) : 0
        let magnitude = value.magnitude
        if magnitude.isNaN || magnitude == 0 { return 0 }
        let largest = BitField.mask(size - 1)
        if magnitude.isInfinite { return sign | largest }
        // 1/16 ≤ fraction < 1: four bits to a step of the exponent.
        let binary = Int(magnitude.exponent) + 1
        var exponent = binary >= 0 ? (binary + 3) / 4 : -(-binary / 4)
        exponent = max(exponent, -64)
        var fraction = scaled(magnitude, by: fractionBits - 4 * exponent).rounded(.toNearestOrEven)
        if fraction >= scaled(1, by: fractionBits) {
            fraction = scaled(fraction, by: -4)
            exponent += 1
        }
        if exponent > 63 { return sign | largest }
        return sign | UInt64(exponent + 64) << UInt64(fractionBits) | UInt64(fraction)
    }

    /// A value times a power of two, with one rounding.
    private static func scaled(_ value: Double, by exponent: Int) -> Double {
        Double(sign: .plus, exponent: exponent, significand: value)
    }
}
