/* sequences.h - datasets of drawn sequences that differ in length. */
#ifndef QN_TEST_SEQUENCES_H
#define QN_TEST_SEQUENCES_H

#include <quench/dataset.h>

/* Inputs in (-range, range); time spans of 0.02, 0.5, 1 and 2.5 model seconds
 * in no order, a span often twice in a row. */
qn_dataset *sequences_draw(size_t features, unsigned seed,
                           const size_t *lengths, size_t count, double range);

/* Some sequences of a dataset, in this order. */
qn_dataset *sequences_pick(const qn_dataset *from, const size_t *which,
                           size_t count);

#endif
