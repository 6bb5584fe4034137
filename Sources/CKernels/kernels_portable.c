#define W 16
#define TILE 4
#define SIGNED_BYTES 1
#define PREFETCH 1024

#include "rows.h"

INLINE void dots(
    int count, int steps, int bits, const wbytes *weights, const int8_t *activations, wints *c
) {
    for (int s = 0; s < steps; s++) {
        const int8_t *bytes = (const int8_t *)&weights[s];
        for (int j = 0; j < count; j++)
            for (int row = 0; row < W; row++)
                for (int t = 0; t < 4; t++)
                    c[j][row] += (bits == 8 ? bytes[4 * row + t] : (uint8_t)bytes[4 * row + t])
                        * activations[32 * j + 4 * s + t];
    }
}

const ck_kernels ck_portable = KERNELS("portable");
