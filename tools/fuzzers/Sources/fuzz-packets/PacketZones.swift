import FuzzSupport
import LinkTrials
import SpaceLink

/// Makes a file of packets, or frames whose zones and pointers are choices, and takes the packets out of it.
@_cdecl("LLVMFuzzerTestOneInput")
public func tryPackets(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var choices = unsafe Choices(start, count)
    var cut = choices
    _ = choices.octets(2)
    var link = LinkDescription()
    link.envelope = choices.one(of: [.none, .none, .none, .kiss, .pcap])
    let octets: [UInt8]
    if choices.flag() {
        link.input = .packets
        octets = packetFile(link, &choices)
    } else {
        link.input = .frames
        link.frame.type = choices.one(of: [.aos, .tm, .uslp])
        var zones = ZoneFrames(link.frame.type, zoneLength: choices.number(1...64))
        link.frame.length = zones.frameLength
        octets = zones.frames(link, &choices)
    }
    LinkTrial(link, keepPartial: cut.flag(), octets: octets).run(&cut)
    return 0
}

/// Packets back to back, with nonsense between them.
private func packetFile(_ link: LinkDescription, _ choices: inout Choices) -> [UInt8] {
    var octets = Envelopes.header(of: link.envelope)
    while !choices.isEmpty, octets.count < 6000 {
        var unit: [UInt8] = []
        for _ in 0..<choices.number(1...3) {
            switch choices.octet() % 16 {
            case 0: unit += choices.octets(choices.number(1...12))
            case 1: unit += choices.noise(choices.number(1...200))
            case 2: unit.removeLast(min(unit.count, choices.number(1...20)))
            case 3: unit += [0, 1, 0xC0, 0, 0xFF, 0xFF]
            default: unit += Packets.one(&choices)
            }
        }
        octets += Envelopes.wrapped(unit, in: link.envelope, &choices)
    }
    return octets
}

/// Frames of a few channels, whose zones are filled from rows of packets, with pointers that are right or not.
private struct ZoneFrames {
    private struct Row {
        var octets: [UInt8] = []
        /// Where packets start in the row.
        var starts: [Int] = []
        var frameCount = 0
    }

    private let kind: LinkDescription.Frame.Kind
    private let zoneLength: Int
    private var rows: [Int: Row] = [:]
    private var last: [UInt8] = []
    private static let headerLengths: [LinkDescription.Frame.Kind: Int] = [.aos: 8, .tm: 6, .uslp: 13]

    init(_ kind: LinkDescription.Frame.Kind, zoneLength: Int) {
        self.kind = kind
        self.zoneLength = zoneLength
    }

    var frameLength: Int { Self.headerLengths[kind, default: 0] + zoneLength }

    mutating func frames(_ link: LinkDescription, _ choices: inout Choices) -> [UInt8] {
        var octets = Envelopes.header(of: link.envelope)
        while !choices.isEmpty, octets.count < 6000 {
            var unit: [UInt8] = []
            for _ in 0..<choices.number(1...2) {
                // A frame may come again.
                if choices.octet() >= 16 { last = frame(&choices) }
                unit += last
            }
            octets += Envelopes.wrapped(unit, in: link.envelope, &choices)
        }
        return octets
    }

    private mutating func frame(_ choices: inout Choices) -> [UInt8] {
        let key = choices.number(0...3)
        var row = rows[key] ?? Row()
        defer { rows[key] = row }
        while row.octets.count < zoneLength {
            row.starts.append(row.octets.count)
            row.octets += Packets.one(&choices)
        }
        var zone = Array(row.octets.prefix(zoneLength))
        var pointer = row.starts.first { $0 < zoneLength } ?? 0xFFFF
        row.octets.removeFirst(zoneLength)
        row.starts = row.starts.compactMap { $0 < zoneLength ? nil : $0 - zoneLength }
        row.frameCount += 1
        switch choices.octet() {
        case 0..<24: pointer = choices.number(0...zoneLength)
        case 24..<32: pointer = 0xFFFF
        case 32..<40: pointer = 0xFFFE
        case 40..<56: zone[choices.number(0...zoneLength - 1)] ^= choices.octet()
        case 56..<64: zone = choices.noise(zoneLength)
        case 64..<72: row.frameCount += choices.number(0...300)
        default: break
        }
        return header(channel: key, row.frameCount, pointer, &choices) + zone
    }

    private func header(channel: Int, _ count: Int, _ pointer: Int, _ choices: inout Choices) -> [UInt8] {
        let high = UInt8(pointer >> 8 & 0xFF)
        let low = UInt8(pointer & 0xFF)
        let counts = (UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF))
        switch kind {
        case .aos: return [0x40, UInt8(0xC0 | channel), counts.0, counts.1, counts.2, 0, high, low]
        case .tm: return [0x05, UInt8(0xB0 | channel << 1), counts.2, counts.2, 0x18 | high & 7, low]
        case .uslp:
            let length = frameLength - 1
            // Channels 2 and 3 are access points of channel 1; construction rule and protocol are mostly packets.
            let address = UInt8(min(channel, 1) << 5 & 0xE0 | max(0, channel - 1) << 1)
            let rule = choices.octet() < 24 ? choices.octet() : 0
            return [
                0xC0, 0x05, 0xB0, address, UInt8(length >> 8), UInt8(length & 0xFF), 3, counts.0, counts.1, counts.2,
                rule,
                high, low,
            ]
        }
    }
}
