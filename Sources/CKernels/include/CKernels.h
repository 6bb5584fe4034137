// The inner loops of a transformer's forward on a CPU, for 1 to a few dozen rows at a time.
//
// Weights are packed so that sixteen rows of a matrix, a *group*, lie interleaved: one linear
// stream that is read once for all rows of activations. Integer products are exact and every float
// operation has one fixed order, so a row's result has the same bits whatever the number of rows,
// their tiling, the thread or the instruction set of this machine.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// How a matrix is stored; the numbers are GGUF's own.
typedef enum {
    CK_F32 = 0,
    CK_F16 = 1,
    CK_Q4_0 = 2,
    CK_Q4_1 = 3,
    CK_Q5_0 = 6,
    CK_Q5_1 = 7,
    CK_Q8_0 = 8,
    CK_Q4_K = 12,
    CK_Q5_K = 13,
    CK_Q6_K = 14,
    CK_BF16 = 30,
} ck_format;

// How a row of activations is prepared for a product.
typedef enum {
    CK_FLOATS = 0,      // as it is
    CK_BLOCKS_32 = 1,   // int8 with a scale per 32 elements
    CK_BLOCKS_256 = 2,  // int8 with a scale per 256 elements, and sums per 16 and 32
} ck_activation;

// The rows of a matrix in one group.
enum { CK_GROUP_ROWS = 16 };

// Whether `format` is one of ck_format.
bool ck_is_supported(uint32_t format);

// The preparation that `format` multiplies with.
ck_activation ck_activation_of(ck_format format);

// Bytes of one packed group of a matrix. `columns` is a multiple of the format's block, and even.
size_t ck_group_bytes(ck_format format, size_t columns);

// Bytes of `rows` prepared rows of `columns` elements.
size_t ck_activation_bytes(ck_activation activation, size_t rows, size_t columns);

// Packs up to sixteen rows, each `rowBytes` after the other as GGUF stores them, into one group;
// rows that are missing become zeros.
void ck_pack_group(
    ck_format format, const uint8_t *rows, size_t rowBytes, size_t rowCount, size_t columns,
    uint8_t *group);

// The values of one row, 0 ... 15, of a packed group.
void ck_unpack_row(
    ck_format format, const uint8_t *group, size_t row, size_t columns, float *values);

// A packed matrix, and the rows that it is multiplied with.
typedef struct {
    ck_format format;
    const uint8_t *groups;     // ck_group_bytes a group
    size_t columns;
    const void *activations;   // `rows` prepared rows: see ck_kernels.quantize
    size_t rows;
    float *output;             // [rows][outputStride]; a group writes sixteen columns
    size_t outputStride;
} ck_product;

// What one query row reads of a sequence's cache in one layer, and where it writes.
typedef struct {
    const float *queries;    // [heads][headSize], rotated; the heads that share a key head
    size_t heads;            // 1 ... 8
    size_t headSize;         // a multiple of 16
    const uint16_t *keys;    // half floats: [position / 16][headSize][16]
    const uint16_t *values;  // half floats: [position][headSize]
    size_t length;           // positions to attend to, at least 1
    float scale;
    float *scores;           // room for heads * (length rounded up to 16)
    float *output;           // [heads][headSize]
} ck_attention;

// The loops for one instruction set. Counts of floats are multiples of sixteen.
typedef struct {
    const char *name;
    // Rows are prepared in tiles of this many.
    size_t tile;

    // Multiplies the groups `first ..< first + count` with all rows.
    void (*multiply)(const ck_product *product, size_t first, size_t count);
    // Prepares row `row` of `rows` at its place in `activations`.
    void (*quantize)(
        ck_activation activation, const float *values, size_t columns, size_t row, size_t rows,
        void *activations);
    // output = values / sqrt(mean(values^2) + epsilon) * weights; in place is allowed.
    void (*normalize)(
        const float *values, const float *weights, size_t count, float epsilon, float *output);
    // values += addends
    void (*add)(float *values, const float *addends, size_t count);
    // gate = silu(gate) * up
    void (*gate)(float *gate, const float *up, size_t count);
    // Rotates one head by the angles whose cosines and sines are given, `pairs` of each.
    void (*rotate)(float *head, const float *cosines, const float *sines, size_t pairs, bool halves);
    // Writes one position's key and value of one head into a cache.
    void (*store)(
        const float *key, const float *value, size_t headSize, size_t position, uint16_t *keys,
        uint16_t *values);
    // One row's attention over the heads that share a key head.
    void (*attend)(const ck_attention *attention);
} ck_kernels;

// The tables that this CPU can run, the fastest first, ended by NULL. The last is portable C.
const ck_kernels *_Nullable const *_Nonnull ck_available(void);

// Tells the CPU that this thread waits for another.
static inline void ck_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

#pragma clang assume_nonnull end
