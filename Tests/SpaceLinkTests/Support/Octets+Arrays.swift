import SpaceLink

// Expectations cannot hold spans: these take arrays.

extension CLCW {
    init?(octets: [UInt8]) { self.init(decoding: octets.span) }
}

extension HeaderErrorControl {
    static func holds(octets: [UInt8]) -> Bool { holds(octets.span) }

    static func correct(octets: [UInt8]) -> (octets: [UInt8], correctedSymbols: Int)? { correct(octets.span) }
}

extension TimeCode {
    func decode(octets: [UInt8]) -> TAITime? { decode(octets.span) }

    func time(ofPacket octets: [UInt8]) -> TAITime? { time(ofPacket: octets.span) }
}
