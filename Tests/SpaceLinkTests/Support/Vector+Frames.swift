import SpaceLink
import TestSupport
import Testing

extension Vector {
    /// The link that a stream of frames comes by.
    func frameLink() -> LinkDescription {
        var link = LinkDescription()
        link.input = .frames
        link.frame.type = kind == "tm_stream" ? .tm : .aos
        link.frame.length = int("frame_length")
        link.frame.fecf = flag("fecf")
        link.frame.fhec = flag("fhec")
        link.frame.ocf = flag("ocf")
        link.frame.insertZone = int("insert_zone_octets") ?? 0
        link.frame.secondaryHeader = int("secondary_header_octets") ?? 0
        return link
    }

    /// The frames of a stream, back to back.
    func frameOctets() throws -> [UInt8] {
        try #require(inputs["frames"] as? [String]).flatMap { Hex.octets($0) }
    }
}
