import ChannelCoding
import TestSupport
import Testing

@Suite struct FrameSyncVectorTests {
    @Test(arguments: try Fixtures.vectors("frame_sync")) func flywheelAgreesWithVector(_ vector: Vector) throws {
        let octets = try #require(vector.octets("bits"))
        let bits = try #require(vector.int("nbits"))
        var synchronizer = try FrameSynchronizer(vector.synchronizerSettings())
        var frames: [(codeblock: FrameSynchronizer.Codeblock, data: String)] = []
        synchronizer.push(octets.span) { frames.append(($0, Hex.text($1.copy))) }
        synchronizer.finish { frames.append(($0, Hex.text($1.copy))) }
        let expected = try #require(vector.expected["frames"] as? [[String: Any]])
        // The padding of the last octet holds no whole frame, so it changes nothing.
        #expect(octets.count == (bits + 7) / 8)
        #expect(frames.map { Int($0.codeblock.bitOffset) } == expected.compactMap { $0["offset"] as? Int })
        #expect(frames.map(\.codeblock.isInverted) == expected.compactMap { $0["inverted"] as? Bool })
        #expect(frames.map { statusText($0.codeblock.status) } == expected.compactMap { $0["status"] as? String })
        #expect(frames.map(\.data) == expected.compactMap { $0["data"] as? String })
        for (frame, expected) in zip(frames, expected) {
            guard let errors = expected["asm_errors"] as? Int else { continue }
            #expect(frame.codeblock.markerErrors == errors)
        }
    }

    private func statusText(_ status: FrameSynchronizer.Codeblock.Status) -> String {
        switch status {
        case .ok: "ok"
        case .flywheel: "flywheel"
        case .slip(let bits): bits > 0 ? "slip+\(bits)" : "slip\(bits)"
        }
    }
}

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
