/// What happens to values after extraction: conversion, calibration, labels, ranges, alarms.
extension PlanCompiler {
    func registerOfParameter(_ parameter: Int) -> Int32 {
        registers[parameter] ?? -1
    }

    mutating func makeTreatment(_ parameter: Int) throws(XTCEError) -> DecodingPlan.Treatment {
        let type = type(of: parameter)
        var treatment = DecodingPlan.Treatment()
        treatment.register = registerOfParameter(parameter)
        if let calibrator = type.calibrator { treatment.calibrator = self.calibrator(calibrator) }
        if !type.contexts.isEmpty {
            var contexts: [DecodingPlan.Context] = []
            for context in type.contexts {
                let test = try test(context.criterion)
                contexts.append(DecodingPlan.Context(test: test, calibrator: calibrator(context.calibrator)))
            }
            let first = tables.contexts.count
            tables.contexts += contexts
            treatment.contexts = first..<tables.contexts.count
        }
        let isCalibrated = treatment.calibrator >= 0 || !treatment.contexts.isEmpty
        switch type.shape {
        case .float: treatment.conversion = isInteger(type) || isCalibrated ? .float : .none
        case .integer: treatment.conversion = isCalibrated || !isInteger(type) ? .integer : .none
        case .time: treatment.conversion = isCalibrated ? .float : .none
        case .enumerated:
            treatment.conversion = .enumeration
            treatment.labels = labelRanges(type.enumeration)
        case .boolean:
            treatment.conversion = .boolean
            treatment.zeroLabel = label(type.zeroLabel)
            treatment.oneLabel = label(type.oneLabel)
        default: break
        }
        if let range = type.validRange {
            treatment.validRange = Int32(tables.ranges.count)
            treatment.validRangeIsCalibrated = type.validRangeIsCalibrated
            tables.ranges.append(range)
        }
        if let alarm = type.alarm { treatment.alarm = self.alarm(alarm) }
        if !type.alarmContexts.isEmpty {
            var contexts: [DecodingPlan.AlarmContext] = []
            for context in type.alarmContexts {
                let test = try test(context.criterion)
                contexts.append(DecodingPlan.AlarmContext(test: test, alarm: alarm(context.alarm)))
            }
            let first = tables.alarmContexts.count
            tables.alarmContexts += contexts
            treatment.alarmContexts = first..<tables.alarmContexts.count
        }
        return treatment
    }

    private func isInteger(_ type: TypeDefinition) -> Bool {
        if case .number(let codec) = type.encoding { return codec.kind != .float }
        return false
    }

    private mutating func calibrator(_ calibrator: CalibratorDefinition) -> Int32 {
        let compiled: DecodingPlan.Calibrator
        let first = tables.numbers.count
        switch calibrator {
        case .polynomial(let coefficients):
            tables.numbers += coefficients
            compiled = .polynomial(first..<tables.numbers.count)
        case .spline(let order, let extrapolates, let points):
            tables.numbers += points.flatMap { [$0.raw, $0.calibrated] }
            compiled = .spline(order: order, extrapolates: extrapolates, first..<tables.numbers.count)
        case .postfix(let steps):
            let start = tables.postfix.count
            for step in steps { tables.postfix.append(compile(step)) }
            compiled = .postfix(start..<tables.postfix.count)
        }
        tables.calibrators.append(compiled)
        return Int32(tables.calibrators.count - 1)
    }

    private func compile(_ step: PostfixDefinition) -> DecodingPlan.PostfixStep {
        switch step {
        case .value(let value): .value(value)
        case .this: .this
        case .parameter(let reference):
            .parameter(register: register(reference), calibrated: reference.usesCalibrated)
        case .operation(let operation): .operation(operation)
        }
    }

    /// Disjoint sorted ranges in which the first entry that names a value wins.
    private mutating func labelRanges(_ entries: [EnumerationEntry]) -> Range<Int> {
        let sorted = entries.map { DecodingPlan.LabelRange(low: $0.low, high: $0.high, label: label($0.label)) }
            .sorted { $0.low < $1.low }
        var taken = sorted
        if zip(sorted, sorted.dropFirst()).contains(where: { $0.high >= $1.low }) { taken = disjoint(entries) }
        let first = tables.labelRanges.count
        tables.labelRanges += taken
        return first..<tables.labelRanges.count
    }

    /// Cuts from every entry what the entries before it cover.
    private mutating func disjoint(_ entries: [EnumerationEntry]) -> [DecodingPlan.LabelRange] {
        var taken: [DecodingPlan.LabelRange] = []
        for entry in entries {
            let label = label(entry.label)
            var low = entry.low
            var gaps: [DecodingPlan.LabelRange] = []
            for range in taken where range.high >= low && range.low <= entry.high {
                if range.low > low { gaps.append(DecodingPlan.LabelRange(low: low, high: range.low - 1, label: label)) }
                low = range.high + 1
            }
            if low <= entry.high { gaps.append(DecodingPlan.LabelRange(low: low, high: entry.high, label: label)) }
            for gap in gaps {
                let place = taken.firstIndex { $0.low > gap.low } ?? taken.count
                taken.insert(gap, at: place)
            }
        }
        return taken
    }

    private mutating func alarm(_ alarm: AlarmDefinition) -> Int32 {
        let (firstBand, firstLabel) = (tables.alarmBands.count, tables.alarmLabels.count)
        for band in alarm.bands {
            tables.alarmBands.append(DecodingPlan.AlarmBand(level: band.level, range: band.range))
        }
        for entry in alarm.labels {
            tables.alarmLabels.append(
                DecodingPlan.AlarmLabel(label: UInt64(label(entry.label)), level: entry.level)
            )
        }
        tables.alarms.append(
            DecodingPlan.Alarm(
                bands: firstBand..<tables.alarmBands.count,
                isInside: alarm.isInside,
                labels: firstLabel..<tables.alarmLabels.count,
                defaultLevel: alarm.defaultLevel
            )
        )
        return Int32(tables.alarms.count - 1)
    }
}
