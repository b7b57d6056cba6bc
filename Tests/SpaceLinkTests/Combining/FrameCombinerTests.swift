import SpaceLink
import TestSupport
import Testing

/// Several recordings of one downlink: every frame that any has, none twice, none invented, in the order sent.
@Suite struct FrameCombinerTests {
    static let links: [LinkDescription] = [
        SentPass.link(.aos), SentPass.link(.tm), SentPass.link(.uslp), SentPass.link(.tm, fecf: true, interleave: 2),
    ]

    @Test(arguments: links) func combinedWithItselfIsItself(_ link: LinkDescription) throws {
        let pass = try SentPass(link, frames: 700, seed: 1)
        let result = try combine([pass.octets, pass.octets], link)
        #expect(result.frames == pass.frames)
        #expect(result.report.common == pass.frames.count)
        #expect(result.report.inputs.allSatisfy { $0.alone == 0 && $0.lacking == 0 && $0.repeated == 0 })
        #expect(result.report.channels.allSatisfy { $0.missing == 0 })
    }

    @Test(arguments: links, Insult.allCases) func twoDamagedCopiesGiveAllThatEitherHas(
        _ link: LinkDescription,
        _ insult: Insult
    ) throws {
        for seed in UInt64(0)..<6 {
            let pass = try SentPass(link, frames: 900, seed: seed)
            var generator = SeededGenerator(seed: 100 + seed)
            let copies = (0..<2).map { _ in insult.apply(to: pass.octets, times: 12, &generator) }
            try expectBest(of: copies, pass, "\(insult), seed \(seed)")
        }
    }

    @Test(arguments: links) func manyInsultsAtOnce(_ link: LinkDescription) throws {
        for seed in UInt64(0)..<8 {
            let pass = try SentPass(link, frames: 1000, seed: 50 + seed)
            var generator = SeededGenerator(seed: 200 + seed)
            var copies: [[UInt8]] = []
            for number in 0..<3 {
                // Each antenna starts and stops at another time.
                let first = Int.random(in: 0..<20_000, using: &generator)
                let last = pass.octets.count - Int.random(in: 0..<20_000, using: &generator)
                var octets = Array(pass.octets[first..<last])
                for insult in Insult.allCases { octets = insult.apply(to: octets, times: 3, &generator) }
                if number == 1 { octets = octets.map { ~$0 } }
                if number == 2 { octets = Insult.shifted(octets, by: 3, &generator) }
                copies.append(octets)
            }
            try expectBest(of: copies, pass, "seed \(seed)")
        }
    }

    /// Every frame that a copy has, in the order sent, each once, and nothing else.
    private func expectBest(of copies: [[UInt8]], _ pass: SentPass, _ comment: Comment) throws {
        let result = try combine(copies, pass.link)
        var had: Set<[UInt8]> = []
        for copy in copies { had.formUnion(try acceptedFrames(copy, pass.link)) }
        let expected = pass.frames.filter { had.contains($0) }
        #expect(expected.count > pass.frames.count / 2, comment)
        let recovered = Set(zip(result.records, result.frames).filter(\.0.isRecovered).map(\.1))
        #expect(result.frames.filter { !recovered.contains($0) } == expected.filter { !recovered.contains($0) }, comment)
        #expect(result.frames.isSubsequence(of: pass.frames), comment)
        #expect(Set(result.frames).isSuperset(of: expected), comment)
        #expect(result.report.frames == result.frames.count, comment)
    }
}
