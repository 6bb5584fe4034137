#include "CKernels.h"

extern const ck_kernels ck_portable;
#if defined(__x86_64__)
extern const ck_kernels ck_avx512_vnni, ck_avx_vnni, ck_avx2;
#elif defined(__aarch64__)
extern const ck_kernels ck_neon;
#endif

#if defined(__aarch64__)
#if defined(__linux__)
#include <sys/auxv.h>
#endif

static bool hasDotProducts(void) {
#if defined(__ARM_FEATURE_DOTPROD)
    return true;  // as on every Mac: the compiler may use them anywhere
#elif defined(__linux__)
    const unsigned long dotProducts = 1ul << 20;  // HWCAP_ASIMDDP of <asm/hwcap.h>
    return getauxval(AT_HWCAP) & dotProducts;
#else
    return false;
#endif
}
#endif

static const ck_kernels *_Nullable available[8];

// Before main, so that threads only read the list.
__attribute__((constructor)) static void findAvailable(void) {
    const ck_kernels **next = available;
#if defined(__x86_64__)
    // What the system does not save when it switches threads counts as not supported.
    __builtin_cpu_init();
    bool hasAVX2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
        && __builtin_cpu_supports("f16c");
    if (hasAVX2 && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
        *next++ = &ck_avx512_vnni;
    if (hasAVX2 && __builtin_cpu_supports("avxvnni")) *next++ = &ck_avx_vnni;
    if (hasAVX2) *next++ = &ck_avx2;
#elif defined(__aarch64__)
    if (hasDotProducts()) *next++ = &ck_neon;
#endif
    *next = &ck_portable;
}

const ck_kernels *_Nullable const *_Nonnull ck_available(void) { return available; }
