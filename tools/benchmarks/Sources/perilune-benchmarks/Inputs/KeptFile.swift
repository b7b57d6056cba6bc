import Foundation

/// A file of frames or packets that the archive and its peers keep: the same octets for all.
struct KeptFile {
    /// Where it comes from.
    enum Group: String, CaseIterable, Codable {
        case recordings
        case generated
        case stream
    }

    let group: Group
    let name: String
    /// How it was made.
    let about: String
    let path: String
    let octets: Int
    /// What `perilune archive create` is to be told of it.
    let options: String

    private init(_ group: Group, _ name: String, about: String, path: String, options: String) throws {
        self.group = group
        self.name = name
        self.about = about
        self.path = path
        self.options = options
        octets = try [UInt8](file: path).count
    }

    // MARK: Generated

    /// Flies a scenario of the Luna-25 lander and keeps its packets.
    init(_ group: Group, _ bench: Bench, flight: Flight, scenario: String, seed: UInt64) throws {
        let name = group == .stream ? "\(scenario), long" : scenario
        let path = bench.path("\(group)-\(scenario).packets")
        try flight.packets.write(to: path)
        let about = "luna-25 \(scenario), seed \(seed), \(Int(flight.duration)) s, \(flight.bounds.count - 1) packets"
        try self.init(group, name, about: about, path: path, options: "--input packets --mission luna-25")
    }

    /// Three passes of different fates.
    static func generated(_ bench: Bench) throws -> [KeptFile] {
        let passes: [(String, UInt64)] = [("nominal", 11), ("spin-out", 12), ("burn-overrun", 13)]
        return try passes.map { scenario, seed in
            let flight = try Flight(scenario: scenario, seed: seed, duration: 9000, keepsSamples: false)
            return try KeptFile(.generated, bench, flight: flight, scenario: scenario, seed: seed)
        }
    }

    // MARK: Recordings

    private static let recordings = [
        ("change5_2020-11-28.u8", "change-5"), ("hakuto-r_20221211_224843Z.u8", "hakuto-r"),
        ("lunar-flashlight_20221212_170854Z_1.u8", "lunar-flashlight"),
        ("lunar-flashlight_20221212_170854Z_2.u8", "lunar-flashlight"), ("mars2020_10kbps.u8", "mars-2020"),
        ("snpp_synchronized_cadus.dat", "s-npp"),
    ]
    private static let packetFile = "J01_G011_LZ_2021-04-09T00-00-00Z_V01.DAT1"

    /// Real telemetry: the frames that were accepted, and one file of packets.
    static func recordings(_ bench: Bench, folder: String) throws -> [KeptFile] {
        var files: [KeptFile] = []
        for (name, link) in recordings {
            // Frames first, so that all keep the same octets.
            let frames = bench.path(name + ".frames")
            let read = "'\(folder)/\(name)' --link \(link)"
            try bench.run("'\(bench.command)' decode \(read) --to frames -o '\(frames)' --quiet")
            let linkFile = bench.path(name + ".json")
            let override = link == "s-npp" ? "--set input=frames --set frame.length=892" : ""
            try bench.run("'\(bench.command)' inspect \(read) \(override) --print-link > '\(linkFile)'")
            let options = "--link '\(linkFile)'"
            files.append(try KeptFile(.recordings, name, about: "frames, \(link)", path: frames, options: options))
        }
        let packets = bench.path(packetFile)
        try [UInt8](file: "\(folder)/\(packetFile)").write(to: packets)
        let options = "--input packets"
        files.append(try KeptFile(.recordings, packetFile, about: "packets", path: packets, options: options))
        return files
    }
}
