import ChannelCoding

/// A full chunk on its way to be packed, by whichever task.
package struct ChunkJob: Sendable {
    /// Counts the chunks of one writer, from 0; they go back to it in this order.
    package let number: Int
    let chunk: OpenChunk
}

/// A chunk that was packed: all of its member but what only the writer knows, its place and what it follows.
package struct PackedChunk: Sendable {
    /// The number of the job.
    package let number: Int
    /// The header as far as it is known.
    let header: MemberHeader
    let body: MemberBody
    /// The table of units, in as many parts as headers are needed for it.
    let table: [UnitTablePart]
    /// What the index will say; `nil` if it cannot say all.
    let keys: [IndexKey]?
    /// What was packed; its memory serves a later chunk.
    let spent: OpenChunk
}

/// Packs chunks, one after the other: what it learns of one serves the next.
///
/// What comes out depends on the chunks that went through this lane and on nothing else. So chunks that are dealt to
/// several lanes in turn give the same octets each time, whichever lane is done first.
package struct ChunkLane: ~Copyable {
    private let content: ArchiveContent
    private let form: ArchiveSettings.Form
    private var deflater: Deflater
    private var packer: ChunkPacker
    /// Chunks until the octets as they are get another trial.
    private var untilTrial = 0

    /// Chunks from one trial to the next while columns are far better.
    private static let trialInterval = 16

    /// Makes a lane.
    ///
    /// - Parameters:
    ///   - content: What the archive keeps.
    ///   - settings: How it is written.
    package init(content: ArchiveContent, settings: ArchiveSettings) {
        self.content = content
        form = settings.form
        deflater = Deflater(level: settings.level)
        packer = ChunkPacker(level: settings.level)
    }

    /// Packs a chunk, if that gives the same octets back and is smaller than raw.
    ///
    /// - Parameter job: The chunk.
    /// - Returns: What the writer wants back.
    /// - Throws: `.zlib` if it fails.
    package mutating func pack(_ job: ChunkJob) throws(ArchiveError) -> PackedChunk {
        let chunk = job.chunk
        let table = UnitTable.encode(chunk.units, octets: chunk.octets.span)
        var header = MemberHeader(kind: .raw, sequence: 0, firstOrdinal: chunk.firstOrdinal)
        header.flags = content == .packets ? 1 : 0
        header.unitCount = UInt32(chunk.units.count)
        header.rawSize = UInt32(chunk.octets.count)
        header.reception = chunk.reception
        header.onboard = chunk.onboard
        header.rawChecksum = CRC32C.checksum(chunk.octets.span)
        let body = try body(of: chunk, &header)
        return PackedChunk(
            number: job.number,
            header: header,
            body: body,
            table: try UnitTablePart.split(table, at: 0),
            keys: chunk.indexKeys,
            spent: chunk
        )
    }

    private mutating func body(of chunk: OpenChunk, _ header: inout MemberHeader) throws(ArchiveError) -> MemberBody {
        let octets = chunk.octets  // a second reference, no copy
        var packed: PackedOctets?
        if form == .packed {
            packed = try packer.pack(octets, lengths: chunk.units.map(\.length), arePackets: content == .packets)
        }
        if let packed, try isSmaller(packed.deflate.count, than: octets) {
            header.mark(packed)
            return MemberBody(deflate: packed.deflate, inflated: packed.payload.span)
        }
        var deflate: [UInt8] = []
        try deflater.compress(octets.span, into: &deflate)
        if let packed, packed.deflate.count < deflate.count {
            note(packed.deflate.count, of: octets.count, against: deflate.count, of: octets.count)
            header.mark(packed)
            return MemberBody(deflate: packed.deflate, inflated: packed.payload.span)
        }
        return MemberBody(deflate: deflate, inflated: octets.span)
    }

    /// Whether the octets as they are would clearly come to more, by a sample or because they just did.
    private mutating func isSmaller(_ size: Int, than octets: [UInt8]) throws(ArchiveError) -> Bool {
        if untilTrial > 0, size < octets.count / 2 {
            untilTrial -= 1
            return true
        }
        untilTrial = 0
        let count = ArchiveSettings.sampleSize
        guard octets.count > 2 * count else { return false }
        var deflate: [UInt8] = []
        let middle = (octets.count - count) / 2
        try deflater.compress(octets.span.extracting(middle..<(middle + count)), into: &deflate)
        note(size, of: octets.count, against: deflate.count, of: count)
        // A quarter more, because a window of 32 KiB finds more in the whole than in a sample.
        return size * count * 5 / 4 < deflate.count * octets.count
    }

    /// Leaves out the next trials if the octets as they are came to twice as much at least.
    private mutating func note(_ size: Int, of whole: Int, against deflated: Int, of sample: Int) {
        if 2 * size * sample < deflated * whole { untilTrial = ChunkLane.trialInterval - 1 }
    }
}

/// Has chunks that others pack, and takes them back.
package protocol ChunkOwner: ~Copyable {
    /// Lets full chunks wait from now on.
    mutating func packElsewhere()
    /// Ends the chunk that gathers, though it is not full; it waits with the others.
    mutating func cut()
    /// The chunks that became full since the last call, in order.
    mutating func takeJobs() -> [ChunkJob]
    /// Stores a chunk that was packed; they come back in the order in which they were taken.
    mutating func append(_ packed: PackedChunk) throws(ArchiveError)
}
