import ChannelCoding

/// Numbers the units of the input, decodes their codeblocks, and enters in the ledger what lies between them.
struct UnitStage: Sendable {
    var ledger = Ledger()
    private(set) var codeblocks: CodeblockStage?
    var frames: FrameStage
    /// Octets of a unit before its frame: the marker, or what a station adds.
    let headerLength: Int
    /// What a station adds behind each frame.
    let trailerLength: Int
    private let frameLength: Int
    /// The octets of a unit, and the marker that it starts with, where an envelope delimits it.
    let unitLength: Int
    let marker: [UInt8]
    /// Wrong bits that such a marker may have.
    let markerTolerance: Int
    private let scale: InputScale
    /// The symbols behind the bits, where a block code wants them soft.
    var history: SoftHistory?
    /// The units so far.
    private(set) var index = 0

    init(
        codeblocks: CodeblockStage?,
        frames: FrameStage,
        headerLength: Int,
        trailerLength: Int = 0,
        frameLength: Int,
        unitLength: Int,
        marker: LinkDescription.Marker? = nil,
        scale: InputScale = .one
    ) {
        self.unitLength = unitLength
        self.marker = marker?.pattern ?? []
        markerTolerance = marker?.searchTolerance ?? 0
        self.scale = scale
        self.codeblocks = codeblocks
        self.frames = frames
        self.headerLength = headerLength
        self.trailerLength = trailerLength
        self.frameLength = frameLength
    }

    /// Takes a unit that holds a frame.
    mutating func push(frame unit: Span<UInt8>, into sink: inout (some LinkSink & ~Copyable)) {
        let frame = unit.extracting(headerLength..<unit.count - trailerLength)
        decode(frame: frame, nextUnit(length: unit.count), into: &sink)
    }

    /// Takes what the cutter makes of a stream of frames that say how long they are.
    mutating func push(
        _ piece: VariableFrameCutter.Piece,
        _ octets: Span<UInt8>,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        switch piece {
        case .frame: push(frame: octets, into: &sink)
        case .skipped(let reason, let rule): discard(octets.count, reason, rule, &sink)
        }
    }

    /// Takes what the cutter makes of a stream of CADUs in units of a station.
    mutating func push(
        _ piece: WrappedUnitCutter.Piece,
        _ octets: Span<UInt8>,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        switch piece {
        case .skipped(.truncatedFrame):
            discard(octets.count, .truncatedFrame, "The unit ends before its codeblock does.", &sink)
        case .skipped(let reason): discard(octets.count, reason, "No unit with a marker lies in these octets.", &sink)
        case .unit(let markerErrors, let isFlywheel):
            var unit = nextUnit(length: octets.count)
            unit.markerErrors = markerErrors
            unit.synchronization = isFlywheel ? .flywheel : .ok
            decode(octets.extracting(headerLength..<octets.count - trailerLength), unit, into: &sink)
        }
    }

    /// Takes a frame that no block code protects.
    mutating func decode(frame: Span<UInt8>, _ unit: FrameUnit, into sink: inout (some LinkSink & ~Copyable)) {
        frames.push(frame, unit, ledger: &ledger, into: &sink)
    }

    /// Whether units hold codeblocks.
    var isCoded: Bool { codeblocks != nil }

    /// Takes a unit that holds a codeblock.
    mutating func push(codeblock unit: Span<UInt8>, into sink: inout (some LinkSink & ~Copyable)) {
        decode(
            unit.extracting(headerLength..<unit.count - trailerLength),
            nextUnit(length: unit.count),
            into: &sink
        )
    }

    /// Takes a codeblock that followed a marker.
    ///
    /// - Parameters:
    ///   - codeblock: Where it was found.
    ///   - octets: The codeblock.
    ///   - received: The octets of input so far.
    ///   - sink: Takes what comes of it.
    mutating func push(
        _ codeblock: FrameSynchronizer.Codeblock,
        _ octets: Span<UInt8>,
        received: Int64,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        let unit = place(codeblock, received: received, into: &sink)
        let bit = codeblock.bitOffset + Int64(8 * headerLength)
        decode(octets, unit, from: bit, slipBehind: codeblock.slipBehind, into: &sink)
    }

    /// Enters what lies before a codeblock that followed a marker, and numbers it.
    mutating func place(
        _ codeblock: FrameSynchronizer.Codeblock,
        received: Int64,
        into sink: inout (some LinkSink & ~Copyable)
    ) -> FrameUnit {
        // An octet belongs to the unit that holds its first bit.
        let start = min(received, scale.octets(beforeBit: codeblock.bitOffset))
        let end = min(received, scale.octets(beforeBit: codeblock.bitOffset + Int64(codeblock.bitLength)))
        if start > ledger.octets {
            let entry = Discard(
                offset: ledger.octets,
                length: Int(start - ledger.octets),
                reason: .unsynchronized,
                rule: "No marker was found in these octets.",
                frame: nil,
                spacecraft: nil,
                virtualChannel: nil
            )
            ledger.discard(entry, into: &sink)
        }
        var unit = nextUnit(length: max(0, Int(end - ledger.octets)))
        unit.markerErrors = codeblock.markerErrors
        unit.isInverted = codeblock.isInverted
        unit.synchronization =
            switch codeblock.status {
            case .ok: .ok
            case .flywheel: .flywheel
            case .slip(let bits): .slip(bits)
            }
        return unit
    }

    /// Takes a codeblock whose place is known.
    mutating func decode(
        _ codeblock: Span<UInt8>,
        _ unit: FrameUnit,
        from bit: Int64 = 0,
        slipBehind: Int? = nil,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        var unit = unit
        unit.codeQuality = codeblocks?.decode(codeblock, history: history, from: bit, isInverted: unit.isInverted)
        if case .corrected = unit.codeQuality, codeblocks?.isDoubtful(codeblock, slipBehind: slipBehind) == true {
            unit.codeQuality = .uncorrectable
        }
        guard let octets = codeblocks?.octets else { return }
        take(decoded: octets.span, unit, into: &sink)
    }

    /// Takes a codeblock that was decoded; the unit says what came of it.
    mutating func take(
        decoded octets: Span<UInt8>,
        _ unit: FrameUnit,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        let frame = octets.extracting(0..<frameLength)
        if unit.codeQuality == .uncorrectable {
            frames.push(uncorrectable: frame, codeblock: octets, unit, ledger: &ledger, into: &sink)
        } else {
            frames.push(frame, unit, ledger: &ledger, into: &sink)
        }
    }

    /// The place of the next unit: units lie back to back, what was between them is entered already.
    mutating func nextUnit(length: Int) -> FrameUnit {
        defer { index += 1 }
        return FrameUnit(
            index: index,
            offset: ledger.octets,
            length: length,
            headerLength: headerLength,
            scale: scale
        )
    }
}
