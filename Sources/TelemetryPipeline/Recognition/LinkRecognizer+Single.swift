import ChannelCoding
import SpaceLink

/// A recording in which nothing repeats: one frame.
///
/// A frame check that holds cannot come right by chance. Where two descriptions fit, none is given.
extension LinkRecognizer {
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
