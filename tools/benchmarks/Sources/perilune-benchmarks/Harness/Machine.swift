import Foundation

/// On what the figures were taken.
struct Machine: Encodable {
    /// The processor as it calls itself.
    let processor: String
    /// Cores that this process may use.
    let cores: Int
    /// GiB.
    let memory: Double
    /// Processes that wanted a core in the last minute, before the first figure.
    let load: Double
    /// The system.
    let system: String

    init() {
        let details = Self.lines("/proc/cpuinfo")
        func detail(_ name: String) -> String? {
            details.first { $0.hasPrefix(name) }?.split(separator: ":", maxSplits: 1).last.map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
        // Virtual machines often hide the name of the model, but not its number.
        let numbers = ["cpu family", "model", "stepping"].compactMap { detail($0 + "\t") }.joined(separator: "/")
        processor = "\(detail("model name") ?? "unknown") (family/model/stepping \(numbers))"
        cores = ProcessInfo.processInfo.activeProcessorCount
        memory = Double(ProcessInfo.processInfo.physicalMemory) / 1_073_741_824
        load = Self.lines("/proc/loadavg").first?.split(separator: " ").first.flatMap { Double($0) } ?? .nan
        system = ProcessInfo.processInfo.operatingSystemVersionString
    }

    /// As in the head of a table.
    var words: String { "\(processor), \(cores) cores, \(Table.number(memory)) GiB, \(system)" }

    private static func lines(_ path: String) -> [Substring] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return text.split(separator: "\n")
    }
}
