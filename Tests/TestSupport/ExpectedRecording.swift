import Foundation

/// What independent extractors found in a recording of transfer frames (`expected.json`).
public struct ExpectedRecording: Decodable, Sendable {
    /// The frame error control field.
    public struct Check: Decodable, Sendable {
        /// Whether frames have one.
        public let present: Bool
        /// The frames that fail it, counted from 0.
        public let badIndices: [Int]?
    }

    /// What a virtual channel carried.
    public struct Channel: Decodable, Sendable {
        /// Its frames.
        public let frames: Int
        /// The frame count of its first frame.
        public let firstCount: Int
        /// The frame count of its last frame.
        public let lastCount: Int
        /// Jumps of the frame count.
        public let gaps: Int
        /// Frames lost in them.
        public let missing: Int
        /// Its packets.
        public let packets: Int
        /// Their octets.
        public let packetBytes: Int
        /// The digest of its packets, one behind the other.
        public let packetsSha256: String
        /// Packets by APID.
        public let apids: [String: Application]
    }

    /// The packets of an APID.
    public struct Application: Decodable, Sendable {
        /// How many.
        public let count: Int
        /// Their octets.
        public let bytes: Int
        /// The sequence count of the first.
        public let firstSeq: Int
        /// The sequence count of the last.
        public let lastSeq: Int
        /// Jumps of the sequence count.
        public let seqGaps: Int
        /// Packets lost in them.
        public let seqMissing: Int
    }

    /// The octets of the file.
    public let bytes: Int
    /// The octets of a frame.
    public let frameLength: Int
    /// The octets of its insert zone.
    public let insertZone: Int
    /// All frames, good or not.
    public let frames: Int
    /// The frame error control field.
    public let fecf: Check
    /// Frames by spacecraft and virtual channel, as in `91/1`.
    public let byScidVcid: [String: Int]
    /// Frames by version number, as sent: 1 for AOS.
    public let tfvn: [String: Int]
    /// The channels by virtual channel.
    public let virtualChannels: [String: Channel]

    /// The spacecraft of a virtual channel.
    ///
    /// - Parameter channel: A key of ``virtualChannels``.
    /// - Returns: Its identifier; -1 if the channel is not there.
    public func spacecraft(of channel: String) -> Int {
        let owner = byScidVcid.keys.first { $0.hasSuffix("/\(channel)") }
        return owner.flatMap { Int($0.prefix { $0 != "/" }) } ?? -1
    }

    /// The recordings of transfer frames.
    public static let names = [
        "change5_2020-11-28.u8", "hakuto-r_20221211_224843Z.u8", "lunar-flashlight_20221212_170854Z_1.u8",
        "lunar-flashlight_20221212_170854Z_2.u8", "mars2020_10kbps.u8",
    ]

    /// The sync-marked, randomised and Reed-Solomon coded recording.
    public static let blocks = "snpp_synchronized_cadus.dat"

    /// The recording of space packets.
    public static let packets = "J01_G011_LZ_2021-04-09T00-00-00Z_V01.DAT1"

    /// The dictionary of ``packets``.
    public static let dictionary = "jpss1_geolocation_xtce_v1.xml"

    /// Where a file of the recordings is.
    public static func path(_ name: String) -> String { Fixtures.recordings.appending(path: name).path }

    /// What is expected of a recording.
    ///
    /// - Parameter name: One of ``names``.
    /// - Returns: The expectation.
    /// - Throws: What reading the file throws.
    public static func of(_ name: String) throws -> ExpectedRecording {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let all = try decoder.decode(
            [String: ExpectedRecording].self,
            from: Data(contentsOf: Fixtures.recordings.appending(path: "expected.json"))
        )
        guard let one = all[name] else { throw CocoaError(.fileNoSuchFile) }
        return one
    }
}
