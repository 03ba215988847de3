/* fuzz_technology.c - any bytes as a technology. */
#include "tests/fuzz/fuzz_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  return fuzz_run(fuzz_technology, ".yaml", data, size);
}
