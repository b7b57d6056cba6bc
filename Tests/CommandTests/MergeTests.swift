import Foundation
import TestSupport
import Testing

/// Pieces decoded apart and joined equal one pass; several tasks give what one gives.
@Suite struct MergeTests {
    /// Frames of 60 octets, of which every fifth starts a packet of four frames and some.
    private static func frames(_ count: Int) -> [UInt8] {
        let zone = 52
        let length = 230
        var stream: [UInt8] = []
        var starts: [Int] = []
        while stream.count < count * zone {
            let number = starts.count
            starts.append(stream.count)
            stream += [0x08, 0x21, 0xC0 | UInt8(number >> 8), UInt8(number & 0xFF), 0, UInt8(length - 7)]
            stream += (6..<length).map { UInt8(truncatingIfNeeded: $0 &* 3 &+ number) }
        }
        return (0..<count).flatMap { index -> [UInt8] in
            let start = index * zone
            let pointer = starts.first { $0 >= start }.map { $0 < start + zone ? $0 - start : 0x7FF } ?? 0x7FF
            return [0x42, 0x81, 0, 0, UInt8(index), 0, UInt8(pointer >> 8), UInt8(pointer & 0xFF)]
                + stream[start..<start + zone]
        }
    }

    private static let link = ["--input", "frames", "--frame", "aos", "--frame-length", "60"]

    /// Inspects and decodes pieces, of which one frame is lost.
    private func pieces(in folder: TemporaryFolder) async throws -> (whole: Outcome, packets: [[UInt8]]) {
        var octets = Self.frames(200)
        octets.removeSubrange(60 * 90..<60 * 91)
        _ = try folder.write("whole", octets)
        var packets: [[UInt8]] = []
        let cuts = [0, 7, 61, 90, 142, 199]
        for number in 1..<cuts.count {
            _ = try folder.write("piece", Array(octets[60 * cuts[number - 1]..<60 * cuts[number]]))
            let inspect = ["inspect", "--json", "--segment", "\(number)", "piece"] + Self.link
            let inspected = try await Tool.perilune.run(inspect, in: folder)
            #expect(inspected.status == 0, "\(inspected.words)")
            _ = try folder.write("\(number).json", inspected.output)
            let decode = ["decode", "--to", "packets", "--json", "--segment", "\(number)", "-o", "\(number).packets"]
            let decoded = try await Tool.perilune.run(decode + ["piece"] + Self.link, in: folder)
            #expect(decoded.output == inspected.output, "\(decoded.words)")
            packets.append(try folder.read("\(number).packets"))
        }
        return (try await Tool.perilune.run(["inspect", "--json", "whole"] + Self.link, in: folder), packets)
    }

    @Test func mergedPiecesEqualOnePass() async throws {
        let folder = try TemporaryFolder()
        let (whole, packets) = try await pieces(in: folder)
        let names = [4, 2, 5, 1, 3].map { "\($0).json" }
        let merged = try await Tool.perilune.run(
            ["merge", "--json", "--packets", "cuts", "-o", "merged.json"] + names,
            in: folder
        )
        #expect(merged.status == 0, "\(merged.words)")
        #expect(merged.output == whole.output)
        #expect(try folder.read("merged.json") == whole.output)
        let out = try await Tool.perilune.run(
            ["decode", "--to", "packets", "whole", "-o", "all"] + Self.link,
            in: folder
        )
        #expect(out.status == 0)
        let parts = packets.flatMap(\.self) + (try folder.read("cuts"))
        let expected = try folder.read("all")
        #expect(Self.split(parts).sorted() == Self.split(expected).sorted())
        #expect(try !folder.read("cuts").isEmpty)
        let text = try await Tool.perilune.run(["merge"] + names, in: folder)
        #expect(text.text.contains("5 pieces"))
        #expect(text.text.contains("1 missing in 1 gaps"))
    }

    private static func split(_ octets: [UInt8]) -> [String] {
        stride(from: 0, to: octets.count, by: 230).map { start in
            octets[start..<min(start + 230, octets.count)].map { String($0, radix: 16) }.joined(separator: " ")
        }
    }

    @Test func missingAndRepeatedPiecesAreNamed() async throws {
        let folder = try TemporaryFolder()
        _ = try await pieces(in: folder)
        let missing = try await Tool.perilune.run(["merge", "2.json", "5.json"], in: folder)
        #expect(missing.status == 2)
        #expect(missing.words.contains("missing: 1, 3 to 4"), "\(missing.words)")
        let twice = try await Tool.perilune.run(["merge", "1.json", "2.json", "1.json"], in: folder)
        #expect(twice.status == 2)
        #expect(twice.words.contains("piece 1 stands in 1.json already"), "\(twice.words)")
        let none = try await Tool.perilune.run(["merge", "whole"], in: folder)
        #expect(none.status == 2)
        _ = try folder.write("plain.json", Array("{\"v\":1,\"event\":\"done\"}\n".utf8))
        let plain = try await Tool.perilune.run(["merge", "plain.json"], in: folder)
        #expect(plain.status == 2)
        #expect(plain.words.contains("--segment N"), "\(plain.words)")
        let text = String(decoding: try folder.read("1.json"), as: UTF8.self)
        _ = try folder.write("spoilt.json", Array(text.replacing("\"version\":1", with: "\"version\":2").utf8))
        let spoilt = try await Tool.perilune.run(["merge", "spoilt.json"], in: folder)
        #expect(spoilt.status == 2)
        #expect(spoilt.words.contains("version 2"), "\(spoilt.words)")
        let words = try await Tool.perilune.run(["inspect", "--segment", "1", "whole"] + Self.link, in: folder)
        #expect(words.status == 2)
        #expect(words.words.contains("--json"))
    }

    @Test func severalTasksGiveWhatOneGives() async throws {
        let folder = try TemporaryFolder()
        let pass = try await GeneratedPass.of("nominal").octets
        var octets = pass + pass + pass
        var generator = SeededGenerator(seed: 12)
        // Missing and repeated blocks, noise, an inverted part; a bit later from some place on.
        octets.removeSubrange(100_003..<100_900)
        octets.insert(contentsOf: generator.octets(7777), at: 300_000)
        octets.insert(contentsOf: octets[200_000..<203_333], at: 500_000)
        for index in 600_000..<700_000 { octets[index] ^= 0xFF }
        var carry: UInt8 = 0
        for index in 800_000..<octets.count {
            let next = octets[index] & 1
            octets[index] = octets[index] >> 1 | carry << 7
            carry = next
        }
        _ = try folder.write("pass", octets)
        let inspect = ["inspect", "--mission", "luna-25", "pass", "--json", "--explain"]
        let one = try await Tool.perilune.run(inspect, in: folder)
        #expect(one.status == 0, "\(one.words)")
        let decode = ["decode", "--mission", "luna-25", "pass", "--to", "packets"]
        let packets = try await Tool.perilune.run(decode, in: folder)
        #expect(packets.output.count > 100_000)
        for jobs in ["2", "3", "0"] {
            #expect(try await Tool.perilune.run(inspect + ["--jobs", jobs], in: folder).output == one.output)
            #expect(try await Tool.perilune.run(decode + ["--jobs", jobs], in: folder).output == packets.output)
        }
    }
}
