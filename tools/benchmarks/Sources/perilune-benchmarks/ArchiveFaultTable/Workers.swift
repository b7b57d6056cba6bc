import ArchiveFaults
import Dispatch
import Foundation
import Synchronization

/// Threads that try faults side by side.
struct Workers: Sendable {
    /// One for each core.
    static let cores = Workers(count: ProcessInfo.processInfo.activeProcessorCount)

    /// How many there are.
    let count: Int

    /// What is left to try, and what was found so far.
    private final class Work: Sendable {
        let next = Atomic(0)
        let total = Mutex(FaultTally())
    }

    /// Tries things that are numbered from 0 on.
    ///
    /// - Parameters:
    ///   - things: How many.
    ///   - piece: How many of them a worker takes at a time.
    ///   - judge: Tries one: its number, the worker's, and where it is counted.
    /// - Returns: What they came to.
    func tally(
        _ things: Int,
        piece: Int = 64,
        _ judge: @escaping @Sendable (Int, Int, inout FaultTally) -> Void
    ) -> FaultTally {
        let work = Work()
        let group = DispatchGroup()
        for worker in 0..<count {
            group.enter()
            Thread {
                while true {
                    let start = work.next.add(piece, ordering: .relaxed).oldValue
                    guard start < things else { break }
                    var tally = FaultTally()
                    for number in start..<min(start + piece, things) { judge(number, worker, &tally) }
                    work.total.withLock { $0.add(tally) }
                }
                group.leave()
            }.start()
        }
        group.wait()
        return work.total.withLock { $0 }
    }
}
