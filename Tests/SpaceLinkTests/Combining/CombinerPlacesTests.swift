import SpaceLink
import TestSupport
import Testing

/// How recordings are laid beside each other, and what is made of copies that are all bad.
@Suite struct CombinerPlacesTests {
    private func numbers(_ result: Combination, _ pass: SentPass) -> [Int] {
        result.frames.map { pass.numbers[$0] ?? -1 }
    }

    @Test(arguments: [500, 512]) func aDropoutOfMoreThanATurnOfTheCountIsFilled(_ lost: Int) throws {
        let pass = try SentPass(SentPass.link(.tm), frames: 800, idle: false, seed: 3)
        let first = pass.units[..<150] + pass.units[(150 + lost)...]
        let second = pass.units[..<100] + pass.units[110..<700] + pass.units[720...]
        for order in [[first, second], [second, first]] {
            let result = try combine(order.map { $0.flatMap { $0 } }, pass.link)
            #expect(numbers(result, pass) == Array(pass.frames.indices))
            #expect(result.report.channels.allSatisfy { $0.missing == 0 })
        }
    }

    @Test func framesWithoutMarkersKeepTheOrderOfTheirChannels() throws {
        let pass = try SentPass(SentPass.bareLink(.aos), frames: 300, idle: false, seed: 4)
        let first = pass.units[..<50] + pass.units[60..<100] + pass.units[120...]
        let second = pass.units[20..<105] + pass.units[110...]
        let result = try combine([Array(first), Array(second)].map { $0.flatMap { $0 } }, pass.link)
        #expect(result.frames.count == 295)
        #expect(Set(result.frames).count == 295)
        for channel in [1, 2] {
            let counts = result.records.filter { $0.record.virtualChannel == channel }.map(\.record.frameCount)
            #expect(counts == counts.sorted())
        }
        #expect(result.report.channels.map(\.missing).reduce(0, +) == 5)
    }

    @Test(arguments: [LinkDescription.Frame.Kind.aos, .tm]) func otherDownlinksAreRefused(
        _ kind: LinkDescription.Frame.Kind
    ) throws {
        let one = try SentPass(SentPass.link(kind), frames: 200, seed: 5)
        let other = try SentPass(SentPass.link(kind), frames: 200, seed: 6)
        var settings = FrameCombiner.Settings()
        #expect(throws: CombiningError.self) { try combine([one.octets, other.octets], one.link) }
        settings.window = 50
        #expect(throws: CombiningError.unrelated(input: 1, window: 50)) {
            try combine([one.octets, other.octets], one.link, settings: settings)
        }
        #expect(throws: CombiningError.unrelated(input: 2, window: 50)) {
            try combine([one.octets, one.octets, other.octets], one.link, settings: settings)
        }
        #expect(throws: CombiningError.inputs(1)) { try combine([one.octets], one.link) }
    }

    @Test func aStartBeyondTheLookAheadIsPlacedByWideCounts() throws {
        let pass = try SentPass(SentPass.link(.aos), frames: 300, seed: 7)
        var settings = FrameCombiner.Settings()
        settings.window = 50
        let late = pass.units[170...].flatMap { $0 }
        for order in [[pass.octets, late], [late, pass.octets]] {
            let result = try combine(order, pass.link, settings: settings)
            #expect(result.frames == pass.frames)
            #expect(result.report.unaligned > 0)
        }
    }

    @Test(arguments: [97, 4000, 1_000_000]) func piecesDoNotMatter(_ piece: Int) throws {
        let pass = try SentPass(SentPass.link(.tm), frames: 200, seed: 8)
        var generator = SeededGenerator(seed: 9)
        let copies = (0..<2).map { _ in AntennaDamage.noise.apply(to: pass.octets, times: 5, &generator) }
        let result = try combine(copies, pass.link, piece: piece)
        #expect(result.frames == (try combine(copies, pass.link).frames))
    }

    /// Wrong octets at places of one codeblock.
    private func spoil(_ pass: SentPass, unit: Int, _ places: [Int]) -> [UInt8] {
        var units = pass.units
        for place in places { units[unit][4 + place] ^= UInt8(1 + place % 255) }
        return units.flatMap { $0 }
    }

    @Test func codewordsAreTakenFromTheCopyThatHasThem() throws {
        let pass = try SentPass(SentPass.link(.tm, fecf: true, interleave: 2), frames: 40, idle: false, seed: 10)
        let copies = (0..<2).map { codeword in spoil(pass, unit: 20, (0..<40).map { 2 * $0 + codeword }) }
        let result = try combine(copies, pass.link)
        #expect(result.frames == pass.frames)
        #expect(result.report.recovered == 1)
        #expect(result.records[20].isRecovered && result.records[20].copies == 0)
    }

    @Test func symbolsInWhichCopiesDifferAreErasures() throws {
        let pass = try SentPass(SentPass.link(.aos), frames: 40, idle: false, seed: 11)
        let copies = [spoil(pass, unit: 20, Array(10..<34)), spoil(pass, unit: 20, Array(14..<37))]
        // The octets that are wrong in both would be alike: one of them is wrong in another way.
        var other = copies[1]
        for place in 14..<34 { other[20 * pass.units[0].count + 4 + place] ^= 0x5A }
        let result = try combine([copies[0], other], pass.link)
        #expect(result.frames == pass.frames)
        #expect(result.report.recovered == 1)
        var settings = FrameCombiner.Settings()
        settings.recoversFrames = false
        let without = try combine([copies[0], other], pass.link, settings: settings)
        #expect(without.frames.count == pass.frames.count - 1)
        #expect(without.report.channels.map(\.missing).reduce(0, +) == 1)
        settings.keepBad = true
        let kept = try combine([copies[0], other], pass.link, settings: settings)
        #expect(kept.report.bad == 1 && kept.frames.count == pass.frames.count)
        #expect(kept.frames[20].count == pass.frames[20].count)
    }

    @Test func uncheckedCopiesVote() throws {
        let pass = try SentPass(SentPass.bareLink(.aos), frames: 60, idle: false, seed: 12)
        let copies = (0..<3).map { number in
            var octets = pass.octets
            octets[30 * 120 + 50 + number] ^= 0x10
            octets[31 * 120 + 70] ^= UInt8(1 << number)
            return octets
        }
        #expect(try combine(copies, pass.link).frames == pass.frames)
        // Two cannot outvote each other; still each frame comes once.
        #expect(try combine(Array(copies[..<2]), pass.link).frames.count == pass.frames.count)
    }
}
