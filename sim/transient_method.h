/* transient_method.h - what integrates behind transient.h, a record for each
 * qn_method. */
#ifndef QN_TRANSIENT_METHOD_H
#define QN_TRANSIENT_METHOD_H

#include <math.h>

#include "sim/transient.h"

enum {
  QN_TRANSIENT_STEPS_MAX = 1000000 /* of one advance */
};

typedef struct qn_transient_method {
  /* *method receives the method's own part of the transient, also of one that
   * failed */
  qn_status (*alloc)(void **method, qn_transient *tr);
  void (*free)(void *method); /* NULL is allowed */
  void (*restart)(void *method);
  /* as qn_transient_advance(); adds to tr's numbers */
  qn_status (*advance)(void *method, double t, double t_end, double *x);
} qn_transient_method;

extern const qn_transient_method qn_transient_explicit, qn_transient_bdf;

struct qn_transient {
  const qn_system *system; /* borrowed */
  qn_tolerances tolerances;
  const qn_transient_method *method;
  void *own;             /* the method's */
  double *total;         /* [integrals] of the advances that ended */
  qn_status failure;     /* of the model, in the advance under way */
  long rhs_calls, steps; /* of the advances that ended */
};

/* One call of the model's functions. 1: x lies outside its domain. A negative
 * status ends the run, and is kept for the caller of the advance. */
int qn_transient_call(qn_transient *tr, qn_rhs_fn *fn, double t,
                      const double *x, double *value);

/* 1 for QN_EINVAL; what else a model says ends the run, now and later. */
int qn_transient_said(qn_transient *tr, qn_status st);

/* 1 / (rtol |x| + atol) */
static inline double qn_transient_weight(const qn_tolerances *tol, double x)
{
  return 1 / (tol->rtol * fabs(x) + tol->atol);
}

#endif
