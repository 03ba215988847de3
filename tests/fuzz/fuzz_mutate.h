/* fuzz_mutate.h - mutations that leave a .safetensors file one: its header is
 * parsed, changed and written again with lengths and offsets that fit. */
#ifndef QN_FUZZ_MUTATE_H
#define QN_FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* What a reader looks for; lists ended by NULL. */
struct fuzz_words {
  const char *metadata;       /* the key of __metadata__ that holds JSON */
  const char *const *keys;    /* of that JSON */
  const char *const *values;  /* JSON texts */
  const char *const *tensors; /* names */
};

/* As LLVMFuzzerCustomMutator(); now and then plain LLVMFuzzerMutate(). */
size_t fuzz_mutate_tensors(uint8_t *data, size_t size, size_t max,
                           unsigned seed, const struct fuzz_words *words);

#endif
