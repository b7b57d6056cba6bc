/// Takes UDP datagrams out of a capture file, pcap or pcapng, of either byte order.
///
/// Octets are pushed in any cut; at most one record is held. A record without a UDP datagram over IPv4 is a malformed
/// piece, as is everything behind a length that cannot be, because nothing tells where the next record starts.
public struct CaptureReader: Sendable {
    private enum State {
        case magic
        case fileHeader
        case recordHeader
        case record
        case blockHeader
        case block(type: UInt32)
        /// A block too long to hold is passed over: so many octets are left.
        case skipping(left: Int)
        /// It is not known where the next record starts.
        case lost(rule: String)
    }

    /// The longest record of a pcap file; no capture makes longer ones.
    static let longestRecord = 262_144
    /// The longest block of a pcapng file that is looked into.
    static let longestBlock = 1_048_576

    private var state = State.magic
    private var needed = 4
    private var held: [UInt8] = []
    private var file = CaptureFormat()
    /// Octets of input before the piece in progress, and of it those that are not held.
    private var offset: Int64 = 0
    private var passed = 0

    /// Makes a reader that waits for the magic number.
    public init() {}

    /// Takes the next octets.
    ///
    /// - Parameters:
    ///   - octets: Octets that follow those pushed before.
    ///   - body: Called with each piece, and the octets of its unit, of which others have none.
    public mutating func push(_ octets: Span<UInt8>, _ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        var position = 0
        while position < octets.count {
            let rest = octets.count - position
            switch state {
            case .lost:
                passed += rest
                return
            case .skipping(let left):
                let taken = min(left, rest)
                passed += taken
                position += taken
                state = .skipping(left: left - taken)
                if taken == left { emit(.malformed(.unsynchronized, rule: Self.tooLong), body) }
            case .magic, .fileHeader, .recordHeader, .record, .blockHeader, .block:
                let taken = min(needed - held.count, rest)
                held.append(octets.extracting(position..<position + taken))
                position += taken
                // A record without octets is complete with its header.
                while held.count == needed, needed > 0 { step(body) }
            }
        }
    }

    /// Ends the input: a record that is not complete is truncated.
    ///
    /// - Parameter body: Called with the last piece.
    public mutating func finish(_ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        guard passed + held.count > 0 else { return }
        switch state {
        case .lost(let rule): emit(.malformed(.unsynchronized, rule: rule), body)
        case .skipping: emit(.malformed(.unsynchronized, rule: Self.tooLong), body)
        case .magic, .fileHeader:
            emit(.malformed(.truncatedFrame, rule: "The input ends within the file header."), body)
        case .recordHeader, .record, .blockHeader, .block:
            emit(.malformed(.truncatedFrame, rule: "The input ends within a captured record."), body)
        }
    }

    private static let tooLong = "A block of more than \(longestBlock) octets is not looked into."

    private mutating func step(_ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        switch state {
        case .magic: readMagic()
        case .fileHeader:
            let linkType = file.linkType(inHeader: held.span)
            file.linkType = linkType
            emit(.overhead, body)
        case .recordHeader: readRecordHeader()
        case .record: readRecord(body)
        case .blockHeader: readBlockHeader()
        case .block(let type): readBlock(type, body)
        case .skipping, .lost: needed = 0
        }
    }

    private mutating func readMagic() {
        switch CaptureFormat(magic: held.span.uint32(at: 0)) {
        case let format? where format.isBlocks:
            file = format
            expect(.blockHeader, 12)
        case let format?:
            file = format
            expect(.fileHeader, 24)
        case nil: lose("The input starts with no magic number of a pcap or pcapng file.")
        }
    }

    private mutating func readRecordHeader() {
        let captured = Int(file.uint32(held.span, at: 8))
        guard captured <= Self.longestRecord else {
            return lose("No captured record is \(captured) octets long.")
        }
        expect(.record, 16 + captured)
    }

    private mutating func readRecord(_ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        let time = ReceptionTime(
            seconds: Int64(file.uint32(held.span, at: 0)),
            fraction: UInt64(file.uint32(held.span, at: 4)),
            fractionsPerSecond: file.fractionsPerSecond
        )
        emitDatagram(in: 16..<held.count, linkType: file.linkType, time, body)
    }

    private mutating func readBlockHeader() {
        let type = held.span.uint32(at: 0)
        if type == CaptureFormat.sectionType {
            let magic = held.span.uint32(at: 8)
            guard file.startSection(byteOrderMagic: magic) else {
                return lose("A section of a pcapng file has no byte-order magic.")
            }
        }
        let length = Int(file.uint32(held.span, at: 4))
        guard length >= 12, length.isMultiple(of: 4) else { return lose("No pcapng block is \(length) octets long.") }
        guard length <= Self.longestBlock else {
            passed = held.count
            held.removeAll(keepingCapacity: true)
            state = .skipping(left: length - passed)
            needed = 0
            return
        }
        expect(.block(type: file.uint32(held.span, at: 0)), length)
    }

    private mutating func readBlock(_ type: UInt32, _ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        guard file.uint32(held.span, at: held.count - 4) == UInt32(held.count) else {
            return emit(.malformed(.unsynchronized, rule: "The two lengths of a pcapng block differ."), body)
        }
        switch file.content(ofBlock: held.span, type: type) {
        case .nothing: emit(.overhead, body)
        case .interface(let interface):
            file.add(interface)
            emit(.overhead, body)
        case .record(let range, let linkType, let time): emitDatagram(in: range, linkType: linkType, time, body)
        case .malformed(let rule): emit(.malformed(.unsynchronized, rule: rule), body)
        }
    }

    private mutating func emitDatagram(
        in record: Range<Int>,
        linkType: UInt32,
        _ time: ReceptionTime?,
        _ body: (EnvelopePiece, Span<UInt8>) -> Void
    ) {
        switch DatagramPlace.find(in: held.span.extracting(record), linkType: linkType) {
        case .none(let reason, let rule): emit(.malformed(reason, rule: rule), body)
        case .payload(let range, let sourcePort, let destinationPort):
            let start = record.lowerBound + range.lowerBound
            let piece = EnvelopePiece(
                offset: offset,
                length: held.count,
                content: .unit,
                receptionTime: time,
                sourcePort: sourcePort,
                destinationPort: destinationPort,
                layout: EnvelopeLayout(headerLength: start)
            )
            body(piece, held.span.extracting(start..<start + range.count))
            advance()
        }
    }

    private mutating func emit(_ content: EnvelopePiece.Content, _ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        let length = passed + held.count
        body(EnvelopePiece(offset: offset, length: length, content: content), held.span.extracting(0..<0))
        advance()
    }

    /// Goes on with the next record.
    private mutating func advance() {
        offset += Int64(passed + held.count)
        passed = 0
        held.removeAll(keepingCapacity: true)
        if file.isBlocks { expect(.blockHeader, 12) } else { expect(.recordHeader, 16) }
    }

    private mutating func expect(_ next: State, _ octets: Int) {
        state = next
        needed = octets
    }

    private mutating func lose(_ rule: String) {
        passed = held.count
        held.removeAll(keepingCapacity: true)
        needed = 0
        state = .lost(rule: rule)
    }
}
