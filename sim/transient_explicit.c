/* transient_explicit.c - embedded Runge-Kutta formulas of the GSL, with a step
 * size of our own that is kept from one advance to the next.
 *
 * One-step formulas need no history, so a new piece of time costs no start:
 * inputs that jump every few steps are what they are for. GSL's own control of
 * the step takes NaN for a small error. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/transient_method.h"

struct rk {
  qn_transient *tr;
  gsl_odeiv2_step *step;
  gsl_odeiv2_system gsl;
  size_t n;                       /* states, then integrals */
  double *room;                   /* of the five below */
  double *now, *next;             /* [n] */
  double *slope_now, *slope_next; /* [n] */
  double *error;                  /* [n] of next */
  double kept;                    /* step's size; 0: none yet */
};

/* derivatives of the states and of the integrals */
static int slope(double t, const double *x, double *dx, void *arg)
{
  struct rk *rk = arg;
  const qn_system *s = rk->tr->system;
  int flag = qn_transient_call(rk->tr, s->rhs, t, x, dx);

  rk->tr->rhs_calls++;
  if (!flag && s->integrals)
    flag = qn_transient_call(rk->tr, s->rate, t, x, dx + s->n);
  return flag ? GSL_EBADFUNC : GSL_SUCCESS;
}

/* ---- life cycle ---------------------------------------------------------- */

static void explicit_free(void *method)
{
  struct rk *rk = method;

  if (!rk)
    return;
  if (rk->step)
    gsl_odeiv2_step_free(rk->step);
  free(rk->room);
  free(rk);
}

/* Cash and Karp's order 5 and Prince and Dormand's order 8 take the same number
 * of right-hand sides at 1e-7 (docs/accuracy.md). */
static const gsl_odeiv2_step_type *formula(const qn_tolerances *tol)
{
  return tol->rtol < 1e-7 ? gsl_odeiv2_step_rk8pd : gsl_odeiv2_step_rkck;
}

static qn_status explicit_alloc(void **method, qn_transient *tr)
{
  struct rk *rk = calloc(1, sizeof *rk);

  *method = rk;
  if (!rk)
    return QN_ENOMEM;
  rk->tr = tr;
  rk->n = tr->system->n + tr->system->integrals;
  rk->gsl = (gsl_odeiv2_system){.function = slope, .dimension = rk->n};
  rk->gsl.params = rk;
  rk->step = gsl_odeiv2_step_alloc(formula(&tr->tolerances), rk->n);
  rk->room = calloc(5 * rk->n, sizeof *rk->room);
  if (!rk->step || !rk->room)
    return QN_ENOMEM;
  rk->now = rk->room;
  rk->next = rk->now + rk->n;
  rk->slope_now = rk->next + rk->n;
  rk->slope_next = rk->slope_now + rk->n;
  rk->error = rk->slope_next + rk->n;
  return QN_OK;
}

/* ---- one step ------------------------------------------------------------ */

/* root mean square of the states' errors in their tolerances */
static double error_norm(const struct rk *rk)
{
  const qn_tolerances *tol = &rk->tr->tolerances;
  size_t n = rk->tr->system->n;
  double sum = 0;

  for (size_t i = 0; i < n; i++) {
    double r = rk->error[i] * qn_transient_weight(tol, rk->now[i]);

    sum += r * r;
  }
  return sqrt(sum / (double)n);
}

/* now and its slope to next and its slope, which nobody asks for at the end;
 * the error in tolerances, infinite outside the model's domain */
static double try_step(struct rk *rk, double t, double h, double left)
{
  double error;

  memcpy(rk->next, rk->now, rk->n * sizeof *rk->next);
  if (gsl_odeiv2_step_apply(rk->step, t, h, rk->next, rk->error, rk->slope_now,
                            NULL, &rk->gsl))
    return INFINITY;
  error = error_norm(rk);
  if (error <= 1 && h < left && slope(t + h, rk->next, rk->slope_next, rk))
    return INFINITY;
  return error;
}

static void accept(struct rk *rk)
{
  double *now = rk->now, *slope_now = rk->slope_now;

  rk->now = rk->next;
  rk->next = now;
  rk->slope_now = rk->slope_next;
  rk->slope_next = slope_now;
  rk->tr->steps++;
}

/* what is left in one step, or in two equal ones rather than one and a bit */
static double fit(double h, double left)
{
  return h >= left ? left : h >= left / 2 ? left / 2 : h;
}

/* the error goes with this power of the step */
static double factor(const struct rk *rk, double error)
{
  double f = 0.9 * pow(error, -1.0 / gsl_odeiv2_step_order(rk->step));

  return fmin(fmax(f, 0.2), error <= 1 ? 5 : 0.9); /* NaN: 0.2 */
}

/* ---- from t to t_end ----------------------------------------------------- */

/* Half of the last step before, since the fastest comes first; no unit of time
 * is known without one. */
static double first_step(const struct rk *rk, double length)
{
  return rk->kept > 0 ? rk->kept / 2 : length / 100;
}

/* a step that was cut short says nothing against a longer one */
static double next_step(double h, double taken, double factor)
{
  return factor >= 1 ? fmax(h, taken * factor) : taken * factor;
}

/* an advance that is one step in itself says nothing of steps to come */
static qn_status walk(struct rk *rk, double t, double t_end)
{
  double h = first_step(rk, t_end - t);
  int steps = 0;

  while (steps++ < QN_TRANSIENT_STEPS_MAX) {
    double left = t_end - t, taken = fit(h, left);
    double error = try_step(rk, t, taken, left);

    if (rk->tr->failure)
      return rk->tr->failure;
    h = next_step(h, taken, factor(rk, error));
    if (error <= 1) {
      accept(rk);
      t += taken;
      if (taken == left) {
        rk->kept = steps == 1 ? rk->kept : h;
        return QN_OK;
      }
    } else if (t + h == t)
      break;
  }
  return QN_EINTEGRATE;
}

static void add_integrals(struct rk *rk)
{
  size_t n = rk->tr->system->n;

  for (size_t i = n; i < rk->n; i++)
    rk->tr->total[i - n] += rk->now[i];
}

static qn_status explicit_advance(void *method, double t, double t_end,
                                  double *x)
{
  struct rk *rk = method;
  size_t n = rk->tr->system->n;
  qn_status st = QN_EMODEL;

  memcpy(rk->now, x, n * sizeof *x);
  memset(rk->now + n, 0, (rk->n - n) * sizeof *x);
  if (!slope(t, rk->now, rk->slope_now, rk))
    st = walk(rk, t, t_end);
  if (!st)
    add_integrals(rk);
  memcpy(x, rk->now, n * sizeof *x);
  return st;
}

static void explicit_restart(void *method)
{
  struct rk *rk = method;

  rk->kept = 0;
}

const qn_transient_method qn_transient_explicit = {.alloc = explicit_alloc,
                                                   .free = explicit_free,
                                                   .restart = explicit_restart,
                                                   .advance = explicit_advance};
