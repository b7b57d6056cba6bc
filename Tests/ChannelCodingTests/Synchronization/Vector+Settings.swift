import ChannelCoding
import TestSupport
import Testing

extension Vector {
    /// The settings of a synchroniser that a vector asks for.
    func synchronizerSettings() throws -> FrameSynchronizer.Settings {
        let parameters = try #require(inputs["parameters"] as? [String: Any])
        let marker = try #require(octets("asm"))
        return try FrameSynchronizer.Settings(
            marker: marker,
            codeblockLength: #require(int("frame_octets_with_asm")) - marker.count,
            searchTolerance: #require(parameters["search_tolerance"] as? Int),
            lockTolerance: #require(parameters["lock_tolerance"] as? Int),
            verify: #require(parameters["verify"] as? Int),
            flywheel: #require(parameters["flywheel"] as? Int),
            slipWindow: #require(parameters["slip_window"] as? Int),
            inverted: #require(parameters["allow_inverted"] as? Bool),
            recovery: .flywheel
        )
    }
}

extension Span<UInt8> {
    /// The octets as an array.
    var copy: [UInt8] { indices.map { self[$0] } }
}
