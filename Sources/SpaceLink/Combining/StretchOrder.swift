/// Where the frames of one stream stand between two frames that both streams have.
///
/// A frame count says the order of frames that it counts, across both streams; it is unrolled here, because it wraps,
/// may wrap unseen in a long gap, and may be set anew. A clock, in lengths of a frame, says the rest.
struct StretchOrder {
    /// A place in the order of what one count counts.
    struct Place: Hashable {
        var channel: FrameCopy.Channel
        var position: Int64
    }

    /// The place of each frame; bad frames and those without a count have none.
    private(set) var places: [Place?]
    /// When each came, from the frame before the stretch on, or up to the one behind it.
    private(set) var clocks: [Double]
    /// Whether each frame, and the one behind the stretch, directly follows the one before it, markers a frame apart.
    private(set) var isTied: [Bool] = []
    /// The place and the clock of the frame behind the stretch, if there is one.
    private var end: Place?
    private var endClock: Double?
    /// The largest step of each count, where frames are most likely to be missing unseen.
    private var largestSteps: [FrameCopy.Channel: (index: Int, step: Int64)] = [:]
    private var firstGap: Int?
    /// Counts of so many bits and more never wrap unseen: a long step back means that they were set anew.
    static let wideModulus: UInt64 = 1 << 24
    private static let epoch: Int64 = 1 << 40

    /// Unrolls the counts of a stretch.
    ///
    /// - Parameters:
    ///   - copies: The frames between.
    ///   - bases: The last count of each channel before the stretch, as both streams have it.
    ///   - start: The clock of the frame before the stretch, if there is one.
    ///   - next: The frame behind the stretch, if there is one.
    init(_ copies: [FrameCopy], bases: [FrameCopy.Channel: UInt64], start: Double?, next: FrameCopy?) {
        places = []
        clocks = []
        var positions = bases.mapValues { Int64($0) }
        var counts = bases
        for copy in copies {
            isTied.append(Self.isTied(copy, to: clocks.last ?? (start == nil ? nil : 0), start))
            clocks.append(copy.clock - (start ?? 0))
            places.append(place(of: copy, &positions, &counts, index: places.count))
        }
        guard let next else {
            isTied.append(false)
            return
        }
        isTied.append(Self.isTied(next, to: clocks.last ?? (start == nil ? nil : 0), start))
        endClock = next.clock - (start ?? 0)
        end = place(of: next, &positions, &counts, index: places.count)
    }

    /// Frames without markers stand side by side whatever was lost between them; those with markers do not.
    private static func isTied(_ copy: FrameCopy, to clock: Double?, _ start: Double?) -> Bool {
        guard let clock, copy.record.synchronization != .none else { return false }
        return (copy.clock - (start ?? 0) - clock - 1).magnitude < 0.02
    }

    private mutating func place(
        of copy: FrameCopy,
        _ positions: inout [FrameCopy.Channel: Int64],
        _ counts: inout [FrameCopy.Channel: UInt64],
        index: Int
    ) -> Place? {
        guard let channel = copy.channel, copy.modulus > 0 else { return nil }
        guard let position = positions[channel], let last = counts[channel] else {
            positions[channel] = Int64(copy.count)
            counts[channel] = copy.count
            return Place(channel: channel, position: Int64(copy.count))
        }
        counts[channel] = copy.count
        var step = Int64((copy.count &- last) & (copy.modulus - 1))
        let isWide = copy.modulus >= Self.wideModulus
        if isWide, step > Int64(copy.modulus / 2) {
            let reset = (position / Self.epoch + 1) * Self.epoch + Int64(copy.count)
            positions[channel] = reset
            return Place(channel: channel, position: reset)
        }
        if step == 0, !isWide { step = Int64(copy.modulus) }
        if step > largestSteps[channel]?.step ?? 0 { largestSteps[channel] = (index, step) }
        if step > 1, firstGap == nil { firstGap = index }
        positions[channel] = position + step
        return Place(channel: channel, position: position + step)
    }

    /// Brings two streams to one scale by the frame behind the stretch, which both have.
    ///
    /// - Parameters:
    ///   - left: One stream.
    ///   - right: The other.
    ///   - hasStart: Whether they have the frame before the stretch in common too; then what one lacks on the way was
    ///     lost in its gap, else the scales are shifted.
    static func align(_ left: inout StretchOrder, _ right: inout StretchOrder, hasStart: Bool) {
        if let own = left.end, let other = right.end, own.channel == other.channel {
            let lack = own.position - other.position
            if lack > 0 {
                right.move(own.channel, by: lack, hasStart: hasStart)
            } else if lack < 0 {
                left.move(own.channel, by: -lack, hasStart: hasStart)
            }
        }
        guard let own = left.endClock, let other = right.endClock else { return }
        let lack = own - other
        if !hasStart {
            right.delay(from: 0, by: lack)
        } else if lack > 0.5 {
            right.delay(from: right.firstGap ?? right.clocks.count, by: lack)
        } else if lack < -0.5 {
            left.delay(from: left.firstGap ?? left.clocks.count, by: -lack)
        }
    }

    private mutating func move(_ channel: FrameCopy.Channel, by lack: Int64, hasStart: Bool) {
        let first = hasStart ? largestSteps[channel]?.index ?? places.count : 0
        for index in places.indices where index >= first && places[index]?.channel == channel {
            places[index]?.position += lack
        }
    }

    private mutating func delay(from first: Int, by lack: Double) {
        for index in clocks.indices where index >= first { clocks[index] += lack }
    }
}
