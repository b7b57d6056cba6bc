import TestSupport

/// A medium with a cache in front of it: what was written and what would survive a loss of power.
public struct SimulatedDisk: Sendable {
    /// What a medium writes as a whole or not at all.
    static let sector = 512

    /// A change of a file that may or may not have reached the medium.
    private enum Change: Sendable {
        case append([UInt8])
        case cut(Int)
    }

    private struct File: Sendable {
        /// What survives for certain.
        var durable: [UInt8] = []
        var changes: [Change] = []
        /// What a program that reads it sees.
        var current: [UInt8] = []
        /// Octets that a failed synchronisation dropped: a program still sees them, the medium never will.
        var dropped: [Range<Int>] = []
    }

    private enum NameChange: Sendable {
        case link(String, Int)
        case unlink(String)
    }

    private var files: [Int: File] = [:]
    private var nextFile = 0
    private var durableNames: [String: Int] = [:]
    private var nameChanges: [NameChange] = []
    private(set) var names: [String: Int] = [:]

    /// A medium with nothing on it.
    public init() {}

    /// A medium with files that are all safe.
    public init(_ contents: [String: [UInt8]]) {
        for (name, octets) in contents {
            files[nextFile] = File(durable: octets, current: octets)
            durableNames[name] = nextFile
            nextFile += 1
        }
        names = durableNames
    }

    /// A file as programs see it.
    public func contents(_ name: String) -> [UInt8]? { names[name].flatMap { files[$0]?.current } }

    /// All files as programs see them.
    public var visible: [String: [UInt8]] { names.compactMapValues { files[$0]?.current } }

    // MARK: What programs do

    mutating func create(_ name: String) -> Int {
        defer { nextFile += 1 }
        files[nextFile] = File()
        names[name] = nextFile
        nameChanges.append(.link(name, nextFile))
        return nextFile
    }

    mutating func append(_ octets: [UInt8], to file: Int) {
        files[file]?.changes.append(.append(octets))
        files[file]?.current += octets
    }

    mutating func cut(_ file: Int, to length: Int) {
        guard let current = files[file]?.current, current.count > length else { return }
        files[file]?.changes.append(.cut(length))
        files[file]?.current.removeLast(current.count - length)
    }

    mutating func unlink(_ name: String) {
        names[name] = nil
        nameChanges.append(.unlink(name))
    }

    mutating func synchronize(_ file: Int) {
        guard let state = files[file] else { return }
        var octets = state.current
        for range in state.dropped {
            for index in range.clamped(to: octets.indices) { octets[index] = 0 }
        }
        files[file]?.durable = octets
        files[file]?.changes = []
    }

    /// As some systems do: the error is told once, and the octets are forgotten as if they had been written.
    mutating func failToSynchronize(_ file: Int) {
        guard let state = files[file], !state.changes.isEmpty else { return }
        files[file]?.dropped.append(min(state.durable.count, state.current.count)..<state.current.count)
        files[file]?.changes = []
    }

    mutating func synchronizeNames() {
        durableNames = names
        nameChanges = []
    }

    // MARK: What a loss of power leaves

    /// How much there is that may or may not survive.
    var pending: Int { files.values.reduce(nameChanges.count) { $0 + $1.changes.count + $1.dropped.count } }

    /// The least that can be left.
    public func leastLeft() -> [String: [UInt8]] {
        durableNames.compactMapValues { files[$0].map { survivor($0, { _ in false }, lengthens: false) } }
    }

    /// All that was written.
    func mostLeft() -> [String: [UInt8]] {
        names.compactMapValues { files[$0].map { survivor($0, { _ in true }, lengthens: true) } }
    }

    /// One of the many things that can be left: some sectors, some names.
    func someLeft(_ generator: inout SeededGenerator) -> [String: [UInt8]] {
        var names = durableNames
        let style = generator.next() % 4
        let prefix = nameChanges.isEmpty ? 0 : Int(generator.next() % UInt64(nameChanges.count + 1))
        for (index, change) in nameChanges.enumerated() {
            // Names in order, or any of them: a journal of names keeps the order, others need not.
            guard style < 2 ? index < prefix : generator.next() & 1 == 0 else { continue }
            switch change {
            case .link(let name, let file): names[name] = file
            case .unlink(let name): names[name] = nil
            }
        }
        var left: [String: [UInt8]] = [:]
        for (name, file) in names.sorted(by: { $0.key < $1.key }) {
            guard let state = files[file] else { continue }
            let sectors = state.current.count / SimulatedDisk.sector + 1
            let end = Int(generator.next() % UInt64(sectors + 1))
            var bits = SeededGenerator(seed: generator.next())
            let isPrefix = generator.next() % 3 == 0
            left[name] = survivor(
                state,
                { isPrefix ? $0 < end : bits.next() % 3 != 0 },
                lengthens: generator.next() % 4 != 0
            )
        }
        return left
    }

    /// A file of which some sectors reached the medium.
    private func survivor(_ file: File, _ isWritten: (Int) -> Bool, lengthens: Bool) -> [UInt8] {
        guard !file.changes.isEmpty || !file.dropped.isEmpty else { return file.durable }
        var target = file.current
        for range in file.dropped {
            for index in range.clamped(to: target.indices) { target[index] = 0 }
        }
        let length = max(target.count, file.durable.count)
        // Below the lowest cut everything is as it was; behind it the old octets may be left, or the new ones.
        let firm = file.changes.reduce(file.durable.count) { firm, change in
            if case .cut(let length) = change { min(firm, length) } else { firm }
        }
        var octets = [UInt8](repeating: 0, count: length)
        octets.replaceSubrange(0..<file.durable.count, with: file.durable)
        var reached = file.durable.count
        for sector in 0...(length / SimulatedDisk.sector) {
            let range = (sector * SimulatedDisk.sector)..<min(length, (sector + 1) * SimulatedDisk.sector)
            let fresh = range.clamped(to: firm..<length)
            guard !fresh.isEmpty, isWritten(sector) else { continue }
            for index in fresh where index < target.count { octets[index] = target[index] }
            reached = max(reached, min(fresh.upperBound, target.count))
        }
        let isCut = file.changes.contains { if case .cut = $0 { true } else { false } }
        if isCut, lengthens { return Array(octets.prefix(target.count)) }
        // The length is a fact of its own: it may have reached the medium without the octets.
        return Array(octets.prefix(lengthens ? length : reached))
    }
}
