// Recovery by the content of codeblocks. Evidence for a place, best first: its codeblock passes the check; markers
// follow it at the right distance. The place where a marker was expected needs less than one found by search, as
// the frames before it speak for it.
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
        let flywheel = missed < settings.flywheel ? flywheelCandidate(octets, view, expected, last) : nil
        if let flywheel, holds(octets, view, flywheel) {
            accept(octets, view, flywheel, body)
            state = .locked(expected: expected + period, missed: missed + 1)
            return true
        }
        let found = candidate(octets, view, expected: expected, last: last)
        let allowance = settings.flywheel - missed
        if let flywheel, found?.isHeld != true, markerFollows(octets, view, expected, within: allowance) {
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

    /// The bits behind a doubtful place that a decision about it may need.
    private var decisionBits: Int {
        max(2, settings.verify + 1, settings.flywheel) * period + pattern.bitCount
    }

    /// The bits by which the pending place may still be put right, back or forth: less than a marker.
    ///
    /// So many before it stay at hand until the next place is known.
    var correctionBits: Int { pattern.bitCount - 1 }

    /// The place that a marker found by search leads to, if anything but that marker speaks for it.
    private mutating func confirmed(_ octets: Span<UInt8>, _ view: Extent, _ candidate: Found) -> Found? {
        if holds(octets, view, candidate) { return candidate }
        guard verified(octets, view, candidate) != nil else { return nil }
        guard check != nil else { return candidate }
        // Its codeblock does not hold: a frame beyond repair, or a pattern inside one that looks like markers.
        var next = candidate.bit + 1
        while let other = firstMarker(octets, view, from: next, to: candidate.bit + period) {
            if holds(octets, view, other) { return other }
            next = other.bit + 1
        }
        return candidate
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
            if verified(octets, view, place) != nil { followed = place }
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
        // A bit lost inside a marker moves the place back into the codeblock before it, by less than a marker.
        let free = pending.map { $0.bit + period - correctionBits } ?? settled
        let place = flywheelCandidate(octets, view, found.bit - period, found)
        if place.bit >= free, holds(octets, view, place) {
            accept(octets, view, place, body)
        } else if let last = pending, abs(place.bit - last.bit) <= correctionBits, place.bit > handedOut,
            holds(octets, view, place), !holds(octets, view, last)
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

    /// Whether one of the next markers is where it belongs.
    private func markerFollows(_ octets: Span<UInt8>, _ view: Extent, _ bit: Int, within count: Int) -> Bool {
        (0..<count).contains { marker(octets, view, at: bit + ($0 + 1) * period) != nil }
    }

    /// Whether the codeblock at a place passes the check.
    ///
    /// Octets that are all the same never do: zeros are a codeword of every code.
    private mutating func holds(_ octets: Span<UInt8>, _ view: Extent, _ found: Found) -> Bool {
        guard let check, found.bit >= view.base, found.bit + period <= view.end else { return false }
        return withCodeblock(octets, at: found.bit - view.base, isInverted: found.isInverted) { codeblock in
            var differences: UInt8 = 0
            for index in 0..<codeblock.count {
                differences |= codeblock[index] ^ codeblock[0]
            }
            return differences != 0 && check(codeblock)
        }
    }
}
