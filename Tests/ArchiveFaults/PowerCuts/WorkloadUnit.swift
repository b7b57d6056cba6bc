import SpaceLink
import TelemetryArchive

/// A packet, or a frame with the packets that become complete with it.
struct WorkloadUnit: Sendable {
    enum Record: Sendable {
        case packet(PacketRecord)
        case frame(FrameRecord, packets: [(record: PacketRecord, length: Int)])
    }

    fileprivate(set) var record: Record
    let octets: [UInt8]

    /// The first units of a stream.
    static func units(_ content: SampleStream.Content, seed: UInt64, count: Int) -> [WorkloadUnit] {
        var sink = UnitSink(content: content)
        let length = 300 * (count + 2)
        if let octets = try? SampleStream.octets(content, count: length, seed: seed),
            var decoder = try? LinkDecoder(SampleStream.link(content))
        {
            decoder.push(octets.span, into: &sink)
        }
        return Array(sink.units.prefix(count))
    }

    /// What an archive is to say of it.
    func kept(_ ordinal: Int) -> ArchiveUnit {
        var unit =
            switch record {
            case .packet(let packet): ArchiveUnit(packet: packet, length: octets.count)
            case .frame(let frame, _): ArchiveUnit(frame: frame, length: octets.count)
            }
        unit.ordinal = Int64(ordinal)
        return unit
    }

    func append<Folder: ArchiveFolder>(to archive: inout LiveArchive<Folder>) throws(ArchiveError) {
        switch record {
        case .packet(let packet): try archive.append(packet: packet, onboardTime: nil, octets: octets.span)
        case .frame(let frame, let packets):
            try archive.append(frame: frame, octets: octets.span)
            for packet in packets { try archive.note(packet: packet.record, onboardTime: nil, length: packet.length) }
        }
    }
}

/// Keeps what a decoder finds as units.
private struct UnitSink: LinkSink {
    let content: SampleStream.Content
    var units: [WorkloadUnit] = []

    mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>) {
        guard content == .frames else { return }
        units.append(WorkloadUnit(record: .frame(frame, packets: []), octets: octets.copied))
    }

    mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        guard content == .frames else {
            return units.append(WorkloadUnit(record: .packet(packet), octets: octets.copied))
        }
        guard let last = units.indices.last, case .frame(let frame, let packets) = units[last].record else { return }
        units[last].record = .frame(frame, packets: packets + [(packet, octets.count)])
    }
}
