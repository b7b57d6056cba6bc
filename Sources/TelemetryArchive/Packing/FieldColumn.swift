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
        values.reserveCapacity(rows.count / length)
        var start = place
        while start + width <= rows.count {
            var value: UInt64 = 0
            for index in 0..<width { value = value << 8 | UInt64(rows[start + index]) }
            values.append(value)
            start += length
        }
        if isLittleEndian { reverseOctets(&values) }
    }

    /// Puts the numbers into all rows.
    func store(_ numbers: [UInt64], at place: Int, length: Int, into rows: inout [UInt8]) {
        var numbers = numbers
        if isLittleEndian { reverseOctets(&numbers) }
        let values = numbers.span
        var octets = rows.mutableSpan
        for row in values.indices {
            var value = values[row]
            let start = row * length + place
            for index in (0..<width).reversed() {
                octets[start + index] = UInt8(truncatingIfNeeded: value)
                value >>= 8
            }
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
