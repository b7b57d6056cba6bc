#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx2")))

int ck_trellis_is_available(void) { return __builtin_cpu_supports("avx2"); }

WIDE static inline __m256i load(const uint8_t *octets) { return _mm256_loadu_si256((const __m256i *)octets); }

WIDE static inline void store(uint8_t *octets, __m256i value) { _mm256_storeu_si256((__m256i *)octets, value); }

// The lesser of two costs; whether it is the lower one's becomes the next bit of isLow.
WIDE static inline __m256i lesser(__m256i low, __m256i high, __m256i *isLow) {
    __m256i least = _mm256_min_epu8(low, high);
    *isLow = _mm256_sub_epi8(_mm256_add_epi8(*isLow, *isLow), _mm256_cmpeq_epi8(least, low));
    return least;
}

WIDE long ck_trellis_advance(
    const uint8_t *costs, const uint8_t *symbols, size_t octets, uint8_t spread, uint8_t *states, uint8_t *decisions
) {
    const __m256i ones = _mm256_set1_epi8(-1);
    const __m256i least = _mm256_set1_epi8((char)spread);
    __m256i lower = load(states);
    __m256i upper = load(states + 32);
    long taken = 0;
    for (size_t octet = 0; octet < octets; octet += 1) {
        // All that follows waits for this, so the sum is made aside.
        __m256i excess = _mm256_sub_epi8(_mm256_broadcastb_epi8(_mm256_castsi256_si128(lower)), least);
        taken += (long)(uint8_t)_mm256_extract_epi8(lower, 0) - spread;
        lower = _mm256_sub_epi8(lower, excess);
        upper = _mm256_sub_epi8(upper, excess);
        // Pairs of states interleave within halves of a vector: 0 to 15 stand before 32 to 47, 16 to 31 before 48 to 63.
        __m256i isLow0 = _mm256_setzero_si256();
        __m256i isLow1 = _mm256_setzero_si256();
        for (size_t bit = 0; bit < 8; bit += 1) {
            const uint8_t *pair = symbols + 16 * octet + 2 * bit;
            const uint8_t *cost = costs + 64 * (size_t)((pair[0] << 4 | pair[1]) & 0xFF);
            __m256i plain = load(cost);
            __m256i complement = load(cost + 32);
            __m256i even = _mm256_add_epi8(lower, plain);
            __m256i odd = _mm256_add_epi8(lower, complement);
            __m256i evenAbove = _mm256_add_epi8(upper, complement);
            __m256i oddAbove = _mm256_add_epi8(upper, plain);
            __m256i least0 =
                lesser(_mm256_unpacklo_epi8(even, odd), _mm256_unpacklo_epi8(evenAbove, oddAbove), &isLow0);
            __m256i least1 =
                lesser(_mm256_unpackhi_epi8(even, odd), _mm256_unpackhi_epi8(evenAbove, oddAbove), &isLow1);
            lower = _mm256_permute2x128_si256(least0, least1, 0x20);
            upper = _mm256_permute2x128_si256(least0, least1, 0x31);
        }
        isLow0 = _mm256_xor_si256(isLow0, ones);
        isLow1 = _mm256_xor_si256(isLow1, ones);
        store(decisions + 64 * octet, _mm256_permute2x128_si256(isLow0, isLow1, 0x20));
        store(decisions + 64 * octet + 32, _mm256_permute2x128_si256(isLow0, isLow1, 0x31));
    }
    store(states, lower);
    store(states + 32, upper);
    return taken;
}

#else

int ck_trellis_is_available(void) { return 0; }

long ck_trellis_advance(
    const uint8_t *costs, const uint8_t *symbols, size_t octets, uint8_t spread, uint8_t *states, uint8_t *decisions
) {
    (void)costs, (void)symbols, (void)octets, (void)spread, (void)states, (void)decisions;
    return 0;
}

#endif
