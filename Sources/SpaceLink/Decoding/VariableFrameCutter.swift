/// Cuts a stream of USLP frames, each of which says how long it is, and finds its way again behind nonsense.
///
/// A length is believed if the frame's error control holds, or if a further frame, or the end of the input, lies where it
/// says. Otherwise the next place is tried at which both hold, and what is skipped is one entry of the ledger. What is
/// held is bounded by two frames of 65536 octets.
struct VariableFrameCutter: Sendable {
    /// What some octets are.
    enum Piece {
        case frame
        case skipped(DiscardReason, rule: String)
    }

    private enum Verdict {
        case frame(length: Int)
        case undecided
        case impossible(TransferFrameError)
    }

    private let format: FrameFormat
    /// What a station adds to each frame.
    private let header: Int
    private let trailer: Int
    private var held: [UInt8] = []
    /// Whether a frame is due at the start of `held`.
    private var isLocked = true
    private var spacecraft: Int?
    private var skipped = 0
    private var error = TransferFrameError.truncated(needed: 0, available: 0)

    private static let step = 1 << 16

    init(_ format: FrameFormat, header: Int, trailer: Int) {
        self.format = format
        self.header = header
        self.trailer = trailer
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
        search: while position < octets.count {
            switch judge(octets.span, at: position, isFinal: isFinal) {
            case .frame(let length):
                emitSkipped(octets.span, before: position, body)
                body(.frame, octets.span.extracting(position..<position + length))
                spacecraft = spacecraft(octets.span, at: position)
                isLocked = true
                position += length
            case .undecided: break search
            case .impossible(let found):
                if skipped == 0 { error = found }
                isLocked = false
                skipped += 1
                position += 1
                // What is known to be skipped need not be held.
                if skipped == Self.step { emitSkipped(octets.span, before: position, body) }
            }
        }
        if isFinal { emitSkipped(octets.span, before: octets.count, body) }
        octets.removeFirst(position - skipped)
        swap(&octets, &held)
    }

    private mutating func emitSkipped(
        _ octets: Span<UInt8>,
        before position: Int,
        _ body: (Piece, Span<UInt8>) -> Void
    ) {
        guard skipped > 0 else { return }
        let reason: DiscardReason =
            switch error {
            case .truncated: .truncatedFrame
            case .version: .frameVersion
            case .header, .headerUncorrectable: .frameHeader
            case .check: .frameCheck
            case .foreignSpacecraft: .foreignSpacecraft
            }
        body(.skipped(reason, rule: error.description), octets.extracting(position - skipped..<position))
        skipped = 0
    }

    private func judge(_ octets: Span<UInt8>, at position: Int, isFinal: Bool) -> Verdict {
        let length: Int
        switch format.toldLength(octets, at: position + header) {
        case .incomplete: return isFinal ? truncated(octets, position, position + header + 7) : .undecided
        case .impossible(let error): return .impossible(error)
        case .octets(let told): length = header + told + trailer
        }
        // Behind nonsense only the spacecraft that was heard is looked for.
        if !isLocked, let spacecraft, spacecraft != self.spacecraft(octets, at: position) {
            return .impossible(Self.lost)
        }
        let end = position + length
        guard end <= octets.count else { return isFinal ? truncated(octets, position, end) : .undecided }
        let frame = octets.extracting(position + header..<end - trailer)
        if format.hasErrorControl {
            if format.errorControl.holds(frame) { return .frame(length: length) }
            if !isLocked { return .impossible(Self.lost) }
        }
        return judge(octets, from: position, length: length, isFinal: isFinal)
    }

    /// Looks at what lies behind a frame that nothing else confirms.
    private func judge(_ octets: Span<UInt8>, from position: Int, length: Int, isFinal: Bool) -> Verdict {
        let end = position + length
        switch format.toldLength(octets, at: end + header) {
        case .incomplete:
            guard isFinal else { return .undecided }
            return isLocked || end == octets.count ? .frame(length: length) : .impossible(Self.lost)
        case .octets:
            // Where nothing is wrong otherwise, the next frame may be another spacecraft's.
            let next = spacecraft(octets, at: end)
            let isLikely = next == spacecraft || next == spacecraft(octets, at: position)
            guard isLikely || isLocked && !format.hasErrorControl else { return .impossible(Self.lost) }
            return .frame(length: length)
        case .impossible:
            return .impossible(format.hasErrorControl ? .check : Self.lost)
        }
    }

    private static let lost = TransferFrameError.header(
        rule: "No further frame lies where the header says that this one ends."
    )

    private func truncated(_ octets: Span<UInt8>, _ position: Int, _ end: Int) -> Verdict {
        .impossible(.truncated(needed: end - position, available: octets.count - position))
    }

    /// The spacecraft of a frame whose header is there.
    private func spacecraft(_ octets: Span<UInt8>, at position: Int) -> Int {
        Int(octets.uint32(at: position + header) >> 12 & 0xFFFF)
    }
}
