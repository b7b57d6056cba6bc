import FaultMatrix
import Foundation
import SpaceLink
import TestSupport
import Testing

/// Every insult on every kind of link: what arrives whole is delivered, once, in order, and nothing else.
///
/// `tools/test --full` takes more frames and every bit of a frame; `tools/benchmark fault-matrix` takes 2,000 frames of
/// every kind of link.
@Suite struct FaultMatrixTests {
    static let isFull = ProcessInfo.processInfo.environment["PERILUNE_FULL"] != nil
    static let shapes = LinkShape.all.enumerated().filter { isFull || $0.offset % 3 != 1 }.map(\.element)

    @Test(arguments: shapes) func whatArrivesWholeIsDelivered(_ shape: LinkShape) throws {
        let transmission = try Transmission(shape.link, frames: Self.isFull ? 100 : 16)
        for (number, insult) in shape.insults.enumerated() {
            guard let spoilt = insult.applied(to: transmission.stream) else { continue }
            let reception = try hold(spoilt, of: transmission, shape, "\(insult)")
            guard Self.isFull || number % 4 == 0 else { continue }
            let pieces = Self.pieces(of: spoilt.octets.count)
            let recut = try Reception(of: spoilt.octets, from: transmission, pieces: pieces)
            #expect(recut == reception, "\(shape): \(insult), in pieces")
        }
    }

    @Test(.enabled(if: isFull, "takes minutes: tools/test --full"))
    func twoThousandFramesSurvive() throws {
        let shape = LinkShape.all[0]
        let transmission = try Transmission(shape.link, frames: 2000)
        for insult in shape.insults {
            guard let spoilt = insult.applied(to: transmission.stream) else { continue }
            try hold(spoilt, of: transmission, shape, "\(insult)")
        }
    }

    /// At every bit of a frame, its marker too; without the full run at those about the marker and a tenth of the rest.
    @Test(arguments: LinkShape.all.filter(\.canTell).enumerated().filter { isFull || $0.offset == 0 }.map(\.element))
    func aSlipCostsNoFrameButItsOwn(_ shape: LinkShape) throws {
        let period = try Transmission(shape.link, frames: 1).stream.period
        let bits = (0..<period).filter { Self.isFull || $0 % 10 == 0 || $0 < 80 || $0 >= period - 40 }
        let transmission = try Transmission(shape.link, frames: 3 * bits.count + 3)
        for isInsertion in [true, false] {
            let insult = Insult.slips(at: bits, isInsertion: isInsertion)
            let spoilt = try #require(insult.applied(to: transmission.stream))
            try hold(spoilt, of: transmission, shape, "\(insult)")
        }
    }

    /// Holds the rules.
    @discardableResult private func hold(
        _ spoilt: SpoiltStream,
        of transmission: Transmission,
        _ shape: LinkShape,
        _ name: String
    ) throws -> Reception {
        let reception = try Reception(of: spoilt.octets, from: transmission)
        let breaches = reception.breaches(of: spoilt, canTell: shape.canTell)
        #expect(breaches == [], "\(shape): \(name)")
        return reception
    }

    private static func pieces(of count: Int) -> [Range<Int>] {
        var generator = SeededGenerator(seed: UInt64(count))
        var ends: [Int] = [0]
        while let last = ends.last, last < count {
            ends.append(min(count, last + Int.random(in: 0...1500, using: &generator)))
        }
        return zip(ends, ends.dropFirst()).map { $0..<$1 }
    }
}
