import FuzzSupport
import MissionDatabase

/// Loads a database from any octets, up to a line that starts with a zero octet; a packet behind it is decoded.
@_cdecl("LLVMFuzzerTestOneInput")
public func tryXTCE(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var choices = unsafe Choices(start, count)
    let octets = choices.rest()
    let parts = octets.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let packet = parts.count > 1 ? Array(parts[1]) : [UInt8](repeating: 0x5A, count: 64)
    do throws(XTCEError) {
        let database = try MissionDatabase(xtce: Array(parts[0]))
        var decoder = try database.makeDecoder()
        var samples = SampleBuffer()
        for length in [packet.count, packet.count / 2, 7, 0] {
            let span = packet.span.extracting(0..<min(length, packet.count))
            _ = decoder.decode(span, into: &samples)
            for index in 0..<samples.count {
                expect(samples.parameter(at: index) < database.parameters.count, "a sample of no parameter")
                _ = (samples.raw(at: index), samples.engineering(at: index), samples.text(at: index))
            }
        }
        for container in database.containers where !container.isAbstract {
            var encoder = try database.makeEncoder(container: container.qualifiedName)
            var encoded: [UInt8] = []
            encoder.encode(into: &encoded)
        }
    } catch {
        // Most octets are no database.
    }
    return 0
}
