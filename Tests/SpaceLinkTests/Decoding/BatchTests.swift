import SpaceLink
import TestSupport
import Testing

/// Codeblocks that are collected, decoded apart and taken in order give the sink the same calls as one pass.
@Suite struct BatchTests {
    /// Slips, noise, inverted parts, missing and repeated blocks.
    private func damaged(_ random: RandomLink, _ generator: inout SeededGenerator) -> [UInt8] {
        var octets = random.units.flatMap(\.self)
        for _ in 0..<6 {
            let place = Int.random(in: 0..<octets.count - 500, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: octets.removeSubrange(place..<place + Int.random(in: 1...400, using: &generator))
            case 1: octets.insert(contentsOf: generator.octets(Int.random(in: 1...700, using: &generator)), at: place)
            case 2: for index in place..<octets.count { octets[index] ^= 0xFF }
            case 3: octets.insert(contentsOf: octets[place..<place + 300], at: place)
            default:
                // From here on a bit later.
                var carry: UInt8 = 1
                for index in place..<octets.count {
                    let next = octets[index] & 1
                    octets[index] = octets[index] >> 1 | carry << 7
                    carry = next
                }
            }
        }
        return octets
    }

    @Test(arguments: 0..<24)
    func batchesGiveTheSameCalls(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let random = try RandomLink(seed: UInt64(seed), input: seed.isMultiple(of: 4) ? .codeblocks : .cadu)
        var link = random.link
        if seed % 3 == 1 { link.marker.recovery = .flywheel }
        let octets = damaged(random, &generator)
        let whole = try decode(octets, link, keepBad: true)

        var decoder = try LinkDecoder(link, keepBad: true)
        var collector = Collector()
        var waiting: [CodeblockBatch] = []
        var start = 0
        while start < octets.count {
            let end = min(octets.count, start + Int.random(in: 1...3000, using: &generator))
            var batch = try #require(decoder.makeBatch())
            decoder.collect(octets.span.extracting(start..<end), into: &batch)
            waiting.append(batch)
            start = end
            // Some wait while others are taken, as with several tasks.
            while waiting.count > Int.random(in: 0...3, using: &generator) {
                var next = waiting.removeFirst()
                next.decode()
                decoder.push(next, into: &collector)
            }
        }
        var rest = try #require(decoder.makeBatch())
        decoder.collectRest(into: &rest)
        for var batch in waiting + [rest] {
            batch.decode()
            decoder.push(batch, into: &collector)
        }
        decoder.finish(into: &collector)
        #expect(collector == whole.collector)
        #expect(decoder.summary == whole.summary)
        #expect(decoder.masterChannels == whole.masterChannels)
    }

    @Test func framesAndSymbolsAreNotDecodedInBatches() throws {
        #expect(try LinkDecoder(Build.link(zone: 30)).makeBatch() == nil)
        #expect(try !LinkDecoder(#require(LinkDescription.preset("queqiao-2"))).decodesInBatches)
    }
}
