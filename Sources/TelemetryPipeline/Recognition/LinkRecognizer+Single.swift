import ChannelCoding
import SpaceLink

/// Recordings in which nothing repeats: one CADU, one codeblock, one frame; and codeblocks without markers.
///
/// What cannot come right by chance decides: Reed-Solomon syndromes that are all zero, a frame check that holds. Where two
/// descriptions fit, none is given.
extension LinkRecognizer {
    /// A recording that starts with its only marker.
    func recognizeSingleCADU() -> Recognition? {
        let marker = SyncMarker.standard
        guard isWhole, octets.count > marker.count + 16, octets.count <= 4096 else { return nil }
        let isInverted = octets.prefix(marker.count).elementsEqual(marker.map { ~$0 })
        guard isInverted || octets.prefix(marker.count).elementsEqual(marker) else { return nil }
        let codeblock = octets.dropFirst(marker.count).map { isInverted ? ~$0 : $0 }
        return only(
            among: codes(of: [codeblock]).map { candidate in
                var candidate = candidate
                // No second marker can confirm the first.
                candidate.link.marker.verify = 0
                candidate.words = "one sync marker, \(candidate.words)"
                return candidate
            }
        )
    }

    /// Codeblocks one behind the other, or one.
    func recognizeCodeblocks() -> Recognition? {
        guard let size = isWhole ? octets.count : size.map({ Int(clamping: $0) }) else { return nil }
        var found: [Candidate] = []
        for length in Self.codeblockLengths where size.isMultiple(of: length) && octets.count >= length {
            let count = min(4, octets.count / length)
            let samples = (0..<count).map { Array(octets[$0 * length..<($0 + 1) * length]) }
            // A constant is a codeword of every code.
            guard samples.allSatisfy({ Set($0).count >= 16 }) else { continue }
            found += codes(of: samples).filter { $0.score == 2 * samples.count }.map { candidate in
                var candidate = candidate
                candidate.link.input = .codeblocks
                candidate.words = "codeblocks of \(length) octets, \(candidate.words)"
                return candidate
            }
        }
        // The randomiser's sequence is a codeword itself: several may hold, and frames decide.
        return only(among: found)
    }

    /// Codeblocks of all interleavings without fill, and of those that links of 2048 and 8192 bits have.
    private static let codeblockLengths: [Int] = [1, 2, 3, 4, 5, 8].map { 255 * $0 } + [252]

    /// One frame whose check holds.
    func recognizeSingleFrame() -> Recognition? {
        guard isWhole, (16...4096).contains(octets.count), CRC16.checksum(octets.span) == 0, Set(octets).count > 2
        else {
            return nil
        }
        let type: LinkDescription.Frame.Kind
        switch octets[0] >> 6 {
        case 0: type = .tm
        case 1: type = .aos
        case 3 where octets[0] >> 4 == 12: type = .uslp
        default: return nil
        }
        var link = LinkDescription()
        link.input = .frames
        link.block = .none(length: nil)
        link.frame.type = type
        link.frame.length = octets.count
        link.frame.fecf = true
        let words = "one \(type.rawValue.uppercased()) frame of \(octets.count) octets"
        guard let found = bestFrame(link, types: [type], evidence: words), found.link.frame.fecf else { return nil }
        return carriesPacketsInOneWay(found.link) ? found : nil
    }

    /// The Reed-Solomon codes of which all octets are codewords, or the frame check that holds.
    private func codes(of samples: [[UInt8]]) -> [Candidate] {
        let length = samples[0].count
        return LinkDescription.Randomizer.allCases.flatMap { randomizer in
            let plain = samples.map { derandomized($0, randomizer) }
            guard plain.allSatisfy({ Set($0).count > 2 }) else { return [Candidate]() }
            return (blockCandidates(length: length, randomizer, plain) + uncoded(length: length, randomizer, plain))
                .filter { $0.score > 0 }
        }
    }

    /// The one candidate whose frames make sense, if there is only one.
    private func only(among candidates: [Candidate]) -> Recognition? {
        let best = candidates.map(\.score).max() ?? 0
        let found = candidates.filter { $0.score == best }.compactMap { candidate in
            bestFrame(candidate.link, types: [.aos, .tm], evidence: candidate.words)
        }.filter { carriesPacketsInOneWay($0.link) }
        return found.count == 1 ? found[0] : nil
    }

    /// Whether no other insert zone or control field would give packets too, where there are any.
    private func carriesPacketsInOneWay(_ link: LinkDescription) -> Bool {
        guard link.frame.type == .aos, let best = score(link) else { return score(link) != nil }
        for insertZone in Self.insertZones {
            for ocf in [false, true] where insertZone != link.frame.insertZone || ocf != link.frame.ocf {
                var other = link
                other.frame.insertZone = insertZone
                other.frame.ocf = ocf
                // A control field in place of the last octets of idle fill changes little.
                if let score = score(other), insertZone != link.frame.insertZone, score > best - 0.05, best > 0.1 {
                    return false
                }
            }
        }
        return true
    }
}
