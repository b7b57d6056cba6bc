import ChannelCoding

/// Links whose parameters are public.
extension LinkDescription {
    /// The names of all presets, in alphabetical order.
    public static var presetNames: [String] { presets.keys.sorted() }

    /// A link by its name.
    ///
    /// - Parameter name: One of ``presetNames``.
    /// - Returns: Its description, or nothing if there is no such preset.
    public static func preset(_ name: String) -> LinkDescription? { presets[name] }

    private static let presets: [String: LinkDescription] = [
        // As recorded: links already decoded.
        "change-5": frames(length: 220) { $0.insertZone = 8 },
        "hakuto-r": frames(length: 1113),
        "lunar-flashlight": frames(length: 1113),
        "mars-2020": frames(length: 1115) { $0.fecf = true },
        // Direct broadcast, after demodulation.
        "s-npp": blocks(.cadu, interleave: 4),
        "jpss": blocks(.cadu, interleave: 4),
        // Concatenated links, from soft symbols.
        "queqiao-2": concatenated(interleave: 1, virtualFill: 3),
        "queqiao-2-science": concatenated(interleave: 4),
        "kplo": concatenated(interleave: 1, virtualFill: 3),
        "slim": concatenated(interleave: 1, virtualFill: 3),
        "tianwen-1": concatenated(interleave: 1, virtualFill: 3, basis: .conventional),
        "tianwen-2": concatenated(interleave: 4),
        // Before its Turbo code: 1816 bits with the marker.
        "chandrayaan-3": uncoded(length: 223),
    ]

    private static func frames(length: Int, _ more: (inout Frame) -> Void = { _ in }) -> LinkDescription {
        var link = LinkDescription()
        link.input = .frames
        link.frame.length = length
        link.block = .none(length: nil)
        more(&link.frame)
        return link
    }

    private static func blocks(
        _ input: Input,
        interleave: Int,
        virtualFill: Int = 0,
        basis: ReedSolomon.Code.Basis = .dual
    ) -> LinkDescription {
        var link = LinkDescription()
        link.input = input
        var code = ReedSolomonBlock()
        code.interleave = interleave
        code.virtualFill = virtualFill
        code.basis = basis
        link.block = .reedSolomon(code)
        return link
    }

    private static func concatenated(
        interleave: Int,
        virtualFill: Int = 0,
        basis: ReedSolomon.Code.Basis = .dual
    ) -> LinkDescription {
        var link = blocks(.symbols, interleave: interleave, virtualFill: virtualFill, basis: basis)
        link.convolutional = Convolutional()
        return link
    }

    private static func uncoded(length: Int) -> LinkDescription {
        var link = LinkDescription()
        link.block = .none(length: length)
        link.frame.type = .tm
        // Mandatory where no block code protects the frame.
        link.frame.fecf = true
        return link
    }
}
