/* cosim_child.h - one simulated core, spoken to over pipes in the frames of
 * cosim/harness.cpp. */
#ifndef QN_HDL_COSIM_CHILD_H
#define QN_HDL_COSIM_CHILD_H

#include <quench/cosim.h>

typedef struct qn_cosim_child qn_cosim_child;

/* What one step answered; the arrays belong to the child. */
typedef struct qn_cosim_step {
  uint32_t cycles;
  const int32_t *result; /* [outputs] */
  const int32_t *write; /* [unfolds * units] of {unfold << 16 | neuron, word} */
} qn_cosim_step;

/* Start the executable in the folder of its memory images; its layout is
 * checked before anything is sent. */
qn_status qn_cosim_child_start(qn_cosim_child **out, const qn_core *core,
                               const char *executable, const char *images,
                               const qn_cosim_options *opt, uint32_t seed,
                               qn_diag *diag);
void qn_cosim_child_stop(qn_cosim_child *child); /* NULL is allowed */

/* A sequence of `steps` samples (words [steps, inputs]), then its steps one
 * after another, then its two flags. */
qn_status qn_cosim_child_send(qn_cosim_child *child, const int32_t *input,
                              size_t steps, qn_diag *diag);
qn_status qn_cosim_child_receive(qn_cosim_child *child, qn_cosim_step *step,
                                 qn_diag *diag);
qn_status qn_cosim_child_flags(qn_cosim_child *child, int *framing_error,
                               int *saturated, qn_diag *diag);

#endif
