// Sixteen floats at a time, in clang's own vectors: the same operations in the same order on every
// instruction set, so that all of them give the same bits.
//
// A file that includes this defines HAS_HALVES first, where instructions convert half floats;
// otherwise integer arithmetic gives the same, but for the payload of a NaN.
#pragma once

#include "formats.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

// Vectors only ever pass between functions that are inlined, so no calling convention matters.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

enum { LANES = 16 };
typedef float floats __attribute__((vector_size(64)));
typedef int32_t ints __attribute__((vector_size(64)));
typedef uint32_t words __attribute__((vector_size(64)));
typedef uint16_t shorts __attribute__((vector_size(32)));

INLINE floats load(const float *p) {
    floats v;
    memcpy(&v, p, sizeof v);
    return v;
}

// Four bytes, or two 16-bit integers, as one word.
INLINE int32_t word(const void *p) {
    int32_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

INLINE void store(float *p, floats v) { memcpy(p, &v, sizeof v); }

INLINE floats splat(float x) { return (floats){0} + x; }

INLINE floats fma16(floats a, floats b, floats c) { return __builtin_elementwise_fma(a, b, c); }

INLINE floats larger(floats a, floats b) {
    ints isLarger = a > b;
    return (floats)(((ints)a & isLarger) | ((ints)b & ~isLarger));
}

// Magnitudes as integers, which have the same order, and NaN is the largest.
INLINE ints magnitude(floats a) { return (ints)a & 0x7FFFFFFF; }

INLINE ints largerMagnitude(ints a, ints b) { return __builtin_elementwise_max(a, b); }

INLINE float largestMagnitude(ints v) {
    int32_t bits = __builtin_reduce_max(v);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

INLINE float sum(floats v) {
    v += __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
    v += __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
    v += __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
    v += __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
    return v[0];
}

INLINE float largest(floats v) {
    v = larger(v, __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    v = larger(v, __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
    v = larger(v, __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    v = larger(v, __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
    return v[0];
}

INLINE int32_t sumOfInts(ints v) { return __builtin_reduce_add(v); }

// Nearest integers, ties to even, of floats below 2^22: adding 1.5 * 2^23 leaves no fraction bits.
INLINE ints nearest(floats v) {
    const floats magic = splat(0x1.8p23f);
    return (ints)(v + magic) - (ints)magic;
}

// exp, within 2 units in the last place: 2^n times a polynomial of the rest.
INLINE floats exponential(floats x) {
    x = larger(x, splat(-87));
    x = -larger(-x, splat(-88));
    ints n = nearest(x * 1.44269504f);
    floats whole = __builtin_convertvector(n, floats);
    floats rest = fma16(whole, splat(-0.693359375f), x);
    rest = fma16(whole, splat(2.12194440e-4f), rest);
    floats p = splat(1.9875691500e-4f);
    p = fma16(p, rest, splat(1.3981999507e-3f));
    p = fma16(p, rest, splat(8.3334519073e-3f));
    p = fma16(p, rest, splat(4.1665795894e-2f));
    p = fma16(p, rest, splat(1.6666665459e-1f));
    p = fma16(p, rest, splat(5.0000001201e-1f));
    p = fma16(p, rest * rest, rest) + 1.0f;
    return p * (floats)((n + 127) << 23);
}

#ifdef HAS_HALVES
typedef _Float16 halves __attribute__((vector_size(32)));

INLINE floats halfToFloat(const void *p) {
    halves h;
    memcpy(&h, p, sizeof h);
    return __builtin_convertvector(h, floats);
}

INLINE void floatToHalf(void *p, floats v) {
    halves h = __builtin_convertvector(v, halves);
    memcpy(p, &h, sizeof h);
}
#else
INLINE floats halfToFloat(const void *p) {
    shorts h;
    memcpy(&h, p, sizeof h);
    words wide = __builtin_convertvector(h, words);
    words sign = (wide & 0x8000) << 16, rest = wide & 0x7FFF;
    // 2^112 moves a half float's exponent to a float's, subnormal ones included.
    floats finite = (floats)(rest << 13) * 0x1p112f;
    words special = (rest << 13) | 0x7F800000;
    words isSpecial = (words)(rest >= 0x7C00);
    return (floats)((((words)finite & ~isSpecial) | (special & isSpecial)) | sign);
}

INLINE void floatToHalf(void *p, floats v) {
    words bits = (words)v, sign = bits >> 16 & 0x8000;
    words rest = bits & 0x7FFFFFFF;
    // Normal: round the 13 dropped bits to even. Subnormal: adding 0.5 shifts the bits into place.
    words normal = (rest + 0xFFF + (rest >> 13 & 1) - 0x38000000) >> 13;
    words small = (words)((floats)rest + 0.5f) - 0x3F000000;
    words isSmall = (words)(rest < 0x38800000), isHuge = (words)(rest >= 0x47800000);
    words isNaN = (words)(rest > 0x7F800000);
    words half = (small & isSmall) | (normal & ~isSmall);
    half = (half & ~isHuge) | (0x7C00 & isHuge) | (0x0200 & isNaN);
    shorts narrow = __builtin_convertvector(half | sign, shorts);
    memcpy(p, &narrow, sizeof narrow);
}
#endif
