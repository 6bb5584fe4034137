// What a forward does with rows of floats besides products.
#pragma once

#include "products.h"

// A row's place in its tile.
typedef struct { uint8_t *start; size_t tileRows, row; } place;

INLINE place placeOf(void *activations, size_t rowBytes, size_t row, size_t rows) {
    size_t first = row / TILE * TILE, left = rows - first;
    return (place){
        (uint8_t *)activations + first * rowBytes, left < TILE ? left : TILE, row - first};
}

typedef struct { float scale, inverse; } step;

// What is too small to have an inverse becomes zeros. An infinity or a NaN has the inverse zero too
// and passes through the scale.
INLINE step stepOf(float largest) {
    return (step){largest / 127.0f, largest > 0x1p-120f ? 127.0f / largest : 0};
}

// Sixteen int8; returns their sum.
INLINE int32_t writeBytes(const float *values, float inverse, uint8_t *bytes) {
    typedef int8_t narrow __attribute__((vector_size(16)));
    narrow v = __builtin_convertvector(nearest(load(values) * inverse), narrow);
    memcpy(bytes, &v, sizeof v);
    return sumOfInts(__builtin_convertvector(v, ints));
}

static void quantize32(const float *values, size_t columns, place at) {
    for (size_t k = 0; k < columns; k += 32, values += 32, at.start += at.tileRows * ROW_BYTES_32) {
        step s = stepOf(
            largestMagnitude(largerMagnitude(magnitude(load(values)), magnitude(load(values + 16)))));
        uint8_t *bytes = at.start + 32 * at.row;
        int32_t total = writeBytes(values, s.inverse, bytes);
        total += writeBytes(values + 16, s.inverse, bytes + 16);
        float *scales = (float *)(at.start + 32 * at.tileRows);
        scales[at.row] = s.scale;
        scales[at.tileRows + at.row] = s.scale * (float)total;
        ((int32_t *)scales)[2 * at.tileRows + at.row] = -total;
    }
}

static void quantize256(const float *values, size_t columns, place at) {
    const size_t n = at.tileRows;
    for (size_t k = 0; k < columns; k += 256, values += 256, at.start += n * ROW_BYTES_256) {
        ints high = magnitude(load(values));
        for (int i = 16; i < 256; i += 16) high = largerMagnitude(high, magnitude(load(values + i)));
        step s = stepOf(largestMagnitude(high));
        int16_t *sums32 = (int16_t *)(at.start + n * 256) + 8 * at.row;
        int16_t *sums16 = (int16_t *)(at.start + n * 272) + 16 * at.row;
        for (size_t sub = 0; sub < SUBS; sub++) {
            uint8_t *bytes = at.start + 32 * (n * sub + at.row);
            int32_t first = writeBytes(values + 32 * sub, s.inverse, bytes);
            int32_t second = writeBytes(values + 32 * sub + 16, s.inverse, bytes + 16);
            sums32[sub] = (int16_t)(first + second);
            sums16[2 * sub] = (int16_t)first;
            sums16[2 * sub + 1] = (int16_t)second;
        }
        ((float *)(at.start + n * 304))[at.row] = s.scale;
    }
}

static void quantize(
    ck_activation activation, const float *values, size_t columns, size_t row, size_t rows,
    void *activations
) {
    place at = placeOf(activations, ck_activation_bytes(activation, 1, columns), row, rows);
    switch (activation) {
    case CK_FLOATS: memcpy((float *)activations + row * columns, values, columns * 4); break;
    case CK_BLOCKS_32: quantize32(values, columns, at); break;
    case CK_BLOCKS_256: quantize256(values, columns, at); break;
    }
}

static void normalize(
    const float *values, const float *weights, size_t count, float epsilon, float *output
) {
    floats squares = {0};
    for (size_t i = 0; i < count; i += LANES) squares = fma16(load(values + i), load(values + i), squares);
    float scale = 1.0f / __builtin_sqrtf(sum(squares) / (float)count + epsilon);
    for (size_t i = 0; i < count; i += LANES)
        store(output + i, load(values + i) * scale * load(weights + i));
}

static void add(float *values, const float *addends, size_t count) {
    for (size_t i = 0; i < count; i += LANES) store(values + i, load(values + i) + load(addends + i));
}

static void gate(float *gate, const float *up, size_t count) {
    for (size_t i = 0; i < count; i += LANES) {
        floats x = load(gate + i);
        store(gate + i, x / (1.0f + exponential(-x)) * load(up + i));
    }
}

static void rotate(
    float *head, const float *cosines, const float *sines, size_t pairs, bool halves
) {
    size_t step = halves ? 1 : 2, distance = halves ? pairs : 1;
    for (size_t i = 0; i < pairs; i++) {
        float *first = head + i * step, *second = first + distance, a = *first, b = *second;
        *first = a * cosines[i] - b * sines[i];
        *second = a * sines[i] + b * cosines[i];
    }
}

static void storeKeyValue(
    const float *key, const float *value, size_t headSize, size_t position, uint16_t *keys,
    uint16_t *values
) {
    uint16_t *block = keys + position / LANES * LANES * headSize + position % LANES;
    for (size_t i = 0; i < headSize; i += LANES) {
        uint16_t halves[LANES];
        floatToHalf(halves, load(key + i));
        for (size_t lane = 0; lane < LANES; lane++) block[(i + lane) * LANES] = halves[lane];
        floatToHalf(values + position * headSize + i, load(value + i));
    }
}

// How many sixteens of positions or elements share a pass over the heads: as many as keep enough
// sums going at once against the latency of one, and fit the registers.
INLINE int registersFor(int heads) {
    if (W < 16) return heads == 1 ? 4 : heads == 2 ? 2 : 1;
    return heads == 1 ? 8 : heads <= 4 ? 4 : 2;
}

// The scores of `count` times sixteen positions.
INLINE void scoreBlocks(
    const int heads, const int count, const ck_attention *a, size_t padded, size_t start
) {
    const size_t size = a->headSize;
    const uint16_t *keys = a->keys + start * size;
    floats sums[heads][count];
    UNROLL for (int h = 0; h < heads; h++)
        UNROLL for (int b = 0; b < count; b++) sums[h][b] = (floats){0};
    for (size_t i = 0; i < size; i++) {
        floats key[count];
        UNROLL for (int b = 0; b < count; b++)
            key[b] = halfToFloat(keys + ((size_t)b * size + i) * LANES);
        UNROLL for (int h = 0; h < heads; h++) {
            floats query = splat(a->queries[(size_t)h * size + i]);
            UNROLL for (int b = 0; b < count; b++) sums[h][b] = fma16(key[b], query, sums[h][b]);
        }
    }
    UNROLL for (int h = 0; h < heads; h++)
        UNROLL for (int b = 0; b < count; b++)
            store(a->scores + (size_t)h * padded + start + (size_t)b * LANES, sums[h][b] * a->scale);
}

// scores[h][position], masked after the last position.
INLINE void score(const int heads, const ck_attention *a, size_t padded) {
    const int count = registersFor(heads);
    const size_t step = (size_t)count * LANES;
    size_t start = 0;
    for (; start + step <= padded; start += step) scoreBlocks(heads, count, a, padded, start);
    for (; start < padded; start += LANES) scoreBlocks(heads, 1, a, padded, start);
    for (int h = 0; h < heads; h++)
        for (size_t p = a->length; p < padded; p++)
            a->scores[(size_t)h * padded + p] = -__builtin_inff();
}

// Turns scores into weights, not yet divided by their sum, which is returned.
INLINE float weigh(float *scores, size_t padded) {
    floats high = load(scores);
    for (size_t p = LANES; p < padded; p += LANES) high = larger(high, load(scores + p));
    const float top = largest(high);
    floats total = {0};
    for (size_t p = 0; p < padded; p += LANES) {
        floats x = load(scores + p);
        ints isMasked = x == -__builtin_inff();
        floats weight = (floats)((ints)exponential(x - top) & ~isMasked);
        store(scores + p, weight);
        total += weight;
    }
    return sum(total);
}

// `count` times sixteen elements of the output.
INLINE void mixElements(
    const int heads, const int count, const ck_attention *a, size_t padded, const float *sums,
    size_t start
) {
    const size_t size = a->headSize;
    floats totals[heads][count];
    UNROLL for (int h = 0; h < heads; h++)
        UNROLL for (int c = 0; c < count; c++) totals[h][c] = (floats){0};
    for (size_t p = 0; p < a->length; p++) {
        floats value[count];
        UNROLL for (int c = 0; c < count; c++)
            value[c] = halfToFloat(a->values + p * size + start + (size_t)c * LANES);
        UNROLL for (int h = 0; h < heads; h++) {
            floats weight = splat(a->scores[(size_t)h * padded + p]);
            UNROLL for (int c = 0; c < count; c++)
                totals[h][c] = fma16(value[c], weight, totals[h][c]);
        }
    }
    UNROLL for (int h = 0; h < heads; h++)
        UNROLL for (int c = 0; c < count; c++)
            store(
                a->output + (size_t)h * size + start + (size_t)c * LANES,
                totals[h][c] / sums[h]);
}

INLINE void mix(const int heads, const ck_attention *a, size_t padded, const float *sums) {
    const int count = registersFor(heads);
    const size_t step = (size_t)count * LANES;
    size_t start = 0;
    for (; start + step <= a->headSize; start += step)
        mixElements(heads, count, a, padded, sums, start);
    for (; start < a->headSize; start += LANES) mixElements(heads, 1, a, padded, sums, start);
}

INLINE void attendHeads(const int heads, const ck_attention *a) {
    size_t padded = (a->length + LANES - 1) / LANES * LANES;
    float sums[heads];
    score(heads, a, padded);
    for (int h = 0; h < heads; h++) sums[h] = weigh(a->scores + (size_t)h * padded, padded);
    mix(heads, a, padded, sums);
}

static void attend(const ck_attention *a) {
    switch (a->heads) {
    case 1: attendHeads(1, a); break;
    case 2: attendHeads(2, a); break;
    case 3: attendHeads(3, a); break;
    case 4: attendHeads(4, a); break;
    case 5: attendHeads(5, a); break;
    case 6: attendHeads(6, a); break;
    case 7: attendHeads(7, a); break;
    default: attendHeads(8, a); break;
    }
}

#define KERNELS(label) \
    {.name = label, .tile = TILE, .multiply = multiply, .quantize = quantize, \
     .normalize = normalize, .add = add, .gate = gate, .rotate = rotate, \
     .store = storeKeyValue, .attend = attend}
