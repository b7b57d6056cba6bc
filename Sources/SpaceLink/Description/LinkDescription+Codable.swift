import ChannelCoding

/// A container that knows which keys it may have.
private struct Keys {
    let container: KeyedDecodingContainer<AnyKey>
    let path: String

    init(_ decoder: any Decoder, path: String, allowed: [String]) throws {
        container = try decoder.container(keyedBy: AnyKey.self)
        self.path = path
        for key in container.allKeys where !allowed.contains(key.stringValue) {
            throw LinkDescriptionError.unknownKey(path + key.stringValue)
        }
    }

    /// The value of a key, or the default if it is absent or null.
    func value<Value: Decodable>(_ key: String, _ standard: Value) throws -> Value {
        try container.decodeIfPresent(Value.self, forKey: AnyKey(stringValue: key)) ?? standard
    }

    /// The value of a key, or nothing.
    func optional<Value: Decodable>(_ key: String) throws -> Value? {
        try container.decodeIfPresent(Value.self, forKey: AnyKey(stringValue: key))
    }

    /// Whether a key is there and not null.
    func has(_ key: String) -> Bool {
        guard let isNull = try? container.decodeNil(forKey: AnyKey(stringValue: key)) else { return false }
        return !isNull
    }

    /// Whether the value of a key is this text.
    func says(_ text: String, _ key: String) -> Bool {
        (try? container.decode(String.self, forKey: AnyKey(stringValue: key))) == text
    }
}

extension KeyedEncodingContainer<AnyKey> {
    /// Writes a value under a key of a plain name.
    fileprivate mutating func write(_ value: some Encodable, _ key: String) throws {
        try encode(value, forKey: AnyKey(stringValue: key))
    }
}

extension LinkDescription: Codable {
    /// Reads a description; what it does not say has its default.
    ///
    /// - Parameter decoder: What to read from.
    /// - Throws: ``LinkDescriptionError`` for unknown keys, values and combinations, or what the decoder throws.
    public init(from decoder: any Decoder) throws {
        self.init()
        let keys = try Keys(
            decoder,
            path: "",
            allowed: [
                "input", "envelope", "nrzm", "convolutional", "marker", "randomizer", "block", "frame", "spacecraft",
                "channels",
            ]
        )
        input = try keys.value("input", input)
        envelope = try keys.value("envelope", envelope)
        nrzm = try keys.value("nrzm", nrzm)
        if !keys.says("none", "convolutional") { convolutional = try keys.optional("convolutional") }
        // The block code first: what is not said of the marker goes with it.
        block = try keys.value("block", block)
        if keys.has("marker") {
            marker = try Marker(from: keys.container.superDecoder(forKey: AnyKey(stringValue: "marker")), for: block)
        }
        randomizer = try keys.value("randomizer", randomizer)
        frame = try keys.value("frame", frame)
        frame.spacecraft = try keys.optional("spacecraft") ?? frame.spacecraft
        let contents: [String: ChannelContent] = try keys.value("channels", [:])
        for (name, content) in contents {
            guard let channel = Int(name) else {
                throw LinkDescriptionError.invalidValue(
                    key: "channels",
                    value: name,
                    expected: "the number of a virtual channel"
                )
            }
            channels[channel] = content
        }
        try validate()
    }

    /// Writes the whole description, defaults too.
    ///
    /// - Parameter encoder: What to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: AnyKey.self)
        try container.write(input, "input")
        try container.write(envelope, "envelope")
        try container.write(nrzm, "nrzm")
        if let convolutional { try container.write(convolutional, "convolutional") }
        try container.write(marker, "marker")
        try container.write(randomizer, "randomizer")
        try container.write(block, "block")
        try container.write(frame, "frame")
        let contents = channels.map { (String($0.key), $0.value) }
        try container.write([String: ChannelContent](uniqueKeysWithValues: contents), "channels")
    }
}

extension LinkDescription.Envelope: Codable {
    /// Reads `none`, `kiss`, `pcap` or an object of `header` and `trailer`.
    ///
    /// - Parameter decoder: What to read from.
    /// - Throws: ``LinkDescriptionError`` or what the decoder throws.
    public init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            switch name {
            case "none": self = .none
            case "kiss": self = .kiss
            case "pcap": self = .pcap
            default:
                throw LinkDescriptionError.invalidValue(
                    key: "envelope",
                    value: name,
                    expected: "none, kiss, pcap, or an object with header and trailer"
                )
            }
            return
        }
        let keys = try Keys(decoder, path: "envelope.", allowed: ["header", "trailer"])
        self = .octets(header: try keys.value("header", 0), trailer: try keys.value("trailer", 0))
    }

    /// Writes the name or the object.
    ///
    /// - Parameter encoder: What to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        let name: String
        switch self {
        case .none: name = "none"
        case .kiss: name = "kiss"
        case .pcap: name = "pcap"
        case .octets(let header, let trailer):
            var container = encoder.container(keyedBy: AnyKey.self)
            try container.write(header, "header")
            try container.write(trailer, "trailer")
            return
        }
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}

extension LinkDescription.Convolutional: Decodable {
    /// Reads an object of `rate`, `swap` and `invertC2`.
    ///
    /// - Parameter decoder: What to read from.
    /// - Throws: ``LinkDescriptionError`` or what the decoder throws.
    public init(from decoder: any Decoder) throws {
        self.init()
        let keys = try Keys(decoder, path: "convolutional.", allowed: ["rate", "swap", "invertC2"])
        rate = try keys.value("rate", rate)
        swap = try keys.value("swap", swap)
        // The inverter belongs to rate 1/2 only.
        invertC2 = try keys.value("invertC2", rate == "1/2")
    }
}

extension LinkDescription.Marker: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case pattern
        case searchTolerance
        case lockTolerance
        case verify
        case flywheel
        case slipWindow
        case inverted
        case recovery
    }

    /// Reads the settings; the pattern is in hexadecimal digits.
    ///
    /// - Parameter decoder: What to read from.
    /// - Throws: ``LinkDescriptionError`` or what the decoder throws.
    public init(from decoder: any Decoder) throws {
        try self.init(from: decoder, for: .none(length: nil))
    }

    /// Reads the settings; what they do not say goes with a block code.
    fileprivate init(from decoder: any Decoder, for block: LinkDescription.Block) throws {
        self.init(for: block)
        let keys = try Keys(decoder, path: "marker.", allowed: CodingKeys.allCases.map(\.rawValue))
        if let text: String = try keys.optional("pattern") { try setPattern(text) }
        searchTolerance = try keys.value("searchTolerance", searchTolerance)
        lockTolerance = try keys.value("lockTolerance", lockTolerance)
        verify = try keys.value("verify", verify)
        flywheel = try keys.value("flywheel", flywheel)
        slipWindow = try keys.value("slipWindow", slipWindow)
        inverted = try keys.value("inverted", inverted)
        recovery = try keys.value("recovery", recovery)
    }

    /// Takes the pattern from hexadecimal digits.
    mutating func setPattern(_ text: String) throws(LinkDescriptionError) {
        let digits = text.compactMap(\.hexDigitValue)
        guard !digits.isEmpty, digits.count == text.count, digits.count.isMultiple(of: 2) else {
            throw .invalidValue(key: "marker.pattern", value: text, expected: "pairs of hexadecimal digits")
        }
        pattern = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// Writes all settings.
    ///
    /// - Parameter encoder: What to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let digits = Array("0123456789ABCDEF")
        let text = String(pattern.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
        try container.encode(text, forKey: .pattern)
        try container.encode(searchTolerance, forKey: .searchTolerance)
        try container.encode(lockTolerance, forKey: .lockTolerance)
        try container.encode(verify, forKey: .verify)
        try container.encode(flywheel, forKey: .flywheel)
        try container.encode(slipWindow, forKey: .slipWindow)
        try container.encode(inverted, forKey: .inverted)
        try container.encode(recovery, forKey: .recovery)
    }
}

extension LinkDescription.Block: Codable {
    /// Reads an object whose `code` says which keys it may have; Reed-Solomon if it does not say.
    ///
    /// - Parameter decoder: What to read from.
    /// - Throws: ``LinkDescriptionError`` or what the decoder throws.
    public init(from decoder: any Decoder) throws {
        let all = try decoder.container(keyedBy: AnyKey.self)
        let code = try all.decodeIfPresent(String.self, forKey: AnyKey(stringValue: "code")) ?? "rs"
        switch code {
        case "rs":
            let keys = try Keys(
                decoder,
                path: "block.",
                allowed: ["code", "errors", "interleave", "basis", "virtualFill"]
            )
            var block = LinkDescription.ReedSolomonBlock()
            block.errors = try keys.value("errors", block.errors)
            block.interleave = try keys.value("interleave", block.interleave)
            block.basis = try keys.value("basis", block.basis)
            block.virtualFill = try keys.value("virtualFill", block.virtualFill)
            self = .reedSolomon(block)
        case "ldpc":
            let keys = try Keys(decoder, path: "block.", allowed: ["code", "family", "rate", "informationBits"])
            self = .lowDensityParityCheck(
                family: try keys.value("family", "ar4ja"),
                rate: try keys.value("rate", "1/2"),
                informationBits: try keys.value("informationBits", 1024)
            )
        case "turbo":
            let keys = try Keys(decoder, path: "block.", allowed: ["code", "rate", "informationBits"])
            self = .turbo(
                rate: try keys.value("rate", "1/2"),
                informationBits: try keys.value("informationBits", 1784)
            )
        case "none":
            let keys = try Keys(decoder, path: "block.", allowed: ["code", "length"])
            self = .none(length: try keys.optional("length"))
        default:
            throw LinkDescriptionError.invalidValue(
                key: "block.code",
                value: code,
                expected: "rs, ldpc, turbo or none"
            )
        }
    }

    /// Writes the object with all keys of its code.
    ///
    /// - Parameter encoder: What to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: AnyKey.self)
        switch self {
        case .reedSolomon(let block):
            try container.write("rs", "code")
            try container.write(block.errors, "errors")
            try container.write(block.interleave, "interleave")
            try container.write(block.basis, "basis")
            try container.write(block.virtualFill, "virtualFill")
        case .lowDensityParityCheck(let family, let rate, let informationBits):
            try container.write("ldpc", "code")
            try container.write(family, "family")
            try container.write(rate, "rate")
            try container.write(informationBits, "informationBits")
        case .turbo(let rate, let informationBits):
            try container.write("turbo", "code")
            try container.write(rate, "rate")
            try container.write(informationBits, "informationBits")
        case .none(let length):
            try container.write("none", "code")
            if let length { try container.write(length, "length") }
        }
    }
}

extension LinkDescription.Frame: Decodable {
    /// Reads an object; what it does not say has its default.
    ///
    /// - Parameter decoder: What to read from.
    /// - Throws: ``LinkDescriptionError`` or what the decoder throws.
    public init(from decoder: any Decoder) throws {
        self.init()
        let keys = try Keys(
            decoder,
            path: "frame.",
            allowed: [
                "type", "length", "truncatedLength", "countLength", "fecf", "fecfBits", "fhec", "insertZone", "ocf",
                "secondaryHeader", "spacecraft",
            ]
        )
        type = try keys.value("type", type)
        length = try keys.optional("length")
        truncatedLength = try keys.value("truncatedLength", truncatedLength)
        countLength = try keys.value("countLength", countLength)
        fecf = try keys.value("fecf", fecf)
        fecfBits = try keys.value("fecfBits", fecfBits)
        fhec = try keys.value("fhec", fhec)
        insertZone = try keys.value("insertZone", insertZone)
        ocf = try keys.value("ocf", ocf)
        secondaryHeader = try keys.value("secondaryHeader", secondaryHeader)
        spacecraft = try keys.optional("spacecraft")
    }
}
