#include "check.h"
#include "tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// What a kernel writes has the bits that the portable one writes.
static void requireSame(
    const ck_kernels *table, const char *what, const float *values, const float *expected,
    size_t count
) {
    size_t i = firstDifference(values, expected, count);
    REQUIRE(
        i == count, "%s of %s, %zu values: %.9g at %zu, portable: %.9g", what, table->name, count,
        values[i], i, expected[i]);
}

static float *copyOf(const float *values, size_t count) {
    float *copy = room(count * sizeof *copy);
    memcpy(copy, values, count * sizeof *copy);
    return copy;
}

// All tables prepare rows to the same bytes; with three rows all have tiles of three.
static void testQuantize(const ck_kernels *table, ck_activation kind, size_t columns) {
    const size_t rows = 3, bytes = ck_activation_bytes(kind, rows, columns);
    float *values = room(rows * columns * sizeof *values);
    uint8_t *prepared = room(bytes), *expected = room(bytes);
    fillActivations(values, rows * columns);
    // What needs a 24th bit to round, and ties.
    for (size_t c = 0; c < columns; c++)
        values[columns + c] = c ? (float)(c % 254) - 126.5f : 127;
    for (size_t row = 0; row < rows; row++) {
        table->quantize(kind, values + row * columns, columns, row, rows, prepared);
        portable()->quantize(kind, values + row * columns, columns, row, rows, expected);
    }
    REQUIRE(
        memcmp(prepared, expected, bytes) == 0, "preparing %zu columns as %d differs in %s",
        columns, kind, table->name);
    free(values);
    free(prepared);
    free(expected);
}

static void testNormalize(const ck_kernels *table, size_t count) {
    float *values = room(count * sizeof *values), *weights = room(count * sizeof *weights);
    float *output = room(count * sizeof *output), *expected = room(count * sizeof *expected);
    double squares = 0;
    fillActivations(values, count);
    for (size_t i = 0; i < count; i++) {
        weights[i] = (float)uniform(-2, 2);
        squares += (double)values[i] * values[i];
    }
    const double root = sqrt(squares / (double)count + 1e-5f);
    portable()->normalize(values, weights, count, 1e-5f, expected);
    table->normalize(values, weights, count, 1e-5f, output);
    for (size_t i = 0; i < count; i++) {
        double exact = values[i] / root * weights[i];
        REQUIRE(
            fabs(output[i] - exact) <= 1e-6 * fabs(exact), "normalize of %s: %.9g, not %.9g",
            table->name, output[i], exact);
    }
    requireSame(table, "normalize", output, expected, count);
    table->normalize(values, weights, count, 1e-5f, values);
    requireSame(table, "normalize in place", values, expected, count);
    free(values);
    free(weights);
    free(output);
    free(expected);
}

static void testAdd(const ck_kernels *table, size_t count) {
    float *values = room(count * sizeof *values), *addends = room(count * sizeof *addends);
    fillActivations(values, count);
    fillActivations(addends, count);
    float *sums = copyOf(values, count);
    table->add(sums, addends, count);
    for (size_t i = 0; i < count; i++)
        REQUIRE(sums[i] == values[i] + addends[i], "add of %s at %zu", table->name, i);
    free(values);
    free(addends);
    free(sums);
}

static void testGate(const ck_kernels *table) {
    enum { COUNT = 16 * 2500 };
    float *inputs = room(COUNT * sizeof *inputs), *up = room(COUNT * sizeof *up);
    for (int i = 0; i < COUNT; i++) {
        inputs[i] = (float)(200.0 * i / (COUNT - 1) - 100);
        up[i] = (float)uniform(-3, 3);
    }
    inputs[5] = 0;
    float *output = copyOf(inputs, COUNT), *expected = copyOf(inputs, COUNT);
    table->gate(output, up, COUNT);
    portable()->gate(expected, up, COUNT);
    for (int i = 0; i < COUNT; i++) {
        double x = inputs[i], exact = x / (1 + exp(-x)) * up[i];
        // exp ends at 88: what is smaller than its inverse is not exact.
        REQUIRE(
            fabs(output[i] - exact) <= 1e-6 * fabs(exact) + 1e-35,
            "gate of %s at %g: %.9g, not %.9g", table->name, x, output[i], exact);
    }
    requireSame(table, "gate", output, expected, COUNT);
    free(inputs);
    free(up);
    free(output);
    free(expected);
}

static void testRotate(const ck_kernels *table, size_t pairs, bool halves) {
    // Behind what is rotated lies what is not.
    const size_t count = 2 * pairs + 16;
    float *head = room(count * sizeof *head);
    float *cosines = room(pairs * sizeof *cosines), *sines = room(pairs * sizeof *sines);
    fillActivations(head, count);
    for (size_t i = 0; i < pairs; i++) {
        double angle = uniform(-10, 10);
        cosines[i] = (float)cos(angle);
        sines[i] = (float)sin(angle);
    }
    float *output = copyOf(head, count), *expected = copyOf(head, count);
    table->rotate(output, cosines, sines, pairs, halves);
    portable()->rotate(expected, cosines, sines, pairs, halves);
    for (size_t i = 0; i < pairs; i++) {
        size_t first = halves ? i : 2 * i, second = halves ? i + pairs : 2 * i + 1;
        double a = head[first], b = head[second], c = cosines[i], s = sines[i];
        double size = 2e-7 * (fabs(a) + fabs(b));
        REQUIRE(
            fabs(output[first] - (a * c - b * s)) <= size
                && fabs(output[second] - (a * s + b * c)) <= size,
            "rotate of %s: pair %zu of %zu", table->name, i, pairs);
    }
    for (size_t i = 2 * pairs; i < count; i++)
        REQUIRE(output[i] == head[i], "rotate of %s changes %zu", table->name, i);
    requireSame(table, "rotate", output, expected, count);
    free(head);
    free(cosines);
    free(sines);
    free(output);
    free(expected);
}

// One position's key and value, in a cache that is full of something else.
static void testStoreAt(const ck_kernels *table, size_t headSize, size_t position) {
    const size_t count = 48 * headSize, block = position / 16 * 16 * headSize;
    const uint16_t untouched = 0x7D5A;
    uint16_t *keys = room(count * 2), *values = room(count * 2);
    float *key = room(headSize * sizeof *key), *value = room(headSize * sizeof *value);
    for (size_t i = 0; i < count; i++) keys[i] = values[i] = untouched;
    fillActivations(key, headSize);
    fillActivations(value, headSize);
    table->store(key, value, headSize, position, keys, values);
    for (size_t i = 0; i < headSize; i++) {
        uint16_t *k = keys + block + i * 16 + position % 16;
        uint16_t *v = values + position * headSize + i;
        REQUIRE(
            *k == halfNearest(key[i]) && *v == halfNearest(value[i]),
            "store of %s: head size %zu, position %zu, element %zu", table->name, headSize,
            position, i);
        *k = *v = untouched;
    }
    for (size_t i = 0; i < count; i++)
        REQUIRE(
            keys[i] == untouched && values[i] == untouched,
            "store of %s, head size %zu: position %zu is not all it writes", table->name,
            headSize, position);
    free(keys);
    free(values);
    free(key);
    free(value);
}

// Each half float, each tie between two of them and the floats beside both.
static void testRounding(const ck_kernels *table) {
    enum { COUNT = 65536 * 6 };
    float *values = room(COUNT * sizeof *values);
    uint16_t *keys = room(16 * COUNT * 2), *halves = room(COUNT * 2);
    for (int i = 0; i < 65536; i++) {
        float *v = values + 6 * i;
        v[0] = (float)valueOfHalf((uint16_t)i);
        v[3] = (float)((valueOfHalf((uint16_t)i) + valueOfHalf((uint16_t)(i + 1))) / 2);
        for (int j = 0; j < 6; j += 3) {
            v[j + 1] = nextafterf(v[j], INFINITY);
            v[j + 2] = nextafterf(v[j], -INFINITY);
        }
    }
    // What rounds to infinity, or to zero.
    const float edges[] = {65519.9f, 65520, 65536, 70000, 1e38f, 2.9e-8f, 0x1p-25f, 3e-8f, 1e-40f};
    for (int i = 0; i < 9; i++) values[6 * 0x7C01 + i] = edges[i];
    for (int i = 0; i < 9; i++) values[6 * 0xFC01 + i] = -edges[i];
    table->store(values, values, COUNT, 0, keys, halves);
    for (int i = 0; i < COUNT; i++) {
        uint16_t exact = halfNearest(values[i]);
        REQUIRE(
            halves[i] == exact || (isHalfNaN(halves[i]) && isHalfNaN(exact)),
            "store of %s: %.9g becomes %04x, not %04x", table->name, values[i], halves[i], exact);
        REQUIRE(keys[16 * i] == halves[i], "store of %s: keys round otherwise", table->name);
    }
    free(values);
    free(keys);
    free(halves);
}

// NaN and infinities pass through, and do not crash.
static void testNonFinite(const ck_kernels *table) {
    const float odd[] = {NAN, INFINITY, -INFINITY, -NAN};
    float values[64], weights[64], output[64], expected[64];
    for (int i = 0; i < 64; i++) {
        values[i] = i % 7 ? (float)i - 30 : odd[i / 7 % 4];
        weights[i] = 1;
    }
    table->normalize(values, weights, 64, 1e-5f, output);
    for (int i = 0; i < 64; i++)
        REQUIRE(isnan(output[i]) || output[i] == 0, "normalize of %s and a NaN", table->name);
    memcpy(output, values, sizeof output);
    memcpy(expected, values, sizeof output);
    table->gate(output, weights, 64);
    portable()->gate(expected, weights, 64);
    requireSame(table, "gate with NaN", output, expected, 64);
    for (int i = 0; i < 64; i++)
        REQUIRE(isnan(output[i]) == isnan(values[i]), "gate of %s and a NaN", table->name);
}

void testAllRows(void) {
    static const size_t counts[] = {16, 32, 64, 896, 1536, 4864};
    static const size_t pairs[] = {1, 8, 20, 32, 40, 64, 128}, sizes[] = {16, 64, 80, 128};
    seedRandom(100);
    for (const ck_kernels *const *table = ck_available(); *table; table++) {
        for (int i = 0; i < 6; i++) {
            testQuantize(*table, CK_FLOATS, counts[i]);
            testQuantize(*table, CK_BLOCKS_32, counts[i] / 32 * 32);
            testQuantize(*table, CK_BLOCKS_256, counts[i] / 256 * 256);
            testNormalize(*table, counts[i]);
            testAdd(*table, counts[i]);
        }
        testGate(*table);
        for (int i = 0; i < 7; i++) {
            testRotate(*table, pairs[i], true);
            testRotate(*table, pairs[i], false);
        }
        for (int i = 0; i < 4; i++)
            for (size_t position = 0; position < 48; position += 1 + position % 3)
                testStoreAt(*table, sizes[i], position);
        testRounding(*table);
        testNonFinite(*table);
    }
}
