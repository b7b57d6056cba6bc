import SpaceLink
import TestSupport
import Testing

@Suite struct FrameHeaderTests {
    @Test(arguments: try Fixtures.vectors("tm_header"))
    func transferFrameHeadersOfTMDecodeAsTheReference(_ vector: Vector) throws {
        let octets = try #require(vector.octets("octets"))
        let header = try TMFrameHeader(decoding: octets.span)
        expect(header, vector)
        #expect(header.encode() == octets)
    }

    @Test(arguments: try Fixtures.vectors("aos_header"))
    func transferFrameHeadersOfAOSDecodeAsTheReference(_ vector: Vector) throws {
        let octets = try #require(vector.octets("octets"))
        let header = try AOSFrameHeader(decoding: octets.span)
        expect(header, vector)
        #expect(header.encode() == octets)
        #expect(HeaderErrorControl.parity(of: header) == vector.expectedOctets("fhec"))
        let protected = try #require(vector.octets("octets_with_fhec"))
        #expect(HeaderErrorControl.holds(octets: protected))
        #expect(HeaderErrorControl.correct(octets: protected)?.correctedSymbols == 0)
    }

    @Test(arguments: try Fixtures.vectors("uslp_header"))
    func transferFrameHeadersOfUSLPDecodeAsTheReference(_ vector: Vector) throws {
        let octets = try #require(vector.octets("octets"))
        let header = try USLPFrameHeader(decoding: octets.span)
        #expect(header.spacecraft == vector.expectedInt("scid"))
        #expect(header.isDestination.bit == vector.expectedInt("source_or_destination"))
        #expect(header.virtualChannel == vector.expectedInt("vcid"))
        #expect(header.multiplexerAccessPoint == vector.expectedInt("map_id"))
        #expect((header.rest == nil).bit == vector.expectedInt("end_of_header_flag"))
        #expect(header.encode() == octets)
        guard let rest = header.rest else { return }
        #expect(rest.frameLength == vector.expectedInt("frame_length"))
        #expect(rest.bypassFlag.bit == vector.expectedInt("bypass"))
        #expect(rest.protocolControlCommandFlag.bit == vector.expectedInt("pcc"))
        #expect(rest.hasOperationalControlField.bit == vector.expectedInt("ocf_flag"))
        #expect(rest.frameCountLength == vector.expectedInt("vc_count_length"))
        #expect(Int(rest.virtualChannelFrameCount) == vector.expectedInt("vc_count") ?? 0)
    }

    @Test(arguments: try Fixtures.vectors("clcw"))
    func linkControlWordsDecodeAsTheReference(_ vector: Vector) throws {
        let octets = try #require(vector.octets("octets"))
        let word = try #require(CLCW(octets: octets))
        #expect(Int(word.status) == vector.expectedInt("status"))
        #expect(Int(word.copInEffect) == vector.expectedInt("cop_in_effect"))
        #expect(Int(word.virtualChannel) == vector.expectedInt("vcid"))
        #expect(word.noRFAvailable.bit == vector.expectedInt("no_rf_available"))
        #expect(word.noBitLock.bit == vector.expectedInt("no_bit_lock"))
        #expect(word.lockout.bit == vector.expectedInt("lockout"))
        #expect(word.wait.bit == vector.expectedInt("wait"))
        #expect(word.retransmit.bit == vector.expectedInt("retransmit"))
        #expect(Int(word.farmBCounter) == vector.expectedInt("farm_b_counter"))
        #expect(Int(word.reportValue) == vector.expectedInt("report_value"))
        #expect(word.encode() == octets)
    }

    @Test(arguments: try Fixtures.vectors("fhec_decode"))
    func headerErrorControlCorrectsAsTheReference(_ vector: Vector) throws {
        let octets = try #require(vector.octets("header"))
        let corrected = HeaderErrorControl.correct(octets: octets)
        #expect((corrected != nil).bit == vector.expectedInt("correctable"))
        #expect(corrected?.octets == vector.expectedOctets("header"))
        #expect(corrected?.correctedSymbols == vector.expectedInt("symbols_corrected"))
    }

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

    private func expect(_ header: TMFrameHeader, _ vector: Vector) {
        #expect(header.spacecraft == vector.expectedInt("scid"))
        #expect(header.virtualChannel == vector.expectedInt("vcid"))
        #expect(header.hasOperationalControlField.bit == vector.expectedInt("ocf_flag"))
        #expect(Int(header.masterChannelFrameCount) == vector.expectedInt("mc_count"))
        #expect(Int(header.virtualChannelFrameCount) == vector.expectedInt("vc_count"))
        #expect(header.hasSecondaryHeader.bit == vector.expectedInt("secondary_header_flag"))
        #expect(header.synchronizationFlag.bit == vector.expectedInt("sync_flag"))
        #expect(header.packetOrderFlag.bit == vector.expectedInt("packet_order_flag"))
        #expect(Int(header.segmentLengthID) == vector.expectedInt("segment_length_id"))
        #expect(Int(header.firstHeaderPointerField) == vector.expectedInt("first_header_pointer"))
    }

    private func expect(_ header: AOSFrameHeader, _ vector: Vector) {
        #expect(header.spacecraft == vector.expectedInt("scid"))
        #expect(header.virtualChannel == vector.expectedInt("vcid"))
        #expect(Int(header.virtualChannelFrameCount) == vector.expectedInt("vc_count"))
        #expect(header.replayFlag.bit == vector.expectedInt("replay_flag"))
        #expect(header.frameCountCycleUseFlag.bit == vector.expectedInt("vc_count_cycle_use_flag"))
        #expect(Int(header.frameCountCycle) == vector.expectedInt("vc_count_cycle"))
    }
}
