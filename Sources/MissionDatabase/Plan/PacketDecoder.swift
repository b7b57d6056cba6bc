/// What a packet was found to be.
public enum DecodeOutcome: Sendable, Hashable {
    /// A container that fits the packet, up to seven bits of fill.
    case decoded(container: Int)
    /// No container matches; the samples are those of the containers above.
    case unknown
    /// The packet ends before its container does; the samples are those that could be read.
    case truncated(container: Int)
    /// The packet is longer than its container by so many octets.
    case excess(container: Int, octets: Int)
    /// The container needs something that is not supported; the samples are those before it.
    case unsupported(container: Int)
}

/// Decodes packets by a compiled plan.
///
/// ```swift
/// var decoder = try database.makeDecoder()
/// var samples = SampleBuffer()
/// if case .decoded(let container) = decoder.decode(packet, into: &samples) {
///     for index in 0..<samples.count { print(samples.parameter(at: index), samples.engineering(at: index)) }
/// }
/// ```
/// The entries of the root container come first, then those of every derived container whose criteria the packet
/// meets, each from where its base ended (CCSDS 660.0-B, container inheritance). If several derived containers of one
/// base match, all are decoded in document order, the first counts as what the packet is, and
/// ``SampleBuffer/isAmbiguous`` says so.
public struct PacketDecoder: Sendable {
    let plan: DecodingPlan
    var state: DecoderState

    init(plan: DecodingPlan) {
        self.plan = plan
        state = DecoderState(registerCount: plan.tables.registerCount)
    }

    /// Decodes one packet.
    ///
    /// - Parameters:
    ///   - packet: The whole packet from its primary header on. Any octets are allowed.
    ///   - samples: Where the values go; what was there is replaced.
    /// - Returns: What the packet was found to be.
    public mutating func decode(_ packet: Span<UInt8>, into samples: inout SampleBuffer) -> DecodeOutcome {
        samples.begin(plan)
        state.begin(bits: packet.count * 8)
        switch plan.decode(plan.root, packet, &state, &samples) {
        case .truncated: return .truncated(container: samples.container)
        case .unsupported: return .unsupported(container: samples.container)
        case .unmatched: return .unknown
        case .matched:
            let rest = packet.count - (state.farthest + 7) / 8
            return rest > 0
                ? .excess(container: samples.container, octets: rest) : .decoded(container: samples.container)
        }
    }
}

/// Where decoding stands in a packet, and the latest samples of the parameters on which something depends.
struct DecoderState: Sendable {
    /// The next bit, the bits of the packet, and the farthest bit used.
    var position = 0
    var limit = 0
    var farthest = 0
    /// The bits between which locations of the present container count.
    var start = 0
    var end = 0
    /// How many steps this packet may still take; a hostile database must not make one packet last forever.
    var budget = 0
    /// Packet number (high 32 bits) and sample, so that nothing needs clearing between packets.
    private var registers: [UInt64]
    private var packet: UInt32 = 0

    init(registerCount: Int) {
        registers = [UInt64](repeating: 0, count: registerCount)
    }

    mutating func begin(bits: Int) {
        position = 0
        limit = bits
        farthest = 0
        start = 0
        end = bits
        budget = 8 * bits + 65536
        if packet == .max {
            packet = 0
            for index in registers.indices { registers[index] = 0 }
        }
        packet += 1
    }

    mutating func setRegister(_ register: Int32, sample: Int) {
        registers[Int(register)] = UInt64(packet) << 32 | UInt64(sample)
    }

    /// The latest sample of a register in this packet.
    func sample(_ register: Int32) -> Int? {
        guard register >= 0 else { return nil }
        let entry = registers[Int(register)]
        return entry >> 32 == UInt64(packet) ? Int(entry & 0xFFFF_FFFF) : nil
    }
}
