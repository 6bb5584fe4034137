// What the tests of the kernels share.
#pragma once

#include "CKernels.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// How many checks have passed.
extern size_t passedChecks;

// Ends the program with a message and exit status 1.
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);

// Counts a check; where `condition` is false, the rest says what is wrong.
#define REQUIRE(condition, ...) \
    do { \
        if (!(condition)) fail(__VA_ARGS__); \
        passedChecks++; \
    } while (0)

// Random numbers, the same in each run.
void seedRandom(uint64_t seed);
uint64_t randomBits(void);
double uniform(double low, double high);
// Activations as models have them: most are small, a few are large.
void fillActivations(float *values, size_t count);

// Memory of exactly this size, so that the sanitizer sees what reads or writes behind it.
void *room(size_t bytes);

// Floats whose bits no kernel writes, to see what was left alone.
void fillUntouched(float *values, size_t count);
bool isUntouched(float value);

// Whether two floats have the same bits, or are both NaN, whose payload is not promised.
bool isSame(float a, float b);
// The first index at which two rows differ, or `count`.
size_t firstDifference(const float *a, const float *b, size_t count);

// Half floats by their definition.
double valueOfHalf(uint16_t half);
uint16_t halfNearest(double value);
bool isHalfNaN(uint16_t half);

// The table that all others are compared with: portable C, the last one.
const ck_kernels *portable(void);
