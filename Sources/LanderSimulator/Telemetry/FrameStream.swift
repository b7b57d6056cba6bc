import Missions
import RigidBody
import SpaceLink

/// Packets to the output at the link's constant rate: frames as they fill, idle ones in between, then the channel.
struct FrameStream: Sendable {
    /// What became of each octet so far.
    private(set) var fate: [PassTruth.Fate] = []
    /// Frames by virtual channel.
    private(set) var frames: [Int: Int] = [:]

    private var encoder: LinkEncoder
    private let format: PassFormat
    private let virtualChannel: Int
    private let slotTime: Double
    private let latency: Double
    private var slots = 0
    private var written: Int64 = 0
    private var units = 0
    // Encoded units that wait for their slot.
    private var waiting: [UInt8] = []
    private var taken = 0
    private var unitLength = 1
    // Since when the open frame holds a packet.
    private var openSince: Double?
    private let channel: Scenario.Channel
    private var noise: RandomStream
    // Bits that still arrive right before the next wrong one.
    private var goodBits: Double

    /// Makes a stream.
    init(
        request: PassRequest,
        virtualChannel: Int,
        link: SimulatorSettings.Link
    ) throws(LinkDescriptionError) {
        var description = request.craft.link
        let coded = description.codeblockLength ?? 0
        // A stream of frames keeps the pace of the coded one.
        slotTime = Double((description.marker.pattern.count + coded) * 8) / link.bitRate
        if request.format == .frames { try description.set("input", to: "frames") }
        if request.format == .cadu { try description.set("input", to: "cadu") }
        encoder = try LinkEncoder(description, spacecraft: request.craft.spacecraft)
        format = request.format
        self.virtualChannel = virtualChannel
        latency = link.latency
        channel = request.scenario.content.channel ?? Scenario.Channel()
        noise = RandomStream(seed: request.seed, .channel)
        goodBits = 0
        goodBits = drawGoodBits()
    }

    /// Bits a second that packets may take of the link.
    var capacity: Double { Double(encoder.packetZoneLength * 8) / slotTime }

    /// Takes a packet in.
    mutating func push<Failure: Error>(
        packet: [UInt8],
        time: Double,
        output: (Span<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        if format == .packets {
            fate.append(sent(packet.count))
            try output(packet.span)
            return
        }
        var filled = 0
        let target = virtualChannel
        encode { encoder, collect in
            encoder.push(packet: packet.span, virtualChannel: target) { frame, octets in
                filled += 1
                collect(frame, octets)
            }
        }
        if filled > 0 || openSince == nil { openSince = time }
    }

    /// Sends what is due up to a time.
    mutating func advance<Failure: Error>(
        to time: Double,
        output: (Span<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        guard format != .packets else { return }
        while Double(slots) * slotTime <= time {
            if isEmpty { fill(at: Double(slots) * slotTime) }
            try send(output)
            slots += 1
        }
    }

    /// Sends all that is left.
    mutating func finish<Failure: Error>(output: (Span<UInt8>) throws(Failure) -> Void) throws(Failure) {
        guard format != .packets else { return }
        if openSince != nil { flush() }
        while !isEmpty { try send(output) }
    }

    private var isEmpty: Bool { taken >= waiting.count }

    /// Puts a unit in for an empty slot: the open frame if it has waited long enough, else an idle one.
    private mutating func fill(at time: Double) {
        if let since = openSince, time - since >= latency { flush() }
        guard isEmpty else { return }
        encode { encoder, collect in encoder.idleFrame { frame, octets in collect(frame, octets) } }
    }

    private mutating func flush() {
        let target = virtualChannel
        encode { encoder, collect in
            encoder.flush(virtualChannel: target) { frame, octets in collect(frame, octets) }
        }
        openSince = nil
    }

    /// Runs the encoder with what it gives collected behind the units that wait.
    private mutating func encode(
        _ body: (inout LinkEncoder, (EncodedFrame, Span<UInt8>) -> Void) -> Void
    ) {
        if isEmpty {
            waiting.removeAll(keepingCapacity: true)
            taken = 0
        }
        var collected: [UInt8] = []
        swap(&collected, &waiting)
        var counts: [Int] = []
        var length = unitLength
        body(&encoder) { frame, octets in
            counts.append(frame.virtualChannel)
            length = octets.count
            for index in 0..<octets.count { collected.append(octets[index]) }
        }
        swap(&collected, &waiting)
        unitLength = length
        for channel in counts { frames[channel, default: 0] += 1 }
    }

    private mutating func send<Failure: Error>(
        _ output: (Span<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        guard !isEmpty else { return }
        let range = taken..<min(taken + unitLength, waiting.count)
        taken = range.upperBound
        if let loss = channel.frameLoss, loss > 0, noise.uniform() < loss {
            fate.append(PassTruth.Fate(octets: written..<written, frame: units, what: "lost", errors: nil))
            units += 1
            return
        }
        let errors = disturb(range)
        if errors == 0 {
            fate.append(sent(range.count))
        } else {
            let octets = written..<written + Int64(range.count)
            fate.append(PassTruth.Fate(octets: octets, frame: units, what: "corrupted", errors: errors))
            written += Int64(range.count)
            units += 1
        }
        try output(waiting.span.extracting(range))
    }

    private mutating func sent(_ count: Int) -> PassTruth.Fate {
        let fate = PassTruth.Fate(octets: written..<written + Int64(count), frame: units, what: "sent", errors: nil)
        written += Int64(count)
        units += 1
        return fate
    }

    /// Turns bits of a unit over, by the distance from one error to the next.
    private mutating func disturb(_ range: Range<Int>) -> Int {
        guard channel.bitErrorRate ?? 0 > 0 else { return 0 }
        let bits = Double(range.count * 8)
        var place = goodBits
        var errors = 0
        while place < bits {
            let bit = Int(place)
            waiting[range.lowerBound + bit / 8] ^= 0x80 >> UInt8(bit % 8)
            errors += 1
            place += 1 + drawGoodBits()
        }
        goodBits = place - bits
        return errors
    }

    private mutating func drawGoodBits() -> Double {
        guard let rate = channel.bitErrorRate, rate > 0 else { return .infinity }
        let unit = 1 - noise.uniform()
        return (Elementary.logarithm(unit) / Elementary.logarithm(1 - rate)).rounded(.down)
    }
}
