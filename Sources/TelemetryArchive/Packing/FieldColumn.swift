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
        case 6: Field.load(6, rows, at: place, length: length, into: &target)
        default: Field.load(8, rows, at: place, length: length, into: &target)
        }
        if isLittleEndian { reverseOctets(&values) }
    }

    /// Inlined with each width, so that a number is one load or two.
    @inline(__always) private static func load(
        _ width: Int,
        _ rows: Span<UInt8>,
        at place: Int,
        length: Int,
        into values: inout MutableSpan<UInt64>
    ) {
        precondition(place >= 0 && place + width <= length && values.count * length <= rows.count)
        // Each row has `length` octets, in which the number lies.
        unsafe rows.withUnsafeBytes { rows in
            var start = place
            for row in values.indices {
                values[row] = unsafe number(width, in: rows, at: start)
                start += length
            }
        }
    }

    /// Reads a number of one of ``widths``, big-endian.
    @inline(__always) private static func number(_ width: Int, in octets: UnsafeRawBufferPointer, at place: Int) -> UInt64 {
        func load<Word: FixedWidthInteger>(_ type: Word.Type, _ offset: Int) -> UInt64 {
            UInt64(truncatingIfNeeded: unsafe octets.loadUnaligned(fromByteOffset: place + offset, as: type).bigEndian)
        }
        return switch width {
        case 1: load(UInt8.self, 0)
        case 2: load(UInt16.self, 0)
        case 3: load(UInt16.self, 0) << 8 | load(UInt8.self, 2)
        case 4: load(UInt32.self, 0)
        case 6: load(UInt32.self, 0) << 16 | load(UInt16.self, 4)
        default: load(UInt64.self, 0)
        }
    }

    /// Writes a number of one of ``widths``, big-endian.
    @inline(__always) private static func put(
        _ number: UInt64,
        _ width: Int,
        in octets: UnsafeMutableRawBufferPointer,
        at place: Int
    ) {
        func store<Word: FixedWidthInteger>(_ type: Word.Type, _ shift: UInt64, _ offset: Int) {
            let word = type.init(truncatingIfNeeded: number >> shift).bigEndian
            unsafe octets.storeBytes(of: word, toByteOffset: place + offset, as: type)
        }
        switch width {
        case 1: store(UInt8.self, 0, 0)
        case 2: store(UInt16.self, 0, 0)
        case 3:
            store(UInt16.self, 8, 0)
            store(UInt8.self, 0, 2)
        case 4: store(UInt32.self, 0, 0)
        case 6:
            store(UInt32.self, 16, 0)
            store(UInt16.self, 0, 4)
        default: store(UInt64.self, 0, 0)
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

    /// Puts back the numbers of all rows but the first, of which ``difference(_:)`` kept the rest.
    ///
    /// - Parameters:
    ///   - residuals: What was kept, one for each row but the first.
    ///   - place: Octets of a row before the field.
    ///   - length: Octets of a row.
    ///   - rows: The rows, one behind the other; of the first one all octets are there, of the others those before.
    func restore(_ residuals: Span<UInt64>, at place: Int, length: Int, into rows: inout [UInt8]) {
        var last = number(in: rows.span, at: place)
        var step: UInt64 = 0
        var turn: UInt64 = 0
        switch predictor {
        case .constant: break
        case .raw: fill(residuals, at: place, length: length, &rows) { residual, _ in residual }
        case .xor:
            fill(residuals, at: place, length: length, &rows) { residual, _ in
                last ^= residual
                return last
            }
        case .copy:
            last ^= number(in: rows.span, at: place - distance)
            fill(residuals, at: place, length: length, &rows) { residual, original in
                last ^= residual
                return last ^ original
            }
        case .delta:
            fill(residuals, at: place, length: length, &rows) { residual, _ in
                last &+= Field.unZigZag(residual)
                return last
            }
        case .linear:
            fill(residuals, at: place, length: length, &rows) { residual, _ in
                step &+= Field.unZigZag(residual)
                last &+= step
                return last
            }
        case .cubic:
            fill(residuals, at: place, length: length, &rows) { residual, _ in
                turn &+= Field.unZigZag(residual)
                step &+= turn
                last &+= step
                return last
            }
        }
    }

    /// The number at a place, as the field's octets are ordered.
    private func number(in rows: Span<UInt8>, at place: Int) -> UInt64 {
        let octets = rows.extracting(place..<(place + width))
        return octets.indices.reduce(0) { $0 << 8 | UInt64(octets[isLittleEndian ? width - 1 - $1 : $1]) }
    }

    /// Inlined with each rule and each width, so that nothing is chosen in the loop.
    ///
    /// - Parameters:
    ///   - residuals: What was kept.
    ///   - place: Octets of a row before the field.
    ///   - length: Octets of a row.
    ///   - rows: The rows.
    ///   - next: The number that follows from a residual and, in a copy, from the number further left in its row; more
    ///     than the field's bits may be set.
    @inline(__always) private func fill(
        _ residuals: Span<UInt64>,
        at place: Int,
        length: Int,
        _ rows: inout [UInt8],
        _ next: (UInt64, UInt64) -> UInt64
    ) {
        switch width {
        case 1: fill(1, residuals, at: place, length: length, &rows, next)
        case 2: fill(2, residuals, at: place, length: length, &rows, next)
        case 3: fill(3, residuals, at: place, length: length, &rows, next)
        case 4: fill(4, residuals, at: place, length: length, &rows, next)
        case 6: fill(6, residuals, at: place, length: length, &rows, next)
        default: fill(8, residuals, at: place, length: length, &rows, next)
        }
    }

    @inline(__always) private func fill(
        _ width: Int,
        _ residuals: Span<UInt64>,
        at place: Int,
        length: Int,
        _ rows: inout [UInt8],
        _ next: (UInt64, UInt64) -> UInt64
    ) {
        precondition(
            place >= distance && width == self.width && place + width <= length
                && (residuals.count + 1) * length <= rows.count
        )
        let shift = UInt64(64 - 8 * width)
        let isCopy = predictor == .copy
        // Each row has `length` octets, in which the number lies, and the one that it copies further left.
        unsafe rows.withUnsafeMutableBytes { rows in
            var start = length + place
            for row in residuals.indices {
                var original: UInt64 = 0
                if isCopy {
                    original = unsafe Field.number(width, in: UnsafeRawBufferPointer(rows), at: start - distance)
                    if isLittleEndian { original = original.byteSwapped >> shift }
                }
                let value = next(residuals[row], original)
                unsafe Field.put(isLittleEndian ? value.byteSwapped >> shift : value, width, in: rows, at: start)
                start += length
            }
        }
    }

    private func reverseOctets(_ values: inout [UInt64]) {
        let shift = UInt64(64 - 8 * width)
        var values = values.mutableSpan
        for row in values.indices { values[row] = values[row].byteSwapped >> shift }
    }
}
