/* transient.c - CVODES behind the interface of transient.h: variable order and
 * step; for BDF an analytic Jacobian and a direct solver that is sparse (KLU)
 * where the Jacobian is. */
#include "sim/transient.h"

#include <cvodes/cvodes.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdlib.h>
#include <string.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <sunmatrix/sunmatrix_sparse.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

enum {
  MAX_STEPS = 1000000 /* of one advance */
};

struct qn_transient {
  const qn_system *system; /* borrowed */
  qn_tolerances tolerances;
  SUNContext ctx;
  N_Vector x;
  N_Vector part;            /* integrals of the advance under way, or NULL */
  double *total;            /* [integrals] of those that ended */
  SUNMatrix jac;            /* BDF alone */
  SUNLinearSolver lin;      /* BDF alone */
  SUNNonlinearSolver plain; /* Adams alone */
  void *cvode;
  double *value;         /* [pattern->count] of a dense Jacobian */
  qn_status failure;     /* of the model, in the advance under way */
  long rhs_calls, steps; /* of the advances that ended */
};

/* ---- CVODE's conventions to ours ----------------------------------------- */

/* QN_EINVAL is recoverable: a smaller step. What else the model says ends the
 * run, also where CVODE would try again. */
static int to_cvode(qn_transient *tr, qn_status st)
{
  if (st == QN_EINVAL)
    return 1;
  if (st)
    tr->failure = st;
  return tr->failure;
}

static int call_rhs(double t, N_Vector x, N_Vector dx, void *arg)
{
  qn_transient *tr = arg;
  const qn_system *s = tr->system;

  return to_cvode(
    tr, s->rhs(t, N_VGetArrayPointer(x), N_VGetArrayPointer(dx), s->arg));
}

static int call_rate(double t, N_Vector x, N_Vector rate, void *arg)
{
  qn_transient *tr = arg;
  const qn_system *s = tr->system;

  return to_cvode(
    tr, s->rate(t, N_VGetArrayPointer(x), N_VGetArrayPointer(rate), s->arg));
}

/* SUNDIALS' SPARSE matrices keep their pattern in every copy */
static void copy_pattern(const qn_pattern *p, SUNMatrix jac)
{
  sunindextype *column = SUNSparseMatrix_IndexPointers(jac);
  sunindextype *row = SUNSparseMatrix_IndexValues(jac);

  for (size_t j = 0; j <= p->n; j++)
    column[j] = (sunindextype)p->column[j];
  for (size_t k = 0; k < p->count; k++)
    row[k] = (sunindextype)p->row[k];
}

static void scatter(const qn_pattern *p, const double *value, double *dense)
{
  for (size_t j = 0; j < p->n; j++)
    for (size_t k = p->column[j]; k < p->column[j + 1]; k++)
      dense[j * p->n + p->row[k]] = value[k];
}

static int call_jac(double t, N_Vector x, N_Vector fx, SUNMatrix jac, void *arg,
                    N_Vector a, N_Vector b, N_Vector c)
{
  qn_transient *tr = arg;
  const qn_system *s = tr->system;
  int sparse = SUNMatGetID(jac) == SUNMATRIX_SPARSE;
  double *value = sparse ? SUNSparseMatrix_Data(jac) : tr->value;
  qn_status st;

  (void)fx, (void)a, (void)b, (void)c;
  memset(value, 0, s->pattern->count * sizeof *value);
  st = s->jac(t, N_VGetArrayPointer(x), value, s->arg);
  if (sparse)
    copy_pattern(s->pattern, jac);
  else
    scatter(s->pattern, value, SUNDenseMatrix_Data(jac));
  return to_cvode(tr, st);
}

static qn_status from_cvode(int flag)
{
  switch (flag) {
  case CV_SUCCESS:
  case CV_TSTOP_RETURN:
    return QN_OK;
  case CV_MEM_FAIL:
  case CV_MEM_NULL:
    return QN_ENOMEM;
  case CV_ILL_INPUT:
  case CV_TOO_CLOSE:
    return QN_EINVAL;
  case CV_RHSFUNC_FAIL:
  case CV_FIRST_RHSFUNC_ERR:
  case CV_UNREC_RHSFUNC_ERR:
    return QN_EMODEL;
  case CV_LSETUP_FAIL:
  case CV_LSOLVE_FAIL:
    return QN_ESINGULAR;
  case CV_CONV_FAILURE:
    return QN_ENOCONV;
  default:
    return QN_EINTEGRATE;
  }
}

/* ---- vectors of a few dozen states -------------------------------------- */

/* The norm of CVODE's error test. The stock one adds in one chain, which on
 * vectors this short is a seventh of the whole time; four chains are not. */
static realtype wrms_norm(N_Vector x, N_Vector w)
{
  const double *a = N_VGetArrayPointer(x), *b = N_VGetArrayPointer(w);
  size_t n = (size_t)N_VGetLength(x), i = 0;
  double sum[4] = {0};

  for (; i + 4 <= n; i += 4)
    for (size_t k = 0; k < 4; k++)
      sum[k] += (a[i + k] * b[i + k]) * (a[i + k] * b[i + k]);
  for (; i < n; i++)
    sum[0] += (a[i] * b[i]) * (a[i] * b[i]);
  return sqrt((sum[0] + sum[1] + sum[2] + sum[3]) / (double)n);
}

/* 1 / (rtol |x| + atol) in one pass */
static int error_weights(N_Vector x, N_Vector w, void *arg)
{
  const qn_transient *tr = arg;
  const double *a = N_VGetArrayPointer(x);
  double *b = N_VGetArrayPointer(w);

  for (size_t i = 0; i < tr->system->n; i++)
    b[i] = 1 / (tr->tolerances.rtol * fabs(a[i]) + tr->tolerances.atol);
  return 0;
}

/* ---- life cycle ---------------------------------------------------------- */

/* KLU was twice as fast as dense on 19 neurons with 66 of 361 entries, and no
 * faster on a full matrix of 32. */
static int is_sparse(const qn_pattern *p)
{
  return 3 * p->count < p->n * p->n;
}

static void create_solver(qn_transient *tr)
{
  const qn_pattern *p = tr->system->pattern;
  sunindextype n = (sunindextype)p->n, count = (sunindextype)p->count;

  if (is_sparse(p)) {
    tr->jac = SUNSparseMatrix(n, n, count, CSC_MAT, tr->ctx);
    if (tr->jac)
      tr->lin = SUNLinSol_KLU(tr->x, tr->jac, tr->ctx);
  } else {
    tr->jac = SUNDenseMatrix(n, n, tr->ctx);
    if (tr->jac)
      tr->lin = SUNLinSol_Dense(tr->x, tr->jac, tr->ctx);
  }
}

/* the SUNDIALS objects, in the order they depend on each other */
static qn_status create_objects(qn_transient *tr)
{
  if (SUNContext_Create(NULL, &tr->ctx))
    return QN_ENOMEM;
  tr->x = N_VNew_Serial((sunindextype)tr->system->n, tr->ctx);
  tr->value = calloc(tr->system->pattern->count + 1, sizeof *tr->value);
  if (!tr->x || !tr->value)
    return QN_ENOMEM;
  N_VConst(0, tr->x);
  tr->x->ops->nvwrmsnorm = wrms_norm; /* its clones have it too */
  if (tr->system->method == QN_METHOD_BDF)
    create_solver(tr);
  else
    tr->plain = SUNNonlinSol_FixedPoint(tr->x, 0, tr->ctx);
  tr->cvode = CVodeCreate(
    tr->system->method == QN_METHOD_BDF ? CV_BDF : CV_ADAMS, tr->ctx);
  return (tr->lin || tr->plain) && tr->cvode ? QN_OK : QN_ENOMEM;
}

static int attach_solver(qn_transient *tr)
{
  int flag;

  if (tr->plain)
    return CVodeSetNonlinearSolver(tr->cvode, tr->plain);
  flag = CVodeSetLinearSolver(tr->cvode, tr->lin, tr->jac);
  return flag ? flag : CVodeSetJacFn(tr->cvode, call_jac);
}

static qn_status create_integrals(qn_transient *tr)
{
  size_t n = tr->system->integrals;

  if (!n)
    return QN_OK;
  tr->total = calloc(n, sizeof *tr->total);
  tr->part = N_VNew_Serial((sunindextype)n, tr->ctx);
  if (!tr->total || !tr->part)
    return QN_ENOMEM;
  N_VConst(0, tr->part);
  return QN_OK;
}

static qn_status configure(qn_transient *tr)
{
  int flag = CVodeInit(tr->cvode, call_rhs, 0, tr->x);

  if (!flag && tr->part)
    flag = CVodeQuadInit(tr->cvode, call_rate, tr->part);
  if (!flag)
    flag = CVodeWFtolerances(tr->cvode, error_weights);
  if (!flag)
    flag = CVodeSetUserData(tr->cvode, tr);
  if (!flag)
    flag = CVodeSetMaxNumSteps(tr->cvode, MAX_STEPS);
  if (!flag)
    flag = CVodeSetErrFile(tr->cvode, NULL);
  if (!flag)
    flag = attach_solver(tr);
  return from_cvode(flag);
}

qn_status qn_transient_alloc(qn_transient **out, const qn_system *system,
                             const qn_tolerances *tol)
{
  qn_transient *tr;
  qn_status st;

  *out = NULL;
  if (system->n == 0 || !(tol->rtol > 0 && tol->rtol < 1 && tol->atol > 0))
    return QN_EINVAL;
  tr = calloc(1, sizeof *tr);
  if (!tr)
    return QN_ENOMEM;
  tr->system = system;
  tr->tolerances = *tol;
  st = create_objects(tr);
  if (!st)
    st = create_integrals(tr);
  if (!st)
    st = configure(tr);
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
  CVodeFree(&tr->cvode);
  if (tr->plain)
    SUNNonlinSolFree(tr->plain);
  if (tr->lin)
    SUNLinSolFree(tr->lin);
  if (tr->jac)
    SUNMatDestroy(tr->jac);
  if (tr->part)
    N_VDestroy(tr->part);
  if (tr->x)
    N_VDestroy(tr->x);
  if (tr->ctx)
    SUNContext_Free(&tr->ctx);
  free(tr->value);
  free(tr->total);
  free(tr);
}

/* ---- integration --------------------------------------------------------- */

static void count(qn_transient *tr)
{
  long rhs = 0, steps = 0;

  CVodeGetNumRhsEvals(tr->cvode, &rhs);
  CVodeGetNumSteps(tr->cvode, &steps);
  tr->rhs_calls += rhs;
  tr->steps += steps;
}

static void add_integrals(qn_transient *tr)
{
  double reached;

  if (!tr->part || CVodeGetQuad(tr->cvode, &reached, tr->part))
    return;
  for (size_t i = 0; i < tr->system->integrals; i++)
    tr->total[i] += N_VGetArrayPointer(tr->part)[i];
}

qn_status qn_transient_advance(qn_transient *tr, double t, double t_end,
                               double *x)
{
  size_t size = tr->system->n * sizeof *x;
  double reached;
  int flag;

  if (!(t_end > t))
    return QN_EINVAL;
  tr->failure = QN_OK;
  memcpy(N_VGetArrayPointer(tr->x), x, size);
  flag = CVodeReInit(tr->cvode, t, tr->x);
  if (!flag && tr->part) {
    N_VConst(0, tr->part);
    flag = CVodeQuadReInit(tr->cvode, tr->part);
  }
  if (!flag)
    flag = CVodeSetStopTime(tr->cvode, t_end);
  if (!flag)
    flag = CVode(tr->cvode, t_end, tr->x, &reached, CV_NORMAL);
  count(tr);
  if (flag >= 0)
    add_integrals(tr);
  memcpy(x, N_VGetArrayPointer(tr->x), size);
  return tr->failure ? tr->failure : from_cvode(flag);
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
