/* pattern.h - where a network's Jacobian is not zero: its synapses and the
 * diagonal, in compressed columns. */
#ifndef QN_PATTERN_H
#define QN_PATTERN_H

#include <stddef.h>

#include <quench/status.h>

/* d f_post / d x_pre stands in column pre, row post. */
typedef struct qn_pattern {
  size_t n, count;
  size_t *column;   /* [n + 1] first entry of each column */
  size_t *row;      /* [count] ascending in a column */
  size_t *diagonal; /* [n] entry of (j, j) */
  size_t *entry;    /* [synapses] entry of each synapse */
} qn_pattern;

/* Of synapses [first[j], first[j + 1]) from pre[i] onto neuron j < n. */
qn_status qn_pattern_init(qn_pattern *pattern, size_t n, const size_t *first,
                          const size_t *pre);
void qn_pattern_release(qn_pattern *pattern);

#endif
