import BenchmarkShim
import ChannelCoding

/// Block code, error control and randomiser, each alone.
enum ChannelCodingBenchmark {
    /// A code and what it is measured with.
    private struct Case {
        let code: ReedSolomon.Code
        let clean: [UInt8]
        var blockLength: Int { code.codeblockLength }
        var name: String {
            "RS(255,\(255 - 2 * code.errors)) I=\(code.interleave) \(code.basis.rawValue)"
        }

        init(errors: Int, interleave: Int, basis: ReedSolomon.Code.Basis) throws {
            code = try ReedSolomon.Code(errors: errors, interleave: interleave, basis: basis)
            let encoder = ReedSolomon.Encoder(code)
            var randomness = Randomness(seed: 2)
            var blocks: [UInt8] = []
            let size = 32 << 20
            blocks.reserveCapacity(size)
            while blocks.count + code.codeblockLength <= size {
                blocks += encoder.encoded(randomness.octets(code.dataLength).span)
            }
            clean = blocks
        }
    }

    static func run(_ bench: Bench) throws {
        let hasPeer = bench_libfec_open() != 0
        if !hasPeer { bench.note("libfec (Debian: libfec0) is absent: Reed-Solomon and Viterbi have no peer") }
        let cases = [
            try Case(errors: 16, interleave: 5, basis: .dual), try Case(errors: 16, interleave: 1, basis: .dual),
            // libfec knows the dual basis for E=16 only.
            try Case(errors: 8, interleave: 5, basis: .conventional),
        ]
        for one in cases {
            for errors in [0, 8, 16] where errors <= one.code.errors {
                let blocks = errors == 0 ? one.clean.count / one.blockLength : 20_480 / one.code.interleave
                try measureReedSolomon(bench, one, errors: errors, blocks: blocks, hasPeer)
            }
        }
        let clean = cases[0].clean
        try measureCRC(bench, clean)
        try measureRandomizer(bench, clean)
        try SynchronizerBenchmark.run(bench)
        try SoftCodesBenchmark.run(bench, hasPeer: hasPeer)
    }

    /// Turns symbols over, at distinct places of every codeword of every codeblock.
    static func disturb(_ octets: inout [UInt8], errors: Int, stride: Int, header: Int, interleave: Int = 5) {
        var randomness = Randomness(seed: 3)
        for start in Swift.stride(from: header, to: octets.count, by: stride) {
            for codeword in 0..<interleave {
                var places: Set<Int> = []
                while places.count < errors { places.insert(randomness.below(255)) }
                for place in places {
                    octets[start + place * interleave + codeword] ^= UInt8(1 + randomness.below(255))
                }
            }
        }
    }

    // MARK: Reed-Solomon

    private static func measureReedSolomon(
        _ bench: Bench,
        _ one: Case,
        errors: Int,
        blocks: Int,
        _ hasPeer: Bool
    ) throws {
        let code = one.code
        let (blockLength, interleave) = (one.blockLength, code.interleave)
        let size = blocks * blockLength
        let wanted = Array(one.clean[..<size])
        var received = wanted
        if errors > 0 {
            disturb(&received, errors: errors, stride: blockLength, header: 0, interleave: interleave)
        }
        let expected = errors * interleave * blocks
        var work: [UInt8] = []
        var corrected = 0
        let timing = Timing.measure(
            prepare: { work = received },
            work: { corrected = errors == 0 ? check(work, code) : decode(&work, code) }
        )
        try bench.require(corrected == expected && work == wanted, "Reed-Solomon with \(errors) errors")
        var proof = errors == 0 ? "all \(blocks) found clean" : "\(corrected) symbols corrected, octets equal"
        var reference = Figure.Reference(name: "memory read", value: bench.memoryRead)
        if hasPeer {
            // A peer needs a hundredth of the input to show its speed.
            let part = min(blocks, 1024)
            var peerWork: [UInt8] = []
            var peerCorrected = 0
            let peer = Timing.measure(
                prepare: { peerWork = Array(received[..<(part * blockLength)]) },
                // The buffer lives as long as the call and holds `part` whole codeblocks.
                work: {
                    peerCorrected =
                        code.basis == .dual
                        ? unsafe bench_libfec_decode(&peerWork, part, Int32(interleave))
                        : unsafe bench_libfec_decode_general(&peerWork, part, Int32(interleave), Int32(code.errors))
                }
            )
            try bench.require(
                peerCorrected == errors * interleave * part && peerWork == Array(wanted[..<(part * blockLength)]),
                "libfec with \(errors) errors"
            )
            reference = Figure.Reference(name: "libfec", value: bench.rate(octets: part * blockLength, peer))
            proof += "; libfec the same on \(part) codeblocks"
        }
        bench.add(
            Figure(
                room: .channelCoding,
                what: errors == 0 ? "\(one.name), check" : "\(one.name), \(errors) errors a codeword",
                input: "\(blocks) codeblocks",
                value: bench.rate(octets: size, timing),
                unit: "MB/s",
                reference: reference,
                goal: errors == 0 || code.errors == 8 || interleave == 1 ? nil : .atLeast(errors == 8 ? 150 : 100),
                proof: proof,
                spread: timing.spread(bench.clock)
            )
        )
    }

    /// Checks all codeblocks; the number of those that are none, of which there are none.
    private static func check(_ octets: [UInt8], _ code: ReedSolomon.Code) -> Int {
        let decoder = ReedSolomon.Decoder(code)
        let blockLength = code.codeblockLength
        var wrong = 0
        for start in stride(from: 0, to: octets.count, by: blockLength) {
            if !decoder.isCodeblock(octets.span.extracting(start..<start + blockLength)) { wrong += 1 }
        }
        return wrong
    }

    /// Corrects all codeblocks; the number of corrected symbols.
    private static func decode(_ octets: inout [UInt8], _ code: ReedSolomon.Code) -> Int {
        var decoder = ReedSolomon.Decoder(code)
        let blockLength = code.codeblockLength
        var corrected = 0
        var span = octets.mutableSpan
        for start in stride(from: 0, to: span.count, by: blockLength) {
            var block = span._mutatingExtracting(start..<start + blockLength)
            corrected += decoder.decode(&block).correctedSymbols
        }
        return corrected
    }

    // MARK: Error control and randomiser

    private static func measureCRC(_ bench: Bench, _ octets: [UInt8]) throws {
        let length = 1115
        let frames = octets.count / length
        var sum = 0
        let timing = Timing.measure {
            sum = 0
            for index in 0..<frames {
                sum += Int(CRC16.checksum(octets.span.extracting(index * length..<(index + 1) * length)))
            }
        }
        let file = bench.path("crc.bin")
        try octets.write(to: file)
        var reference = Figure.Reference(name: "memory read", value: bench.memoryRead)
        var proof = "not compared"
        do {
            let peer = try bench.runPeer(bench.python ?? "python3", "crc '\(file)' \(length)")
            try bench.require(peer["sum"] == Double(sum), "sum of CRC-16")
            reference = Figure.Reference(
                name: "CPython's crc_hqx (C)",
                value: Double(frames * length) / 1e6 / bench.seconds(peer)
            )
            proof = "sums of all CRCs equal"
        } catch BenchmarkFailure.command(_, let status) {
            bench.note("CRC-16 is held against memory only: python3 ended with \(status)")
        }
        bench.add(
            Figure(
                room: .channelCoding,
                what: "CRC-16",
                input: "\(frames) frames of \(length) octets",
                value: bench.rate(octets: frames * length, timing),
                unit: "MB/s",
                reference: reference,
                goal: .atLeast(1800),
                proof: proof,
                spread: timing.spread(bench.clock)
            )
        )
    }

    private static func measureRandomizer(_ bench: Bench, _ octets: [UInt8]) throws {
        let blockLength = 1275
        for randomizer in PseudoRandomizer.allCases {
            var work = octets
            var runs = 0
            let timing = Timing.measure {
                runs += 1
                var span = work.mutableSpan
                for start in stride(from: 0, to: span.count, by: blockLength) {
                    var block = span._mutatingExtracting(start..<start + blockLength)
                    randomizer.apply(to: &block)
                }
            }
            // It is its own inverse: an even number of runs must leave nothing behind, an odd one the sequence.
            if runs % 2 == 1 {
                try bench.require(work != octets, "the randomiser changed nothing")
                for start in stride(from: 0, to: work.count, by: blockLength) {
                    var span = work.mutableSpan
                    var block = span._mutatingExtracting(start..<start + blockLength)
                    randomizer.apply(to: &block)
                }
            }
            try bench.require(work == octets, "the randomiser is not its own inverse")
            bench.add(
                Figure(
                    room: .channelCoding,
                    what: "randomiser, \(randomizer.rawValue) sequence, in place",
                    input: "\(octets.count / blockLength) codeblocks",
                    value: bench.rate(octets: octets.count, timing),
                    unit: "MB/s",
                    reference: Figure.Reference(name: "memory copy", value: bench.memoryCopy),
                    proof: "twice gives the input back",
                    spread: timing.spread(bench.clock)
                )
            )
        }
    }
}
