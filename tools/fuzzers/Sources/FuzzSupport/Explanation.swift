import FoundationEssentials

/// What an input of the fuzzer stands for, told to whoever asks by setting `PERILUNE_FUZZ_EXPLAIN`.
public enum Explanation {
    private static let isWanted = ProcessInfo.processInfo.environment["PERILUNE_FUZZ_EXPLAIN"] != nil

    /// Prints what is tried and the octets that are fed.
    public static func print(_ setting: @autoclosure () -> some Encodable, _ octets: [UInt8]) {
        guard isWanted else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        do {
            Swift.print(String(decoding: try encoder.encode(setting()), as: UTF8.self))
        } catch {
            Swift.print("\(error)")
        }
        let digits = Array("0123456789ABCDEF")
        Swift.print(String(octets.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }))
    }
}
