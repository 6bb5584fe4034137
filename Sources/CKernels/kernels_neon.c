#if defined(__aarch64__)
#include <arm_neon.h>

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

#define HAS_HALVES
#define W 4
#define TILE 8
#define SIGNED_BYTES 1
#define PREFETCH 2048

#include "rows.h"

INLINE void dots(
    int count, int steps, int bits, const wbytes *weights, const int8_t *activations, wints *c
) {
    (void)bits;
    UNROLL for (int s = 0; s < steps; s += 4)
        UNROLL for (int j = 0; j < count; j++) {
            const int8x16_t a = vld1q_s8(activations + 32 * j + 4 * s);
            const int8x16_t *w = (const int8x16_t *)(weights + s);
            int32x4_t sum = (int32x4_t)c[j];
            sum = vdotq_laneq_s32(sum, w[0], a, 0);
            sum = vdotq_laneq_s32(sum, w[1], a, 1);
            sum = vdotq_laneq_s32(sum, w[2], a, 2);
            sum = vdotq_laneq_s32(sum, w[3], a, 3);
            c[j] = (wints)sum;
        }
}

#pragma clang attribute pop

const ck_kernels ck_neon = KERNELS("NEON");
#endif
