/* driven.h - a continuous system under the samples of a dataset: what the
 * network's equation and the chip's circuit have in common. */
#ifndef QN_DRIVEN_H
#define QN_DRIVEN_H

#include <quench/ode.h>

#include "sim/transient.h"

/* An input moves from `from` at t_begin to `to` at t_end and stays there. */
typedef struct qn_ramp {
  const double *from, *to; /* [inputs] */
  double t_begin, t_end;
} qn_ramp;

/* Where the inputs are at t, into input [inputs]. */
void qn_ramp_at(const qn_ramp *ramp, double t, size_t inputs, double *input);

/* A kind of system. `model` is shared by all workers, a workspace belongs to
 * one. */
typedef struct qn_driven_kind {
  const char *name; /* for progress */
  qn_rhs_fn *rhs;   /* arg is the workspace */
  qn_jac_fn *jac;
  qn_rhs_fn *rate; /* whose integrals are wanted; NULL: none */
  void (*model_free)(void *model);
  void *(*workspace_alloc)(const void *model);
  void (*workspace_free)(void *workspace);
  /* from now on the inputs follow this ramp (borrowed) */
  void (*set_inputs)(void *workspace, const qn_ramp *ramp);
  /* before the first sample of a sequence: x [n] is 0 and may be set; before
   * each sample, of a dataset's row: x may jump; after the last sample. NULL:
   * nothing to do */
  void (*begin)(void *workspace, double *x);
  void (*jump)(void *workspace, const double *row, double *x);
  void (*end)(void *workspace, const double *x, qn_ode_report *report);
  /* x [n] at the end of a row of the dataset, for the trace or for what the
   * workspace collects; NULL: nothing to do */
  void (*record)(void *workspace, size_t row, const double *x, qn_trace *out);
  /* a dataset's row to inputs; clipped counts those out of range */
  void (*map_inputs)(const void *model, const double *row, double *inputs,
                     size_t *clipped);
  /* outputs of a row of states in model units; clipped counts those out of
   * range. NULL: the network's output map */
  void (*read_out)(const void *model, const double *state, double *output,
                   size_t *clipped);
} qn_driven_kind;

typedef struct qn_driven {
  const qn_driven_kind *kind;
  void *model; /* owned */
  size_t n, inputs;
  size_t units;              /* membranes, the first of the n states */
  size_t integrals;          /* of kind->rate */
  const qn_pattern *pattern; /* of the Jacobian */
  double unit;               /* of the state: a model unit; it starts at 0 */
  double fastest_s;          /* shortest time constant */
  double seconds_per_unit;   /* s per model second */
  double rise_fraction;      /* of a sample */
} qn_driven;

/* A network's equation in model units, a chip's in SI units. Both are released
 * with qn_driven_release(), also after a failure. */
qn_status qn_driven_init_ltc(qn_driven *driven, const qn_network *net);
qn_status qn_driven_init_chip(qn_driven *driven, const qn_chip *chip);
void qn_driven_release(qn_driven *driven);

/* Every sequence of the dataset, membranes in model units into out, and into
 * sums [driven->integrals] the integrals over all of them (NULL: none). */
qn_status qn_driven_run(const qn_driven *driven, const qn_network *net,
                        const qn_dataset *data, const qn_ode_options *opt,
                        qn_trace *out, double *sums, qn_ode_report *report,
                        qn_diag *diag);

#endif
