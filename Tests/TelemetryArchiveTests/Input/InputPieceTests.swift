import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

/// The raw input in an archive.
@Suite struct InputPieceTests {
    /// An archive of packets with the input in three pieces, and that input.
    private func archive(seed: UInt64) throws -> (archive: [UInt8], input: [UInt8]) {
        var generator = SeededGenerator(seed: seed)
        var metadata = ArchiveMetadata(content: .packets, creator: "tests")
        var input: [UInt8] = []
        let storage = FailingStorage()
        var link = LinkDescription()
        link.input = .packets
        let writer = try ArchiveWriter(storage, metadata: metadata, settings: Streams.settings(600, .packed))
        var sink = ArchiveSink(writer, content: .packets, onboardTime: Streams.time)
        var decoder = try LinkDecoder(link)
        decoder.push(Array(Streams.packets(seed: seed, count: 60).joined()).span, into: &sink)
        decoder.finish(into: &sink)
        try sink.flush()
        var again = sink.takeWriter()
        for _ in 0..<3 {
            let piece = generator.octets(40 + Int(generator.next() % 300))
            try again.append(input: piece.span, at: Int64(input.count))
            input += piece
        }
        metadata.origin = ArchiveMetadata.Origin(name: "input", size: Int64(input.count))
        try again.write(metadata: metadata)
        try again.finish()
        return (storage.octets, input)
    }

    private func input(of archive: [UInt8]) throws -> [UInt8] {
        var found: [UInt8] = []
        let count = try ArchiveReader(MemoryArchive(archive)).forEachInputPiece { offset, octets in
            #expect(offset == Int64(found.count))
            found += octets.copied
        }
        #expect(count == Int64(found.count))
        return found
    }

    @Test func theInputComesBackAndTheUnitsDoToo() throws {
        let (archive, input) = try archive(seed: 101)
        #expect(try self.input(of: archive) == input)
        #expect(try Streams.read(archive).map(\.octets) == Streams.packets(seed: 101, count: 60))
        let report = try ArchiveReader.verify(MemoryArchive(archive))
        #expect(report.isWhole && report.unknownMembers == 0)
        #expect(try ArchiveReader(MemoryArchive(archive)).damage.isEmpty)
    }

    @Test func everyFlippedBitIsFoundAndNothingWrongIsGivenOut() throws {
        let (archive, input) = try archive(seed: 102)
        var generator = SeededGenerator(seed: 103)
        for _ in 0..<600 {
            var damaged = archive
            let bit = Int(generator.next() % UInt64(archive.count * 8))
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            let report = try ArchiveReader.verify(MemoryArchive(damaged))
            #expect(!report.isWhole, "bit \(bit)")
            guard let reader = try? ArchiveReader(MemoryArchive(damaged)) else { continue }
            var last: Int64 = 0
            func compare(_ offset: Int64, _ octets: Span<UInt8>) {
                #expect(octets.copied == Array(input[Int(offset)..<(Int(offset) + octets.count)]), "bit \(bit)")
                #expect(offset >= last)
                last = offset + Int64(octets.count)
            }
            let count = try reader.forEachInputPiece(onDamage: { _ in }, compare)
            #expect(count ?? 0 <= Int64(input.count))
        }
    }

    @Test func aMissingPieceIsNamed() throws {
        let (archive, input) = try archive(seed: 104)
        let repaired = try ArchiveReader(MemoryArchive(archive)).repair(into: MemoryArchive())
        #expect(repaired.report.keptInput == Int64(input.count) && repaired.report.isComplete)
        var damaged = archive
        var offset = 0
        var places: [Int] = []
        while offset < archive.count {
            if archive[offset + 17] == 9 { places.append(offset) }
            offset += (0..<8).reduce(0) { $0 | Int(archive[offset + 20 + $1]) << (8 * $1) }
        }
        #expect(places.count == 3)
        damaged[places[1] + 40] ^= 1  // its header does not hold any more
        do {
            _ = try self.input(of: damaged)
            Issue.record("a piece is missing")
        } catch ArchiveError.damaged(let damage) {
            #expect(damage.offset == Int64(places[2]) && damage.part == .sequence)
        }
        let partly = try ArchiveReader(MemoryArchive(damaged)).repair(into: MemoryArchive())
        #expect(!partly.report.isComplete && partly.report.holes.isEmpty)
        #expect(partly.report.keptInput + partly.report.lostInput == Int64(input.count))
    }

    @Test func aPieceHasAnEnd() throws {
        var writer = try ArchiveWriter(MemoryArchive(), metadata: ArchiveMetadata(content: .packets, creator: "tests"))
        let long = [UInt8](repeating: 1, count: (1 << 20) + 1)
        #expect(throws: ArchiveError.self) { try writer.append(input: long.span, at: 0) }
    }

    @Test func joinedInputsLieInTheOrderOfTheirArchives() throws {
        let pieces = try (0..<3).map { try archive(seed: 110 + UInt64($0)) }
        let readers = try pieces.map { try ArchiveReader(MemoryArchive($0.archive)) }
        let settings = Streams.settings(600, .packed)
        let merged = try ArchiveMerge(readers).run(into: MemoryArchive(), settings: settings)
        let report = merged.report
        let octets = merged.takeStorage().octets
        #expect(try ArchiveReader.verify(MemoryArchive(octets)).isWhole)
        #expect(try input(of: octets) == pieces.flatMap(\.input))
        let metadata = try ArchiveReader(MemoryArchive(octets)).metadata
        #expect(metadata.inputs == report.keptInputs && report.droppedInput == 0)
        #expect(metadata.inputs.map(\.size) == pieces.map { Int64($0.input.count) })
        #expect(metadata.inputs.allSatisfy { $0.name == "input" && $0.sha256?.count == 32 })
        #expect(metadata.origin?.size == Int64(pieces.reduce(0) { $0 + $1.input.count }))
    }
}
