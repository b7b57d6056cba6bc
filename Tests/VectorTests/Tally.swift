import Synchronization
import TestSupport

/// Counts the vectors of each kind, and prints how many passed when the last one was examined.
final class Tally: Sendable {
    private struct Count {
        var passed = 0
        var examined = 0
    }

    static let shared = Tally()

    private let counts = Mutex<[String: Count]>([:])
    private let remarks = Mutex<[String]>([])
    private let expected: [String: Int]

    private init() {
        let kinds = (try? Fixtures.allVectors().map(\.kind)) ?? []
        expected = kinds.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// Enters one vector, and what a reader should know of it although it is no fault.
    func count(_ vector: Vector, isPassed: Bool, remarks found: [String]) {
        let kind = vector.kind
        remarks.withLock { $0 += found.map { "  \(vector.id): \($0)" } }
        counts.withLock { counts in
            counts[kind, default: Count()].examined += 1
            if isPassed { counts[kind, default: Count()].passed += 1 }
            guard expected.allSatisfy({ counts[$0.key]?.examined ?? 0 >= $0.value }) else { return }
            let lines = expected.sorted { $0.key < $1.key }.map { kind, number in
                "  \(kind): \(counts[kind]?.passed ?? 0) of \(number)"
            }
            let passed = counts.values.reduce(0) { $0 + $1.passed }
            let all = expected.values.reduce(0, +)
            print(
                (["Vectors passed, by kind:"] + lines + ["  all: \(passed) of \(all)"]
                    + remarks.withLock { $0.sorted() }).joined(separator: "\n")
            )
        }
    }
}
