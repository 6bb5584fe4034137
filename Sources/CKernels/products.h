// Products of packed weights with prepared rows.
//
// A file that includes this defines first
//   W             how many of a group's rows a register holds: 16, 8 or 4
//   TILE          the most rows of activations that share a pass over a group, up to 8
//   SIGNED_BYTES  1 when dots() wants eight-bit weights as int8, 0 when as uint8 (128 more)
//   dots(...)     c[j] += weights * activations over `steps` steps, for `count` rows
//   DOT_PAIRS     optional: an instruction for pairs of 16-bit products
#pragma once

#include "vectors.h"

typedef uint8_t wbytes __attribute__((vector_size(4 * W)));
typedef uint16_t wshorts __attribute__((vector_size(4 * W)));
typedef int32_t wints __attribute__((vector_size(4 * W)));
typedef float wfloats __attribute__((vector_size(4 * W)));
typedef uint8_t wnarrow __attribute__((vector_size(W)));

INLINE void dots(
    int count, int steps, int bits, const wbytes *weights, const int8_t *activations, wints *c);

INLINE wbytes loadBytes(const uint8_t *p) {
    wbytes v;
    memcpy(&v, p, sizeof v);
    return v;
}

INLINE wfloats wsplat(float x) { return (wfloats){0} + x; }

INLINE wfloats wfma(wfloats a, wfloats b, wfloats c) { return __builtin_elementwise_fma(a, b, c); }

INLINE wfloats toFloats(wints v) { return __builtin_convertvector(v, wfloats); }

// W of the half floats of a group's rows.
INLINE wfloats loadHalves(const uint8_t *p, int part) {
#if W == 16
    (void)part;
    return halfToFloat(p);
#else
    floats all = halfToFloat(p);
    wfloats v;
    memcpy(&v, (const char *)&all + part * (int)sizeof v, sizeof v);
    return v;
#endif
}

INLINE void prefetch(const uint8_t *p, int bytes) {
    UNROLL for (int i = 0; i < bytes; i += 64) __builtin_prefetch(p + PREFETCH + i, 0, 3);
}

// The eight steps of 32 columns. `planes` is moved to the part's place in each plane.
INLINE void unpackSteps(int bits, const uint8_t *planes, wbytes *steps) {
    if (bits == 8) {
        UNROLL for (int s = 0; s < 8; s++) {
            steps[s] = loadBytes(planes + PLANE * s);
            if (SIGNED_BYTES) steps[s] ^= 0x80;
        }
        return;
    }
    UNROLL for (int q = 0; q < 4; q++) {
        wbytes v = loadBytes(planes + PLANE * q);
        steps[q] = v & 15;
        steps[q + 4] = (wbytes)((wshorts)v >> 4) & 15;
    }
    if (bits == 5) {
        wshorts h = (wshorts)loadBytes(planes + PLANE * 4);
        UNROLL for (int s = 0; s < 8; s++)
            steps[s] |= (wbytes)(s < 4 ? h << (4 - s) : h >> (s - 4)) & 16;
    }
    if (bits == 6) {
        UNROLL for (int q = 0; q < 4; q++) {
            wshorts h = (wshorts)loadBytes(planes + PLANE * (4 + q / 2));
            steps[q] |= (wbytes)(q % 2 ? h : h << 4) & 48;
            steps[q + 4] |= (wbytes)(q % 2 ? h >> 2 : h << 2) & 48;
        }
    }
}

// Rows of four share one wave of dots(), against its latency.
#define WAVES(n) UNROLL for (int wave = 0; wave < (n); wave += 4)
#define IN_WAVE(n) UNROLL for (int j = 0; j < 4 && wave + j < (n); j++)
#define WAVE_SIZE(n) ((n) - wave < 4 ? (n) - wave : 4)

INLINE void multiply32(
    const int n, const ck_format format, const uint8_t *group, const uint8_t *tile,
    size_t columns, float *output, size_t stride, const int part
) {
    const ck_layout layout = layoutOf(format);
    const bool isOffset = !layout.hasMin && !(SIGNED_BYTES && layout.bits == 8);
    const int32_t offset = 1 << layout.offset;
    wfloats sums[n];
    UNROLL for (int j = 0; j < n; j++) sums[j] = (wfloats){0};
    for (size_t k = 0; k < columns; k += 32) {
        if (part == 0) prefetch(group, recordBytes(layout));
        wbytes steps[8];
        unpackSteps(layout.bits, group + 4 * W * part, steps);
        const uint8_t *last = group + stepBytes(layout.bits);
        wfloats scale = loadHalves(last, part), min = {0};
        if (layout.hasMin) min = loadHalves(last + HALVES, part);
        const float *scales = (const float *)(tile + n * 32), *scaledSums = scales + n;
        const int32_t *negativeSums = (const int32_t *)(scaledSums + n);
        WAVES(n) {
            wints c[4];
            IN_WAVE(n) c[j] = (wints){0} + (isOffset ? negativeSums[wave + j] * offset : 0);
            dots(WAVE_SIZE(n), 8, layout.bits, steps, (const int8_t *)tile + 32 * wave, c);
            IN_WAVE(n) {
                int row = wave + j;
                sums[row] = wfma(toFloats(c[j]) * scales[row], scale, sums[row]);
                if (layout.hasMin) sums[row] = wfma(min, wsplat(scaledSums[row]), sums[row]);
            }
        }
        group += recordBytes(layout);
        tile += n * ROW_BYTES_32;
    }
    UNROLL for (int j = 0; j < n; j++) memcpy(output + (size_t)j * stride + W * part, &sums[j], sizeof sums[j]);
}

INLINE wints widen(const uint8_t *p) {
    wnarrow v;
    memcpy(&v, p, sizeof v);
    return __builtin_convertvector(v, wints);
}

#ifndef DOT_PAIRS
// c + the products of W pairs of int16 with one pair.
INLINE wints dotPairs(wints c, wshorts pairs, const int16_t *pair) {
    return c + ((wints)pairs << 16 >> 16) * pair[0] + ((wints)pairs >> 16) * pair[1];
}
#endif

// W pairs of bytes.
INLINE wshorts loadPairs(const uint8_t *p, bool isSigned) {
    typedef uint8_t narrow __attribute__((vector_size(2 * W)));
    typedef int8_t narrowSigned __attribute__((vector_size(2 * W)));
    typedef int16_t wideSigned __attribute__((vector_size(4 * W)));
    narrow v;
    memcpy(&v, p, sizeof v);
    if (isSigned) return (wshorts)__builtin_convertvector((narrowSigned)v, wideSigned);
    return __builtin_convertvector(v, wshorts);
}

INLINE void multiply256(
    const int n, const ck_format format, const uint8_t *group, const uint8_t *tile,
    size_t columns, float *output, size_t stride, const int part
) {
    const ck_layout layout = layoutOf(format);
    const int subBytes = recordBytes(layout) / SUBS;
    wfloats sums[n];
    UNROLL for (int j = 0; j < n; j++) sums[j] = (wfloats){0};
    for (size_t k = 0; k < columns; k += 256) {
        const uint8_t *subScales = group + SUBS * stepBytes(layout.bits);
        const int16_t *tileSums = (const int16_t *)(tile + n * (layout.hasMin ? 256 : 272));
        const float *scales = (const float *)(tile + n * 304);
        wints whole[n];
        UNROLL for (int j = 0; j < n; j++) whole[j] = (wints){0};
        for (int sub = 0; sub < SUBS; sub++) {
            const int8_t *rows = (const int8_t *)tile + n * 32 * sub;
            if (part == 0) prefetch(group + subBytes * sub, subBytes);
            wbytes steps[8];
            unpackSteps(layout.bits, group + stepBytes(layout.bits) * sub + 4 * W * part, steps);
            if (layout.hasMin) {
                wints scale = widen(subScales + sub * CK_GROUP_ROWS + W * part);
                WAVES(n) {
                    wints c[4];
                    IN_WAVE(n) c[j] = (wints){0};
                    dots(WAVE_SIZE(n), 8, layout.bits, steps, rows + 32 * wave, c);
                    IN_WAVE(n) whole[wave + j] += c[j] * scale;
                }
            } else {
                wshorts both = loadPairs(subScales + HALVES * sub + 2 * W * part, true);
                wints first = (wints)both << 16 >> 16, second = (wints)both >> 16;
                WAVES(n) {
                    wints c[4], d[4];
                    IN_WAVE(n) c[j] = d[j] = (wints){0};
                    dots(WAVE_SIZE(n), 4, layout.bits, steps, rows + 32 * wave, c);
                    dots(WAVE_SIZE(n), 4, layout.bits, steps + 4, rows + 32 * wave + 16, d);
                    IN_WAVE(n) whole[wave + j] += c[j] * first + d[j] * second;
                }
            }
        }
        const uint8_t *last = subScales + 2 * SUB_SCALES;
        wfloats scale = loadHalves(last, part), min = {0};
        if (layout.hasMin) min = loadHalves(last + HALVES, part);
        // What the mins, or the missing signs of the weights, add to sums of activations.
        const int pairs = layout.hasMin ? SUBS / 2 : SUBS;
        const uint8_t *paired = subScales + (layout.hasMin ? SUB_SCALES : 0) + 2 * W * part;
        wshorts factors[SUBS];
        UNROLL for (int p = 0; p < pairs; p++)
            factors[p] = loadPairs(paired + HALVES * p, !layout.hasMin);
        UNROLL for (int j = 0; j < n; j++) {
            const int16_t *rowSums = tileSums + 2 * pairs * j;
            wints added = {0};
            UNROLL for (int p = 0; p < pairs; p++)
                added = dotPairs(added, factors[p], rowSums + 2 * p);
            if (!layout.hasMin) whole[j] -= added << layout.offset;
            wfloats value = toFloats(whole[j]) * scale;
            if (layout.hasMin) value = wfma(-toFloats(added), min, value);
            sums[j] = wfma(value, wsplat(scales[j]), sums[j]);
        }
        group += recordBytes(layout);
        tile += n * ROW_BYTES_256;
    }
    UNROLL for (int j = 0; j < n; j++) memcpy(output + (size_t)j * stride + W * part, &sums[j], sizeof sums[j]);
}

INLINE wfloats loadWeights(ck_format format, const uint8_t *p, int part) {
    if (format == CK_F16) return loadHalves(p, part);
    wfloats v;
    if (format == CK_F32) {
        memcpy(&v, p + 4 * W * part, sizeof v);
        return v;
    }
    typedef uint16_t narrow __attribute__((vector_size(2 * W)));
    typedef uint32_t wide __attribute__((vector_size(4 * W)));
    narrow half;
    memcpy(&half, p + 2 * W * part, sizeof half);
    return (wfloats)(__builtin_convertvector(half, wide) << 16);
}

// Even and odd columns have sums of their own, against the latency of one chain.
INLINE void multiplyFloats(
    const int n, const ck_format format, const uint8_t *group, const uint8_t *tile,
    size_t columns, float *output, size_t stride, const int part
) {
    const int bytes = recordBytes(layoutOf(format));
    const float *rows = (const float *)tile;
    wfloats even[n], odd[n];
    UNROLL for (int j = 0; j < n; j++) even[j] = odd[j] = (wfloats){0};
    for (size_t k = 0; k < columns; k += 2) {
        if (part == 0) prefetch(group, 2 * bytes);
        wfloats first = loadWeights(format, group, part);
        wfloats second = loadWeights(format, group + bytes, part);
        UNROLL for (int j = 0; j < n; j++) {
            even[j] = wfma(first, wsplat(rows[(size_t)j * columns + k]), even[j]);
            odd[j] = wfma(second, wsplat(rows[(size_t)j * columns + k + 1]), odd[j]);
        }
        group += 2 * bytes;
    }
    UNROLL for (int j = 0; j < n; j++) {
        even[j] += odd[j];
        memcpy(output + (size_t)j * stride + W * part, &even[j], sizeof even[j]);
    }
}

_Static_assert(TILE == 4 || TILE == 8, "the tables below are for these");

typedef void (*tile_product)(
    const uint8_t *group, const uint8_t *tile, size_t columns, float *output, size_t stride);

// One function for each number of rows in a tile.
#define TILE_PRODUCT(n, family, format) \
    static __attribute__((noinline)) void format##_##n( \
        const uint8_t *group, const uint8_t *tile, size_t columns, float *output, size_t stride \
    ) { \
        UNROLL for (int part = 0; part < CK_GROUP_ROWS / W; part++) \
            family(n, format, group, tile, columns, output, stride, part); \
    }
#if TILE == 8
#define EACH_COUNT(family, format) \
    TILE_PRODUCT(1, family, format) TILE_PRODUCT(2, family, format) \
    TILE_PRODUCT(3, family, format) TILE_PRODUCT(4, family, format) \
    TILE_PRODUCT(5, family, format) TILE_PRODUCT(6, family, format) \
    TILE_PRODUCT(7, family, format) TILE_PRODUCT(8, family, format)
#define COUNTS(format) \
    {format##_1, format##_2, format##_3, format##_4, format##_5, format##_6, format##_7, format##_8}
#else
#define EACH_COUNT(family, format) \
    TILE_PRODUCT(1, family, format) TILE_PRODUCT(2, family, format) \
    TILE_PRODUCT(3, family, format) TILE_PRODUCT(4, family, format)
#define COUNTS(format) {format##_1, format##_2, format##_3, format##_4}
#endif

EACH_COUNT(multiply32, CK_Q4_0)
EACH_COUNT(multiply32, CK_Q4_1)
EACH_COUNT(multiply32, CK_Q5_0)
EACH_COUNT(multiply32, CK_Q5_1)
EACH_COUNT(multiply32, CK_Q8_0)
EACH_COUNT(multiply256, CK_Q4_K)
EACH_COUNT(multiply256, CK_Q5_K)
EACH_COUNT(multiply256, CK_Q6_K)
EACH_COUNT(multiplyFloats, CK_F32)
EACH_COUNT(multiplyFloats, CK_F16)
EACH_COUNT(multiplyFloats, CK_BF16)

static const tile_product tileProducts[][TILE] = {
    [CK_Q4_0] = COUNTS(CK_Q4_0), [CK_Q4_1] = COUNTS(CK_Q4_1), [CK_Q5_0] = COUNTS(CK_Q5_0),
    [CK_Q5_1] = COUNTS(CK_Q5_1), [CK_Q8_0] = COUNTS(CK_Q8_0), [CK_Q4_K] = COUNTS(CK_Q4_K),
    [CK_Q5_K] = COUNTS(CK_Q5_K), [CK_Q6_K] = COUNTS(CK_Q6_K), [CK_F32] = COUNTS(CK_F32),
    [CK_F16] = COUNTS(CK_F16), [CK_BF16] = COUNTS(CK_BF16),
};

static void multiply(const ck_product *product, size_t first, size_t count) {
    const size_t groupBytes = ck_group_bytes(product->format, product->columns);
    const size_t rowBytes =
        ck_activation_bytes(ck_activation_of(product->format), 1, product->columns);
    const tile_product *table = tileProducts[product->format];
    for (size_t g = first; g < first + count; g++)
        for (size_t row = 0; row < product->rows; row += TILE) {
            size_t n = product->rows - row < TILE ? product->rows - row : TILE;
            table[n - 1](
                product->groups + g * groupBytes,
                (const uint8_t *)product->activations + row * rowBytes, product->columns,
                product->output + row * product->outputStride + g * CK_GROUP_ROWS,
                product->outputStride);
        }
}
