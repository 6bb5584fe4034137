// The records of packed weights and prepared activations.
//
// A record covers one block of columns for all sixteen rows of a group. Bytes of weights come in
// *steps*: 64 bytes with four columns of each row, row by row. Four bits of a step and of the step
// four later share a byte, so 32 columns have four such planes; a fifth bit of all eight steps
// shares one plane, a fifth and sixth bit share two.
#pragma once

#include "CKernels.h"

enum {
    PLANE = 64,                      // bytes of a plane
    NIBBLES = 4 * PLANE,             // four bits of 32 columns
    HALVES = 2 * CK_GROUP_ROWS,      // a half float for each row
    SUBS = 8,                        // blocks of 32 columns in one of 256
    SUB_SCALES = SUBS * CK_GROUP_ROWS,  // a byte for each sub-block and row
};

typedef struct {
    int columns;    // of a record
    int bits;       // of a weight
    bool hasMin;    // value = scale * weight + min; else scale * (weight - offset)
    int offset;     // as a power of two
    int blockBytes; // of one row's block in a file
} ck_layout;

static inline __attribute__((always_inline)) ck_layout layoutOf(ck_format format) {
    switch (format) {
    case CK_Q4_0: return (ck_layout){32, 4, false, 3, 18};
    case CK_Q4_1: return (ck_layout){32, 4, true, 0, 20};
    case CK_Q5_0: return (ck_layout){32, 5, false, 4, 22};
    case CK_Q5_1: return (ck_layout){32, 5, true, 0, 24};
    case CK_Q8_0: return (ck_layout){32, 8, false, 7, 34};
    case CK_Q4_K: return (ck_layout){256, 4, true, 0, 144};
    case CK_Q5_K: return (ck_layout){256, 5, true, 0, 176};
    case CK_Q6_K: return (ck_layout){256, 6, false, 5, 210};
    case CK_F32: return (ck_layout){1, 32, false, 0, 4};
    case CK_F16:
    case CK_BF16: return (ck_layout){1, 16, false, 0, 2};
    }
    __builtin_unreachable();
}

// Bytes of the weights of 32 columns, without scales.
static inline __attribute__((always_inline)) int stepBytes(int bits) { return bits * PLANE; }

// Bytes of a record. Of 32 columns: weights, scales, mins. Of 256: the weights of eight times 32,
// sub-scales, sub-mins, scales, scales of the mins. Six-bit weights have a signed sub-scale for
// every 16 columns in the place of scales and mins. Sub-mins and signed sub-scales come in pairs:
// of each row two that follow each other.
static inline __attribute__((always_inline)) int recordBytes(ck_layout layout) {
    if (layout.columns == 1) return layout.bits / 8 * CK_GROUP_ROWS;
    if (layout.columns == 32) return stepBytes(layout.bits) + HALVES * (layout.hasMin ? 2 : 1);
    return SUBS * stepBytes(layout.bits) + 2 * SUB_SCALES + HALVES * (layout.hasMin ? 2 : 1);
}

// Prepared activations of a tile of n rows, block by block. Of 32 columns: [n][32] int8, then of
// each row the scale, the scale times the sum, and the negative sum. Of 256: [8][n][32] int8, the
// [n][8] int16 sums of 32, the [n][16] int16 sums of 16, and the [n] scales.
enum { ROW_BYTES_32 = 32 + 4 + 4 + 4, ROW_BYTES_256 = 256 + 16 + 32 + 4 };
