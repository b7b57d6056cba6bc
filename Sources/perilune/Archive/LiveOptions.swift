import ArgumentParser
import TelemetryArchive
import TelemetryPipeline

/// How an archive grows.
struct LiveOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Octets of a chunk: larger packs better, smaller is found faster.", valueName: "octets"))
    var chunk = 1 << 20

    @Flag(help: "Keep everything readable by zcat, about two to four times the size.")
    var raw = false

    @Option(help: "What an acknowledged unit survives: durable (a loss of power), relaxed (our end) or none.")
    var durability = ArchiveDurability.durable

    @Option(help: ArgumentHelp("How long units wait to be acknowledged together.", valueName: "milliseconds"))
    var commitInterval = 20

    @Option(help: ArgumentHelp("How long units gather at most before they are packed.", valueName: "seconds"))
    var sealAfter = 600

    @Option(help: ArgumentHelp("Begin another part, NAME.0001.plar, after so many octets.", valueName: "octets"))
    var rotateSize: Int64?

    @Option(help: ArgumentHelp("Begin another part after so long.", valueName: "seconds"))
    var rotateEvery: Int?

    @Flag(inversion: .prefixedNo, help: "Note when units from a live pipe were received, by this computer's clock.")
    var receptionTime = true

    func validate() throws {
        guard (4096...(8 << 20)).contains(chunk) else {
            throw ValidationError("--chunk \(chunk): a chunk has 4096 to 8388608 octets")
        }
        guard (0...60_000).contains(commitInterval) else {
            throw ValidationError("--commit-interval \(commitInterval): units wait 0 to 60000 milliseconds")
        }
        guard (1...604_800).contains(sealAfter) else {
            throw ValidationError("--seal-after \(sealAfter): units gather 1 to 604800 seconds")
        }
        if let rotateSize, rotateSize < 65_536 {
            throw ValidationError("--rotate-size \(rotateSize): a part has at least 65536 octets")
        }
        if let rotateEvery, !(1...31_622_400).contains(rotateEvery) {
            throw ValidationError("--rotate-every \(rotateEvery): a part lasts 1 to 31622400 seconds")
        }
    }

    /// Whether the archive is wanted in parts, which only one that grows has.
    var isRotating: Bool { rotateSize != nil || rotateEvery != nil }

    /// Tells a job.
    func apply(to job: inout ArchiveJob) {
        job.settings = ArchiveSettings(chunkSize: chunk)
        if raw { job.settings.form = .raw }
        job.live.durability = durability
        job.live.commitInterval = Int64(commitInterval) * 1_000_000
        job.live.chunkAge = Int64(sealAfter) * 1_000_000_000
        job.live.rotationSize = rotateSize
        job.live.rotationInterval = rotateEvery.map { Int64($0) * 1_000_000_000 }
        job.growsInPlace = isRotating
        job.stampsReception = receptionTime
    }
}
