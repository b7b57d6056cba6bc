/// A whole USLP transfer frame, for those who make frames one by one.
///
/// CCSDS 732.1-B, USLP Transfer Frame: of any length, of any construction rule, truncated or not. Its length and the flag
/// of its operational control field follow from what it holds.
/// ```
/// ┌────────┬─────────────┬───────────────────┬──────┬─────────┬───────────┐
/// │ header │ insert zone │ data field header │ data │ OCF 0/4 │FECF 0/2/4 │
/// └────────┴─────────────┴───────────────────┴──────┴─────────┴───────────┘
/// ```
public struct USLPFrame: Sendable, Hashable {
    /// The field that checks the frame.
    public enum ErrorControl: Int, Sendable {
        /// There is none.
        case none = 0
        /// Sixteen bits.
        case short = 2
        /// Thirty-two bits.
        case long = 4

        var field: FrameErrorControl {
            switch self {
            case .none: .none
            case .short: .crc16
            case .long: .crc32
            }
        }
    }

    /// The primary header; truncated if it has no ``USLPFrameHeader/rest``.
    public var header: USLPFrameHeader
    /// The insert zone, as long as those of all frames of the link.
    public var insertZone: [UInt8]
    /// How the data field is filled.
    public var dataFieldHeader: USLPDataFieldHeader
    /// The data.
    public var data: [UInt8]
    /// The operational control field; truncated frames have none.
    public var operationalControlField: [UInt8]?
    /// The field that checks the frame.
    public var errorControl: ErrorControl

    /// Makes a frame of its parts.
    public init(
        header: USLPFrameHeader,
        insertZone: [UInt8] = [],
        dataFieldHeader: USLPDataFieldHeader,
        data: [UInt8],
        operationalControlField: [UInt8]? = nil,
        errorControl: ErrorControl = .none
    ) {
        self.header = header
        self.insertZone = insertZone
        self.dataFieldHeader = dataFieldHeader
        self.data = data
        self.operationalControlField = operationalControlField
        self.errorControl = errorControl
    }

    /// The octets of the frame.
    public var length: Int {
        header.length + insertZone.count + dataFieldHeader.length + data.count + controlField.count
            + errorControl.rawValue
    }

    private var controlField: [UInt8] {
        guard header.rest != nil, let operationalControlField else { return [] }
        return operationalControlField.prefix(CLCW.length)
            + [UInt8](repeating: 0, count: max(0, CLCW.length - operationalControlField.count))
    }

    /// The octets of the frame, its length and its error control filled in.
    ///
    /// - Returns: The octets in order of transmission, or nothing if the frame is longer than 65536 octets.
    public func encode() -> [UInt8]? {
        guard length <= 65_536 else { return nil }
        var header = header
        header.rest?.frameLength = length
        header.rest?.hasOperationalControlField = operationalControlField != nil
        var octets = header.encode() + insertZone + dataFieldHeader.encode() + data + controlField
        errorControl.field.append(to: &octets, from: 0)
        return octets
    }
}
