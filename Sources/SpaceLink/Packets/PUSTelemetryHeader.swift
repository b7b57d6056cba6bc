/// The secondary header of telemetry packets of the packet utilisation standard, version C.
///
/// ECSS-E-ST-70-41C, Telemetry packet secondary header: seven octets and the time, which is the mission's.
public struct PUSTelemetryHeader: Sendable, Hashable {
    /// The length of the header in octets, without the time.
    public static let length = 7
    /// The version number of PUS-C packets.
    public static let versionNumber: UInt8 = 2

    /// Four bits that tell how far the on-board time is to be believed.
    public var timeReferenceStatus: UInt8
    /// The service that the report belongs to.
    public var service: UInt8
    /// The kind of report within the service.
    public var subtype: UInt8
    /// The count of reports of this kind.
    public var messageTypeCounter: UInt16
    /// Whom the report is for.
    public var destination: UInt16

    /// Makes a header.
    public init(
        service: UInt8,
        subtype: UInt8,
        messageTypeCounter: UInt16 = 0,
        destination: UInt16 = 0,
        timeReferenceStatus: UInt8 = 0
    ) {
        self.timeReferenceStatus = timeReferenceStatus & 15
        self.service = service
        self.subtype = subtype
        self.messageTypeCounter = messageTypeCounter
        self.destination = destination
    }

    /// Decodes the secondary header of a whole packet.
    ///
    /// - Parameter packet: The packet from its primary header on.
    /// - Throws: `.truncated`, or `.version` if the packet is none of PUS-C.
    public init(decodingPacket packet: Span<UInt8>) throws(PacketError) {
        let needed = SpacePacketHeader.length + Self.length
        guard packet.count >= needed else { throw .truncated(needed: needed, available: packet.count) }
        let start = SpacePacketHeader.length
        guard packet[start] >> 4 == Self.versionNumber else {
            throw .version(found: packet[start] >> 4, expected: Self.versionNumber)
        }
        timeReferenceStatus = packet[start] & 15
        service = packet[start + 1]
        subtype = packet[start + 2]
        messageTypeCounter = packet.uint16(at: start + 3)
        destination = packet.uint16(at: start + 5)
    }

    /// The seven octets of the header.
    ///
    /// - Returns: The octets in order of transmission.
    public func encode() -> [UInt8] {
        var octets = [Self.versionNumber << 4 | timeReferenceStatus & 15, service, subtype]
        octets.append(bigEndian: UInt64(messageTypeCounter), octets: 2)
        octets.append(bigEndian: UInt64(destination), octets: 2)
        return octets
    }
}
