import Foundation
import SpaceLink
import TestSupport

/// Holds one vector against the library and collects what disagrees.
final class Examination {
    /// Why a vector cannot be examined.
    enum Failure: Error, CustomStringConvertible {
        case unknownKind(String)
        case missing(String)
        case unusable(String)

        var description: String {
            switch self {
            case .unknownKind(let kind): "no examination knows the kind \(kind)"
            case .missing(let key): "\(key) is missing or of another type"
            case .unusable(let what): what
            }
        }
    }

    let vector: Vector
    private(set) var faults: [String] = []
    /// What a reader should know although it is no fault.
    private(set) var remarks: [String] = []
    private var seen: Set<String> = []

    private init(_ vector: Vector) { self.vector = vector }

    /// What disagrees with a vector, nothing if it holds, and what there is to remark.
    static func findings(on vector: Vector) -> (faults: [String], remarks: [String]) {
        let examination = Examination(vector)
        do {
            guard let examine = kinds[vector.kind] else { throw Failure.unknownKind(vector.kind) }
            try examine(examination)
            let unseen = Set(vector.expected.keys).subtracting(examination.seen).sorted()
            if !unseen.isEmpty { examination.fault("expected, but not looked at: \(unseen.joined(separator: ", "))") }
        } catch {
            examination.fault("\(error)")
        }
        return (examination.faults, examination.remarks)
    }

    /// The examination of each kind.
    private static let kinds: [String: @Sendable (Examination) throws -> Void] = [
        "randomizer": { try $0.randomizer() }, "crc16": { try $0.crc16() }, "crc32_uslp": { try $0.crc32() },
        "iso_checksum": { try $0.isoChecksum() }, "rs_encode": { try $0.reedSolomonEncode() },
        "rs_decode": { try $0.reedSolomonDecode() }, "cadu_encode": { try $0.unitEncode() },
        "conv_encode": { try $0.convolutionalEncode() }, "viterbi_decode": { try $0.viterbiDecode() },
        "concatenated_encode": { try $0.concatenatedEncode() }, "ldpc_encode": { try $0.parityCheckEncode() },
        "turbo_encode": { try $0.turboEncode() }, "frame_sync": { try $0.frameSynchronization() },
        "tm_header": { try $0.telemetryHeader() }, "aos_header": { try $0.orbitingHeader() },
        "uslp_header": { try $0.unifiedHeader() }, "clcw": { try $0.controlWord() },
        "fhec_decode": { try $0.headerErrorControl() }, "tm_frame": { try $0.telemetryFrame() },
        "aos_frame": { try $0.orbitingFrame() }, "space_packet": { try $0.spacePacket() },
        "space_packet_length": { try $0.spacePacketLength() }, "pus_tm": { try $0.utilizationPacket() },
        "encapsulation_packet": { try $0.encapsulationPacket() }, "time_cuc": { try $0.unsegmentedTime() },
        "time_cds": { try $0.daySegmentedTime() }, "time_ccs": { try $0.calendarSegmentedTime() },
        "leap_seconds": { try $0.leapSeconds() }, "xtce_value": { try $0.databaseValue() },
        "xtce_document": { try $0.databaseDocument() }, "tm_stream": { try $0.stream(.tm) },
        "aos_stream": { try $0.stream(.aos) }, "kiss": { try $0.kiss() }, "pcap_udp": { try $0.capture() },
    ]

    func fault(_ text: String) { faults.append(text) }

    func remark(_ text: String) {
        if !remarks.contains(text) { remarks.append(text) }
    }

    /// Notes a fault if two values differ; long ones are shortened.
    func equal<Value: Equatable>(_ found: Value, _ wanted: Value, _ what: String) {
        guard found != wanted else { return }
        fault(
            "\(what) is \(String(describing: found).prefix(200)) instead of \(String(describing: wanted).prefix(200))"
        )
    }

    func isTrue(_ condition: Bool, _ what: String) {
        if !condition { fault("it does not hold that \(what)") }
    }
}

/// Cuts.
extension Examination {
    /// Notes a fault for each cut of an input that gives another result than the whole: octet by octet, at boundaries,
    /// and at random.
    func isTheSameHoweverCut<Result: Equatable>(
        _ count: Int,
        boundaries: [Int] = [],
        _ what: String,
        run: ([Range<Int>]) throws -> Result
    ) rethrows {
        let differences = try ChunkingVerifier.differences(
            count: count,
            boundaries: boundaries,
            seed: UInt64(truncatingIfNeeded: count),
            randomCuts: 6,
            oneByOneLimit: 100_000,
            run: run
        )
        for cut in differences { fault("\(what) changes when the input is cut \(cut)") }
    }
}

/// Inputs.
extension Examination {
    func int(_ key: String) throws -> Int { try unwrap(vector.int(key), key) }

    func octets(_ key: String) throws -> [UInt8] { try unwrap(vector.octets(key), key) }

    func text(_ key: String) throws -> String { try unwrap(vector.inputs[key] as? String, key) }

    /// A flag; one that is not there is not set.
    func flag(_ key: String) -> Bool { (vector.inputs[key] as? NSNumber)?.boolValue ?? false }

    func unwrap<Value>(_ value: Value?, _ key: String) throws -> Value {
        guard let value else { throw Failure.missing(key) }
        return value
    }
}

/// Expected values. A key that a vector does not have is not compared; one that is null expects nothing.
extension Examination {
    private func expectation(_ key: String) -> Any? {
        seen.insert(key)
        return vector.expected[key]
    }

    /// An expected value of which more is known than that it is equal.
    func expected<Value>(_ key: String, _ type: Value.Type = Value.self) throws -> Value {
        try unwrap(expectation(key) as? Value, "expected \(key)")
    }

    /// An expected value that may be absent.
    func optional<Value>(_ key: String, _ type: Value.Type = Value.self) -> Value? { expectation(key) as? Value }

    /// An expected value that others imply.
    func implied(_ keys: String...) {
        for key in keys { seen.insert(key) }
    }

    func expect(_ key: String, _ found: (some BinaryInteger)?) {
        guard let wanted = expectation(key) else { return }
        if wanted is NSNull { return equal(found == nil, true, "\(key)'s absence") }
        guard let number = wanted as? NSNumber else { return fault("\(key) is expected to be no number") }
        let wide =
            number.compare(NSNumber(value: 0)) == .orderedAscending
            ? Int128(number.int64Value) : Int128(number.uint64Value)
        equal(found.map { Int128($0) }, wide, key)
    }

    func expect(_ key: String, _ found: Bool) { expect(key, found ? 1 : 0) }

    func expect(_ key: String, _ found: (some Sequence<UInt8>)?) { expect(key, text: found.map { Hex.text($0) }) }

    func expect(_ key: String, text found: String?) {
        guard let wanted = expectation(key) else { return }
        equal(found, wanted is NSNull ? nil : wanted as? String ?? "no text", key)
    }
}
