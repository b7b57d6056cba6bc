import ChannelCoding

/// Channel symbols in, bits out.
///
/// A Viterbi decoder or a slicer, then NRZ-M; where a link has none of them, octets pass untouched.
struct ChannelStage: Sendable {
    private let isSoft: Bool
    private var viterbi: ViterbiDecoder?
    private var slicer: SymbolSlicer?
    private var differential: DifferentialDecoder?
    /// Octets of input for octets of bits.
    let scale: InputScale

    /// Makes the stage of a description that ``LinkDescription/validate()`` has passed.
    init(_ link: LinkDescription) {
        isSoft = link.input == .symbols
        let code = link.hasMarkers ? link.convolutional?.code : nil
        viterbi = code.map { ViterbiDecoder($0) }
        slicer = isSoft && code == nil ? SymbolSlicer() : nil
        differential = link.nrzm && link.hasMarkers ? DifferentialDecoder() : nil
        let rate = code?.rate.numbers ?? (bits: 1, symbols: 1)
        scale = InputScale(input: (isSoft ? 8 : 1) * rate.symbols, bits: rate.bits)
    }

    /// Takes the next octets of input.
    mutating func push(_ octets: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        if viterbi != nil {
            if isSoft {
                viterbi?.push(soft: octets) { decode($0, &differential, body) }
            } else {
                viterbi?.push(hard: octets) { decode($0, &differential, body) }
            }
        } else if slicer != nil {
            slicer?.push(octets) { decode($0, &differential, body) }
        } else {
            decode(octets, &differential, body)
        }
    }

    /// Ends the input.
    mutating func finish(_ body: (Span<UInt8>) -> Void) {
        viterbi?.finish { decode($0, &differential, body) }
    }
}

/// Takes NRZ-M back, if there is any.
private func decode(
    _ bits: Span<UInt8>,
    _ differential: inout DifferentialDecoder?,
    _ body: (Span<UInt8>) -> Void
) {
    if differential == nil {
        body(bits)
    } else {
        differential?.push(bits, body)
    }
}

extension LinkDescription.Convolutional {
    /// The code, if the rate is one that the standard knows.
    var code: ConvolutionalCode? {
        ConvolutionalCode.Rate(rawValue: rate).map { ConvolutionalCode(rate: $0, swap: swap, invertC2: invertC2) }
    }
}

extension ConvolutionalCode.Rate {
    /// Bits in, symbols out.
    fileprivate var numbers: (bits: Int, symbols: Int) {
        switch self {
        case .half: (1, 2)
        case .twoThirds: (2, 3)
        case .threeQuarters: (3, 4)
        case .fiveSixths: (5, 6)
        case .sevenEighths: (7, 8)
        }
    }
}
