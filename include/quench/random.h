/* random.h - counter-based random numbers: each is a function of what it is
 * for, and of nothing that happened before.
 *
 * Philox 4x32-10 (Salmon et al., SC 2011) of the Random123 library. The same
 * (seed, die, purpose, index) gives the same number whatever the number of
 * threads, the order or a restart. */
#ifndef QN_RANDOM_H
#define QN_RANDOM_H

#include <stdint.h>

/* A stream: one purpose on one die. Purposes are the caller's numbers. */
typedef struct qn_random {
  uint64_t seed;
  uint32_t die, purpose;
} qn_random;

/* Uniform in (0, 1), an odd multiple of 2^-53. */
double qn_random_uniform(const qn_random *stream, uint64_t index);

/* Standard normal (Box and Muller). Independent of the uniform number of the
 * same index only if those are not used: a stream is of one kind. */
double qn_random_normal(const qn_random *stream, uint64_t index);

#endif
