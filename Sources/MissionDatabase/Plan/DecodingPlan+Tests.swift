/// Conditions on the values of a packet.
extension DecodingPlan {
    /// Whether a condition holds; one on a value that is not there does not.
    func passes(_ start: Int32, _ state: DecoderState, _ samples: borrowing SampleBuffer) -> Bool {
        var index = start
        while index >= 0 {
            let test = tables.tests[Int(index)]
            index = holds(test, state, samples) ? test.onTrue : test.onFalse
        }
        return index == Test.accept
    }

    private func holds(_ test: Test, _ state: DecoderState, _ samples: borrowing SampleBuffer) -> Bool {
        guard let sample = state.sample(test.register) else { return false }
        let (word, kind) = samples.word(sample, calibrated: test.isCalibrated)
        guard test.other < 0 else {
            guard let other = state.sample(test.other) else { return false }
            let (otherWord, otherKind) = samples.word(other, calibrated: test.otherIsCalibrated)
            if kind == .string || kind == .binary {
                guard otherKind == kind else { return test.comparator == .notEqual }
                let first = samples.octets[SampleBuffer.range(word)]
                return compare(first, samples.octets[SampleBuffer.range(otherWord)], test.comparator)
            }
            return compare(word, kind, otherWord, otherKind, test.comparator)
        }
        if test.kind == .string || test.kind == .binary {
            guard kind == test.kind else { return test.comparator == .notEqual }
            let constant = tables.constants[Int(test.word)]
            return compare(samples.octets[SampleBuffer.range(word)], constant[...], test.comparator)
        }
        return compare(word, kind, test.word, test.kind, test.comparator)
    }

    private func compare(
        _ first: UInt64,
        _ firstKind: SampleKind,
        _ second: UInt64,
        _ secondKind: SampleKind,
        _ comparator: Comparator
    ) -> Bool {
        switch (firstKind, secondKind) {
        case (.unsigned, .unsigned), (.label, .label): comparator.holds(first, second)
        case (.boolean, .boolean): comparator.holds(first & 1, second & 1)
        case (.float, .float), (.float, .unsigned), (.float, .signed), (.unsigned, .float), (.signed, .float):
            comparator.holds(double(first, firstKind), double(second, secondKind))
        case (.unsigned, .signed), (.signed, .unsigned), (.signed, .signed), (.boolean, .unsigned),
            (.unsigned, .boolean):
            comparator.holds(integer(first, firstKind), integer(second, secondKind))
        default: comparator == .notEqual
        }
    }

    private func compare(_ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>, _ comparator: Comparator) -> Bool {
        if first.elementsEqual(second) { return comparator.holds(0, 0) }
        return first.lexicographicallyPrecedes(second) ? comparator.holds(0, 1) : comparator.holds(1, 0)
    }

    func double(_ word: UInt64, _ kind: SampleKind) -> Double {
        switch kind {
        case .signed: Double(Int64(bitPattern: word))
        case .float: Double(bitPattern: word)
        default: Double(word)
        }
    }

    func integer(_ word: UInt64, _ kind: SampleKind) -> Int128 {
        switch kind {
        case .signed: Int128(Int64(bitPattern: word))
        case .boolean: Int128(word & 1)
        default: Int128(word)
        }
    }
}

extension Comparator {
    /// Whether two values stand as the comparator says.
    @inline(__always)
    func holds<T: Comparable>(_ first: T, _ second: T) -> Bool {
        switch self {
        case .equal: first == second
        case .notEqual: first != second
        case .less: first < second
        case .lessOrEqual: first <= second
        case .greater: first > second
        case .greaterOrEqual: first >= second
        }
    }
}
