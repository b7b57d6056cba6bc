import SpaceLink

/// The whole road from CADUs, frames or packets in memory to packets at a sink.
enum SpaceLinkBenchmark {
    /// As much as a reader of files hands over at a time.
    private static let piece = 1 << 18

    static func run(_ bench: Bench) throws {
        let mix = try PacketMix(octets: 48 << 20)
        try measureCADUs(bench, mix)
        try measureFrames(bench, mix)
        try measurePackets(bench, mix)
    }

    /// What happens to the CADUs on their way.
    private enum Damage: CaseIterable {
        case none
        case badFrames
        case shifted
        case inverted
        case eightErrors
        case sixteenErrors

        var words: String {
            switch self {
            case .none: "clean"
            case .badFrames: "1 % of frames uncorrectable"
            case .shifted: "3 bits off"
            case .inverted: "inverted"
            case .eightErrors: "8 errors a codeword"
            case .sixteenErrors: "16 errors a codeword"
            }
        }

        var goal: Double {
            switch self {
            case .none: 1200
            case .badFrames: 900
            case .shifted, .inverted: 600
            case .eightErrors: 150
            case .sixteenErrors: 100
            }
        }
    }

    private static func measureCADUs(_ bench: Bench, _ mix: PacketMix) throws {
        let link = LinkDescription()
        let small = try PacketMix(octets: 4 << 20)
        for damage in Damage.allCases {
            let packets = damage == .eightErrors || damage == .sixteenErrors ? small : mix
            var octets = try packets.encoded(link)
            let frames = octets.count / caduLength
            switch damage {
            case .none: break
            case .badFrames: spoil(&octets)
            case .shifted: octets = shifted(octets)
            case .inverted: for index in octets.indices { octets[index] ^= 0xFF }
            case .eightErrors: disturb(&octets, errors: 8)
            case .sixteenErrors: disturb(&octets, errors: 16)
            }
            try measure(
                bench,
                what: "CADUs → packets, \(damage.words)",
                input: "\(frames) CADUs of \(caduLength), RS I=5, AOS",
                link: link,
                octets: octets,
                mix: packets,
                frames: damage == .badFrames ? frames - (frames + 49) / 100 : frames,
                isWhole: damage != .badFrames,
                goal: .atLeast(damage.goal),
                peer: damage == .none ? satellites(bench, octets, frames: frames) : nil
            )
        }
    }

    /// gr-satellites on the first CADUs, to frames only; nothing if it is not there.
    private static func satellites(_ bench: Bench, _ octets: [UInt8], frames: Int) -> Figure.Reference? {
        guard let python = bench.gnuradioPython else { return nil }
        let count = min(frames, 4000)
        let (input, output) = (bench.path("part.cadu"), bench.path("part.frames"))
        do {
            try Array(octets[..<(count * caduLength)]).write(to: input)
            let numbers = try bench.runPeer(python, "'\(input)' 5 '\(output)'", script: "gr_satellites.py")
            // It may take a marker in noise for one; what it cannot leave out are most of the frames.
            try bench.require(numbers["frames"] ?? 0 >= Double(count - 1), "frames of gr-satellites")
            let rate = Double(count * caduLength) / 1e6 / bench.seconds(numbers)
            return Figure.Reference(name: "gr-satellites, to frames", value: rate)
        } catch {
            bench.note("gr-satellites: \(error)")
            return nil
        }
    }

    private static func measureFrames(_ bench: Bench, _ mix: PacketMix) throws {
        for (type, hasCheck) in [
            (LinkDescription.Frame.Kind.aos, false), (.aos, true), (.tm, false), (.tm, true), (.uslp, false),
        ] {
            var link = LinkDescription()
            link.input = .frames
            link.frame.type = type
            link.frame.length = 1115
            link.frame.fecf = hasCheck
            let octets = try mix.encoded(link)
            let name = type == .aos ? "frames" : "\(type.rawValue.uppercased()) frames"
            try measure(
                bench,
                what: hasCheck ? "\(name) → packets, with CRC-16" : "\(name) → packets",
                input: "\(octets.count / 1115) \(type.rawValue.uppercased()) frames of 1115",
                link: link,
                octets: octets,
                mix: mix,
                frames: octets.count / 1115,
                goal: hasCheck ? nil : .atLeast(4000)
            )
        }
    }

    private static func measurePackets(_ bench: Bench, _ mix: PacketMix) throws {
        var link = LinkDescription()
        link.input = .packets
        try measure(
            bench,
            what: "packet file → packets, headers only",
            input: "\(mix.count) packets",
            link: link,
            octets: mix.octets,
            mix: mix,
            frames: 0,
            peer: try bench.python.flatMap { try fastestPeer(bench, $0, mix) }
        )
    }

    /// The fastest of the Python packages that split a file into packets, on a part of them.
    private static func fastestPeer(_ bench: Bench, _ python: String, _ mix: PacketMix) throws -> Figure.Reference? {
        let file = bench.path("mix.packets")
        let part = 20_000
        try Array(mix.octets[..<mix.bounds[part]]).write(to: file)
        let peers = try ["ccsds", "ccsdspy", "space_packet_parser"].map { name in
            let numbers = try bench.runPeer(python, "split-\(name) '\(file)'")
            try bench.require(numbers["packets"] == Double(part), "\(name) split \(part) packets")
            return Figure.Reference(name: name, value: Double(mix.bounds[part]) / 1e6 / bench.seconds(numbers))
        }
        return peers.max { $0.value < $1.value }
    }

    // MARK: One road

    private static func measure(
        _ bench: Bench,
        what: String,
        input: String,
        link: LinkDescription,
        octets: [UInt8],
        mix: PacketMix,
        frames: Int,
        isWhole: Bool = true,
        goal: Figure.Goal? = nil,
        peer: Figure.Reference? = nil
    ) throws {
        // Untimed: the packets that come out are those that went in, octet for octet.
        var comparing = ComparingSink()
        let summary = try decode(octets, link, into: &comparing)
        let accepted = summary.channels.reduce(0) { $0 + $1.frames }
        try bench.require(summary.balances && accepted == frames, "\(what): \(accepted) of \(frames) frames")
        if isWhole {
            let isEqual = comparing.packets == mix.count && comparing.digest == mix.digest
            try bench.require(isEqual, "\(what): packets differ")
        }
        var counting = CountingSink()
        let timing = try Timing.measure(
            prepare: { counting = CountingSink() },
            work: { _ = try decode(octets, link, into: &counting) }
        )
        try bench.require(
            counting.packets == comparing.packets && counting.octets == comparing.octets,
            "\(what): timed runs gave other packets"
        )
        let proof =
            isWhole
            ? "\(frames > 0 ? "\(frames) frames, " : "")\(counting.packets) packets, octets equal"
            : "\(frames) frames, \(counting.packets) of \(mix.count) packets, ledger balances"
        bench.add(
            Figure(
                room: .spaceLink,
                what: what,
                input: input,
                value: bench.rate(octets: octets.count, timing),
                unit: "MB/s",
                reference: peer ?? Figure.Reference(name: "memory read", value: bench.memoryRead),
                goal: goal,
                proof: proof,
                spread: timing.spread(bench.clock)
            )
        )
        bench.add(
            Figure(
                room: .spaceLink,
                what: what,
                input: input,
                value: bench.rate(counting.packets, timing) / 1e6,
                unit: "M packets/s",
                proof: "the same runs"
            )
        )
    }

    /// Decodes octets in pieces, as a reader of files does.
    static func decode(
        _ octets: [UInt8],
        _ link: LinkDescription,
        into sink: inout some LinkSink
    ) throws -> LinkSummary {
        var decoder = try LinkDecoder(link)
        for start in stride(from: 0, to: octets.count, by: piece) {
            decoder.push(octets.span.extracting(start..<min(start + piece, octets.count)), into: &sink)
        }
        decoder.finish(into: &sink)
        return decoder.summary
    }

    // MARK: Damage

    private static let caduLength = 4 + 1275

    private static func disturb(_ octets: inout [UInt8], errors: Int) {
        ChannelCodingBenchmark.disturb(&octets, errors: errors, stride: caduLength, header: 4)
    }

    /// Turns 24 symbols of one codeword over in every hundredth frame.
    private static func spoil(_ octets: inout [UInt8]) {
        for start in stride(from: 50 * caduLength, to: octets.count, by: 100 * caduLength) {
            for symbol in 0..<24 { octets[start + 4 + 10 * 5 * symbol] ^= 0x5A }
        }
    }

    /// The same bits, three later.
    static func shifted(_ octets: [UInt8]) -> [UInt8] {
        var shifted: [UInt8] = []
        shifted.reserveCapacity(octets.count + 1)
        var rest: UInt8 = 0b101
        for octet in octets {
            shifted.append(rest << 5 | octet >> 3)
            rest = octet & 7
        }
        shifted.append(rest << 5)
        return shifted
    }
}

/// Counts what comes; it looks at each packet's record and length, as every user does.
struct CountingSink: LinkSink {
    private(set) var packets = 0
    private(set) var octets = 0

    mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        guard !packet.isIdle else { return }
        packets += 1
        self.octets += octets.count
    }
}

/// Takes a sum over all octets of all packets.
private struct ComparingSink: LinkSink {
    private(set) var packets = 0
    private(set) var octets = 0
    private(set) var digest = Digest()

    mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        guard !packet.isIdle else { return }
        packets += 1
        self.octets += octets.count
        digest.update(octets)
    }
}
