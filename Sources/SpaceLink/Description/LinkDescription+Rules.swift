/// What cannot be together.
extension LinkDescription {
    /// Holds the description against the rules of the standards.
    ///
    /// - Throws: `.impossible` with the rule that it breaks, or `.invalidValue`.
    public func validate() throws(LinkDescriptionError) {
        if case .octets(let header, let trailer) = envelope {
            try require(
                (0...65_536).contains(header) && (0...65_536).contains(trailer),
                "An envelope has 0 to 65536 octets before and behind each unit."
            )
        }
        // Values that no code has are refused even where no code takes part, because lengths follow from them.
        if case .reedSolomon(let code) = block { try validate(code) }
        guard input != .packets else { return }
        if isCoded { try validateCoding() }
        try validateFrame()
        for (channel, _) in channels {
            let limit = frame.type == .tm ? 8 : 64
            try require(
                (0..<limit).contains(channel),
                "A \(frame.type.rawValue) link has no virtual channel \(channel): they go from 0 to \(limit - 1)."
            )
        }
    }

    private func require(_ condition: Bool, _ rule: String) throws(LinkDescriptionError) {
        guard condition else { throw .impossible(rule: rule) }
    }

    private func validateCoding() throws(LinkDescriptionError) {
        try validateMarker()
        if let convolutional {
            guard ["1/2", "2/3", "3/4", "5/6", "7/8"].contains(convolutional.rate) else {
                throw .invalidValue(
                    key: "convolutional.rate",
                    value: convolutional.rate,
                    expected: "1/2, 2/3, 3/4, 5/6 or 7/8"
                )
            }
            try require(
                input == .symbols || input == .bits,
                "A convolutional code is decoded from symbols or bits, but the input is \(input.rawValue)."
            )
        }
        switch block {
        case .reedSolomon(let code): try requireFrameLength(code.dataLength)
        case .lowDensityParityCheck(_, _, let bits):
            _ = try parityCheckCode()
            try requireFrameLength(bits / 8)
        case .turbo(_, let bits):
            _ = try turboCode()
            try requireFrameLength(bits / 8)
        case .none(let length):
            if let length { try requireFrameLength(length) }
        }
    }

    private func validate(_ code: ReedSolomonBlock) throws(LinkDescriptionError) {
        try require(
            code.errors == 16 || code.errors == 8,
            "Reed-Solomon codes of CCSDS 131.0-B correct 16 or 8 symbols, not \(code.errors)."
        )
        try require(
            [1, 2, 3, 4, 5, 8].contains(code.interleave),
            "The interleaving depth is 1, 2, 3, 4, 5 or 8, not \(code.interleave)."
        )
        try require(
            (0..<255 - 2 * code.errors).contains(code.virtualFill),
            "Virtual fill of \(code.virtualFill) octets leaves no data in a codeword."
        )
    }

    private func requireFrameLength(_ length: Int) throws(LinkDescriptionError) {
        guard let given = frame.length else { return }
        try require(
            given == length,
            "A frame of \(given) octets does not fit the block code, which carries \(length)."
        )
    }

    private func validateMarker() throws(LinkDescriptionError) {
        try require((2...64).contains(marker.pattern.count), "A marker has 2 to 64 octets.")
        let limit = 4 * marker.pattern.count - 1
        try require(
            (0...limit).contains(marker.searchTolerance) && (0...limit).contains(marker.lockTolerance),
            "The tolerances of a marker of \(marker.pattern.count) octets go from 0 to \(limit) bits."
        )
        try require(
            (0...16).contains(marker.verify) && (0...16).contains(marker.flywheel)
                && (0...8).contains(marker.slipWindow),
            "A marker's verify and flywheel go from 0 to 16, its slip window from 0 to 8."
        )
    }

    private func validateFrame() throws(LinkDescriptionError) {
        try require(
            !frame.fhec || frame.type == .aos,
            "Only AOS frames have a frame header error control."
        )
        try require(
            (0...65_536).contains(frame.insertZone) && (frame.type != .tm || frame.insertZone == 0),
            "Only AOS and USLP frames have an insert zone, of 0 to 65536 octets."
        )
        try require(
            frame.secondaryHeader == 0 || frame.type == .tm && (2...64).contains(frame.secondaryHeader),
            "Only TM frames have a secondary header, of 2 to 64 octets."
        )
        let limit =
            switch frame.type {
            case .aos, .tm: 1023
            case .uslp: 65_535
            }
        for id in frame.spacecraft ?? [] {
            try require(
                (0...limit).contains(id),
                "A \(frame.type.rawValue) link has no spacecraft \(id): they go from 0 to \(limit)."
            )
        }
        try require(
            frame.fecfBits == 16 || frame.fecfBits == 32 && frame.type == .uslp,
            "A frame error control has 16 bits, or 32 in USLP frames, not \(frame.fecfBits)."
        )
        try require(
            frame.countLength == 3 || frame.type == .uslp && (0...7).contains(frame.countLength),
            "Only USLP frames have a count of 0 to 7 octets; that of others is fixed."
        )
        try validateLength()
    }

    private func validateLength() throws(LinkDescriptionError) {
        if hasVariableFrames {
            try require(
                input != .codeblocks,
                "Codeblocks have no marker that divides them, so that the length of frames in them must be given."
            )
            let shortest = 4 + frame.insertZone + 2 + errorControlLength
            try require(
                frame.truncatedLength == 0 || (shortest...65_536).contains(frame.truncatedLength),
                "A truncated frame of this link has \(shortest) to 65536 octets, not \(frame.truncatedLength)."
            )
            return
        }
        guard let length = frameLength else {
            throw .impossible(rule: "Without a block code the length of a frame must be given.")
        }
        try require((1...65_536).contains(length), "A frame has 1 to 65536 octets, not \(length).")
        try require(
            frame.truncatedLength == 0,
            "Truncated frames are shorter than others: only links of USLP frames without a fixed length have them."
        )
        let shortest = shortestFrame
        try require(
            length >= shortest,
            "A frame of \(length) octets is too short: its headers and trailers alone leave no data below \(shortest)."
        )
    }

    private var errorControlLength: Int { FrameErrorControl(frame).length }

    /// The fewest octets that hold all headers and trailers and one octet of data.
    private var shortestFrame: Int {
        let trailer = errorControlLength + (frame.ocf ? 4 : 0)
        switch frame.type {
        case .aos: return 6 + (frame.fhec ? 2 : 0) + frame.insertZone + 2 + 1 + trailer
        case .tm: return 6 + frame.secondaryHeader + 1 + trailer
        case .uslp: return 7 + frame.insertZone + 3 + 1 + trailer
        }
    }
}
