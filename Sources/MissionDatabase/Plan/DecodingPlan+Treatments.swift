/// From raw to engineering values.
extension DecodingPlan {
    /// Converts, calibrates, labels and judges the value of a sample.
    func treat(_ sample: Int, _ index: Int32, _ state: inout DecoderState, _ samples: inout SampleBuffer) {
        let treatment = tables.treatments[Int(index)]
        switch treatment.conversion {
        case .none: break
        case .float, .integer: calibrate(sample, treatment, state, &samples)
        case .enumeration: label(sample, treatment, &samples)
        case .boolean:
            let (word, kind) = samples.word(sample, calibrated: false)
            let isTrue = kind == .float ? Double(bitPattern: word) != 0 : word != 0
            let label = isTrue ? treatment.oneLabel : treatment.zeroLabel
            samples.setEngineering(sample, UInt64(label) << 1 | (isTrue ? 1 : 0), .boolean)
        }
        if treatment.register >= 0 { state.setRegister(treatment.register, sample: sample) }
        if treatment.validRange >= 0 {
            let number = samples.number(sample, calibrated: treatment.validRangeIsCalibrated)
            // Labels, texts and octets are not numbers and have no range.
            if !number.isNaN, !tables.ranges[Int(treatment.validRange)].contains(number) {
                samples.setValidity(sample, .outOfRange)
            }
        }
        var alarm = treatment.alarm
        for index in treatment.alarmContexts where passes(tables.alarmContexts[index].test, state, samples) {
            alarm = tables.alarmContexts[index].alarm
            break
        }
        if alarm >= 0 { samples.setAlarm(sample, level(tables.alarms[Int(alarm)], sample, samples)) }
    }

    private func calibrate(
        _ sample: Int,
        _ treatment: Treatment,
        _ state: DecoderState,
        _ samples: inout SampleBuffer
    ) {
        let (word, kind) = samples.word(sample, calibrated: false)
        let raw = double(word, kind)
        var calibrator = treatment.calibrator
        for index in treatment.contexts where passes(tables.contexts[index].test, state, samples) {
            calibrator = tables.contexts[index].calibrator
            break
        }
        let isInteger = treatment.conversion == .integer
        // An integer that needs no calibration keeps all its 64 bits.
        if calibrator < 0, isInteger, kind != .float { return }
        let value = calibrator < 0 ? raw : evaluate(tables.calibrators[Int(calibrator)], raw, state, samples)
        guard let value, value.isFinite || calibrator < 0 else {
            samples.setValidity(sample, .uncalibrated)
            return
        }
        if isInteger, let integer = Int64(exactly: value.rounded()) {
            samples.setEngineering(sample, UInt64(bitPattern: integer), .signed)
        } else {
            samples.setEngineering(sample, value.bitPattern, .float)
        }
    }

    /// The engineering value of a raw one; `nil` if the function has none.
    func evaluate(
        _ calibrator: Calibrator,
        _ raw: Double,
        _ state: DecoderState,
        _ samples: borrowing SampleBuffer
    ) -> Double? {
        switch calibrator {
        case .polynomial(let coefficients):
            var value = 0.0
            for index in coefficients.reversed() { value = value * raw + tables.numbers[index] }
            return value
        case .spline(let order, let extrapolates, let points):
            return spline(order, extrapolates, points, raw)
        case .postfix(let steps):
            var stack: [Double] = []
            for index in steps {
                switch tables.postfix[index] {
                case .value(let value): stack.append(value)
                case .this: stack.append(raw)
                case .parameter(let register, let calibrated):
                    guard let sample = state.sample(register) else { return nil }
                    stack.append(samples.number(sample, calibrated: calibrated))
                case .operation(let operation): operation.apply(to: &stack)
                }
            }
            return stack.last
        }
    }

    /// The value between the points that enclose a raw value; numbers lie as pairs of raw and calibrated.
    private func spline(_ order: Int, _ extrapolates: Bool, _ points: Range<Int>, _ raw: Double) -> Double? {
        let count = points.count / 2
        let base = points.lowerBound
        let isInside = raw >= tables.numbers[base] && raw <= tables.numbers[base + 2 * (count - 1)]
        guard isInside || extrapolates, !raw.isNaN else { return nil }
        // The last point at or before the raw value; the first if there is none.
        var low = 0
        var high = count
        while high - low > 1 {
            let middle = (low + high) / 2
            if tables.numbers[base + 2 * middle] <= raw { low = middle } else { high = middle }
        }
        if order == 0 { return tables.numbers[base + 2 * low + 1] }
        low = min(low, count - 2)
        let (x0, y0) = (tables.numbers[base + 2 * low], tables.numbers[base + 2 * low + 1])
        let (x1, y1) = (tables.numbers[base + 2 * low + 2], tables.numbers[base + 2 * low + 3])
        return y0 + (raw - x0) * (y1 - y0) / (x1 - x0)
    }

    private func label(_ sample: Int, _ treatment: Treatment, _ samples: inout SampleBuffer) {
        let (word, kind) = samples.word(sample, calibrated: false)
        let value: Int128
        if kind == .float {
            guard let whole = Int64(exactly: Double(bitPattern: word)) else {
                samples.setValidity(sample, .unmatched)
                return
            }
            value = Int128(whole)
        } else {
            value = integer(word, kind)
        }
        var low = treatment.labels.lowerBound
        var high = treatment.labels.upperBound
        while low < high {
            let middle = (low + high) / 2
            if tables.labelRanges[middle].high < value { low = middle + 1 } else { high = middle }
        }
        guard low < treatment.labels.upperBound, tables.labelRanges[low].low <= value else {
            samples.setValidity(sample, .unmatched)
            return
        }
        samples.setEngineering(sample, UInt64(tables.labelRanges[low].label), .label)
    }

    private func level(_ alarm: Alarm, _ sample: Int, _ samples: borrowing SampleBuffer) -> AlarmLevel {
        let (word, kind) = samples.word(sample, calibrated: true)
        if !alarm.labels.isEmpty {
            guard kind == .label else { return alarm.defaultLevel }
            for index in alarm.labels where tables.alarmLabels[index].label == word {
                return tables.alarmLabels[index].level
            }
            return alarm.defaultLevel
        }
        let number = samples.number(sample, calibrated: true)
        guard !number.isNaN else { return alarm.defaultLevel }
        for index in alarm.bands where tables.alarmBands[index].range.contains(number) == alarm.isInside {
            return tables.alarmBands[index].level
        }
        return .none
    }
}
