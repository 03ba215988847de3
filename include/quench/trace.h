/* trace.h - what a realisation computed from a dataset: outputs and states at
 * the end of every sample, rows as in the dataset. */
#ifndef QN_TRACE_H
#define QN_TRACE_H

#include <stddef.h>

#include <quench/dataset.h>
#include <quench/diag.h>
#include <quench/network.h>

typedef struct qn_trace {
  size_t sequences, rows, outputs, units;
  size_t *first;  /* [sequences + 1] */
  double *output; /* [rows, outputs], after the output map */
  double *state;  /* [rows, units], model units */
} qn_trace;

/* Room for a run of `net` on `data`, filled with zeros. */
qn_status qn_trace_alloc(qn_trace **out, const qn_network *net,
                         const qn_dataset *data);
void qn_trace_free(qn_trace *trace); /* NULL is allowed */

/* The rows of `count` sequences, picked as qn_dataset_pick() does. */
qn_status qn_trace_pick(qn_trace **out, const qn_trace *trace, size_t count);

/* output[row] = output map of state[row]; for a network without projection. */
void qn_trace_read_out(qn_trace *trace, const qn_network *net, size_t row);

typedef enum qn_trace_content {
  QN_TRACE_OUTPUTS,
  QN_TRACE_OUTPUTS_AND_STATES
} qn_trace_content;

/* Whether qn_trace_write() can write this under this name, by the extension:
 * before a long run rather than after it. */
qn_status qn_trace_check_path(const char *path, qn_trace_content content,
                              qn_diag *diag);

/* CSV (outputs alone) or safetensors (sequences of one length), by the
 * extension. */
qn_status qn_trace_write(const qn_trace *trace, const qn_network *net,
                         const char *path, qn_trace_content content,
                         qn_diag *diag);

#endif
