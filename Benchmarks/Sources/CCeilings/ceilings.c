#define _GNU_SOURCE
#include "ceilings.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void *ceiling_allocate(size_t bytes) {
    void *memory = NULL;
    if (posix_memalign(&memory, 2 << 20, bytes) != 0) return NULL;
#ifdef MADV_HUGEPAGE
    madvise(memory, bytes, MADV_HUGEPAGE);
#endif
    memset(memory, 1, bytes);
    return memory;
}

typedef uint64_t wide __attribute__((vector_size(64), aligned(8)));

#pragma clang diagnostic ignored "-Wpsabi"

static inline __attribute__((always_inline)) uint64_t readAll(const void *memory, size_t bytes) {
    const wide *p = memory;
    wide sums[8] = {0};
    for (size_t i = 0; i < bytes / sizeof(wide); i += 8) {
        __builtin_prefetch(p + i + 64);
        __builtin_prefetch(p + i + 68);
        for (int j = 0; j < 8; j++) sums[j] ^= p[i + (size_t)j];
    }
    for (int j = 1; j < 8; j++) sums[0] ^= sums[j];
    return sums[0][0] ^ sums[0][7];
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx512f"))) static uint64_t readWide(const void *memory, size_t bytes) {
    return readAll(memory, bytes);
}

uint64_t ceiling_read(const void *memory, size_t bytes) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") ? readWide(memory, bytes) : readAll(memory, bytes);
}

__attribute__((target("avx512f,avx512vnni"))) static uint32_t dots(uint64_t rounds) {
    enum { CHAINS = 16 };
    __m512i sums[CHAINS], a = _mm512_set1_epi8(3), b = _mm512_set1_epi8(5);
    for (int i = 0; i < CHAINS; i++) sums[i] = _mm512_set1_epi32(i);
    for (uint64_t r = 0; r < rounds; r++) {
#pragma clang loop unroll(full)
        for (int i = 0; i < CHAINS; i++) sums[i] = _mm512_dpbusd_epi32(sums[i], a, b);
        // The compiler may not see that the rounds are alike.
        __asm__ volatile("" : "+v"(a), "+v"(b));
    }
    for (int i = 1; i < CHAINS; i++) sums[0] = _mm512_add_epi32(sums[0], sums[i]);
    return (uint32_t)_mm512_reduce_add_epi32(sums[0]);
}

uint64_t ceiling_dots(uint64_t rounds, uint32_t *result) {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx512vnni")) return 0;
    *result = dots(rounds);
    return rounds * 16 * 64;
}
#else
uint64_t ceiling_read(const void *memory, size_t bytes) { return readAll(memory, bytes); }

uint64_t ceiling_dots(uint64_t rounds, uint32_t *result) {
    (void)rounds;
    *result = 0;
    return 0;
}
#endif
