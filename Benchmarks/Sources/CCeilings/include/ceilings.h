// What one core of this machine can do at most: the yardsticks of the forward benchmark.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Memory in large pages where the system has them, as the engine's weights are; NULL for none.
void *_Nullable ceiling_allocate(size_t bytes);

// Reads `bytes` bytes, a multiple of 512, once and in order, as a product reads its weights.
uint64_t ceiling_read(const void *_Nonnull memory, size_t bytes);

// Runs dot products of int8 on registers; returns the multiplications done, 0 where this CPU has
// no AVX-512 VNNI.
uint64_t ceiling_dots(uint64_t rounds, uint32_t *_Nonnull result);
