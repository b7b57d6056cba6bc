import ChannelCoding

/// Bits in, channel symbols out: what ``ChannelStage`` takes back.
struct ChannelModulator: Sendable {
    private var differential: DifferentialEncoder?
    private var convolutional: ConvolutionalEncoder?
    private let isSoft: Bool
    private var packer: UnitPacker?

    /// Makes the modulator of a description that ``LinkDescription/validate()`` has passed.
    init(_ link: LinkDescription) {
        isSoft = link.input == .symbols
        packer = link.hasMarkers && link.unsentBits > 0 ? UnitPacker(unsentBits: link.unsentBits) : nil
        differential = link.nrzm && link.hasMarkers ? DifferentialEncoder() : nil
        convolutional = link.hasMarkers ? link.convolutional?.code.map { ConvolutionalEncoder($0) } : nil
    }

    /// Changes octets of bits to octets of symbols; of a punctured code those that fill no octet wait.
    mutating func apply(to octets: inout [UInt8]) {
        packer?.apply(to: &octets)
        modulate(&octets)
    }

    private mutating func modulate(_ octets: inout [UInt8]) {
        differential?.apply(to: &octets)
        if convolutional != nil {
            var symbols: [UInt8] = []
            convolutional?.push(octets.span, into: &symbols)
            octets = symbols
        }
        if isSoft {
            octets = octets.flatMap { octet in (0..<8).map { octet << UInt8($0) & 0x80 == 0 ? 0x81 : 0x7F } }
        }
    }

    /// The symbols that wait, filled up to an octet, and those of `tail` further zero bits.
    mutating func finish(tail: Int) -> [UInt8] {
        var octets = packer?.finish() ?? []
        modulate(&octets)
        let first = octets
        octets = []
        convolutional?.finish(tail: tail, into: &octets)
        guard isSoft else { return first + octets }
        return first + octets.flatMap { octet in (0..<8).map { octet << UInt8($0) & 0x80 == 0 ? 0x81 : 0x7F } }
    }
}
