public import AttitudeMonitor
public import MissionDatabase
public import SpaceLink

/// Packets in, anomalies out: database, roles and monitor put together.
///
/// It is a ``LinkSink``: push a link's octets through a decoder into it, and take the events after each push. Times of
/// events are seconds from ``origin``.
public struct TelemetryDetector: LinkSink {
    /// The time of the first packet that told one; the zero of all seconds.
    public private(set) var origin: TAITime?
    /// The latest on-board time.
    public private(set) var latest: TAITime?
    /// Packets that fed the monitor.
    public private(set) var packetsUsed = 0
    /// Packets that the monitor passed over because the link casts doubt on them.
    public private(set) var doubtfulPackets = 0
    /// Packets that no container matched, by APID.
    public private(set) var unknownPackets: [Int: Int] = [:]
    /// The container that packets of an APID were last found to be.
    public private(set) var containerNames: [Int: String] = [:]
    /// Packets without a time that can be read.
    public private(set) var packetsWithoutTime = 0
    /// Roles that the monitor does not know.
    public private(set) var unknownRoles: Set<String> = []
    /// The monitor.
    public private(set) var monitor: AttitudeMonitor

    /// What the latest packets said of attitude, for displays.
    public private(set) var state = AttitudeState()

    private let database: MissionDatabase
    private let overlay: RoleOverlay
    private let timeCode: TimeCode?
    private let selection: PacketSelection
    private let factors: [Double]
    private var decoder: PacketDecoder
    private var samples = SampleBuffer()
    private var bindings: [Int: ContainerBinding] = [:]
    private var values: [Double] = []
    /// The guidance mode heard last.
    public private(set) var mode: String?
    private var pending: [AnomalyEvent] = []

    /// Puts the stages together.
    ///
    /// - Parameters:
    ///   - database: What packets mean.
    ///   - configuration: What is known of the craft.
    ///   - timeCode: How packets tell the time.
    ///   - overlay: Roles beside the database's own.
    ///   - selection: Which packets are judged.
    /// - Throws: `XTCEError` if the database has no root container.
    public init(
        database: MissionDatabase,
        configuration: MonitorConfiguration,
        timeCode: TimeCode?,
        overlay: RoleOverlay = RoleOverlay(),
        selection: PacketSelection = .everything
    ) throws(XTCEError) {
        self.database = database
        self.overlay = overlay
        self.timeCode = timeCode
        self.selection = selection
        factors = database.parameters.map { overlay.factor(of: $0) }
        decoder = try database.makeDecoder()
        monitor = AttitudeMonitor(configuration)
    }

    /// The events since the last call, in order.
    public mutating func takeEvents() -> [AnomalyEvent] {
        defer { pending.removeAll(keepingCapacity: true) }
        return pending
    }

    /// Tells the monitor that nothing follows.
    public mutating func finish() {
        var events: [AnomalyEvent] = []
        monitor.finish { events.append(copy $0) }
        pending.append(contentsOf: events)
    }

    /// Judges one packet.
    public mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        guard !packet.isIdle else { return }
        let time = timeCode?.time(ofPacket: octets)
        guard selection.contains(packet, time: time) else { return }
        guard let time else {
            packetsWithoutTime += 1
            return
        }
        switch decoder.decode(octets, into: &samples) {
        case .unknown:
            unknownPackets[packet.apid, default: 0] += 1
        case .decoded(let container), .truncated(let container), .excess(let container, _), .unsupported(let container):
            if containerNames[packet.apid] == nil { containerNames[packet.apid] = database.containers[container].name }
            feed(container: container, time: time, isDoubtful: packet.isDoubtful)
        }
    }

    private mutating func feed(container: Int, time: TAITime, isDoubtful: Bool) {
        guard let binding = binding(for: container), binding.isUseful else { return }
        if isDoubtful { doubtfulPackets += 1 }
        // The time of a doubtful packet may be as wrong as the rest, and so may its mode.
        guard let origin = origin ?? (isDoubtful ? nil : time) else { return }
        self.origin = origin
        if !isDoubtful {
            latest = max(latest ?? time, time)
            packetsUsed += 1
        }
        let seconds = Double(time.nanoseconds.subtractingReportingOverflow(origin.nanoseconds).partialValue) * 1e-9
        if let sample = binding.modeSample, !isDoubtful {
            let label = samples.text(at: sample)
            if label != mode {
                mode = label
                monitor.push(mode: label, time: seconds)
            }
        }
        values.removeAll(keepingCapacity: true)
        let originSeconds = Double(origin.nanoseconds) * 1e-9
        for column in binding.columns {
            var value = Double.nan
            if samples.validity(at: column.sample) == .valid {
                value = samples.number(at: column.sample) * factors[column.parameter]
            }
            values.append(column.isTimeTag ? value - originSeconds : value)
        }
        if !isDoubtful { for view in binding.views { state.take(view.quantity, values[view.column]) } }
        var events: [AnomalyEvent] = []
        let row = values
        monitor.push(row: row.span, table: binding.table, time: seconds, isDoubtful: isDoubtful) {
            events.append(copy $0)
        }
        pending.append(contentsOf: events)
    }

    private mutating func binding(for container: Int) -> ContainerBinding? {
        if let binding = bindings[container], binding.fits(samples) { return binding }
        guard let binding = try? ContainerBinding(samples, database: database, overlay: overlay) else { return nil }
        unknownRoles.formUnion(binding.table.unknownRoles)
        bindings[container] = binding
        return binding
    }
}
