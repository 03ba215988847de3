/* transient_bdf.c - CVODES' backward differences, variable order and step, with
 * an analytic Jacobian and a direct solver that is sparse (KLU) where the
 * Jacobian is. */
#include <cvodes/cvodes.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdlib.h>
#include <string.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <sunmatrix/sunmatrix_sparse.h>

#include "sim/transient_method.h"

struct bdf {
  qn_transient *tr;
  SUNContext ctx;
  N_Vector x;
  N_Vector part; /* integrals of the advance under way, or NULL */
  SUNMatrix jac;
  SUNLinearSolver lin;
  void *cvode;
  double *value; /* [pattern->count] of a dense Jacobian */
};

/* ---- CVODE's conventions to ours ----------------------------------------- */

static int call_rhs(double t, N_Vector x, N_Vector dx, void *arg)
{
  const struct bdf *bdf = arg;

  return qn_transient_call(bdf->tr, bdf->tr->system->rhs, t,
                           N_VGetArrayPointer(x), N_VGetArrayPointer(dx));
}

static int call_rate(double t, N_Vector x, N_Vector rate, void *arg)
{
  const struct bdf *bdf = arg;

  return qn_transient_call(bdf->tr, bdf->tr->system->rate, t,
                           N_VGetArrayPointer(x), N_VGetArrayPointer(rate));
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
  const struct bdf *bdf = arg;
  const qn_system *s = bdf->tr->system;
  int sparse = SUNMatGetID(jac) == SUNMATRIX_SPARSE;
  double *value = sparse ? SUNSparseMatrix_Data(jac) : bdf->value;
  qn_status st;

  (void)fx, (void)a, (void)b, (void)c;
  memset(value, 0, s->pattern->count * sizeof *value);
  st = s->jac(t, N_VGetArrayPointer(x), value, s->arg);
  if (sparse)
    copy_pattern(s->pattern, jac);
  else
    scatter(s->pattern, value, SUNDenseMatrix_Data(jac));
  return qn_transient_said(bdf->tr, st);
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

static int error_weights(N_Vector x, N_Vector w, void *arg)
{
  const struct bdf *bdf = arg;
  const double *a = N_VGetArrayPointer(x);
  double *b = N_VGetArrayPointer(w);

  for (size_t i = 0; i < bdf->tr->system->n; i++)
    b[i] = qn_transient_weight(&bdf->tr->tolerances, a[i]);
  return 0;
}

/* ---- life cycle ---------------------------------------------------------- */

/* KLU was twice as fast as dense on 19 neurons with 66 of 361 entries, and no
 * faster on a full matrix of 32. */
static int is_sparse(const qn_pattern *p)
{
  return 3 * p->count < p->n * p->n;
}

static void create_solver(struct bdf *bdf)
{
  const qn_pattern *p = bdf->tr->system->pattern;
  sunindextype n = (sunindextype)p->n, count = (sunindextype)p->count;

  if (is_sparse(p)) {
    bdf->jac = SUNSparseMatrix(n, n, count, CSC_MAT, bdf->ctx);
    if (bdf->jac)
      bdf->lin = SUNLinSol_KLU(bdf->x, bdf->jac, bdf->ctx);
  } else {
    bdf->jac = SUNDenseMatrix(n, n, bdf->ctx);
    if (bdf->jac)
      bdf->lin = SUNLinSol_Dense(bdf->x, bdf->jac, bdf->ctx);
  }
}

/* the SUNDIALS objects, in the order they depend on each other */
static qn_status create_objects(struct bdf *bdf)
{
  const qn_system *s = bdf->tr->system;

  if (SUNContext_Create(NULL, &bdf->ctx))
    return QN_ENOMEM;
  bdf->x = N_VNew_Serial((sunindextype)s->n, bdf->ctx);
  bdf->value = calloc(s->pattern->count + 1, sizeof *bdf->value);
  if (!bdf->x || !bdf->value)
    return QN_ENOMEM;
  N_VConst(0, bdf->x);
  bdf->x->ops->nvwrmsnorm = wrms_norm; /* its clones have it too */
  if (s->integrals) {
    bdf->part = N_VNew_Serial((sunindextype)s->integrals, bdf->ctx);
    if (!bdf->part)
      return QN_ENOMEM;
    N_VConst(0, bdf->part);
  }
  create_solver(bdf);
  bdf->cvode = CVodeCreate(CV_BDF, bdf->ctx);
  return bdf->lin && bdf->cvode ? QN_OK : QN_ENOMEM;
}

static qn_status configure(struct bdf *bdf)
{
  int flag = CVodeInit(bdf->cvode, call_rhs, 0, bdf->x);

  if (!flag && bdf->part)
    flag = CVodeQuadInit(bdf->cvode, call_rate, bdf->part);
  if (!flag)
    flag = CVodeWFtolerances(bdf->cvode, error_weights);
  if (!flag)
    flag = CVodeSetUserData(bdf->cvode, bdf);
  if (!flag)
    flag = CVodeSetMaxNumSteps(bdf->cvode, QN_TRANSIENT_STEPS_MAX);
  if (!flag)
    flag = CVodeSetErrFile(bdf->cvode, NULL);
  if (!flag)
    flag = CVodeSetLinearSolver(bdf->cvode, bdf->lin, bdf->jac);
  if (!flag)
    flag = CVodeSetJacFn(bdf->cvode, call_jac);
  return from_cvode(flag);
}

static qn_status bdf_alloc(void **method, qn_transient *tr)
{
  struct bdf *bdf = calloc(1, sizeof *bdf);
  qn_status st;

  *method = bdf;
  if (!bdf)
    return QN_ENOMEM;
  bdf->tr = tr;
  st = create_objects(bdf);
  return st ? st : configure(bdf);
}

static void bdf_free(void *method)
{
  struct bdf *bdf = method;

  if (!bdf)
    return;
  CVodeFree(&bdf->cvode);
  if (bdf->lin)
    SUNLinSolFree(bdf->lin);
  if (bdf->jac)
    SUNMatDestroy(bdf->jac);
  if (bdf->part)
    N_VDestroy(bdf->part);
  if (bdf->x)
    N_VDestroy(bdf->x);
  if (bdf->ctx)
    SUNContext_Free(&bdf->ctx);
  free(bdf->value);
  free(bdf);
}

/* ---- integration --------------------------------------------------------- */

static void count(struct bdf *bdf)
{
  long rhs = 0, steps = 0;

  CVodeGetNumRhsEvals(bdf->cvode, &rhs);
  CVodeGetNumSteps(bdf->cvode, &steps);
  bdf->tr->rhs_calls += rhs;
  bdf->tr->steps += steps;
}

static void add_integrals(struct bdf *bdf)
{
  double reached;

  if (!bdf->part || CVodeGetQuad(bdf->cvode, &reached, bdf->part))
    return;
  for (size_t i = 0; i < bdf->tr->system->integrals; i++)
    bdf->tr->total[i] += N_VGetArrayPointer(bdf->part)[i];
}

static qn_status bdf_advance(void *method, double t, double t_end, double *x)
{
  struct bdf *bdf = method;
  size_t size = bdf->tr->system->n * sizeof *x;
  double reached;
  int flag;

  memcpy(N_VGetArrayPointer(bdf->x), x, size);
  flag = CVodeReInit(bdf->cvode, t, bdf->x);
  if (!flag && bdf->part) {
    N_VConst(0, bdf->part);
    flag = CVodeQuadReInit(bdf->cvode, bdf->part);
  }
  if (!flag)
    flag = CVodeSetStopTime(bdf->cvode, t_end);
  if (!flag)
    flag = CVode(bdf->cvode, t_end, bdf->x, &reached, CV_NORMAL);
  count(bdf);
  if (flag >= 0)
    add_integrals(bdf);
  memcpy(x, N_VGetArrayPointer(bdf->x), size);
  return from_cvode(flag);
}

/* every advance starts at order 1 and with a step of CVODE's choice */
static void bdf_restart(void *method)
{
  (void)method;
}

const qn_transient_method qn_transient_bdf = {.alloc = bdf_alloc,
                                              .free = bdf_free,
                                              .restart = bdf_restart,
                                              .advance = bdf_advance};
