/* transient.h - integrate dx/dt = f(t, x) through time.
 *
 * A qn_transient may be used by one thread at a time; two are independent.
 * Nothing is allocated after qn_transient_alloc(). GSL ends the program where
 * memory is short, unless gsl_set_error_handler() says otherwise. */
#ifndef QN_TRANSIENT_H
#define QN_TRANSIENT_H

#include <stddef.h>

#include <quench/status.h>

#include "sim/pattern.h"

/* n derivatives into dx. QN_EINVAL says "x lies outside my domain, take a
 * smaller step"; any other failure ends the integration. */
typedef qn_status qn_rhs_fn(double t, const double *x, double *dx, void *arg);

/* The Jacobian's entries into value [pattern->count], zero on entry. */
typedef qn_status qn_jac_fn(double t, const double *x, double *value,
                            void *arg);

/* Explicit Runge-Kutta formulas (GSL), which start anew at no cost, where steps
 * are short for accuracy's sake anyway; backward differences and Newton's
 * iteration on the Jacobian (CVODES) where a time constant is far shorter than
 * what is to be resolved. */
typedef enum qn_method { QN_METHOD_EXPLICIT, QN_METHOD_BDF } qn_method;

/* A system of n equations; borrowed, it must outlive the qn_transient. `rate`
 * gives `integrals` numbers whose integrals over time are wanted, without a say
 * in the size of steps. */
typedef struct qn_system {
  size_t n;
  size_t integrals; /* 0: none */
  qn_rhs_fn *rate;
  qn_method method;
  qn_rhs_fn *rhs;
  qn_jac_fn *jac;
  const qn_pattern *pattern;
  void *arg;
} qn_system;

/* The root mean square of the local errors, each in rtol*|x_i| + atol, is held
 * below 1. */
typedef struct qn_tolerances {
  double rtol; /* in (0, 1) */
  double atol; /* in the unit of the state, > 0 */
} qn_tolerances;

typedef struct qn_transient qn_transient; /* opaque */

qn_status qn_transient_alloc(qn_transient **out, const qn_system *system,
                             const qn_tolerances *tol);
void qn_transient_free(qn_transient *tr); /* NULL is allowed */

/* A new trajectory begins: what follows does not depend on what was before.
 * Without it an advance begins with a step like the last one's. */
void qn_transient_restart(qn_transient *tr);

/* From t, x (copied) to t_end > t; f is smooth in between, and the integrator
 * never looks past t_end. *x receives the state there. */
qn_status qn_transient_advance(qn_transient *tr, double t, double t_end,
                               double *x);

/* The integrals [integrals] over all advances so far; NULL: there are none. */
const double *qn_transient_integrals(const qn_transient *tr);

/* Right-hand sides and steps so far. */
long qn_transient_rhs_calls(const qn_transient *tr);
long qn_transient_steps(const qn_transient *tr);

#endif
