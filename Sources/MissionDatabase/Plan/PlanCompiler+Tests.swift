/// Conditions, compiled into comparisons that know where to go on.
extension PlanCompiler {
    /// A constant that a parameter is compared with.
    private struct Constant {
        var kind: SampleKind
        var word: UInt64
        /// A label of a calibrated enumeration may be given as its number: then the raw value counts.
        var isCalibrated: Bool
    }

    /// Compiles a condition; the result is where its evaluation begins, which may be `accept` or `reject` at once.
    mutating func test(_ criterion: Criterion) throws(XTCEError) -> Int32 {
        try test(criterion, onTrue: DecodingPlan.Test.accept, onFalse: DecodingPlan.Test.reject)
    }

    private mutating func test(_ criterion: Criterion, onTrue: Int32, onFalse: Int32) throws(XTCEError) -> Int32 {
        try spend()
        switch criterion {
        case .never: return onFalse
        case .comparison(let comparison): return try test(comparison, onTrue: onTrue, onFalse: onFalse)
        case .all(let parts):
            var next = onTrue
            for part in parts.reversed() { next = try test(part, onTrue: next, onFalse: onFalse) }
            return next
        case .any(let parts):
            var next = onFalse
            for part in parts.reversed() { next = try test(part, onTrue: onTrue, onFalse: next) }
            return next
        case .exactlyOne(let parts):
            // `none` goes on while none held, `one` when one has held.
            var none = onFalse
            var one = onTrue
            for part in parts.reversed() {
                let before = one
                one = try test(part, onTrue: onFalse, onFalse: before)
                none = try test(part, onTrue: before, onFalse: none)
            }
            return none
        }
    }

    private mutating func test(_ comparison: Comparison, onTrue: Int32, onFalse: Int32) throws(XTCEError) -> Int32 {
        var test = DecodingPlan.Test(
            register: register(comparison.left),
            isCalibrated: comparison.left.usesCalibrated,
            comparator: comparison.comparator,
            kind: .unsigned,
            word: 0,
            other: -1,
            otherIsCalibrated: false,
            onTrue: onTrue,
            onFalse: onFalse
        )
        switch comparison.right {
        case .parameter(let reference):
            test.other = register(reference)
            test.otherIsCalibrated = reference.usesCalibrated
        case .text(let text):
            guard let constant = try constant(text, for: comparison) else { return onFalse }
            test.kind = constant.kind
            test.word = constant.word
            test.isCalibrated = constant.isCalibrated
        }
        tables.tests.append(test)
        return Int32(tables.tests.count - 1)
    }

    /// The constant that a text means to a parameter; `nil`, and noted, for a label that the enumeration lacks.
    private mutating func constant(_ text: String, for comparison: Comparison) throws(XTCEError) -> Constant? {
        let type = type(of: comparison.left.parameter)
        let isCalibrated = comparison.left.usesCalibrated
        switch type.shape {
        case .enumerated where type.enumeration.contains { $0.label == text }:
            if isCalibrated { return Constant(kind: .label, word: UInt64(label(text)), isCalibrated: true) }
            let value = type.enumeration.first { $0.label == text }?.low ?? 0
            return number(value, isCalibrated: false)
        case .enumerated:
            if let value = Loader.wideInteger(text) { return number(value, isCalibrated: false) }
            diagnostics.append(
                Diagnostic(
                    place: comparison.place,
                    text: "\(type.name) has no label \(text); the comparison never holds"
                )
            )
            return nil
        case .boolean where isCalibrated:
            guard let value = truth(text, type) else {
                let expected = "\(type.oneLabel) or \(type.zeroLabel)"
                throw .invalidValue(comparison.place, what: "the value", value: text, expected: expected)
            }
            return Constant(kind: .boolean, word: value ? 1 : 0, isCalibrated: true)
        case .string: return Constant(kind: .string, word: UInt64(constant(Array(text.utf8))), isCalibrated: false)
        case .binary:
            guard let octets = Loader.octets(text) else {
                throw .invalidValue(comparison.place, what: "the value", value: text, expected: "hexadecimal octets")
            }
            return Constant(kind: .binary, word: UInt64(constant(octets)), isCalibrated: false)
        default:
            if let value = Loader.wideInteger(text) { return number(value, isCalibrated: isCalibrated) }
            guard let value = Loader.number(text) else {
                throw .invalidValue(comparison.place, what: "the value", value: text, expected: "a number")
            }
            return Constant(kind: .float, word: value.bitPattern, isCalibrated: isCalibrated)
        }
    }

    private func truth(_ text: String, _ type: TypeDefinition) -> Bool? {
        if text == type.oneLabel { return true }
        if text == type.zeroLabel { return false }
        return Loader.boolean(text.lowercased())
    }

    private func number(_ value: Int128, isCalibrated: Bool) -> Constant {
        if let word = UInt64(exactly: value) {
            return Constant(kind: .unsigned, word: word, isCalibrated: isCalibrated)
        }
        if let number = Int64(exactly: value) {
            return Constant(kind: .signed, word: UInt64(bitPattern: number), isCalibrated: isCalibrated)
        }
        return Constant(kind: .float, word: Double(value).bitPattern, isCalibrated: isCalibrated)
    }

    // MARK: Dispatch

    /// A parameter, with which of its values counts, that branches may demand to have a value.
    private struct Key: Hashable {
        let register: Int32
        let isCalibrated: Bool
    }

    /// Groups branches by the value that they demand of one parameter; −1 if that would not help.
    mutating func dispatch(_ children: [Int], firstBranch: Int) throws(XTCEError) -> Int32 {
        guard children.count > 3 else { return -1 }
        var demands: [[Key: UInt64]] = []
        var values: [Key: Set<UInt64>] = [:]
        for child in children {
            let found = try definitions.containers[child].criterion.map { criterion throws(XTCEError) in
                try self.demands(criterion)
            }
            demands.append(found ?? [:])
            for (key, value) in found ?? [:] { values[key, default: []].insert(value) }
        }
        // The parameter that tells most branches apart; the first of equals, so that plans do not vary.
        let best = values.max { ($0.value.count, $1.key.register) < ($1.value.count, $0.key.register) }
        guard let (key, distinct) = best, distinct.count > 3 else { return -1 }
        // Branches without a demand stand in every row; a table that grows with the square is not worth it.
        let free = demands.count { $0[key] == nil }
        guard free * distinct.count <= Self.maximumSteps else { return -1 }

        let others = demands.indices.filter { demands[$0][key] == nil }
        let keyed = Dictionary(grouping: demands.indices.filter { demands[$0][key] != nil }) { demands[$0][key] ?? 0 }
        let firstRow = tables.dispatchRows.count
        for value in distinct.sorted() {
            let branches = candidates(((keyed[value] ?? []) + others).sorted(), firstBranch)
            tables.dispatchRows.append(DecodingPlan.DispatchRow(value: value, branches: branches))
        }
        tables.dispatches.append(
            DecodingPlan.Dispatch(
                register: key.register,
                isCalibrated: key.isCalibrated,
                rows: firstRow..<tables.dispatchRows.count,
                others: candidates(others, firstBranch)
            )
        )
        return Int32(tables.dispatches.count - 1)
    }

    private mutating func candidates(_ offsets: [Int], _ firstBranch: Int) -> Range<Int> {
        let first = tables.dispatchBranches.count
        tables.dispatchBranches += offsets.map { firstBranch + $0 }
        return first..<tables.dispatchBranches.count
    }

    /// The unsigned values that a condition demands of parameters whose words are unsigned.
    private mutating func demands(_ criterion: Criterion) throws(XTCEError) -> [Key: UInt64] {
        switch criterion {
        case .comparison(let comparison):
            guard comparison.comparator == .equal, case .text(let text) = comparison.right,
                case .integer = type(of: comparison.left.parameter).shape,
                let constant = try constant(text, for: comparison), constant.kind == .unsigned
            else { return [:] }
            let key = Key(register: register(comparison.left), isCalibrated: constant.isCalibrated)
            return [key: constant.word]
        case .all(let parts):
            var all: [Key: UInt64] = [:]
            for part in parts { all.merge(try demands(part)) { first, _ in first } }
            return all
        case .any, .exactlyOne, .never: return [:]
        }
    }
}
