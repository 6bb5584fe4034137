#include "check.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t passedChecks;

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("kernel-test: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static uint64_t state;

void seedRandom(uint64_t seed) { state = seed * 0x9E3779B97F4A7C15 + 1; }

uint64_t randomBits(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

double uniform(double low, double high) {
    return low + (high - low) * (double)(randomBits() >> 11) * 0x1p-53;
}

void fillActivations(float *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        double u = uniform(-1, 1);
        values[i] = (float)(3 * u * u * u);
    }
}

void *room(size_t bytes) {
    void *memory = malloc(bytes);
    if (!memory) fail("no memory for %zu bytes", bytes);
    memset(memory, 0xA5, bytes);
    return memory;
}

static const uint32_t untouched = 0x7FABCDEF;

void fillUntouched(float *values, size_t count) {
    for (size_t i = 0; i < count; i++) memcpy(values + i, &untouched, 4);
}

bool isUntouched(float value) { return memcmp(&value, &untouched, 4) == 0; }

bool isSame(float a, float b) { return memcmp(&a, &b, 4) == 0 || (isnan(a) && isnan(b)); }

size_t firstDifference(const float *a, const float *b, size_t count) {
    if (memcmp(a, b, count * 4) == 0) return count;
    size_t i = 0;
    while (i < count && isSame(a[i], b[i])) i++;
    return i;
}

double valueOfHalf(uint16_t half) {
    int exponent = half >> 10 & 31, fraction = half & 1023;
    double magnitude = exponent == 0 ? ldexp(fraction, -24) : ldexp(1024 + fraction, exponent - 25);
    if (exponent == 31) magnitude = fraction ? NAN : INFINITY;
    return half & 0x8000 ? -magnitude : magnitude;
}

uint16_t halfNearest(double value) {
    uint16_t sign = signbit(value) ? 0x8000 : 0;
    double magnitude = fabs(value);
    if (isnan(value)) return sign | 0x7E00;
    if (magnitude >= 65520) return sign | 0x7C00;
    int exponent = magnitude < 0x1p-14 ? -14 : ilogb(magnitude);
    // In units of the last place; 2048 of them are the next exponent's 1024.
    int units = (int)nearbyint(ldexp(magnitude, 10 - exponent));
    if (units < 1024) return sign | (uint16_t)units;
    return sign | (uint16_t)((exponent + 14) * 1024 + units);
}

bool isHalfNaN(uint16_t half) { return (half & 0x7FFF) > 0x7C00; }

const ck_kernels *portable(void) {
    const ck_kernels *const *table = ck_available();
    while (table[1]) table++;
    return *table;
}
