#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

// Loops that need instructions which Swift cannot name. Each is chosen at run time, has a twin in Swift that gives the
// same values, and reads and writes nothing but what its arguments name.

/// Whether this processor multiplies without carries.
int ck_fold_is_available(void);

/// Folds octets into sixteen that leave the same remainder when divided by a polynomial.
///
/// `count` is at least 16. `keys` are what 128 bits are multiplied by to go forward, upper half and lower half, by 512
/// bits and by 128. `isReflected` says that the least significant bit of an octet comes first. `block` is added to the
/// first sixteen octets, and takes the result.
void ck_fold(const uint8_t *octets, size_t count, const uint64_t *keys, int isReflected, uint8_t *block);

/// Octets of the tables that `ck_syndromes` wants.
#define CK_SYNDROME_TABLES 1328
/// Octets of syndromes for each codeword.
#define CK_SYNDROME_SLOTS 48

/// Whether this processor multiplies in fields of 256 elements.
int ck_syndromes_is_available(void);

/// Evaluates the interleaved codewords of a codeblock at their code's roots.
///
/// `tables`: the matrix from the link's octets to the processor's field, four times; fifteen powers of the root of
/// unity of order fifteen, 32 times each; for each of 17 places the values of its 48 slots. `codeblock` has
/// `interleave * symbols` octets, at most 8 * 255, and `fill` zero symbols are thought in front of each codeword, so
/// that there are 255. `syndromes` takes 48 octets for each codeword, if it is not null.
///
/// Returns a bit for each codeword, set where a syndrome is not zero.
unsigned ck_syndromes(
    const uint8_t *tables,
    const uint8_t *codeblock,
    size_t interleave,
    size_t symbols,
    uint8_t *syndromes
);

/// Whether this processor has vectors of 32 octets.
int ck_trellis_is_available(void);

/// Goes on by eight bits of the convolutional code for every sixteen symbols.
///
/// `costs` are 64 octets for each of 256 pairs of symbols. `symbols` are 16 for each of `octets`, from 0 to 15. Before
/// every eight bits all costs are lowered so that the first state's is `spread`. `states` has a cost for each of 64
/// states; `decisions` takes 64 octets for each of `octets`.
///
/// Returns by how much costs were lowered in all.
long ck_trellis_advance(
    const uint8_t *costs,
    const uint8_t *symbols,
    size_t octets,
    uint8_t spread,
    uint8_t *states,
    uint8_t *decisions
);

#endif
