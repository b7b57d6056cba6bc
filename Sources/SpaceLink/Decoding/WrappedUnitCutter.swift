/// Cuts a stream of CADUs that a station put octets around: each has its marker at the same place of its unit.
///
/// Where the marker is missing, the unit is taken nevertheless if the next one is in its place; else the search starts
/// anew, octet by octet, for two markers in their places or one behind which the input ends. A unit that is too short,
/// because octets of it are lost, is skipped.
struct WrappedUnitCutter: Sendable {
    /// What some octets are.
    enum Piece {
        /// A unit, and the wrong bits of its marker; too many if it was taken from where it was due.
        case unit(markerErrors: Int, isFlywheel: Bool)
        /// Octets without a marker, or a unit that the end cuts off.
        case skipped(DiscardReason)
    }

    private let unitLength: Int
    /// Octets of a unit before its marker.
    private let header: Int
    private let marker: LinkDescription.Marker
    private var held: [UInt8] = []
    private var skipped = 0
    private var isLocked = false

    private static let step = 1 << 16

    init(_ marker: LinkDescription.Marker, header: Int, unitLength: Int) {
        self.marker = marker
        self.header = header
        self.unitLength = unitLength
    }

    /// Takes the next octets.
    mutating func push(_ octets: Span<UInt8>, _ body: (Piece, Span<UInt8>) -> Void) {
        var start = 0
        while start < octets.count {
            let end = min(octets.count, start + Self.step)
            held.append(octets.extracting(start..<end))
            start = end
            drain(isFinal: false, body)
        }
    }

    /// Ends the input.
    mutating func finish(_ body: (Piece, Span<UInt8>) -> Void) { drain(isFinal: true, body) }

    private mutating func drain(isFinal: Bool, _ body: (Piece, Span<UInt8>) -> Void) {
        // The buffer steps aside, so that it can be looked at while the state changes; no copy.
        var octets: [UInt8] = []
        swap(&octets, &held)
        var position = skipped
        while position < octets.count {
            let end = position + unitLength
            // The next marker must be there, unless nothing follows.
            guard isFinal || octets.count >= end + header + marker.pattern.count else { break }
            guard end <= octets.count else {
                guard isLocked || errors(octets.span, position) != nil else {
                    skip(&position, octets.span, body)
                    continue
                }
                emitSkipped(octets.span, before: position, .unsynchronized, body)
                body(.skipped(.truncatedFrame), octets.span.extracting(position..<octets.count))
                position = octets.count
                break
            }
            let isFollowed = end == octets.count || errors(octets.span, end) != nil
            let own = errors(octets.span, position)
            guard isLocked ? own != nil || isFollowed : own != nil && isFollowed else {
                isLocked = false
                skip(&position, octets.span, body)
                continue
            }
            if own != nil, !isFollowed {
                // Perhaps octets of this unit are lost: then the next one comes sooner.
                guard isFinal || octets.count >= end + unitLength + header + marker.pattern.count else { break }
                if let next = nextUnit(octets.span, between: position + 1, and: end) {
                    emitSkipped(octets.span, before: position, .unsynchronized, body)
                    body(.skipped(.truncatedFrame), octets.span.extracting(position..<next))
                    position = next
                    continue
                }
            }
            emitSkipped(octets.span, before: position, .unsynchronized, body)
            let markerErrors = own ?? distance(octets.span, position)
            body(.unit(markerErrors: markerErrors, isFlywheel: own == nil), octets.span.extracting(position..<end))
            isLocked = true
            position = end
        }
        if isFinal { emitSkipped(octets.span, before: octets.count, .unsynchronized, body) }
        octets.removeFirst(position - skipped)
        swap(&octets, &held)
    }

    /// The first place at which a unit starts that is followed by another, or by the end of the input.
    private func nextUnit(_ octets: Span<UInt8>, between first: Int, and last: Int) -> Int? {
        for place in first..<max(first, min(last, octets.count)) where errors(octets, place) != nil {
            let end = place + unitLength
            if end == octets.count || errors(octets, end) != nil { return place }
        }
        return nil
    }

    private mutating func skip(_ position: inout Int, _ octets: Span<UInt8>, _ body: (Piece, Span<UInt8>) -> Void) {
        skipped += 1
        position += 1
        // What is known to be skipped need not be held.
        if skipped == Self.step { emitSkipped(octets, before: position, .unsynchronized, body) }
    }

    private mutating func emitSkipped(
        _ octets: Span<UInt8>,
        before position: Int,
        _ reason: DiscardReason,
        _ body: (Piece, Span<UInt8>) -> Void
    ) {
        guard skipped > 0 else { return }
        body(.skipped(reason), octets.extracting(position - skipped..<position))
        skipped = 0
    }

    /// The wrong bits of the marker of a unit, if it has one.
    private func errors(_ octets: Span<UInt8>, _ unit: Int) -> Int? {
        guard unit + header + marker.pattern.count <= octets.count else { return nil }
        let errors = distance(octets, unit)
        return errors <= (isLocked ? marker.lockTolerance : marker.searchTolerance) ? errors : nil
    }

    private func distance(_ octets: Span<UInt8>, _ unit: Int) -> Int {
        var errors = 0
        for (index, octet) in marker.pattern.enumerated() {
            errors += (octets[unit + header + index] ^ octet).nonzeroBitCount
        }
        return errors
    }
}
