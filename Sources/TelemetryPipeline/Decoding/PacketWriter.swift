public import LinkIO
public import SpaceLink

/// How decoded octets are spread over files.
public enum OutputSplit: String, Sendable, CaseIterable {
    /// One file for each APID.
    case apid
    /// One file for each spacecraft and virtual channel.
    case channel
}

/// Writes packets or frames to a file, one behind the other, or to a file for each APID or channel.
public struct OctetSplitter: ~Copyable {
    private var single: OctetOutput?
    private var many: [Int: SharedOutput] = [:]
    private let folder: String
    private let replacing: Bool
    private let split: OutputSplit?
    private let ending: String
    /// Units written.
    public private(set) var units = 0
    /// Octets written.
    public private(set) var octets: Int64 = 0

    private static let badKey = Int.min

    private final class SharedOutput {
        private var output: OctetOutput?

        init(_ output: consuming OctetOutput) { self.output = consume output }

        func write(_ octets: Span<UInt8>) throws(IOFailure) { try output?.write(octets) }

        func commit() throws(IOFailure) { if let output = output.take() { try output.commit() } }
    }

    /// Opens the output.
    ///
    /// - Parameters:
    ///   - path: A file, `-`, or with a split the folder or prefix in which the files are made.
    ///   - split: How to spread.
    ///   - ending: The ending of split files.
    ///   - replacing: Whether files may be replaced.
    /// - Throws: What ``OctetOutput`` throws.
    public init(path: String, split: OutputSplit?, ending: String, replacing: Bool) throws(IOFailure) {
        folder = path == "-" ? "." : path
        self.split = split
        self.ending = ending
        self.replacing = replacing
        single = split == nil ? try OctetOutput(path: path, replacing: replacing) : nil
    }

    /// Writes a unit.
    ///
    /// - Parameters:
    ///   - span: Its octets.
    ///   - spacecraft: Whose it is.
    ///   - virtualChannel: Its channel.
    ///   - apid: Its APID, zero for frames.
    ///   - isBad: Whether it is a frame whose header is not to be believed; those get a file of their own.
    /// - Throws: What ``OctetOutput`` throws.
    public mutating func write(
        _ span: Span<UInt8>,
        spacecraft: Int,
        virtualChannel: Int,
        apid: Int,
        isBad: Bool = false
    ) throws(IOFailure) {
        units += 1
        octets += Int64(span.count)
        guard let split else {
            try single?.write(span)
            return
        }
        let key = isBad ? Self.badKey : split == .apid ? apid : spacecraft << 6 | virtualChannel
        if many[key] == nil {
            let channel = isBad ? "bad" : "channel-\(spacecraft)-\(virtualChannel)"
            let name = split == .apid ? "apid-\(apid)" : channel
            try Folders.make(folder)
            many[key] = SharedOutput(try OctetOutput(path: "\(folder)/\(name).\(ending)", replacing: replacing))
        }
        try many[key]?.write(span)
    }

    /// Makes all files appear.
    ///
    /// - Throws: What ``OctetOutput`` throws.
    public consuming func commit() throws(IOFailure) {
        if let output = single.take() { try output.commit() }
        for output in many.sorted(by: { $0.key < $1.key }) { try output.value.commit() }
    }
}

/// Writes frames or packets as they come, and keeps the first error.
public struct UnitWritingSink: LinkSink, ~Copyable {
    /// Which units are written.
    public enum Layer: Sendable {
        /// Transfer frames.
        case frames
        /// Packets.
        case packets
    }

    /// The first failure of the output.
    public private(set) var failure: IOFailure?
    /// The files.
    public var files: OctetSplitter
    private let layer: Layer
    private let selection: PacketSelection
    private let includesIdle: Bool
    private let timeCode: TimeCode?
    private var reassembler: PacketReassembler?
    /// Frames among those written that fail their checks.
    public private(set) var badFrames = 0
    /// Packets among those written that a gap broke off.
    public private(set) var partialPackets = 0
    /// Segments that made no whole packet; complete once ``finish()`` was called.
    public private(set) var lostSegments = 0

    /// Puts a sink before files.
    ///
    /// - Parameters:
    ///   - files: Where the units go.
    ///   - layer: Which units.
    ///   - selection: Which of them.
    ///   - includesIdle: Whether idle packets are written.
    ///   - timeCode: How packets tell the time, for a selection by time.
    ///   - reassembles: Whether segments are joined to whole packets.
    public init(
        files: consuming OctetSplitter,
        layer: Layer,
        selection: PacketSelection,
        includesIdle: Bool,
        timeCode: TimeCode?,
        reassembles: Bool = false
    ) {
        reassembler = reassembles ? PacketReassembler() : nil
        self.files = files
        self.layer = layer
        self.selection = selection
        self.includesIdle = includesIdle
        self.timeCode = timeCode
    }

    /// Writes a frame of a channel that is meant.
    public mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>) {
        guard layer == .frames, failure == nil, includesIdle || !frame.isIdle else { return }
        if !selection.channels.isEmpty {
            let channel = PacketSelection.Channel(spacecraft: frame.spacecraft, virtualChannel: frame.virtualChannel)
            guard selection.channels.contains(channel) else { return }
        }
        let isBad = frame.quality == .uncorrectable || frame.quality == .crcFailed
        badFrames += isBad ? 1 : 0
        write(octets, frame.spacecraft, frame.virtualChannel, 0, isBad: isBad)
    }

    /// Counts segments that were dropped.
    public mutating func droppedSegments(_ segments: DroppedSegments) { lostSegments += segments.segments }

    /// Ends the input: no segments come any more.
    public mutating func finish() {
        guard var reassembler = reassembler.take() else { return }
        reassembler.finish(into: &self)
    }

    /// Writes a packet that is meant.
    public mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        guard layer == .packets, failure == nil, includesIdle || !packet.isIdle else { return }
        if reassembler != nil, var joining = reassembler.take() {
            // It steps aside: what comes out of it is written.
            joining.push(packet, octets: octets, into: &self)
            reassembler = joining
            return
        }
        // The fill of an idle packet is no time, though it reads as one.
        let time = selection.hasTimeRange && !packet.isIdle ? timeCode?.time(ofPacket: octets) : nil
        guard selection.contains(packet, time: time) else { return }
        partialPackets += packet.isPartial ? 1 : 0
        write(octets, packet.spacecraft, packet.virtualChannel, packet.apid)
    }

    private mutating func write(
        _ octets: Span<UInt8>,
        _ spacecraft: Int,
        _ virtualChannel: Int,
        _ apid: Int,
        isBad: Bool = false
    ) {
        do throws(IOFailure) {
            try files.write(
                octets,
                spacecraft: spacecraft,
                virtualChannel: virtualChannel,
                apid: apid,
                isBad: isBad
            )
        } catch {
            failure = error
        }
    }

    /// Makes the files appear.
    ///
    /// - Throws: The first failure, if there was one.
    public consuming func commit() throws(IOFailure) {
        if let failure { throw failure }
        try files.commit()
    }
}
