import SpaceLink

/// Where the units of a chunk begin and end, and what is known of each: columns of small numbers.
///
/// ```
/// version u8 = 1, units u32, then for each column: mode u8, and unless the mode is 0: length u32, numbers
/// ```
/// A column is a series of 64-bit numbers in wrapping arithmetic. Mode 0: all are zero. Mode 1: each as it is. Mode 2:
/// its difference to the one before (to zero for the first). Mode 3: the difference of that difference. Numbers are
/// zig-zag, in groups of seven bits, least significant first. The columns, in order, are those of ``Column``.
enum UnitTable {
    /// The columns in the order of the file.
    enum Column: Int, CaseIterable {
        /// Bit 0 reception time known, 1 on-board time known, 2 idle, 3 gap before, 4 encapsulation, 5 packet.
        case flags
        /// Octets of the unit.
        case length
        /// The quality's number.
        case quality
        /// Reception time, nanoseconds TAI, only where known.
        case reception
        /// On-board time, nanoseconds TAI, only where known.
        case onboard
        /// Spacecraft, less the one that the unit's header tells.
        case spacecraft
        /// Virtual channel, less the one that the unit's header tells.
        case virtualChannel
        /// APID, less the one that the unit's header tells.
        case apid
        /// Frame count or sequence count, less the one that the unit's header tells.
        case count
        /// Index of the (first) frame.
        case firstFrame
        /// Index of the last frame, less that of the first.
        case lastFrame
        /// Offset in the input, less offset and length of the unit before.
        case inputOffset
        /// Missing frames before.
        case missingBefore
        /// Wrong bits in the marker.
        case markerErrors
    }

    /// The table of a chunk's units.
    static func encode(_ units: [ArchiveUnit], octets: Span<UInt8>) -> [UInt8] {
        // All columns in one piece, each with room for all units.
        var numbers = [Int64](repeating: 0, count: Column.allCases.count * units.count)
        var sizes = [Int](repeating: units.count, count: Column.allCases.count)
        var receptions = 0
        var onboards = 0
        var start = 0
        var due: Int64 = 0
        for (index, unit) in units.enumerated() {
            let told = HeaderGuess(octets.extracting(start..<(start + unit.length)), kind: unit.kind)
            start += unit.length
            func put(_ column: Column, _ value: Int64, at row: Int? = nil) {
                numbers[column.rawValue * units.count + (row ?? index)] = value
            }
            if let time = unit.receptionTime {
                put(.reception, time.nanoseconds, at: receptions)
                receptions += 1
            }
            if let time = unit.onboardTime {
                put(.onboard, time.nanoseconds, at: onboards)
                onboards += 1
            }
            put(.flags, flags(of: unit))
            put(.length, Int64(unit.length))
            put(.quality, unit.quality.code)
            put(.spacecraft, Int64(unit.spacecraft) &- told.spacecraft)
            put(.virtualChannel, Int64(unit.virtualChannel) &- told.virtualChannel)
            put(.apid, Int64(unit.apid) &- told.apid)
            put(.count, Int64(bitPattern: unit.count) &- told.count)
            put(.firstFrame, Int64(unit.firstFrame))
            put(.lastFrame, Int64(unit.lastFrame) &- Int64(unit.firstFrame))
            put(.inputOffset, unit.inputOffset &- due)
            put(.missingBefore, Int64(unit.missingBefore))
            put(.markerErrors, Int64(unit.markerErrors))
            due = unit.inputOffset &+ Int64(unit.length)
        }
        var writer = OctetWriter()
        writer.put(UInt8(1))
        writer.put(UInt32(units.count))
        sizes[Column.reception.rawValue] = receptions
        sizes[Column.onboard.rawValue] = onboards
        for (column, size) in sizes.enumerated() {
            let first = column * units.count
            Series.encode(numbers.span.extracting(first..<(first + size)), into: &writer)
        }
        return writer.octets
    }

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - table: The octets of the table.
    ///   - count: How many units the member's header announces.
    ///   - firstOrdinal: The ordinal of the first of them.
    ///   - octets: The octets of all units, whose lengths add up to them.
    /// - Returns: The units.
    /// - Throws: `FormatFault` for anything else.
    static func decode(
        _ table: [UInt8],
        count: Int,
        firstOrdinal: Int64,
        octets: Span<UInt8>
    ) throws(FormatFault) -> [ArchiveUnit] {
        var units: [ArchiveUnit] = []
        units.reserveCapacity(count)
        try decode(table, count: count, firstOrdinal: firstOrdinal, octets: octets, part: nil) { unit, _ in
            units.append(unit)
        }
        return units
    }

    /// Some units of a table.
    struct Part {
        /// Which units' octets are there, rising.
        var units: [Int]
        /// Which of them are wanted at all, as far as their on-board time tells.
        var selection: ArchiveSelection
    }

    /// Reads a table or some units of it.
    ///
    /// - Parameters:
    ///   - table: The octets of the table.
    ///   - count: How many units the member's header announces.
    ///   - firstOrdinal: The ordinal of the first of them.
    ///   - octets: The octets of all units, or of those of the part.
    ///   - part: Which units; all if absent.
    ///   - body: Takes each unit and where its octets begin.
    /// - Throws: As ``decode(_:count:firstOrdinal:octets:)``.
    @inline(__always) static func decode(
        _ table: [UInt8],
        count: Int,
        firstOrdinal: Int64,
        octets: Span<UInt8>,
        part: Part?,
        _ body: (ArchiveUnit, Int) -> Void
    ) throws(FormatFault) {
        let columns = try Columns(table, count: count)
        func number(_ series: [Int64], _ index: Int) -> Int64 { series.isEmpty ? 0 : series[index] }
        func value(_ column: Column, _ index: Int) -> Int64 {
            number(columns.rest[column.rawValue - Column.spacecraft.rawValue], index)
        }
        var start = 0
        var due: Int64 = 0
        var reception = 0
        var onboard = 0
        var next = 0
        for index in 0..<count {
            let bits = number(columns.flags, index)
            let octetCount = number(columns.lengths, index)
            let isThere = part.map { next < $0.units.count && $0.units[next] == index } ?? true
            guard !isThere || octetCount >= 0 && octetCount <= Int64(octets.count - start) else {
                throw FormatFault("the units are longer than the chunk that holds them")
            }
            let length = isThere ? Int(octetCount) : 0
            if isThere { next += 1 }
            start += length
            let time = bits & 2 != 0 ? number(columns.onboards, onboard) : nil
            if !isThere || part?.selection.rulesOut(onboard: time) ?? false {
                reception += Int(bits & 1)
                onboard += Int(bits >> 1 & 1)
                due = value(.inputOffset, index) &+ due &+ octetCount
                continue
            }
            var unit = ArchiveUnit(kind: bits & 32 != 0 ? .packet : .frame)
            let told = HeaderGuess(octets.extracting((start - length)..<start), kind: unit.kind)
            unit.ordinal = firstOrdinal + Int64(index)
            unit.length = length
            unit.quality = try FrameQuality(code: number(columns.qualities, index))
            if bits & 1 != 0 {
                unit.receptionTime = TAITime(nanoseconds: number(columns.receptions, reception))
                reception += 1
            }
            if let time {
                unit.onboardTime = TAITime(nanoseconds: time)
                onboard += 1
            }
            unit.isIdle = bits & 4 != 0
            unit.gapBefore = bits & 8 != 0
            unit.isEncapsulation = bits & 16 != 0
            unit.spacecraft = Int(value(.spacecraft, index) &+ told.spacecraft)
            unit.virtualChannel = Int(value(.virtualChannel, index) &+ told.virtualChannel)
            unit.apid = Int(value(.apid, index) &+ told.apid)
            unit.count = UInt64(bitPattern: value(.count, index) &+ told.count)
            unit.firstFrame = Int(value(.firstFrame, index))
            unit.lastFrame = Int(value(.firstFrame, index) &+ value(.lastFrame, index))
            unit.inputOffset = value(.inputOffset, index) &+ due
            unit.missingBefore = Int(value(.missingBefore, index))
            unit.markerErrors = Int(value(.markerErrors, index))
            due = unit.inputOffset &+ Int64(length)
            body(unit, start - length)
        }
        guard start == octets.count else {
            throw FormatFault("the units end \(octets.count - start) octets before the chunk that holds them")
        }
    }

    /// The octets of each unit alone.
    ///
    /// - Parameters:
    ///   - table: The octets of the table.
    ///   - count: How many units the member's header announces.
    /// - Returns: A number for each unit, which may be wrong if the table is.
    /// - Throws: `FormatFault` if the table is of another version or ends early.
    static func lengths(_ table: [UInt8], count: Int) throws(FormatFault) -> [Int] {
        var reader = OctetReader(table)
        guard try reader.read(UInt8.self) == 1, try reader.read(UInt32.self) == count else {
            throw FormatFault("the table of units is not of this chunk")
        }
        _ = try Series.decode(&reader, count: count)
        let lengths = try Series.decode(&reader, count: count)
        return lengths.isEmpty ? Array(repeating: 0, count: count) : lengths.map { Int($0) }
    }

    /// Checks a table of which no unit is wanted: ``decode(_:count:firstOrdinal:octets:)`` gives units of that kind.
    ///
    /// - Parameters:
    ///   - table: The octets of the table.
    ///   - count: How many units the member's header announces.
    ///   - size: Octets of all units.
    ///   - kind: What all units are.
    /// - Throws: `FormatFault` if it does not.
    static func check(_ table: [UInt8], count: Int, size: Int, kind: ArchiveUnit.Kind) throws(FormatFault) {
        let columns = try Columns(table, count: count)
        var left = Int64(size)
        for length in columns.lengths {
            guard length >= 0, length <= left else {
                throw FormatFault("the units are longer than the chunk that holds them")
            }
            left -= length
        }
        guard left == 0 else { throw FormatFault("the units end \(left) octets before the chunk that holds them") }
        for quality in columns.qualities { _ = try FrameQuality(code: quality) }
        let bit: Int64 = kind == .packet ? 32 : 0
        guard columns.flags.allSatisfy({ $0 & 32 == bit }), !columns.flags.isEmpty || count == 0 || bit == 0 else {
            throw FormatFault("there are units of another kind")
        }
    }

    /// The columns of a table; one of zeros is empty.
    private struct Columns {
        let flags: [Int64]
        let lengths: [Int64]
        let qualities: [Int64]
        let receptions: [Int64]
        let onboards: [Int64]
        /// Those from ``Column/spacecraft`` on.
        let rest: [[Int64]]

        init(_ table: [UInt8], count: Int) throws(FormatFault) {
            var reader = OctetReader(table)
            let version: UInt8 = try reader.read()
            guard version == 1 else { throw FormatFault("the table of units is of version \(version), not 1") }
            let stored: UInt32 = try reader.read()
            guard Int(stored) == count else {
                throw FormatFault("the table lists \(stored) units where the header announces \(count)")
            }
            flags = try Series.decode(&reader, count: count)
            lengths = try Series.decode(&reader, count: count)
            qualities = try Series.decode(&reader, count: count)
            let receptionCount = flags.reduce(0) { $0 + Int($1 & 1) }
            let onboardCount = flags.reduce(0) { $0 + Int($1 >> 1 & 1) }
            receptions = try Series.decode(&reader, count: receptionCount)
            onboards = try Series.decode(&reader, count: onboardCount)
            var rest: [[Int64]] = []
            for _ in Column.spacecraft.rawValue..<Column.allCases.count {
                rest.append(try Series.decode(&reader, count: count))
            }
            guard reader.remaining == 0 else {
                throw FormatFault("\(reader.remaining) octets follow the table of units")
            }
            self.rest = rest
        }
    }

    private static func flags(of unit: ArchiveUnit) -> Int64 {
        (unit.receptionTime == nil ? 0 : 1) | (unit.onboardTime == nil ? 0 : 2) | (unit.isIdle ? 4 : 0)
            | (unit.gapBefore ? 8 : 0) | (unit.isEncapsulation ? 16 : 0) | (unit.kind == .packet ? 32 : 0)
    }
}

/// A series of numbers in the cheapest of four modes.
enum Series {
    static func encode(_ values: Span<Int64>, into writer: inout OctetWriter) {
        var bits: Int64 = 0
        for index in values.indices { bits |= values[index] }
        guard bits != 0 else { return writer.put(UInt8(0)) }
        var sizes = (0, 0, 0)
        residuals(values) { plain, difference, turn in
            sizes.0 += size(ofVarint: plain)
            sizes.1 += size(ofVarint: difference)
            sizes.2 += size(ofVarint: turn)
        }
        let least = min(sizes.0, sizes.1, sizes.2)
        let mode: UInt8 = least == sizes.0 ? 1 : least == sizes.1 ? 2 : 3
        writer.put(mode)
        writer.put(UInt32(least))
        residuals(values) { writer.put(varint: mode == 1 ? $0 : mode == 2 ? $1 : $2) }
    }

    /// Octets of a number in groups of seven bits, of which there is one at least.
    @inline(__always) private static func size(ofVarint value: UInt64) -> Int {
        (70 - (value | 1).leadingZeroBitCount) / 7
    }

    /// Reads a series.
    ///
    /// - Parameters:
    ///   - reader: The table.
    ///   - count: How many numbers it has.
    /// - Returns: The numbers; none if all are zero.
    /// - Throws: `FormatFault` if there are not so many.
    static func decode(_ reader: inout OctetReader, count: Int) throws(FormatFault) -> [Int64] {
        let mode: UInt8 = try reader.read()
        guard mode != 0 else { return [] }
        guard mode <= 3 else { throw FormatFault("a column of the table of units has the mode \(mode)") }
        var numbers = OctetReader(try reader.read(octets: Int(try reader.read(UInt32.self))))
        // Each number takes an octet at least: a count beyond that is refused before memory is taken.
        guard numbers.remaining >= count else { throw FormatFault("a column of the table of units ends early") }
        var values: [Int64] = []
        values.reserveCapacity(count)
        var last: Int64 = 0
        var step: Int64 = 0
        for _ in 0..<count {
            let residual = ZigZag.decode(try numbers.readVarint())
            switch mode {
            case 1: last = residual
            case 2: last &+= residual
            default:
                step &+= residual
                last &+= step
            }
            values.append(last)
        }
        guard numbers.remaining == 0 else { throw FormatFault("a column of the table of units is too long") }
        return values
    }

    /// Visits what each mode keeps of a number.
    @inline(__always)
    private static func residuals(_ values: Span<Int64>, _ body: (UInt64, UInt64, UInt64) -> Void) {
        var last: Int64 = 0
        var step: Int64 = 0
        for index in values.indices {
            let value = values[index]
            let difference = value &- last
            body(ZigZag.encode(value), ZigZag.encode(difference), ZigZag.encode(difference &- step))
            last = value
            step = difference
        }
    }
}

/// What a unit's own header tells, so that the table need not repeat it; wrong guesses only cost octets.
struct HeaderGuess {
    var spacecraft: Int64 = 0
    var virtualChannel: Int64 = 0
    var apid: Int64 = 0
    var count: Int64 = 0

    init(_ octets: Span<UInt8>, kind: ArchiveUnit.Kind) {
        guard octets.count >= 6 else { return }
        func octet(_ index: Int) -> Int64 { Int64(octets[index]) }
        switch (kind, octets[0] >> 6) {
        case (.packet, _):  // CCSDS 133.0-B, packet primary header
            guard octets[0] >> 5 == 0 else { return }
            apid = (octet(0) & 7) << 8 | octet(1)
            count = (octet(2) & 0x3F) << 8 | octet(3)
        case (.frame, 0):  // CCSDS 132.0-B, transfer frame primary header
            spacecraft = (octet(0) & 0x3F) << 4 | octet(1) >> 4
            virtualChannel = octet(1) >> 1 & 7
            count = octet(3)
        case (.frame, 1):  // CCSDS 732.0-B, transfer frame primary header
            spacecraft = (octet(0) & 0x3F) << 2 | octet(1) >> 6
            virtualChannel = octet(1) & 0x3F
            count = octet(2) << 16 | octet(3) << 8 | octet(4)
        case (.frame, _):  // CCSDS 732.1-B, transfer frame primary header
            guard octets[0] >> 4 == 0b1100, octets.count >= 14 else { return }
            spacecraft = (octet(0) & 0x0F) << 12 | octet(1) << 4 | octet(2) >> 4
            virtualChannel = (octet(2) & 0x0F) << 2 | octet(3) >> 6
            for index in 0..<Int(octets[6] & 7) { count = count << 8 | octet(7 + index) }
        }
    }
}
