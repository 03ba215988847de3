/* noise_path_step.h - a chip's membranes with noise, in steps of one length:
 *   C dv = I(v, t) dt + sum of coloured currents dt + sqrt(S / 2) dW
 * in Ito's sense, S the one-sided density of the white currents.
 *
 * A step from v at t, with a = -dI_j/dv_j / C at two places: at v, and at u
 * where an exponential Euler step without noise ends, so that nothing that a
 * number multiplies depends on it. With N = I/C + a v and bars for means of the
 * two,
 *   v' = v + h phi1(-a h) (N - a v) + d + h phi2(-a h) J d   (a, N barred)
 *   d  = sqrt(S h phi1(-2 a h) / 2) / C n + h phi1(-a h) (mean coloured) / C
 * J the Jacobian without its diagonal: what noise in one membrane does to the
 * others within the step. phi1(z) = (e^z - 1)/z, phi2(z) = (e^z - 1 - z)/z^2.
 *
 * Of second order without noise, and in the covariance. Where S = 4 k T C a, as
 * of passive conductances, a membrane's variance kT/C is kept for steps of any
 * length and however a changes; with a constant, so is its approach.
 *
 * Strong order, measured on three neurons in a ring from tau/3 to tau/40
 * (tests/sim/test_noise_path_order.c): 2.0 without noise; with kT/C of 1 pF, 60 uV,
 * from 2.0 to 1.15, O(h^2 + e h) with e the noise; with 0.1 V of noise, more than
 * a gate is wide, 0.7, where the double integrals of the amplitudes that are
 * left out, O(e^2 h^(1/2)), begin to count (Milstein and Tretyakov, SIAM J. Sci.
 * Comput. 18, 1997, p. 1067). */
#ifndef QN_NOISE_PATH_STEP_H
#define QN_NOISE_PATH_STEP_H

#include "sim/noise_colour.h"

typedef enum qn_path_noise { QN_PATH_QUIET, QN_PATH_NOISY } qn_path_noise;

enum { QN_COLOURS = QN_NOISE_READOUT - QN_NOISE_FLICKER };

/* Shared by all workers. */
typedef struct qn_path_model {
  const qn_chip *chip; /* borrowed */
  qn_driven driven;
  qn_noise_sources sources;
  double longest_s; /* step */
} qn_path_model;

/* Released with qn_path_model_release(), also after a failure. `step` is the
 * longest, in shortest time constants of a membrane. */
qn_status qn_path_model_init(qn_path_model *m, const qn_chip *chip,
                             double step);
void qn_path_model_release(qn_path_model *m);

/* The chip's derivatives and noise at one place. */
typedef struct qn_path_view {
  double *f, *a;               /* [n] dx/dt; minus the Jacobian's diagonal */
  double *density;             /* [QN_NOISE_WHITE, units] */
  double *current[QN_COLOURS]; /* [count] of each coloured kind */
} qn_path_view;

/* One worker's. Inputs are set by model->driven.kind->set_inputs() on `room`. */
typedef struct qn_path {
  const qn_path_model *model;
  qn_path_noise noise; /* may be changed before a beginning */
  void *room;
  double *x; /* [n] the state; may be changed between advances */
  qn_colour colour[QN_COLOURS];
  qn_random branch;
  uint64_t step; /* since the beginning */
  /* of a step */
  qn_path_view here, ahead;
  double *value;  /* Jacobian ahead */
  double *u, *d;  /* [n] */
  double *after;  /* [n] h phi2 */
  double *normal; /* [units + 1] */
} qn_path;

qn_status qn_path_alloc(qn_path **out, const qn_path_model *model);
void qn_path_free(qn_path *p); /* NULL is allowed */

/* A sequence begins, at zero or, with reset noise, at kT/C; coloured processes
 * are at rest. Streams go out from this branch. */
void qn_path_begin(qn_path *p, const qn_random *branch);

/* From t on for `length` seconds, in equal steps. QN_EINVAL: currents could not
 * be found (crossbar.h). */
qn_status qn_path_advance(qn_path *p, double t, double length);

/* One step of h seconds from t, its white noise from normal [units]. */
qn_status qn_path_step(qn_path *p, double t, double h, const double *normal);

#endif
