/// Texts and octets in packets.
extension DecodingPlan {
    /// Reads octets of a size; `false` if they do not lie whole in the packet.
    func octets(
        _ field: Octets,
        _ packet: Span<UInt8>,
        _ state: inout DecoderState,
        _ samples: inout SampleBuffer
    ) -> Bool {
        guard let bits = size(field.size, state, samples), bits >= 0, bits <= state.limit - state.position else {
            return false
        }
        state.budget -= bits / 8
        let word = copy(bits, of: packet, at: state.position, into: &samples)
        state.position += bits
        add(field.parameter, word, .binary, field.treatment, &state, &samples)
        return true
    }

    /// Reads a text; `false` if it does not lie whole in the packet.
    ///
    /// A text in a buffer ends before its terminator, or at the end of the buffer if there is none. A text without a
    /// buffer must have its terminator, or as many octets as its size tag says.
    func text(
        _ field: Text,
        _ packet: Span<UInt8>,
        _ state: inout DecoderState,
        _ samples: inout SampleBuffer
    ) -> Bool {
        let available = state.limit - state.position
        var room = min(available, field.maximum)
        if field.buffer >= 0 {
            guard let bits = size(field.buffer, state, samples), bits >= 0, bits <= available else { return false }
            room = bits
        }
        state.budget -= room / 8
        var start = state.position
        var length = room
        var used = room
        if field.leadingBits > 0 {
            guard field.leadingBits <= room else { return false }
            let tag = Int(BitField.read(packet, at: start, count: field.leadingBits))
            start += field.leadingBits
            let (bits, overflow) = tag.multipliedReportingOverflow(by: field.leadingUnit)
            let rest = room - field.leadingBits
            if field.buffer < 0, overflow || bits > rest { return false }
            length = overflow ? rest : min(bits, rest)
            if field.buffer < 0 { used = field.leadingBits + length }
        } else if field.terminator >= 0 {
            let terminator = tables.constants[Int(field.terminator)]
            if let found = find(terminator, in: packet, at: start, bits: room, unit: field.charset.unit) {
                length = found
                if field.buffer < 0 { used = found + 8 * terminator.count }
            } else if field.buffer < 0, field.maximum > available {
                return false
            }
        }
        let word = copy(length, of: packet, at: start, into: &samples)
        state.position += used
        add(field.parameter, converted(word, field.charset, &samples), .string, field.treatment, &state, &samples)
        return true
    }

    /// The distance in bits to a terminator that begins at a multiple of the character's size.
    private func find(_ terminator: [UInt8], in packet: Span<UInt8>, at start: Int, bits: Int, unit: Int) -> Int? {
        var offset = 0
        while offset + 8 * terminator.count <= bits {
            let isFound = terminator.indices.allSatisfy { index in
                BitField.read(packet, at: start + offset + 8 * index, count: 8) == UInt64(terminator[index])
            }
            if isFound { return offset }
            offset += 8 * unit
        }
        return nil
    }

    /// Copies bits into the buffer's octets, from the first bit on, and names them by a word.
    private func copy(_ bits: Int, of packet: Span<UInt8>, at start: Int, into samples: inout SampleBuffer) -> UInt64 {
        let offset = samples.octets.count
        if start & 7 == 0 {
            for index in 0..<bits / 8 { samples.octets.append(packet[start / 8 + index]) }
        } else {
            for index in 0..<bits / 8 {
                samples.octets.append(UInt8(BitField.read(packet, at: start + 8 * index, count: 8)))
            }
        }
        let rest = bits & 7
        if rest > 0 {
            samples.octets.append(UInt8(BitField.read(packet, at: start + bits - rest, count: rest)) << UInt8(8 - rest))
        }
        return UInt64(offset) << 32 | UInt64(samples.octets.count - offset)
    }

    /// Turns the octets just copied into UTF-8.
    private func converted(_ word: UInt64, _ charset: Charset, _ samples: inout SampleBuffer) -> UInt64 {
        if charset == .utf8 { return word }
        let range = SampleBuffer.range(word)
        if charset == .ascii, samples.octets[range].allSatisfy({ $0 < 0x80 }) { return word }
        let text = charset.decode(samples.octets[range])
        samples.octets.replaceSubrange(range, with: text.utf8)
        return UInt64(range.lowerBound) << 32 | UInt64(samples.octets.count - range.lowerBound)
    }

    private func add(
        _ parameter: Int32,
        _ word: UInt64,
        _ kind: SampleKind,
        _ treatment: Int32,
        _ state: inout DecoderState,
        _ samples: inout SampleBuffer
    ) {
        let sample = samples.count
        samples.append(parameter: parameter, word: word, state: SampleBuffer.State(raw: kind, engineering: kind))
        if treatment >= 0 { treat(sample, treatment, &state, &samples) }
    }
}
