#include "formats.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))

bool ck_is_supported(uint32_t format) {
    switch (format) {
    case CK_F32: case CK_F16: case CK_BF16: case CK_Q4_0: case CK_Q4_1: case CK_Q5_0:
    case CK_Q5_1: case CK_Q8_0: case CK_Q4_K: case CK_Q5_K: case CK_Q6_K: return true;
    default: return false;
    }
}

ck_activation ck_activation_of(ck_format format) {
    switch (layoutOf(format).columns) {
    case 1: return CK_FLOATS;
    case 32: return CK_BLOCKS_32;
    default: return CK_BLOCKS_256;
    }
}

size_t ck_group_bytes(ck_format format, size_t columns) {
    ck_layout layout = layoutOf(format);
    return columns / (size_t)layout.columns * (size_t)recordBytes(layout);
}

size_t ck_activation_bytes(ck_activation activation, size_t rows, size_t columns) {
    switch (activation) {
    case CK_FLOATS: return rows * columns * sizeof(float);
    case CK_BLOCKS_32: return rows * (columns / 32) * ROW_BYTES_32;
    case CK_BLOCKS_256: return rows * (columns / 256) * ROW_BYTES_256;
    }
    __builtin_unreachable();
}

// What a file's block of one row holds, in no packing: weights in the order of their columns.
typedef struct {
    uint8_t weights[256];
    uint8_t scales[16];  // int8 for six-bit weights
    uint8_t mins[8];
    uint16_t scale, min;
} block;

INLINE uint16_t half(const uint8_t *p) {
    uint16_t value;
    memcpy(&value, p, 2);
    return value;
}

// Sub-scale and sub-min `i` of eight: six bits each in twelve bytes (ggml's K-quants).
INLINE void readSubScales(const uint8_t *p, block *out) {
    for (int i = 0; i < SUBS; i++) {
        if (i < 4) {
            out->scales[i] = p[i] & 63;
            out->mins[i] = p[i + 4] & 63;
        } else {
            out->scales[i] = (p[i + 4] & 15) | (p[i - 4] >> 6 << 4);
            out->mins[i] = (p[i + 4] >> 4) | (p[i] >> 6 << 4);
        }
    }
}

INLINE void readNibbles32(const uint8_t *p, block *out) {
    for (int i = 0; i < 16; i++) {
        out->weights[i] = p[i] & 15;
        out->weights[i + 16] = p[i] >> 4;
    }
}

INLINE void readFifthBits32(const uint8_t *p, block *out) {
    uint32_t bits;
    memcpy(&bits, p, 4);
    for (int i = 0; i < 32; i++) out->weights[i] |= (bits >> i & 1) << 4;
}

INLINE void readNibbles256(const uint8_t *p, block *out) {
    for (int pair = 0; pair < 4; pair++)
        for (int i = 0; i < 32; i++) {
            out->weights[64 * pair + i] = p[32 * pair + i] & 15;
            out->weights[64 * pair + 32 + i] = p[32 * pair + i] >> 4;
        }
}

INLINE void readSixBits(const uint8_t *low, const uint8_t *high, block *out) {
    for (int part = 0; part < 2; part++, low += 64, high += 32)
        for (int i = 0; i < 32; i++) {
            uint8_t *w = out->weights + 128 * part + i, h = high[i];
            w[0] = (low[i] & 15) | (h & 3) << 4;
            w[32] = (low[i + 32] & 15) | (h >> 2 & 3) << 4;
            w[64] = low[i] >> 4 | (h >> 4 & 3) << 4;
            w[96] = low[i + 32] >> 4 | h >> 6 << 4;
        }
}

INLINE void readBlock(ck_format format, const uint8_t *p, block *out) {
    switch (format) {
    case CK_Q4_0:
    case CK_Q5_0:
        out->scale = half(p);
        readNibbles32(p + (format == CK_Q5_0 ? 6 : 2), out);
        if (format == CK_Q5_0) readFifthBits32(p + 2, out);
        break;
    case CK_Q4_1:
    case CK_Q5_1:
        out->scale = half(p);
        out->min = half(p + 2);
        readNibbles32(p + (format == CK_Q5_1 ? 8 : 4), out);
        if (format == CK_Q5_1) readFifthBits32(p + 4, out);
        break;
    case CK_Q8_0:
        out->scale = half(p);
        for (int i = 0; i < 32; i++) out->weights[i] = p[2 + i] ^ 0x80;
        break;
    case CK_Q4_K:
    case CK_Q5_K:
        out->scale = half(p);
        out->min = half(p + 2);
        readSubScales(p + 4, out);
        readNibbles256(p + (format == CK_Q5_K ? 48 : 16), out);
        if (format == CK_Q5_K)
            for (int i = 0; i < 256; i++) out->weights[i] |= (p[16 + i % 32] >> (i / 32) & 1) << 4;
        break;
    case CK_Q6_K:
        readSixBits(p, p + 128, out);
        memcpy(out->scales, p + 192, 16);
        out->scale = half(p + 208);
        break;
    default: __builtin_unreachable();
    }
}

// Four columns of one row, at their place in a plane.
INLINE uint32_t columnsOf(const uint8_t *weights, int step) {
    uint32_t word;
    memcpy(&word, weights + 4 * step, 4);
    return word;
}

INLINE void write(uint8_t *plane, size_t row, uint32_t word) {
    memcpy(plane + 4 * row, &word, 4);
}

// The planes of 32 columns of one row.
INLINE void packSteps(int bits, const uint8_t *weights, size_t row, uint8_t *planes) {
    if (bits == 8) {
        for (int s = 0; s < 8; s++) write(planes + PLANE * s, row, columnsOf(weights, s));
        return;
    }
    for (int q = 0; q < 4; q++) {
        uint32_t first = columnsOf(weights, q) & 0x0F0F0F0F;
        uint32_t second = columnsOf(weights, q + 4) & 0x0F0F0F0F;
        write(planes + PLANE * q, row, first | second << 4);
    }
    uint32_t high[2] = {0, 0};
    if (bits == 5)
        for (int s = 0; s < 8; s++) high[0] |= (columnsOf(weights, s) >> 4 & 0x01010101) << s;
    if (bits == 6)
        for (int s = 0; s < 8; s++) {
            int field = (s & 1) * 4 + (s >= 4) * 2;
            high[s >> 1 & 1] |= (columnsOf(weights, s) >> 4 & 0x03030303) << field;
        }
    for (int plane = 4; plane < bits; plane++)
        write(planes + PLANE * plane, row, high[plane - 4]);
}

// Where one of a record's paired sub-scales or sub-mins stands.
INLINE size_t pairedPlace(int index, size_t row) {
    return (size_t)(index / 2 * HALVES + index % 2) + 2 * row;
}

INLINE void packPairs(const uint8_t *values, int count, size_t row, uint8_t *pairs) {
    for (int i = 0; i < count; i++) pairs[pairedPlace(i, row)] = values[i];
}

INLINE void packBlock(ck_layout layout, const block *in, size_t row, uint8_t *record) {
    int subs = layout.columns / 32;
    for (int sub = 0; sub < subs; sub++)
        packSteps(layout.bits, in->weights + 32 * sub, row, record + sub * stepBytes(layout.bits));
    uint8_t *scales = record + subs * stepBytes(layout.bits);
    if (layout.columns == 256) {
        if (layout.hasMin) {
            for (int i = 0; i < SUBS; i++) scales[i * CK_GROUP_ROWS + (int)row] = in->scales[i];
            packPairs(in->mins, SUBS, row, scales + SUB_SCALES);
        } else {
            packPairs(in->scales, 2 * SUBS, row, scales);
        }
        scales += 2 * SUB_SCALES;
    }
    memcpy(scales + 2 * row, &in->scale, 2);
    if (layout.hasMin) memcpy(scales + HALVES + 2 * row, &in->min, 2);
}

INLINE void packQuants(
    ck_format format, const uint8_t *rows, size_t rowBytes, size_t rowCount, size_t columns,
    uint8_t *group
) {
    const ck_layout layout = layoutOf(format);
    size_t records = columns / (size_t)layout.columns;
    // A missing row has scale zero and so, with any weights, the value zero.
    const block empty = {{0}, {0}, {0}, 0, 0};
    for (size_t r = 0; r < records; r++, group += recordBytes(layout))
        for (size_t row = 0; row < CK_GROUP_ROWS; row++) {
            if (row >= rowCount) {
                packBlock(layout, &empty, row, group);
                continue;
            }
            block read;
            readBlock(format, rows + row * rowBytes + r * (size_t)layout.blockBytes, &read);
            packBlock(layout, &read, row, group);
        }
}

// Floats change places only: column by column, the sixteen rows beside each other.
static void packFloats(
    size_t width, const uint8_t *rows, size_t rowBytes, size_t rowCount, size_t columns,
    uint8_t *group
) {
    memset(group, 0, columns * width * CK_GROUP_ROWS);
    for (size_t row = 0; row < rowCount; row++)
        for (size_t c = 0; c < columns; c++)
            memcpy(
                group + (c * CK_GROUP_ROWS + row) * width, rows + row * rowBytes + c * width,
                width);
}

void ck_pack_group(
    ck_format format, const uint8_t *rows, size_t rowBytes, size_t rowCount, size_t columns,
    uint8_t *group
) {
    switch (format) {
#define PACK(f) case f: packQuants(f, rows, rowBytes, rowCount, columns, group); break;
    PACK(CK_Q4_0) PACK(CK_Q4_1) PACK(CK_Q5_0) PACK(CK_Q5_1) PACK(CK_Q8_0)
    PACK(CK_Q4_K) PACK(CK_Q5_K) PACK(CK_Q6_K)
#undef PACK
    case CK_F32: packFloats(4, rows, rowBytes, rowCount, columns, group); break;
    case CK_F16:
    case CK_BF16: packFloats(2, rows, rowBytes, rowCount, columns, group); break;
    }
}

static float floatOf(uint16_t half) {
    _Static_assert(sizeof(float) == 4, "");
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, magnitude = half & 0x7FFF, bits;
    float value;
    if (magnitude >= 0x7C00) {
        bits = sign | 0x7F800000 | (magnitude & 0x3FF) << 13;
        memcpy(&value, &bits, 4);
        return value;
    }
    // 2^112 moves a half float's exponent to a float's, subnormal ones included.
    bits = magnitude << 13;
    memcpy(&value, &bits, 4);
    value *= 0x1p112f;
    memcpy(&bits, &value, 4);
    bits |= sign;
    memcpy(&value, &bits, 4);
    return value;
}

// The weight of one row at `column` of a block of 32.
static int weightAt(int bits, const uint8_t *planes, size_t row, int column) {
    int step = column / 4, lane = 4 * (int)row + column % 4;
    if (bits == 8) return planes[PLANE * step + lane];
    int low = planes[PLANE * (step & 3) + lane] >> (step >= 4 ? 4 : 0) & 15;
    if (bits == 5) low |= (planes[PLANE * 4 + lane] >> step & 1) << 4;
    if (bits == 6) {
        int field = (step & 1) * 4 + (step >= 4) * 2;
        low |= (planes[PLANE * (4 + (step >> 1 & 1)) + lane] >> field & 3) << 4;
    }
    return low;
}

static void unpackRecord(ck_layout layout, const uint8_t *record, size_t row, float *values) {
    int subs = layout.columns / 32, offset = layout.hasMin ? 0 : 1 << layout.offset;
    const uint8_t *sub = record + subs * stepBytes(layout.bits);
    const uint8_t *last = sub + (subs > 1 ? 2 * SUB_SCALES : 0);
    float scale = floatOf(half(last + 2 * row));
    float min = layout.hasMin ? floatOf(half(last + HALVES + 2 * row)) : 0;
    for (int c = 0; c < layout.columns; c++) {
        int weight =
            weightAt(layout.bits, record + c / 32 * stepBytes(layout.bits), row, c % 32) - offset;
        if (subs == 1) {
            values[c] = scale * (float)weight + min;
        } else if (layout.hasMin) {
            int s = c / 32;
            float m = min * sub[SUB_SCALES + pairedPlace(s, row)];
            values[c] = scale * sub[s * CK_GROUP_ROWS + (int)row] * (float)weight - m;
        } else {
            values[c] =
                scale * (float)((int8_t)sub[pairedPlace(c / 16, row)] * weight);
        }
    }
}

void ck_unpack_row(
    ck_format format, const uint8_t *group, size_t row, size_t columns, float *values
) {
    ck_layout layout = layoutOf(format);
    if (layout.columns > 1) {
        for (size_t c = 0; c < columns; c += (size_t)layout.columns, group += recordBytes(layout))
            unpackRecord(layout, group, row, values + c);
        return;
    }
    for (size_t c = 0; c < columns; c++) {
        const uint8_t *p = group + (c * CK_GROUP_ROWS + row) * (size_t)(layout.bits / 8);
        uint32_t bits = (uint32_t)half(p) << 16;
        if (format == CK_F16) {
            values[c] = floatOf(half(p));
        } else {
            if (format == CK_F32) memcpy(&bits, p, 4);
            memcpy(values + c, &bits, 4);
        }
    }
}
