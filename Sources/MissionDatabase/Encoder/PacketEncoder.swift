/// Builds packets of one container from values; the inverse of ``PacketDecoder``.
///
/// ```swift
/// var encoder = try database.makeEncoder(container: "FastAttitude")
/// let rate = try encoder.slot("GYRO_A_X")
/// encoder.set(rate, engineering: 0.0123)
/// encoder.encode(into: &packet)
/// ```
/// Every entry of the container and of those it inherits from is a slot. Values that restriction criteria fix (APID,
/// structure id …) are set from the start, so is each initial value; the sequence flags start as unsegmented. All
/// else is zero. Values stay until they are set again. The packet data length is written by ``encode(into:)``.
public struct PacketEncoder: Sendable {
    /// How a slot's value becomes bits.
    enum Field: Sendable {
        case number(FieldCodec)
        case text(Charset, bits: Int, terminator: [UInt8]?, leadingBits: Int, leadingUnit: Int)
        case octets(bits: Int)
    }

    /// From engineering to raw values.
    enum Inverse: Sendable {
        case identity
        case linear(offset: Double, slope: Double)
        /// Points sorted by calibrated value.
        case spline([(raw: Double, calibrated: Double)])
        /// The calibration has no inverse, or depends on other values.
        case none
    }

    /// One place in the packet.
    struct Slot: Sendable {
        let parameter: Int
        let bit: Int
        let field: Field
        let inverse: Inverse
        let labels: [String: Int128]
    }

    /// What the commonest way of setting a value needs, without anything that is counted or copied.
    private struct Line: Sendable {
        let codec: FieldCodec
        let bit: Int
        let offset: Double
        let slope: Double
        let range: ClosedRange<Double>

        init?(_ slot: Slot) {
            guard case .number(let codec) = slot.field else { return nil }
            switch slot.inverse {
            case .identity: (offset, slope) = (0, 1)
            case .linear(let offset, let slope): (self.offset, self.slope) = (offset, slope)
            case .spline, .none: return nil
            }
            self.codec = codec
            bit = slot.bit
            range = Double(codec.integerRange.lowerBound)...Double(codec.integerRange.upperBound)
        }
    }

    /// The container that the packets are, as an index into the database's containers.
    public let container: Int
    /// The octets of a packet.
    public var packetLength: Int { octets.count }
    let containerName: String
    let slots: [Slot]
    private let slotsByName: [String: [Int]]
    private let lines: [Line?]
    private var octets: [UInt8]

    init(container: Int, name: String, slots: [Slot], slotsByName: [String: [Int]], octets: [UInt8]) {
        self.container = container
        containerName = name
        self.slots = slots
        self.slotsByName = slotsByName
        lines = slots.map { Line($0) }
        self.octets = octets
    }

    /// How many slots there are; they are numbered from 0 in the order of the packet.
    public var slotCount: Int { slots.count }

    /// The parameter of a slot, as an index into the database's parameters.
    public func parameter(ofSlot slot: Int) -> Int { slots[slot].parameter }

    /// Finds the slot of a parameter.
    ///
    /// - Parameters:
    ///   - parameter: Its plain or qualified name.
    ///   - occurrence: Which one, if the parameter occurs more than once, from 0.
    /// - Returns: The slot's number.
    /// - Throws: ``XTCEError/unknownParameter(_:container:)``.
    public func slot(_ parameter: String, occurrence: Int = 0) throws(XTCEError) -> Int {
        guard let found = slotsByName[parameter], found.indices.contains(occurrence) else {
            throw .unknownParameter(parameter, container: containerName)
        }
        return found[occurrence]
    }

    // MARK: Setting values

    /// Sets an engineering value: the nearest raw value, kept within what the field can hold.
    ///
    /// The inverse of a polynomial of degree one or of a monotone spline; without calibration the value itself.
    ///
    /// - Returns: Whether the calibration could be inverted; if not, nothing is set.
    @discardableResult
    public mutating func set(_ slot: Int, engineering value: Double) -> Bool {
        if let line = lines[slot] {
            write(Self.word((value - line.offset) / line.slope, line.codec, line.range), line.codec, at: line.bit)
            return true
        }
        guard case .number = slots[slot].field, let raw = slots[slot].inverse.raw(value) else { return false }
        return set(slot, raw: .float(raw))
    }

    /// Sets a raw value, kept within what the field can hold.
    ///
    /// - Returns: Whether the slot holds a number.
    @discardableResult
    public mutating func set(_ slot: Int, raw value: Int64) -> Bool {
        guard let line = lines[slot], line.codec.kind != .float, line.codec.size < 64 else {
            return set(slot, raw: .signed(value))
        }
        let kept = min(max(value, Int64(line.range.lowerBound)), Int64(line.codec.integerRange.upperBound))
        write(UInt64(bitPattern: kept), line.codec, at: line.bit)
        return true
    }

    /// Sets a label of an enumeration or truth value, or a text.
    ///
    /// - Returns: Whether the slot has such a label or holds a text.
    @discardableResult
    public mutating func set(_ slot: Int, label: String) -> Bool {
        guard let value = slots[slot].labels[label] else { return set(slot, raw: .string(label)) }
        guard case .number(let codec) = slots[slot].field else { return false }
        write(Self.word(value, codec), codec, at: slots[slot].bit)
        return true
    }

    /// Sets a raw value of any kind; numbers are kept within the field, texts and octets are cut to its size.
    ///
    /// - Returns: Whether the slot holds values of this kind.
    @discardableResult
    public mutating func set(_ slot: Int, raw value: Value) -> Bool {
        let bit = slots[slot].bit
        switch (slots[slot].field, value) {
        case (.number(let codec), .signed(let number)):
            write(Self.word(Int128(number), codec), codec, at: bit)
        case (.number(let codec), .unsigned(let number)):
            write(Self.word(Int128(number), codec), codec, at: bit)
        case (.number(let codec), .boolean(let flag)):
            write(Self.word(Int128(flag ? 1 : 0), codec), codec, at: bit)
        case (.number(let codec), .float(let number)):
            let range = Double(codec.integerRange.lowerBound)...Double(codec.integerRange.upperBound)
            write(Self.word(number, codec, range), codec, at: bit)
        case (.octets(let bits), .binary(let value)): write(value, bits: bits, at: bit)
        case (.text(let charset, let bits, let terminator, let leadingBits, let leadingUnit), .string(let text)):
            let body = charset.encode(text)
            let room = bits - leadingBits
            if leadingBits > 0 {
                let tag = UInt64(min(body.count, room / 8) * 8 / leadingUnit)
                write(tag, FieldCodec(format: .unsigned, size: leadingBits), at: bit)
            }
            write(body + (terminator ?? []), bits: room, at: bit + leadingBits)
        default: return false
        }
        return true
    }

    /// Writes octets into bits; zeros follow if they are too few.
    private mutating func write(_ value: [UInt8], bits: Int, at bit: Int) {
        var offset = 0
        while offset < bits {
            let count = min(8, bits - offset)
            let octet = offset / 8 < value.count ? value[offset / 8] : 0
            let word = UInt64(octet) >> UInt64(8 - count)
            write(word, FieldCodec(format: .unsigned, size: count), at: bit + offset)
            offset += count
        }
    }

    private mutating func write(_ word: UInt64, _ codec: FieldCodec, at bit: Int) {
        var span = octets.mutableSpan
        codec.write(word, into: &span, at: bit)
    }

    /// The nearest word of a codec to a number.
    private static func word(_ value: Double, _ codec: FieldCodec, _ range: ClosedRange<Double>) -> UInt64 {
        if codec.kind == .float { return value.bitPattern }
        if value.isNaN { return 0 }
        // The ends of the range as numbers may lie one step outside what 64 bits hold.
        if value <= range.lowerBound { return UInt64(truncatingIfNeeded: codec.integerRange.lowerBound) }
        if value >= range.upperBound { return UInt64(truncatingIfNeeded: codec.integerRange.upperBound) }
        let whole = value.rounded()
        if whole >= 0x1p63 { return UInt64(whole) }
        return UInt64(bitPattern: Int64(whole))
    }

    private static func word(_ value: Int128, _ codec: FieldCodec) -> UInt64 {
        if codec.kind == .float { return Double(value).bitPattern }
        let range = codec.integerRange
        return UInt64(truncatingIfNeeded: min(max(value, range.lowerBound), range.upperBound))
    }

    // MARK: Encoding

    /// Replaces octets by the whole packet from its primary header on, its data length set (CCSDS 133.0-B).
    public mutating func encode(into packet: inout [UInt8]) {
        if octets.count >= 7 {
            let length = UInt16(truncatingIfNeeded: octets.count - 7)
            octets[4] = UInt8(length >> 8)
            octets[5] = UInt8(length & 0xFF)
        }
        packet.removeAll(keepingCapacity: true)
        packet.append(contentsOf: octets)
    }
}

extension PacketEncoder.Inverse {
    /// The raw value of an engineering value; `nil` if there is no inverse.
    func raw(_ value: Double) -> Double? {
        switch self {
        case .identity: return value
        case .linear(let offset, let slope): return (value - offset) / slope
        case .none: return nil
        case .spline(let points):
            var low = 0
            while low < points.count - 2, points[low + 1].calibrated <= value { low += 1 }
            let (first, second) = (points[low], points[low + 1])
            let share = (value - first.calibrated) / (second.calibrated - first.calibrated)
            return first.raw + share * (second.raw - first.raw)
        }
    }
}
