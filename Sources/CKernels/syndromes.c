#include "CKernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

#define FIELD __attribute__((target("avx2,gfni")))

// Octets of a codeblock, and as many lanes of the last one's last group as lie behind it.
#define ROOM (8 * 255 + 64)

int ck_syndromes_is_available(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("gfni");
}

// 1. Octets to elements of the processor's field, 17 symbols of all codewords, a chunk, behind the other; zeros for
//    symbols that are not sent.
FIELD static void convert(const uint8_t *matrix, const uint8_t *codeblock, size_t count, uint8_t *elements) {
    const __m256i rows = _mm256_loadu_si256((const __m256i *)matrix);
    if (count < 32) {
        uint8_t few[32] = {0};
        memcpy(few, codeblock, count);
        __m256i octets = _mm256_loadu_si256((const __m256i *)few);
        _mm256_storeu_si256((__m256i *)elements, _mm256_gf2p8affine_epi64_epi8(octets, rows, 0));
    } else {
        // The last 32 octets overlap those before them.
        for (size_t index = 0; index < count; index += 32) {
            size_t start = index + 32 <= count ? index : count - 32;
            __m256i octets = _mm256_loadu_si256((const __m256i *)(codeblock + start));
            _mm256_storeu_si256((__m256i *)(elements + start), _mm256_gf2p8affine_epi64_epi8(octets, rows, 0));
        }
    }
    // Lanes behind the end are looked at, though never used.
    _mm256_storeu_si256((__m256i *)(elements + count), _mm256_setzero_si256());
}

FIELD static inline __m256i times(__m256i elements, const uint8_t *unity, size_t power) {
    return _mm256_gf2p8mul_epi8(elements, _mm256_loadu_si256((const __m256i *)(unity + 32 * (power % 15))));
}

// 2. In 32 lanes, the discrete Fourier transform of the fifteen chunks, as three of five and five of three.
FIELD static inline void transform(const uint8_t *elements, size_t chunk, const uint8_t *unity, __m256i *out) {
    __m256i fives[3][5];
#pragma clang loop unroll(full)
    for (size_t third = 0; third < 3; third += 1) {
        __m256i in[5];
#pragma clang loop unroll(full)
        for (size_t fifth = 0; fifth < 5; fifth += 1) {
            in[fifth] = _mm256_loadu_si256((const __m256i *)(elements + (3 * fifth + third) * chunk));
        }
#pragma clang loop unroll(full)
        for (size_t root = 0; root < 5; root += 1) {
            __m256i sum = in[0];
#pragma clang loop unroll(full)
            for (size_t fifth = 1; fifth < 5; fifth += 1) {
                size_t power = 3 * root * fifth % 15;
                sum = _mm256_xor_si256(sum, power == 0 ? in[fifth] : times(in[fifth], unity, power));
            }
            fives[third][root] = sum;
        }
    }
#pragma clang loop unroll(full)
    for (size_t root = 0; root < 15; root += 1) {
        __m256i second = fives[1][root % 5];
        __m256i third = fives[2][root % 5];
        if (root > 0) {
            second = times(second, unity, root);
            third = times(third, unity, 2 * root);
        }
        out[root] = _mm256_xor_si256(fives[0][root % 5], _mm256_xor_si256(second, third));
    }
    out[15] = _mm256_setzero_si256();
}

// 3. Sixteen rows of 32 octets to 32 rows of sixteen.
FIELD static inline void transpose(const __m256i *in, uint8_t *out) {
    __m256i a[16];
    __m256i b[16];
#pragma clang loop unroll(full)
    for (size_t row = 0; row < 8; row += 1) {
        a[2 * row] = _mm256_unpacklo_epi8(in[row], in[row + 8]);
        a[2 * row + 1] = _mm256_unpackhi_epi8(in[row], in[row + 8]);
    }
#pragma clang loop unroll(full)
    for (size_t row = 0; row < 8; row += 1) {
        b[2 * row] = _mm256_unpacklo_epi8(a[row], a[row + 8]);
        b[2 * row + 1] = _mm256_unpackhi_epi8(a[row], a[row + 8]);
    }
#pragma clang loop unroll(full)
    for (size_t row = 0; row < 8; row += 1) {
        a[2 * row] = _mm256_unpacklo_epi8(b[row], b[row + 8]);
        a[2 * row + 1] = _mm256_unpackhi_epi8(b[row], b[row + 8]);
    }
#pragma clang loop unroll(full)
    for (size_t row = 0; row < 8; row += 1) {
        b[2 * row] = _mm256_unpacklo_epi8(a[row], a[row + 8]);
        b[2 * row + 1] = _mm256_unpackhi_epi8(a[row], a[row + 8]);
    }
#pragma clang loop unroll(full)
    for (size_t row = 0; row < 16; row += 1) {
        _mm_store_si128((__m128i *)(out + 16 * row), _mm256_castsi256_si128(b[row]));
        _mm_store_si128((__m128i *)(out + 16 * (row + 16)), _mm256_extracti128_si256(b[row], 1));
    }
}

FIELD unsigned ck_syndromes(
    const uint8_t *tables, const uint8_t *codeblock, size_t interleave, size_t symbols, uint8_t *syndromes
) {
    _Alignas(32) uint8_t elements[ROOM];
    _Alignas(32) uint8_t classes[16 * (8 * 17 + 32)];
    const uint8_t *unity = tables + 32;
    const uint8_t *places = unity + 15 * 32;
    size_t chunk = 17 * interleave;
    size_t fill = (255 - symbols) * interleave;
    memset(elements, 0, fill);
    convert(tables, codeblock, symbols * interleave, elements + fill);
    for (size_t lane = 0; lane < chunk; lane += 32) {
        __m256i out[16];
        transform(elements + lane, chunk, unity, out);
        transpose(out, classes + 16 * lane);
    }
    // 4. Each root belongs to one class of the fifteen, and has its slot there.
    unsigned wrong = 0;
    for (size_t codeword = 0; codeword < interleave; codeword += 1) {
        __m256i both = _mm256_setzero_si256();
        __m128i more = _mm_setzero_si128();
#pragma clang loop unroll(full)
        for (size_t place = 0; place < 17; place += 1) {
            __m128i row = _mm_load_si128((const __m128i *)(classes + 16 * (place * interleave + codeword)));
            __m256i values = _mm256_loadu_si256((const __m256i *)(places + 48 * place));
            __m128i other = _mm_loadu_si128((const __m128i *)(places + 48 * place + 32));
            both = _mm256_xor_si256(both, _mm256_gf2p8mul_epi8(_mm256_broadcastsi128_si256(row), values));
            more = _mm_xor_si128(more, _mm_gf2p8mul_epi8(row, other));
        }
        if (syndromes != NULL) {
            _mm256_storeu_si256((__m256i *)(syndromes + 48 * codeword), both);
            _mm_storeu_si128((__m128i *)(syndromes + 48 * codeword + 32), more);
        }
        int isZero = _mm256_testz_si256(both, both) && _mm_testz_si128(more, more);
        wrong |= (isZero ? 0u : 1u) << codeword;
    }
    return wrong;
}

#else

int ck_syndromes_is_available(void) { return 0; }

unsigned ck_syndromes(
    const uint8_t *tables, const uint8_t *codeblock, size_t interleave, size_t symbols, uint8_t *syndromes
) {
    (void)tables, (void)codeblock, (void)interleave, (void)symbols, (void)syndromes;
    return 0;
}

#endif
