/// Combines recordings of one downlink: the best copy of each frame, in the order in which they were sent.
///
/// Several antennas follow a spacecraft; each loses other frames. The combiner takes the frames of each recording as its
/// decoder finds them, and gives out each frame once:
/// ```
/// input 0   1 2 ✗ 4 5         9        ✗ bad: failed its code
/// input 1     2 3 4 ✗ 6 7     9 10
/// result    1 2 3 4 5 6 7     9 10     8 is a gap that is left
/// ```
/// - **Which frames are one.** Those with the same octets. Counts alone do not say it: those of TM wrap after 256 frames,
///   recordings start at different times, and one may have lost more than a whole turn of a count.
/// - **Which copy is best.** One without errors before a corrected one, that before one that nothing checks. Bad copies
///   are given out only if asked for.
/// - **What no input could read.** Bad copies of one frame are put together: codeword by codeword from the copy in which
///   it can be corrected, else with the symbols in which they differ as erasures (``CodeblockRecovery``). Unchecked
///   copies, three or more, vote bit by bit.
/// - **Order.** That of the downlink, over all channels. Frames that several inputs have tie them together; what stands
///   between is put in order by the counts, and where they do not say, by the places in the recordings.
///
/// It does no input or output: ``wanted`` names the input that must be read on, so that the inputs are read in step, and
/// ``settle(_:)`` gives out what is certain. It is the sink of the inputs' decoders, which keep bad frames for it.
/// Memory is bounded by the look ahead, ``Settings/window`` frames of each input: where an input has lost more than that
/// in one go, or starts later, the counts decide, and ``CombiningReport/unaligned`` tells. It lives beside
/// ``LinkDecoder`` because it needs nothing but frames and their code, and a live station can use it as well as a
/// command.
///
/// ```swift
/// var combiner = try FrameCombiner(link, inputs: 2)
/// while let input = combiner.wanted {
///     combiner.input = input
///     if let piece = read(input) {
///         decoders[input].push(piece.span, into: &combiner)
///     } else {
///         decoders[input].finish(into: &combiner)
///         combiner.finish(input)
///     }
///     combiner.settle { frame, octets in write(octets) }
/// }
/// try combiner.requireRelated()
/// ```
public struct FrameCombiner: LinkSink, Sendable {
    /// The largest number of inputs.
    public static let mostInputs = 64

    /// How to combine.
    public struct Settings: Sendable, Hashable {
        /// Frames of each input that are held while frames in common are looked for; by default about 64 MB of them.
        public var window: Int?
        /// Whether frames that are bad in all inputs are given out.
        public var keepBad = false
        /// Whether bad copies are put together.
        public var recoversFrames = true

        /// Makes the default settings.
        public init() {}
    }

    /// A frame of the result.
    public struct Frame: Sendable, Hashable {
        /// What is known of the best copy; number and gap before are those of the result.
        public var record: FrameRecord
        /// The input that the best copy is from.
        public var input: Int
        /// How many inputs have a copy in order.
        public var copies: Int
        /// Whether it was put together from copies of which none could be read alone.
        public var isRecovered: Bool
    }

    /// The input whose decoder feeds the combiner now.
    public var input = 0
    /// How many frames of each input are held at most.
    public let window: Int
    /// What was given out so far.
    public private(set) var report: CombiningReport

    private let format: FrameFormat
    private let settings: Settings
    private var recovery: CodeblockRecovery
    /// The first merges inputs 0 and 1, each further one what came before with the next input.
    private var mergers: [StreamMerger]
    private var isFinished: [Bool]
    private var unitLengths: [Double]
    private var channels: [FrameCopy.Channel: VirtualChannel] = [:]
    private var recent = RecentFrames()
    /// Storage for frames to come.
    private var spare: [[UInt8]] = []

    /// Makes a combiner.
    ///
    /// - Parameters:
    ///   - link: The link of the inputs: its frames, and its block code for those that are bad.
    ///   - inputs: How many recordings; two or more.
    ///   - settings: How to combine.
    /// - Throws: `.inputs`, or what the link breaks.
    public init(_ link: LinkDescription, inputs: Int, settings: Settings = Settings()) throws {
        guard (2...Self.mostInputs).contains(inputs) else { throw CombiningError.inputs(inputs) }
        try link.validate()
        format = FrameFormat(link)
        recovery = try CodeblockRecovery(link)
        window = max(16, settings.window ?? (1 << 26) / max(link.frameLength ?? 1024, 64))
        self.settings = settings
        mergers = Array(repeating: StreamMerger(window: window), count: inputs - 1)
        isFinished = Array(repeating: false, count: inputs)
        unitLengths = Array(repeating: 0, count: inputs)
        report = CombiningReport(inputs: Array(repeating: CombiningReport.Input(), count: inputs))
    }

    /// The input that must be read on; nothing when all are at their end, or when they turned out to be unrelated.
    public var wanted: Int? {
        guard lostInput == nil else { return nil }
        for place in mergers.indices.reversed() {
            switch mergers[place].wanted {
            case .right: return isFinished[place + 1] ? nil : place + 1
            case .left: continue
            case nil: return isFinished.firstIndex(of: false)
            }
        }
        return isFinished[0] ? isFinished.firstIndex(of: false) : 0
    }

    /// Refuses inputs that have nothing in common; to be asked at the end, and whenever nothing is ``wanted``.
    ///
    /// - Throws: `.unrelated` with the first input that has no frame in common with those before it.
    public func requireRelated() throws(CombiningError) {
        for place in mergers.indices where mergers[place].isLost || !mergers[place].isRelated {
            throw .unrelated(input: place + 1, window: window)
        }
    }

    private var lostInput: Int? { mergers.firstIndex(where: \.isLost).map { $0 + 1 } }

    /// Takes the next frame of ``input``; a bad one by its codeblock.
    public mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>) {
        if frame.quality != .uncorrectable { push(frame, octets) }
    }

    /// Takes the codeblock of the next frame of ``input``, which is bad.
    public mutating func uncorrectable(_ frame: FrameRecord, codeblock octets: Span<UInt8>) { push(frame, octets) }

    private mutating func push(_ record: FrameRecord, _ octets: Span<UInt8>) {
        precondition(isFinished.indices.contains(input) && !isFinished[input], "there is no such input, or it ended")
        let copy = copy(record, octets, input)
        report.inputs[input].frames += copy.isBad ? 0 : 1
        report.inputs[input].bad += copy.isBad ? 1 : 0
        if case .corrected = record.quality { report.inputs[input].corrected += 1 }
        mergers[max(input - 1, 0)].push(copy, input == 0 ? .left : .right)
    }

    /// Ends an input.
    ///
    /// - Parameter input: The input.
    public mutating func finish(_ input: Int) {
        precondition(isFinished.indices.contains(input), "there is no such input")
        isFinished[input] = true
        mergers[max(input - 1, 0)].finish(input == 0 ? .left : .right)
    }

    private mutating func copy(_ record: FrameRecord, _ octets: Span<UInt8>, _ input: Int) -> FrameCopy {
        if unitLengths[input] == 0 { unitLengths[input] = Double(max(record.inputLength, 1)) }
        var copy = FrameCopy(
            octets: spare.popLast() ?? [],
            record: record,
            winner: input,
            inputs: 1 << UInt64(input),
            soundInputs: record.quality.isBad ? 0 : 1 << UInt64(input),
            clock: Double(record.inputOffset) / unitLengths[input]
        )
        copy.octets.replace(with: octets)
        guard !copy.isBad else { return copy }
        identify(&copy)
        return copy
    }

    private func fields(of copy: borrowing FrameCopy) -> FrameFields? {
        do throws(TransferFrameError) {
            return try format.decode(copy.octets.span, isChecked: false)
        } catch {
            return nil
        }
    }

    /// Finds out what counts the frame, and what it has in common with its other copies.
    private func identify(_ copy: inout FrameCopy) {
        var digest = OctetDigest()
        digest.add(copy.octets.span)
        copy.contentDigest = digest.value
        copy.digest = digest.value
        guard let fields = fields(of: copy) else { return }
        let isMaster = fields.masterChannelFrameCount != nil
        copy.channel = FrameCopy.Channel(
            spacecraft: fields.spacecraft,
            virtualChannel: isMaster ? -1 : fields.virtualChannel
        )
        copy.count = fields.masterChannelFrameCount.map { UInt64($0) } ?? fields.frameCount
        copy.modulus = isMaster ? 256 : fields.frameCountModulus
        // Without a check, copies of one frame may differ; a count that hardly ever comes round tells them.
        guard !copy.isVerified, !fields.isIdle, fields.frameCountModulus >= StretchOrder.wideModulus else { return }
        var key = OctetDigest()
        key.add(UInt64(fields.spacecraft) << 32 | UInt64(fields.virtualChannel))
        key.add(fields.frameCount)
        copy.digest = key.value
    }

    /// Gives out what is certain by now, in order.
    ///
    /// - Parameter emit: Called with each frame of the result.
    public mutating func settle(_ emit: (Frame, Span<UInt8>) -> Void) {
        for place in mergers.indices {
            mergers[place].advance()
            let ready = mergers[place].takeReady()
            guard place + 1 < mergers.count else {
                for index in ready.indices { give(ready[index], before: ready[(index + 1)...].prefix(16), emit) }
                break
            }
            for copy in ready { mergers[place + 1].push(copy, .left) }
            if mergers[place].isFinished { mergers[place + 1].finish(.left) }
        }
        report.unaligned = mergers.reduce(0) { $0 + $1.unalignedStretches }
        for input in report.inputs.indices {
            report.inputs[input].repeated = mergers.reduce(0) { $0 + $1.repetitions[input, default: 0] }
        }
    }

    private mutating func give(
        _ copy: FrameCopy,
        before next: ArraySlice<FrameCopy>,
        _ emit: (Frame, Span<UInt8>) -> Void
    ) {
        var copy = copy
        improve(&copy)
        if copy.isRecovered {
            // A copy in order may have come by another way.
            let digest = copy.contentDigest
            if recent.contains(digest) || next.contains(where: { $0.contentDigest == digest }) { return }
        }
        if copy.isBad {
            guard settings.keepBad else { return }
            copy.octets.removeLast(max(0, copy.octets.count - format.length))
        }
        copy.record.index = report.frames
        follow(&copy)
        count(copy)
        if settings.recoversFrames, copy.contentDigest != 0 { recent.insert(copy.contentDigest) }
        let frame = Frame(
            record: copy.record,
            input: copy.winner,
            copies: copy.soundInputs.nonzeroBitCount,
            isRecovered: copy.isRecovered
        )
        emit(frame, copy.octets.span)
        if spare.count < 1 << 10 { spare.append(copy.octets) }
    }

    /// Makes more of the copies than each is alone.
    private mutating func improve(_ copy: inout FrameCopy) {
        guard settings.recoversFrames, !copy.others.isEmpty else { return }
        let copies = [copy.octets] + copy.others
        if copy.isBad {
            guard let found = recovery.recover(copies) else { return }
            copy.octets = found.octets
            copy.isRecovered = true
            copy.record.quality = .corrected(found.symbols)
            copy.record.update(from: found.fields)
            identify(&copy)
        } else if copies.count > 2, copies.allSatisfy({ $0.count == copy.octets.count }) {
            let vote = CodeblockRecovery.majority(copies)
            do throws(TransferFrameError) {
                let fields = try format.decode(vote.span)
                guard fields.frameCount == copy.record.frameCount else { return }
                copy.octets = vote
                copy.record.update(from: fields)
            } catch {
                // The vote makes no frame: the best copy stays.
            }
        }
    }

    /// Finds the gap before a frame in the result.
    private mutating func follow(_ copy: inout FrameCopy) {
        copy.record.missingBefore = 0
        guard !copy.isBad else { return }
        guard let fields = fields(of: copy) else { return }
        let key = FrameCopy.Channel(spacecraft: fields.spacecraft, virtualChannel: fields.virtualChannel)
        guard channels[key] != nil || channels.count < 1024 else { return }
        let empty = VirtualChannel(
            spacecraft: key.spacecraft,
            virtualChannel: key.virtualChannel,
            keepPartial: false
        )
        let unit = FrameUnit(index: 0, offset: 0, length: copy.octets.count, headerLength: 0)
        let continuity = channels[key, default: empty].follow(fields, copy.octets.span, unit)
        if case .gap(let missing) = continuity { copy.record.missingBefore = missing }
    }

    private mutating func count(_ copy: borrowing FrameCopy) {
        report.frames += 1
        if copy.isRecovered {
            report.recovered += 1
        } else {
            switch copy.record.quality {
            case .good: report.good += 1
            case .corrected: report.corrected += 1
            case .unchecked: report.unchecked += 1
            case .uncorrectable, .crcFailed: report.bad += 1
            }
        }
        let sound = copy.soundInputs.nonzeroBitCount
        if sound == report.inputs.count { report.common += 1 }
        for input in report.inputs.indices {
            if copy.soundInputs & (1 << UInt64(input)) == 0 {
                report.inputs[input].lacking += 1
            } else if sound == 1 {
                report.inputs[input].alone += 1
            } else {
                report.inputs[input].shared += 1
            }
        }
    }

    /// The report with the channels of the result.
    public var summary: CombiningReport {
        var summary = report
        summary.channels = channels.values
            .map(\.summary)
            .sorted { ($0.spacecraft, $0.virtualChannel) < ($1.spacecraft, $1.virtualChannel) }
            .map { channel in
                CombiningReport.Channel(
                    spacecraft: channel.spacecraft,
                    virtualChannel: channel.virtualChannel,
                    frames: channel.frames,
                    firstCount: channel.firstCount,
                    lastCount: channel.lastCount,
                    gaps: channel.gaps,
                    missing: channel.missing,
                    resets: channel.resets
                )
            }
        return summary
    }
}

extension FrameRecord {
    /// Takes over what a frame's headers say.
    fileprivate mutating func update(from fields: FrameFields) {
        spacecraft = fields.spacecraft
        virtualChannel = fields.virtualChannel
        frameCount = fields.frameCount
        masterChannelFrameCount = fields.masterChannelFrameCount
        isReplayed = fields.isReplayed
        isIdle = fields.isIdle
        insertZone = fields.insertZone
        dataField = fields.dataField
        firstHeaderPointer = fields.firstHeaderPointer
        operationalControlField = fields.operationalControlField
    }
}
