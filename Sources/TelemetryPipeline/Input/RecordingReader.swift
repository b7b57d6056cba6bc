public import LinkIO

/// Several paths read as one stream, in the order given, with a look ahead for recognition.
public struct RecordingReader: ~Copyable {
    /// The paths as given.
    public let paths: [String]
    /// The sizes of all files together, if each has one.
    public let size: Int64?

    private var next = 0
    private var current: OctetSource?
    private var ahead: [UInt8] = []
    private var aheadStart = 0

    /// How the first path is named in messages.
    public var name: String { paths.count == 1 ? paths[0] : "\(paths[0]) and \(paths.count - 1) more" }

    /// Opens each path once, so that a missing one is known before anything is written.
    ///
    /// - Parameter paths: One path or more; `-` is standard input.
    /// - Throws: What ``OctetSource`` throws.
    public init(paths: [String]) throws(IOFailure) {
        precondition(!paths.isEmpty, "a recording has a path")
        self.paths = paths
        var total: Int64? = 0
        for path in paths {
            // A pipe that is opened and closed again has lost its writer.
            guard !PathKind.isStream(path) else {
                total = nil
                continue
            }
            let source = try OctetSource(path: path)
            total = total.flatMap { sum in source.size.map { sum + $0 } }
        }
        size = total
    }

    /// The first octets of what is left, without taking them.
    ///
    /// - Parameter count: How many are wanted; fewer come only at the end of the input.
    /// - Returns: The octets.
    /// - Throws: What ``OctetSource`` throws.
    public mutating func peek(_ count: Int) throws(IOFailure) -> [UInt8] {
        while ahead.count - aheadStart < count {
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            let got = try readThrough(&piece)
            if got == 0 { break }
            ahead.append(contentsOf: piece[..<got])
        }
        return Array(ahead[aheadStart..<min(ahead.count, aheadStart + count)])
    }

    /// Waits until a read would not wait, at most so long.
    ///
    /// - Parameter milliseconds: How long.
    /// - Returns: Whether there is something to read, or the end.
    /// - Throws: `.interrupted`.
    public func hasOctets(within milliseconds: Int) throws(IOFailure) -> Bool {
        if aheadStart < ahead.count { return true }
        return try current?.hasOctets(within: milliseconds) ?? true
    }

    /// Reads the next octets into the front of a buffer.
    ///
    /// - Parameter buffer: Where the octets go; its size bounds how many come.
    /// - Returns: How many octets came; zero at the end of the last path.
    /// - Throws: What ``OctetSource`` throws.
    public mutating func read(into buffer: inout [UInt8]) throws(IOFailure) -> Int {
        guard aheadStart == ahead.count else {
            let count = min(buffer.count, ahead.count - aheadStart)
            buffer.replaceSubrange(0..<count, with: ahead[aheadStart..<(aheadStart + count)])
            aheadStart += count
            if aheadStart == ahead.count {
                ahead = []
                aheadStart = 0
            }
            return count
        }
        return try readThrough(&buffer)
    }

    private mutating func readThrough(_ buffer: inout [UInt8]) throws(IOFailure) -> Int {
        while true {
            if current == nil {
                guard next < paths.count else { return 0 }
                current = try OctetSource(path: paths[next])
                next += 1
            }
            let count = try current?.read(into: &buffer) ?? 0
            if count > 0 { return count }
            current = nil
        }
    }
}
