import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

struct RecordingTests {
    static let recordings: [(file: String, preset: String?)] = [
        ("change5_2020-11-28.u8", "change-5"),
        ("hakuto-r_20221211_224843Z.u8", "hakuto-r"),
        ("lunar-flashlight_20221212_170854Z_2.u8", "lunar-flashlight"),
        ("mars2020_10kbps.u8", "mars-2020"),
        ("snpp_synchronized_cadus.dat", "s-npp"),
        ("J01_G011_LZ_2021-04-09T00-00-00Z_V01.DAT1", nil),
    ]

    @Test(
        .enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)),
        arguments: recordings,
        ArchiveSettings.Form.allCases
    )
    func aRecordingComesBackAndIsQueried(
        recording: (file: String, preset: String?),
        form: ArchiveSettings.Form
    ) throws {
        let (file, preset) = recording
        let stream = try Fixtures.recording(file)
        var link = LinkDescription()
        link.input = .packets
        if let preset { link = try #require(LinkDescription.preset(preset)) }
        let content = preset == nil ? ArchiveContent.packets : .frames
        let archive = try Streams.archive(
            stream,
            by: link,
            content: content,
            settings: Streams.settings(60_000, form)
        )
        let whole = try Streams.decode(stream, by: link)
        let expected = content == .frames ? whole.frames : whole.packets
        #expect(try Streams.read(archive).map(\.essence) == expected.map(\.essence))
        let reader = try ArchiveReader(MemoryArchive(archive))
        #expect(try reader.verify().isWhole)

        for apid in [nil] + Set(whole.packets.map(\.unit.apid)).sorted().prefix(8).map(Optional.some) {
            var selection = ArchiveSelection()
            selection.apids = apid.map { [$0] }
            var found: [Kept] = []
            try reader.forEachPacket(selection, link: link, onboardTime: Streams.time) { unit, octets in
                found.append(Kept(unit: unit, octets: octets.copied))
                return .next
            }
            let wanted = whole.packets.filter { selection.matches($0.unit) }
            #expect(found.map(\.essence) == wanted.map(\.essence))
        }
    }
}
