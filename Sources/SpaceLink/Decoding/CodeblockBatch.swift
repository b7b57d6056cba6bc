import ChannelCoding

/// Codeblocks that were found and wait to be decoded, which can be done apart.
///
/// Most of the work on a link with a block code is in ``decode()``, which depends on nothing else. So a decoder can
/// collect codeblocks, have several batches decoded at a time, and take them in their order:
/// ```swift
/// var batch = decoder.makeBatch()
/// decoder.collect(octets, into: &batch)
/// batch.decode()                      // anywhere, while the next ones are collected
/// decoder.push(batch, into: &sink)
/// …
/// decoder.finish(into: &sink)         // behind collectRest(into:) and its batch
/// ```
/// What the sink gets is what ``LinkDecoder/push(_:into:)`` would give it, call by call.
public struct CodeblockBatch: Sendable {
    /// A codeblock; where it was found, if by its marker.
    struct Entry: Sendable {
        var place: FrameSynchronizer.Codeblock?
        var quality: FrameQuality?
    }

    private(set) var entries: [Entry] = []
    private(set) var octets: [UInt8] = []
    private let stage: CodeblockStage
    /// The octets of a codeblock.
    let length: Int
    /// The octets of input when the last codeblock was found.
    var received: Int64 = 0

    init(_ stage: CodeblockStage) {
        self.stage = stage
        length = stage.octets.count
    }

    /// The octets that the batch holds.
    public var octetCount: Int { octets.count }

    /// Adds a codeblock.
    mutating func append(_ codeblock: Span<UInt8>, at place: FrameSynchronizer.Codeblock? = nil) {
        entries.append(Entry(place: place))
        octets.append(codeblock)
    }

    /// Decodes all codeblocks.
    public mutating func decode() {
        var stage = stage
        for index in entries.indices {
            let range = index * length..<(index + 1) * length
            let place = entries[index].place
            entries[index].quality = Self.quality(
                of: octets.span.extracting(range),
                &stage,
                isInverted: place?.isInverted ?? false,
                slipBehind: place?.slipBehind
            )
            octets.replaceSubrange(range, with: stage.octets)
        }
    }

    private static func quality(
        of codeblock: Span<UInt8>,
        _ stage: inout CodeblockStage,
        isInverted: Bool,
        slipBehind: Int?
    ) -> FrameQuality? {
        let quality = stage.decode(codeblock, isInverted: isInverted)
        guard case .corrected = quality, stage.isDoubtful(codeblock, slipBehind: slipBehind) else { return quality }
        return .uncorrectable
    }

    /// Forgets all codeblocks and keeps the storage.
    public mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        octets.removeAll(keepingCapacity: true)
    }
}

/// Decoding in batches.
extension LinkDecoder {
    /// Whether codeblocks of this link can be decoded apart: hard ones, by marker or of fixed length.
    public var decodesInBatches: Bool {
        guard envelope == nil, wrappedCutter == nil, units.codeblocks != nil, units.history == nil else { return false }
        return road == .codeblocks || road == .cadus && channel.scale == .one
    }

    /// An empty batch for the codeblocks of this link; nothing if ``decodesInBatches`` is false.
    public func makeBatch() -> CodeblockBatch? {
        guard decodesInBatches, let stage = units.codeblocks else { return nil }
        return CodeblockBatch(stage)
    }

    /// Takes the next octets of the input and finds the codeblocks in them.
    ///
    /// - Parameters:
    ///   - octets: Octets that follow those taken before.
    ///   - batch: Takes the codeblocks.
    public mutating func collect(_ octets: Span<UInt8>, into batch: inout CodeblockBatch) {
        guard !isFinished else { return }
        received += Int64(octets.count)
        batch.received = received
        if road == .codeblocks {
            let frame = units.headerLength..<units.unitLength - units.trailerLength
            cutter.push(octets) { batch.append($0.extracting(frame)) }
        } else {
            channel.push(octets) { bits in synchronizer?.push(bits) { batch.append($1, at: $0) } }
        }
    }

    /// Finds the codeblocks that waited for more input.
    ///
    /// - Parameter batch: Takes them.
    public mutating func collectRest(into batch: inout CodeblockBatch) {
        guard !isFinished else { return }
        batch.received = received
        synchronizer?.finish { batch.append($1, at: $0) }
    }

    /// Takes a batch that is decoded.
    ///
    /// - Parameters:
    ///   - batch: The batch behind the one taken before.
    ///   - sink: Takes what comes of it.
    public mutating func push(_ batch: borrowing CodeblockBatch, into sink: inout (some LinkSink & ~Copyable)) {
        let octets = batch.octets.span
        for (index, entry) in batch.entries.enumerated() {
            var unit: FrameUnit
            if let place = entry.place {
                unit = units.place(place, received: batch.received, into: &sink)
            } else {
                unit = units.nextUnit(length: units.unitLength)
            }
            unit.codeQuality = entry.quality
            let codeblock = octets.extracting(index * batch.length..<(index + 1) * batch.length)
            units.take(decoded: codeblock, unit, into: &sink)
        }
    }
}
