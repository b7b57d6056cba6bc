import Foundation
import SpaceLink
import TestSupport

/// KISS and capture files.
extension Examination {
    func kiss() throws {
        let file = try octets("file")
        let wanted: [[String: Any]] = try expected("frames")
        let found = units(ofKISS: file)
        equal(found.count, wanted.count, "the number of frames")
        for (index, (unit, wanted)) in zip(found, wanted).enumerated() {
            equal(Hex.text(unit.octets), wanted["data"] as? String, "frame \(index)")
            let time = (wanted["unix_ms"] as? NSNumber)?.uint64Value
            equal(unit.milliseconds, time, "the time of frame \(index)")
        }
        isTheSameHoweverCut(file.count, "what comes out of KISS") { pieces in
            units(ofKISS: file, pieces: pieces).map { "\($0)" }
        }
        let again = found.flatMap { KISS.framed($0.octets.span, unixMilliseconds: $0.milliseconds) }
        let back = units(ofKISS: again)
        equal(back.map(\.octets), found.map(\.octets), "the frames that come back")
        equal(back.map(\.milliseconds), found.map(\.milliseconds), "the times that come back")
    }

    private func units(
        ofKISS file: [UInt8],
        pieces: [Range<Int>]? = nil
    ) -> [(octets: [UInt8], milliseconds: UInt64?)] {
        var deframer = KISSDeframer()
        var units: [(octets: [UInt8], milliseconds: UInt64?)] = []
        var length = 0
        func take(_ piece: EnvelopePiece, _ octets: Span<UInt8>) {
            equal(Int(piece.offset), length, "the offset of a piece")
            length += piece.length
            guard piece.content == .unit else { return }
            let time = piece.receptionTime.map { UInt64($0.seconds) * $0.fractionsPerSecond + $0.fraction }
            units.append((octets.array, time))
        }
        for piece in pieces ?? [file.indices] { deframer.push(file.span.extracting(piece), take) }
        deframer.finish(take)
        equal(length, file.count, "the octets of all pieces")
        return units
    }

    func capture() throws {
        let file = try octets("file")
        let found = datagrams(of: file)
        isTheSameHoweverCut(file.count, "what comes out of the capture") { pieces in
            datagrams(of: file, pieces: pieces).map { "\($0)" }
        }
        let wanted: [[String: Any]] = try expected("datagrams")
        equal(found.count, wanted.count, "the number of datagrams")
        for (index, (datagram, wanted)) in zip(found, wanted).enumerated() {
            let time = datagram.piece.receptionTime
            equal(Hex.text(datagram.payload), wanted["payload"] as? String, "datagram \(index)")
            equal(time.map { Int($0.seconds) }, wanted["seconds"] as? Int, "the seconds of datagram \(index)")
            equal(time.map { Int($0.fraction) }, wanted["fraction"] as? Int, "the fraction of datagram \(index)")
            let unit = time?.fractionsPerSecond == 1_000_000_000 ? "ns" : "us"
            equal(unit, wanted["unit"] as? String, "the clock's unit of datagram \(index)")
            let ports = [datagram.piece.sourcePort, datagram.piece.destinationPort].map { $0.map { Int($0) } }
            equal(
                ports,
                [wanted["source_port"] as? Int, wanted["destination_port"] as? Int],
                "the ports of datagram \(index)"
            )
        }
    }

    private func datagrams(
        of file: [UInt8],
        pieces: [Range<Int>]? = nil
    ) -> [(piece: EnvelopePiece, payload: [UInt8])] {
        var reader = CaptureReader()
        var found: [(piece: EnvelopePiece, payload: [UInt8])] = []
        var length = 0
        func take(_ piece: EnvelopePiece, _ octets: Span<UInt8>) {
            equal(Int(piece.offset), length, "the offset of a piece")
            length += piece.length
            if piece.content == .unit { found.append((piece, octets.array)) }
        }
        for piece in pieces ?? [file.indices] { reader.push(file.span.extracting(piece), take) }
        reader.finish(take)
        equal(length, file.count, "the octets of all pieces")
        return found
    }
}
