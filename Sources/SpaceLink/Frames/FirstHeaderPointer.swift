/// Where the first packet that starts in a frame begins.
///
/// Eleven bits in TM frames (CCSDS 132.0-B, Transfer Frame Data Field Status) and in the M_PDU of AOS frames
/// (CCSDS 732.0-B, Multiplexing Protocol Data Unit).
public enum FirstHeaderPointer: Sendable, Hashable {
    /// No packet starts here: all octets continue one (0x7FF).
    case none
    /// The data field holds only idle data (0x7FE).
    case onlyIdleData
    /// Octets from the start of the packet zone; not yet compared with its length.
    case offset(Int)

    /// Takes the low eleven bits of a field; flight software has been seen to send the spare bits above as ones.
    init(elevenBits field: UInt16) {
        switch field & 0x7FF {
        case 0x7FF: self = .none
        case 0x7FE: self = .onlyIdleData
        case let offset: self = .offset(Int(offset))
        }
    }

    /// Takes the sixteen bits of a USLP data field header (CCSDS 732.1-B, Transfer Frame Data Field Header).
    init(sixteenBits field: UInt16) {
        self = field == 0xFFFF ? .none : .offset(Int(field))
    }

    /// The field of eleven bits.
    var elevenBits: UInt16 {
        switch self {
        case .none: 0x7FF
        case .onlyIdleData: 0x7FE
        case .offset(let offset): UInt16(truncatingIfNeeded: offset) & 0x7FF
        }
    }
}
