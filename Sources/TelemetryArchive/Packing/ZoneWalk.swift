/// Cuts the joined packet zones of a channel into packets, with what is none as odd elements between.
///
/// A packet counts only if the frames' first header pointers agree with its end, so that a gap costs no more than the
/// packet that it broke.
struct ZoneWalk {
    private let size: Int
    private(set) var elements = Elements()
    /// Where octets begin that belong to no packet yet.
    private var pending = 0
    /// Where the packet that began at ``pending`` ends, if one did.
    private var end: Int?

    init(size: Int) { self.size = size }

    /// Walks over all zones.
    ///
    /// - Parameters:
    ///   - octets: The zones, joined.
    ///   - pointers: The first header pointer of each zone's frame.
    mutating func run(_ octets: [UInt8], _ pointers: [Int]) {
        for (index, pointer) in pointers.enumerated() {
            let start = index * size
            let target = pointer < size ? start + pointer : nil
            if let end {
                if end >= start + size, target == nil { continue }
                if end == target {
                    take(end, octets)
                    walk(octets, until: start + size)
                    continue
                }
            }
            end = nil
            guard let target else { continue }
            skip(to: target)
            walk(octets, until: start + size)
        }
        if end == octets.count { take(octets.count, octets) } else { skip(to: octets.count) }
    }

    private mutating func walk(_ octets: [UInt8], until limit: Int) {
        while pending < limit {
            guard pending + 6 <= octets.count, octets[pending] >> 5 == 0 else { return }
            let end = pending + 7 + (Int(octets[pending + 4]) << 8 | Int(octets[pending + 5]))
            guard end < limit else {
                self.end = end
                return
            }
            take(end, octets)
        }
    }

    /// A packet from ``pending`` on.
    private mutating func take(_ end: Int, _ octets: [UInt8]) {
        let length = end - pending
        elements.append(start: pending, length: length, name: Elements.packetName(octets, pending, length))
        pending = end
        self.end = nil
    }

    /// An odd element from ``pending`` on.
    private mutating func skip(to place: Int) {
        if place > pending { elements.append(start: pending, length: place - pending, name: nil) }
        pending = place
        end = nil
    }
}
