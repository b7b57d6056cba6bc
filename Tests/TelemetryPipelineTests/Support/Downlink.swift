import Foundation
import SpaceLink
import TestSupport

/// Packets sent over a link that a test describes.
struct Downlink {
    let link: LinkDescription
    private(set) var packets: [[UInt8]] = []
    private(set) var octets: [UInt8] = []

    /// Sends packets of random lengths over the link of a link file until enough frames are full.
    init(json: String, frames: Int, seed: UInt64) throws {
        link = try JSONDecoder().decode(LinkDescription.self, from: Data(json.utf8))
        var generator = SeededGenerator(seed: seed)
        guard link.input != .packets else {
            for count in 0..<frames * 8 { packets.append(Self.packet(count, &generator)) }
            octets = packets.flatMap { $0 }
            return
        }
        var encoder = try LinkEncoder(link, spacecraft: 25)
        var stream: [UInt8] = []
        var sent = 0
        while sent < frames {
            let packet = Self.packet(packets.count, &generator)
            packets.append(packet)
            encoder.push(packet: packet.span, virtualChannel: 1) { _, unit in
                for index in unit.indices { stream.append(unit[index]) }
                sent += 1
            }
        }
        encoder.flush(virtualChannel: 1) { _, unit in
            for index in unit.indices { stream.append(unit[index]) }
        }
        octets = stream
    }

    private static func packet(_ count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        let length = Int.random(in: 20...300, using: &generator)
        return packet(apid: 32 + count % 3, count: count / 3, content: generator.octets(length))
    }

    /// A space packet.
    static func packet(apid: Int, count: Int, content: [UInt8], secondaryHeader: Bool = false) -> [UInt8] {
        let identification = apid | (secondaryHeader ? 0x0800 : 0)
        let sequence = 0xC000 | (count & 0x3FFF)
        let length = content.count - 1
        return [identification, sequence, length].flatMap { [UInt8($0 >> 8 & 0xFF), UInt8($0 & 0xFF)] } + content
    }

    /// The octets sent later by some bits, behind random ones.
    static func shifted(_ octets: [UInt8], by bits: Int, seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        let filled = generator.octets(3) + octets + generator.octets(1)
        guard bits > 0 else { return filled }
        return zip(filled, filled.dropFirst()).map { $0 << UInt8(bits) | $1 >> UInt8(8 - bits) }
    }
}

/// Keeps what a decoder gives.
struct Keeper: LinkSink {
    var packets: [[UInt8]] = []
    var frames: [[UInt8]] = []
    var withIdle = false

    mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        if withIdle || !packet.isIdle { packets.append(octets.indices.map { octets[$0] }) }
    }

    mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>) { frames.append(octets.indices.map { octets[$0] }) }
}
