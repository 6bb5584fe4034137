// The parts of the test; each ends the program where a check fails.
#pragma once

// Packing, and products of packed weights.
void testAllProducts(void);
// Preparing, normalizing, adding, gating, rotating and storing rows.
void testAllRows(void);
// Attention.
void testAllAttention(void);
