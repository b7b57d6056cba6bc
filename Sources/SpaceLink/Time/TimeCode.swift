/// Where and how a packet tells its time.
///
/// ```json
/// {"code": "cuc", "offset": 6, "coarse": 4, "fine": 2, "epoch": "1958-01-01T00:00:00Z", "preamble": false}
/// {"code": "cds", "offset": 6, "dayOctets": 2, "subMillisecondOctets": 2}
/// {"code": "ccs", "offset": 6, "calendar": "monthDay", "subsecondOctets": 2}
/// ```
/// With `preamble` the field begins with a preamble that says the code's widths; those given here are for encoding.
public struct TimeCode: Sendable, Hashable {
    /// The codes of CCSDS 301.0-B that a packet may use.
    public enum Form: Sendable, Hashable {
        /// Seconds and binary fraction.
        case unsegmented(UnsegmentedTime)
        /// Day, millisecond and finer.
        case daySegmented(DaySegmentedTime)
        /// Date and time in decimals.
        case calendarSegmented(CalendarSegmentedTime)
    }

    /// Octets from the start of the packet to the field.
    public let offset: Int
    /// How the field is coded.
    public let form: Form
    /// Whether the field begins with a preamble.
    public let hasPreamble: Bool

    /// Makes a time code; a negative offset counts as zero.
    public init(_ form: Form, offset: Int = SpacePacketHeader.length, hasPreamble: Bool = false) {
        self.form = form
        self.offset = max(0, offset)
        self.hasPreamble = hasPreamble
    }

    /// The length of the field in octets as ``encode(_:)`` writes it.
    public var length: Int {
        (hasPreamble ? preamble.count : 0)
            + {
                switch form {
                case .unsegmented(let code): code.length
                case .daySegmented(let code): code.length
                case .calendarSegmented(let code): code.length
                }
            }()
    }

    private var preamble: [UInt8] {
        switch form {
        case .unsegmented(let code): code.preamble()
        case .daySegmented(let code): code.preamble()
        case .calendarSegmented(let code): code.preamble()
        }
    }

    /// The time that a packet tells.
    ///
    /// - Parameter packet: The whole packet.
    /// - Returns: The instant, or nothing if the packet is too short for it or the field holds no time.
    public func time(ofPacket packet: Span<UInt8>) -> TAITime? {
        guard packet.count > offset else { return nil }
        return decode(packet.extracting(offset..<packet.count))
    }

    /// Decodes the field.
    ///
    /// - Parameter octets: The field from its first octet, preamble included if there is one.
    /// - Returns: The instant, or nothing if octets are missing or hold no time.
    public func decode(_ octets: Span<UInt8>) -> TAITime? {
        switch form {
        case .unsegmented(let code):
            guard hasPreamble else { return code.decode(octets) }
            guard let (told, length) = UnsegmentedTime.preamble(octets, agencyEpoch: code.epoch) else { return nil }
            return told.decode(octets.extracting(length..<octets.count))
        case .daySegmented(let code):
            guard hasPreamble else { return code.decode(octets) }
            guard let (told, length) = DaySegmentedTime.preamble(octets, agencyEpochDay: code.epochDay) else {
                return nil
            }
            return told.decode(octets.extracting(length..<octets.count))
        case .calendarSegmented(let code):
            guard hasPreamble else { return code.decode(octets) }
            guard let (told, length) = CalendarSegmentedTime.preamble(octets) else { return nil }
            return told.decode(octets.extracting(length..<octets.count))
        }
    }

    /// Encodes an instant as the packet's field.
    ///
    /// - Parameter time: The instant.
    /// - Returns: The field, with its preamble if there is one.
    public func encode(_ time: TAITime) -> [UInt8] {
        let field =
            switch form {
            case .unsegmented(let code): code.encode(time)
            case .daySegmented(let code): code.encode(time)
            case .calendarSegmented(let code): code.encode(time)
            }
        return hasPreamble ? preamble + field : field
    }
}
