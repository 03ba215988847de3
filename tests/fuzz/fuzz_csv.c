/* fuzz_csv.c - any bytes as a CSV dataset. */
#include "tests/fuzz/fuzz_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  return fuzz_run(fuzz_dataset, ".csv", data, size);
}
