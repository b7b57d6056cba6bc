import ChannelCoding

/// The field that ends a frame and checks it.
///
/// CCSDS 132.0-B and 732.0-B, Frame Error Control Field, have sixteen bits; CCSDS 732.1-B has thirty-two too.
enum FrameErrorControl: Sendable {
    case none
    case crc16
    case crc32

    init(_ frame: LinkDescription.Frame) {
        self = !frame.fecf ? .none : frame.fecfBits == 32 ? .crc32 : .crc16
    }

    /// The octets of the field.
    var length: Int {
        switch self {
        case .none: 0
        case .crc16: 2
        case .crc32: 4
        }
    }

    /// Whether a frame, this field included, has no error; without a field none is found.
    func holds(_ frame: Span<UInt8>) -> Bool {
        switch self {
        case .none: true
        case .crc16: CRC16.checksum(frame) == 0
        case .crc32: CRC32USLP.checksum(frame) == 0
        }
    }

    /// Appends the field to a frame that starts at a place.
    func append(to octets: inout [UInt8], from start: Int) {
        switch self {
        case .none: return
        case .crc16:
            let checksum = CRC16.checksum(octets.span.extracting(start..<octets.count))
            octets.append(bigEndian: UInt64(checksum), octets: 2)
        case .crc32:
            let checksum = CRC32USLP.checksum(octets.span.extracting(start..<octets.count))
            octets.append(bigEndian: UInt64(checksum), octets: 4)
        }
    }
}
