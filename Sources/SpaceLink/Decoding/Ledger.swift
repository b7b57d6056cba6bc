/// Where every octet of the input went.
///
/// Octets are entered once, as used or discarded, in the order of the input. Octets of accepted frames are used until a
/// packet in them turns out to be lost: then they are taken back.
struct Ledger: Sendable, Equatable, Codable {
    /// Octets that are entered.
    private(set) var octets: Int64 = 0
    /// Octets of frames and packets that were accepted.
    private(set) var used: Int64 = 0
    /// Octets that were not, by reason.
    private(set) var discarded: [DiscardReason: Int64] = [:]

    /// Whether the entries make up the whole.
    var balances: Bool { used >= 0 && used + discarded.values.reduce(0, +) == octets }

    /// Enters what another ledger knows of the octets that follow.
    mutating func append(_ next: Ledger) {
        octets += next.octets
        used += next.used
        discarded.merge(next.discarded) { $0 + $1 }
    }

    /// Enters octets that are used.
    mutating func use(_ length: Int) {
        octets += Int64(length)
        used += Int64(length)
    }

    /// Enters octets that are discarded, and tells the sink.
    mutating func discard(_ entry: Discard, into sink: inout (some LinkSink & ~Copyable)) {
        guard entry.length > 0 else { return }
        octets += Int64(entry.length)
        discarded[entry.reason, default: 0] += Int64(entry.length)
        sink.discard(entry)
    }

    /// Moves octets that were used to the discarded ones, and tells the sink.
    mutating func takeBack(_ entry: Discard, into sink: inout (some LinkSink & ~Copyable)) {
        guard entry.length > 0 else { return }
        used -= Int64(entry.length)
        discarded[entry.reason, default: 0] += Int64(entry.length)
        sink.discard(entry)
    }
}
