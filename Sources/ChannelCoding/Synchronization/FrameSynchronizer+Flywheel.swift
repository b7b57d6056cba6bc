extension FrameSynchronizer {
    /// Searches a marker that is followed by as many others as must follow.
    ///
    /// - Returns: Whether there is more to do with the octets at hand.
    mutating func searchForFlywheel(
        _ octets: Span<UInt8>,
        _ view: Extent,
        from: Int,
        _ body: (Codeblock, Span<UInt8>) -> Void
    ) -> Bool {
        var next = from
        while let candidate = firstMarker(octets, view, from: next) {
            guard view.isFinal || candidate.bit + settings.verify * period + pattern.bitCount <= view.end else {
                state = .searching(from: candidate.bit)
                return false
            }
            guard let chain = verified(octets, view, candidate) else {
                next = candidate.bit + 1
                continue
            }
            for found in chain {
                accept(octets, view, found, body)
                state = .locked(expected: found.bit + period, missed: 0)
            }
            return true
        }
        state = .searching(from: max(next, view.end - pattern.bitCount + 1))
        return false
    }

    /// Looks for the next marker around the place where it is expected.
    ///
    /// - Returns: Whether there is more to do with the octets at hand.
    mutating func follow(
        _ octets: Span<UInt8>,
        _ view: Extent,
        expected: Int,
        missed: Int,
        _ body: (Codeblock, Span<UInt8>) -> Void
    ) -> Bool {
        guard let last = pending, last.bit + period <= view.end else { return false }
        guard view.isFinal || expected + settings.slipWindow + pattern.bitCount <= view.end else { return false }
        for slip in [0] + (0..<settings.slipWindow).flatMap({ [-$0 - 1, $0 + 1] }) {
            guard let match = marker(octets, view, at: expected + slip) else { continue }
            let status = slip == 0 ? Codeblock.Status.ok : .slip(slip)
            accept(octets, view, Found(expected + slip, match, status), body)
            state = .locked(expected: expected + slip + period, missed: 0)
            return true
        }
        guard missed < settings.flywheel else {
            release(octets, view, next: nil, body)
            state = .searching(from: expected)
            return true
        }
        let errors = pattern.distance(in: octets, at: expected - view.base) ?? pattern.bitCount
        let found = Found(
            bit: expected,
            isInverted: last.isInverted,
            errors: last.isInverted ? pattern.bitCount - errors : errors,
            status: .flywheel
        )
        accept(octets, view, found, body)
        state = .locked(expected: expected + period, missed: missed + 1)
        return true
    }

    /// The first place that looks like a marker while searching.
    func firstMarker(_ octets: Span<UInt8>, _ view: Extent, from: Int, to: Int = .max) -> Found? {
        let hit = pattern.firstMatch(
            in: octets,
            range: from - view.base..<max(from, min(to, view.end)) - view.base,
            tolerance: settings.searchTolerance,
            inverted: settings.inverted
        )
        return hit.map { Found(view.base + $0.bit, $0.match, .ok) }
    }

    /// The marker that stands where one is expected, if one does.
    func marker(_ octets: Span<UInt8>, _ view: Extent, at bit: Int) -> MarkerPattern.Match? {
        pattern.match(
            in: octets,
            at: bit - view.base,
            tolerance: settings.lockTolerance,
            inverted: settings.inverted
        )
    }

    /// A candidate with the markers that must follow it, or `nil` where one is missing or of other polarity.
    func verified(
        _ octets: Span<UInt8>,
        _ view: Extent,
        _ candidate: Found,
        by count: Int? = nil
    ) -> [Found]? {
        var chain = [candidate]
        for number in 0..<(count ?? settings.verify) {
            let bit = candidate.bit + (number + 1) * period
            guard let match = marker(octets, view, at: bit), match.isInverted == candidate.isInverted else {
                return nil
            }
            chain.append(Found(bit, match, .ok))
        }
        return chain
    }
}

extension FrameSynchronizer.Found {
    init(_ bit: Int, _ match: MarkerPattern.Match, _ status: FrameSynchronizer.Codeblock.Status) {
        self.init(bit: bit, isInverted: match.isInverted, errors: match.errors, status: status)
    }
}
