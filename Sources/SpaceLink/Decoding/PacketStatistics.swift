/// Counts the packets of one channel, by application process.
struct PacketStatistics: Sendable {
    private struct Entry {
        var packets = 0
        var octets = 0
        var firstSequence = 0
        var lastSequence = 0
        var gaps = 0
        var missing = 0
    }

    private(set) var packets = 0
    private(set) var octets = 0
    private var entries: [Entry] = []
    /// For each application process one more than its place in `entries`, or 0; empty until the first packet.
    private var places: [UInt16] = []

    /// Counts an encapsulation packet.
    mutating func countEncapsulation(octets length: Int) {
        packets += 1
        octets += length
    }

    /// Counts a space packet.
    mutating func count(apid: Int, sequenceCount: Int, octets length: Int) {
        packets += 1
        octets += length
        if places.isEmpty { places = [UInt16](repeating: 0, count: 2048) }
        let place = Int(places[apid])
        guard place > 0 else {
            entries.append(
                Entry(packets: 1, octets: length, firstSequence: sequenceCount, lastSequence: sequenceCount)
            )
            places[apid] = UInt16(entries.count)
            return
        }
        let missing = (sequenceCount - entries[place - 1].lastSequence - 1) & (SpacePacketHeader.sequenceModulus - 1)
        entries[place - 1].packets += 1
        entries[place - 1].octets += length
        entries[place - 1].lastSequence = sequenceCount
        if missing > 0 {
            entries[place - 1].gaps += 1
            entries[place - 1].missing += missing
        }
    }

    /// These counts and those of another stream of the same channel; sequence counts are those of each stream.
    func adding(_ other: PacketStatistics) -> PacketStatistics {
        var sum = self
        sum.packets += other.packets
        sum.octets += other.octets
        if sum.places.isEmpty { sum.places = [UInt16](repeating: 0, count: other.places.count) }
        for (apid, place) in other.places.enumerated() where place > 0 {
            let entry = other.entries[Int(place) - 1]
            let own = Int(sum.places[apid])
            if own == 0 {
                sum.entries.append(entry)
                sum.places[apid] = UInt16(sum.entries.count)
            } else {
                sum.entries[own - 1].packets += entry.packets
                sum.entries[own - 1].octets += entry.octets
                sum.entries[own - 1].lastSequence = entry.lastSequence
                sum.entries[own - 1].gaps += entry.gaps
                sum.entries[own - 1].missing += entry.missing
            }
        }
        return sum
    }

    /// Makes a count of nothing.
    init() {}

    /// Makes counts that were kept elsewhere.
    init(packets: Int, octets: Int, applications: [LinkSummary.Application]) {
        self.packets = packets
        self.octets = octets
        guard !applications.isEmpty else { return }
        places = [UInt16](repeating: 0, count: 2048)
        for application in applications {
            entries.append(
                Entry(
                    packets: application.packets,
                    octets: application.octets,
                    firstSequence: application.firstSequence,
                    lastSequence: application.lastSequence,
                    gaps: application.gaps,
                    missing: application.missing
                )
            )
            places[application.apid] = UInt16(entries.count)
        }
    }

    /// Adds the counts of packets that follow these.
    mutating func append(_ next: PacketStatistics) {
        packets += next.packets
        octets += next.octets
        if places.isEmpty { places = [UInt16](repeating: 0, count: next.places.count) }
        for (apid, place) in next.places.enumerated() where place > 0 {
            var entry = next.entries[Int(place) - 1]
            let own = Int(places[apid])
            guard own > 0 else {
                entries.append(entry)
                places[apid] = UInt16(entries.count)
                continue
            }
            let before = entries[own - 1]
            let step = (entry.firstSequence - before.lastSequence - 1) & (SpacePacketHeader.sequenceModulus - 1)
            entry.packets += before.packets
            entry.octets += before.octets
            entry.firstSequence = before.firstSequence
            entry.gaps += before.gaps + (step > 0 ? 1 : 0)
            entry.missing += before.missing + step
            entries[own - 1] = entry
        }
    }

    /// Whether a packet of this application process was counted.
    func knows(apid: Int) -> Bool { !places.isEmpty && places[apid] > 0 }

    /// The counts in order of application process.
    var applications: [LinkSummary.Application] {
        places.enumerated().compactMap { apid, place in
            guard place > 0 else { return nil }
            let entry = entries[Int(place) - 1]
            return LinkSummary.Application(
                apid: apid,
                packets: entry.packets,
                octets: entry.octets,
                firstSequence: entry.firstSequence,
                lastSequence: entry.lastSequence,
                gaps: entry.gaps,
                missing: entry.missing
            )
        }
    }
}
