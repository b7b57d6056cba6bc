/// The values of one packet, in the order in which they lie there; reused from packet to packet.
///
/// A structure of arrays: for each sample the parameter, the raw and the engineering word, and a state that says what
/// the words are. Texts and octets lie one after the other in one array. Nothing is allocated once the buffer has
/// grown to the largest packet.
public struct SampleBuffer: Sendable {
    /// How many samples the last packet gave.
    public private(set) var count = 0
    /// The most derived container that the last packet was found to be, as an index into the database's containers;
    /// −1 before the first packet.
    public internal(set) var container = -1

    /// Whether several derived containers of one base matched the last packet; all were decoded.
    public internal(set) var isAmbiguous = false

    private(set) var parameterIndices: [Int32] = []
    private(set) var rawWords: [UInt64] = []
    private(set) var engineeringWords: [UInt64] = []
    private(set) var states: [State] = []
    var octets: [UInt8] = []
    private var plan: DecodingPlan?

    /// What the words of a sample are: two kinds, validity, and alarm, an octet each.
    struct State: Sendable {
        var bits: UInt32

        init(raw: SampleKind, engineering: SampleKind) {
            bits = UInt32(raw.rawValue) | UInt32(engineering.rawValue) << 8
        }

        init() { bits = 0 }

        var raw: SampleKind { SampleKind(rawValue: UInt8(truncatingIfNeeded: bits)) ?? .unsigned }
        var validity: SampleValidity { SampleValidity(rawValue: UInt8(truncatingIfNeeded: bits >> 16)) ?? .valid }
        var alarm: AlarmLevel { AlarmLevel(rawValue: UInt8(truncatingIfNeeded: bits >> 24)) ?? .none }
        var engineering: SampleKind { SampleKind(rawValue: UInt8(truncatingIfNeeded: bits >> 8)) ?? .unsigned }

        mutating func setEngineering(_ kind: SampleKind) { bits = bits & ~0xFF00 | UInt32(kind.rawValue) << 8 }
        mutating func setValidity(_ validity: SampleValidity) {
            bits = bits & ~0xFF_0000 | UInt32(validity.rawValue) << 16
        }
        mutating func setAlarm(_ alarm: AlarmLevel) { bits = bits & 0xFF_FFFF | UInt32(alarm.rawValue) << 24 }
    }

    /// An empty buffer.
    public init() {}

    // MARK: Reading

    /// The parameter of a sample, as an index into the database's parameters.
    public func parameter(at index: Int) -> Int {
        check(index)
        return Int(parameterIndices[index])
    }

    /// The raw value of a sample.
    public func raw(at index: Int) -> Value {
        check(index)
        return value(rawWords[index], states[index].raw)
    }

    /// The engineering value of a sample; the label for an enumeration.
    public func engineering(at index: Int) -> Value {
        check(index)
        return value(engineeringWords[index], states[index].engineering)
    }

    /// The engineering value of a sample as a number; not a number for labels, texts and octets.
    public func number(at index: Int) -> Double {
        check(index)
        return Self.number(engineeringWords[index], states[index].engineering)
    }

    /// The engineering value of a sample as text; for a truth value the string that the database gives it.
    public func text(at index: Int) -> String {
        check(index)
        if states[index].engineering == .boolean, let labels = plan?.labels {
            let label = Int(engineeringWords[index] >> 1)
            if label < labels.count { return labels[label] }
        }
        return engineering(at: index).description
    }

    /// Whether the engineering value of a sample may be used.
    public func validity(at index: Int) -> SampleValidity {
        check(index)
        return states[index].validity
    }

    /// The alarm level of a sample.
    public func alarm(at index: Int) -> AlarmLevel {
        check(index)
        return states[index].alarm
    }

    /// The first sample of a parameter; a search, for tests and small tools.
    public func firstIndex(ofParameter parameter: Int) -> Int? {
        parameterIndices[..<count].firstIndex { Int($0) == parameter }
    }

    private func check(_ index: Int) {
        precondition(index >= 0 && index < count, "no sample has this index")
    }

    private func value(_ word: UInt64, _ kind: SampleKind) -> Value {
        switch kind {
        case .unsigned: return .unsigned(word)
        case .signed: return .signed(Int64(bitPattern: word))
        case .float: return .float(Double(bitPattern: word))
        case .boolean: return .boolean(word & 1 == 1)
        case .label: return .string(plan?.labels[Int(word)] ?? "")
        case .string: return .string(String(decoding: octets[Self.range(word)], as: UTF8.self))
        case .binary: return .binary(Array(octets[Self.range(word)]))
        }
    }

    @inline(__always)
    private static func number(_ word: UInt64, _ kind: SampleKind) -> Double {
        switch kind {
        case .unsigned: Double(word)
        case .signed: Double(Int64(bitPattern: word))
        case .float: Double(bitPattern: word)
        case .boolean: Double(word & 1)
        case .label, .string, .binary: .nan
        }
    }

    // MARK: Filling

    /// Empties the buffer for a packet that a plan decodes.
    mutating func begin(_ plan: DecodingPlan) {
        count = 0
        container = Int(plan.nodes[plan.root].container)
        isAmbiguous = false
        octets.removeAll(keepingCapacity: true)
        if self.plan !== plan { self.plan = plan }
    }

    /// Makes room for more samples.
    mutating func reserve(_ more: Int) {
        let needed = count + more
        guard needed > states.count else { return }
        let added = max(needed, 2 * states.count, 64) - states.count
        parameterIndices += repeatElement(0, count: added)
        rawWords += repeatElement(0, count: added)
        engineeringWords += repeatElement(0, count: added)
        states += repeatElement(State(), count: added)
    }

    /// Adds the samples of consecutive fields that lie whole in a packet.
    mutating func append(
        _ table: [DecodingPlan.Field],
        _ range: Range<Int>,
        of packet: Span<UInt8>,
        at position: Int
    ) {
        reserve(range.count)
        let fields = table.span.extracting(range)
        Self.extract(fields, packet, position, count, &parameterIndices, &rawWords, &engineeringWords, &states)
        count += range.count
    }

    /// The loop over fields; arrays come in singly, so that each is checked for uniqueness once.
    @inline(__always)
    private static func extract(
        _ fields: Span<DecodingPlan.Field>,
        _ packet: Span<UInt8>,
        _ position: Int,
        _ first: Int,
        _ parameterArray: inout [Int32],
        _ rawArray: inout [UInt64],
        _ engineeringArray: inout [UInt64],
        _ stateArray: inout [State]
    ) {
        var parameters = parameterArray.mutableSpan
        var raw = rawArray.mutableSpan
        var engineering = engineeringArray.mutableSpan
        var states = stateArray.mutableSpan
        var bit = position
        var index = first
        for place in fields.indices {
            let field = fields[place]
            let word = field.codec.read(packet, at: bit)
            parameters[index] = field.parameter
            raw[index] = word
            engineering[index] = word
            states[index] = field.state
            bit &+= Int(field.codec.size)
            index &+= 1
        }
    }

    /// Evaluates the polynomials among the samples of a run that begins at `first`.
    mutating func evaluate(
        _ polynomials: [DecodingPlan.Polynomial],
        _ range: Range<Int>,
        _ numbers: [Double],
        _ first: Int
    ) {
        Self.evaluate(
            polynomials.span.extracting(range),
            numbers.span,
            first,
            rawWords,
            &engineeringWords,
            &states
        )
    }

    @inline(__always)
    private static func evaluate(
        _ polynomials: Span<DecodingPlan.Polynomial>,
        _ numbers: Span<Double>,
        _ first: Int,
        _ rawArray: [UInt64],
        _ engineeringArray: inout [UInt64],
        _ stateArray: inout [State]
    ) {
        let raw = rawArray.span
        var engineering = engineeringArray.mutableSpan
        var states = stateArray.mutableSpan
        for place in polynomials.indices {
            let polynomial = polynomials[place]
            let sample = first &+ Int(polynomial.offset)
            let x = number(raw[sample], polynomial.kind)
            var value = 0.0
            var index = polynomial.coefficients.upperBound
            while index > polynomial.coefficients.lowerBound {
                index &-= 1
                value = value * x + numbers[index]
            }
            if value.isFinite {
                engineering[sample] = value.bitPattern
                states[sample].setEngineering(.float)
            } else {
                states[sample].setValidity(.uncalibrated)
            }
        }
    }

    /// Adds one sample whose engineering word is its raw word.
    mutating func append(parameter: Int32, word: UInt64, state: State) {
        reserve(1)
        parameterIndices[count] = parameter
        rawWords[count] = word
        engineeringWords[count] = word
        states[count] = state
        count += 1
    }

    /// Replaces the engineering value of a sample.
    mutating func setEngineering(_ index: Int, _ word: UInt64, _ kind: SampleKind) {
        engineeringWords[index] = word
        states[index].setEngineering(kind)
    }

    mutating func setValidity(_ index: Int, _ validity: SampleValidity) {
        states[index].setValidity(validity)
    }

    mutating func setAlarm(_ index: Int, _ alarm: AlarmLevel) {
        states[index].setAlarm(alarm)
    }

    /// One of the two words of a sample with what it is.
    func word(_ index: Int, calibrated: Bool) -> (word: UInt64, kind: SampleKind) {
        calibrated
            ? (engineeringWords[index], states[index].engineering) : (rawWords[index], states[index].raw)
    }

    /// The raw or engineering value of a sample as a number, if it is one.
    func number(_ index: Int, calibrated: Bool) -> Double {
        let (word, kind) = word(index, calibrated: calibrated)
        return Self.number(word, kind)
    }

    /// The octets that a word of text or octets names.
    static func range(_ word: UInt64) -> Range<Int> {
        let start = Int(word >> 32)
        return start..<(start + Int(word & 0xFFFF_FFFF))
    }
}
