import ChannelCoding

/// Single keys set from text, as a command line does.
extension LinkDescription {
    /// Sets one key; whether all keys fit together is for ``validate()`` to say, once all are set.
    ///
    /// - Parameters:
    ///   - keyPath: The key as in JSON, with points between: `block.interleave`, `channels.5`.
    ///   - value: The value as text; numbers in decimal digits, `true` or `false`, lists with commas.
    /// - Throws: `.unknownKey` or `.invalidValue`.
    public mutating func set(_ keyPath: String, to value: String) throws(LinkDescriptionError) {
        let text = SettingText(key: keyPath, value: value)
        let parts = keyPath.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return try setTop(keyPath, text) }
        switch parts[0] {
        case "envelope": try setEnvelope(parts[1], text)
        case "convolutional": try setConvolutional(parts[1], text)
        case "marker": try setMarker(parts[1], text)
        case "block": try setBlock(parts[1], text)
        case "frame": try setFrame(parts[1], text)
        case "channels":
            guard let channel = Int(parts[1]) else { throw .unknownKey(keyPath) }
            channels[channel] = try text.name()
        default: throw .unknownKey(keyPath)
        }
    }

    private mutating func setTop(_ key: String, _ text: SettingText) throws(LinkDescriptionError) {
        switch key {
        case "input": input = try text.name()
        case "nrzm": nrzm = try text.boolean()
        case "randomizer": randomizer = try text.name()
        case "spacecraft": frame.spacecraft = try text.list()
        case "convolutional":
            guard text.value == "none" else { throw text.refusal("none, or keys below convolutional") }
            convolutional = nil
        case "envelope":
            switch text.value {
            case "none": envelope = .none
            case "kiss": envelope = .kiss
            case "pcap": envelope = .pcap
            default: throw text.refusal("none, kiss or pcap")
            }
        default: throw .unknownKey(key)
        }
    }

    private mutating func setEnvelope(_ key: String, _ text: SettingText) throws(LinkDescriptionError) {
        var octets = (header: 0, trailer: 0)
        if case .octets(let header, let trailer) = envelope { octets = (header, trailer) }
        switch key {
        case "header": octets.header = try text.integer()
        case "trailer": octets.trailer = try text.integer()
        default: throw .unknownKey(text.key)
        }
        envelope = .octets(header: octets.header, trailer: octets.trailer)
    }

    private mutating func setConvolutional(_ key: String, _ text: SettingText) throws(LinkDescriptionError) {
        var code = convolutional ?? Convolutional()
        switch key {
        case "rate":
            code.rate = text.value
            code.invertC2 = text.value == "1/2"
        case "swap": code.swap = try text.boolean()
        case "invertC2": code.invertC2 = try text.boolean()
        default: throw .unknownKey(text.key)
        }
        convolutional = code
    }

    private mutating func setMarker(_ key: String, _ text: SettingText) throws(LinkDescriptionError) {
        switch key {
        case "pattern": try marker.setPattern(text.value)
        case "searchTolerance": marker.searchTolerance = try text.integer()
        case "lockTolerance": marker.lockTolerance = try text.integer()
        case "verify": marker.verify = try text.integer()
        case "flywheel": marker.flywheel = try text.integer()
        case "slipWindow": marker.slipWindow = try text.integer()
        case "inverted": marker.inverted = try text.boolean()
        case "recovery": marker.recovery = try text.name()
        default: throw .unknownKey(text.key)
        }
    }

    private mutating func setBlock(_ key: String, _ text: SettingText) throws(LinkDescriptionError) {
        if key == "code" {
            switch text.value {
            case "rs": block = .reedSolomon(ReedSolomonBlock())
            case "ldpc": block = .lowDensityParityCheck(family: "ar4ja", rate: "1/2", informationBits: 1024)
            case "turbo": block = .turbo(rate: "1/2", informationBits: 1784)
            case "none": block = .none(length: nil)
            default: throw text.refusal("rs, ldpc, turbo or none")
            }
            return
        }
        switch (block, key) {
        case (.reedSolomon(var code), _):
            switch key {
            case "errors": code.errors = try text.integer()
            case "interleave": code.interleave = try text.integer()
            case "basis": code.basis = try text.name()
            case "virtualFill": code.virtualFill = try text.integer()
            default: throw .unknownKey(text.key)
            }
            block = .reedSolomon(code)
        case (.lowDensityParityCheck(_, let rate, let bits), "family"):
            block = .lowDensityParityCheck(family: text.value, rate: rate, informationBits: bits)
        case (.lowDensityParityCheck(let family, _, let bits), "rate"):
            block = .lowDensityParityCheck(family: family, rate: text.value, informationBits: bits)
        case (.lowDensityParityCheck(let family, let rate, _), "informationBits"):
            block = .lowDensityParityCheck(family: family, rate: rate, informationBits: try text.integer())
        case (.turbo(_, let bits), "rate"): block = .turbo(rate: text.value, informationBits: bits)
        case (.turbo(let rate, _), "informationBits"): block = .turbo(rate: rate, informationBits: try text.integer())
        case (.none, "length"): block = .none(length: try text.integer())
        default: throw .unknownKey(text.key)
        }
    }

    private mutating func setFrame(_ key: String, _ text: SettingText) throws(LinkDescriptionError) {
        switch key {
        case "type": frame.type = try text.name()
        case "length": frame.length = try text.integer()
        case "truncatedLength": frame.truncatedLength = try text.integer()
        case "countLength": frame.countLength = try text.integer()
        case "fecfBits": frame.fecfBits = try text.integer()
        case "fecf": frame.fecf = try text.boolean()
        case "fhec": frame.fhec = try text.boolean()
        case "insertZone": frame.insertZone = try text.integer()
        case "ocf": frame.ocf = try text.boolean()
        case "secondaryHeader": frame.secondaryHeader = try text.integer()
        case "spacecraft": frame.spacecraft = try text.list()
        default: throw .unknownKey(text.key)
        }
    }
}

/// The text of one setting, and what it may mean.
private struct SettingText {
    let key: String
    let value: String

    func refusal(_ expected: String) -> LinkDescriptionError {
        .invalidValue(key: key, value: value, expected: expected)
    }

    func integer() throws(LinkDescriptionError) -> Int {
        guard let number = Int(value) else { throw refusal("a whole number") }
        return number
    }

    func boolean() throws(LinkDescriptionError) -> Bool {
        guard let flag = Bool(value) else { throw refusal("true or false") }
        return flag
    }

    func list() throws(LinkDescriptionError) -> [Int]? {
        if value == "all" { return nil }
        let numbers = value.split(separator: ",").map { Int($0) }
        guard !numbers.isEmpty, !numbers.contains(nil) else { throw refusal("all, or numbers with commas between") }
        return numbers.compactMap { $0 }
    }

    func name<Value: RawRepresentable>() throws(LinkDescriptionError) -> Value where Value.RawValue == String {
        guard let named = Value(rawValue: value) else { throw refusal("one of the names of this key") }
        return named
    }
}
