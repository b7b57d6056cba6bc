import Foundation

/// The archive beside general compressors: sizes, speeds, memory, latency, all of one run.
struct ArchiveTable: Encodable {
    /// An input and what every way made of it.
    struct Sizes: Encodable {
        let group: KeptFile.Group
        let name: String
        let about: String
        let octets: Int
        /// By the name of the way; one that is not installed is absent.
        var packed: [String: Int] = [:]

        /// The archive's size as a part of another's.
        func ratio(to peer: String) -> Double {
            guard let ours = packed[ArchiveTable.archive], let theirs = packed[peer] else { return .nan }
            return Double(ours) / Double(theirs)
        }
    }

    /// What a way takes for the stream: the best of the runs.
    struct Speed: Encodable {
        let name: String
        let size: Int
        /// MB/s of the stream.
        let writeWall: Double
        let writeProcessor: Double
        let readWall: Double
        let readProcessor: Double
        /// Octets.
        let writePeak: Double
        let readPeak: Double
        let writings: Int
        let readings: Int

        init(_ name: String, _ trip: RoundTrip, octets: Int) {
            func rate(_ seconds: Double) -> Double { Double(octets) / 1e6 / seconds }
            self.name = name
            size = trip.size
            writeWall = rate(trip.write.best(.wall))
            writeProcessor = rate(trip.write.best(.processor))
            readWall = rate(trip.read.best(.wall))
            readProcessor = rate(trip.read.best(.processor))
            writePeak = trip.writePeak
            readPeak = trip.readPeak
            writings = trip.write.wall.count
            readings = trip.read.wall.count
        }
    }

    /// The mean of ratios in which every input counts the same.
    struct Mean: Encodable {
        let name: String
        let inputs: Int
        let toXZ: Double
        let toGzip: Double

        init(_ name: String, _ sizes: [Sizes]) {
            func mean(_ peer: String) -> Double {
                exp(sizes.reduce(0) { $0 + log($1.ratio(to: peer)) } / Double(sizes.count))
            }
            self.name = name
            inputs = sizes.count
            toXZ = mean(Compressor.xz9e.name)
            toGzip = mean(Compressor.gzip9.name)
        }
    }

    static let archive = "archive"
    static let columns = [archive] + peers.map(\.name)
    static let peers = [Compressor.gzip9, .pigz9, .bgzip, .zstd19, .xz9e]

    var v = 1
    let machine: Machine
    var tools: [String] = []
    var sizes: [Sizes] = []
    var means: [Mean] = []
    var largerThanGzip: [String] = []
    var speeds: [Speed] = []
    var queries: [QueryLatency] = []
    var notes: [String] = []

    init(machine: Machine) { self.machine = machine }

    /// Draws the means from the sizes.
    mutating func conclude() {
        let recordings = sizes.filter { $0.group == .recordings }
        let generated = sizes.filter { $0.group != .recordings }
        means = [("recordings", recordings), ("generated", generated), ("all", sizes)]
            .filter { !$0.1.isEmpty }.map { Mean($0.0, $0.1) }
        largerThanGzip = sizes.filter { $0.ratio(to: Compressor.gzip9.name) > 1 }.map(\.name)
    }
}
