import ChannelCoding
public import SpaceLink
import TestSupport

/// Frames and packets sent over a link, all of them known.
public struct Transmission: Sendable {
    /// The link.
    public let link: LinkDescription
    /// Its stream.
    public let stream: SentStream
    /// The frames in order.
    public let frames: [[UInt8]]
    /// The packets in order, the idle one that fills the last frame too.
    public let packets: [[UInt8]]
    /// The frames in which each packet lies.
    public let packetFrames: [ClosedRange<Int>]
    /// The place of each frame and packet among them.
    let frameNumbers: [[UInt8]: Int]
    let packetNumbers: [[UInt8]: Int]

    /// Sends frames full of packets of many lengths, which go on from frame to frame.
    ///
    /// - Parameters:
    ///   - link: A link of CADUs.
    ///   - count: How many frames.
    ///   - spacecraft: Who sends.
    ///   - seed: Of lengths and contents.
    ///   - prepare: Called before each packet with its number, to set what the encoder lets be set.
    /// - Throws: What the encoder throws.
    public init(
        _ link: LinkDescription,
        frames count: Int,
        spacecraft: Int = 10,
        seed: UInt64 = 1,
        prepare: (Int, inout LinkEncoder) -> Void = { _, _ in }
    ) throws(LinkDescriptionError) {
        var encoder = try LinkEncoder(link, spacecraft: spacecraft)
        var generator = SeededGenerator(seed: seed)
        var units: [[UInt8]] = []
        var packets: [[UInt8]] = []
        var packetFrames: [ClosedRange<Int>] = []
        let zone = encoder.packetZoneLength
        var filled = 0
        while filled < count * zone {
            prepare(packets.count, &encoder)
            let left = count * zone - filled
            // The last packet ends with the last frame; what is left is never too short for one.
            let length = left <= zone ? left : min(left - 32, Int.random(in: 24...zone / 2 + 24, using: &generator))
            let packet = Self.packet(number: packets.count, length: length, &generator)
            packets.append(packet)
            packetFrames.append(filled / zone...(filled + length - 1) / zone)
            filled += length
            encoder.push(packet: packet.span, virtualChannel: 1) { _, unit in units.append(unit.octets) }
        }
        self.init(link, units: units, packets: packets, packetFrames: packetFrames)
    }

    /// Puts known units together.
    public init(_ link: LinkDescription, units: [[UInt8]], packets: [[UInt8]], packetFrames: [ClosedRange<Int>]) {
        let header = link.marker.pattern.count
        let length = units.first.map { $0.count - header } ?? 0
        var code: LinkDescription.ReedSolomonBlock?
        if case .reedSolomon(let block) = link.block { code = block }
        let frameLength = length - (code.map { 2 * $0.errors * $0.interleave } ?? 0)
        self.link = link
        stream = SentStream(
            octets: units.flatMap { $0 },
            markerBits: 8 * header,
            period: 8 * (header + length),
            codewords: code?.interleave ?? 0,
            correctable: code?.errors ?? 0
        )
        frames = units.map { unit in
            var codeblock = Array(unit[header...])
            var span = codeblock.mutableSpan
            switch link.randomizer {
            case .short: PseudoRandomizer.short.apply(to: &span)
            case .long: PseudoRandomizer.long.apply(to: &span)
            case .none: break
            }
            return Array(codeblock[..<frameLength])
        }
        self.packets = packets
        self.packetFrames = packetFrames
        frameNumbers = Dictionary(zip(frames, frames.indices)) { first, _ in first }
        packetNumbers = Dictionary(zip(packets, packets.indices)) { first, _ in first }
    }

    /// The unit of the link that carries a frame, whatever the frame says: error control, parity, randomiser, marker.
    ///
    /// - Parameter frame: The frame; its error control field, if the link has one, is made anew.
    /// - Returns: The unit.
    /// - Throws: What is wrong with the link's code.
    public func unit(carrying frame: [UInt8]) throws -> [UInt8] {
        var codeblock = frame
        if link.frame.fecf {
            let checksum = CRC16.checksum(codeblock.span.extracting(0..<codeblock.count - 2))
            codeblock.replaceSubrange((codeblock.count - 2)..., with: [UInt8(checksum >> 8), UInt8(checksum & 0xFF)])
        }
        if case .reedSolomon(let code) = link.block {
            let encoder = ReedSolomon.Encoder(
                try ReedSolomon.Code(
                    errors: code.errors,
                    interleave: code.interleave,
                    basis: code.basis,
                    virtualFill: code.virtualFill
                )
            )
            codeblock = encoder.encoded(codeblock.span)
        }
        var span = codeblock.mutableSpan
        switch link.randomizer {
        case .short: PseudoRandomizer.short.apply(to: &span)
        case .long: PseudoRandomizer.long.apply(to: &span)
        case .none: break
        }
        return link.marker.pattern + codeblock
    }

    /// The unit of a frame as it was sent.
    public func unit(_ frame: Int) -> ArraySlice<UInt8> {
        stream.octets[frame * stream.period / 8..<(frame + 1) * stream.period / 8]
    }

    /// A packet that no other is equal to.
    private static func packet(number: Int, length: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        let data = length - 7
        let header: [UInt8] = [
            0x00, 0x64, 0xC0 | UInt8(number >> 8 & 0x3F), UInt8(number & 0xFF), UInt8(data >> 8), UInt8(data & 0xFF),
        ]
        let name = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
        return header + name + generator.octets(length - 10)
    }
}

extension Span<UInt8> {
    /// A copy.
    var octets: [UInt8] {
        // A span offers no bulk copy; the buffer lives as long as the call.
        unsafe withUnsafeBufferPointer { unsafe Array($0) }
    }
}
