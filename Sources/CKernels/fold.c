#include "CKernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

#define FOLDING __attribute__((target("pclmul,ssse3")))

int ck_fold_is_available(void) {
    return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("ssse3");
}

// The first octet's bits are the highest powers: in the register they belong at the top, or at the bottom if reflected.
FOLDING static inline __m128i load(const uint8_t *octets, int isReflected) {
    __m128i block = _mm_loadu_si128((const __m128i *)octets);
    if (isReflected) return block;
    return _mm_shuffle_epi8(block, _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

// The key of the half with the higher powers is in the key's upper half.
FOLDING static inline __m128i forward(__m128i block, __m128i key, int isReflected) {
    __m128i high = isReflected ? _mm_clmulepi64_si128(block, key, 0x10) : _mm_clmulepi64_si128(block, key, 0x11);
    __m128i low = isReflected ? _mm_clmulepi64_si128(block, key, 0x01) : _mm_clmulepi64_si128(block, key, 0x00);
    return _mm_xor_si128(high, low);
}

FOLDING static inline __attribute__((always_inline)) void fold(
    const uint8_t *octets, size_t count, const uint64_t *keys, int isReflected, uint8_t *block
) {
    const __m128i far = _mm_set_epi64x((long long)keys[0], (long long)keys[1]);
    const __m128i near = _mm_set_epi64x((long long)keys[2], (long long)keys[3]);
    // Zeros in front change no remainder, so the odd octets come first and there is no tail.
    size_t odd = count % 16;
    uint8_t head[32] = {0};
    memcpy(head + 16 - odd, octets, odd + 16);
    for (size_t index = 0; index < 16; index += 1) head[16 - odd + index] ^= block[index];
    octets += odd + 16;
    count -= odd + 16;
    __m128i sum = load(head + 16, isReflected);
    if (odd > 0) sum = _mm_xor_si128(sum, forward(load(head, isReflected), near, isReflected));
    if (count >= 64) {
        __m128i sum0 = _mm_xor_si128(forward(sum, near, isReflected), load(octets, isReflected));
        __m128i sum1 = load(octets + 16, isReflected);
        __m128i sum2 = load(octets + 32, isReflected);
        __m128i sum3 = load(octets + 48, isReflected);
        for (octets += 64, count -= 64; count >= 64; octets += 64, count -= 64) {
            sum0 = _mm_xor_si128(forward(sum0, far, isReflected), load(octets, isReflected));
            sum1 = _mm_xor_si128(forward(sum1, far, isReflected), load(octets + 16, isReflected));
            sum2 = _mm_xor_si128(forward(sum2, far, isReflected), load(octets + 32, isReflected));
            sum3 = _mm_xor_si128(forward(sum3, far, isReflected), load(octets + 48, isReflected));
        }
        sum1 = _mm_xor_si128(sum1, forward(sum0, near, isReflected));
        sum2 = _mm_xor_si128(sum2, forward(sum1, near, isReflected));
        sum = _mm_xor_si128(sum3, forward(sum2, near, isReflected));
    }
    for (; count > 0; octets += 16, count -= 16) {
        sum = _mm_xor_si128(forward(sum, near, isReflected), load(octets, isReflected));
    }
    _mm_storeu_si128((__m128i *)block, sum);
    _mm_storeu_si128((__m128i *)block, load(block, isReflected));
}

FOLDING void ck_fold(const uint8_t *octets, size_t count, const uint64_t *keys, int isReflected, uint8_t *block) {
    if (isReflected) {
        fold(octets, count, keys, 1, block);
    } else {
        fold(octets, count, keys, 0, block);
    }
}

#else

int ck_fold_is_available(void) { return 0; }

void ck_fold(const uint8_t *octets, size_t count, const uint64_t *keys, int isReflected, uint8_t *block) {
    (void)octets, (void)count, (void)keys, (void)isReflected, (void)block;
}

#endif
