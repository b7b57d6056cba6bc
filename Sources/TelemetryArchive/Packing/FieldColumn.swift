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
        precondition(place >= 0 && place + width <= length && Field.widths.contains(width))
        var target = values.mutableSpan
        // Each row has `length` octets, in which the number lies.
        unsafe rows.withUnsafeBytes { rows in
            guard let rows = rows.baseAddress else { return }
            let start = unsafe rows + place
            switch width {
            case 1: unsafe Field.load(1, start, length, into: &target)
            case 2: unsafe Field.load(2, start, length, into: &target)
            case 3: unsafe Field.load(3, start, length, into: &target)
            case 4: unsafe Field.load(4, start, length, into: &target)
            case 6: unsafe Field.load(6, start, length, into: &target)
            default: unsafe Field.load(8, start, length, into: &target)
            }
        }
        if isLittleEndian { reverseOctets(&values) }
    }

    /// Inlined with each width, so that nothing is chosen in the loop.
    @inline(__always) private static func load(
        _ width: Int,
        _ start: UnsafeRawPointer,
        _ length: Int,
        into values: inout MutableSpan<UInt64>
    ) {
        var place = unsafe start
        for row in values.indices {
            values[row] = unsafe number(width, at: place)
            unsafe place += length
        }
    }

    /// One octet of each number, counted from the least significant one.
    static func plane(_ plane: Int, of numbers: Span<UInt64>) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: numbers.count)
        var target = octets.mutableSpan
        precondition(target.count == numbers.count)  // so that it is not looked at again in the loop
        for index in numbers.indices {
            target[index] = UInt8(truncatingIfNeeded: numbers[index] &>> UInt64(8 * plane))
        }
        return octets
    }

    /// Reads a number of one of ``widths``, big-endian.
    @inline(__always) private static func number(_ width: Int, at place: UnsafeRawPointer) -> UInt64 {
        switch width {
        case 1: unsafe load(UInt8.self, place)
        case 2: unsafe load(UInt16.self, place)
        case 3: unsafe load(UInt16.self, place) &<< 8 | load(UInt8.self, place + 2)
        case 4: unsafe load(UInt32.self, place)
        case 6: unsafe load(UInt32.self, place) &<< 16 | load(UInt16.self, place + 4)
        default: unsafe load(UInt64.self, place)
        }
    }

    @inline(__always)
    private static func load<Word: FixedWidthInteger & BitwiseCopyable>(
        _ word: Word.Type,
        _ place: UnsafeRawPointer
    ) -> UInt64 {
        UInt64(truncatingIfNeeded: unsafe place.loadUnaligned(as: word).bigEndian)
    }

    /// Writes a number of one of ``widths``, big-endian.
    @inline(__always) private static func put(_ number: UInt64, _ width: Int, at place: UnsafeMutableRawPointer) {
        switch width {
        case 1: unsafe store(UInt8(truncatingIfNeeded: number), place)
        case 2: unsafe store(UInt16(truncatingIfNeeded: number), place)
        case 3:
            unsafe store(UInt16(truncatingIfNeeded: number &>> 8), place)
            unsafe store(UInt8(truncatingIfNeeded: number), place + 2)
        case 4: unsafe store(UInt32(truncatingIfNeeded: number), place)
        case 6:
            unsafe store(UInt32(truncatingIfNeeded: number &>> 16), place)
            unsafe store(UInt16(truncatingIfNeeded: number), place + 4)
        default: unsafe store(number, place)
        }
    }

    @inline(__always)
    private static func store<Word: FixedWidthInteger & BitwiseCopyable>(
        _ word: Word,
        _ place: UnsafeMutableRawPointer
    ) {
        unsafe place.storeBytes(of: word.bigEndian, as: Word.self)
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
        precondition(
            place >= distance && place + width <= length && (residuals.count + 1) * length <= rows.count
                && (Field.widths.contains(width) || predictor == .constant)
        )
        let first = number(in: rows.span, at: place)
        let original = number(in: rows.span, at: place - distance)
        // Each row has `length` octets, in which the number lies, and the one that it copies further left.
        unsafe rows.withUnsafeMutableBytes { rows in
            guard let rows = rows.baseAddress else { return }
            let start = unsafe rows + length + place
            switch predictor {
            case .constant: break
            case .raw: unsafe fill(start, length, RawCourse(), residuals)
            case .xor: unsafe fill(start, length, XorCourse(last: first), residuals)
            case .delta: unsafe fill(start, length, DeltaCourse(last: first), residuals)
            case .linear: unsafe fill(start, length, LinearCourse(last: first), residuals)
            case .cubic: unsafe fill(start, length, CubicCourse(last: first), residuals)
            case .copy: unsafe fillCopies(start, length, XorCourse(last: first ^ original), residuals)
            }
        }
    }

    /// The number at a place, as the field's octets are ordered.
    private func number(in rows: Span<UInt8>, at place: Int) -> UInt64 {
        let octets = rows.extracting(place..<(place + width))
        return octets.indices.reduce(0) { $0 &<< 8 | UInt64(octets[isLittleEndian ? width - 1 - $1 : $1]) }
    }

    private func fill(
        _ start: UnsafeMutableRawPointer,
        _ length: Int,
        _ course: some Course,
        _ residuals: Span<UInt64>
    ) {
        switch width {
        case 1: unsafe fill(1, start, length, course, residuals)
        case 2: unsafe fill(2, start, length, course, residuals)
        case 3: unsafe fill(3, start, length, course, residuals)
        case 4: unsafe fill(4, start, length, course, residuals)
        case 6: unsafe fill(6, start, length, course, residuals)
        default: unsafe fill(8, start, length, course, residuals)
        }
    }

    /// Inlined with each width, so that nothing is chosen in the loop.
    @inline(__always) private func fill(
        _ width: Int,
        _ start: UnsafeMutableRawPointer,
        _ length: Int,
        _ course: some Course,
        _ residuals: Span<UInt64>
    ) {
        let shift = UInt64(64 - 8 * width)
        let isLittleEndian = isLittleEndian
        var course = course
        var place = unsafe start
        for row in residuals.indices {
            let number = course.next(residuals[row])
            unsafe Field.put(isLittleEndian ? number.byteSwapped &>> shift : number, width, at: place)
            unsafe place += length
        }
    }

    private func fillCopies(
        _ start: UnsafeMutableRawPointer,
        _ length: Int,
        _ course: XorCourse,
        _ residuals: Span<UInt64>
    ) {
        let shift = UInt64(64 - 8 * width)
        var course = course
        var place = unsafe start
        for row in residuals.indices {
            let change = course.next(residuals[row])
            let original = unsafe Field.number(width, at: UnsafeRawPointer(place - distance))
            unsafe Field.put(original ^ (isLittleEndian ? change.byteSwapped &>> shift : change), width, at: place)
            unsafe place += length
        }
    }

    private func reverseOctets(_ values: inout [UInt64]) {
        let shift = UInt64(64 - 8 * width)
        var values = values.mutableSpan
        for row in values.indices { values[row] = values[row].byteSwapped >> shift }
    }
}

/// What a field's number was last, from which the next one follows; bits beyond the field's may be set.
private protocol Course {
    mutating func next(_ residual: UInt64) -> UInt64
}

private struct RawCourse: Course {
    func next(_ residual: UInt64) -> UInt64 { residual }
}

private struct XorCourse: Course {
    var last: UInt64

    @inline(__always) mutating func next(_ residual: UInt64) -> UInt64 {
        last ^= residual
        return last
    }
}

private struct DeltaCourse: Course {
    var last: UInt64

    @inline(__always) mutating func next(_ residual: UInt64) -> UInt64 {
        last &+= Field.unZigZag(residual)
        return last
    }
}

private struct LinearCourse: Course {
    var last: UInt64
    var step: UInt64 = 0

    @inline(__always) mutating func next(_ residual: UInt64) -> UInt64 {
        step &+= Field.unZigZag(residual)
        last &+= step
        return last
    }
}

private struct CubicCourse: Course {
    var last: UInt64
    var step: UInt64 = 0
    var turn: UInt64 = 0

    @inline(__always) mutating func next(_ residual: UInt64) -> UInt64 {
        turn &+= Field.unZigZag(residual)
        step &+= turn
        last &+= step
        return last
    }
}
