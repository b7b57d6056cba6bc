/// Walking the steps of a plan.
extension DecodingPlan {
    /// How a container ended.
    enum Ending {
        case matched
        case unmatched
        case truncated
        case unsupported
    }

    /// Why a walk stopped before its last step.
    private enum Stop {
        case truncated
        case unsupported
    }

    /// Decodes a container's own entries, and then the derived containers that match.
    func decode(
        _ index: Int,
        _ packet: Span<UInt8>,
        _ state: inout DecoderState,
        _ samples: inout SampleBuffer
    ) -> Ending {
        let node = nodes[index]
        samples.container = Int(node.container)
        if let stop = walk(node.steps, packet, &state, &samples) {
            return stop == .truncated ? .truncated : .unsupported
        }
        if node.size >= 0 {
            guard node.size <= state.limit else { return .truncated }
            state.farthest = max(state.farthest, node.size)
        }
        return descend(node, packet, &state, &samples)
    }

    private func descend(
        _ node: Node,
        _ packet: Span<UInt8>,
        _ state: inout DecoderState,
        _ samples: inout SampleBuffer
    ) -> Ending {
        let position = state.position
        var first: (container: Int, ending: Ending)?
        let candidates = candidates(node, state, samples)
        for place in candidates ?? node.branches {
            let branch = tables.branches[candidates == nil ? place : tables.dispatchBranches[place]]
            guard passes(branch.test, state, samples) else { continue }
            state.position = position
            let ending = decode(Int(branch.node), packet, &state, &samples)
            if first == nil { first = (samples.container, ending) } else { samples.isAmbiguous = true }
        }
        guard let first else { return node.isAbstract ? .unmatched : .matched }
        samples.container = first.container
        return first.ending
    }

    /// The places in the dispatch table of the branches that a packet's values allow; `nil` for all branches.
    private func candidates(_ node: Node, _ state: DecoderState, _ samples: SampleBuffer) -> Range<Int>? {
        guard node.dispatch >= 0 else { return nil }
        let dispatch = tables.dispatches[Int(node.dispatch)]
        guard let sample = state.sample(dispatch.register) else { return dispatch.others }
        let (word, kind) = samples.word(sample, calibrated: dispatch.isCalibrated)
        // Values of other kinds are compared as numbers, which the table does not do.
        guard kind == .unsigned else { return nil }
        var low = dispatch.rows.lowerBound
        var high = dispatch.rows.upperBound
        while low < high {
            let middle = (low + high) / 2
            if tables.dispatchRows[middle].value < word { low = middle + 1 } else { high = middle }
        }
        guard low < dispatch.rows.upperBound, tables.dispatchRows[low].value == word else { return dispatch.others }
        return tables.dispatchRows[low].branches
    }

    private func walk(
        _ steps: Range<Int>,
        _ packet: Span<UInt8>,
        _ state: inout DecoderState,
        _ samples: inout SampleBuffer
    ) -> Stop? {
        var frames: [(start: Int, end: Int, next: Int?)] = []
        var index = steps.lowerBound
        while index < steps.upperBound {
            state.budget -= 1
            guard state.budget > 0 else { return .unsupported }
            let step = tables.steps[index]
            index += 1
            switch step {
            case .run(let run):
                guard self.run(Int(run), packet, &state, &samples) else { return .truncated }
            case .text(let text):
                guard self.text(tables.texts[Int(text)], packet, &state, &samples) else { return .truncated }
            case .octets(let octets):
                guard self.octets(tables.octets[Int(octets)], packet, &state, &samples) else { return .truncated }
            case .move(let size):
                guard move(from: state.position, by: size, &state, samples) else { return .truncated }
            case .seek(let size):
                guard move(from: state.start, by: size, &state, samples) else { return .truncated }
            case .seekFromEnd(let size, let entry):
                guard let bits = self.size(size, state, samples) else { return .truncated }
                let target = state.end - abs(bits) - Int(entry)
                guard target >= 0 else { return .truncated }
                state.position = target
            case .enter(let size):
                let next = size >= 0 ? state.position + Int(size) : nil
                guard next ?? 0 <= state.limit else { return .truncated }
                frames.append((state.start, state.end, next))
                (state.start, state.end) = (state.position, next ?? state.limit)
            case .leave:
                guard let frame = frames.popLast() else { return .unsupported }
                state.position = frame.next ?? state.position
                (state.start, state.end) = (frame.start, frame.end)
            case .unless(let test, let skip):
                if !passes(test, state, samples) { index += Int(skip) }
            case .loop(let count, let gap, let body):
                let range = index..<(index + Int(body))
                if let stop = loop(range, count, gap, packet, &state, &samples) { return stop }
                index = range.upperBound
            case .unsupported: return .unsupported
            }
            state.farthest = max(state.farthest, state.position)
        }
        return nil
    }

    /// Repeats steps; an iteration that does not move on ends the repetition, whatever the count says.
    private func loop(
        _ body: Range<Int>,
        _ count: Int32,
        _ gap: Int32,
        _ packet: Span<UInt8>,
        _ state: inout DecoderState,
        _ samples: inout SampleBuffer
    ) -> Stop? {
        guard let count = size(count, state, samples), count >= 0 else { return .truncated }
        for iteration in 0..<count {
            if iteration > 0, !move(from: state.position, by: gap, &state, samples) { return .truncated }
            let before = state.position
            if let stop = walk(body, packet, &state, &samples) { return stop }
            if state.position <= before { break }
        }
        return nil
    }

    /// Goes to a place that must lie in the packet or at its end.
    private func move(from origin: Int, by size: Int32, _ state: inout DecoderState, _ samples: SampleBuffer) -> Bool {
        guard let bits = self.size(size, state, samples) else { return false }
        let target = origin + bits
        guard target >= 0, target <= state.limit else { return false }
        state.position = target
        return true
    }

    // MARK: Fields

    private func run(
        _ index: Int,
        _ packet: Span<UInt8>,
        _ state: inout DecoderState,
        _ samples: inout SampleBuffer
    ) -> Bool {
        let run = tables.runs[index]
        guard run.bits <= state.limit - state.position else {
            partialRun(run, packet, &state, &samples)
            return false
        }
        state.budget -= run.fields.count
        let first = samples.count
        samples.append(tables.fields, run.fields, of: packet, at: state.position)
        state.position += run.bits
        if !run.polynomials.isEmpty {
            samples.evaluate(tables.polynomials, run.polynomials, tables.numbers, first)
        }
        for attention in run.attentions {
            let entry = tables.attentions[attention]
            treat(first + Int(entry.offset), entry.treatment, &state, &samples)
        }
        return true
    }

    /// The fields of a run that still lie whole in the packet.
    private func partialRun(
        _ run: Run,
        _ packet: Span<UInt8>,
        _ state: inout DecoderState,
        _ samples: inout SampleBuffer
    ) {
        let first = samples.count
        for index in run.fields {
            let field = tables.fields[index]
            guard Int(field.codec.size) <= state.limit - state.position else { break }
            samples.append(
                parameter: field.parameter,
                word: field.codec.read(packet, at: state.position),
                state: field.state
            )
            state.position += Int(field.codec.size)
        }
        let polynomials = run.polynomials.prefix { first + Int(tables.polynomials[$0].offset) < samples.count }
        samples.evaluate(tables.polynomials, run.polynomials.prefix(polynomials.count), tables.numbers, first)
        for attention in run.attentions {
            let entry = tables.attentions[attention]
            guard first + Int(entry.offset) < samples.count else { break }
            treat(first + Int(entry.offset), entry.treatment, &state, &samples)
        }
    }

    /// A size in bits or a count; `nil` if it depends on a value that is not there or makes no size.
    func size(_ index: Int32, _ state: DecoderState, _ samples: SampleBuffer) -> Int? {
        switch tables.sizes[Int(index)] {
        case .fixed(let value): return value
        case .dynamic(let register, let calibrated, let slope, let intercept):
            guard let sample = state.sample(register) else { return nil }
            let value = slope * samples.number(sample, calibrated: calibrated) + intercept
            // More than any packet has is as good as not there; a comparison with NaN fails too.
            guard value.magnitude <= 0x1p40 else { return nil }
            return Int(value.rounded())
        case .lookup(let entries):
            for index in entries where passes(tables.lookups[index].test, state, samples) {
                return tables.lookups[index].value
            }
            return nil
        }
    }
}
