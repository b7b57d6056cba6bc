import Foundation
import RigidBody
import TestSupport
import Testing

/// The C library is the reference here: within a few units in the last place, never bit for bit.
@Suite struct ElementaryTests {
    private func close(_ value: Double, _ reference: Double, _ units: Double = 4) -> Bool {
        (value - reference).magnitude <= units * max(reference.ulp, 0x1p-55)
    }

    @Test func sineAndCosineAgreeWithTheLibrary() {
        var random = SeededGenerator(seed: 1)
        for scale in [1.0, 10, 1000, 100_000] {
            for _ in 0..<5000 {
                let angle = Double.random(in: -scale...scale, using: &random)
                #expect(close(Elementary.sine(angle), sin(angle)), "sine of \(angle)")
                #expect(close(Elementary.cosine(angle), cos(angle)), "cosine of \(angle)")
            }
        }
    }

    @Test func anglesBeyondTheRangeAreNotANumber() {
        for angle in [1e7, -.infinity, .nan] {
            #expect(Elementary.sine(angle).isNaN)
            #expect(Elementary.cosine(angle).isNaN)
        }
    }

    @Test func arcTangentAgreesInAllQuadrants() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<20_000 {
            let y = Double.random(in: -3...3, using: &random)
            let x = Double.random(in: -3...3, using: &random)
            #expect(close(Elementary.arcTangent(y, x), atan2(y, x), 8), "(\(y), \(x))")
        }
        #expect(Elementary.arcTangent(0, -1) == Double.pi)
        #expect(Elementary.arcTangent(0, 0) == 0)
    }

    @Test func arcSineAndArcCosineAgreeAndBound() {
        for step in -1000...1000 {
            let value = Double(step) / 1000
            #expect(close(Elementary.arcSine(value), asin(value), 8))
            #expect(close(Elementary.arcCosine(value), acos(value), 8))
        }
        #expect(Elementary.arcSine(1.5) == Elementary.arcSine(1))
    }

    @Test func exponentialAndLogarithmAgree() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            let x = Double.random(in: -700...700, using: &random)
            #expect(close(Elementary.exponential(x) / exp(x), 1, 8), "exponential of \(x)")
            let y = exp(x)
            #expect(close(Elementary.logarithm(y), log(y)), "logarithm of \(y)")
        }
        #expect(Elementary.exponential(-800) == 0)
        #expect(Elementary.exponential(800) == .infinity)
        #expect(Elementary.logarithm(0) == -.infinity)
        #expect(Elementary.logarithm(-1).isNaN)
    }
}
