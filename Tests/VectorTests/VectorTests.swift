import TestSupport
import Testing

/// Every vector of the vector files, by its id, in each direction that its kind has.
///
/// The files are those that `PERILUNE_VECTORS` names, or the one among the fixtures. Nothing is skipped: an unknown
/// kind fails, and so does an expected value that no examination looked at.
@Suite struct VectorTests {
    @Test func vectorsAreThereAndEachHasAName() throws {
        let vectors = try Fixtures.allVectors()
        #expect(!vectors.isEmpty)
        for vector in vectors { #expect(!vector.id.isEmpty && !vector.kind.isEmpty && !vector.expected.isEmpty) }
    }

    @Test(arguments: try Fixtures.allVectors()) func holds(_ vector: Vector) {
        let findings = Examination.findings(on: vector)
        for fault in findings.faults { Issue.record("\(vector.id) (\(vector.kind)): \(fault)") }
        Tally.shared.count(vector, isPassed: findings.faults.isEmpty, remarks: findings.remarks)
    }
}
