import FoundationEssentials

/// Writes inputs to start from into the folder that `PERILUNE_FUZZ_SEEDS` names; the fuzzer calls it once.
///
/// They are random choices, of equal octets on every machine: what is tried is built from choices, so these do.
@_cdecl("LLVMFuzzerInitialize")
public func writeSeeds(_ count: UnsafeMutableRawPointer?, _ arguments: UnsafeMutableRawPointer?) -> CInt {
    guard let folder = ProcessInfo.processInfo.environment["PERILUNE_FUZZ_SEEDS"] else { return 0 }
    for (number, length) in [8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048].enumerated() {
        for variant in 0..<4 {
            var generator = Generator(seed: UInt64(4 * number + variant))
            let octets = (0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 56) }
            do {
                try Data(octets).write(to: URL(fileURLWithPath: "\(folder)/random-\(length)-\(variant)"))
            } catch {
                return 1
            }
        }
    }
    return 0
}
