import SpaceLink
import TestSupport

/// Headers of transfer frames, and what protects them.
extension Examination {
    func expect(_ header: TMFrameHeader) {
        expect("version", TMFrameHeader.versionNumber)
        expect("scid", header.spacecraft)
        expect("vcid", header.virtualChannel)
        expect("ocf_flag", header.hasOperationalControlField)
        expect("mc_count", header.masterChannelFrameCount)
        expect("vc_count", header.virtualChannelFrameCount)
        expect("secondary_header_flag", header.hasSecondaryHeader)
        expect("sync_flag", header.synchronizationFlag)
        expect("packet_order_flag", header.packetOrderFlag)
        expect("segment_length_id", header.segmentLengthID)
        expect("first_header_pointer", header.firstHeaderPointerField)
    }

    func expect(_ header: AOSFrameHeader) {
        expect("version", AOSFrameHeader.versionNumber)
        expect("scid", header.spacecraft)
        expect("scid_low8", header.spacecraft & 0xFF)
        expect("scid_high2", header.spacecraft >> 8)
        expect("vcid", header.virtualChannel)
        expect("vc_count", header.virtualChannelFrameCount)
        expect("replay_flag", header.replayFlag)
        expect("vc_count_cycle_use_flag", header.frameCountCycleUseFlag)
        expect("vc_count_cycle", header.frameCountCycle)
    }

    func telemetryHeader() throws {
        let octets = try octets("octets")
        let header = try TMFrameHeader(decoding: octets.span)
        expect(header)
        equal(header.encode(), octets, "the header encoded again")
    }

    func orbitingHeader() throws {
        let octets = try octets("octets")
        let header = try AOSFrameHeader(decoding: octets.span)
        expect(header)
        equal(header.encode(), octets, "the header encoded again")
        let parity = HeaderErrorControl.parity(of: header)
        expect("fhec", parity)
        let protected = octets + parity
        isTrue(HeaderErrorControl.holds(protected.span), "the header holds with its parity")
        if let given = vector.octets("octets_with_fhec") { equal(protected, given, "the header with its parity") }
    }

    func unifiedHeader() throws {
        let octets = try octets("octets")
        let header = try USLPFrameHeader(decoding: octets.span)
        expect("version", USLPFrameHeader.versionNumber)
        expect("scid", header.spacecraft)
        expect("source_or_destination", header.isDestination)
        expect("vcid", header.virtualChannel)
        expect("map_id", header.multiplexerAccessPoint)
        expect("end_of_header_flag", header.rest == nil)
        if let rest = header.rest {
            expect("frame_length", rest.frameLength)
            expect("bypass", rest.bypassFlag)
            expect("pcc", rest.protocolControlCommandFlag)
            expect("ocf_flag", rest.hasOperationalControlField)
            expect("vc_count_length", rest.frameCountLength)
            expect("vc_count", rest.frameCountLength > 0 ? rest.virtualChannelFrameCount : nil)
            // Zero, or the header encoded again would differ.
            implied("spare")
        }
        equal(header.encode(), octets, "the header encoded again")
    }

    func controlWord() throws {
        let octets = try octets("octets")
        let word = try unwrap(CLCW(decoding: octets.span), "a control word")
        // The type and the version of all link control words, and spare bits, are zero: encoding shows it.
        implied("control_word_type", "version", "reserved_spare", "reserved_spare2")
        expect("status", word.status)
        expect("cop_in_effect", word.copInEffect)
        expect("vcid", word.virtualChannel)
        expect("no_rf_available", word.noRFAvailable)
        expect("no_bit_lock", word.noBitLock)
        expect("lockout", word.lockout)
        expect("wait", word.wait)
        expect("retransmit", word.retransmit)
        expect("farm_b_counter", word.farmBCounter)
        expect("report_value", word.reportValue)
        equal(word.encode(), octets, "the word encoded again")
    }

    func headerErrorControl() throws {
        let received = try octets("header")
        let corrected = HeaderErrorControl.correct(received.span)
        expect("correctable", corrected != nil)
        guard let corrected else {
            isTrue(optional("header", String.self) == nil, "there is no header that could be corrected")
            return
        }
        expect("header", corrected.octets)
        expect("symbols_corrected", corrected.correctedSymbols)
        isTrue(HeaderErrorControl.holds(corrected.octets.span), "the corrected header holds")
        let header = try AOSFrameHeader(decoding: corrected.octets.span)
        let parity = HeaderErrorControl.parity(of: header)
        equal(parity, Array(corrected.octets.suffix(2)), "the parity of the corrected header")
    }
}
