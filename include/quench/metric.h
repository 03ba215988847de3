/* metric.h - how good a run is at its task, and how far from another run. */
#ifndef QN_METRIC_H
#define QN_METRIC_H

#include <quench/trace.h>

typedef struct qn_metric {
  const char *name; /* "accuracy", "rmse"; NULL: no task or no targets */
  double value;
} qn_metric;

/* Over every step after the warm-up (binary_last: the last of each sequence).
 */
qn_metric qn_metric_of(const qn_trace *trace, const qn_dataset *data);

/* What a row of a classifier's outputs decides: 1 where a binary's logit is
 * positive, a multiclass' largest. */
size_t qn_decision_of(const qn_trace *trace, const qn_dataset *data,
                      size_t row);

/* The first row of a sequence that the metric looks at. */
size_t qn_metric_first(const qn_dataset *data, size_t sequence);

/* Swing of every neuron into swing [units], model units: its range over the
 * trace and the zero that every sequence starts from, at least 1 % of the
 * largest of any neuron. */
void qn_swing_of(const qn_trace *trace, double *swing);

/* States of `got` against those of `want` (same rows), at the last instant of
 * each sample. */
typedef struct qn_difference {
  double worst, rms;                 /* model units */
  double worst_percent, rms_percent; /* of the neuron's swing */
  size_t worst_neuron, worst_row;    /* of worst_percent */
  double worst_output;               /* after the output map */
} qn_difference;

qn_difference qn_difference_of(const qn_trace *got, const qn_trace *want,
                               const double *swing);

/* States of memristors of two runs that have room for them, parts of the
 * range. */
typedef struct qn_state_difference {
  double worst;
  size_t memristor, row; /* of it */
} qn_state_difference;

qn_state_difference qn_state_difference_of(const qn_trace *got,
                                           const qn_trace *want);

/* Largest difference from the outputs and states that the dataset's file holds
 * (what ncps computed), absolute, and relative where they exceed 1; -1 if it
 * holds none. */
double qn_difference_from_file(const qn_trace *got, const qn_dataset *data);

#endif
