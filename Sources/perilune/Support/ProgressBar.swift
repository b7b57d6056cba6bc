import Foundation

/// How progress is told.
enum ProgressStyle: String, CaseIterable {
    /// A bar on a terminal, nothing elsewhere.
    case auto
    case bar
    case json
    case none
}

/// Progress with rate and time left, on standard error, at most five times a second.
struct ProgressBar {
    private let title: String
    private let style: ProgressStyle
    private let start = ContinuousClock.now
    private var last: ContinuousClock.Instant?
    private var drawn = false

    init(title: String, style: ProgressStyle, quiet: Bool) {
        self.title = title
        let chosen: ProgressStyle = style == .auto ? (Words.isTerminal ? .bar : .none) : style
        self.style = quiet ? .none : chosen
    }

    /// Tells how far it has come.
    mutating func update(octets: Int64, of total: Int64?) {
        guard style != .none else { return }
        let now = ContinuousClock.now
        if let last, now - last < .milliseconds(200) { return }
        last = now
        let seconds = max((now - start) / .seconds(1), 1e-3)
        let rate = Double(octets) / seconds
        switch style {
        case .json:
            let all = total.map { ",\"total\":\($0)" } ?? ""
            Words.say("{\"event\":\"progress\",\"octets\":\(octets)\(all),\"octetsPerSecond\":\(Int(rate)),\"v\":1}")
        default:
            draw(octets: octets, total: total, rate: rate)
        }
    }

    /// Takes the bar away.
    mutating func finish() {
        if drawn { Words.write("\r\u{1B}[K") }
        drawn = false
    }

    private mutating func draw(octets: Int64, total: Int64?, rate: Double) {
        var line = "\(title) \(Quantity.octets(Double(octets)))"
        if let total, total > 0 {
            let part = min(Double(octets) / Double(total), 1)
            let filled = Int(part * 24)
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
            let left = rate > 0 ? Int(Double(total - octets) / rate) : 0
            line = "\(title) \(bar) \(Int(part * 100)) % of \(Quantity.octets(Double(total))), \(left) s left"
        }
        Words.write("\r\(line), \(Quantity.octets(rate))/s\u{1B}[K")
        drawn = true
    }
}

/// Quantities as people read them.
enum Quantity {
    /// An amount of octets with a decimal prefix.
    static func octets(_ count: Double) -> String {
        switch count {
        case 1e9...: fixed(count / 1e9, 2) + " GB"
        case 1e6...: fixed(count / 1e6, 1) + " MB"
        case 1e3...: fixed(count / 1e3, 1) + " kB"
        default: "\(Int(count)) B"
        }
    }

    /// A number with a fixed count of decimals.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return "–" }
        let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
        guard (value * scale).magnitude < 9e15 else { return String(value) }
        let ticks = Int64((value * scale).rounded())
        let digits = String(ticks.magnitude)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = ticks < 0 ? "-" : ""
        return decimals == 0 ? sign + padded : "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }

    /// A count with thin groups of three digits.
    static func count(_ value: some BinaryInteger) -> String {
        var digits = Array(String(value))
        var place = digits.count - 3
        while place > (value < 0 ? 1 : 0) {
            digits.insert(",", at: place)
            place -= 3
        }
        return String(digits)
    }
}
