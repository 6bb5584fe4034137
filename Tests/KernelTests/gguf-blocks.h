// Rows of weights as GGUF stores them: made for tests, and read by the format's definition.
#pragma once

#include "CKernels.h"

typedef struct {
    const char *name;
    ck_format format;
    size_t columns;  // of a block
    size_t bytes;    // of a block
} file_format;

enum { FORMAT_COUNT = 11 };
extern const file_format fileFormats[FORMAT_COUNT];

typedef enum {
    RANDOM_WEIGHTS,
    LARGEST_WEIGHTS,    // all bits of weights and sub-scales are set
    SMALLEST_WEIGHTS,   // all clear; -128 where a weight or a sub-scale is an int8
    EXTREME_WEIGHTS,    // a mix of the largest and the smallest
    SUBNORMAL_SCALES,   // random weights whose scales are subnormal half floats
    LARGEST_SCALES,     // random weights whose scales are the largest half floats
} weight_kind;
enum { WEIGHT_KINDS = LARGEST_SCALES + 1 };

size_t rowBytes(const file_format *format, size_t columns);

// `rows` rows of weights, one after the other.
uint8_t *makeWeights(const file_format *format, weight_kind kind, size_t rows, size_t columns);

// A weight's value, and the sum of the magnitudes of what it is the sum of.
typedef struct { double value, size; } weight_value;

weight_value readWeight(const file_format *format, const uint8_t *row, size_t column);
