/// The start and the end of a segment.
extension VirtualChannel {
    /// Keeps what depends on the segment before of a frame that is about to be followed.
    mutating func note(_ fields: FrameFields, _ octets: Span<UInt8>, _ unit: FrameUnit) {
        let frame = ChannelOpening.First(
            frame: unit.index,
            offset: unit.offset,
            length: unit.length,
            count: fields.frameCount,
            modulus: fields.frameCountModulus,
            isIdle: fields.isIdle,
            octets: frames == 0 ? octets.copied : []
        )
        if frames == 0 {
            opening?.first = frame
            extractor = PacketExtractor(openingAt: unit.index)
        } else if fields.isIdle, !hasCarriedData {
            doubt(frame, lastFrame.equals(octets))
        }
    }

    /// An extractor for a further access point.
    var newExtractor: PacketExtractor {
        guard let opening, let first = opening.first else { return PacketExtractor() }
        return PacketExtractor(openingAt: first.frame, behindGap: opening.firstGap)
    }

    /// Keeps what an idle frame would be on a channel that has carried data.
    private mutating func doubt(_ frame: ChannelOpening.First, _ isEqual: Bool) {
        let kind: ChannelOpening.Doubt.Kind
        var missing = 0
        switch Self.continuity(from: lastCount, to: frame.count, modulus: frame.modulus, isEqual: isEqual) {
        case .next: return
        case .duplicate: kind = .duplicate
        case .reset: kind = .reset
        case .gap(let count):
            kind = .gap
            missing = count
        }
        guard let opening, opening.doubts.count < ChannelOpening.longest else { return }
        self.opening?.doubts.append(
            ChannelOpening.Doubt(
                kind: kind,
                frame: frame.frame,
                offset: frame.offset,
                length: frame.length,
                countBefore: lastCount,
                countBehind: frame.count,
                missing: missing
            )
        )
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
        if frames > 0 {
            var doubts = start.doubts
            let isEqual = lastFrame == first.octets
            if hasCarriedData || !first.isIdle {
                let continuity = Self.continuity(
                    from: lastCount,
                    to: first.count,
                    modulus: first.modulus,
                    isEqual: isEqual
                )
                if let step = ChannelOpening.Doubt(continuity, lastCount, first) { doubts.insert(step, at: 0) }
            } else {
                doubt(first, isEqual)
            }
            if hasCarriedData || !first.isIdle {
                for step in doubts { settle(step, &next, &ledger, &chain, &sink) }
            } else if let kept = opening?.doubts {
                opening?.doubts = Array((kept + doubts).prefix(ChannelOpening.longest))
            }
            if opening?.doubts.contains(where: { $0.frame == first.frame }) != true { chain.settle(frame: first.frame) }
        } else {
            firstCount = next.firstCount
        }
        append(extractorsOf: next, ledger: &ledger, into: &sink)
        if opening?.firstGap == nil { opening?.firstGap = start.firstGap }
        frames += next.frames
        gaps += next.gaps
        missing += next.missing
        duplicates += next.duplicates
        resets += next.resets
        lastCount = next.lastCount
        lastFrame = next.lastFrame
        hasCarriedData = hasCarriedData || next.hasCarriedData
    }

    /// A step of the count that is known now to be one.
    private mutating func settle(
        _ step: ChannelOpening.Doubt,
        _ next: inout VirtualChannel,
        _ ledger: inout Ledger,
        _ chain: inout MasterChain,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        guard step.kind != .duplicate else {
            duplicates += 1
            next.frames -= 1
            next.forget(frame: step.frame)
            chain.remove(frame: step.frame)
            let entry = Discard(
                offset: step.offset,
                length: step.length,
                reason: .duplicateFrame,
                rule: FrameStage.repetition,
                frame: step.frame,
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
                frame: step.frame,
                inputOffset: step.offset,
                countBefore: step.countBefore,
                countBehind: step.countBehind,
                missing: step.missing,
                isReset: step.kind == .reset
            )
        )
        gap(frame: step.frame, ledger: &ledger, into: &sink)
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
        let wasInUse = frames > 0
        extractor.append(next.extractor, wasInUse: wasInUse, ledger: &ledger, into: &sink)
        for key in furtherExtractors.keys.sorted() where next.furtherExtractors[key] == nil {
            // A gap there ends the packet here, though nothing follows on this access point.
            guard let frame = next.opening?.firstGap else { continue }
            furtherExtractors[key]?.gap(frame: frame, ledger: &ledger, into: &sink)
        }
        for key in next.furtherExtractors.keys.sorted() {
            guard let further = next.furtherExtractors[key] else { continue }
            let own = furtherExtractors[key]
            var extractor = own ?? newExtractor
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

extension ChannelOpening.Doubt {
    /// What becomes of the first frame of a segment, unless it just follows.
    fileprivate init?(
        _ continuity: VirtualChannel.Continuity,
        _ countBefore: UInt64,
        _ first: ChannelOpening.First
    ) {
        switch continuity {
        case .next: return nil
        case .duplicate: kind = .duplicate
        case .reset: kind = .reset
        case .gap: kind = .gap
        }
        missing = if case .gap(let count) = continuity { count } else { 0 }
        frame = first.frame
        offset = first.offset
        length = first.length
        self.countBefore = countBefore
        countBehind = first.count
    }
}
