import ChannelCoding
import FuzzSupport

/// Builds a stream of markers, codeblocks and damage, and looks for its codeblocks whole and in pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func trySynchronizer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var choices = unsafe Choices(start, count)
    let settings = FrameSynchronizer.Settings(choosing: &choices)
    let isChecked = choices.flag()
    var cut = choices
    _ = choices.octets(2)
    var stream = Stream(settings)
    while !choices.isEmpty, stream.bits.count < 20_000 { stream.append(&choices) }
    let octets = stream.bits.octets
    Explanation.print(settings, octets)
    let whole = find(settings, isChecked, octets, [0..<octets.count])
    hold(whole, settings, octets)
    let pieces = cut.pieces(of: octets.count)
    expect(find(settings, isChecked, octets, pieces) == whole, "the codeblocks depend on the cut of the input")
    return 0
}

extension FrameSynchronizer.Settings {
    fileprivate init(choosing choices: inout Choices) {
        let marker = choices.flag() ? SyncMarker.standard : choices.octets(choices.number(2...9))
        let limit = min(4 * marker.count - 1, choices.one(of: [3, 0, 1, 7, 31]))
        self.init(
            marker: marker,
            codeblockLength: choices.number(1...40),
            searchTolerance: choices.number(0...limit),
            lockTolerance: choices.number(0...limit),
            verify: choices.one(of: [1, 0, 2, 3, 16]),
            flywheel: choices.one(of: [2, 0, 1, 3, 16]),
            slipWindow: choices.number(0...8),
            inverted: choices.flag(),
            recovery: choices.flag() ? .flywheel : .research,
            unsentBits: choices.one(of: [0, 0, 0, 1, 4, 7])
        )
    }
}

/// An input, built from choices.
private struct Stream {
    var bits = BitStream()
    private let settings: FrameSynchronizer.Settings

    init(_ settings: FrameSynchronizer.Settings) { self.settings = settings }

    mutating func append(_ choices: inout Choices) {
        switch choices.octet() % 10 {
        case 0, 1, 2: appendFrame(choices.noise(settings.codeblockLength))
        case 3:
            appendFrame(choices.noise(settings.codeblockLength))
            for _ in 0..<choices.number(1...8) {
                let place = choices.number(0...8 * settings.marker.count - 1)
                bits.flip(fromEnd: 8 * settings.codeblockLength - settings.unsentBits + place)
            }
        case 4: appendFrame(choices.octets(settings.codeblockLength))
        case 5: bits.removeLast(choices.number(1...40))
        case 6: bits.isInverted.toggle()
        case 7: bits.append(settings.marker, bits: choices.number(1...8 * settings.marker.count))
        case 8:
            // Markers inside a codeblock, right behind one another.
            appendFrame((0..<settings.codeblockLength).map { settings.marker[$0 % settings.marker.count] })
        default: bits.append(choices.octets(5), bits: choices.number(1...40))
        }
    }

    private mutating func appendFrame(_ data: [UInt8]) {
        bits.append(settings.marker)
        var codeblock = data
        // The sum of octets is zero where the check looks.
        codeblock[codeblock.count - 1] = codeblock.dropLast().reduce(0, ^)
        bits.append(codeblock, bits: 8 * codeblock.count - settings.unsentBits)
    }
}

private struct Codeblocks: Equatable {
    var headers: [FrameSynchronizer.Codeblock] = []
    var octets: [[UInt8]] = []
    var trailingBits: Int64 = 0
    var isTruncated = false
}

private func find(
    _ settings: FrameSynchronizer.Settings,
    _ isChecked: Bool,
    _ octets: [UInt8],
    _ pieces: [Range<Int>]
) -> Codeblocks {
    var found = Codeblocks()
    let sent = UInt8(truncatingIfNeeded: 0xFF << settings.unsentBits)
    let check: @Sendable (Span<UInt8>) -> Bool = { codeblock in
        expect(codeblock.count == settings.codeblockLength, "the check sees another length")
        var sum: UInt8 = 0
        for index in 0..<codeblock.count { sum ^= codeblock[index] }
        return sum & sent == 0
    }
    do throws(CodingError) {
        var synchronizer = try FrameSynchronizer(settings, check: isChecked ? check : nil)
        let body = { (codeblock: FrameSynchronizer.Codeblock, octets: Span<UInt8>) in
            found.headers.append(codeblock)
            found.octets.append((0..<octets.count).map { octets[$0] })
        }
        for piece in pieces { synchronizer.push(octets.span.extracting(piece), body) }
        synchronizer.finish(body)
        let count = found.headers.count
        synchronizer.push(octets.span, body)
        synchronizer.finish(body)
        expect(found.headers.count == count, "octets were taken after the end")
        found.trailingBits = synchronizer.trailingBits
        found.isTruncated = synchronizer.trailingBitsAreTruncatedFrame
    } catch {
        expect(false, "settings within the limits are refused: \(error)")
    }
    return found
}

/// Holds the accounting and each codeblock against the bits of the input.
private func hold(_ found: Codeblocks, _ settings: FrameSynchronizer.Settings, _ octets: [UInt8]) {
    let end = Int64(8 * octets.count)
    let period = Int64(8 * (settings.marker.count + settings.codeblockLength) - settings.unsentBits)
    var settled: Int64 = 0
    var last: Int64 = -1
    for (header, codeblock) in zip(found.headers, found.octets) {
        expect(header.bitOffset > last, "codeblocks are out of order")
        last = header.bitOffset
        expect(header.bitOffset + period <= end, "a codeblock lies behind the end of the input")
        expect(header.skippedBits >= 0, "a number of skipped bits is negative")
        expect((0...period).contains(Int64(header.bitLength)), "a codeblock owns more than its bits")
        expect(settled + header.skippedBits == max(settled, header.bitOffset), "bits are skipped twice or not at all")
        settled += header.skippedBits + Int64(header.bitLength)
        expect(settled <= header.bitOffset + period, "a codeblock owns bits behind it")
        expect(codeblock.count == settings.codeblockLength, "a codeblock has another length")
        expect(settings.inverted || !header.isInverted, "an inverted codeblock is taken though none may be")
        hold(header, codeblock, settings, octets)
    }
    expect(settled + found.trailingBits == end, "own, skipped and trailing bits are not the input")
}

private func hold(
    _ header: FrameSynchronizer.Codeblock,
    _ codeblock: [UInt8],
    _ settings: FrameSynchronizer.Settings,
    _ octets: [UInt8]
) {
    let first = Int(header.bitOffset)
    let flip: UInt8 = header.isInverted ? 1 : 0
    func bit(_ index: Int) -> UInt8 { (octets[index / 8] >> UInt8(7 - index % 8) & 1) ^ flip }
    func octet(_ index: Int, bits: Int = 8) -> UInt8 {
        (0..<bits).reduce(0) { $0 | bit(index + $1) << UInt8(7 - $1) }
    }
    var errors = 0
    for (index, expected) in settings.marker.enumerated() {
        errors += (octet(first + 8 * index) ^ expected).nonzeroBitCount
    }
    expect(header.markerErrors == errors, "a marker has \(errors) errors, not \(header.markerErrors)")
    switch header.status {
    case .ok, .slip:
        let tolerance = max(settings.searchTolerance, settings.lockTolerance)
        expect(errors <= tolerance, "a marker is beyond tolerance")
    case .flywheel: break
    }
    let start = first + 8 * settings.marker.count
    for index in codeblock.indices.dropLast() {
        expect(codeblock[index] == octet(start + 8 * index), "a codeblock holds other bits than the input")
    }
    let sent = 8 - settings.unsentBits
    let mask = UInt8(truncatingIfNeeded: 0xFF << settings.unsentBits)
    let lastOctet = octet(start + 8 * (codeblock.count - 1), bits: sent)
    expect(codeblock[codeblock.count - 1] & mask == lastOctet, "a codeblock ends with other bits than the input")
}
