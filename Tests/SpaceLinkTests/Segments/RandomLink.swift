import SpaceLink
import TestSupport

/// A link of random parameters and what came over it: frames lost, repeated, spoilt, foreign, counts set anew.
struct RandomLink {
    let link: LinkDescription
    /// The units, each a frame, codeblock or CADU.
    let units: [[UInt8]]

    init(seed: UInt64, input: LinkDescription.Input) throws {
        var generator = SeededGenerator(seed: seed)
        var link = LinkDescription()
        link.input = input
        link.frame.type = LinkDescription.Frame.Kind.allCases[Int(seed % 3)]
        link.frame.fecf = Bool.random(using: &generator)
        link.frame.ocf = Bool.random(using: &generator)
        if link.frame.type == .aos { link.frame.fhec = Int.random(in: 0..<4, using: &generator) == 0 }
        if link.frame.type != .tm { link.frame.insertZone = Int.random(in: 0...8, using: &generator) }
        if Int.random(in: 0..<4, using: &generator) == 0 { link.frame.spacecraft = [91] }
        if input == .frames {
            link.frame.length = Int.random(in: 40...160, using: &generator)
            if Int.random(in: 0..<4, using: &generator) == 0 { link.envelope = .octets(header: 3, trailer: 2) }
        } else {
            var code = LinkDescription.ReedSolomonBlock()
            code.interleave = 1
            code.virtualFill = Int.random(in: 60...150, using: &generator)
            link.block = .reedSolomon(code)
        }
        try link.validate()
        self.link = link
        units = try Self.spoil(Self.send(link, &generator), link, &generator)
    }

    private static func send(_ link: LinkDescription, _ generator: inout SeededGenerator) throws -> [[UInt8]] {
        var units: [[UInt8]] = []
        var encoders = try [91, 91, 17].map { try LinkEncoder(link, spacecraft: $0) }
        encoders[1].setFrameCount(1 << 20, virtualChannel: 3)
        let zone = encoders[0].packetZoneLength
        // The count runs over its modulus on the way.
        let modulus: UInt64 = link.frame.type == .tm ? 256 : 1 << 24
        for channel in 1...3 { encoders[0].setFrameCount(modulus - 9, virtualChannel: channel) }
        for count in 0..<90 {
            let which = Int.random(in: 0..<12, using: &generator)
            let sender = which == 0 ? 2 : which == 1 ? 1 : 0
            let longest = Int.random(in: 0..<9, using: &generator) == 0 ? 9 * zone : zone + zone / 2
            let length = Int.random(in: 7...longest, using: &generator)
            let channel = sender == 1 ? 3 : Int.random(in: 1...2, using: &generator)
            let packet = Build.packet(apid: UInt16(count % 7), count: count / 7, length: length)
            let isEncapsulation = Int.random(in: 0..<8, using: &generator) == 0
            let capsule = [0xE8 | 0x02, UInt8(truncatingIfNeeded: count), 0, 12] + generator.octets(8)
            encoders[sender].push(packet: (isEncapsulation ? capsule : packet).span, virtualChannel: channel) {
                units.append($1.array)
            }
            switch Int.random(in: 0..<20, using: &generator) {
            case 0...2: encoders[0].idleFrame { units.append($1.array) }
            case 3: encoders[sender].flush(virtualChannel: channel) { units.append($1.array) }
            case 4:
                let anew = UInt64.random(in: 0..<modulus, using: &generator)
                encoders[0].setFrameCount(anew, virtualChannel: channel)
            default: break
            }
        }
        for channel in 1...2 { encoders[0].flush(virtualChannel: channel) { units.append($1.array) } }
        return units
    }

    private static func spoil(
        _ units: [[UInt8]],
        _ link: LinkDescription,
        _ generator: inout SeededGenerator
    ) -> [[UInt8]] {
        let rate = [0, 3, 12][Int.random(in: 0...2, using: &generator)]
        var spoilt: [[UInt8]] = []
        for unit in units {
            guard Int.random(in: 0..<100, using: &generator) < rate else {
                spoilt.append(unit)
                continue
            }
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: break
            case 1: spoilt += [unit, unit]
            case 2: spoilt += [unit, unit, unit]
            default:
                var unit = unit
                // In the input of CADUs the marker stays: a cut there is only made at a good one.
                let first = link.input == .cadu ? 4 : 0
                let count = link.input == .frames ? 1 : [1, 9, 60][Int.random(in: 0...2, using: &generator)]
                for _ in 0..<count {
                    var place = Int.random(in: first..<unit.count, using: &generator)
                    // The length of a USLP frame count stays: frames of a channel have it all or none.
                    if link.frame.type == .uslp, place == 6 { place = 7 }
                    unit[place] ^= UInt8.random(in: 1...255, using: &generator)
                }
                spoilt.append(unit)
            }
        }
        guard link.frame.type == .uslp, link.input == .frames, !link.frame.fecf, link.envelope == .none else {
            return spoilt
        }
        // Several access points on one channel, and frames that are expedited.
        return spoilt.map { unit in
            guard Int.random(in: 0..<4, using: &generator) == 0 else { return unit }
            var unit = unit
            unit[3] ^= 2
            if Bool.random(using: &generator) { unit[6] ^= 0x80 }
            return unit
        }
    }

    /// All octets, and where each unit but the first starts.
    var octets: (octets: [UInt8], starts: [Int]) {
        var starts: [Int] = []
        var end = 0
        for unit in units {
            if end > 0 { starts.append(end) }
            end += unit.count
        }
        return (units.flatMap(\.self), starts)
    }

    /// All octets, and cuts between units at random.
    func octets(cutting count: Int, using generator: inout SeededGenerator) -> (octets: [UInt8], cuts: [Int]) {
        Self.join(units, cutting: count, using: &generator)
    }

    /// All octets of units, and cuts between them at random.
    static func join(
        _ units: [[UInt8]],
        cutting count: Int,
        using generator: inout SeededGenerator
    ) -> (octets: [UInt8], cuts: [Int]) {
        var starts = [0]
        for unit in units { starts.append(starts[starts.count - 1] + unit.count) }
        let cuts = (0..<count).map { _ in starts[Int.random(in: 1..<units.count, using: &generator)] }
        return (units.flatMap(\.self), Array(Set(cuts)).sorted())
    }
}
