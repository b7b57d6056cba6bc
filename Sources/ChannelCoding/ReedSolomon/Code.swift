/// The Reed-Solomon codes of telemetry (CCSDS 131.0-B, Reed-Solomon Coding).
public enum ReedSolomon {
    /// One code: its strength, its interleaving, how symbols are written, and what is left out.
    ///
    /// Octet n of a codeblock belongs to codeword n mod I at position n div I; the data comes first, which is the
    /// transfer frame as it is, then the parity of all codewords.
    public struct Code: Sendable, Hashable {
        /// How an element of the field is written as an octet.
        public enum Basis: String, Sendable, Hashable, Codable, CaseIterable {
            /// Berlekamp's basis, which almost all missions send.
            case dual
            /// Powers of the field's generator.
            case conventional
        }

        /// The symbols that can be corrected in each codeword: 16 or 8.
        public let errors: Int
        /// The codewords in a codeblock: 1, 2, 3, 4, 5 or 8.
        public let interleave: Int
        /// How symbols are written.
        public let basis: Basis
        /// The zero symbols in front of each codeword that are not transmitted.
        public let virtualFill: Int

        /// Describes a code.
        ///
        /// - Parameters:
        ///   - errors: The symbols to be corrected in each codeword: 16 or 8.
        ///   - interleave: The codewords in a codeblock: 1, 2, 3, 4, 5 or 8.
        ///   - basis: How symbols are written.
        ///   - virtualFill: The zero symbols in front of each codeword that are not transmitted.
        /// - Throws: The first of these that the recommendation does not allow.
        public init(
            errors: Int = 16,
            interleave: Int = 1,
            basis: Basis = .dual,
            virtualFill: Int = 0
        ) throws(CodingError) {
            guard errors == 16 || errors == 8 else { throw .errors(errors) }
            guard [1, 2, 3, 4, 5, 8].contains(interleave) else { throw .interleave(interleave) }
            let limit = 255 - 2 * errors - 1
            guard (0...limit).contains(virtualFill) else { throw .virtualFill(virtualFill, limit: limit) }
            self.errors = errors
            self.interleave = interleave
            self.basis = basis
            self.virtualFill = virtualFill
        }

        /// The parity symbols of a codeword.
        public var paritySymbols: Int { 2 * errors }
        /// The data symbols of a codeword that are transmitted.
        public var dataSymbols: Int { 255 - paritySymbols - virtualFill }
        /// The octets of a transfer frame.
        public var dataLength: Int { interleave * dataSymbols }
        /// The octets of a codeblock.
        public var codeblockLength: Int { interleave * (255 - virtualFill) }
    }
}
