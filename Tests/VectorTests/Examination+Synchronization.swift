import ChannelCoding
import TestSupport

/// The synchroniser, by the rules of the reference.
extension Examination {
    private func synchronizerSettings() throws -> FrameSynchronizer.Settings {
        let parameters = try unwrap(vector.inputs["parameters"] as? [String: Any], "parameters")
        func value<Value>(_ key: String) throws -> Value { try unwrap(parameters[key] as? Value, key) }
        let marker = try octets("asm")
        return FrameSynchronizer.Settings(
            marker: marker,
            codeblockLength: try int("frame_octets_with_asm") - marker.count,
            searchTolerance: try value("search_tolerance"),
            lockTolerance: try value("lock_tolerance"),
            verify: try value("verify"),
            flywheel: try value("flywheel"),
            slipWindow: try value("slip_window"),
            inverted: try value("allow_inverted"),
            recovery: .flywheel
        )
    }

    func frameSynchronization() throws {
        let stream = try octets("bits")
        // The padding of the last octet holds no whole frame, so it changes nothing.
        equal(stream.count, (try int("nbits") + 7) / 8, "the octets of the stream")
        let found = try codeblocks(of: stream)
        try isTheSameHoweverCut(stream.count, "what the synchroniser finds") { pieces in
            try codeblocks(of: stream, pieces: pieces).map { "\($0)" }
        }
        let wanted: [[String: Any]] = try expected("frames")
        implied("true_marker_offsets")
        equal(found.count, wanted.count, "the number of frames")
        for (index, (frame, wanted)) in zip(found, wanted).enumerated() {
            equal(Int(frame.codeblock.bitOffset), wanted["offset"] as? Int ?? -1, "the offset of frame \(index)")
            equal(frame.codeblock.isInverted, wanted["inverted"] as? Bool, "the polarity of frame \(index)")
            equal(status(frame.codeblock.status), wanted["status"] as? String, "the status of frame \(index)")
            equal(Hex.text(frame.data), wanted["data"] as? String, "frame \(index)")
            guard let errors = wanted["asm_errors"] as? Int else { continue }
            equal(frame.codeblock.markerErrors, errors, "the errors in marker \(index)")
        }
    }

    private func codeblocks(
        of stream: [UInt8],
        pieces: [Range<Int>]? = nil
    ) throws -> [(codeblock: FrameSynchronizer.Codeblock, data: [UInt8])] {
        var synchronizer = try FrameSynchronizer(synchronizerSettings())
        var found: [(codeblock: FrameSynchronizer.Codeblock, data: [UInt8])] = []
        for piece in pieces ?? [stream.indices] {
            synchronizer.push(stream.span.extracting(piece)) { found.append(($0, $1.array)) }
        }
        synchronizer.finish { found.append(($0, $1.array)) }
        return found
    }

    private func status(_ status: FrameSynchronizer.Codeblock.Status) -> String {
        switch status {
        case .ok: "ok"
        case .flywheel: "flywheel"
        case .slip(let bits): bits > 0 ? "slip+\(bits)" : "slip\(bits)"
        }
    }
}
