import ChannelCoding

/// The codes that a description names.
extension LinkDescription {
    /// The Reed-Solomon code, or nothing if the block code is another.
    func reedSolomonCode() throws(LinkDescriptionError) -> ReedSolomon.Code? {
        guard case .reedSolomon(let code) = block else { return nil }
        do throws(CodingError) {
            return try ReedSolomon.Code(
                errors: code.errors,
                interleave: code.interleave,
                basis: code.basis,
                virtualFill: code.virtualFill
            )
        } catch {
            throw .impossible(rule: error.description)
        }
    }

    /// The low-density parity-check code, or nothing if the block code is another.
    func parityCheckCode() throws(LinkDescriptionError) -> LowDensityParityCheck.Code? {
        guard case .lowDensityParityCheck(let family, let rate, let informationBits) = block else { return nil }
        do throws(CodingError) {
            return try LowDensityParityCheck.Code(family: family, rate: rate, informationBits: informationBits)
        } catch {
            throw .impossible(rule: error.description)
        }
    }

    /// The Turbo code, or nothing if the block code is another.
    func turboCode() throws(LinkDescriptionError) -> Turbo.Code? {
        guard case .turbo(let rate, let informationBits) = block else { return nil }
        do throws(CodingError) {
            return try Turbo.Code(rate: rate, informationBits: informationBits)
        } catch {
            throw .impossible(rule: error.description)
        }
    }

    /// The bits of a codeblock's last octet that are not sent.
    var unsentBits: Int { 8 * (codeblockLength ?? 0) - (block.codeblockBits ?? 8 * (codeblockLength ?? 0)) }
}

extension LinkDescription.Block {
    /// Whether the code is decoded from soft symbols.
    var isSoft: Bool {
        switch self {
        case .reedSolomon, .none: false
        case .lowDensityParityCheck, .turbo: true
        }
    }

    /// The bits of a codeblock, or nothing if the code does not say or is none of the standard's.
    var codeblockBits: Int? {
        switch self {
        case .reedSolomon(let code): 8 * code.codeblockLength
        case .lowDensityParityCheck(let family, let rate, let informationBits):
            try? LowDensityParityCheck.Code(family: family, rate: rate, informationBits: informationBits).codewordBits
        case .turbo(let rate, let informationBits):
            try? Turbo.Code(rate: rate, informationBits: informationBits).codewordBits
        case .none: nil
        }
    }

    /// The marker that the standard gives to the code.
    fileprivate var markerPattern: [UInt8] {
        switch self {
        case .reedSolomon, .none: return SyncMarker.standard
        case .lowDensityParityCheck(let family, _, _):
            return family == "c2" ? SyncMarker.standard : SyncMarker.turboHalf
        case .turbo(let rate, _):
            switch rate {
            case "1/3": return SyncMarker.turboThird
            case "1/4": return SyncMarker.turboQuarter
            case "1/6": return SyncMarker.turboSixth
            default: return SyncMarker.turboHalf
            }
        }
    }
}

extension LinkDescription.Marker {
    /// Makes the settings for the marker that belongs to a block code.
    ///
    /// Codes of low rate work where a quarter of the hard bits are wrong. Their markers are longer, so they may have
    /// as many errors: random bits match in search once in 200,000 places, and then fail to verify.
    ///
    /// - Parameter block: The block code.
    public init(for block: LinkDescription.Block) {
        pattern = block.markerPattern
        switch pattern.count {
        case 8: (searchTolerance, lockTolerance) = (14, 18)
        case 12: (searchTolerance, lockTolerance) = (26, 31)
        case 16: (searchTolerance, lockTolerance) = (38, 44)
        case 24: (searchTolerance, lockTolerance) = (64, 72)
        default: break
        }
    }

    /// Goes with a change of the block code, where a setting was that of the code before.
    mutating func follow(from old: LinkDescription.Block, to new: LinkDescription.Block) {
        let before = Self(for: old)
        guard pattern == before.pattern else { return }
        let after = Self(for: new)
        pattern = after.pattern
        if searchTolerance == before.searchTolerance { searchTolerance = after.searchTolerance }
        if lockTolerance == before.lockTolerance { lockTolerance = after.lockTolerance }
    }
}
