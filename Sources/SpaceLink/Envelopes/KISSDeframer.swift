/// Takes units out of KISS framing.
///
/// A frame is `C0 type data C0`; within it `DB DC` stands for `C0` and `DB DD` for `DB`. The low half of the type is the
/// command: 0 is data, 9 the time of the data frame that follows (eight octets, milliseconds of Unix time), as
/// gr-satellites stores it. Other commands, empty frames and repeated delimiters carry nothing. Octets are pushed in
/// any cut; at most ``longestFrame`` of them are held.
public struct KISSDeframer: Sendable {
    private enum State {
        /// No delimiter was seen yet.
        case outside
        /// The last octet was a delimiter.
        case between
        /// `held` is the start of a frame, type first; perhaps half an escape sequence follows it.
        case inFrame(isEscaped: Bool)
        /// The frame broke a rule; the rest of it is passed over.
        case spoilt(rule: String)
    }

    /// The octets of the longest frame that is taken.
    public static let longestFrame = 131_072

    private var state = State.outside
    private var held: [UInt8] = []
    private var escapes: [Int] = []
    private var receptionTime: ReceptionTime?
    /// Octets of input before the piece in progress, and in it.
    private var offset: Int64 = 0
    private var length = 0

    /// Makes a deframer that waits for the first delimiter.
    public init() {}

    /// Takes the next octets.
    ///
    /// - Parameters:
    ///   - octets: Octets that follow those pushed before.
    ///   - body: Called with each piece, and the octets of its unit, of which others have none.
    public mutating func push(_ octets: Span<UInt8>, _ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        var position = 0
        while position < octets.count {
            if case .inFrame(isEscaped: false) = state {
                var end = position
                while end < octets.count, octets[end] != KISS.delimiter, octets[end] != KISS.escape { end += 1 }
                append(octets.extracting(position..<end))
                position = end
                guard position < octets.count else { return }
            }
            take(octets[position], body)
            position += 1
        }
    }

    /// Ends the input: a frame that was not closed is truncated.
    ///
    /// - Parameter body: Called with the last piece.
    public mutating func finish(_ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        switch state {
        case .outside: emitOutside(body)
        case .between: break
        case .inFrame: emit(.malformed(.truncatedFrame, rule: "The input ends within a KISS frame."), body)
        case .spoilt(let rule): emit(.malformed(.unsynchronized, rule: rule), body)
        }
        state = .between
    }

    private mutating func take(_ octet: UInt8, _ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        switch (state, octet) {
        case (.outside, KISS.delimiter):
            emitOutside(body)
            takeDelimiter(body)
        case (.outside, _): length += 1
        case (.between, KISS.delimiter): takeDelimiter(body)
        case (.between, _):
            held.removeAll(keepingCapacity: true)
            escapes.removeAll()
            state = .inFrame(isEscaped: false)
            take(octet, body)
        case (.inFrame(isEscaped: false), KISS.delimiter):
            length += 1
            close(body)
        case (.inFrame(isEscaped: false), KISS.escape):
            length += 1
            state = .inFrame(isEscaped: true)
        case (.inFrame(isEscaped: false), _):
            let one: [UInt8] = [octet]
            append(one.span)
        case (.inFrame(isEscaped: true), _): takeEscaped(octet, body)
        case (.spoilt(let rule), _):
            length += 1
            guard octet == KISS.delimiter else { return }
            emit(.malformed(.unsynchronized, rule: rule), body)
            state = .between
        }
    }

    private mutating func takeDelimiter(_ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        length = 1
        emit(.overhead, body)
        state = .between
    }

    /// Takes the second octet of an escape sequence.
    private mutating func takeEscaped(_ octet: UInt8, _ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        guard let plain = KISS.plain(of: octet) else {
            state = .spoilt(rule: "In KISS framing DB is followed by DC or DD only.")
            return take(octet, body)
        }
        state = .inFrame(isEscaped: false)
        escapes.append(held.count)
        let one: [UInt8] = [plain]
        append(one.span)
    }

    private mutating func append(_ octets: Span<UInt8>) {
        length += octets.count
        guard held.count + octets.count <= Self.longestFrame else {
            state = .spoilt(rule: "A KISS frame of more than \(Self.longestFrame) octets is not taken.")
            return
        }
        held.append(octets)
    }

    /// Takes a whole frame, whose type is there because the frame is not empty.
    private mutating func close(_ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        state = .between
        switch held[0] & 0x0F {
        case KISS.data where held.count > 1: emitUnit(body)
        case KISS.time:
            guard held.count == 9 else {
                return emit(.malformed(.unsynchronized, rule: "A KISS time stamp has eight octets."), body)
            }
            let milliseconds = held.span.uint64(at: 1, octets: 8)
            receptionTime = ReceptionTime(
                seconds: Int64(milliseconds / 1000),
                fraction: milliseconds % 1000,
                fractionsPerSecond: 1000
            )
            emit(.overhead, body)
        default: emit(.overhead, body)
        }
    }

    private mutating func emitUnit(_ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        // The type is no part of the unit; it may have been escaped itself.
        let isTypeEscaped = escapes.first == 0
        let layout = EnvelopeLayout(
            headerLength: isTypeEscaped ? 2 : 1,
            escapes: escapes.isEmpty ? [] : escapes.dropFirst(isTypeEscaped ? 1 : 0).map { $0 - 1 }
        )
        var piece = EnvelopePiece(offset: offset, length: length, content: .unit, layout: layout)
        piece.receptionTime = receptionTime
        receptionTime = nil
        body(piece, held.span.extracting(1..<held.count))
        advance()
    }

    private mutating func emitOutside(_ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        guard length > 0 else { return }
        emit(.malformed(.unsynchronized, rule: "No KISS delimiter comes before these octets."), body)
    }

    private mutating func emit(_ content: EnvelopePiece.Content, _ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        body(EnvelopePiece(offset: offset, length: length, content: content), held.span.extracting(0..<0))
        advance()
    }

    private mutating func advance() {
        offset += Int64(length)
        length = 0
    }
}
