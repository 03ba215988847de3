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
  double *tau;    /* [rows, units] model seconds; NULL until it is added */
  size_t memristors;
  double *memristor; /* [rows, memristors] states; NULL until there is room */
} qn_trace;

/* Room for a run of `net` on `data`, filled with zeros. */
qn_status qn_trace_alloc(qn_trace **out, const qn_network *net,
                         const qn_dataset *data);
void qn_trace_free(qn_trace *trace); /* NULL is allowed */

/* Room for the states of a chip's memristors, by number (chip.h), zeros: a run
 * of the chip then puts those that move there. QN_ENOMEM. */
qn_status qn_trace_add_memristors(qn_trace *trace, size_t count);

/* The rows of `count` sequences, picked as qn_dataset_pick() does. */
qn_status qn_trace_pick(qn_trace **out, const qn_trace *trace, size_t count);

/* output[row] = output map of state[row]; for a network without projection. */
void qn_trace_read_out(qn_trace *trace, const qn_network *net, size_t row);

/* The time constants of an LTC's neurons at the end of every sample
 * (qn_ltc_time_constants()); QN_EUNSUPPORTED for other cells. */
qn_status qn_trace_add_tau(qn_trace *trace, const qn_network *net,
                           const qn_dataset *data, qn_diag *diag);

/* What a file holds; several with | between. */
typedef enum qn_trace_content {
  QN_TRACE_OUTPUTS = 1,
  QN_TRACE_STATES = 2,
  QN_TRACE_TAU = 4 /* added before */
} qn_trace_content;

/* From a list, "tau,states", to contents, or QN_EINVAL. */
qn_status qn_trace_content_from_list(const char *list, unsigned *content,
                                     qn_diag *diag);

/* Whether qn_trace_write() can write this under this name, by the extension:
 * before a long run rather than after it. */
qn_status qn_trace_check_path(const char *path, qn_diag *diag);

/* CSV or safetensors (sequences of one length), by the extension. */
qn_status qn_trace_write(const qn_trace *trace, const qn_network *net,
                         const char *path, unsigned content, qn_diag *diag);

#endif
