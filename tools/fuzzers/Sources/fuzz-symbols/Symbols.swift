import FuzzSupport
import LinkTrials
import SpaceLink

/// Feeds links of soft symbols and of channel bits: convolutional codes, LDPC, Turbo.
@_cdecl("LLVMFuzzerTestOneInput")
public func trySymbols(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var choices = unsafe Choices(start, count)
    var cut = choices
    _ = choices.octets(2)
    var link = LinkDescription()
    link.input = choices.one(of: [.symbols, .bits, .cadu])
    link.nrzm = choices.octet() < 32
    link.frame.type = choices.one(of: [.aos, .tm, .uslp])
    link.frame.fecf = choices.flag()
    // The long codes take too long for a fuzzer.
    switch choices.octet() % 8 {
    case 0: link.block = .lowDensityParityCheck(family: "ar4ja", rate: "4/5", informationBits: 1024)
    case 1: link.block = .lowDensityParityCheck(family: "ar4ja", rate: "1/2", informationBits: 1024)
    case 2: link.block = .turbo(rate: choices.one(of: ["1/2", "1/3"]), informationBits: 1784)
    case 3, 4:
        var code = LinkDescription.ReedSolomonBlock()
        code.errors = 8
        code.interleave = 1
        code.virtualFill = 200
        link.block = .reedSolomon(code)
    default: link.block = .none(length: choices.number(20...60))
    }
    if choices.flag(), link.input != .cadu {
        var convolutional = LinkDescription.Convolutional()
        convolutional.rate = choices.one(of: ["1/2", "2/3", "3/4", "5/6", "7/8"])
        convolutional.swap = choices.flag()
        convolutional.invertC2 = choices.flag()
        link.convolutional = convolutional
    }
    do throws(LinkDescriptionError) {
        var encoder = try LinkEncoder(link, spacecraft: 91)
        var octets: [UInt8] = []
        while !choices.isEmpty, octets.count < 12_000 { append(&octets, &encoder, link, &choices) }
        octets += encoder.finish()
        LinkTrial(link, octets: octets).run(&cut)
    } catch {
        // Not every link of choices can be.
    }
    return 0
}

private func append(
    _ octets: inout [UInt8],
    _ encoder: inout LinkEncoder,
    _ link: LinkDescription,
    _ choices: inout Choices
) {
    var sent: [UInt8] = []
    let body = { (_: EncodedFrame, unit: Span<UInt8>) in
        for index in 0..<unit.count { sent.append(unit[index]) }
    }
    switch choices.octet() % 8 {
    case 0...3: encoder.push(packet: Packets.one(&choices).span, virtualChannel: choices.number(0...2), body)
    case 4: encoder.flush(virtualChannel: choices.number(0...2), body)
    case 5: encoder.idleFrame(body)
    case 6: octets.removeLast(min(octets.count, choices.number(1...200)))
    default: octets += choices.noise(choices.number(1...400))
    }
    // Symbols lose confidence, change sign, or are erased.
    for _ in 0..<(choices.octet() % 4) * 16 where !sent.isEmpty {
        sent[choices.number(0...65_535) % sent.count] = choices.one(of: [0, 1, 0xFF, 0x80, 0x7F, 0x40])
    }
    octets += sent
}
