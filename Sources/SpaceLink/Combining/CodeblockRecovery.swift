import ChannelCoding

/// Reads a frame of which no copy can be read alone.
///
/// Each codeword is taken from a copy in which it can be corrected. For one that no copy has, the symbols in which the
/// copies differ are erasures: Reed-Solomon fills twice as many of them as it finds errors. A result counts only if
/// parity is left over that speaks for it, and if the frame's own rules hold; nothing is invented.
struct CodeblockRecovery: Sendable {
    /// Parity symbols of a codeword that erasures and errors must leave unused: a wrong word passes once in 256⁴.
    private static let spareSymbols = 4

    private let code: ReedSolomon.Code?
    private var decoder: ReedSolomon.Decoder?
    private let format: FrameFormat

    init(_ link: LinkDescription) throws(LinkDescriptionError) {
        code = link.isCoded ? try link.reedSolomonCode() : nil
        decoder = code.map { ReedSolomon.Decoder($0) }
        format = FrameFormat(link)
    }

    /// Puts a frame together.
    ///
    /// - Parameter copies: Codeblocks without randomiser, or frames that fail their error control; two or more.
    /// - Returns: The frame, what it says of itself, and the symbols corrected; nothing if it cannot be had.
    mutating func recover(_ copies: [[UInt8]]) -> (octets: [UInt8], fields: FrameFields, symbols: Int)? {
        guard let length = copies.first?.count, copies.allSatisfy({ $0.count == length }) else { return nil }
        if let code, length == code.codeblockLength { return recoverCodeblock(copies, code) }
        guard format.hasErrorControl, copies.count > 2 else { return nil }
        return accept(Self.majority(copies), symbols: 0)
    }

    /// The value that most copies have, bit by bit; where they are even, the first copy's.
    static func majority(_ copies: [[UInt8]]) -> [UInt8] {
        guard var result = copies.first else { return [] }
        for index in result.indices {
            var octet: UInt8 = 0
            for bit in 0..<8 {
                let mask = UInt8(1) << UInt8(bit)
                let ones = copies.count { $0[index] & mask != 0 }
                let isSet = ones * 2 == copies.count ? result[index] & mask != 0 : ones * 2 > copies.count
                if isSet { octet |= mask }
            }
            result[index] = octet
        }
        return result
    }

    private func accept(_ frame: [UInt8], symbols: Int) -> (octets: [UInt8], fields: FrameFields, symbols: Int)? {
        do throws(TransferFrameError) { return (frame, try format.decode(frame.span), symbols) } catch { return nil }
    }

    private mutating func recoverCodeblock(
        _ copies: [[UInt8]],
        _ code: ReedSolomon.Code
    ) -> (octets: [UInt8], fields: FrameFields, symbols: Int)? {
        var result = copies[0]
        var missing = Array(repeating: true, count: code.interleave)
        var symbols = 0
        // 1. Codewords that one of the copies has.
        for copy in copies where missing.contains(true) {
            let (octets, counts) = decode(copy, erasures: [])
            for codeword in missing.indices where missing[codeword] && counts[codeword] >= 0 {
                Self.take(codeword, of: octets, into: &result, code)
                missing[codeword] = false
                symbols += counts[codeword]
            }
        }
        // 2. Those that none has, from what the copies agree on.
        var bases = copies
        if copies.count > 2 { bases.insert(Self.majority(copies), at: 0) }
        for base in bases where missing.contains(true) {
            for codeword in missing.indices where missing[codeword] {
                guard let filled = fill(codeword, of: base, copies, code) else { continue }
                Self.take(codeword, of: filled.octets, into: &result, code)
                missing[codeword] = false
                symbols += filled.symbols
            }
        }
        guard !missing.contains(true) else { return nil }
        return accept(Array(result.prefix(code.dataLength)), symbols: symbols)
    }

    /// Corrects one codeword with erasures where the copies differ from each other.
    private mutating func fill(
        _ codeword: Int,
        of base: [UInt8],
        _ copies: [[UInt8]],
        _ code: ReedSolomon.Code
    ) -> (octets: [UInt8], symbols: Int)? {
        let places = stride(from: codeword, to: code.codeblockLength, by: code.interleave)
        let erasures = places.filter { place in copies.contains { $0[place] != base[place] } }
        let limit = code.paritySymbols - Self.spareSymbols
        guard !erasures.isEmpty, erasures.count <= limit else { return nil }
        let (octets, counts) = decode(base, erasures: erasures)
        guard counts[codeword] >= 0 else { return nil }
        let changed = places.count { octets[$0] != base[$0] }
        let errors = places.count { place in octets[place] != base[place] && !erasures.contains(place) }
        guard erasures.count + 2 * errors <= limit else { return nil }
        return (octets, changed)
    }

    private mutating func decode(_ codeblock: [UInt8], erasures: [Int]) -> (octets: [UInt8], counts: [Int]) {
        guard var decoder = decoder.take() else { return (codeblock, []) }
        defer { self.decoder = decoder }
        var octets = codeblock
        var span = octets.mutableSpan
        let outcome = decoder.decode(&span, erasures: erasures)
        return (octets, outcome.symbolsByCodeword)
    }

    private static func take(_ codeword: Int, of octets: [UInt8], into result: inout [UInt8], _ code: ReedSolomon.Code)
    {
        for place in stride(from: codeword, to: code.codeblockLength, by: code.interleave) {
            result[place] = octets[place]
        }
    }
}
