internal import CKernels

/// The safe face of the loops in C: the only place where this target hands out addresses.
///
/// Each function checks that its arguments are as large as the loop takes them to be, and keeps nothing.
enum Kernel {
    /// Whether the processor has the instructions for ``fold(_:keys:isReflected:into:)``.
    static let canFold = ck_fold_is_available() != 0
    /// Whether the processor has the instructions for ``syndromes(of:interleave:symbols:tables:into:)``.
    static let canFindSyndromes = ck_syndromes_is_available() != 0
    /// Whether the processor has the instructions for ``advance(_:symbols:spread:states:decisions:)``.
    static let canAdvanceTrellis = ck_trellis_is_available() != 0

    /// Octets of the tables that finding syndromes takes.
    static let syndromeTableLength = Int(CK_SYNDROME_TABLES)
    /// Octets of syndromes for each codeword.
    static let syndromeSlots = Int(CK_SYNDROME_SLOTS)

    /// Shortens a message of at least sixteen octets to sixteen that leave the same remainder.
    ///
    /// - Parameters:
    ///   - octets: The message.
    ///   - keys: What 128 bits are multiplied by to go forward by 512 bits and by 128, upper half first.
    ///   - isReflected: Whether the least significant bit of an octet comes first.
    ///   - block: Sixteen octets, which are added to the message's first ones; then what is left of it.
    @inline(__always)
    static func fold(
        _ octets: Span<UInt8>,
        keys: Span<UInt64>,
        isReflected: Bool,
        into block: inout MutableSpan<UInt8>
    ) {
        precondition(canFold && octets.count >= 16 && keys.count == 4 && block.count == 16, "nothing to be folded")
        unsafe octets.withUnsafeBufferPointer { octets in
            unsafe keys.withUnsafeBufferPointer { keys in
                unsafe block.withUnsafeMutableBufferPointer { block in
                    // Reads the message and the four keys, writes the sixteen octets: as many as were counted above.
                    unsafe ck_fold(
                        octets.baseAddress,
                        octets.count,
                        keys.baseAddress,
                        isReflected ? 1 : 0,
                        block.baseAddress
                    )
                }
            }
        }
    }

    /// Evaluates the codewords of a codeblock at their code's roots.
    ///
    /// - Parameters:
    ///   - codeblock: The octets of the codewords, interleaved.
    ///   - interleave: How many codewords there are, at most eight.
    ///   - symbols: The symbols of each, at most 255.
    ///   - tables: What the loop needs to know of the code, ``syndromeTableLength`` octets.
    ///   - syndromes: Takes ``syndromeSlots`` octets for each codeword.
    /// - Returns: A bit for each codeword, set where a syndrome is not zero.
    static func syndromes(
        of codeblock: Span<UInt8>,
        interleave: Int,
        symbols: Int,
        tables: Span<UInt8>,
        into syndromes: inout MutableSpan<UInt8>
    ) -> UInt32 {
        precondition(syndromes.count >= syndromeSlots * interleave, "no room for the syndromes")
        return unsafe syndromes.withUnsafeMutableBufferPointer { syndromes in
            // Writes the slots of each codeword, as many as were counted above.
            unsafe evaluate(codeblock, interleave, symbols, tables, syndromes.baseAddress)
        }
    }

    /// Says which codewords of a codeblock have syndromes that are not zero; the parameters are those above.
    static func wrongCodewords(
        of codeblock: Span<UInt8>,
        interleave: Int,
        symbols: Int,
        tables: Span<UInt8>
    ) -> UInt32 {
        unsafe evaluate(codeblock, interleave, symbols, tables, nil)
    }

    @inline(__always)
    private static func evaluate(
        _ codeblock: Span<UInt8>,
        _ interleave: Int,
        _ symbols: Int,
        _ tables: Span<UInt8>,
        _ syndromes: UnsafeMutablePointer<UInt8>?
    ) -> UInt32 {
        precondition(canFindSyndromes && (1...8).contains(interleave) && (1...255).contains(symbols), "no codewords")
        precondition(codeblock.count == interleave * symbols, "a codeblock of another length")
        precondition(tables.count == syndromeTableLength, "tables of another length")
        return unsafe codeblock.withUnsafeBufferPointer { codeblock in
            unsafe tables.withUnsafeBufferPointer { tables in
                // Reads the codeblock and the tables, as many octets as were counted above.
                unsafe ck_syndromes(tables.baseAddress, codeblock.baseAddress, interleave, symbols, syndromes)
            }
        }
    }

    /// Goes on along a trellis, with vectors twice as long as those of Swift: measured on the whole Viterbi decoder, it
    /// gives 137 Mbit/s instead of 126.
    ///
    /// - Parameters:
    ///   - costs: 64 octets for each of 256 pairs of symbols.
    ///   - symbols: Sixteen for each octet of bits.
    ///   - spread: What the cost of the first state is put to before every octet.
    ///   - states: The costs of 64 states.
    ///   - decisions: Takes 64 octets for each octet of bits.
    /// - Returns: What was taken off all costs.
    static func advance(
        _ costs: Span<Trellis.Costs>,
        symbols: Span<UInt8>,
        spread: UInt8,
        states: inout Trellis.States,
        decisions: inout MutableSpan<UInt8>
    ) -> Int {
        precondition(canAdvanceTrellis && costs.count == 256, "no table of costs")
        precondition(symbols.count % 16 == 0 && decisions.count >= 4 * symbols.count, "no room for decisions")
        return unsafe costs.withUnsafeBytes { costs in
            unsafe symbols.withUnsafeBufferPointer { symbols in
                unsafe decisions.withUnsafeMutableBufferPointer { decisions in
                    unsafe withUnsafeMutableBytes(of: &states) { states in
                        // Symbols are looked at as four bits each, so 256 · 64 octets of costs are enough; the other
                        // three were counted above, or are four vectors of sixteen.
                        unsafe Int(
                            ck_trellis_advance(
                                costs.assumingMemoryBound(to: UInt8.self).baseAddress,
                                symbols.baseAddress,
                                symbols.count / 16,
                                spread,
                                states.assumingMemoryBound(to: UInt8.self).baseAddress,
                                decisions.baseAddress
                            )
                        )
                    }
                }
            }
        }
    }
}
