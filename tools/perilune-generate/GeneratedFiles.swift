import FoundationEssentials
import LanderSimulator
import LinkIO

/// The files of one pass, all of which appear or none.
struct GeneratedFiles: ~Copyable {
    private var output: OctetOutput
    private var truth: OctetOutput?
    private var table: OctetOutput?

    /// Opens the files under temporary names, so that a folder that cannot be written is found before the flight.
    init(output: String, truth: String?, table: String?, replacing: Bool) throws(IOFailure) {
        let first = try OctetOutput(path: output, replacing: replacing)
        let second = try Self.open(truth, replacing: replacing)
        let third = try Self.open(table, replacing: replacing)
        self.output = first
        self.truth = second
        self.table = third
    }

    private static func open(_ path: String?, replacing: Bool) throws(IOFailure) -> OctetOutput? {
        guard let path else { return nil }
        return try OctetOutput(path: path, replacing: replacing)
    }

    /// Flies a pass and writes all of it.
    consuming func write(_ pass: LanderPass) throws -> GeneratedPass {
        var output = output
        var table = table.take()
        var hasHeader = false
        let clock = ContinuousClock()
        let begin = clock.now
        let result = try pass.run(
            output: { (octets: Span<UInt8>) throws(IOFailure) in try output.write(octets) },
            samples: { (sample: PassSample) throws(IOFailure) in
                guard table != nil else { return }
                if !hasHeader { try table?.write(SampleTable.header(sample)) }
                hasHeader = true
                try table?.write(SampleTable.row(sample))
            }
        )
        let octets = output.octets
        if var file = truth.take() {
            let text = try result.json()
            try file.write(text.span)
            try file.commit()
        }
        if let file = table.take() { try file.commit() }
        try output.commit()
        return GeneratedPass(truth: result, octets: octets, seconds: begin.duration(to: clock.now))
    }
}
