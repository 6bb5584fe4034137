#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#define HAS_HALVES
#define W 8
#define TILE 4
#define SIGNED_BYTES 1
#define PREFETCH 2048
#define DOT_PAIRS
#define dotPairs(c, mins, pair) \
    ((c) + (wints)_mm256_madd_epi16((__m256i)(mins), _mm256_set1_epi32(word(pair))))

#include "rows.h"

// Two products, added as 16 bits: of unsigned weights, or of eight-bit ones with their signs
// moved to the activations, |weight| * |activation| <= 128 * 127.
INLINE __m256i pairs(int bits, wbytes weights, const int8_t *activations) {
    __m256i w = (__m256i)weights, a = _mm256_set1_epi32(word(activations));
    if (bits == 8) return _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(a, w));
    return _mm256_maddubs_epi16(w, a);
}

INLINE void dots(
    int count, int steps, int bits, const wbytes *weights, const int8_t *activations, wints *c
) {
    // So many steps of the largest weights and activations stay within 16 bits:
    // 8 * 2 * 15 * 127, 4 * 2 * 31 * 127, 2 * 2 * 63 * 127 and 2 * 128 * 127 are below 2^15.
    const int run = bits == 4 ? 8 : bits == 5 ? 4 : bits == 6 ? 2 : 1;
    UNROLL for (int j = 0; j < count; j++)
        UNROLL for (int s = 0; s < steps; s += run) {
            const int8_t *row = activations + 32 * j;
            __m256i sum = pairs(bits, weights[s], row + 4 * s);
            UNROLL for (int t = s + 1; t < s + run && t < steps; t++)
                sum = _mm256_add_epi16(sum, pairs(bits, weights[t], row + 4 * t));
            c[j] += (wints)_mm256_madd_epi16(sum, _mm256_set1_epi16(1));
        }
}

#pragma clang attribute pop

const ck_kernels ck_avx2 = KERNELS("AVX2");
#endif
