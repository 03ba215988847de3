/* fuzz_tensors.c - any bytes as a .safetensors dataset. */
#include "tests/fuzz/fuzz_mutate.h"
#include "tests/fuzz/fuzz_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  return fuzz_run(fuzz_dataset, ".safetensors", data, size);
}

/* clang-format off: a table */
static const char *const keys[] = {"task", "warmup_steps", NULL};
static const char *const values[] = {"null",
                                     "0",
                                     "1",
                                     "2",
                                     "-1",
                                     "9223372036854775807",
                                     "0.5",
                                     "\"binary\"",
                                     "\"binary_last\"",
                                     "\"multiclass\"",
                                     "\"regression\"",
                                     "\"sort\"",
                                     "[]",
                                     "\"\\u0007\\u00e9\"",
                                     NULL};
static const char *const tensors[] = {
  "inputs", "timespans", "targets", "outputs", "states", "__metadata__", NULL};
/* clang-format on */

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
                               unsigned seed)
{
  static const struct fuzz_words words = {"quench.dataset", keys, values,
                                          tensors};

  return fuzz_mutate_tensors(data, size, max, seed, &words);
}
