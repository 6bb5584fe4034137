// A packed matrix, rows to multiply it with, and what the products should be.
#pragma once

#include "gguf-blocks.h"

typedef struct {
    const file_format *format;
    size_t columns, outputs, groups;
    uint8_t *file;         // `outputs` rows of weights
    uint8_t *packed;       // the same in groups; the last one may lack rows
    weight_value *values;  // the same by definition: [outputs][columns]
} matrix;

matrix makeMatrix(const file_format *format, weight_kind kind, size_t outputs, size_t columns);
void freeMatrix(matrix *m);

// Rows of activations, and what a product makes of them: [rows][columns].
typedef struct {
    size_t rows, columns;
    float *values;
    double *prepared;
} activations;

// Room for rows whose values are to be filled in, and then prepared for `format`.
activations makeActivations(size_t rows, size_t columns);
void prepare(activations *a, ck_format format);
void freeActivations(activations *a);

// Multiplies the first `rows` rows with groups `first ..< first + count`; returns
// [rows][outputStride(m)], untouched where nothing was written.
float *multiply(
    const ck_kernels *table, const matrix *m, const activations *a, size_t rows, size_t first,
    size_t count);
size_t outputStride(const matrix *m);
