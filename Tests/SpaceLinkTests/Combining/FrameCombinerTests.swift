import SpaceLink
import TestSupport
import Testing

/// Several recordings of one downlink: every frame that any has, none twice, none invented, in the order sent.
@Suite struct FrameCombinerTests {
    /// Links that differ in what counts their frames.
    enum Link: CaseIterable {
        case aos
        case tm
        case uslp
        case tmWithErrorControl

        var description: LinkDescription {
            switch self {
            case .aos: SentPass.link(.aos)
            case .tm: SentPass.link(.tm)
            case .uslp: SentPass.link(.uslp)
            case .tmWithErrorControl: SentPass.link(.tm, fecf: true, interleave: 2)
            }
        }
    }

    @Test(arguments: Link.allCases) func combinedWithItselfIsItself(_ kind: Link) throws {
        let pass = try SentPass(kind.description, frames: 300, seed: 1)
        let result = try combine([pass.octets, pass.octets], pass.link)
        #expect(result.frames == pass.frames)
        #expect(result.report.common == pass.frames.count)
        #expect(result.report.inputs.allSatisfy { $0.alone == 0 && $0.lacking == 0 && $0.repeated == 0 })
        #expect(result.report.channels.allSatisfy { $0.missing == 0 })
    }

    @Test(arguments: Link.allCases, AntennaDamage.allCases) func twoDamagedCopiesGiveAllThatEitherHas(
        _ kind: Link,
        _ insult: AntennaDamage
    ) throws {
        for seed in UInt64(0)..<6 {
            let pass = try SentPass(kind.description, frames: 300, seed: seed)
            var generator = SeededGenerator(seed: 100 + seed)
            let copies = (0..<2).map { _ in insult.apply(to: pass.octets, times: 6, &generator) }
            try expectBest(of: copies, pass, "\(kind), \(insult), seed \(seed)")
        }
    }

    @Test(arguments: Link.allCases) func manyInsultsAtOnce(_ kind: Link) throws {
        for seed in UInt64(0)..<8 {
            let pass = try SentPass(kind.description, frames: 400, seed: 50 + seed)
            var generator = SeededGenerator(seed: 200 + seed)
            var copies: [[UInt8]] = []
            for number in 0..<3 {
                // Each antenna starts and stops at another time.
                let first = Int.random(in: 0..<6000, using: &generator)
                let last = pass.octets.count - Int.random(in: 0..<6000, using: &generator)
                var octets = Array(pass.octets[first..<last])
                for insult in AntennaDamage.allCases { octets = insult.apply(to: octets, times: 2, &generator) }
                if number == 1 { octets = octets.map { ~$0 } }
                if number == 2 { octets = AntennaDamage.shifted(octets, by: 3, &generator) }
                copies.append(octets)
            }
            try expectBest(of: copies, pass, "\(kind), seed \(seed)")
        }
    }

    /// Every frame that a copy has, in the order sent, each once, and nothing else.
    private func expectBest(of copies: [[UInt8]], _ pass: SentPass, _ comment: Comment) throws {
        let result = try combine(copies, pass.link)
        let numbers = result.frames.map { pass.numbers[$0] ?? -1 }
        var had: Set<Int> = []
        for copy in copies { had.formUnion(try acceptedFrames(copy, pass.link).compactMap { pass.numbers[$0] }) }
        #expect(had.count > pass.frames.count / 2, comment)
        #expect(numbers == Array(Set(numbers)).sorted(), comment)
        #expect(!numbers.contains(-1), comment)
        let recovered = Set(zip(result.records, numbers).filter(\.0.isRecovered).map(\.1))
        #expect(Set(numbers).subtracting(recovered) == had.subtracting(recovered), comment)
        #expect(recovered.isDisjoint(with: had), comment)
        #expect(result.report.frames == numbers.count && result.report.recovered == recovered.count, comment)
    }
}
