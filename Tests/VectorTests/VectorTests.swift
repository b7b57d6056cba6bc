import TestSupport
import Testing

/// Every vector of the vector files, by its id, in each direction that its kind has.
///
/// The files are those that `PERILUNE_VECTORS` names, or the one among the fixtures. Nothing is skipped: an unknown
/// kind fails, and so does an expected value that no examination looked at.
@Suite struct VectorTests {
    /// The kinds whose codes are not built yet, whose vectors are reported as known issues.
    static let kindsNotBuilt: Set<String> = []

    @Test func vectorsAreThereAndEachHasAName() throws {
        let vectors = try Fixtures.allVectors()
        #expect(!vectors.isEmpty)
        for vector in vectors { #expect(!vector.id.isEmpty && !vector.kind.isEmpty && !vector.expected.isEmpty) }
    }

    @Test(arguments: try Fixtures.allVectors()) func holds(_ vector: Vector) {
        let findings = Examination.findings(on: vector)
        if Self.kindsNotBuilt.contains(vector.kind) {
            withKnownIssue("\(vector.kind) is not built") { report(findings.faults, on: vector) }
        } else {
            report(findings.faults, on: vector)
        }
        Tally.shared.count(vector, isPassed: findings.faults.isEmpty, remarks: findings.remarks)
    }

    private func report(_ faults: [String], on vector: Vector) {
        for fault in faults { Issue.record("\(vector.id) (\(vector.kind)): \(fault)") }
    }
}
