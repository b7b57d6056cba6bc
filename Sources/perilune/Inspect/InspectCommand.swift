import ArgumentParser
import SpaceLink
import TelemetryPipeline

/// `perilune inspect`: what is in this file.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Say what is in a recording: layers, spacecraft, channels, gaps, quality, and every octet's fate.",
        discussion: """
            The layer and the link's parameters are recognised unless they are given. The ledger accounts for every \
            octet that came in; --explain locates each one that was not used.

            Examples:
              perilune inspect pass.cadu
              perilune inspect change5.u8 --link change-5 --explain
              perilune inspect frames.bin --frame aos --frame-length 220 --insert-zone 8 --json
              perilune inspect long.cadu --jobs 0
            """
    )

    @OptionGroup var input: InputOptions
    @OptionGroup var work: WorkOptions
    @OptionGroup var speech: SpeechOptions

    @Flag(help: "Locate every discarded stretch: offset, length, reason and rule.")
    var explain = false

    @Flag(help: "Print the effective link description as JSON and stop.")
    var printLink = false

    @Option(help: ArgumentHelp("Show one packet (counted from 0) as hex beside its header.", valueName: "n"))
    var packet: Int?

    func validate() throws {
        guard work.segment == nil || speech.json else { throw ValidationError("--segment N needs --json") }
    }

    func run() async throws {
        var telemetry = try TelemetryInput(input.request())
        if printLink {
            print(try telemetry.linkText())
            return
        }
        var sink = InspectSink(explain: explain, wantedPacket: packet, json: speech.json)
        var bar = speech.bar("reading")
        let segment: LinkSegment?
        let summary: LinkSummary
        if work.segment != nil {
            let found = try telemetry.decodeSegment(into: &sink) { bar.update(octets: $1, of: $2) }
            var silent = SilentSink()
            summary = found.finish(into: &silent)
            segment = found
        } else {
            summary = try await telemetry.decode(into: &sink, jobs: work.taskCount) { bar.update(octets: $1, of: $2) }
            segment = nil
        }
        bar.finish()
        if speech.json {
            print(work.doneLine(summary, segment), terminator: "")
        } else {
            let report = InspectReport(
                name: telemetry.name,
                origin: telemetry.origin,
                summary: summary,
                paint: speech.paint
            )
            for line in report.lines { print(line) }
        }
        if let packet, !sink.packetShown {
            throw Failure("\(telemetry.name): has no packet \(packet); it has \(sink.packets), counted from 0")
        }
        try telemetry.requireSomething(summary)
    }
}

/// Prints discards as they come, and one packet in full.
private struct InspectSink: LinkSink {
    let explain: Bool
    let wantedPacket: Int?
    let json: Bool
    var packets = 0
    var packetShown = false

    mutating func discard(_ discard: Discard) {
        guard explain else { return }
        if json {
            print(EventLine("discard", DiscardEvent(discard)).text, terminator: "")
        } else {
            let place = [
                discard.frame.map { "frame \($0)" }, discard.spacecraft.map { "spacecraft \($0)" },
                discard.virtualChannel.map { "channel \($0)" },
            ]
            let owner = place.compactMap(\.self).joined(separator: ", ")
            print(
                "discarded \(discard.length) octets at \(discard.offset)\(owner.isEmpty ? "" : " (\(owner))"): "
                    + "\(discard.reason.rawValue): \(discard.rule)"
            )
        }
    }

    mutating func gap(_ gap: ChannelGap) {
        guard explain else { return }
        if json {
            print(EventLine("gap", GapEvent(gap)).text, terminator: "")
        } else {
            print(
                "gap of \(gap.missing) frames before frame \(gap.frame), spacecraft \(gap.spacecraft), channel \(gap.virtualChannel)"
            )
        }
    }

    mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        defer { packets += 1 }
        guard packets == wantedPacket else { return }
        packetShown = true
        for line in HexDump.lines(packet, octets) { print(line) }
    }
}

/// A packet as people read it.
enum HexDump {
    /// The header's fields, then the octets by sixteen.
    static func lines(_ packet: PacketRecord, _ octets: Span<UInt8>) -> [String] {
        var lines = [
            """
            spacecraft \(packet.spacecraft), channel \(packet.virtualChannel), APID \(packet.apid), sequence count \
            \(packet.sequenceCount), \(octets.count) octets, frames \(packet.firstFrame) to \(packet.lastFrame)
            """
        ]
        for start in stride(from: 0, to: octets.count, by: 16) {
            let end = min(start + 16, octets.count)
            var hex = ""
            var text = ""
            for index in start..<end {
                let octet = octets[index]
                hex += (octet < 16 ? "0" : "") + String(octet, radix: 16) + (index % 8 == 7 ? "  " : " ")
                text += (0x20..<0x7F).contains(octet) ? String(UnicodeScalar(octet)) : "·"
            }
            let offset = String(start, radix: 16)
            let gap = String(repeating: " ", count: max(0, 50 - hex.count))
            lines.append(String(repeating: "0", count: max(0, 6 - offset.count)) + offset + "  \(hex)\(gap)\(text)")
        }
        return lines
    }
}
