import Missions
import SpaceLink
import TelemetryPipeline
import TestSupport
import Testing

@Suite struct SelectionTests {
    /// The sequence counts of the packets that a selection takes out of ten, one a second from 12:00:00 on.
    private func chosen(_ selection: PacketSelection) throws -> [Int] {
        let folder = try TemporaryFolder()
        let noon = try #require(TAITime(utc: "2023-01-01T12:00:00Z")).nanoseconds / 1_000_000_000
        let packets = (0..<10).map { SmallCraft.attitude($0, at: UInt32(noon) + UInt32($0), degrees: [0, 0, 0]) }
        let path = try folder.write("p", packets.flatMap { $0 } + SmallCraft.heater(77, at: UInt32(noon) + 100, 0))
        var input = try TelemetryInput(InputRequest(paths: [path], settings: [(key: "input", value: "packets")]))
        var sink = Chooser(selection: selection, timeCode: try SmallCraft.timeCode())
        _ = try input.decode(into: &sink)
        return sink.counts
    }

    private struct Chooser: LinkSink {
        let selection: PacketSelection
        let timeCode: TimeCode
        var counts: [Int] = []

        mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
            let time = timeCode.time(ofPacket: octets)
            if selection.contains(packet, time: time) { counts.append(packet.sequenceCount) }
            if selection.hasTimeRange { #expect(!selection.contains(packet, time: nil)) }
        }
    }

    @Test func aRangeBeginsWithItsFirstAndEndsBeforeItsLastInstant() throws {
        let all = Array(0..<10) + [77]
        #expect(try chosen(.everything) == all)
        #expect(try chosen(PacketSelection(from: "2023-01-01T12:00:07Z")) == [7, 8, 9, 77])
        #expect(try chosen(PacketSelection(until: "2023-01-01T12:00:03Z")) == [0, 1, 2])
        #expect(try chosen(PacketSelection(from: "2023-01-01T12:00:03Z", until: "2023-01-01T12:00:05Z")) == [3, 4])
        #expect(try chosen(PacketSelection(from: "2023-01-01T12:00:03.5Z", until: "2023-01-01T12:00:03.6Z")) == [])
    }

    @Test func packetsAreChosenByApidAndChannel() throws {
        #expect(try chosen(PacketSelection(apids: ["2"])) == [77])
        #expect(try chosen(PacketSelection(apids: ["1", "2"], until: "2023-01-01T12:00:01Z")) == [0])
        #expect(try chosen(PacketSelection(apids: ["3"])) == [])
        #expect(try chosen(PacketSelection(apids: ["2"], channels: ["0/0"])) == [77])
        #expect(try chosen(PacketSelection(channels: ["91/1"])) == [])
    }

    @Test(arguments: ["", "x", "-1", "2048", "1.5", "0x10", "99999999999999999999"])
    func aWrongApidIsRefused(text: String) {
        #expect(throws: PipelineFailure.self) { try PacketSelection(apids: [text]) }
    }

    @Test(arguments: ["", "91", "91/", "/1", "91/1/2", "a/b", "91-1"])
    func aWrongChannelIsRefused(text: String) {
        #expect(throws: PipelineFailure.self) { try PacketSelection(channels: [text]) }
    }

    @Test(arguments: ["", "yesterday", "2023-02-30T00:00:00Z", "2023-01-01", "12:00", "2023-01-01T25:00:00Z"])
    func aWrongTimeIsRefused(text: String) {
        #expect(throws: PipelineFailure.self) { try PacketSelection(from: text) }
        #expect(throws: PipelineFailure.self) { try PacketSelection(until: text) }
    }

    @Test func anEndBeforeTheBeginningIsRefused() {
        #expect(throws: PipelineFailure.self) {
            try PacketSelection(from: "2023-01-02T00:00:00Z", until: "2023-01-01T00:00:00Z")
        }
    }

    @Test func theNearestWordIsNearEnoughOrNone() {
        let presets = LinkDescription.presetNames
        #expect(NearestName.of("change5", among: presets) == "change-5")
        #expect(NearestName.of("mars2020", among: presets) == "mars-2020")
        #expect(NearestName.of("hakutor", among: presets) == "hakuto-r")
        #expect(NearestName.of("s-npp", among: presets) == "s-npp")
        #expect(NearestName.of("voyager-1-high-gain", among: presets) == nil)
        #expect(NearestName.of("", among: ["abcdef"]) == nil)
        #expect(NearestName.of("x", among: []) == nil)
    }
}
