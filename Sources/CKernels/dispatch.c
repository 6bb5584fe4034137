#include "CKernels.h"

extern const ck_kernels ck_portable;
#if defined(__x86_64__)
extern const ck_kernels ck_avx512_vnni;
#endif

const ck_kernels *const *ck_available(void) {
    static const ck_kernels *found[8];
    static bool isReady;  // Filled with the same values whoever is first.
    size_t count = 0;
    if (__atomic_load_n(&isReady, __ATOMIC_ACQUIRE)) return found;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
        found[count++] = &ck_avx512_vnni;
#endif
    found[count++] = &ck_portable;
    __atomic_store_n(&isReady, true, __ATOMIC_RELEASE);
    return found;
}
