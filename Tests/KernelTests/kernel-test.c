// Tests the kernels of all tables that this CPU can run: against the formats' definitions in f64,
// and all against each other, bit by bit.
//
//   kernel-test        runs all tests; exit status 1 and a message at the first that fails
//   kernel-test list   prints the tables, the fastest first
#include "check.h"
#include "tests.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static void printTables(void) {
    for (const ck_kernels *const *table = ck_available(); *table; table++)
        printf("%s%s", table == ck_available() ? "" : ", ", (*table)->name);
}

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "list") == 0) {
        printTables();
        putchar('\n');
        return 0;
    }
    testAllProducts();
    testAllRows();
    testAllAttention();
    printTables();
    printf(": %zu checks in %.1f s\n", passedChecks, (double)clock() / CLOCKS_PER_SEC);
    return 0;
}
