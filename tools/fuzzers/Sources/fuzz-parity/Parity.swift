import ArchiveFaults
import ArchiveForgery
import FuzzSupport
import TelemetryArchive

/// Spoils an archive and forges its parity, mostly with checksums made right again, and heals the one by the other.
@_cdecl("LLVMFuzzerTestOneInput")
public func tryParity(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var choices = unsafe Choices(start, count)
    // Mostly a small one, which takes least time.
    let kind = max(0, choices.number(0...Samples.all.count + 4) - 5)
    let sample = Samples.all[kind]
    var archive = SpoiltOctets(sample.archive.octets)
    var parity = ForgedFile(sample.file.parity)
    let isParitySpoilt = choices.flag()
    while !choices.isEmpty {
        if isParitySpoilt, choices.flag() { parity.forge(&choices) } else { archive.spoil(&choices) }
    }
    let octets = isParitySpoilt ? parity.octets : sample.file.parity
    Explanation.print("sample \(kind), the archive", archive.octets)
    Explanation.print("sample \(kind), the parity", octets)
    ParityTrial(
        sample: sample,
        archive: archive.octets,
        parity: octets,
        isParityWhole: !isParitySpoilt,
        areBlocksRight: parity.areSubfieldsRight
    ).run()
    return 0
}

/// An archive and its parity.
struct ProtectedArchive: Sendable {
    let archive: SampleArchive
    let file: ProtectedFile
}

/// Archives with a page, a few, more than a row, and some rows of pages.
private enum Samples {
    static let all: [ProtectedArchive] = {
        var samples: [ProtectedArchive] = []
        for count in [30_000, 3000, 300_000, 1_150_000] {
            var settings = ArchiveSettings(chunkSize: 20_000)
            settings.form = .raw
            settings.level = 0
            settings.chunksPerIndex = 16
            do {
                let archive = try SampleArchive(.packets, count: count, settings: settings, ending: .sealed)
                samples.append(ProtectedArchive(archive: archive, file: try ProtectedFile(archive.octets)))
            } catch {
                expect(false, "a sample cannot be made: \(error)")
            }
        }
        return samples
    }()
}

/// An archive that is being damaged.
private struct SpoiltOctets {
    private(set) var octets: [UInt8]

    init(_ octets: [UInt8]) { self.octets = octets }

    mutating func spoil(_ choices: inout Choices) {
        guard !octets.isEmpty else {
            octets = choices.octets(1)
            return
        }
        let place = choices.number(0...octets.count - 1)
        switch choices.octet() % 8 {
        case 0: octets.removeLast(octets.count - place)
        case 1: octets += choices.noise(choices.number(1...10_000))
        case 2: fill(place, choices.number(1...300) * 4096, choices.octet())
        case 3: fill(place, choices.number(1...5000), choices.octet())
        case 4: octets.removeSubrange(place..<min(octets.count, place + choices.number(1...5000)))
        case 5: octets.insert(contentsOf: choices.noise(choices.number(1...5000)), at: place)
        default: octets[place] ^= 1 << (choices.octet() & 7)
        }
    }

    private mutating func fill(_ place: Int, _ count: Int, _ octet: UInt8) {
        for index in place..<min(octets.count, place + count) { octets[index] = octet }
    }
}
