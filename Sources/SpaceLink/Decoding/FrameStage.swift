/// A frame on its way in: where it lies in the input and what the stages before know of it.
struct FrameUnit {
    var index: Int
    /// Octets of input before the unit.
    var offset: Int64
    /// How many octets of input the unit takes.
    var length: Int
    /// Octets from the unit's start to the frame's.
    var headerLength: Int
    /// Octets of input for octets of the unit.
    var scale = InputScale.one
    /// The octets of the frame that take two octets of input, in order.
    var escapes: [Int] = []
    /// What the block code says, if there is one.
    var codeQuality: FrameQuality?
    var synchronization = FrameRecord.Synchronization.none
    var markerErrors = 0
    var isInverted = false
}

/// Frames in, packets out: frame headers, virtual channels, counts, packets, and their ledger.
struct FrameStage: Sendable {
    private let format: FrameFormat
    private let keepBad: Bool
    private let keepPartial: Bool
    private(set) var counts = LinkSummary.Frames()
    private(set) var channels: [VirtualChannel] = []
    private var places: [Int: Int] = [:]
    private var lastPlace = 0
    private(set) var masterChannels: [Int: MasterChannelCount] = [:]
    /// Whether this is a segment, whose channels may have begun before it.
    private let isSegment: Bool
    private(set) var masterChains: [Int: MasterChain] = [:]

    static let indicesKept = 10_000
    /// How many channels are followed, so that garbage of all addresses cannot fill the memory.
    static let channelsKept = 1024
    static let repetition = "The frame repeats the one before in count and octets."

    init(_ link: LinkDescription, keepBad: Bool, keepPartial: Bool, isSegment: Bool = false) {
        format = FrameFormat(link)
        self.keepPartial = keepPartial
        self.keepBad = keepBad
        self.isSegment = isSegment
    }

    /// How long the frame says it is that starts at a place, where frames say it.
    func toldLength(_ octets: Span<UInt8>, at place: Int) -> FrameFormat.ToldLength {
        format.toldLength(octets, at: place)
    }

    /// Takes a frame that the block code could not correct.
    mutating func push(
        uncorrectable octets: Span<UInt8>,
        codeblock: Span<UInt8>,
        _ unit: FrameUnit,
        ledger: inout Ledger,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        counts.total += 1
        counts.uncorrectable += 1
        if let record = keep(octets, unit, .uncorrectable, &sink) {
            sink.uncorrectable(record, codeblock: codeblock)
        }
        refuse(unit, .uncorrectable, "A codeword has more errors than its code can correct.", nil, &ledger, &sink)
    }

    /// Takes a frame.
    mutating func push(
        _ octets: Span<UInt8>,
        _ unit: FrameUnit,
        ledger: inout Ledger,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        counts.total += 1
        guard format.hasHeaderErrorControl, !HeaderErrorControl.holds(octets) else {
            return decode(octets, unit, &ledger, &sink)
        }
        guard let (header, _) = HeaderErrorControl.correct(octets) else {
            let version = octets.count > 0 ? octets[0] >> 6 : 0
            let error: TransferFrameError =
                version == AOSFrameHeader.versionNumber
                ? .headerUncorrectable : .version(found: version, expected: AOSFrameHeader.versionNumber)
            return refuse(octets, unit, error, &ledger, &sink)
        }
        var corrected: [UInt8] = header
        corrected.append(octets.extracting(header.count..<octets.count))
        decode(corrected.span, unit, &ledger, &sink)
    }

    private mutating func decode(
        _ octets: Span<UInt8>,
        _ unit: FrameUnit,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        let fields: FrameFields
        do throws(TransferFrameError) {
            fields = try format.decode(octets)
        } catch {
            return refuse(octets, unit, error, &ledger, &sink)
        }
        guard let place = place(of: fields) else {
            counts.rejected += 1
            let rule = "More than \(Self.channelsKept) virtual channels; name the spacecraft of the link."
            return refuse(unit, .foreignSpacecraft, rule, fields, &ledger, &sink)
        }
        let quality = unit.codeQuality ?? (format.hasErrorControl ? .good : .unchecked)
        count(quality)
        accept(octets, fields, place, unit, quality, &ledger, &sink)
    }

    private mutating func count(_ quality: FrameQuality) {
        switch quality {
        case .good: counts.good += 1
        case .corrected(let symbols):
            counts.corrected += 1
            counts.correctedSymbols += symbols
        case .unchecked: counts.unchecked += 1
        case .uncorrectable: counts.uncorrectable += 1
        case .crcFailed: counts.crcFailed += 1
        }
    }

    private mutating func accept(
        _ octets: Span<UInt8>,
        _ fields: FrameFields,
        _ place: Int,
        _ unit: FrameUnit,
        _ quality: FrameQuality,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        let countBefore = channels[place].countBefore(fields) ?? 0
        let continuity = channels[place].follow(fields, octets, unit)
        if case .duplicate = continuity {
            return refuse(unit, .duplicateFrame, Self.repetition, fields, &ledger, &sink)
        }
        if let count = fields.masterChannelFrameCount {
            masterChannels[fields.spacecraft, default: MasterChannelCount(spacecraft: fields.spacecraft)].follow(count)
            if isSegment {
                let frame = channels[place].opening?.doubts(frame: unit.index) == true ? unit.index : nil
                masterChains[fields.spacecraft, default: MasterChain()].follow(count, frame: frame)
            }
        }
        ledger.use(unit.length)
        var record = record(of: fields, unit, quality)
        switch continuity {
        case .gap(let missing):
            record.missingBefore = missing
            reportGap(fields, unit, countBefore, missing, false, place, &ledger, &sink)
        case .reset: reportGap(fields, unit, countBefore, 0, true, place, &ledger, &sink)
        case .next, .duplicate: break
        }
        sink.frame(record, octets: octets)
        guard let pointer = fields.firstHeaderPointer else { return }
        channels[place].extract(
            octets.extracting(fields.dataField),
            pointer: pointer,
            // The packets of the two qualities of service do not mix.
            stream: fields.multiplexerAccessPoint << 1 | (fields.isExpedited ? 1 : 0),
            zone: PacketExtractor.Zone(
                spacecraft: fields.spacecraft,
                virtualChannel: fields.virtualChannel,
                frame: unit.index,
                frameOffset: unit.offset,
                start: unit.headerLength + fields.dataField.lowerBound,
                unitLength: unit.length,
                scale: unit.scale,
                dataStart: fields.dataField.lowerBound,
                escapes: unit.escapes,
                reception: Reception(
                    quality: quality,
                    markerErrors: unit.markerErrors,
                    isFlywheel: unit.synchronization == .flywheel,
                    isInverted: unit.isInverted
                ),
                segmentation: fields.segmentation
            ),
            ledger: &ledger,
            into: &sink
        )
    }

    private mutating func reportGap(
        _ fields: FrameFields,
        _ unit: FrameUnit,
        _ countBefore: UInt64,
        _ missing: Int,
        _ isReset: Bool,
        _ place: Int,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        sink.gap(
            ChannelGap(
                spacecraft: fields.spacecraft,
                virtualChannel: fields.virtualChannel,
                frame: unit.index,
                inputOffset: unit.offset,
                countBefore: countBefore,
                countBehind: fields.frameCount,
                missing: missing,
                isReset: isReset
            )
        )
        channels[place].gap(frame: unit.index, isExpedited: fields.isExpedited, ledger: &ledger, into: &sink)
    }

    /// Ends the packets in progress, because the input ends.
    mutating func finish(ledger: inout Ledger, into sink: inout (some LinkSink & ~Copyable)) {
        for place in channels.indices { channels[place].finish(ledger: &ledger, into: &sink) }
    }

    /// The counts of all channels, in order.
    var summaries: [LinkSummary.Channel] {
        channels.map(\.summary).sorted { ($0.spacecraft, $0.virtualChannel) < ($1.spacecraft, $1.virtualChannel) }
    }

    /// The place of a frame's channel, most often that of the frame before; nothing if there are too many.
    private mutating func place(of fields: FrameFields) -> Int? {
        if lastPlace < channels.count, channels[lastPlace].spacecraft == fields.spacecraft,
            channels[lastPlace].virtualChannel == fields.virtualChannel
        {
            return lastPlace
        }
        let key = fields.spacecraft << 6 | fields.virtualChannel
        if let place = places[key] {
            lastPlace = place
        } else {
            guard channels.count < Self.channelsKept else { return nil }
            lastPlace = channels.count
            places[key] = lastPlace
            var channel = VirtualChannel(
                spacecraft: fields.spacecraft,
                virtualChannel: fields.virtualChannel,
                keepPartial: keepPartial
            )
            if isSegment { channel.opening = ChannelOpening() }
            channels.append(channel)
        }
        return lastPlace
    }
}

/// Frames that are not accepted.
extension FrameStage {
    private mutating func refuse(
        _ octets: Span<UInt8>,
        _ unit: FrameUnit,
        _ error: TransferFrameError,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        let reason: DiscardReason
        switch error {
        case .check:
            counts.crcFailed += 1
            if counts.crcFailedIndices.count < Self.indicesKept { counts.crcFailedIndices.append(unit.index) }
            keep(octets, unit, .crcFailed, &sink)
            return refuse(unit, .frameCheck, error.description, nil, &ledger, &sink)
        case .truncated: reason = .truncatedFrame
        case .version: reason = .frameVersion
        case .header, .headerUncorrectable: reason = .frameHeader
        case .foreignSpacecraft: reason = .foreignSpacecraft
        }
        counts.rejected += 1
        refuse(unit, reason, error.description, nil, &ledger, &sink)
    }

    private func refuse(
        _ unit: FrameUnit,
        _ reason: DiscardReason,
        _ rule: String,
        _ fields: FrameFields?,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        let entry = Discard(
            offset: unit.offset,
            length: unit.length,
            reason: reason,
            rule: rule,
            frame: unit.index,
            spacecraft: fields?.spacecraft,
            virtualChannel: fields?.virtualChannel
        )
        ledger.discard(entry, into: &sink)
    }

    /// Hands a bad frame on, if that is asked for; its fields are what they seem to be.
    @discardableResult
    private func keep(
        _ octets: Span<UInt8>,
        _ unit: FrameUnit,
        _ quality: FrameQuality,
        _ sink: inout (some LinkSink & ~Copyable)
    ) -> FrameRecord? {
        guard keepBad else { return nil }
        var fields = FrameFields()
        do throws(TransferFrameError) {
            fields = try format.decode(octets, isChecked: false)
        } catch {
            // Nothing in a bad frame need make sense.
        }
        let record = record(of: fields, unit, quality)
        sink.frame(record, octets: octets)
        return record
    }

    private func record(of fields: FrameFields, _ unit: FrameUnit, _ quality: FrameQuality) -> FrameRecord {
        FrameRecord(
            index: unit.index,
            inputOffset: unit.offset,
            inputLength: unit.length,
            type: format.kind,
            spacecraft: fields.spacecraft,
            virtualChannel: fields.virtualChannel,
            multiplexerAccessPoint: format.kind == .uslp ? fields.multiplexerAccessPoint : nil,
            frameCount: fields.frameCount,
            masterChannelFrameCount: fields.masterChannelFrameCount,
            missingBefore: 0,
            quality: quality,
            synchronization: unit.synchronization,
            markerErrors: unit.markerErrors,
            isInverted: unit.isInverted,
            isIdle: fields.isIdle,
            isReplayed: fields.isReplayed,
            isExpedited: fields.isExpedited,
            insertZone: fields.insertZone,
            dataField: fields.dataField,
            dataFieldHeader: fields.dataFieldHeader,
            firstHeaderPointer: fields.firstHeaderPointer,
            operationalControlField: fields.operationalControlField
        )
    }
}
