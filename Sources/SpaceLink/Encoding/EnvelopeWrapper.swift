/// Puts the envelope of a link around its units: what ``EnvelopeStage`` and the cutters take off again.
struct EnvelopeWrapper: Sendable {
    private let header: Int
    private let trailer: Int
    private let isKISS: Bool

    init(_ envelope: LinkDescription.Envelope) throws(LinkDescriptionError) {
        isKISS = envelope == .kiss
        switch envelope {
        case .none, .kiss: (header, trailer) = (0, 0)
        case .octets(let header, let trailer): (self.header, self.trailer) = (header, trailer)
        case .pcap: throw .unsupported(feature: "The writing of a pcap envelope")
        }
    }

    /// Wraps a unit; what is given for header and trailer is cut or filled with zeros to their lengths.
    func wrap(_ unit: inout [UInt8], header: [UInt8], trailer: [UInt8]) {
        if isKISS {
            unit = KISS.framed(unit.span)
            return
        }
        unit.insert(contentsOf: Self.fit(header, self.header), at: 0)
        unit += Self.fit(trailer, self.trailer)
    }

    private static func fit(_ octets: [UInt8], _ count: Int) -> [UInt8] {
        octets.prefix(count) + [UInt8](repeating: 0, count: max(0, count - octets.count))
    }
}
