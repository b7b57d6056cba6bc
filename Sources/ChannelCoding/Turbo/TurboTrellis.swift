/// The register of both Turbo encoders: feedback 1 + D³ + D⁴, and three parities.
///
/// The newest bit is the least significant of a state.
enum TurboTrellis {
    static let states = 16

    /// What is fed back into an empty input: the bit that empties the register, too.
    static func feedback(_ state: Int) -> Int { (state >> 2 ^ state >> 3) & 1 }

    /// The state behind a step in which a bit, feedback added, went into the register.
    static func next(_ state: Int, entering bit: Int) -> Int { (state << 1 | bit) & 15 }

    /// The parities of a step: 1 + D + D³ + D⁴, 1 + D² + D⁴ and 1 + D + D² + D³ + D⁴, the first least significant.
    static func parities(_ state: Int, entering bit: Int) -> Int {
        let (one, two, three, four) = (state & 1, state >> 1 & 1, state >> 2 & 1, state >> 3)
        let first = bit ^ one ^ three ^ four
        let second = bit ^ two ^ four
        let third = bit ^ one ^ two ^ three ^ four
        return first | second << 1 | third << 2
    }

    /// For each state and entering bit (2 · state + bit) the bit of the frame and the parities: bit, then parities.
    static let labels: [Int] = (0..<2 * states).map { index in
        let (state, bit) = (index / 2, index % 2)
        return bit ^ feedback(state) | parities(state, entering: bit) << 1
    }
}
