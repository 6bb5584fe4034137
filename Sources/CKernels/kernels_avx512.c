#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,f16c"))), \
    apply_to = function)

#define HAS_HALVES
#define W 16
#define TILE 8
#define SIGNED_BYTES 0
#define PREFETCH 4096
#define DOT_PAIRS
#define dotPairs(c, mins, pair) \
    (wints) _mm512_dpwssd_epi32((__m512i)(c), (__m512i)(mins), _mm512_set1_epi32(word(pair)))

#include "rows.h"

INLINE void dots(
    int count, int steps, int bits, const wbytes *weights, const int8_t *activations, wints *c
) {
    (void)bits;
    UNROLL for (int s = 0; s < steps; s++)
        UNROLL for (int j = 0; j < count; j++)
            c[j] = (wints)_mm512_dpbusd_epi32(
                (__m512i)c[j], (__m512i)weights[s],
                _mm512_set1_epi32(word(activations + 32 * j + 4 * s)));
}

#pragma clang attribute pop

const ck_kernels ck_avx512_vnni = KERNELS("AVX-512 VNNI");
#endif
