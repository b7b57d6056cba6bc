import SpaceLink
import TestSupport
import Testing

/// The same octets cut in any way give the same values and the same ledger.
@Suite struct ChunkingTests {
    @Test(arguments: try Fixtures.vectors("tm_stream", "aos_stream"))
    func everyCutOfAStreamGivesTheSame(_ vector: Vector) throws {
        let octets = try vector.frameOctets()
        let link = vector.frameLink()
        let whole = try decode(octets, link)
        #expect(try decode(octets, link, cuts: Array(1..<octets.count)) == whole)
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<5 {
            let cuts = (0..<20).map { _ in Int.random(in: octets.indices, using: &generator) }.sorted()
            #expect(try decode(octets, link, cuts: cuts) == whole)
        }
    }

    @Test(
        .enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)),
        arguments: [
            ("change-5", "change5_2020-11-28.u8"), ("hakuto-r", "hakuto-r_20221211_224843Z.u8"),
            ("lunar-flashlight", "lunar-flashlight_20221212_170854Z_1.u8"), ("mars-2020", "mars2020_10kbps.u8"),
            ("s-npp", "snpp_synchronized_cadus.dat"), ("packets", "J01_G011_LZ_2021-04-09T00-00-00Z_V01.DAT1"),
        ]
    )
    func everyCutOfARecordingGivesTheSame(_ preset: String, _ name: String) throws {
        var link = LinkDescription.preset(preset) ?? LinkDescription()
        if preset == "packets" { link.input = .packets }
        let octets = try Fixtures.recording(name)
        let whole = try decode(octets, link)
        let period = link.frameLength ?? 71
        for step in [1000, period - 1, period, period + 1, 65_536] {
            #expect(try decode(octets, link, cuts: Array(stride(from: step, to: octets.count, by: step))) == whole)
        }
        var generator = SeededGenerator(seed: UInt64(octets.count))
        for longest in [3, 200, 30_000] {
            // Small pieces of a part, large ones of the whole; empty ones among them.
            let part = Array(octets.prefix(longest < 100 ? 60_000 : octets.count))
            var cuts: [Int] = []
            var place = 0
            while place < part.count {
                cuts.append(place)
                place += Int.random(in: 0...longest, using: &generator)
            }
            #expect(try decode(part, link, cuts: cuts) == decode(part, link))
        }
        let short = Array(octets.prefix(9000))
        #expect(try decode(short, link, cuts: Array(1..<short.count)) == decode(short, link))
    }
}
