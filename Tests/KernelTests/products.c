#include "products.h"
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

matrix makeMatrix(const file_format *format, weight_kind kind, size_t outputs, size_t columns) {
    matrix m = {format, columns, outputs, (outputs + 15) / 16, NULL, NULL, NULL};
    const size_t bytes = rowBytes(format, columns);
    const size_t groupBytes = ck_group_bytes(format->format, columns);
    m.file = makeWeights(format, kind, outputs, columns);
    m.packed = room(m.groups * groupBytes);
    for (size_t g = 0; g < m.groups; g++) {
        size_t rows = outputs - 16 * g < 16 ? outputs - 16 * g : 16;
        ck_pack_group(
            format->format, m.file + 16 * g * bytes, bytes, rows, columns,
            m.packed + g * groupBytes);
    }
    m.values = room(outputs * columns * sizeof *m.values);
    for (size_t i = 0; i < outputs * columns; i++)
        m.values[i] = readWeight(format, m.file + i / columns * bytes, i % columns);
    return m;
}

void freeMatrix(matrix *m) {
    free(m->file);
    free(m->packed);
    free(m->values);
}

activations makeActivations(size_t rows, size_t columns) {
    size_t count = rows * columns;
    return (activations){rows, columns, room(count * sizeof(float)), room(count * sizeof(double))};
}

// int8 with a scale, by definition; what is too small for a scale's inverse is zero.
static void prepareBlock(const float *values, size_t count, double *prepared) {
    float largest = 0;
    for (size_t i = 0; i < count; i++) largest = fmaxf(largest, fabsf(values[i]));
    const float inverse = largest > 0x1p-120f ? 127.0f / largest : 0;
    for (size_t i = 0; i < count; i++)
        prepared[i] = (double)(largest / 127.0f) * nearbyintf(values[i] * inverse);
}

void prepare(activations *a, ck_format format) {
    const ck_activation kind = ck_activation_of(format);
    const size_t block = kind == CK_BLOCKS_32 ? 32 : 256, count = a->rows * a->columns;
    if (kind == CK_FLOATS)
        for (size_t i = 0; i < count; i++) a->prepared[i] = a->values[i];
    else
        for (size_t i = 0; i < count; i += block)
            prepareBlock(a->values + i, block, a->prepared + i);
}

void freeActivations(activations *a) {
    free(a->values);
    free(a->prepared);
}

size_t outputStride(const matrix *m) { return 16 * m->groups + 3; }

float *multiply(
    const ck_kernels *table, const matrix *m, const activations *a, size_t rows, size_t first,
    size_t count
) {
    const ck_activation kind = ck_activation_of(m->format->format);
    const size_t stride = outputStride(m);
    void *prepared = room(ck_activation_bytes(kind, rows, m->columns));
    float *output = room(rows * stride * sizeof(float));
    fillUntouched(output, rows * stride);
    // Rows may be prepared in any order.
    for (size_t row = rows; row-- > 0;)
        table->quantize(kind, a->values + row * m->columns, m->columns, row, rows, prepared);
    const ck_product product = {
        m->format->format, m->packed, m->columns, prepared, rows, output, stride};
    table->multiply(&product, first, count);
    free(prepared);
    return output;
}
