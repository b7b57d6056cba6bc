import BenchmarkShim

/// The limits of the machine, which all else is held against.
enum MachineBenchmark {
    private static let octets = 256 << 20

    static func run(_ bench: Bench) throws {
        guard bench_memory_prepare(octets) != 0 else {
            throw BenchmarkFailure.input("no memory for two buffers of 256 MiB")
        }
        defer { bench_memory_release() }
        let expected = bench_memory_read()
        var isEqual = true
        let read = Timing.measure { isEqual = isEqual && bench_memory_read() == expected }
        bench.memoryRead = bench.rate(octets: octets, read)
        try bench.require(isEqual, "sums of memory differ")
        bench.add(
            Figure(
                room: .machine,
                what: "memory read",
                input: "256 MiB, one core",
                value: bench.memoryRead,
                unit: "MB/s",
                proof: "same sum each time",
                spread: read.spread(bench.clock)
            )
        )
        let first = bench_memory_copy()
        let copy = Timing.measure { isEqual = isEqual && bench_memory_copy() == first }
        bench.memoryCopy = bench.rate(octets: octets, copy)
        try bench.require(isEqual, "copies of memory differ")
        bench.add(
            Figure(
                room: .machine,
                what: "memory copy",
                input: "256 MiB, one core",
                value: bench.memoryCopy,
                unit: "MB/s",
                proof: "a word looked at",
                spread: copy.spread(bench.clock)
            )
        )
    }
}
