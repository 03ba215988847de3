/* crossbar.c - Newton's iteration for the potentials of a crossbar's wires, on
 * factors that are kept while they serve. */
#include "sim/crossbar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/crossbar_wires.h"

#define TOLERANCE 1e-13 /* the last step, of the largest gap */
#define ROUNDING 1e-15  /* steps down here are noise */
#define SLOW 0.1        /* what a step on factors that serve may leave */
#define NEAR 1e-6       /* of the largest gap: where steps need no guard */
#define FEW 3           /* steps of a solve on good factors */
#define WORTH 12        /* steps that new factors cost */
#define SHORTEST 1e-12  /* part of a step */
#define STEPS_MAX 200

/* ---- Newton's iteration ---------------------------------------------------------- */

/* what is solved for */
struct devices {
  qn_crossing_law *law;
  void *arg;
  double *voltage, *current;
};

static void add_wires(qn_crossbar *xb)
{
  struct qn_node *node = xb->node;

  for (size_t i = 0; i <= xb->n; i++)
    node[i].residual = 0;
  for (size_t i = 0; i < xb->n; i++) {
    size_t j = node[i].before;
    double along = node[i].wire_s * (node[i].d - node[j].d);

    node[i].residual += along;
    node[j].residual -= along;
  }
}

static void add_devices(qn_crossbar *xb, const struct devices *of)
{
  for (size_t k = 0; k < xb->devices; k++) {
    struct qn_crossbar_device *device = &xb->device[k];
    struct qn_node *row = &xb->node[device->row];
    struct qn_node *column = &xb->node[device->column];

    of->voltage[k] = device->gap + (row->d - column->d);
    of->current[k] = of->law(of->arg, k, of->voltage[k], &device->slope);
    row->residual += of->current[k];
    column->residual -= of->current[k];
  }
}

/* Everything that follows from the deviations as they are. The sum of the
 * residuals' magnitudes, which is not finite where a law is not. */
static double evaluate(qn_crossbar *xb, const struct devices *of)
{
  double sum = 0;

  add_wires(xb);
  add_devices(xb, of);
  for (size_t k = 0; k < xb->devices; k++)
    sum += 0 * of->current[k];
  for (size_t i = 0; i < xb->n; i++)
    sum += fabs(xb->node[i].residual);
  return sum;
}

static int factor(qn_crossbar *xb)
{
  xb->stale = xb->excess = 0;
  if (xb->n == 0)
    return 1;
  qn_crossbar_fill(xb);
  return klu_refactor(xb->first, xb->index, xb->value, xb->symbolic,
                      xb->factors, &xb->klu);
}

/* The step from here; its largest change of a deviation. */
static double find_step(qn_crossbar *xb)
{
  double largest = 0;

  for (size_t i = 0; i < xb->n; i++) {
    xb->node[i].d_before = xb->node[i].d;
    xb->step[i] = -xb->node[i].residual;
  }
  if (xb->n > 0)
    klu_solve(xb->symbolic, xb->factors, (int)xb->n, 1, xb->step, &xb->klu);
  for (size_t i = 0; i < xb->n; i++)
    largest = fmax(largest, fabs(xb->step[i]));
  return largest;
}

static double move(qn_crossbar *xb, const struct devices *of, double part)
{
  for (size_t i = 0; i < xb->n; i++)
    xb->node[i].d = xb->node[i].d_before + part * xb->step[i];
  return evaluate(xb, of);
}

/* Newton's direction lowers every residual at first: halve the step until they
 * are lower where it ends. NAN if that never comes. */
static double shorten(qn_crossbar *xb, const struct devices *of, double before,
                      double after)
{
  for (double part = 1; !(after <= (1 - part / 4) * before); part /= 2) {
    if (part < SHORTEST)
      return (double)NAN;
    after = move(xb, of, part / 2);
  }
  return after;
}

/* Far off, residuals must fall, and factors that leave much of one are made
 * anew. What is left at node after a whole step, or what can be taken of it. */
static double guard(qn_crossbar *xb, const struct devices *of, int fresh,
                    double before, double after)
{
  if (fresh)
    after = shorten(xb, of, before, after);
  else if (!(after < before))
    after = move(xb, of, 0);
  xb->stale = !(after <= SLOW * before);
  return after;
}

/* Factors that cost every solve some steps more are worth new ones in time. */
static void tally(qn_crossbar *xb, int steps)
{
  xb->excess += steps > FEW ? steps - FEW : 0;
  if (xb->excess > WORTH)
    xb->stale = 1;
}

/* A step on old factors is as good as Newton's once it has proven ten times
 * shorter than the one before. */
static qn_status iterate(qn_crossbar *xb, const struct devices *of,
                         double largest_gap)
{
  double left = evaluate(xb, of), last = (double)INFINITY;

  for (int i = 0; i < STEPS_MAX && isfinite(left); i++) {
    int fresh = xb->stale, proven;
    double step, after;

    if (fresh && !factor(xb))
      return QN_ENOCONV;
    step = find_step(xb);
    if (!fresh && step > SLOW * last && step > ROUNDING * largest_gap) {
      xb->stale = 1;
      continue;
    }
    proven = fresh || isfinite(last);
    after = move(xb, of, 1);
    if (step <= largest_gap * (proven ? TOLERANCE : ROUNDING) &&
        isfinite(after)) {
      tally(xb, i);
      return QN_OK;
    }
    if (step > NEAR * largest_gap)
      after = guard(xb, of, fresh, left, after);
    left = after;
    last = step;
  }
  return QN_ENOCONV;
}

/* ---- solve ----------------------------------------------------------------------- */

static double find_gaps(qn_crossbar *xb, const double *feed, const double *end)
{
  double largest = 0;

  for (size_t k = 0; k < xb->devices; k++) {
    xb->device[k].gap = feed[xb->at[k].row] - end[xb->at[k].column];
    largest = fmax(largest, fabs(xb->device[k].gap));
  }
  return largest;
}

/* Nothing across any device. Where the wires take most of the gap, residuals
 * that fall from here on are currents that the wires can carry. */
static void level(qn_crossbar *xb)
{
  double share = qn_crossbar_has_pairs(xb) ? 0.5 : 1;

  for (size_t k = 0; k < xb->devices; k++) {
    const struct qn_crossbar_device *device = &xb->device[k];

    xb->node[device->row].d = -share * device->gap;
    xb->node[device->column].d = share * device->gap;
  }
  xb->node[xb->n].d = 0;
  xb->stale = 1;
}

qn_status qn_crossbar_solve(qn_crossbar *xb, const double *feed,
                            const double *end, qn_crossing_law *law, void *arg,
                            double *voltage, double *current)
{
  const struct devices of = {law, arg, voltage, current};
  double largest_gap = find_gaps(xb, feed, end);
  qn_status st = iterate(xb, &of, largest_gap);

  if (st) {
    level(xb);
    st = iterate(xb, &of, largest_gap);
  }
  if (st)
    qn_crossbar_forget(xb);
  return st;
}
