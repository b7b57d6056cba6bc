extension ArchiveTable {
    /// As people read it.
    var lines: [String] {
        var lines = [machine.words, "load \(Table.number(machine.load)) at the start; MB are 10^6 octets"]
        if machine.load > 1 { lines.append("others use this machine: figures by the wall clock are too low") }
        lines.append("tools: " + tools.joined(separator: "; "))
        lines += ["", "Sizes in octets"] + sizeLines
        if !speeds.isEmpty { lines += ["", "Speeds in MB/s of the long stream, the best of the runs"] + speedLines }
        if !queries.isEmpty { lines += ["", "Packets of one APID over 1 s at a random time, ms"] + queryLines }
        return lines + notes.map { "note: \($0)" }
    }

    private var sizeLines: [String] {
        var rows = [["input", "octets"] + Self.columns + ["archive/xz", "archive/gzip"]]
        for input in sizes {
            let packed = Self.columns.map { input.packed[$0].map(String.init) ?? "–" }
            let ratios = [Compressor.xz9e, .gzip9].map { Table.number(input.ratio(to: $0.name)) }
            rows.append([input.name, "\(input.octets)"] + packed + ratios)
        }
        for mean in means {
            let empty = Array(repeating: "", count: Self.columns.count + 1)
            let name = "geometric mean, \(mean.name) (\(mean.inputs))"
            rows.append([name] + empty + [Table.number(mean.toXZ), Table.number(mean.toGzip)])
        }
        var lines = Table.aligned(rows, numeric: Set(1..<rows[0].count))
        let larger = largerThanGzip.isEmpty ? "none" : largerThanGzip.joined(separator: ", ")
        lines.append("larger than gzip -9: \(larger)")
        lines.append("goals: archive/xz ≤ 0.45 over all, ≤ 0.75 for the long stream, none larger than gzip -9")
        return lines + sizes.map { "\($0.name): \($0.about)" }
    }

    private var speedLines: [String] {
        var rows = [
            [
                "way", "octets", "write, wall", "processor", "read, wall", "processor", "memory writing, MB",
                "reading, MB", "runs",
            ]
        ]
        for speed in speeds {
            let rates = [speed.writeWall, speed.writeProcessor, speed.readWall, speed.readProcessor]
            let memory = [speed.writePeak / 1e6, speed.readPeak / 1e6]
            rows.append(
                [speed.name, "\(speed.size)"] + (rates + memory).map { Table.number($0) }
                    + ["\(speed.writings) + \(speed.readings)"]
            )
        }
        return Table.aligned(rows, numeric: Set(1...7)) + [
            "processor: the stream's size by user and system time of all threads; every way gives all octets back",
            "goals: write ≥ 60 by one, ≥ 110 by two; read ≥ 200 and ≥ 380; memory ≤ 67 writing",
        ]
    }

    private var queryLines: [String] {
        var rows = [
            [
                "what", "queries", "packets", "p50, wall", "p90", "p99", "p50, processor", "p90", "p99", "memory, MB",
                "opening, ms",
            ]
        ]
        for query in queries {
            let cells = query.wall.cells + query.processor.cells
            let tail = [query.peak / 1e6, query.opening].map { Table.number($0) }
            rows.append([query.about, "\(query.queries)", "\(query.packets)"] + cells + tail)
        }
        return Table.aligned(rows, numeric: Set(1...10)) + [
            "one process, file open and warm; every answer equals that of a filter over the whole stream, octet for octet",
            "goals: p50 ≤ 1, p99 ≤ 4, memory ≤ 34",
        ]
    }
}
