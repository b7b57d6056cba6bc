import Foundation

/// A general compressor from Debian, by which the archive is measured.
struct Compressor {
    /// With its options, as in a table.
    let name: String
    /// Packs standard input to standard output.
    let pack: String
    /// Unpacks standard input to standard output.
    let unpack: String
    /// What the names of its files end in.
    let ending: String
    /// Whether it packs so slowly that a large input is packed once only.
    var isSlow = false

    /// The program alone.
    var program: String { String(pack.prefix { $0 != " " }) }

    static let gzip6 = Compressor(name: "gzip -6", pack: "gzip -6 -c", unpack: "gzip -dc", ending: "6.gz")
    static let gzip9 = Compressor(name: "gzip -9", pack: "gzip -9 -c", unpack: "gzip -dc", ending: "9.gz")
    static let pigz6 = Compressor(name: "pigz -6, all cores", pack: "pigz -6 -c", unpack: "pigz -dc", ending: "6.pigz")
    static let pigz9 = Compressor(
        name: "pigz -9 -p 2",
        pack: "pigz -9 -p 2 -c",
        unpack: "pigz -p 2 -dc",
        ending: "9.pigz"
    )
    static let bgzip = Compressor(name: "bgzip", pack: "bgzip -c", unpack: "bgzip -dc", ending: "bgz")
    static let zstd19 = Compressor(
        name: "zstd -19",
        pack: "zstd -q -19 -T1 -c",
        unpack: "zstd -q -dc",
        ending: "zst",
        isSlow: true
    )
    static let xz9e = Compressor(
        name: "xz -9e",
        pack: "xz -9e -T1 -c",
        unpack: "xz -T1 -dc",
        ending: "xz",
        isSlow: true
    )
}

/// What it took to pack a file, and to unpack it again to the same octets.
struct RoundTrip {
    /// The packed file.
    let packed: String
    /// Its octets.
    let size: Int
    let write: Timing
    let read: Timing
    /// Greatest resident size in octets.
    let writePeak: Double
    let readPeak: Double

    /// Packs and unpacks by a compressor.
    init(_ bench: Bench, _ file: String, by tool: Compressor, writings: Int = 3, readings: Int = 3) throws {
        let packed = "\(file).\(tool.ending)"
        try self.init(
            bench,
            file,
            packed: packed,
            write: "\(tool.pack) < '\(file)' > '\(packed)'",
            read: "\(tool.unpack) < '\(packed)' > '\(file).back'",
            repetitions: (writings, readings)
        )
    }

    /// Packs and unpacks by `perilune archive`.
    static func archive(
        _ bench: Bench,
        _ file: String,
        options: String,
        jobs: Int = 1,
        writings: Int = 3,
        readings: Int = 3
    ) throws -> RoundTrip {
        let packed = "\(file).\(jobs == 1 ? "" : "\(jobs).")plar"
        let command = "'\(bench.command)' archive"
        return try RoundTrip(
            bench,
            file,
            packed: packed,
            write: "\(command) create '\(file)' \(options) -o '\(packed)' --force --quiet --jobs \(jobs)",
            read: "\(command) extract '\(packed)' -o '\(file).back' --force --quiet --jobs \(jobs)",
            repetitions: (writings, readings)
        )
    }

    private init(
        _ bench: Bench,
        _ file: String,
        packed: String,
        write: String,
        read: String,
        repetitions: (writings: Int, readings: Int)
    ) throws {
        self.packed = packed
        (self.write, writePeak) = try bench.measure(write, repetitions: repetitions.writings)
        (self.read, readPeak) = try bench.measure(read, repetitions: repetitions.readings)
        let isEqual = try [UInt8](file: file + ".back") == [UInt8](file: file)
        try bench.require(isEqual, "\(packed) gives other octets back")
        size = try [UInt8](file: packed).count
    }
}
