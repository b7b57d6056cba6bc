import MissionDatabase
import SpaceLink

/// Makes the packets of one container: which values go in, when, and with what count.
struct PacketWriter: Sendable {
    /// The container.
    let name: String
    /// The application process, as the container fixes it.
    let apid: Int
    /// The octets of a packet.
    let length: Int

    private struct Binding {
        let slot: Int
        let value: Int
        let kind: SampleRow.Kind
    }

    private var encoder: PacketEncoder
    private let bindings: [Binding]
    private let timeCode: TimeCode
    // The start of the pass in seconds since 1958 TAI, for sensors' own time tags.
    private let start: Double
    /// Packets a second.
    let rate: Double
    private var made = 0
    private(set) var octets: [UInt8] = []

    /// Binds a container to the values of a row.
    ///
    /// Parameters are bound by role, and by name where they have none. What nothing is known of stays zero.
    init(
        container: String,
        rate: Double,
        database: MissionDatabase,
        row: SampleRow,
        timeCode: TimeCode,
        start: TAITime
    ) throws(XTCEError) {
        name = container
        self.rate = rate
        self.timeCode = timeCode
        self.start = Double(start.nanoseconds) * 1e-9
        var encoder = try database.makeEncoder(container: container)
        let places = Dictionary(row.names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var bindings: [Binding] = []
        for parameter in database.parameters {
            guard let value = places[parameter.role ?? parameter.name],
                let slot = try? encoder.slot(parameter.qualifiedName)
            else { continue }
            bindings.append(Binding(slot: slot, value: value, kind: row.kinds[value]))
        }
        self.bindings = bindings
        encoder.encode(into: &octets)
        length = octets.count
        apid = octets.count >= 2 ? Int(octets[0] & 7) << 8 | Int(octets[1]) : 0
        self.encoder = encoder
    }

    /// The step at which the next packet is due.
    var nextStep: Int { Int((Double(made) * 100 / rate).rounded()) }

    /// Makes the packet of a row; it is in ``octets`` until the next one.
    mutating func make(row: SampleRow, time: TAITime) {
        for binding in bindings {
            let value = row.values[binding.value]
            switch binding.kind {
            case .number: encoder.set(binding.slot, engineering: value.isNaN ? 0 : value)
            case .instant: encoder.set(binding.slot, engineering: value.isNaN ? 0 : value + start)
            case .count: encoder.set(binding.slot, raw: Int64(value))
            case .mode: encoder.set(binding.slot, label: row.mode.rawValue)
            }
        }
        encoder.encode(into: &octets)
        // Time and count are the link's matter, whatever the parameters are called.
        let field = timeCode.encode(time)
        for (index, octet) in field.enumerated() where timeCode.offset + index < octets.count {
            octets[timeCode.offset + index] = octet
        }
        if octets.count >= SpacePacketHeader.length {
            octets[2] = 0xC0 | UInt8(made >> 8 & 0x3F)
            octets[3] = UInt8(made & 0xFF)
        }
        made += 1
    }
}
