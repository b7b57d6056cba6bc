/// The start and the end of a segment.
extension VirtualChannel {
    /// Keeps what depends on the segment before of a frame that is about to be followed.
    mutating func note(_ fields: FrameFields, _ octets: Span<UInt8>, _ unit: FrameUnit) {
        let start = ChannelOpening.Start(
            frame: unit.index,
            offset: unit.offset,
            length: unit.length,
            count: fields.frameCount,
            modulus: fields.frameCountModulus,
            isExpedited: fields.isExpedited,
            isDoubtful: fields.isIdle && !hasCarriedData
        )
        if frames == 0 {
            opening?.first = start
            opening?.octets = octets.copied
            extractor = PacketExtractor(openingAt: unit.index, keepPartial: keepPartial)
        }
        guard start.modulus > 0 else { return }
        guard let last = countBefore(fields) else {
            opening?.starts.append(start)
            return
        }
        guard start.isDoubtful else { return }
        let isEqual = start.count == last && lastFrame.equals(octets)
        let continuity = Self.continuity(from: last, to: start.count, modulus: start.modulus, isEqual: isEqual)
        if let step = ChannelOpening.Step(continuity, from: last, at: start) { doubt([step]) }
    }

    /// An extractor for a further stream of packets.
    func newExtractor(_ stream: Int) -> PacketExtractor {
        guard let opening, let first = opening.first else { return PacketExtractor(keepPartial: keepPartial) }
        let gap = opening.firstGap(ofStream: stream)
        return PacketExtractor(openingAt: first.frame, behindGap: gap, keepPartial: keepPartial)
    }

    /// Keeps steps that matter only if the channel has carried data before.
    private mutating func doubt(_ steps: [ChannelOpening.Step]) {
        guard let room = opening.map({ ChannelOpening.longest - $0.doubts.count }), room > 0 else { return }
        opening?.doubts += steps.prefix(room)
    }

    /// Goes on with the same channel of the segment that follows.
    ///
    /// - Parameters:
    ///   - next: The channel there, all its places behind this segment.
    ///   - ledger: The ledger of both.
    ///   - chain: The master channel's counts of both.
    ///   - sink: Takes what is known now.
    mutating func append(
        _ next: VirtualChannel,
        ledger: inout Ledger,
        chain: inout MasterChain,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        guard let start = next.opening, let first = start.first else { return }
        var next = next
        let steps = (steps(to: start) + start.doubts).sorted { $0.at.frame < $1.at.frame }
        for step in steps where hasCarriedData || !step.at.isDoubtful {
            settle(step, &next, &ledger, &chain, &sink)
        }
        if !hasCarriedData { doubt(steps.filter(\.at.isDoubtful)) }
        if frames > 0, opening?.doubts.contains(where: { $0.at.frame == first.frame }) != true {
            chain.settle(frame: first.frame)
        }
        for start in start.starts where opening != nil && countBefore(isExpedited: start.isExpedited) == nil {
            opening?.starts.append(start)
        }
        append(extractorsOf: next, ledger: &ledger, into: &sink)
        if let gap = start.firstGap { opening?.note(gap: gap, isExpedited: false) }
        if let gap = start.firstExpeditedGap { opening?.note(gap: gap, isExpedited: true) }
        append(countsOf: next)
    }

    /// The steps from the counts here to those of the segment that follows.
    private func steps(to next: ChannelOpening) -> [ChannelOpening.Step] {
        next.starts.compactMap { start in
            guard let last = countBefore(isExpedited: start.isExpedited) else { return nil }
            let continuity = Self.continuity(
                from: last,
                to: start.count,
                modulus: start.modulus,
                isEqual: start.frame == next.first?.frame && lastFrame == next.octets
            )
            return ChannelOpening.Step(continuity, from: last, at: start)
        }
    }

    private mutating func append(countsOf next: VirtualChannel) {
        if let own = next.isExpedited, next.hasCount {
            // The first count is the channel's, if it had none; the others follow.
            if !hasCount { note(count: next.firstCount, isExpedited: own) }
            for isExpedited in [false, true] {
                guard let count = next.countBefore(isExpedited: isExpedited) else { continue }
                note(count: count, isExpedited: isExpedited)
            }
        }
        frames += next.frames
        gaps += next.gaps
        missing += next.missing
        duplicates += next.duplicates
        resets += next.resets
        lastFrame = next.lastFrame
        hasCarriedData = hasCarriedData || next.hasCarriedData
    }

    /// A step of the count that is known now to be one.
    private mutating func settle(
        _ step: ChannelOpening.Step,
        _ next: inout VirtualChannel,
        _ ledger: inout Ledger,
        _ chain: inout MasterChain,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        let frame = step.at.frame
        guard step.kind != .duplicate else {
            duplicates += 1
            next.frames -= 1
            next.forget(frame: frame)
            chain.remove(frame: frame)
            let entry = Discard(
                offset: step.at.offset,
                length: step.at.length,
                reason: .duplicateFrame,
                rule: FrameStage.repetition,
                frame: frame,
                spacecraft: spacecraft,
                virtualChannel: virtualChannel
            )
            return ledger.takeBack(entry, into: &sink)
        }
        gaps += step.kind == .gap ? 1 : 0
        missing += step.missing
        resets += step.kind == .reset ? 1 : 0
        sink.gap(
            ChannelGap(
                spacecraft: spacecraft,
                virtualChannel: virtualChannel,
                frame: frame,
                inputOffset: step.at.offset,
                countBefore: step.countBefore,
                countBehind: step.at.count,
                missing: step.missing,
                isReset: step.kind == .reset
            )
        )
        gap(frame: frame, isExpedited: step.at.isExpedited, ledger: &ledger, into: &sink)
    }

    /// Forgets the zone of a first frame that is a repetition.
    private mutating func forget(frame: Int) {
        extractor.opening?.zones.removeAll { $0.zone.frame == frame }
        for key in furtherExtractors.keys {
            furtherExtractors[key]?.opening?.zones.removeAll { $0.zone.frame == frame }
        }
    }

    private mutating func append(
        extractorsOf next: VirtualChannel,
        ledger: inout Ledger,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        extractor.append(next.extractor, wasInUse: frames > 0, ledger: &ledger, into: &sink)
        for key in furtherExtractors.keys.sorted() where next.furtherExtractors[key] == nil {
            // A gap there ends the packet here, though nothing follows in this stream.
            guard let frame = next.opening?.firstGap(ofStream: key) else { continue }
            furtherExtractors[key]?.gap(frame: frame, ledger: &ledger, into: &sink)
        }
        for key in next.furtherExtractors.keys.sorted() {
            guard let further = next.furtherExtractors[key] else { continue }
            let own = furtherExtractors[key]
            var extractor = own ?? newExtractor(key)
            extractor.append(further, wasInUse: own != nil, ledger: &ledger, into: &sink)
            furtherExtractors[key] = extractor
        }
    }

    /// Puts all places behind a segment.
    mutating func shift(frames: Int, octets: Int64) {
        opening?.shift(frames: frames, octets: octets)
        extractor.shift(frames: frames, octets: octets)
        for key in furtherExtractors.keys { furtherExtractors[key]?.shift(frames: frames, octets: octets) }
    }
}
