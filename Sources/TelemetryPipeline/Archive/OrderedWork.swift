package import TelemetryArchive

/// Work that tasks do ahead of the one that takes its results, in the order of its items.
///
/// So whatever that one does is as if it had done the work itself, errors too: an item's error is thrown when its turn
/// comes, and what failed while looking for more items after all items before.
package enum OrderedWork {
    private struct Done<Output: Sendable>: Sendable {
        let number: Int
        let result: Result<Output, any Error>
    }

    /// Does all work.
    ///
    /// - Parameters:
    ///   - jobs: How many tasks work at a time, at least 2; one item more than these is under way at most.
    ///   - next: The next item, `nil` at the end.
    ///   - work: What is done with an item, on any task.
    ///   - take: Takes each result and says whether more is wanted; if not, what is under way is dropped.
    /// - Throws: What `next`, `work` and `take` throw.
    package static func run<Item: Sendable, Output: Sendable>(
        jobs: Int,
        next: () throws -> Item?,
        work: @escaping @Sendable (Item) throws -> Output,
        take: (Output) throws -> ArchiveStep
    ) async throws {
        try await withThrowingTaskGroup(of: Done<Output>.self) { group in
            var done: [Int: Result<Output, any Error>] = [:]
            var submitted = 0
            var taken = 0
            var end: Result<Void, any Error>?
            while true {
                while end == nil, submitted - taken <= jobs {
                    let item: Item?
                    do { item = try next() } catch {
                        end = .failure(error)
                        break
                    }
                    guard let item else {
                        end = .success(())
                        break
                    }
                    let number = submitted
                    submitted += 1
                    group.addTask {
                        Done(
                            number: number,
                            result: Result {
                                try Task.checkCancellation()
                                return try work(item)
                            }
                        )
                    }
                }
                guard taken < submitted else { break }
                guard let result = done.removeValue(forKey: taken) else {
                    if let next = try await group.next() { done[next.number] = next.result }
                    continue
                }
                taken += 1
                guard try take(result.get()) == .next else {
                    group.cancelAll()
                    return
                }
            }
            try end?.get()
        }
    }
}
