/// One line of the table.
struct Figure: Encodable {
    /// What a figure is held against.
    struct Reference: Encodable {
        /// The peer's or the limit's name.
        var name: String
        /// Its figure, in the same unit, of the same run.
        var value: Double
    }

    /// What the design asks for, in the unit of the figure.
    enum Goal: Encodable {
        /// As much or more.
        case atLeast(Double)
        /// As little or less.
        case atMost(Double)

        /// As in a table.
        var text: String {
            switch self {
            case .atLeast(let value): "≥ " + Table.number(value)
            case .atMost(let value): "≤ " + Table.number(value)
            }
        }

        private enum CodingKeys: String, CodingKey {
            case atLeast
            case atMost
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            switch self {
            case .atLeast(let value): try container.encode(value, forKey: .atLeast)
            case .atMost(let value): try container.encode(value, forKey: .atMost)
            }
        }
    }

    /// The part of Perilune, or the machine.
    var room: Room
    /// What was done.
    var what: String
    /// On what.
    var input: String
    /// The median.
    var value: Double
    /// Its unit.
    var unit: String
    /// A peer that did the same work, or a limit of the machine.
    var reference: Reference?
    /// What the design asks for.
    var goal: Goal?
    /// How it is known that all the work was done, and done right.
    var proof: String
    /// How far the repetitions lie apart, as a part of the median.
    var spread: Double?

    /// The figure divided by the reference's.
    var ratio: Double? { reference.map { value / $0.value } }

    private enum CodingKeys: String, CodingKey {
        case room
        case what
        case input
        case value
        case unit
        case reference
        case ratio
        case goal
        case proof
        case spread
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(room, forKey: .room)
        try container.encode(what, forKey: .what)
        try container.encode(input, forKey: .input)
        try container.encode(value, forKey: .value)
        try container.encode(unit, forKey: .unit)
        try container.encodeIfPresent(reference, forKey: .reference)
        try container.encodeIfPresent(ratio, forKey: .ratio)
        try container.encodeIfPresent(goal, forKey: .goal)
        try container.encode(proof, forKey: .proof)
        try container.encodeIfPresent(spread, forKey: .spread)
    }
}
