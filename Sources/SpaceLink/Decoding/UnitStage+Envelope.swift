/// Units that an envelope delimits.
extension UnitStage {
    /// Takes a piece of an envelope: each unit holds one frame or several, whole.
    ///
    /// - Parameters:
    ///   - piece: Where the octets lie in the input and what they are.
    ///   - octets: The octets of the unit.
    ///   - sink: Takes what comes of it.
    mutating func push(
        _ piece: EnvelopePiece,
        _ octets: Span<UInt8>,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        switch piece.content {
        case .overhead: ledger.use(piece.length)
        case .malformed(let reason, let rule): discard(piece.length, reason, rule, &sink)
        case .unit: pushFrames(piece, octets, &sink)
        }
    }

    private mutating func pushFrames(
        _ piece: EnvelopePiece,
        _ octets: Span<UInt8>,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        guard octets.count > 0 else { return ledger.use(piece.length) }
        var taken = 0
        var position = 0
        while let length = nextLength(octets, at: position) {
            let next = position + length
            // What is wrapped around them belongs to the first and the last frame.
            let end = next == octets.count ? piece.length : piece.layout.position(of: next)
            let frame = position + headerLength..<next
            pushFrame(
                octets.extracting(position..<next),
                length: end - taken,
                headerLength: piece.layout.position(of: frame.lowerBound) - taken,
                escapes: piece.layout.escapes(in: frame),
                &sink
            )
            taken = end
            position = next
        }
        let size = unitLength > 0 ? "of \(unitLength)" : "of this link"
        let rule = "A unit of \(octets.count) octets holds no whole number of frames \(size)."
        discard(piece.length - taken, .truncatedFrame, rule, &sink)
    }

    /// The octets of the frame, marker and all, that starts at a place; nothing if there is no whole one.
    private func nextLength(_ octets: Span<UInt8>, at position: Int) -> Int? {
        let left = octets.count - position
        guard unitLength == 0 else { return left >= unitLength ? unitLength : nil }
        guard case .octets(let length) = frames.toldLength(octets, at: position), length <= left else { return nil }
        return length
    }

    /// Takes a unit, marker first if there is one.
    private mutating func pushFrame(
        _ unit: Span<UInt8>,
        length: Int,
        headerLength: Int,
        escapes: [Int],
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        var markerErrors = 0
        for index in 0..<marker.count { markerErrors += (unit[index] ^ marker[index]).nonzeroBitCount }
        guard markerErrors <= markerTolerance else {
            return discard(length, .unsynchronized, "The unit does not start with the marker.", &sink)
        }
        var place = nextUnit(length: length)
        place.headerLength = headerLength
        place.escapes = escapes
        place.markerErrors = markerErrors
        place.synchronization = marker.isEmpty ? .none : .ok
        let octets = unit.extracting(marker.count..<unit.count)
        if isCoded { decode(octets, place, into: &sink) } else { decode(frame: octets, place, into: &sink) }
    }

    mutating func discard(
        _ length: Int,
        _ reason: DiscardReason,
        _ rule: String,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        let entry = Discard(
            offset: ledger.octets,
            length: length,
            reason: reason,
            rule: rule,
            frame: nil,
            spacecraft: nil,
            virtualChannel: nil
        )
        ledger.discard(entry, into: &sink)
    }
}
