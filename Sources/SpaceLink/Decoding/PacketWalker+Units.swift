/// Packets in units that an envelope delimits.
extension PacketWalker {
    /// Takes a unit: packets that lie back to back in it, the last of which ends with it.
    ///
    /// The envelope's octets belong to the first and the last packet. A packet that does not end in its unit is discarded,
    /// and so is what follows a header that cannot be: the next unit starts anew.
    mutating func push(
        _ piece: EnvelopePiece,
        _ octets: Span<UInt8>,
        ledger: inout Ledger,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        guard octets.count > 0 else { return ledger.use(piece.length) }
        var taken = 0
        var position = 0
        while position < octets.count {
            let reason: DiscardReason
            let rule: String
            switch PacketBoundary.peek(octets, at: position, end: octets.count) {
            case .packet(let length) where length <= octets.count - position:
                let packet = octets.extracting(position..<position + length)
                position += length
                let end = position == octets.count ? piece.length : piece.layout.position(of: position)
                emit(packet, at: piece.offset + Int64(taken), length: end - taken, &ledger, &sink)
                taken = end
                continue
            case .packet, .incomplete:
                reason = .incompletePacket
                rule = "The unit of the envelope ends before the packet does."
            case .version(let version):
                reason = .packetVersion
                rule = "No packet has the version number \(version)."
            case .length(let length):
                reason = .packetLength
                rule = "No packet here can be \(length) octets long."
            }
            let entry = Discard(
                offset: piece.offset + Int64(taken),
                length: piece.length - taken,
                reason: reason,
                rule: rule,
                frame: nil,
                spacecraft: nil,
                virtualChannel: nil
            )
            ledger.discard(entry, into: &sink)
            isBehindGap = true
            return
        }
    }
}
