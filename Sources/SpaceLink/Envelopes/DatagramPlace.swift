/// Where the payload of a UDP datagram lies in a captured record.
enum DatagramPlace {
    /// There, and the ports; none where the link type is the user's own.
    case payload(Range<Int>, sourcePort: UInt16?, destinationPort: UInt16?)
    /// Nowhere.
    case none(DiscardReason, rule: String)

    private static let datagramProtocol: UInt8 = 17

    /// Looks through the headers of a record.
    ///
    /// - Parameters:
    ///   - record: The octets that were captured.
    ///   - linkType: The link type of the capture.
    /// - Returns: The place of the payload, or why there is none.
    static func find(in record: Span<UInt8>, linkType: UInt32) -> DatagramPlace {
        switch linkType {
        case 0:
            guard record.count >= 4 else { return truncated }
            // The family, AF_INET, is written in the order of the capturing machine.
            let family = record.uint32(at: 0)
            guard family == 2 || family.byteSwapped == 2 else { return noDatagram("its address family is no IPv4") }
            return internet(record, at: 4)
        case 1: return tagged(record, typeAt: 12)
        case 101: return internet(record, at: 0)
        case 113: return tagged(record, typeAt: 14)
        case 147: return .payload(0..<record.count, sourcePort: nil, destinationPort: nil)
        default: return noDatagram("link type \(linkType) is not known")
        }
    }

    private static var truncated: DatagramPlace {
        .none(.truncatedFrame, rule: "The captured record ends within its headers or its datagram.")
    }

    private static func noDatagram(_ cause: String) -> DatagramPlace {
        .none(.unsynchronized, rule: "The captured record holds no UDP datagram: \(cause).")
    }

    /// Steps over VLAN tags.
    private static func tagged(_ record: Span<UInt8>, typeAt first: Int) -> DatagramPlace {
        var place = first
        while record.count >= place + 2 {
            switch record.uint16(at: place) {
            case 0x8100, 0x88A8: place += 4
            case 0x0800: return internet(record, at: place + 2)
            default: return noDatagram("its type is no IPv4")
            }
        }
        return truncated
    }

    private static func internet(_ record: Span<UInt8>, at start: Int) -> DatagramPlace {
        guard record.count >= start + 20 else { return truncated }
        let headerLength = Int(record[start] & 0x0F) * 4
        guard record[start] >> 4 == 4, headerLength >= 20 else { return noDatagram("its header is no IPv4 header") }
        // More fragments, or an offset: a part of a datagram.
        guard record.uint16(at: start + 6) & 0x3FFF == 0 else { return noDatagram("it is a fragment") }
        let number = record[start + 9]
        guard number == datagramProtocol else { return noDatagram("its protocol is \(number)") }
        let total = Int(record.uint16(at: start + 2))
        let datagram = start + headerLength
        guard record.count >= datagram + 8 else { return truncated }
        let length = Int(record.uint16(at: datagram + 4))
        // A total length of zero is left by hardware that cuts datagrams itself.
        guard length >= 8, total == 0 || headerLength + length <= total else {
            return noDatagram("the lengths of its headers contradict each other")
        }
        guard datagram + length <= record.count else { return truncated }
        return .payload(
            datagram + 8..<datagram + length,
            sourcePort: record.uint16(at: datagram),
            destinationPort: record.uint16(at: datagram + 2)
        )
    }
}
