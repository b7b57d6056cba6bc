/// How a number of at most 64 bits lies in a packet: its size, its order and its encoding.
///
/// A number is handled as a *word* of 64 bits: integers as themselves or in two's complement, everything floating as
/// the pattern of a `Double`. ``kind`` says which.
struct FieldCodec: Sendable, Hashable {
    /// Number formats that are decoded.
    enum Format: UInt8, Sendable {
        case unsigned
        case twosComplement
        case onesComplement
        case signMagnitude
        case bcd
        case packedBCD
        case half
        case single
        case double
        case milStd1750A32
        case milStd1750A48
        case ibm
    }

    /// In which order octets and bits come.
    enum Order: UInt8, Sendable {
        case mostSignificantFirst
        case leastSignificantOctetFirst
        case leastSignificantBitFirst
        case permuted
    }

    let format: Format
    let order: Order
    /// The size in bits, 1…64.
    let size: UInt8
    /// For `.permuted`: the significance of each octet in four bits each, the first octet lowest.
    let permutation: UInt32

    init(format: Format, size: Int, order: Order = .mostSignificantFirst, permutation: UInt32 = 0) {
        precondition((1...64).contains(size), "a number has 1 to 64 bits")
        self.format = format
        self.size = UInt8(size)
        self.order = order
        self.permutation = permutation
    }

    /// What a word of this encoding is.
    var kind: SampleKind {
        switch format {
        case .unsigned, .bcd, .packedBCD: .unsigned
        case .twosComplement, .onesComplement, .signMagnitude: .signed
        case .half, .single, .double, .milStd1750A32, .milStd1750A48, .ibm: .float
        }
    }

    // MARK: Decoding

    /// Reads the word at a place; the caller has checked that the field lies inside.
    @inline(__always)
    func read(_ octets: Span<UInt8>, at bit: Int) -> UInt64 {
        if order == .mostSignificantFirst {
            return word(BitField.read(octets, at: bit, count: Int(size)))
        }
        return word(readReordered(octets, at: bit))
    }

    private func readReordered(_ octets: Span<UInt8>, at bit: Int) -> UInt64 {
        let count = Int(size)
        switch order {
        case .mostSignificantFirst: return BitField.read(octets, at: bit, count: count)
        case .leastSignificantOctetFirst: return BitField.readReversed(octets, at: bit, count: count)
        case .leastSignificantBitFirst:
            return BitField.mirrored(BitField.read(octets, at: bit, count: count), count: count)
        case .permuted:
            let memory = BitField.read(octets, at: bit, count: count)
            var bits: UInt64 = 0
            for (index, place) in significances.enumerated() {
                let octet = memory >> UInt64(count - 8 - 8 * index) & 0xFF
                bits |= octet << UInt64(8 * place)
            }
            return bits
        }
    }

    /// The word that bits mean.
    @inline(__always)
    func word(_ bits: UInt64) -> UInt64 {
        switch format {
        case .unsigned: bits
        case .twosComplement: Self.extend(bits, size)
        case .single: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))).bitPattern
        case .double: bits
        default: rareWord(bits)
        }
    }

    @inline(never)
    private func rareWord(_ bits: UInt64) -> UInt64 {
        let sign = UInt64(1) << UInt64(size - 1)
        switch format {
        case .unsigned, .double: return bits
        case .twosComplement: return Self.extend(bits, size)
        case .onesComplement:
            return bits & sign == 0 ? bits : 0 &- (~bits & BitField.mask(Int(size)))
        case .signMagnitude:
            return bits & sign == 0 ? bits : 0 &- (bits & ~sign)
        case .bcd: return Self.digits(bits, size: Int(size), step: 8)
        case .packedBCD: return Self.digits(bits, size: Int(size), step: 4)
        case .half: return FloatFormat.decodeHalf(bits).bitPattern
        case .single: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))).bitPattern
        case .milStd1750A32: return FloatFormat.decode1750A32(bits).bitPattern
        case .milStd1750A48: return FloatFormat.decode1750A48(bits).bitPattern
        case .ibm: return FloatFormat.decodeIBM(bits, size: Int(size)).bitPattern
        }
    }

    @inline(__always)
    private static func extend(_ bits: UInt64, _ size: UInt8) -> UInt64 {
        let unused = UInt64(64 &- size)
        return UInt64(bitPattern: Int64(bitPattern: bits << unused) >> unused)
    }

    /// The number that decimal digits make, four bits of each `step`; a digit above nine counts as what it is.
    private static func digits(_ bits: UInt64, size: Int, step: Int) -> UInt64 {
        var number: UInt64 = 0
        var shift = (size - 1) / step * step
        while shift >= 0 {
            number = number &* 10 &+ (bits >> UInt64(shift) & 0xF)
            shift -= step
        }
        return number
    }

    // MARK: Encoding

    /// Writes a word at a place; the inverse of ``read(_:at:)``.
    func write(_ word: UInt64, into octets: inout MutableSpan<UInt8>, at bit: Int) {
        let bits = self.bits(word)
        let count = Int(size)
        switch order {
        case .mostSignificantFirst: BitField.write(bits, into: &octets, at: bit, count: count)
        case .leastSignificantOctetFirst: BitField.writeReversed(bits, into: &octets, at: bit, count: count)
        case .leastSignificantBitFirst:
            BitField.write(BitField.mirrored(bits, count: count), into: &octets, at: bit, count: count)
        case .permuted:
            var memory: UInt64 = 0
            for (index, place) in significances.enumerated() {
                memory |= (bits >> UInt64(8 * place) & 0xFF) << UInt64(count - 8 - 8 * index)
            }
            BitField.write(memory, into: &octets, at: bit, count: count)
        }
    }

    /// The bits of a word; integers must be in ``integerRange``, because what is beyond is cut off.
    func bits(_ word: UInt64) -> UInt64 {
        let mask = BitField.mask(Int(size))
        let isNegative = Int64(bitPattern: word) < 0
        switch format {
        case .unsigned, .twosComplement, .double: return word & mask
        case .onesComplement: return (isNegative ? word &- 1 : word) & mask
        case .signMagnitude:
            return isNegative ? (0 &- word) & (mask >> 1) | UInt64(1) << UInt64(size - 1) : word & (mask >> 1)
        case .bcd: return Self.encodeDigits(word, size: Int(size), step: 8)
        case .packedBCD: return Self.encodeDigits(word, size: Int(size), step: 4)
        case .half: return FloatFormat.encodeHalf(Double(bitPattern: word))
        case .single: return UInt64(Float(Double(bitPattern: word)).bitPattern)
        case .milStd1750A32: return FloatFormat.encode1750A32(Double(bitPattern: word))
        case .milStd1750A48: return FloatFormat.encode1750A48(Double(bitPattern: word))
        case .ibm: return FloatFormat.encodeIBM(Double(bitPattern: word), size: Int(size))
        }
    }

    private static func encodeDigits(_ word: UInt64, size: Int, step: Int) -> UInt64 {
        var rest = word
        var bits: UInt64 = 0
        var shift = 0
        while shift < size {
            bits |= (rest % 10) << UInt64(shift)
            rest /= 10
            shift += step
        }
        return bits & BitField.mask(size)
    }

    /// The smallest and the largest integer that fit; meaningless for floating formats.
    var integerRange: ClosedRange<Int128> {
        let half = Int128(1) << Int128(size - 1)
        switch format {
        case .twosComplement: return -half...(half - 1)
        case .onesComplement, .signMagnitude: return -(half - 1)...(half - 1)
        case .bcd: return 0...Self.largestNumber(size: Int(size), step: 8)
        case .packedBCD: return 0...Self.largestNumber(size: Int(size), step: 4)
        default: return 0...(2 * half - 1)
        }
    }

    /// The largest number of decimal digits; a first digit of less than four bits may not reach nine.
    private static func largestNumber(size: Int, step: Int) -> Int128 {
        var largest: Int128 = 0
        var shift = (size - 1) / step * step
        while shift >= 0 {
            largest = largest * 10 + Int128(min(9, BitField.mask(min(4, size - shift))))
            shift -= step
        }
        return largest
    }

    private var significances: [Int] {
        (0..<Int(size) / 8).map { Int(permutation >> UInt32(4 * $0) & 0xF) }
    }
}
