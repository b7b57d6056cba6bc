import ArgumentParser
import AttitudeMonitor
import ChannelCoding
import FoundationEssentials
import LanderSimulator
import LinkIO
import Missions
import SpaceLink
import TelemetryArchive
import TelemetryPipeline

/// The story from the antenna to the alarm: a pass is made, and everything that is said of it is held against its truth.
struct Demonstration {
    private(set) var story: Story
    private let folder: String
    private let seed: UInt64
    private let duration: Double
    private let craft: Craft
    private let paint: Paint

    private static let mission = "luna-25"
    private static let faults = ["spin-out", "burn-overrun", "gyro-dropout"]

    init(folder: String, seed: UInt64, duration: Double, paint: Paint) throws {
        story = Story(paint: paint)
        self.folder = folder
        self.seed = seed
        self.duration = duration
        self.paint = paint
        craft = try MissionProfile.named(Self.mission).craft()
        try Folders.make(folder)
    }

    /// Plays the whole story.
    mutating func play() async throws {
        let scenario = Self.faults[Int(seed % UInt64(Self.faults.count))]
        let pass = path("pass.cadu")
        let truth = try generate(scenario, to: pass, truth: path("pass.truth.json"))
        try inspect(pass, truth)
        try decode(pass, truth)
        try archive(pass, truth)
        try damage()
        try detect(pass, truth)
        try await replay(truth)
        try staySilent()
        print("\nThe hidden fault was: \(paint.bold(scenario)). The files are in \(folder).")
        story.close()
    }

    private func path(_ name: String) -> String { "\(folder)/\(name)" }

    // MARK: Chapters

    private mutating func generate(_ scenario: String, to pass: String, truth truthPath: String) throws -> PassTruth {
        story.open(
            "Generate: \(Int(duration)) s of \(craft.title), with a fault that nothing below is told of",
            "perilune-generate --mission \(Self.mission) --scenario … --seed \(seed) --duration \(Int(duration)) "
                + "--output \(pass) --truth \(truthPath)"
        )
        let truth = try write(scenario, to: pass, truth: truthPath)
        let size = try OctetSource(path: pass).size ?? 0
        story.tell(
            "\(Quantity.octets(Double(size))) of CADUs: rigid body, sensors, flight software, Reed-Solomon, randomiser"
        )
        return truth
    }

    private func write(_ scenario: String, to pass: String, truth truthPath: String?) throws -> PassTruth {
        let request = try PassRequest(craft: craft, scenario: scenario, seed: seed, duration: duration)
        let flight = try LanderPass(request)
        var output = try OctetOutput(path: pass, replacing: true)
        let truth = try flight.run { octets throws(IOFailure) in try output.write(octets) }
        try output.commit()
        if let truthPath {
            var file = try OctetOutput(path: truthPath, replacing: true)
            let json = try truth.json()
            try file.write(json.span)
            try file.commit()
        }
        return truth
    }

    private mutating func inspect(_ pass: String, _ truth: PassTruth) throws {
        story.open("Inspect: what is in this file?", "perilune inspect \(pass)")
        var input = try TelemetryInput(InputRequest(paths: [pass]))
        var sink = IgnoringSink()
        let summary = try input.decode(into: &sink)
        story.tell(input.origin)
        let sent = truth.channels.reduce(0) { $0 + $1.frames }
        let found = summary.channels.reduce(0) { $0 + $1.frames }
        story.check(
            found == sent,
            "\(Quantity.count(found)) frames, as many as were sent",
            otherwise: "\(sent) were sent"
        )
        let size = try OctetSource(path: pass).size ?? 0
        story.check(
            summary.balances && Int64(summary.octets) == size,
            "the ledger accounts for each of \(Quantity.count(size)) octets"
        )
    }

    private mutating func decode(_ pass: String, _ truth: PassTruth) throws {
        let packets = path("pass.packets")
        story.open(
            "Decode: CADUs to packets to parameters",
            "perilune decode \(pass) --mission \(Self.mission) --to packets --no-idle -o \(packets)",
            "perilune decode \(pass) --mission \(Self.mission) --to parameters --apid 32 | head"
        )
        var input = try TelemetryInput(request(pass))
        var sink = UnitWritingSink(
            files: try OctetSplitter(path: packets, split: nil, ending: "packets", replacing: true),
            layer: .packets,
            selection: .everything,
            includesIdle: false,
            timeCode: input.timeCode
        )
        let summary = try input.decode(into: &sink)
        try sink.commit()
        let expected = Self.counts(truth)
        let found = Self.counts(summary)
        story.check(
            found == expected,
            "\(found.count) APIDs, \(Quantity.count(found.values.reduce(0, +))) packets: counts equal the truth's",
            otherwise: "found \(found), sent \(expected)"
        )
        let digest = try FileDigest.sha256(path: packets)
        story.check(digest == truth.packetsSHA256, "SHA-256 of the packets equals the truth's (\(digest.prefix(16))…)")
    }

    private mutating func archive(_ pass: String, _ truth: PassTruth) throws {
        let archive = path("pass.plar")
        let extracted = path("extracted.packets")
        story.open(
            "Archive: kept through zlib, searchable, every octet back",
            "perilune archive create \(pass) --mission \(Self.mission) -o \(archive)",
            "perilune archive verify \(archive)",
            "perilune archive extract \(archive) --to packets --no-idle -o \(extracted)"
        )
        var input = try TelemetryInput(request(pass))
        var job = ArchiveJob(output: archive, creator: "perilune \(Perilune.version)")
        job.replacing = true
        let made = try job.run(&input) { _, _, _ in }
        let part = Quantity.fixed(Double(made.size) / Double(made.summary.octets) * 100, 1)
        story.tell(
            "\(Quantity.octets(Double(made.summary.octets))) in \(Quantity.octets(Double(made.size))): \(part) % of the CADUs"
        )
        let report = try ArchiveReader<FileArchiveSource>.verify(FileArchiveSource(path: archive))
        story.check(report.isWhole, "verified: \(report.members) members, all checksums and the chain of hashes hold")
        let opened = try OpenedArchive(InputRequest(paths: [archive]), craft: nil)
        var selection = ArchiveSelection()
        selection.includesIdle = false
        _ = try ArchiveExtraction(output: extracted, replacing: true)
            .run(opened, selection, packets: true) { _, _ in }
        story.check(
            try FileDigest.sha256(path: extracted) == truth.packetsSHA256,
            "the packets extracted from it equal the truth's"
        )
        try query(opened, truth)
    }

    /// One APID over a minute, found by the index, against the same packets picked from a decode of the whole.
    private mutating func query(_ opened: OpenedArchive, _ truth: PassTruth) throws {
        guard let start = TAITime(utc: truth.start), let apid = truth.channels.first?.apids.first?.apid else { return }
        let from = TAITime(nanoseconds: start.nanoseconds + Int64(duration / 2) * 1_000_000_000)
        let until = TAITime(nanoseconds: from.nanoseconds + 60_000_000_000)
        let wanted = try PacketSelection(apids: [String(apid)], from: from.utc, until: until.utc)
        var found: [UInt8] = []
        var count = 0
        try opened.forEachPacket(wanted.archived) { _, octets in
            for index in octets.indices { found.append(octets[index]) }
            count += 1
            return .next
        }
        var picked = PickingSink(selection: wanted, timeCode: opened.timeCode)
        var whole = try TelemetryInput(request(path("pass.cadu")))
        _ = try whole.decode(into: &picked)
        story.check(
            found == picked.octets && !found.isEmpty,
            "query: \(count) packets of APID \(apid) in one minute, the same as filtering the whole",
            otherwise: "\(picked.octets.count) octets picked, \(found.count) found"
        )
    }

    private mutating func damage() throws {
        let broken = path("broken.plar")
        var octets = try FileContents.read(path("pass.plar"), limit: 1 << 30)
        let place = octets.count / 2
        octets[place] ^= 0x10
        var output = try OctetOutput(path: broken, replacing: true)
        try output.write(octets.span)
        try output.commit()
        story.open(
            "Bit rot: one bit of the archive flips at octet \(Quantity.count(place))",
            "perilune archive verify \(broken)"
        )
        let report = try ArchiveReader<FileArchiveSource>.verify(FileArchiveSource(path: broken))
        let located = report.damage.contains {
            $0.offset <= Int64(place) && Int64(place) < $0.offset + max($0.length, 1)
        }
        story.check(
            !report.damage.isEmpty && located,
            "found, in the member at offset \(Quantity.count(report.damage.first?.offset ?? 0)); \(Quantity.count(report.readable.units)) units remain readable"
        )
    }

    private mutating func detect(_ pass: String, _ truth: PassTruth) throws {
        story.open(
            "Detect: is the vehicle still under control?",
            "perilune detect \(pass) --mission \(Self.mission)"
        )
        let events = try judge(request(pass))
        guard let origin = TAITime(utc: truth.start) else { return }
        let raised = events.filter { $0.event.state == .raised && $0.event.severity >= .warning }
        for report in raised {
            for line in EventText(report.event, scale: .utc(origin: report.origin), paint: paint).lines {
                story.tell(line)
            }
        }
        let expected = truth.faults.flatMap(\.expected)
        guard let first = raised.first else {
            story.check(false, "an anomaly was named", otherwise: "none; the truth has \(expected.map(\.condition))")
            return
        }
        let match = expected.first { $0.condition == first.event.condition.rawValue }
        story.check(
            match != nil,
            "\(first.event.condition.rawValue) is what the truth says",
            otherwise: "the truth has \(expected.map(\.condition))"
        )
        let detected = first.seconds(from: origin)
        let onset = match?.onset ?? truth.faults.first?.onset ?? 0
        let delay = detected - onset
        story.check(
            delay >= -0.2 && delay < 30,
            "seen \(Quantity.fixed(delay, 1)) s after it began (truth: \(Quantity.fixed(onset, 1)) s into the pass)"
        )
        if let point = truth.pointOfNoReturn {
            story.check(
                detected < point.time,
                "\(Quantity.fixed(point.time - detected, 0)) s before the point of no return (\(point.reason))"
            )
        }
        let fromArchive = try judge(InputRequest(paths: [path("pass.plar")]))
        story.check(
            fromArchive.map(\.event) == events.map(\.event),
            "the archive, judged in place of the recording, gives the same events"
        )
    }

    private mutating func replay(_ truth: PassTruth) async throws {
        let replayed = path("replayed.packets")
        story.open(
            "Replay: from the archive, as it came",
            "perilune replay \(path("pass.plar")) --speed 50",
            "perilune replay \(path("pass.plar")) --speed 50 --to udp://127.0.0.1:10015"
        )
        var input = try TelemetryInput(InputRequest(paths: [path("pass.plar")]))
        let source = ReplaySource(
            layer: .packets,
            selection: .everything,
            timeCode: input.timeCode,
            includesIdle: false
        )
        let pace = ReplayPace(speed: 1000)
        let view = ReplayView(title: "", pace: pace, style: .silent, speech: try SpeechOptions.parse([]))
        var player = ReplayPlayer(source: source, detector: nil, pace: pace, view: view)
        try await player.play(&input, to: .path(replayed), replacing: true)
        story.tell(player.summary.words)
        story.check(
            try FileDigest.sha256(path: replayed) == truth.packetsSHA256,
            "what went out is what came in, packet for packet"
        )
    }

    private mutating func staySilent() throws {
        let pass = path("nominal.cadu")
        story.open(
            "Silence: a healthy pass with a slew and a burn",
            "perilune-generate --mission \(Self.mission) --scenario nominal --seed \(seed) --duration \(Int(duration)) --output \(pass)",
            "perilune detect \(pass) --mission \(Self.mission)"
        )
        _ = try write("nominal", to: pass, truth: nil)
        let events = try judge(request(pass)).filter { $0.event.severity >= .warning }
        story.check(
            events.isEmpty,
            "not one anomaly in \(Int(duration)) s",
            otherwise: events.map { $0.event.condition.rawValue }.joined(separator: ", ")
        )
    }

    // MARK: Tools

    private func request(_ path: String) -> InputRequest { InputRequest(paths: [path], mission: Self.mission) }

    /// An event with the zero of its seconds.
    private struct Judgement {
        let event: AnomalyEvent
        let origin: TAITime

        func seconds(from start: TAITime) -> Double {
            event.detected + Double(origin.nanoseconds - start.nanoseconds) * 1e-9
        }
    }

    private func judge(_ request: InputRequest) throws -> [Judgement] {
        var input = try TelemetryInput(request)
        var detector = try TelemetryDetector(
            database: craft.makeDatabase(),
            configuration: craft.monitorConfiguration,
            timeCode: input.timeCode
        )
        _ = try input.decode(into: &detector)
        detector.finish()
        guard let origin = detector.origin else { return [] }
        return detector.takeEvents().map { Judgement(event: $0, origin: origin) }
    }

    private static func counts(_ truth: PassTruth) -> [Int: Int] {
        let pairs = truth.channels.flatMap { $0.apids.map { ($0.apid, $0.packets) } }
        return Dictionary(pairs, uniquingKeysWith: +)
    }

    private static func counts(_ summary: LinkSummary) -> [Int: Int] {
        let pairs = summary.channels.flatMap { $0.apids.map { ($0.apid, $0.packets) } }.filter { $0.0 != 2047 }
        return Dictionary(pairs, uniquingKeysWith: +)
    }
}

/// Picks packets from a decode of the whole.
private struct PickingSink: LinkSink {
    let selection: PacketSelection
    let timeCode: TimeCode?
    var octets: [UInt8] = []

    mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        guard !packet.isIdle, selection.contains(packet, time: timeCode?.time(ofPacket: octets)) else { return }
        for index in octets.indices { self.octets.append(octets[index]) }
    }
}
