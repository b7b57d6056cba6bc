import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

struct StorageFailureTests {
    /// Writes packets until the storage fails; returns what was committed before.
    private func write(_ packets: [(PacketRecord, [UInt8])], to storage: FailingStorage) -> ArchiveTotals? {
        var settings = ArchiveSettings(chunkSize: 900)
        settings.chunksPerIndex = 2
        do throws(ArchiveError) {
            var writer = try ArchiveWriter(
                storage,
                metadata: ArchiveMetadata(content: .packets, creator: "tests"),
                settings: settings
            )
            return write(packets, by: &writer)
        } catch {
            return nil
        }
    }

    private func write(
        _ packets: [(PacketRecord, [UInt8])],
        by writer: inout ArchiveWriter<FailingStorage>
    ) -> ArchiveTotals {
        var hasFailed = false
        for (packet, octets) in packets {
            do throws(ArchiveError) {
                try writer.append(packet: packet, onboardTime: nil, octets: octets.span)
            } catch {
                // After a failure of the storage nothing more is taken.
                if hasFailed {
                    guard case .writerFailed = error else {
                        Issue.record("\(error)")
                        continue
                    }
                }
                hasFailed = true
            }
        }
        do throws(ArchiveError) { try writer.finish() } catch { hasFailed = true }
        return writer.committed
    }

    @Test(arguments: [0, 5, 200])
    func whateverCallFailsWhatWasCommittedStays(torn: Int) throws {
        let stream = Array(Streams.packets(seed: 31, count: 90).joined())
        var link = LinkDescription()
        link.input = .packets
        var sink = RecordSink()
        var decoder = try LinkDecoder(link)
        decoder.push(stream.span, into: &sink)
        let sound = FailingStorage()
        let all = try #require(write(sink.packets, to: sound))
        #expect(all.units == 90)
        #expect(sound.calls > 10)
        for call in 1...sound.calls {
            let storage = FailingStorage(failAt: call, torn: torn)
            let committed = write(sink.packets, to: storage) ?? ArchiveTotals()
            let calls = storage.calls
            #expect(calls == call, "nothing is written after a failure")
            guard committed.units > 0 else { continue }
            // What a loss of power leaves, and what is there without one.
            for octets in [Array(storage.octets.prefix(storage.synchronized)), storage.octets] {
                let read = try Streams.read(octets)
                #expect(read.count >= Int(committed.units))
                #expect(read.map(\.octets) == sink.packets.prefix(read.count).map(\.1))
            }
        }
    }
}
