/// How far the packet reaches that starts at a place.
enum PacketBoundary {
    /// The header says so many octets, header included.
    case packet(length: Int)
    /// More octets are needed to tell.
    case incomplete
    /// No packet has this version number.
    case version(UInt8)
    /// The length is shorter than the header, or longer than this decoder holds.
    case length(Int)

    /// The longest packet that is put together from several frames, that of space packets.
    static let longest = SpacePacketHeader.longestPacket

    /// Looks at `octets[position..<end]`, where a packet starts.
    @inline(__always)
    static func peek(_ octets: Span<UInt8>, at position: Int, end: Int) -> PacketBoundary {
        let version = octets[position] >> 5
        if version == SpacePacketHeader.versionNumber {
            guard end - position >= SpacePacketHeader.length else { return .incomplete }
            return .packet(length: Int(octets.uint16(at: position + 4)) + SpacePacketHeader.length + 1)
        }
        guard version == EncapsulationHeader.versionNumber else { return .version(version) }
        return peekEncapsulation(octets, at: position, end: end)
    }

    private static func peekEncapsulation(_ octets: Span<UInt8>, at position: Int, end: Int) -> PacketBoundary {
        do throws(PacketError) {
            let header = try EncapsulationHeader(decoding: octets.extracting(position..<end))
            guard header.packetLength <= longest else { return .length(header.packetLength) }
            return .packet(length: header.packetLength)
        } catch {
            switch error {
            case .truncated: return .incomplete
            case .version(let found, _): return .version(found)
            case .length(let found, _): return .length(found)
            }
        }
    }
}
