import ChannelCoding

/// An archive as it was when its parity was made, as far as the parity can heal it; what came behind is as it is.
///
/// ```swift
/// let healed = try HealedArchive(source, parity: paritySource)
/// print(healed.report.healablePages)
/// let reader = try ArchiveReader(healed)      // reads over damage that can be healed
/// ```
/// Octets that were inserted or lost in the middle move everything behind them; that is not healed. What is healed has
/// the checksum it had; that the whole is what it was, ``isProven()`` tells.
public struct HealedArchive<Source: ArchiveSource>: ArchiveSource {
    /// What the parity says of the archive.
    public let report: ParityReport
    /// Octets, with those that were cut off and can be healed.
    public let size: Int64

    private let source: Source
    private let parity: ParityFile<Source>?
    /// Pages, counted from the start of the archive, that are read from what was healed.
    private let healable: Set<Int>
    private let cache = HealedPages()

    /// Compares all of an archive with its parity.
    ///
    /// - Parameters:
    ///   - source: The archive.
    ///   - parity: Its parity.
    /// - Throws: A failure of a source, or `.unsupportedVersion`. Damage is no error here.
    public init(_ source: Source, parity: Source) throws(ArchiveError) {
        let file = try ParityFile(parity)
        var survey = ParitySurvey(source, file)
        try survey.run()
        self.source = source
        self.parity = file
        report = survey.report
        healable = survey.healable
        size = survey.healedSize
    }

    /// Presents a source as it is, for where one without parity stands beside one with.
    ///
    /// - Parameter source: An archive or a journal.
    public init(unhealed source: Source) {
        self.source = source
        parity = nil
        healable = []
        size = source.size
        report = ParityReport(archiveLength: source.size)
    }

    /// Reads octets, damaged pages from what was healed.
    public func read(at offset: Int64, into buffer: inout [UInt8], count: Int) throws(ArchiveError) {
        try source.read(at: offset, into: &buffer, count: count)
        guard offset >= 0, offset < size, count > 0, !healable.isEmpty else { return }
        let end = offset + min(Int64(count), size - offset)
        let length = Int(end - offset)
        if buffer.count < length { buffer.append(contentsOf: repeatElement(0, count: length - buffer.count)) }
        let pageLength = Int64(ParityGeometry.pageLength)
        for page in Int(offset / pageLength)...Int((end - 1) / pageLength) where healable.contains(page) {
            guard let octets = try healed(page) else { continue }
            let start = Int64(page) * pageLength
            let covered = min(start + Int64(octets.count), end)
            let from = max(start, offset)
            guard from < covered else { continue }
            let piece = octets.span.extracting(Int(from - start)..<Int(covered - start))
            buffer.put(piece, at: Int(from - offset))
        }
    }

    /// Whether all that is covered has, healed, the SHA-256 that the archive had when the parity was made.
    ///
    /// - Returns: `false` too if the end of what is covered is not known.
    /// - Throws: A failure of a source.
    public func isProven() throws(ArchiveError) -> Bool {
        guard report.isEndKnown, let digest = parity?.last?.digest, size >= report.coveredLength else { return false }
        var fingerprint = Fingerprint()
        try forEachPiece(upTo: report.coveredLength) { piece in fingerprint.push(piece) }
        return fingerprint.octets == digest
    }

    /// The octets of a page that was healed, or `nil` if that failed after all.
    private func healed(_ page: Int) throws(ArchiveError) -> [UInt8]? {
        let (number, place) = page.quotientAndRemainder(dividingBy: ParityGeometry.groupPages)
        guard let parity, let entry = parity.entries[number] else { return nil }
        if cache.group != number {
            cache.group = number
            cache.pages = [:]
        }
        if let octets = cache.pages[place] { return octets }
        let stripe = StripeHealer(source: source, parity: parity, entry: entry, stripe: place % ParityGeometry.stripes)
        for (page, octets) in try stripe.heal() { cache.pages[page] = octets }
        return cache.pages[place]
    }
}

/// What was healed of the group that was read last: at most four pages of each stripe, a mebioctet.
private final class HealedPages {
    var group = -1
    var pages: [Int: [UInt8]] = [:]
}

/// Heals the pages of one stripe of a group.
private struct StripeHealer<Source: ArchiveSource> {
    let source: Source
    let parity: ParityFile<Source>
    let entry: ParityFile<Source>.Entry
    let stripe: Int

    /// The pages that were damaged, by their place in the group.
    func heal() throws(ArchiveError) -> [(page: Int, octets: [UInt8])] {
        let group = entry.group
        guard let checksums = try parity.checksums(entry, stripe: stripe) else { return [] }
        var sums = PageSums(codewords: 1)
        let parityPages = group.parityPages(ofStripe: stripe)
        var exponent = checksums.count + parityPages
        var missing: [(exponent: Int, row: Int?)] = []
        for row in checksums.indices {
            exponent -= 1
            let page = row * ParityGeometry.stripes + stripe
            let octets = try PageReader.page(page, of: group, from: source)
            if let octets, CRC32C.checksum(octets.span) == checksums[row] {
                sums.push(octets.span)
            } else {
                sums.pushNothing()
                missing.append((exponent, row))
            }
        }
        for index in 0..<parityPages {
            exponent -= 1
            if let block = try parity.block(entry, stripe: stripe, index: index) {
                sums.push(block.page.span)
            } else {
                sums.pushNothing()
                missing.append((exponent, nil))
            }
        }
        guard missing.count <= parityPages else { return [] }
        var healed: [(page: Int, octets: [UInt8])] = []
        for (place, octets) in zip(missing, sums.pages(missing: missing.map(\.exponent))) {
            guard let row = place.row, CRC32C.checksum(octets.span) == checksums[row] else { continue }
            let page = row * ParityGeometry.stripes + stripe
            healed.append((page, Array(octets.prefix(group.octets(ofPage: page).count))))
        }
        return healed
    }
}

/// Reads the pages of a group.
private enum PageReader {
    /// A page filled up with zeros, or `nil` if the source ends before its octets do.
    static func page(
        _ page: Int,
        of group: ParityGroup,
        from source: some ArchiveSource
    ) throws(ArchiveError) -> [UInt8]? {
        let octets = group.octets(ofPage: page)
        guard octets.upperBound <= source.size else { return nil }
        var buffer: [UInt8] = []
        try source.read(at: octets.lowerBound, into: &buffer, count: octets.count)
        guard buffer.count == octets.count else { return nil }
        buffer.append(contentsOf: repeatElement(0, count: ParityGeometry.pageLength - buffer.count))
        return buffer
    }
}

/// Compares an archive with its parity, page by page.
private struct ParitySurvey<Source: ArchiveSource> {
    private let source: Source
    private let parity: ParityFile<Source>
    private(set) var report: ParityReport
    private(set) var healable: Set<Int> = []

    init(_ source: Source, _ parity: ParityFile<Source>) {
        self.source = source
        self.parity = parity
        report = ParityReport(archiveLength: source.size)
        report.damage = parity.damage
        report.missingBlocks = parity.missingBlocks
        report.blocks = parity.entries.values.reduce(0) { $0 + Int64($1.blocks) }
        guard let last = parity.last else { return }
        report.isEndKnown = last.isLast
        report.coveredLength = last.group.offset + Int64(last.group.length)
        report.pages = Int64(last.group.number) * Int64(ParityGeometry.groupPages) + Int64(last.group.pages)
    }

    mutating func run() throws(ArchiveError) {
        var known: Int64 = 0
        for (_, entry) in parity.entries.sorted(by: { $0.key < $1.key }) {
            known += Int64(entry.group.pages)
            try check(entry)
        }
        report.uncheckedPages += report.pages - known
    }

    /// The archive's size with the pages at its end that can be healed.
    var healedSize: Int64 {
        guard source.size < report.coveredLength else { return source.size }
        var page = Int(source.size / Int64(ParityGeometry.pageLength))
        guard healable.contains(page) else { return source.size }
        while healable.contains(page) { page += 1 }
        return min(Int64(page) * Int64(ParityGeometry.pageLength), report.coveredLength)
    }

    private mutating func check(_ entry: ParityFile<Source>.Entry) throws(ArchiveError) {
        let group = entry.group
        var tables: [[UInt32]?] = []
        for stripe in 0..<group.stripes { tables.append(try parity.checksums(entry, stripe: stripe)) }
        var damaged: [[Int]] = Array(repeating: [], count: group.stripes)
        var row: [UInt8] = []
        for index in 0..<group.rows {
            let first = index * ParityGeometry.stripes
            let octets = group.octets(ofRow: index)
            try source.read(at: octets.lowerBound, into: &row, count: octets.count)
            let present = min(row.count, octets.count)
            let pages = min(ParityGeometry.stripes, group.pages - first)
            row.append(contentsOf: repeatElement(0, count: pages * ParityGeometry.pageLength - present))
            for stripe in 0..<pages {
                guard let table = tables[stripe] else {
                    report.uncheckedPages += 1
                    continue
                }
                let start = stripe * ParityGeometry.pageLength
                let end = start + ParityGeometry.pageLength
                let isPresent = min(end, octets.count) <= present
                if isPresent, CRC32C.checksum(row.span.extracting(start..<end)) == table[index] { continue }
                damaged[stripe].append(first + stripe)
            }
        }
        var lost: [Int] = []
        for stripe in damaged.indices where !damaged[stripe].isEmpty {
            report.damagedPages += Int64(damaged[stripe].count)
            if damaged[stripe].count <= entry.available(stripe) {
                let first = group.number * ParityGeometry.groupPages
                healable.formUnion(damaged[stripe].map { first + $0 })
                report.healablePages += Int64(damaged[stripe].count)
            } else {
                lost += damaged[stripe]
            }
        }
        for page in lost.sorted() { lose(group.octets(ofPage: page)) }
    }

    private mutating func lose(_ octets: Range<Int64>) {
        if let last = report.unhealable.last, last.upperBound == octets.lowerBound {
            report.unhealable[report.unhealable.count - 1] = last.lowerBound..<octets.upperBound
        } else {
            report.unhealable.append(octets)
        }
    }
}

extension ArchiveSource {
    /// Visits octets in order from the first one on, a mebioctet at a time.
    ///
    /// - Parameters:
    ///   - end: Where to end; the source's end if absent.
    ///   - body: Takes the next octets.
    /// - Throws: A failure of the source, also if it became shorter, or what `body` throws.
    public func forEachPiece(
        upTo end: Int64? = nil,
        _ body: (Span<UInt8>) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        let end = end ?? size
        var offset: Int64 = 0
        var buffer: [UInt8] = []
        while offset < end {
            try read(at: offset, into: &buffer, count: Int(min(end - offset, 1 << 20)))
            guard !buffer.isEmpty else {
                throw .storage(operation: "read", reason: "it became shorter than \(end) octets")
            }
            try body(buffer.span)
            offset += Int64(buffer.count)
        }
    }
}
