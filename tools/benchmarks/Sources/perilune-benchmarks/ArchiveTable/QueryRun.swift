import BenchmarkShim
import Foundation
import Missions
import SpaceLink
import TelemetryArchive
import TelemetryPipeline

/// The packets of one process over some time, on-board time in nanoseconds since 1958 TAI.
struct TimedQuery: Codable {
    let apid: Int
    let from: Int64
    let until: Int64
}

/// What a query found.
struct QueryFinding: Codable, Equatable {
    var packets = 0
    /// Of all their octets.
    var digest: UInt64 = Digest().value
}

/// Queries one after the other in a process that has an archive open.
struct QueryRun: Codable {
    /// Milliseconds of each opening by the wall clock; the first may have found the file cold.
    var openings: [Double] = []
    /// Milliseconds of each query by the wall clock, and of processor time.
    var wall: [Double] = []
    var processor: [Double] = []
    var findings: [QueryFinding] = []

    /// Opens an archive of packets and asks.
    ///
    /// - Parameters:
    ///   - path: The archive.
    ///   - queries: What is asked, in this order, each once; a few are asked before and not timed.
    /// - Throws: `ArchiveError`, or what the file throws.
    init(_ path: String, _ queries: [TimedQuery]) throws {
        for _ in 0..<20 {
            let start = bench_wall_seconds()
            _ = try ArchiveReader(try FileArchiveSource(path: path))
            openings.append(1e3 * (bench_wall_seconds() - start))
        }
        let reader = try ArchiveReader(try FileArchiveSource(path: path))
        for query in queries.prefix(20) { _ = try Self.ask(reader, query) }
        for query in queries {
            let wallStart = bench_wall_seconds()
            let processorStart = bench_processor_seconds()
            let finding = try Self.ask(reader, query)
            processor.append(1e3 * (bench_processor_seconds() - processorStart))
            wall.append(1e3 * (bench_wall_seconds() - wallStart))
            findings.append(finding)
        }
    }

    private static func ask(_ reader: ArchiveReader<FileArchiveSource>, _ query: TimedQuery) throws -> QueryFinding {
        var selection = ArchiveSelection()
        selection.apids = [query.apid]
        selection.from = TAITime(nanoseconds: query.from)
        selection.until = TAITime(nanoseconds: query.until)
        var digest = Digest()
        var packets = 0
        try reader.forEachPacket(selection, link: nil) { _, octets in
            packets += 1
            digest.update(octets)
            return .next
        }
        return QueryFinding(packets: packets, digest: digest.value)
    }
}

/// The packets of a flight by process and time: what queries must find, without an archive.
struct PacketTimes {
    private let flight: Flight
    private var entries: [Int: [(time: Int64, index: Int)]] = [:]

    /// When the first packet was made.
    private(set) var begin = Int64.max
    /// The processes, in order.
    var apids: [Int] { entries.keys.sorted() }

    init(_ flight: Flight) throws {
        self.flight = flight
        for index in 0..<(flight.bounds.count - 1) {
            let packet = flight.packets.span.extracting(flight.bounds[index]..<flight.bounds[index + 1])
            guard let time = flight.craft.timeCode.time(ofPacket: packet) else {
                throw BenchmarkFailure.input("packet \(index) tells no time")
            }
            entries[flight.apid(index), default: []].append((time.nanoseconds, index))
            begin = min(begin, time.nanoseconds)
        }
    }

    /// Looks at every packet of the process.
    func filter(_ query: TimedQuery) -> QueryFinding {
        var digest = Digest()
        var packets = 0
        for entry in entries[query.apid] ?? [] where entry.time >= query.from && entry.time < query.until {
            packets += 1
            digest.update(
                flight.packets.span.extracting(flight.bounds[entry.index]..<flight.bounds[entry.index + 1])
            )
        }
        return QueryFinding(packets: packets, digest: digest.value)
    }
}
