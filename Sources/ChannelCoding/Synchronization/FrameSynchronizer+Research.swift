// Recovery by the content of codeblocks. Evidence for a place: its marker; its codeblock can be decoded, best without a
// correction; a marker follows it at the right distance. The place where a marker was expected needs less than one found
// by search, as the frames before it speak for it. No evidence is enough alone: a codeblock that is some octets off is
// decoded to another one, if the code is cyclic.
extension FrameSynchronizer {
    /// Searches a marker whose codeblock or whose followers confirm it.
    ///
    /// - Returns: Whether there is more to do with the octets at hand.
    mutating func search(
        _ octets: Span<UInt8>,
        _ view: Extent,
        from: Int,
        _ body: (Codeblock, Span<UInt8>) -> Void
    ) -> Bool {
        var next = from
        while let candidate = firstMarker(octets, view, from: next) {
            // Everything that the decision may look at must be at hand, or it would depend on the cut of the input.
            guard view.isFinal || candidate.bit + decisionBits <= view.end else {
                state = .searching(from: candidate.bit)
                return false
            }
            guard let found = confirmed(octets, view, candidate) else {
                next = candidate.bit + 1
                continue
            }
            acceptAfterSearch(octets, view, found, body)
            return true
        }
        state = .searching(from: max(next, view.end - pattern.bitCount + 1))
        return false
    }

    /// Goes on where the next marker is expected, or decides what happened if it is not there.
    ///
    /// - Returns: Whether there is more to do with the octets at hand.
    mutating func track(
        _ octets: Span<UInt8>,
        _ view: Extent,
        expected: Int,
        missed: Int,
        _ body: (Codeblock, Span<UInt8>) -> Void
    ) -> Bool {
        guard let last = pending, expected <= view.end else { return false }
        guard view.isFinal || expected + pattern.bitCount <= view.end else { return false }
        if let match = marker(octets, view, at: expected) {
            accept(octets, view, Found(expected, match, .ok), body)
            state = .locked(expected: expected + period, missed: 0)
            return true
        }
        guard view.isFinal || expected + decisionBits <= view.end else { return false }
        // A codeblock that can be decoded keeps the lock as well as a marker does.
        let flywheel = flywheelCandidate(octets, view, expected, last)
        if let errors = corrections(octets, view, flywheel),
            errors == 0 || markerFollows(octets, view, flywheel, within: 1)
                || !isOutdone(octets, view, flywheel, errors: errors)
        {
            accept(octets, view, flywheel, body)
            state = .locked(expected: expected + period, missed: 0)
            return true
        }
        let found = candidate(octets, view, expected: expected, last: last)
        let allowance = max(0, settings.flywheel - missed)
        if found?.isHeld != true, markerFollows(octets, view, flywheel, within: allowance) {
            accept(octets, view, flywheel, body)
            state = .locked(expected: expected + period, missed: missed + 1)
            return true
        }
        if let found {
            acceptAfterSearch(octets, view, found.place, body)
            return true
        }
        // No place up to here is one, so the search need not look at them again.
        release(octets, view, next: nil, body)
        state = .searching(from: expected + period)
        return true
    }

    /// The codeblocks that are looked into before any was taken, and further ones for each period of the stream.
    private static let checksAtOnce = 256
    private static let checksInAPeriod = 32

    /// The bits behind a doubtful place that a decision about it may need.
    private var decisionBits: Int {
        max(2, settings.verify + 1, settings.flywheel) * period + pattern.bitCount
    }

    /// The bits by which the pending place may still be put right, back or forth: a marker that is lost as a whole, and
    /// what was lost with it.
    ///
    /// So many before it stay at hand until the next place is known.
    var correctionBits: Int { min(2 * pattern.bitCount, period - 1) }

    /// The place that a marker found by search leads to, if anything but that marker speaks for it.
    private mutating func confirmed(_ octets: Span<UInt8>, _ view: Extent, _ candidate: Found) -> Found? {
        let errors = corrections(octets, view, candidate)
        if errors == 0 { return candidate }
        let isFollowed = verified(octets, view, candidate) != nil
        guard !isFollowed || errors == nil else { return candidate }
        guard isFollowed || errors != nil else { return nil }
        guard corrections != nil else { return candidate }
        // Either its codeblock does not hold: a frame beyond repair, or a pattern inside one that looks like markers.
        // Or nothing follows: the last frame, or a codeblock that is off by less than a frame.
        var next = candidate.bit + 1
        let end = candidate.bit + (errors == nil ? period : period / 2)
        while let other = firstMarker(octets, view, from: next, to: end) {
            if let fewer = corrections(octets, view, other), fewer < errors ?? .max { return other }
            next = other.bit + 1
        }
        return candidate
    }

    /// Whether some other place near one that has no marker explains the stream with fewer corrections.
    private mutating func isOutdone(_ octets: Span<UInt8>, _ view: Extent, _ place: Found, errors: Int) -> Bool {
        var next = max(view.base, place.bit - period / 2)
        while let other = firstMarker(octets, view, from: next, to: place.bit + period) {
            next = other.bit + 1
            // A marker near by opens the codeblock itself, one far behind the next codeblock.
            let start = other.bit < place.bit + period / 2 ? other.bit : other.bit - period
            guard start != place.bit else { continue }
            let rival = start == other.bit ? other : flywheelCandidate(octets, view, start, other)
            // With as many, the marker decides.
            if let fewer = corrections(octets, view, rival), fewer < errors || fewer == errors && start == other.bit {
                return true
            }
        }
        return false
    }

    /// The best place from just behind the last marker to the end of the codeblock that was expected.
    private mutating func candidate(
        _ octets: Span<UInt8>,
        _ view: Extent,
        expected: Int,
        last: Found
    ) -> (place: Found, isHeld: Bool)? {
        // Where the last codeblock is whole, markers inside it are data, unless a codeblock behind one holds.
        let lastHolds = holds(octets, view, last)
        var followed: Found?
        var next = last.bit + 1
        while var place = firstMarker(octets, view, from: next, to: expected + period) {
            next = place.bit + 1
            guard place.bit != expected else { continue }
            if abs(place.bit - expected) <= settings.slipWindow { place.status = .slip(place.bit - expected) }
            if holds(octets, view, place) { return (place, true) }
            guard followed == nil, !lastHolds || place.bit > expected else { continue }
            // A marker alone is no reason to leave the codeblock that was expected, even if it were enough to begin with.
            if verified(octets, view, place, by: max(1, settings.verify)) != nil { followed = place }
        }
        return followed.map { ($0, false) }
    }

    /// Takes a place that was found by search, and the one before it if only its marker was lost.
    private mutating func acceptAfterSearch(
        _ octets: Span<UInt8>,
        _ view: Extent,
        _ found: Found,
        _ body: (Codeblock, Span<UInt8>) -> Void
    ) {
        // Bits lost from a marker move the place back into the codeblock before it.
        let free = pending.map { $0.bit + period - correctionBits } ?? settled
        let place = flywheelCandidate(octets, view, found.bit - period, found)
        if place.bit >= free, holds(octets, view, place) {
            accept(octets, view, place, body)
        } else if let last = pending, abs(place.bit - last.bit) <= correctionBits, place.bit > handedOut,
            let errors = corrections(octets, view, place), errors < corrections(octets, view, last) ?? .max
        {
            // A slip in the last bits of a marker, which was still within tolerance, or so soon behind it that the
            // codeblock holds all the same.
            pending = place
        }
        accept(octets, view, found, body)
        state = .locked(expected: found.bit + period, missed: 0)
    }

    /// A place without a marker, of the polarity of its neighbour.
    private func flywheelCandidate(_ octets: Span<UInt8>, _ view: Extent, _ bit: Int, _ neighbour: Found) -> Found {
        let distance = pattern.distance(in: octets, at: bit - view.base) ?? pattern.bitCount
        return Found(
            bit: bit,
            isInverted: neighbour.isInverted,
            errors: neighbour.isInverted ? pattern.bitCount - distance : distance,
            status: .flywheel
        )
    }

    /// Whether one of the next markers is where it belongs, and of the same polarity.
    private func markerFollows(_ octets: Span<UInt8>, _ view: Extent, _ place: Found, within count: Int) -> Bool {
        (0..<count).contains { number in
            marker(octets, view, at: place.bit + (number + 1) * period)?.isInverted == place.isInverted
        }
    }

    /// Whether the codeblock at a place can be decoded.
    private mutating func holds(_ octets: Span<UInt8>, _ view: Extent, _ found: Found) -> Bool {
        corrections(octets, view, found) != nil
    }

    /// The symbols to correct in the codeblock at a place; nothing if it is none.
    ///
    /// Octets that are all the same never are: zeros are a codeword of every code.
    private mutating func corrections(_ octets: Span<UInt8>, _ view: Extent, _ found: Found) -> Int? {
        guard let corrections, found.bit >= view.base, found.bit + period <= view.end else { return nil }
        // Chance looks like a marker a few times in a period at most. A stream full of markers must not keep the decoder
        // busy with each of them: when the checks that its length allows are used up, markers decide.
        guard checks < Self.checksAtOnce + Self.checksInAPeriod * (found.bit / period) else { return nil }
        checks += 1
        return withCodeblock(octets, at: found.bit - view.base, isInverted: found.isInverted) { codeblock in
            var differences: UInt8 = 0
            for index in 0..<codeblock.count {
                differences |= codeblock[index] ^ codeblock[0]
            }
            return differences == 0 ? nil : corrections(codeblock)
        }
    }
}
