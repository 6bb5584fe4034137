#include "check.h"
#include "tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// A cache of one key head, and the queries of the heads that share it.
typedef struct {
    size_t heads, headSize, length, padded;
    float scale;
    float *queries;
    uint16_t *keys, *values;
    double *exact;  // [heads][headSize]
} attention_case;

// Queries of `size` make softer or harder attention. What lies behind `length` is NaN.
static attention_case makeCase(size_t heads, size_t headSize, size_t length, double size) {
    attention_case c = {heads, headSize, length, (length + 15) / 16 * 16, 0, 0, 0, 0, 0};
    const size_t cached = c.padded * headSize;
    c.scale = 1 / sqrtf((float)headSize);
    c.queries = room(heads * headSize * sizeof(float));
    c.keys = room(cached * 2);
    c.values = room(cached * 2);
    c.exact = room(heads * headSize * sizeof(double));
    for (size_t i = 0; i < heads * headSize; i++) c.queries[i] = (float)uniform(-size, size);
    memset(c.keys, 0xFF, cached * 2);
    memset(c.values, 0xFF, cached * 2);
    for (size_t i = 0; i < length * headSize; i++) {
        size_t position = i / headSize, element = i % headSize;
        c.keys[(position / 16 * headSize + element) * 16 + position % 16] =
            halfNearest(uniform(-1, 1));
        c.values[i] = halfNearest(uniform(-1, 1));
    }
    return c;
}

static void freeCase(attention_case *c) {
    free(c->queries);
    free(c->keys);
    free(c->values);
    free(c->exact);
}

// Softmax of the scaled products of one query with all keys, and the mean of the values.
static void computeExact(attention_case *c, size_t head) {
    double *weights = room(c->length * sizeof *weights), top = -INFINITY, sum = 0;
    double *output = c->exact + head * c->headSize;
    for (size_t p = 0; p < c->length; p++) {
        double score = 0;
        for (size_t i = 0; i < c->headSize; i++)
            score += c->queries[head * c->headSize + i]
                * valueOfHalf(c->keys[(p / 16 * c->headSize + i) * 16 + p % 16]);
        weights[p] = score * c->scale;
        top = fmax(top, weights[p]);
    }
    for (size_t p = 0; p < c->length; p++) sum += weights[p] = exp(weights[p] - top);
    for (size_t i = 0; i < c->headSize; i++) {
        output[i] = 0;
        for (size_t p = 0; p < c->length; p++)
            output[i] += weights[p] / sum * valueOfHalf(c->values[p * c->headSize + i]);
    }
    free(weights);
}

// The outputs of `heads` of the heads from `first` on.
static float *attend(
    const ck_kernels *table, const attention_case *c, size_t first, size_t heads
) {
    float *scores = room(heads * c->padded * sizeof *scores);
    float *output = room(heads * c->headSize * sizeof *output);
    const ck_attention attention = {
        c->queries + first * c->headSize, heads, c->headSize, c->keys, c->values, c->length,
        c->scale, scores, output};
    table->attend(&attention);
    free(scores);
    return output;
}

static void testCase(attention_case *c) {
    const size_t count = c->heads * c->headSize;
    float *expected = attend(portable(), c, 0, c->heads);
    for (size_t head = 0; head < c->heads; head++) computeExact(c, head);
    for (size_t i = 0; i < count; i++)
        REQUIRE(
            fabs(expected[i] - c->exact[i]) <= 3e-6, "attention: %.9g, not %.9g (%zu heads of "
            "%zu, %zu positions)", expected[i], c->exact[i], c->heads, c->headSize, c->length);
    for (const ck_kernels *const *table = ck_available(); *table; table++) {
        float *output = attend(*table, c, 0, c->heads);
        REQUIRE(
            firstDifference(output, expected, count) == count,
            "attention of %s is not the portable one (%zu heads of %zu, %zu positions)",
            (*table)->name, c->heads, c->headSize, c->length);
        free(output);
        // A head's bits do not depend on the heads beside it.
        output = attend(*table, c, c->heads - 1, 1);
        REQUIRE(
            firstDifference(output, expected + count - c->headSize, c->headSize) == c->headSize,
            "attention of %s: one of %zu heads of %zu differs alone", (*table)->name, c->heads,
            c->headSize);
        free(output);
    }
    free(expected);
}

// NaN and infinities in a query or in the cache do not crash, and all tables agree.
static void testNonFinite(void) {
    attention_case c = makeCase(4, 64, 35, 1);
    c.queries[3] = NAN;
    c.queries[64 + 5] = INFINITY;
    c.keys[100] = 0x7C00;
    c.values[200] = 0xFC00;
    c.values[300] = 0x7E00;
    float *expected = attend(portable(), &c, 0, 4);
    for (const ck_kernels *const *table = ck_available(); *table; table++) {
        float *output = attend(*table, &c, 0, 4);
        size_t i = firstDifference(output, expected, 4 * 64);
        REQUIRE(
            i == 4 * 64, "attention of %s with NaN: %g at %zu, portable: %g", (*table)->name,
            output[i], i, expected[i]);
        free(output);
    }
    free(expected);
    freeCase(&c);
}

void testAllAttention(void) {
    static const size_t sizes[] = {16, 64, 80, 96, 128, 256}, lengths[] = {1, 15, 16, 17, 300};
    seedRandom(200);
    for (size_t heads = 1; heads <= 8; heads++)
        for (int s = 0; s < 6; s++)
            for (int l = 0; l < 5; l++) {
                attention_case c = makeCase(heads, sizes[s], lengths[l], l % 2 ? 3 : 0.5);
                testCase(&c);
                freeCase(&c);
            }
    // So hard that all weights but a few vanish.
    attention_case hard = makeCase(2, 64, 300, 1000);
    testCase(&hard);
    freeCase(&hard);
    testNonFinite();
}
