/// Finds markers in a stream of hard bits and hands out the codeblocks behind them.
///
/// Octets are pushed in any cut; the codeblocks, their order and their values do not depend on it. Memory is bounded
/// by a few codeblocks. A codeblock is handed out when what follows it has been looked at, so that its header can say
/// how many bits are its own.
///
/// **Accounting.** Codeblocks come in the order of their markers. Each owns ``Codeblock/bitLength`` bits from its
/// marker on, and says how many bits before it belong to no codeblock, ``Codeblock/skippedBits``. After `finish`,
/// ``trailingBits`` is what is left behind the last one. Own, skipped and trailing bits together are the input.
///
/// **Recovery.** With ``Recovery/flywheel``, markers alone decide. With ``Recovery/research``, at the first missing
/// marker the search starts again just behind the last good one while the expected place waits; the place whose
/// codeblock passes the check wins, then the place whose markers follow. So a slip of any size costs the frame
/// in which it lies, and a marker lost to noise costs nothing.
public struct FrameSynchronizer: Sendable {
    /// What to do when a marker is not where it was expected.
    public enum Recovery: String, Sendable, Hashable, Codable {
        /// Search again from the last good marker and let codeblocks decide.
        case research
        /// Go on for a few frames at the expected place.
        case flywheel
    }

    /// A codeblock's place and how its marker looked.
    public struct Codeblock: Sendable, Hashable {
        /// How the place was found.
        public enum Status: Sendable, Hashable {
            /// By its marker, where it was expected or by search.
            case ok
            /// By the frames around it or by its content; its own marker is beyond tolerance.
            case flywheel
            /// By its marker, so many bits later than expected.
            case slip(Int)
        }

        /// The place of the marker's first bit, in bits from the start of the input.
        public var bitOffset: Int64
        /// The bits from the marker on that are this codeblock's own: fewer than a whole one if the next marker
        /// stands inside it, which means that bits were lost.
        public var bitLength: Int
        /// The bits just before the marker that belong to no codeblock.
        public var skippedBits: Int64
        /// Whether the stream was inverted here; the octets handed out are upright.
        public var isInverted: Bool
        /// The bits in which the marker differs from what it should be.
        public var markerErrors: Int
        /// How the place was found.
        public var status: Status
        /// The bits by which the next marker comes late, or early if negative; nothing if it is not known.
        ///
        /// Bits were inserted or lost in this codeblock, or between the two.
        public var slipBehind: Int?
    }

    /// The settings.
    public let settings: Settings
    /// The bits behind the last codeblock, known after `finish`.
    public private(set) var trailingBits: Int64 = 0
    /// Whether the trailing bits begin with a marker, so that they are a frame cut short.
    public private(set) var trailingBitsAreTruncatedFrame = false

    /// The first bit of the stream that a codeblock still to come may hold.
    public var firstHeldBit: Int64 { Int64(8 * heldStart) }

    let pattern: MarkerPattern
    /// The symbols to correct in a codeblock; nothing if it is none.
    private(set) var corrections: (@Sendable (Span<UInt8>) -> Int?)?
    /// Bits of a marker with its codeblock.
    let period: Int
    var state = State.searching(from: 0)
    /// The codeblock that waits for what follows it.
    var pending: Found?
    /// Where the bits end that have an owner or were skipped.
    var settled = 0
    /// The place of the codeblock that was handed out last.
    var handedOut = -1
    /// How many codeblocks were looked into because markers left a doubt.
    var checks = 0
    private var held: [UInt8] = []
    private var heldStart = 0
    private var scratch: [UInt8]
    private var isFinished = false

    /// What the synchroniser waits for; places are bits from the start of the input.
    enum State: Sendable {
        /// A marker at this place or later.
        case searching(from: Int)
        /// The marker behind the pending codeblock; so many were missed just before.
        case locked(expected: Int, missed: Int)
    }

    /// A place that was accepted.
    struct Found: Sendable {
        var bit: Int
        var isInverted: Bool
        var errors: Int
        var status: Codeblock.Status
    }

    /// Makes a synchroniser.
    ///
    /// - Parameters:
    ///   - settings: The marker, the length, and how to search.
    ///   - check: Whether a codeblock can be one, as received but upright and still randomised: usually
    ///     whether it can be decoded. It is asked only where markers leave a doubt; without it, markers decide.
    /// - Throws: The first setting that is out of range.
    public init(
        _ settings: Settings,
        check: (@Sendable (Span<UInt8>) -> Bool)? = nil
    ) throws(CodingError) {
        try settings.validate()
        self.settings = settings
        if let check {
            let corrections: @Sendable (Span<UInt8>) -> Int? = { check($0) ? 0 : nil }
            self.corrections = corrections
        }
        pattern = MarkerPattern(settings.marker)
        period = 8 * (settings.marker.count + settings.codeblockLength) - settings.unsentBits
        scratch = [UInt8](repeating: 0, count: settings.codeblockLength)
    }

    /// Makes a synchroniser that weighs codeblocks against each other.
    ///
    /// A cyclic code takes a codeblock that is some octets off for one with a few wrong symbols, and so does one with
    /// the short randomiser, whose sequence is a codeword. Where two places hold, the one with less to correct is right.
    ///
    /// - Parameters:
    ///   - settings: The marker, the length, and how to search.
    ///   - corrections: How many symbols of a codeblock must be corrected, as received but upright and still
    ///     randomised; nothing if it is none. It is asked only where markers leave a doubt.
    /// - Throws: The first setting that is out of range.
    public init(
        _ settings: Settings,
        corrections: @escaping @Sendable (Span<UInt8>) -> Int?
    ) throws(CodingError) {
        try self.init(settings)
        self.corrections = corrections
    }

    /// Takes the next octets of the stream.
    ///
    /// - Parameters:
    ///   - octets: Octets that follow those pushed before.
    ///   - body: Called with each codeblock: its header, and its octets without the marker, upright.
    public mutating func push(_ octets: Span<UInt8>, _ body: (Codeblock, Span<UInt8>) -> Void) {
        guard !isFinished else { return }
        var used = 0
        // While octets are held, only as many are put behind them as it takes to get past them.
        while !held.isEmpty, used < octets.count {
            let count = min(octets.count - used, period / 8 + 64)
            var buffer: [UInt8] = []
            swap(&buffer, &held)
            Self.append(octets.extracting(used..<used + count), to: &buffer)
            used += count
            let keep = advance(buffer.span, base: heldStart, isFinal: false, body) - heldStart
            heldStart += keep
            if keep >= buffer.count - used {
                // Everything still needed is among the octets at hand.
                used -= buffer.count - keep
                buffer.removeAll(keepingCapacity: true)
            } else {
                buffer.removeFirst(keep)
            }
            swap(&buffer, &held)
        }
        guard held.isEmpty, used < octets.count else { return }
        let rest = octets.extracting(used..<octets.count)
        let keep = advance(rest, base: heldStart, isFinal: false, body) - heldStart
        Self.append(rest.extracting(keep..<rest.count), to: &held)
        heldStart += keep
    }

    private static func append(_ octets: Span<UInt8>, to array: inout [UInt8]) {
        let start = array.count
        array.append(contentsOf: repeatElement(0, count: octets.count))
        var target = array.mutableSpan
        for index in 0..<octets.count {
            target[start + index] = octets[index]
        }
    }

    /// Ends the stream.
    ///
    /// - Parameter body: Called with the codeblocks that were waiting for what follows them.
    public mutating func finish(_ body: (Codeblock, Span<UInt8>) -> Void) {
        guard !isFinished else { return }
        isFinished = true
        var buffer: [UInt8] = []
        swap(&buffer, &held)
        _ = advance(buffer.span, base: heldStart, isFinal: true, body)
        trailingBits = Int64(8 * (heldStart + buffer.count) - settled)
    }

    /// Goes as far as the octets allow.
    ///
    /// - Returns: The first octet that is still needed.
    private mutating func advance(
        _ octets: Span<UInt8>,
        base: Int,
        isFinal: Bool,
        _ body: (Codeblock, Span<UInt8>) -> Void
    ) -> Int {
        let view = Extent(base: 8 * base, end: 8 * (base + octets.count), isFinal: isFinal)
        while true {
            let goesOn =
                switch (state, settings.recovery) {
                case (.searching(let from), .flywheel): searchForFlywheel(octets, view, from: from, body)
                case (.searching(let from), .research): search(octets, view, from: from, body)
                case (.locked(let expected, let missed), .flywheel):
                    follow(octets, view, expected: expected, missed: missed, body)
                case (.locked(let expected, let missed), .research):
                    track(octets, view, expected: expected, missed: missed, body)
                }
            if !goesOn { break }
        }
        if isFinal { release(octets, view, next: nil, body) }
        return max(base, min(base + octets.count, firstNeededBit / 8))
    }

    /// The first bit that any decision to come may look at.
    ///
    /// It must not depend on what happens to be at hand, or the codeblocks would depend on the cut of the input.
    private var firstNeededBit: Int {
        switch (state, settings.recovery) {
        case (.searching(let from), _): max(settled, from - period)
        case (.locked(let expected, _), .flywheel): pending?.bit ?? expected
        case (.locked(let expected, _), .research): (pending?.bit ?? expected) - correctionBits
        }
    }

    /// Where the octets at hand lie in the stream, in bits, and whether any more will come.
    struct Extent {
        let base: Int
        let end: Int
        let isFinal: Bool
    }

    /// Takes a place; the codeblock before it is handed out.
    mutating func accept(
        _ octets: Span<UInt8>,
        _ view: Extent,
        _ found: Found,
        _ body: (Codeblock, Span<UInt8>) -> Void
    ) {
        release(octets, view, next: found.bit, body)
        pending = found
    }

    /// Hands out the pending codeblock, if there is one and it is whole.
    mutating func release(
        _ octets: Span<UInt8>,
        _ view: Extent,
        next: Int?,
        _ body: (Codeblock, Span<UInt8>) -> Void
    ) {
        guard let found = pending else { return }
        pending = nil
        guard found.bit + period <= view.end else {
            trailingBitsAreTruncatedFrame = found.bit == settled
            return
        }
        // A place that was put right may begin a few bits inside the codeblock before it, whose bits they stay.
        let start = max(found.bit, settled)
        let end = max(start, min(found.bit + period, next ?? .max))
        let codeblock = Codeblock(
            bitOffset: Int64(found.bit),
            bitLength: end - start,
            skippedBits: Int64(start - settled),
            isInverted: found.isInverted,
            markerErrors: found.errors,
            status: found.status,
            slipBehind: next.map { $0 - found.bit - period }
        )
        settled = end
        handedOut = found.bit
        withCodeblock(octets, at: found.bit - view.base, isInverted: found.isInverted) { body(codeblock, $0) }
    }

    /// Looks at the octets of a codeblock: in place if they are aligned and upright, else in a copy.
    mutating func withCodeblock<Result>(
        _ octets: Span<UInt8>,
        at bit: Int,
        isInverted: Bool,
        _ body: (Span<UInt8>) -> Result
    ) -> Result {
        let first = bit + pattern.bitCount
        let start = first >> 3
        let count = settings.codeblockLength
        let shift = UInt8(truncatingIfNeeded: first & 7)
        if shift == 0, !isInverted {
            return body(octets.extracting(start..<start + count))
        }
        let flip: UInt8 = isInverted ? 0xFF : 0
        var target = scratch.mutableSpan
        let high = octets.extracting(start..<start + count)
        if shift == 0 {
            for index in 0..<count {
                target[index] = high[index] ^ flip
            }
        } else {
            let low = octets.extracting(start + 1..<start + count)
            for index in 0..<count - 1 {
                target[index] = (high[index] &<< shift | low[index] &>> (8 &- shift)) ^ flip
            }
            // Where not all of the last octet is sent, nothing need follow.
            let last = start + count < octets.count ? octets[start + count] : 0
            target[count - 1] = (high[count - 1] &<< shift | last &>> (8 &- shift)) ^ flip
        }
        return body(scratch.span)
    }
}
