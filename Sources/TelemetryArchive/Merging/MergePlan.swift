/// Chooses, one after the other, what is taken over as it is and what is merged unit by unit.
///
/// A stream keeps its own order. Of the heads of all streams the one that begins first is next. If no other head begins
/// before it ends, it is taken over; otherwise all that overlap, and what overlaps with these, are merged together.
struct MergePlan {
    /// What is done next.
    enum Step {
        /// One chunk is taken over.
        case adopt(MergeItem)
        /// Items of several streams, each in order, are merged by their units; or those of one that cannot be taken over.
        case merge([[MergeItem]])
    }

    private var streams: [MergeStream]
    private let isTimed: Bool
    private var done: Set<MergeItem.Place> = []

    init(_ streams: [MergeStream], isTimed: Bool) {
        self.streams = streams
        self.isTimed = isTimed
    }

    /// The next step, or `nil` when all is done.
    ///
    /// - Parameter sharesUnits: Whether the end of one item and the start of another one have units in common that do not
    ///   tell a time.
    /// - Returns: The step.
    /// - Throws: What the question throws.
    mutating func next(
        sharesUnits: (MergeItem, MergeItem) throws(ArchiveError) -> Bool
    ) throws(ArchiveError) -> Step? {
        skipCopies()
        // A stream that waits for the original of its head waits until the next step.
        let open = streams.indices.filter { streams[$0].head.map { $0.copyOf == nil } ?? false }
        guard let first = isTimed ? open.min(by: { before($0, $1) }) : open.first, let head = streams[first].head else {
            return nil
        }
        var stretch = Stretch(streams.count)
        take(first, into: &stretch)
        guard isTimed else { return stretch.step }
        gather(open, into: &stretch)
        if stretch.isOfOneStream, let next = neighbour(of: first, among: open), let item = streams[next].head,
            try sharesUnits(head, item)
        {
            take(next, into: &stretch)
            gather(open, into: &stretch)
        }
        return stretch.step
    }

    private func before(_ left: Int, _ right: Int) -> Bool {
        (streams[left].head?.least ?? .max, left) < (streams[right].head?.least ?? .max, right)
    }

    /// Takes all heads that begin before something of another stream ends.
    private mutating func gather(_ open: [Int], into stretch: inout Stretch) {
        var isMore = true
        while isMore {
            isMore = false
            for stream in open {
                guard let head = streams[stream].head, head.copyOf == nil, stretch.overlaps(head, of: stream) else {
                    continue
                }
                take(stream, into: &stretch)
                isMore = true
            }
        }
    }

    /// The stream that goes on where a chunk of another one ends.
    private func neighbour(of stream: Int, among open: [Int]) -> Int? {
        guard let next = open.filter({ $0 != stream }).min(by: { before($0, $1) }), let head = streams[next].head else {
            return nil
        }
        guard let own = streams[stream].head else { return next }
        return head.least <= own.least ? next : nil
    }

    private mutating func take(_ stream: Int, into stretch: inout Stretch) {
        guard let head = streams[stream].head else { return }
        stretch.append(head, of: stream)
        done.insert(MergeItem.Place(stream: stream, index: streams[stream].position))
        streams[stream].advance()
    }

    /// Passes over copies of what is done already.
    private mutating func skipCopies() {
        for stream in streams.indices {
            while let copied = streams[stream].head?.copyOf, done.contains(copied) { streams[stream].advance() }
        }
    }
}

/// Items that are merged together.
private struct Stretch {
    private var lists: [[MergeItem]]
    /// When what each stream has in it ends.
    private var ends: [Int64?]

    init(_ streams: Int) {
        lists = [[MergeItem]](repeating: [], count: streams)
        ends = [Int64?](repeating: nil, count: streams)
    }

    var isOfOneStream: Bool { ends.count(where: { $0 != nil }) == 1 }

    mutating func append(_ item: MergeItem, of stream: Int) {
        lists[stream].append(item)
        ends[stream] = max(ends[stream] ?? .min, item.greatest)
    }

    func overlaps(_ item: MergeItem, of stream: Int) -> Bool {
        ends.indices.contains { $0 != stream && ends[$0].map { item.least <= $0 } ?? false }
    }

    var step: MergePlan.Step {
        let lists = lists.filter { !$0.isEmpty }
        if lists.count == 1, lists[0].count == 1, lists[0][0].isWhole { return .adopt(lists[0][0]) }
        return .merge(lists)
    }
}
