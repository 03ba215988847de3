/* random.h - counter-based random numbers: each is a function of what it is
 * for, and of nothing that happened before.
 *
 * Philox 4x32-10 (Salmon et al., SC 2011) of the Random123 library. The same
 * (seed, die, purpose, index) gives the same number whatever the number of
 * threads, the order or a restart. */
#ifndef QN_RANDOM_H
#define QN_RANDOM_H

#include <stdint.h>

/* A stream: one purpose on one die. Purposes are the caller's numbers: dies take
 * those below 2^16 (circuits/die.c), noise those from 2^28 on
 * (sim/noise_path.h). */
typedef struct qn_random {
  uint64_t seed;
  uint32_t die, purpose;
} qn_random;

/* Uniform in (0, 1), an odd multiple of 2^-53. */
double qn_random_uniform(const qn_random *stream, uint64_t index);

/* Standard normal (Box and Muller). Independent of the uniform number of the
 * same index only if those are not used: a stream is of one kind. */
double qn_random_normal(const qn_random *stream, uint64_t index);

/* Two of them at the price of one; the first is qn_random_normal()'s. */
void qn_random_normal_pair(const qn_random *stream, uint64_t index,
                           double normal[2]);

/* One of 2^64 streams that go out from this one, for keys of more parts than a
 * stream has: (seed, die, path, sequence, source, step) is the branch of its
 * path and sequence, with the source as purpose and the step as index. The seed
 * is 64 bits of the block at this index: among a million branches two are the
 * same with a probability of 3e-8. */
qn_random qn_random_branch(const qn_random *stream, uint64_t index);

#endif
