import ArchiveFaults
import ChannelCoding
import Crypto
public import FuzzSupport

/// An archive, a journal or parity, member by member, to be changed and put together again.
public struct ForgedFile {
    private var members: [ForgedMember]
    private var tail: [UInt8] = []
    private var isChained = true
    /// Whether nothing was changed of members that tell what is in others.
    public private(set) var isIndexRight = true
    /// Whether nothing was changed of what headers say behind their fixed part, but in whole members.
    public private(set) var areSubfieldsRight = true

    /// Takes a file apart that a writer made.
    public init(_ octets: [UInt8]) {
        members = SampleArchive.members(octets).map { ForgedMember(Array(octets[$0.range])) }
    }

    /// The octets: with every checksum right, and the chain of hashes too, unless that was chosen otherwise.
    public var octets: [UInt8] {
        var octets: [UInt8] = []
        var previous = [UInt8](repeating: 0, count: 32)
        for member in members {
            let encoded = member.encoded(behind: isChained ? previous : nil)
            previous = Array(SHA256.hash(data: encoded))
            octets += encoded
        }
        return octets + tail
    }

    /// Tells of each packed chunk which pieces of it can be inflated alone, as is told of large ones.
    public mutating func cutIntoPieces() {
        for index in members.indices { members[index].isInPieces = true }
    }

    /// Changes something.
    public mutating func forge(_ choices: inout Choices) {
        guard !members.isEmpty else {
            tail += choices.octets(choices.number(1...40))
            return
        }
        let index = choices.number(0...members.count - 1)
        // Indexes, seals and metadata, and what becomes one by another kind.
        if [4, 5, 8].contains(members[index].kind) { isIndexRight = false }
        defer { if index < members.count, [4, 5, 8].contains(members[index].kind) { isIndexRight = false } }
        switch choices.octet() % 24 {
        case 0: members.remove(at: index)
        case 1: if members.count < 40 { members.insert(members[index], at: choices.number(0...members.count)) }
        case 2: members.swapAt(index, choices.number(0...members.count - 1))
        case 3: members[index].isRepaired = false
        case 4: isChained = false
        case 5: tail += choices.octets(choices.number(1...40))
        case 6: members.removeLast(members.count - index)
        case 7: members[index].isInPieces.toggle()
        case 8...13: members[index].forgeField(&choices)
        case 14...17:
            areSubfieldsRight = false
            members[index].forge(\.subfields, &choices)
        default: members[index].forge(\.payload, &choices)
        }
    }
}

/// One member: the fixed part of its header, its further subfields, and what its stored blocks hold.
private struct ForgedMember {
    private var header: [UInt8]
    var subfields: [UInt8]
    var payload: [UInt8]
    /// Whether its checksums and sizes are made right again.
    var isRepaired = true
    /// Whether the subfield `PS` says of a packed chunk where its pieces end.
    var isInPieces = false
    /// Where they end in the payload.
    private var pieces: [Int] = []
    /// The number of its kind.
    var kind: UInt8 { header[17] }

    /// Takes a member apart that a writer made.
    init(_ octets: [UInt8]) {
        let end = 12 + Int(octets[10]) + Int(octets[11]) << 8
        header = Array(octets[..<128])
        subfields = Array(octets[128..<end])
        payload = []
        var place = end
        while place + 5 <= octets.count - 8, octets[place] & 6 == 0 {
            let length = Int(octets[place + 1]) + Int(octets[place + 2]) << 8
            payload += octets[(place + 5)..<(place + 5 + length)]
            if length == 0 { pieces.append(payload.count) }
            if octets[place] & 1 == 1 { break }
            place += 5 + length
        }
    }

    /// Where the numbers of a header are, and how wide.
    private static let fields = [
        (17, 1), (18, 2), (20, 8), (28, 8), (36, 8), (44, 4), (48, 4), (52, 8), (60, 8), (68, 8), (76, 8), (88, 4),
    ]

    /// Sets a number of the header, or of a later one in the subfields.
    mutating func forgeField(_ choices: inout Choices) {
        let (place, width) = choices.one(of: ForgedMember.fields)
        // A size is made right when the member is put together, unless that is given up.
        if place == 20 { isRepaired = false }
        let value = ForgedMember.number(&choices, near: header, at: place, width)
        for index in 0..<width { header[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
    }

    private static func number(
        _ choices: inout Choices,
        near octets: [UInt8],
        at place: Int,
        _ width: Int
    ) -> UInt64 {
        let old = (0..<width).reduce(UInt64(0)) { $0 | UInt64(octets[place + $1]) << UInt64(8 * $1) }
        switch choices.octet() % 8 {
        case 0: return .max
        case 1: return 1 << 63
        case 2: return UInt64(Int64.max)
        case 3: return old &+ UInt64(choices.octet())
        case 4: return old &- UInt64(choices.octet())
        case 5: return choices.octets(8).reduce(0) { $0 << 8 | UInt64($1) }
        default: return UInt64(choices.number(0...70_000))
        }
    }

    /// Changes octets of a part.
    mutating func forge(_ part: WritableKeyPath<ForgedMember, [UInt8]>, _ choices: inout Choices) {
        var octets = self[keyPath: part]
        let before = octets.count
        var change = 0
        defer {
            let growth = octets.count - before
            if part == \.payload { pieces = pieces.map { $0 > change ? max(change, $0 + growth) : $0 } }
            self[keyPath: part] = octets
        }
        guard !octets.isEmpty else {
            octets = choices.octets(choices.number(0...40))
            return
        }
        // Mostly near the start, where the sizes are.
        let reach = choices.flag() ? min(octets.count, 64) : octets.count
        let place = choices.number(0...reach - 1)
        change = place
        switch choices.octet() % 8 {
        case 0: octets.removeSubrange(place..<min(octets.count, place + choices.number(1...100)))
        case 1:
            guard octets.count < 20_000 else { return }
            octets.insert(contentsOf: choices.octets(choices.number(1...20)), at: place)
        case 2:
            let width = min(choices.one(of: [2, 4, 8]), octets.count - place)
            let value = ForgedMember.number(&choices, near: octets, at: place, width)
            for index in 0..<width { octets[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
        case 3: octets[place] ^= 1 << (choices.octet() & 7)
        default: octets[place] = choices.one(of: [0, 1, 0x7F, 0x80, 0xFF, choices.octet(), choices.octet()])
        }
    }

    /// The octets of the member.
    func encoded(behind previous: [UInt8]?) -> [UInt8] {
        var member = header + subfields.prefix(65_000)
        let isCut = isInPieces && header[17] == 3 && !pieces.isEmpty
        var sizes: [Int] = []
        let deflate = payload.isEmpty ? [3, 0] : isCut ? stored(in: &sizes) : stored
        if isCut, !payload.isEmpty {
            var table: [UInt8] = [1]
            for size in sizes {
                for shift in [0, 7] { table.append(UInt8(size >> shift & 0x7F) | 0x80) }
                table.append(UInt8(size >> 14))
            }
            member += Array("PS".utf8) + [UInt8(table.count & 0xFF), UInt8(table.count >> 8)]
            member += table
        }
        let headerLength = member.count
        if let previous {
            member.replaceSubrange(92..<124, with: previous)
            // A seal repeats it.
            if header[17] == 5, member.count >= 228 { member.replaceSubrange(196..<228, with: previous) }
        }
        if isRepaired {
            put(&member, UInt64(headerLength - 12), 2, at: 10)
            put(&member, UInt64(headerLength + deflate.count + 8), 8, at: 20)
            put(&member, UInt64(CRC32C.checksum(deflate.span)), 4, at: 84)
            // The units' octets are the payload, unless that is columns.
            if header[17] != 3, !payload.isEmpty { put(&member, UInt64(CRC32C.checksum(payload.span)), 4, at: 88) }
        }
        put(&member, 0, 4, at: 124)
        put(&member, UInt64(CRC32C.checksum(member.span)), 4, at: 124)
        member += deflate
        let trailer = member.count
        member += [UInt8](repeating: 0, count: 8)
        put(&member, UInt64(Gzip.checksum(payload)), 4, at: trailer)
        put(&member, UInt64(payload.count), 4, at: trailer + 4)
        return member
    }

    /// The payload in stored blocks.
    private var stored: [UInt8] { ForgedMember.blocks(payload[...], isLast: true) }

    /// The payload in pieces, each of which ends with an empty block.
    private func stored(in sizes: inout [Int]) -> [UInt8] {
        var deflate: [UInt8] = []
        var start = 0
        for end in pieces {
            let blocks = ForgedMember.blocks(payload[start..<min(end, payload.count)], isLast: false)
            sizes.append(blocks.count + 5)
            deflate += blocks + [0, 0, 0, 0xFF, 0xFF]
            start = min(end, payload.count)
        }
        return deflate + [3, 0]
    }

    private static func blocks(_ octets: ArraySlice<UInt8>, isLast: Bool) -> [UInt8] {
        var deflate: [UInt8] = []
        for start in stride(from: octets.startIndex, to: octets.endIndex, by: 65_535) {
            let end = min(octets.endIndex, start + 65_535)
            let length = UInt16(end - start)
            deflate += [isLast && end == octets.endIndex ? 1 : 0, UInt8(length & 0xFF), UInt8(length >> 8)]
            deflate += [UInt8(~length & 0xFF), UInt8(~length >> 8)]
            deflate += octets[start..<end]
        }
        return deflate
    }

    private func put(_ octets: inout [UInt8], _ value: UInt64, _ width: Int, at place: Int) {
        for index in 0..<width { octets[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
    }
}

/// gzip's CRC-32.
private enum Gzip {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
    }

    static func checksum(_ octets: [UInt8]) -> UInt32 {
        ~octets.reduce(~UInt32(0)) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }
}
