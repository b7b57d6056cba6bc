/// One field of all rows at a time: the same arithmetic as that of single values, without a choice for each.
extension Field {
    /// Takes the numbers of all rows.
    ///
    /// - Parameters:
    ///   - rows: The rows, one behind the other.
    ///   - place: Octets of a row before the field.
    ///   - length: Octets of a row.
    ///   - values: Becomes the numbers.
    func load(_ rows: Span<UInt8>, at place: Int, length: Int, into values: inout [UInt64]) {
        values.removeAll(keepingCapacity: true)
        values.append(contentsOf: repeatElement(0, count: rows.count / length))
        var target = values.mutableSpan
        switch width {
        case 1: Field.load(1, rows, at: place, length: length, into: &target)
        case 2: Field.load(2, rows, at: place, length: length, into: &target)
        case 3: Field.load(3, rows, at: place, length: length, into: &target)
        case 4: Field.load(4, rows, at: place, length: length, into: &target)
        default: Field.load(width, rows, at: place, length: length, into: &target)
        }
        if isLittleEndian { reverseOctets(&values) }
    }

    /// Inlined with each usual width, so that the inner loop is none.
    @inline(__always) private static func load(
        _ width: Int,
        _ rows: Span<UInt8>,
        at place: Int,
        length: Int,
        into values: inout MutableSpan<UInt64>
    ) {
        var start = place
        for row in values.indices {
            var value: UInt64 = 0
            for index in 0..<width { value = value << 8 | UInt64(rows[start + index]) }
            values[row] = value
            start += length
        }
    }

    /// Puts the numbers into all rows.
    ///
    /// - Parameters:
    ///   - numbers: The numbers, in whose place others may be afterwards.
    ///   - place: Octets of a row before the field.
    ///   - length: Octets of a row.
    ///   - rows: The rows, one behind the other.
    func store(_ numbers: inout [UInt64], at place: Int, length: Int, into rows: inout [UInt8]) {
        if isLittleEndian { reverseOctets(&numbers) }
        var octets = rows.mutableSpan
        switch width {
        case 1: Field.store(1, numbers.span, at: place, length: length, into: &octets)
        case 2: Field.store(2, numbers.span, at: place, length: length, into: &octets)
        case 3: Field.store(3, numbers.span, at: place, length: length, into: &octets)
        case 4: Field.store(4, numbers.span, at: place, length: length, into: &octets)
        default: Field.store(width, numbers.span, at: place, length: length, into: &octets)
        }
    }

    @inline(__always) private static func store(
        _ width: Int,
        _ values: Span<UInt64>,
        at place: Int,
        length: Int,
        into octets: inout MutableSpan<UInt8>
    ) {
        var start = place
        for row in values.indices {
            let value = values[row]
            for index in 0..<width {
                octets[start + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * (width - 1 - index)))
            }
            start += length
        }
    }

    /// Replaces all numbers but the first by what is kept of them.
    func difference(_ numbers: inout [UInt64]) {
        let shift = UInt64(64 - 8 * width)
        var values = numbers.mutableSpan
        guard values.count > 1 else { return }
        switch predictor {
        case .raw, .constant: break
        case .xor, .copy:
            for row in (1..<values.count).reversed() { values[row] ^= values[row - 1] }
        case .delta:
            for row in (1..<values.count).reversed() {
                values[row] = Field.zigZag(values[row] &- values[row - 1], shift)
            }
        case .linear:
            for row in (1..<values.count).reversed() {
                let last = values[row - 1]
                let beforeLast = row > 1 ? values[row - 2] : last
                values[row] = Field.zigZag(values[row] &- last &- (last &- beforeLast), shift)
            }
        case .cubic: differenceTwice(&values, shift)
        }
    }

    /// As for ``Predictor/linear``, and once more.
    private func differenceTwice(_ values: inout MutableSpan<UInt64>, _ shift: UInt64) {
        var last = values[0]
        var step: UInt64 = 0
        var turn: UInt64 = 0
        for row in 1..<values.count {
            let nextStep = values[row] &- last
            let nextTurn = nextStep &- step
            last = values[row]
            values[row] = Field.zigZag(nextTurn &- turn, shift)
            (step, turn) = (nextStep, nextTurn)
        }
    }

    /// Puts back the numbers of which ``difference(_:)`` kept the rest.
    func sum(_ numbers: inout [UInt64]) {
        let mask = UInt64.max >> UInt64(64 - 8 * width)
        var values = numbers.mutableSpan
        guard values.count > 1 else { return }
        var last = values[0]
        switch predictor {
        case .raw, .constant: break
        case .xor, .copy:
            for row in 1..<values.count {
                last ^= values[row]
                values[row] = last
            }
        case .delta:
            for row in 1..<values.count {
                last = (last &+ Field.unZigZag(values[row])) & mask
                values[row] = last
            }
        case .linear:
            var step: UInt64 = 0
            for row in 1..<values.count {
                step &+= Field.unZigZag(values[row])
                last = (last &+ step) & mask
                values[row] = last
            }
        case .cubic:
            var step: UInt64 = 0
            var turn: UInt64 = 0
            for row in 1..<values.count {
                turn &+= Field.unZigZag(values[row])
                step &+= turn
                last = (last &+ step) & mask
                values[row] = last
            }
        }
    }

    private func reverseOctets(_ values: inout [UInt64]) {
        let shift = UInt64(64 - 8 * width)
        var values = values.mutableSpan
        for row in values.indices { values[row] = values[row].byteSwapped >> shift }
    }
}
