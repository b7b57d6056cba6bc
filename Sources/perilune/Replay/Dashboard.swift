/// What the terminal shows while a pass is replayed.
struct Dashboard {
    /// One line of the packet table.
    struct Row {
        let apid: Int
        let name: String
        let packets: Int
        let perSecond: Double
    }

    var title = ""
    var onboardTime = ""
    var fraction: Double?
    var speedWanted: Double?
    var speedReached = 0.0
    var framesGood = 0
    var framesCorrected = 0
    var framesBad = 0
    var framesMissing = 0
    var rows: [Row] = []
    /// Attitude as roll, pitch and yaw (deg), body to inertial.
    var attitude: (roll: Double, pitch: Double, yaw: Double)?
    /// Body rates (deg/s), oldest first.
    var rates: [[Double]] = [[], [], []]
    var mode = ""
    /// Alarms by cause, newest last.
    var alarms: [(id: Int, text: String)] = []

    private static let historyLength = 240

    /// Adds a body rate (deg/s) to the history.
    mutating func addRate(_ rate: [Double]) {
        for axis in 0..<3 {
            rates[axis].append(rate[axis])
            if rates[axis].count > Self.historyLength { rates[axis].removeFirst() }
        }
    }

    /// The screen as lines, none wider than the terminal.
    func lines(width: Int, height: Int, paint: Paint) -> [String] {
        var lines = [paint.bold(clip("Perilune  \(title)", width))]
        let wanted = speedWanted.map { "\(Quantity.fixed($0, 1))×" } ?? "max"
        lines.append(clip("\(onboardTime)   speed \(wanted), reached \(Quantity.fixed(speedReached, 1))×", width))
        if let fraction {
            let cells = max(width - 8, 10)
            let filled = Int((min(max(fraction, 0), 1) * Double(cells)).rounded())
            let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: cells - filled)
            lines.append("\(bar) \(Int(fraction * 100)) %")
        }
        lines.append("")
        lines.append(contentsOf: linkLines(width, paint))
        lines.append("")
        lines.append(contentsOf: attitudeLines(width, paint))
        lines.append("")
        let alarmLines =
            alarms.isEmpty ? [paint.green("no alarm")] : alarms.suffix(5).map { paint.red(clip($0.text, width)) }
        let room = max(height - lines.count - alarmLines.count - 4, 3)
        lines.append(paint.dim(clip("apid  packets    /s  name", width)))
        for row in rows.prefix(room) {
            let apid = pad(String(row.apid), 4)
            let packets = pad(String(row.packets), 7)
            lines.append(clip("\(apid)  \(packets)  \(pad(Quantity.fixed(row.perSecond, 1), 4))  \(row.name)", width))
        }
        lines.append("")
        return lines + alarmLines
    }

    private func linkLines(_ width: Int, _ paint: Paint) -> [String] {
        let text =
            "link   frames \(framesGood) good, \(framesCorrected) corrected, \(framesBad) bad, \(framesMissing) missing"
        let clipped = clip(text, width)
        return [framesBad + framesMissing > 0 ? paint.yellow(clipped) : clipped]
    }

    private func attitudeLines(_ width: Int, _ paint: Paint) -> [String] {
        var lines: [String] = []
        if let attitude {
            let roll = Quantity.fixed(attitude.roll, 2)
            let pitch = Quantity.fixed(attitude.pitch, 2)
            let yaw = Quantity.fixed(attitude.yaw, 2)
            lines.append(clip("attitude  roll \(roll)°  pitch \(pitch)°  yaw \(yaw)°   mode \(mode)", width))
        }
        guard let latest = rates[0].last, !latest.isNaN else { return lines + [paint.dim("no rates yet")] }
        for (axis, name) in ["x", "y", "z"].enumerated() {
            let value = pad(Quantity.fixed(rates[axis].last ?? 0, 3), 9)
            let line = Sparkline.draw(rates[axis].suffix(max(width - 24, 8)))
            lines.append("rate \(name) \(value) °/s \(paint.cyan(line))")
        }
        return lines
    }

    private func clip(_ text: String, _ width: Int) -> String { String(text.prefix(max(width, 1))) }

    private func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

/// A curve in one line of text.
enum Sparkline {
    private static let blocks = Array("▁▂▃▄▅▆▇█")

    /// Draws values between their own least and greatest; a flat curve lies at the bottom.
    static func draw(_ values: some Collection<Double>) -> String {
        let finite = values.filter(\.isFinite)
        guard let least = finite.min(), let greatest = finite.max() else { return "" }
        let span = greatest - least
        return String(
            values.map { value in
                guard value.isFinite else { return " " }
                guard span > 0 else { return blocks[0] }
                return blocks[min(Int((value - least) / span * 8), 7)]
            }
        )
    }
}
