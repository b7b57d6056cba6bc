/// One frame on its way through the combiner, or several copies of it that were found to be one.
struct FrameCopy: Sendable {
    /// What counts the frame: a TM master channel, or a virtual channel of the other protocols.
    struct Channel: Hashable {
        var spacecraft: Int
        /// −1 where the master channel counts.
        var virtualChannel: Int
    }

    /// The frame, or the whole codeblock as received if ``isBad``.
    var octets: [UInt8] = []
    /// What the winning copy's decoder knew.
    var record: FrameRecord
    /// The input that the winning copy is from.
    var winner: Int
    /// The inputs that have a copy, a bit for each.
    var inputs: UInt64
    /// The inputs whose copy passed its checks, or has none.
    var soundInputs: UInt64
    /// What two copies of one frame have in common; 0 in bad ones.
    var digest: UInt64 = 0
    /// The digest of the octets; 0 in bad ones.
    var contentDigest: UInt64 = 0
    /// What counts the frame, and where the count stands; nothing where nothing counts it.
    var channel: Channel?
    var count: UInt64 = 0
    var modulus: UInt64 = 0
    /// When it came, in lengths of a frame since the input's first octet.
    var clock: Double
    /// Whether it was put together from copies that none of them could be read alone.
    var isRecovered = false
    /// Copies with other octets, the same in form as ``octets``; kept while they may help.
    var others: [[UInt8]] = []

    /// Whether it failed its code or error control.
    var isBad: Bool { record.quality.isBad }

    /// Whether a check speaks for the octets.
    var isVerified: Bool {
        switch record.quality {
        case .good, .corrected: true
        case .unchecked, .uncorrectable, .crcFailed: false
        }
    }

    /// Whether the frame tells recordings of one downlink from others; idle ones are alike everywhere.
    var isTelling: Bool { digest != 0 && !record.isIdle }

    /// Takes in another copy of the frame and keeps the better octets.
    mutating func absorb(_ copy: consuming FrameCopy) {
        let octetsDiffer = contentDigest == 0 || contentDigest != copy.contentDigest
        let union = (inputs | copy.inputs, soundInputs | copy.soundInputs)
        if copy.isBetter(than: self) {
            swap(&self, &copy)
            if others.isEmpty { swap(&others, &copy.others) }
        }
        (inputs, soundInputs) = union
        // A copy that a check speaks for needs no help; those without are put to the vote.
        guard !isVerified else {
            others = []
            return
        }
        if copy.isBad == isBad, octetsDiffer { others.append(copy.octets) }
    }

    private func isBetter(than other: FrameCopy) -> Bool { preference.lexicographicallyPrecedes(other.preference) }

    /// Smaller is better, from the most important on.
    private var preference: [Int] {
        let code: (Int, Int) =
            switch record.quality {
            case .good: (0, 0)
            case .corrected(let symbols): (1, symbols)
            case .unchecked: (2, 0)
            case .crcFailed: (3, 0)
            case .uncorrectable: (4, 0)
            }
        return [code.0, code.1, record.synchronization == .flywheel ? 1 : 0, record.markerErrors]
    }
}

extension FrameQuality {
    /// Whether the code or the error control speaks against the frame.
    var isBad: Bool {
        switch self {
        case .good, .corrected, .unchecked: false
        case .uncorrectable, .crcFailed: true
        }
    }
}

/// Frames that wait, the first ones first.
struct CopyQueue: Sendable {
    private var items: [FrameCopy] = []
    private var head = 0

    var count: Int { items.count - head }
    var isEmpty: Bool { items.count == head }

    subscript(index: Int) -> FrameCopy { items[head + index] }

    /// The digest of a frame, without a copy of it.
    func digest(at index: Int) -> UInt64 { items[head + index].digest }

    /// Whether a frame tells recordings apart, without a copy of it.
    func isTelling(at index: Int) -> Bool { items[head + index].isTelling }

    mutating func append(_ copy: consuming FrameCopy) { items.append(copy) }

    mutating func removeFirst() -> FrameCopy {
        var octets: [UInt8] = []
        swap(&octets, &items[head].octets)
        var copy = items[head]
        swap(&octets, &copy.octets)
        head += 1
        if head >= 256, head * 2 >= items.count {
            items.removeFirst(head)
            head = 0
        }
        return copy
    }

    mutating func removeFirst(_ count: Int) -> [FrameCopy] {
        var copies: [FrameCopy] = []
        copies.reserveCapacity(count)
        for _ in 0..<count { copies.append(removeFirst()) }
        return copies
    }
}
