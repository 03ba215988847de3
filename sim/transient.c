/* transient.c - what both methods behind transient.h have in common. */
#include "sim/transient.h"

#include <stdlib.h>

#include "sim/transient_method.h"

static const qn_transient_method *const methods[] = {
  [QN_METHOD_EXPLICIT] = &qn_transient_explicit,
  [QN_METHOD_BDF] = &qn_transient_bdf};

int qn_transient_said(qn_transient *tr, qn_status st)
{
  if (st == QN_EINVAL)
    return 1;
  if (st)
    tr->failure = st;
  return tr->failure;
}

int qn_transient_call(qn_transient *tr, qn_rhs_fn *fn, double t,
                      const double *x, double *value)
{
  return qn_transient_said(tr, fn(t, x, value, tr->system->arg));
}

/* ---- life cycle ---------------------------------------------------------- */

qn_status qn_transient_alloc(qn_transient **out, const qn_system *system,
                             const qn_tolerances *tol)
{
  qn_transient *tr;
  qn_status st = QN_OK;

  *out = NULL;
  if (system->n == 0 || !(tol->rtol > 0 && tol->rtol < 1 && tol->atol > 0))
    return QN_EINVAL;
  tr = calloc(1, sizeof *tr);
  if (!tr)
    return QN_ENOMEM;
  tr->system = system;
  tr->tolerances = *tol;
  tr->method = methods[system->method];
  if (system->integrals)
    tr->total = calloc(system->integrals, sizeof *tr->total);
  if (system->integrals && !tr->total)
    st = QN_ENOMEM;
  if (!st)
    st = tr->method->alloc(&tr->own, tr);
  if (st) {
    qn_transient_free(tr);
    return st;
  }
  *out = tr;
  return QN_OK;
}

void qn_transient_free(qn_transient *tr)
{
  if (!tr)
    return;
  tr->method->free(tr->own);
  free(tr->total);
  free(tr);
}

/* ---- integration --------------------------------------------------------- */

void qn_transient_restart(qn_transient *tr)
{
  tr->method->restart(tr->own);
}

qn_status qn_transient_advance(qn_transient *tr, double t, double t_end,
                               double *x)
{
  qn_status st;

  if (!(t_end > t))
    return QN_EINVAL;
  tr->failure = QN_OK;
  st = tr->method->advance(tr->own, t, t_end, x);
  return tr->failure ? tr->failure : st;
}

const double *qn_transient_integrals(const qn_transient *tr)
{
  return tr->total;
}

long qn_transient_rhs_calls(const qn_transient *tr)
{
  return tr->rhs_calls;
}

long qn_transient_steps(const qn_transient *tr)
{
  return tr->steps;
}
