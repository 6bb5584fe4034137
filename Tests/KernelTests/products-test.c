#include "check.h"
#include "products.h"
#include "tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// The most rows of activations in one product.
enum { MOST_ROWS = 33 };

static void testUnpacking(const matrix *m) {
    const ck_format format = m->format->format;
    float *row = room(m->columns * sizeof *row);
    for (size_t r = 0; r < 16 * m->groups; r++) {
        ck_unpack_row(
            format, m->packed + r / 16 * ck_group_bytes(format, m->columns), r % 16, m->columns,
            row);
        for (size_t c = 0; c < m->columns; c++) {
            // One that is missing in the last group is zero.
            double value = r < m->outputs ? m->values[r * m->columns + c].value : 0;
            REQUIRE(
                row[c] == (float)value,
                "%s, %zu columns: row %zu, column %zu unpacks as %g, not %g", m->format->name,
                m->columns, r, c, row[c], value);
        }
    }
    free(row);
}

// One product in f64: of the prepared activations, of those before, and a sum of magnitudes.
typedef struct { double prepared, original, size; } exact_product;

static exact_product exactProduct(
    const matrix *m, const activations *a, size_t row, size_t output
) {
    const weight_value *weights = m->values + output * m->columns;
    exact_product sum = {0, 0, 0};
    for (size_t c = 0; c < m->columns; c++) {
        double prepared = a->prepared[row * m->columns + c];
        sum.prepared += weights[c].value * prepared;
        sum.original += weights[c].value * a->values[row * m->columns + c];
        sum.size += weights[c].size * fabs(prepared);
    }
    return sum;
}

// The products of `rows` rows are those of the formats' definitions. Returns the root of the mean
// square of what preparing changed, relative to that of the products.
static double testValues(
    const matrix *m, const activations *a, size_t rows, const float *output, const char *what
) {
    // Rounding in 32 bits, over hundreds of blocks or thousands of floats; subnormal floats.
    const double tolerance = m->format->columns == 1 ? 1e-5 : 2e-6, smallest = 1e-38;
    double error = 0, square = 0;
    for (size_t row = 0; row < rows; row++)
        for (size_t o = 0; o < m->outputs; o++) {
            exact_product exact = exactProduct(m, a, row, o);
            double value = output[row * outputStride(m) + o];
            error += pow(value - exact.original, 2);
            square += pow(exact.original, 2);
            if (exact.size > 1e37) continue;  // may overflow
            REQUIRE(
                fabs(value - exact.prepared) <= tolerance * exact.size + smallest,
                "%s, %zu columns, %s: row %zu, output %zu is %.9g, not %.9g (of magnitude %g)",
                m->format->name, m->columns, what, row, o, value, exact.prepared, exact.size);
        }
    return sqrt(error / square);
}

// A row's bits are those of `expected`, whatever the table and the number of rows.
static void testRows(
    const ck_kernels *table, const matrix *m, const activations *a, size_t rows,
    const float *expected
) {
    const size_t stride = outputStride(m);
    float *output = multiply(table, m, a, rows, 0, m->groups);
    for (size_t row = 0; row < rows; row++) {
        size_t o = firstDifference(output + row * stride, expected + row * stride, stride);
        REQUIRE(
            o == stride, "%s of %s, %zu columns, %zu rows: row %zu, output %zu is %.9g, not %.9g",
            m->format->name, table->name, m->columns, rows, row, o, output[row * stride + o],
            expected[row * stride + o]);
    }
    free(output);
}

// A group writes its own outputs and nothing else.
static void testRange(
    const ck_kernels *table, const matrix *m, const activations *a, const float *expected
) {
    const size_t stride = outputStride(m), rows = 5;
    float *output = multiply(table, m, a, rows, 1, 1);
    for (size_t i = 0; i < rows * stride; i++) {
        bool isOfGroup = i % stride >= 16 && i % stride < 32;
        REQUIRE(
            isOfGroup ? isSame(output[i], expected[i]) : isUntouched(output[i]),
            "%s of %s, %zu columns: group 1 %s output %zu of row %zu", m->format->name,
            table->name, m->columns, isOfGroup ? "does not write" : "writes", i % stride,
            i / stride);
    }
    free(output);
}

// Products of one format and size, for all tables.
static void testProducts(const file_format *format, size_t outputs, size_t columns) {
    matrix m = makeMatrix(format, RANDOM_WEIGHTS, outputs, columns);
    activations a = makeActivations(MOST_ROWS, columns);
    fillActivations(a.values, MOST_ROWS * columns);
    prepare(&a, format->format);
    testUnpacking(&m);
    float *expected = multiply(portable(), &m, &a, MOST_ROWS, 0, m.groups);
    double error = testValues(&m, &a, columns <= 256 ? MOST_ROWS : 5, expected, "random");
    REQUIRE(error < 0.01, "%s, %zu columns: relative error %g", format->name, columns, error);
    for (const ck_kernels *const *table = ck_available(); *table; table++) {
        for (size_t rows = 1; rows <= MOST_ROWS; rows++)
            if (columns <= 256 || rows <= 9 || rows % 8 == 1 || rows == 31)
                testRows(*table, &m, &a, rows, expected);
        testRange(*table, &m, &a, expected);
    }
    free(expected);
    freeActivations(&a);
    freeMatrix(&m);
}

enum { EXTREME_ROWS = 11 };

// Rows of activations at the edges of what int8, float and the sums can hold.
static void fillExtremes(float *values, size_t columns) {
    for (size_t c = 0; c < columns; c++) {
        float *v = values + c;
        double random = uniform(-1, 1);
        v[0 * columns] = 0;
        v[1 * columns] = 3;                            // all 127
        v[2 * columns] = -3;                           // all -127
        v[3 * columns] = c % 2 ? 3 : -3;
        v[4 * columns] = random < 0 ? -3 : 3;
        v[5 * columns] = c % 256 == 77 ? 1e6f : (float)random * 1e-3f;  // an outlier
        v[6 * columns] = (float)random * 1e-40f;       // subnormal
        v[7 * columns] = (float)random * 1e-35f;
        v[8 * columns] = (float)random * 1e32f;
        v[9 * columns] = c % 32 ? (float)(c % 32 * 4) - 63.5f : 127;    // ties
        v[10 * columns] = c / 32 % 2 ? (float)random : 0;               // blocks of zeros
    }
}

static void testExtremes(const file_format *format, weight_kind kind) {
    const size_t columns = 512;
    matrix m = makeMatrix(format, kind, 32, columns);
    activations a = makeActivations(EXTREME_ROWS, columns);
    fillExtremes(a.values, columns);
    prepare(&a, format->format);
    testUnpacking(&m);
    float *expected = multiply(portable(), &m, &a, EXTREME_ROWS, 0, m.groups);
    testValues(&m, &a, EXTREME_ROWS, expected, "extremes");
    for (const ck_kernels *const *table = ck_available(); *table; table++)
        testRows(*table, &m, &a, EXTREME_ROWS, expected);
    free(expected);
    freeActivations(&a);
    freeMatrix(&m);
}

// A NaN or an infinity is seen in all products of its row, and in no other row.
static void testNonFinite(const file_format *format) {
    const size_t columns = 256, rows = 9, outputs = 16;
    const float odd[] = {NAN, INFINITY, -INFINITY};
    matrix m = makeMatrix(format, RANDOM_WEIGHTS, outputs, columns);
    activations a = makeActivations(rows, columns);
    fillActivations(a.values, rows * columns);
    float *finite = multiply(portable(), &m, &a, rows, 0, 1);
    for (size_t row = 1; row < rows; row += 2)
        a.values[row * columns + row * 27] = odd[row / 2 % 3];
    float *expected = multiply(portable(), &m, &a, rows, 0, 1);
    const size_t stride = outputStride(&m);
    for (size_t row = 0; row < rows; row++)
        for (size_t o = 0; o < outputs; o++) {
            size_t i = row * stride + o;
            REQUIRE(
                row % 2 ? !isfinite(expected[i]) : isSame(expected[i], finite[i]),
                "%s: a row beside a NaN or an infinity, row %zu, output %zu is %g", format->name,
                row, o, expected[i]);
        }
    for (const ck_kernels *const *table = ck_available(); *table; table++)
        testRows(*table, &m, &a, rows, expected);
    free(finite);
    free(expected);
    freeActivations(&a);
    freeMatrix(&m);
}

// Scales that no sane file has are no reason to crash, and all tables agree on them.
static void testRandomBytes(const file_format *format) {
    const size_t columns = 256, rows = 5;
    matrix m = makeMatrix(format, RANDOM_WEIGHTS, 16, columns);
    const size_t bytes = rowBytes(format, columns);
    for (size_t i = 0; i < 16 * bytes; i++) m.file[i] = (uint8_t)(randomBits() >> 20);
    ck_pack_group(format->format, m.file, bytes, 16, columns, m.packed);
    activations a = makeActivations(rows, columns);
    fillActivations(a.values, rows * columns);
    float *expected = multiply(portable(), &m, &a, rows, 0, 1);
    for (const ck_kernels *const *table = ck_available(); *table; table++)
        testRows(*table, &m, &a, rows, expected);
    free(expected);
    freeActivations(&a);
    freeMatrix(&m);
}

// Each of the 65,536 half floats and bfloat16s, multiplied with one.
static void testAllHalves(const file_format *format) {
    const size_t groups = 4096;
    uint8_t *packed = room(groups * ck_group_bytes(format->format, 2));
    uint16_t file[32];
    const float one[2] = {1, 0};
    float prepared[2], *output = room(16 * groups * sizeof(float));
    for (size_t g = 0; g < groups; g++) {
        for (size_t row = 0; row < 16; row++) {
            file[2 * row] = (uint16_t)(16 * g + row);
            file[2 * row + 1] = 0;
        }
        ck_pack_group(
            format->format, (const uint8_t *)file, 4, 16, 2,
            packed + g * ck_group_bytes(format->format, 2));
    }
    for (const ck_kernels *const *table = ck_available(); *table; table++) {
        (*table)->quantize(CK_FLOATS, one, 2, 0, 1, prepared);
        const ck_product product = {format->format, packed, 2, prepared, 1, output, 16 * groups};
        (*table)->multiply(&product, 0, groups);
        for (size_t i = 0; i < 16 * groups; i++) {
            uint16_t bits = (uint16_t)i;
            double value = readWeight(format, (const uint8_t *)&bits, 0).value;
            REQUIRE(
                output[i] == (float)value || (isnan(output[i]) && isnan(value)),
                "%s of %s: %04zx is %g, not %g", format->name, (*table)->name, i, output[i], value);
        }
    }
    free(packed);
    free(output);
}

void testAllProducts(void) {
    static const size_t columns[] = {32, 64, 256, 896, 1536, 4864};
    for (int f = 0; f < FORMAT_COUNT; f++) {
        const file_format *format = &fileFormats[f];
        seedRandom((uint64_t)f);
        for (int i = 0; i < 6; i++)
            if (columns[i] % format->columns == 0)
                testProducts(format, columns[i] <= 256 ? 37 : 21, columns[i]);
        for (int kind = 0; kind < WEIGHT_KINDS; kind++) testExtremes(format, (weight_kind)kind);
        testNonFinite(format);
        testRandomBytes(format);
        if (format->bytes == 2) testAllHalves(format);
    }
}
