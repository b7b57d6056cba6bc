import SpaceLink
import Testing

@Suite struct FrameHeaderTests {
    @Test func headerErrorControlCorrectsEveryPairOfSymbols() throws {
        let header = AOSFrameHeader(spacecraft: 0xAB, virtualChannel: 10, virtualChannelFrameCount: 255)
        let good = header.encode() + HeaderErrorControl.parity(of: header)
        let halves = [0, 1, 2, 3, 10, 11, 12, 13, 14, 15]
        for first in halves {
            for second in halves where second != first {
                for error: UInt8 in 1...15 {
                    var octets = good
                    octets[first / 2] ^= first.isMultiple(of: 2) ? error << 4 : error
                    octets[second / 2] ^= second.isMultiple(of: 2) ? 0xF0 : 0x0F
                    #expect(!HeaderErrorControl.holds(octets: octets))
                    #expect(HeaderErrorControl.correct(octets: octets)?.octets == good)
                }
            }
        }
    }

    @Test func controlWordsOfAnotherTypeAreNoLinkControlWords() {
        let report: [UInt8] = [0x80, 0, 0, 0]
        #expect(CLCW(octets: report) == nil)
        let short: [UInt8] = [0, 0, 0]
        #expect(CLCW(octets: short) == nil)
    }

    @Test func octetsThatAreNoHeaderAreRefusedByName() {
        let none: [UInt8] = []
        let ones = [UInt8](repeating: 0xFF, count: 6)
        #expect(throws: TransferFrameError.truncated(needed: 6, available: 0)) {
            try TMFrameHeader(decoding: none.span)
        }
        #expect(throws: TransferFrameError.truncated(needed: 6, available: 0)) {
            try AOSFrameHeader(decoding: none.span)
        }
        #expect(throws: TransferFrameError.truncated(needed: 4, available: 0)) {
            try USLPFrameHeader(decoding: none.span)
        }
        #expect(throws: TransferFrameError.version(found: 3, expected: 0)) { try TMFrameHeader(decoding: ones.span) }
        #expect(throws: TransferFrameError.version(found: 3, expected: 1)) { try AOSFrameHeader(decoding: ones.span) }
        #expect(throws: TransferFrameError.version(found: 15, expected: 12)) {
            try USLPFrameHeader(decoding: ones.span)
        }
        let cut: [UInt8] = [0xCA, 0xBC, 0xDC, 0x32, 0x04, 0x5A, 0x8B, 0x12]
        #expect(throws: TransferFrameError.truncated(needed: 10, available: 8)) {
            try USLPFrameHeader(decoding: cut.span)
        }
    }
}
