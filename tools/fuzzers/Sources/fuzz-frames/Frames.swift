import FuzzSupport
import LinkTrials
import SpaceLink

/// Encodes packets for a link of choices, damages what comes of it, and decodes it whole and in pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func tryFrames(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var choices = unsafe Choices(start, count)
    let link = LinkDescription(choosing: &choices)
    let keepsBad = choices.flag()
    let keepsPartial = choices.flag()
    var cut = choices
    _ = choices.octets(2)
    do throws(LinkDescriptionError) {
        var stream = try DamagedLink(link, &choices)
        while !choices.isEmpty, stream.bits.count < 32_000 { stream.append(&choices) }
        stream.finish()
        let trial = LinkTrial(link, keepBad: keepsBad, keepPartial: keepsPartial, octets: stream.bits.octets)
        let trace = trial.run(&cut)
        if stream.mustBeWhole {
            expect(trace?.summary?.discarded.isEmpty ?? true, "octets of a link without damage are discarded")
            let packets = trace?.packets ?? []
            expect(stream.packets.isSubset(of: packets), "packets of a link without damage are lost")
        }
    } catch {
        // Not every link of choices can be.
    }
    return 0
}

/// The octets of a link, with damage.
private struct DamagedLink {
    private(set) var bits = BitStream()
    private(set) var packets: Set<[UInt8]> = []
    private let link: LinkDescription
    private var encoder: LinkEncoder
    private var isDamaged = false
    private var lastUnit: [UInt8] = []
    private let channels = [0, 1, 2, 7]

    init(_ link: LinkDescription, _ choices: inout Choices) throws(LinkDescriptionError) {
        self.link = link
        var bare = link
        if link.envelope == .kiss || link.envelope == .pcap { bare.envelope = .none }
        encoder = try LinkEncoder(bare, spacecraft: choices.one(of: [91, 91, 7, 0, 1023]))
        // Where frames have no fixed length, packets longer than this go in segments.
        encoder.longestZone = choices.one(of: [40, 80, 7])
        bits.append(Envelopes.header(of: link.envelope))
    }

    /// Whether the decoder must find everything: nothing is damaged, and codeblocks say that they are ones.
    var mustBeWhole: Bool {
        let isOwn = link.frame.spacecraft == nil && link.channels.isEmpty && link.frame.type != .tm
        return isOwn && !isDamaged && link.input != .cadu && link.envelope != .pcap
    }

    mutating func append(_ choices: inout Choices) {
        let act = choices.octet() % 20
        let channel = choices.one(of: channels)
        switch act {
        case 0...7:
            let packet = Packets.one(&choices)
            packets.insert(packet)
            send(&choices) { $0.push(packet: packet.span, virtualChannel: channel, $1) }
        case 8, 9: send(&choices) { $0.flush(virtualChannel: channel, $1) }
        case 10: send(&choices) { $0.idleFrame($1) }
        default: damage(act, channel, &choices)
        }
    }

    /// Fills the open frames.
    mutating func finish() {
        var none = unsafe Choices(nil, 0)
        for channel in channels { send(&none) { $0.flush(virtualChannel: channel, $1) } }
    }

    private mutating func damage(_ act: UInt8, _ channel: Int, _ choices: inout Choices) {
        isDamaged = true
        switch act {
        case 11: encoder.setFrameCount(UInt64(choices.number(0...0xFFFF_FFFF)), virtualChannel: channel)
        case 12: bits.append(lastUnit)
        case 13: bits.removeLast(8 * choices.number(1...80))
        case 14: if link.input == .cadu { bits.removeLast(choices.number(1...40)) }
        case 15: if link.input == .cadu { bits.isInverted.toggle() }
        case 16: bits.append(choices.octets(choices.number(1...40)))
        case 17: bits.append(choices.noise(choices.number(1...200)))
        case 18: encoder.insertZone = choices.octets(8)
        default:
            for _ in 0..<choices.number(1...40) { bits.flip(fromEnd: choices.number(0...2047)) }
        }
    }

    private mutating func send(
        _ choices: inout Choices,
        _ act: (inout LinkEncoder, (EncodedFrame, Span<UInt8>) -> Void) -> Void
    ) {
        var units: [[UInt8]] = []
        act(&encoder) { _, octets in units.append((0..<octets.count).map { octets[$0] }) }
        for unit in units {
            lastUnit = Envelopes.wrapped(unit, in: link.envelope, &choices)
            bits.append(lastUnit)
        }
    }
}
