#include "gguf-blocks.h"
#include "check.h"

#include <math.h>
#include <string.h>

const file_format fileFormats[FORMAT_COUNT] = {
    {"Q4_0", CK_Q4_0, 32, 18},    {"Q4_1", CK_Q4_1, 32, 20},    {"Q5_0", CK_Q5_0, 32, 22},
    {"Q5_1", CK_Q5_1, 32, 24},    {"Q8_0", CK_Q8_0, 32, 34},    {"Q4_K", CK_Q4_K, 256, 144},
    {"Q5_K", CK_Q5_K, 256, 176},  {"Q6_K", CK_Q6_K, 256, 210},  {"F32", CK_F32, 1, 4},
    {"F16", CK_F16, 1, 2},        {"BF16", CK_BF16, 1, 2},
};

size_t rowBytes(const file_format *format, size_t columns) {
    return columns / format->columns * format->bytes;
}

static uint16_t halfAt(const uint8_t *p) {
    uint16_t half;
    memcpy(&half, p, 2);
    return half;
}

static void writeHalf(uint8_t *p, double value) {
    uint16_t half = halfNearest(value);
    memcpy(p, &half, 2);
}

static uint8_t randomByte(const file_format *format, weight_kind kind) {
    const uint8_t smallest = format->format == CK_Q8_0 ? 0x80 : 0;
    const uint8_t mixed[] = {0xFF, smallest, 0x7F, 0x80};
    switch (kind) {
    case LARGEST_WEIGHTS: return format->format == CK_Q8_0 ? 0x7F : 0xFF;
    case SMALLEST_WEIGHTS: return smallest;
    case EXTREME_WEIGHTS: return mixed[randomBits() >> 20 & 3];
    default: return (uint8_t)(randomBits() >> 20);
    }
}

static double randomScale(weight_kind kind) {
    switch (kind) {
    case RANDOM_WEIGHTS: return uniform(0.001, 0.002);
    case SUBNORMAL_SCALES: return uniform(0, 1023) * 0x1p-24;
    case LARGEST_SCALES: return 65504;
    default: return 1;
    }
}

static double randomFloat(weight_kind kind) {
    switch (kind) {
    case LARGEST_WEIGHTS: return 65504;
    case SMALLEST_WEIGHTS: return -65504;
    case EXTREME_WEIGHTS: return randomBits() >> 20 & 1 ? 65504 : -65504;
    case SUBNORMAL_SCALES: return uniform(-1023, 1023) * 0x1p-24;
    default: return uniform(-1, 1);
    }
}

static void makeFloat(const file_format *format, weight_kind kind, uint8_t *block) {
    float value = (float)randomFloat(kind);
    switch (format->format) {
    case CK_F32: memcpy(block, &value, 4); break;
    case CK_F16: writeHalf(block, value); break;
    default: memcpy(block, (const uint8_t *)&value + 2, 2);  // the upper half
    }
}

static void makeBlock(const file_format *format, weight_kind kind, uint8_t *block) {
    if (format->columns == 1) {
        makeFloat(format, kind, block);
        return;
    }
    for (size_t i = 0; i < format->bytes; i++) block[i] = randomByte(format, kind);
    if (format->format == CK_Q6_K && kind == LARGEST_WEIGHTS) memset(block + 192, 0x7F, 16);
    if (format->format == CK_Q6_K && kind == SMALLEST_WEIGHTS) memset(block + 192, 0x80, 16);
    double sign = randomBits() >> 20 & 1 ? 1 : -1;
    writeHalf(block + (format->format == CK_Q6_K ? 208 : 0), sign * randomScale(kind));
    switch (format->format) {
    case CK_Q4_1: case CK_Q5_1: case CK_Q4_K: case CK_Q5_K:
        writeHalf(block + 2, -sign * 10 * fmin(randomScale(kind), 6550));
        break;
    default: break;
    }
}

uint8_t *makeWeights(const file_format *format, weight_kind kind, size_t rows, size_t columns) {
    size_t bytes = rows * rowBytes(format, columns);
    uint8_t *weights = room(bytes);
    for (size_t i = 0; i < bytes; i += format->bytes) makeBlock(format, kind, weights + i);
    return weights;
}

// A sub-scale and sub-min of Q4_K and Q5_K: six bits each, eight of both in twelve bytes.
typedef struct { int scale, min; } sub_block;

static sub_block subBlockAt(const uint8_t *p, int i) {
    if (i < 4) return (sub_block){p[i] % 64, p[i + 4] % 64};
    return (sub_block){p[i + 4] % 16 + p[i - 4] / 64 * 16, p[i + 4] / 16 + p[i] / 64 * 16};
}

static int bitAt(const uint8_t *p, int i) { return p[i / 8] >> i % 8 & 1; }

// Four bits of a block of 32: first all low halves of the bytes, then the high ones.
static int nibble32(const uint8_t *p, int i) { return i < 16 ? p[i] % 16 : p[i - 16] / 16; }

// The same of each 64 of a block of 256.
static int nibble64(const uint8_t *p, int i) {
    int byte = p[i / 64 * 32 + i % 32];
    return i % 64 < 32 ? byte % 16 : byte / 16;
}

static int sixBits(const uint8_t *block, int i) {
    int part = i / 128, quarter = i % 128 / 32, l = i % 32;
    int byte = block[part * 64 + quarter % 2 * 32 + l];
    int high = block[128 + part * 32 + l] >> 2 * quarter & 3;
    return (quarter < 2 ? byte % 16 : byte / 16) + 16 * high - 32;
}

static weight_value withMin(double product, double min) {
    return (weight_value){product + min, fabs(product) + fabs(min)};
}

static weight_value ofBlock(ck_format format, const uint8_t *p, int i) {
    double scale = valueOfHalf(halfAt(p)), min = valueOfHalf(halfAt(p + 2));
    sub_block sub;
    switch (format) {
    case CK_Q4_0: return withMin(scale * (nibble32(p + 2, i) - 8), 0);
    case CK_Q4_1: return withMin(scale * nibble32(p + 4, i), min);
    case CK_Q5_0: return withMin(scale * (nibble32(p + 6, i) + 16 * bitAt(p + 2, i) - 16), 0);
    case CK_Q5_1: return withMin(scale * (nibble32(p + 8, i) + 16 * bitAt(p + 4, i)), min);
    case CK_Q8_0: return withMin(scale * (int8_t)p[2 + i], 0);
    case CK_Q4_K:
        sub = subBlockAt(p + 4, i / 32);
        return withMin(scale * sub.scale * nibble64(p + 16, i), -min * sub.min);
    case CK_Q5_K: {
        sub = subBlockAt(p + 4, i / 32);
        int fifth = p[16 + i % 32] >> i / 32 & 1;
        return withMin(scale * sub.scale * (nibble64(p + 48, i) + 16 * fifth), -min * sub.min);
    }
    default:
        scale = valueOfHalf(halfAt(p + 208));
        return withMin(scale * (int8_t)p[192 + i / 16] * sixBits(p, i), 0);
    }
}

weight_value readWeight(const file_format *format, const uint8_t *row, size_t column) {
    const uint8_t *block = row + column / format->columns * format->bytes;
    uint32_t bits;
    float value;
    switch (format->format) {
    case CK_F32: memcpy(&value, block, 4); return withMin(value, 0);
    case CK_F16: return withMin(valueOfHalf(halfAt(block)), 0);
    case CK_BF16:
        bits = (uint32_t)halfAt(block) << 16;
        memcpy(&value, &bits, 4);
        return withMin(value, 0);
    default: return ofBlock(format->format, block, (int)(column % format->columns));
    }
}
