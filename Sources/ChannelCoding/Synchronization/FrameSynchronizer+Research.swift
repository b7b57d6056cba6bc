extension FrameSynchronizer {
    mutating func search(
        _ octets: Span<UInt8>,
        _ view: Extent,
        from: Int,
        _ body: (Codeblock, Span<UInt8>) -> Void
    ) -> Bool {
        searchForFlywheel(octets, view, from: from, body)
    }

    mutating func track(
        _ octets: Span<UInt8>,
        _ view: Extent,
        expected: Int,
        missed: Int,
        _ body: (Codeblock, Span<UInt8>) -> Void
    ) -> Bool {
        follow(octets, view, expected: expected, missed: missed, body)
    }
}
