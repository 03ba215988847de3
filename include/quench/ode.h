/* ode.h - the continuous equations through time (docs/accuracy.md): a network's
 * in model units, a chip's in SI units. Inputs are held between samples. */
#ifndef QN_ODE_H
#define QN_ODE_H

#include <quench/chip.h>
#include <quench/progress.h>
#include <quench/trace.h>

/* How a transient is integrated. */
typedef struct qn_ode_options {
  double tolerance; /* relative, and absolute in model units; in (0, 1) */
  unsigned workers;
  const qn_progress *progress;                 /* NULL: none */
  enum { QN_WITHOUT_HEAT, QN_WITH_HEAT } heat; /* integrate it; chips alone */
} qn_ode_options;

/* 1e-9 on one worker: the worst state error of the networks in tests/data is
 * below 1e-6 model units. */
extern const qn_ode_options qn_ode_options_default;

/* Chips alone: energy that memristors turned into heat along the trajectories,
 * by what they belong to; its sum over all sequences. */
typedef enum qn_heat {
  QN_HEAT_LEAK,
  QN_HEAT_RECURRENT,
  QN_HEAT_SENSORY
} qn_heat;
enum { QN_HEATS = 3 };

typedef struct qn_ode_report {
  long steps, rhs_calls;
  /* chips alone: */
  size_t clipped_inputs;   /* beyond the driver's range */
  size_t clipped_outputs;  /* beyond the readout's range */
  double heat_j[QN_HEATS]; /* where it was asked for */
  double moved_worst; /* read disturb: farthest that a memristor's state went in
                         a sequence, of its range */
} qn_ode_report;

/* cm dv/dt = gleak (vleak - v) + sum w s(sigma (v_pre - mu)) (erev - v), with
 * cm from qn_ltc_capacitance() for spans of 1. */
qn_status qn_ltc_run(const qn_network *net, const qn_dataset *data,
                     const qn_ode_options *opt, qn_trace *out,
                     qn_ode_report *report, qn_diag *diag);

/* The equation in chip.h. Membranes start at the common mode; the trace is in
 * model units, states of memristors that move are there where it has room. */
qn_status qn_chip_run(const qn_chip *chip, const qn_network *net,
                      const qn_dataset *data, const qn_ode_options *opt,
                      qn_trace *out, qn_ode_report *report, qn_diag *diag);

#endif
