import SpaceLink

/// A packet for the index of an archive of frames, and the ordinal of the first frame that is needed to rebuild it.
struct PacketNote: Sendable, Hashable {
    let packet: ArchiveUnit
    let needed: UInt64
}

/// Finds the packets that become complete with each frame that goes from one archive into another.
///
/// Whoever writes an archive from a link notes what the decoder finds. Frames that come from an archive are decoded once
/// more, in the order in which they are written, so that the index says of them what it would have said then.
struct PacketNotes {
    /// Tells the time that a packet tells.
    typealias Clock = (PacketRecord, Span<UInt8>) -> TAITime?

    private var rebuilder: PacketRebuilder
    private var ordinals = FrameOrdinals()
    private let onboardTime: Clock

    init(_ link: LinkDescription, onboardTime: @escaping Clock) throws(ArchiveError) {
        rebuilder = try PacketRebuilder(link, selection: ArchiveSelection())
        self.onboardTime = onboardTime
    }

    /// Takes the next frame.
    ///
    /// - Parameters:
    ///   - unit: What is known of it; its ordinal is the one that it has in the new archive.
    ///   - octets: The frame.
    /// - Returns: The packets that became complete with it.
    mutating func push(_ unit: ArchiveUnit, _ octets: Span<UInt8>) -> [PacketNote] {
        // Frames are named by their ordinals here: indices of several inputs would not go on from one to the next.
        var named = unit
        named.firstFrame = Int(unit.ordinal)
        named.lastFrame = named.firstFrame
        let hasPackets = rebuilder.push(named, octets)
        ordinals.append(
            index: named.firstFrame,
            of: ChannelKey(unit),
            isEntry: rebuilder.isEntry,
            ordinal: UInt64(unit.ordinal)
        )
        guard hasPackets else { return [] }
        var packets: [ArchiveUnit] = []
        _ = rebuilder.deliver(onboardTime) { packet, _ in
            packets.append(packet)
            return .next
        }
        var notes: [PacketNote] = []
        for packet in packets { notes.append(PacketNote(packet: packet, needed: ordinals.needed(for: packet))) }
        return notes
    }
}
