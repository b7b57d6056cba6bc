import SpaceLink
import TelemetryPipeline

/// What `inspect` tells a person.
struct InspectReport {
    let lines: [String]

    init(name: String, origin: String, summary: LinkSummary, paint: Paint) {
        var lines = [paint.bold(name)]
        lines.append("  link       \(origin)")
        let frames = summary.frames
        if frames.total > 0 {
            var parts = ["\(Quantity.count(frames.total)) found"]
            if frames.good > 0 { parts.append("\(Quantity.count(frames.good)) good") }
            if frames.corrected > 0 {
                parts.append(
                    "\(Quantity.count(frames.corrected)) corrected (\(Quantity.count(frames.correctedSymbols)) symbols)"
                )
            }
            if frames.unchecked > 0 { parts.append("\(Quantity.count(frames.unchecked)) without check") }
            if frames.uncorrectable > 0 {
                parts.append(paint.red("\(Quantity.count(frames.uncorrectable)) uncorrectable"))
            }
            if frames.crcFailed > 0 {
                parts.append(paint.red("\(Quantity.count(frames.crcFailed)) failed their check"))
            }
            if frames.rejected > 0 { parts.append(paint.yellow("\(Quantity.count(frames.rejected)) rejected")) }
            lines.append("  frames     " + parts.joined(separator: ", "))
        }
        let foreign = Self.foreignChannels(summary)
        for channel in summary.channels where !foreign.contains(channel) { lines += Self.lines(channel, paint) }
        if !foreign.isEmpty {
            let names = foreign.prefix(6).map { "\($0.spacecraft)/\($0.virtualChannel)" }.joined(separator: ", ")
            let more = foreign.count > 6 ? ", …" : ""
            lines += [
                "",
                paint.yellow("  \(foreign.count) channels look foreign (few frames, no continuity): \(names)\(more)"),
            ]
        }
        lines += Self.ledger(summary, paint)
        self.lines = lines
    }

    /// Channels that a wrong link, noise, or another spacecraft left behind.
    private static func foreignChannels(_ summary: LinkSummary) -> [LinkSummary.Channel] {
        let largest = summary.channels.map(\.frames).max() ?? 0
        guard largest >= 20 || summary.channels.count > 16 else { return [] }
        return summary.channels.filter { channel in
            let followed = channel.frames - 1 - channel.gaps - channel.resets
            return channel.frames > 0 && followed * 4 < channel.frames && channel.frames * 20 < max(largest, 20)
        }
    }

    private static func lines(_ channel: LinkSummary.Channel, _ paint: Paint) -> [String] {
        var title = "  spacecraft \(channel.spacecraft), virtual channel \(channel.virtualChannel): "
        if channel.frames > 0 {
            title += "\(Quantity.count(channel.frames)) frames (\(channel.firstCount) to \(channel.lastCount)), "
            if channel.missing > 0 {
                title +=
                    paint.yellow("\(Quantity.count(channel.missing)) missing in \(Quantity.count(channel.gaps)) gaps")
                    + ", "
            }
            if channel.duplicates > 0 { title += "\(Quantity.count(channel.duplicates)) duplicates, " }
            if channel.resets > 0 { title += "\(Quantity.count(channel.resets)) counter resets, " }
        }
        title += "\(Quantity.count(channel.packets)) packets, \(Quantity.octets(Double(channel.packetOctets)))"
        var table = TextTable([
            ("APID", .right), ("packets", .right), ("octets", .right), ("sequence", .left), ("gaps", .right),
            ("missing", .right),
        ])
        for apid in channel.apids {
            table.add([
                apid.apid == 2047 ? "idle" : String(apid.apid), Quantity.count(apid.packets),
                Quantity.count(apid.octets),
                "\(apid.firstSequence)…\(apid.lastSequence)", Quantity.count(apid.gaps), Quantity.count(apid.missing),
            ])
        }
        return ["", title] + (channel.apids.isEmpty ? [] : table.lines(indent: 4))
    }

    private static func ledger(_ summary: LinkSummary, _ paint: Paint) -> [String] {
        let total = max(Double(summary.octets), 1)
        var lines = ["", "  octets     \(Quantity.count(summary.octets)) in"]
        lines.append(
            "             \(Quantity.count(summary.used)) used (\(Quantity.fixed(Double(summary.used) / total * 100, 2)) %)"
        )
        for reason in DiscardReason.allCases {
            guard let count = summary.discarded[reason], count > 0 else { continue }
            lines.append(paint.yellow("             \(Quantity.count(count)) \(reason.words)"))
        }
        return lines
    }
}

extension DiscardReason {
    /// The reason in words.
    var words: String {
        switch self {
        case .unsynchronized: "outside any frame (unsynchronized)"
        case .truncatedFrame: "of a frame cut short (truncatedFrame)"
        case .uncorrectable: "in codeblocks beyond correction (uncorrectable)"
        case .frameVersion: "in frames of another version (frameVersion)"
        case .frameHeader: "in frames with a bad header (frameHeader)"
        case .frameCheck: "in frames that fail their check (frameCheck)"
        case .foreignSpacecraft: "of other spacecraft (foreignSpacecraft)"
        case .duplicateFrame: "in repeated frames (duplicateFrame)"
        case .beforeFirstPacket: "before the first packet header (beforeFirstPacket)"
        case .interruptedPacket: "of packets broken off (interruptedPacket)"
        case .packetVersion: "behind an unknown packet version (packetVersion)"
        case .packetLength: "with an impossible packet length (packetLength)"
        case .incompletePacket: "of packets that the end cut off (incompletePacket)"
        }
    }
}
