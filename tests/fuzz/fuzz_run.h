/* fuzz_run.h - what the fuzzers have in common. */
#ifndef QN_FUZZ_RUN_H
#define QN_FUZZ_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "tests/fuzz/entry.h"

/* The bytes in a file with this ending, through the entry; aborts where it
 * finds something. Returns 0. */
int fuzz_run(fuzz_entry *entry, const char *ending, const uint8_t *data,
             size_t size);

/* libFuzzer's interface. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
                               unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

#endif
