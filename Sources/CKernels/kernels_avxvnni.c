#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avxvnni,avx2,fma,f16c"))), apply_to = function)

#define HAS_HALVES
#define W 8
#define TILE 4
#define SIGNED_BYTES 0
#define PREFETCH 2048
#define DOT_PAIRS
#define dotPairs(c, mins, pair) \
    (wints) _mm256_dpwssd_avx_epi32((__m256i)(c), (__m256i)(mins), _mm256_set1_epi32(word(pair)))

#include "rows.h"

INLINE void dots(
    int count, int steps, int bits, const wbytes *weights, const int8_t *activations, wints *c
) {
    (void)bits;
    UNROLL for (int s = 0; s < steps; s++)
        UNROLL for (int j = 0; j < count; j++)
            c[j] = (wints)_mm256_dpbusd_avx_epi32(
                (__m256i)c[j], (__m256i)weights[s],
                _mm256_set1_epi32(word(activations + 32 * j + 4 * s)));
}

#pragma clang attribute pop

const ck_kernels ck_avx_vnni = KERNELS("AVX-VNNI");
#endif
