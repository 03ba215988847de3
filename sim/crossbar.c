/* crossbar.c - Newton's iteration for the potentials of a crossbar's wires, on
 * factors that are kept while they serve. */
#include "sim/crossbar.h"

#include <klu.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1e-13 /* the last step, of the largest gap */
#define ROUNDING 1e-15  /* steps down here are noise */
#define SLOW 0.1        /* what a step on factors that serve may leave */
#define NEAR 1e-6       /* of the largest gap: where steps need no guard */
#define FEW 3           /* steps of a solve on good factors */
#define WORTH 12        /* steps that new factors cost */
#define SHORTEST 1e-12  /* part of a step */
#define STEPS_MAX 200

/* a point of a wire; the deviation is from the potential of the wire's end */
struct node {
  size_t before, after; /* its neighbours, towards the wire's end and away */
  double wire_s;        /* of the wire to the one before */
  double d, d_before;   /* deviation now and before the step, V */
  double residual;      /* current that leaves it, A */
};

struct device {
  size_t row, column; /* nodes */
  double gap;         /* feed - end, V */
  double slope;       /* of its law, S */
};

/* Node k is device k's on its row and node devices + k that on its column where
 * both have resistance; else there is one of the two, or none. Node n stands
 * for the ends of all wires: there the deviation is 0, and what is added up
 * there and behind the matrix's last column is not used. */
struct qn_crossbar {
  size_t devices, n;
  qn_crossing *at;       /* [devices] */
  struct device *device; /* [devices] */
  struct node *node;     /* [n + 1] */
  double *step;          /* [n] */

  /* Newton's matrix in compressed columns: in each the diagonal, the other node
   * of the device where it has two, the neighbours on the wire */
  int *first, *index;
  double *wires, *value; /* [entries + 1] without the devices, with them */
  klu_common klu;
  klu_symbolic *symbolic;
  klu_numeric *factors;
  int stale;  /* to be factored anew */
  int excess; /* of steps, since it was */
};

/* ---- wires ----------------------------------------------------------------------- */

/* a device's node on a wire, so many segments from its end */
struct place {
  size_t wire, segments, node;
};

static int by_place(const void *a, const void *b)
{
  const struct place *p = a, *q = b;

  if (p->wire != q->wire)
    return p->wire < q->wire ? -1 : 1;
  return (p->segments > q->segments) - (p->segments < q->segments);
}

static qn_status sort(struct place *place, size_t count)
{
  qsort(place, count, sizeof *place, by_place);
  for (size_t k = 1; k < count; k++)
    if (by_place(&place[k - 1], &place[k]) == 0)
      return QN_EINVAL;
  return QN_OK;
}

/* each node to the one before it, of places in their order */
static void link_nodes(qn_crossbar *xb, const struct place *place, double ohm)
{
  for (size_t k = 0; k < xb->devices; k++) {
    const struct place *p = &place[k];
    int follows = k > 0 && p[-1].wire == p->wire;
    size_t segments = p->segments - (follows ? p[-1].segments : 0);
    struct node *node = &xb->node[p->node];

    node->before = follows ? p[-1].node : xb->n;
    node->after = xb->n;
    node->wire_s = 1 / (ohm * (double)segments);
    if (follows)
      xb->node[node->before].after = p->node;
  }
}

static qn_status create_wires(qn_crossbar *xb, double rail_ohm,
                              double membrane_ohm)
{
  struct place *place = calloc(xb->devices + 1, sizeof *place);
  const qn_crossing *at = xb->at;
  qn_status st;

  if (!place)
    return QN_ENOMEM;
  for (size_t k = 0; k < xb->devices; k++)
    place[k] = (struct place){at[k].row, at[k].column + 1, xb->device[k].row};
  st = sort(place, xb->devices);
  if (!st && rail_ohm > 0)
    link_nodes(xb, place, rail_ohm);
  for (size_t k = 0; k < xb->devices; k++)
    place[k] =
      (struct place){at[k].column, at[k].row + 1, xb->device[k].column};
  if (!st)
    st = sort(place, xb->devices);
  if (!st && membrane_ohm > 0)
    link_nodes(xb, place, membrane_ohm);
  free(place);
  return st;
}

/* ---- Newton's matrix ------------------------------------------------------------- */

static int has_pairs(const qn_crossbar *xb)
{
  return xb->n > xb->devices;
}

static void place_entry(qn_crossbar *xb, size_t row, double siemens)
{
  int *end = &xb->first[xb->n];

  if (row == xb->n)
    return;
  xb->index[*end] = (int)row;
  xb->wires[(*end)++] = siemens;
}

static void place_entries(qn_crossbar *xb)
{
  for (size_t i = 0; i < xb->n; i++) {
    const struct node *node = &xb->node[i];
    double to = node->wire_s, from = xb->node[node->after].wire_s;

    xb->first[i] = xb->first[xb->n];
    place_entry(xb, i, to + from);
    if (has_pairs(xb))
      place_entry(xb, (i + xb->devices) % xb->n, 0);
    place_entry(xb, node->before, -to);
    place_entry(xb, node->after, -from);
  }
}

static void fill_matrix(qn_crossbar *xb)
{
  memcpy(xb->value, xb->wires, (size_t)xb->first[xb->n] * sizeof *xb->value);
  for (size_t k = 0; k < xb->devices; k++) {
    const struct device *device = &xb->device[k];
    double *row = &xb->value[xb->first[device->row]];
    double *column = &xb->value[xb->first[device->column]];

    row[0] += device->slope;
    column[0] += device->slope;
    if (has_pairs(xb)) {
      row[1] -= device->slope;
      column[1] -= device->slope;
    }
  }
}

/* The order and the factors' memory. The diagonal is the largest of every
 * column and stays so, so that pivots need no search and no scale. */
static qn_status create_matrix(qn_crossbar *xb)
{
  klu_defaults(&xb->klu);
  xb->klu.btf = 0;
  xb->klu.scale = 0;
  if (xb->n == 0)
    return QN_OK;
  place_entries(xb);
  fill_matrix(xb);
  xb->symbolic = klu_analyze((int)xb->n, xb->first, xb->index, &xb->klu);
  if (xb->symbolic)
    xb->factors =
      klu_factor(xb->first, xb->index, xb->value, xb->symbolic, &xb->klu);
  if (xb->factors)
    return QN_OK;
  return xb->klu.status == KLU_SINGULAR ? QN_EINVAL : QN_ENOMEM;
}

/* ---- life cycle ------------------------------------------------------------------ */

/* a wire without resistance has no nodes */
static void number_nodes(qn_crossbar *xb, double rail_ohm, double membrane_ohm)
{
  size_t rail = rail_ohm > 0, membrane = membrane_ohm > 0;

  xb->n = (rail + membrane) * xb->devices;
  for (size_t k = 0; k < xb->devices; k++) {
    xb->device[k].row = rail ? k : xb->n;
    xb->device[k].column = membrane ? rail * xb->devices + k : xb->n;
  }
}

static int allocate(qn_crossbar *xb)
{
  size_t n = 2 * xb->devices + 1, entries = 4 * n;

  xb->at = calloc(xb->devices + 1, sizeof *xb->at);
  xb->device = calloc(xb->devices + 1, sizeof *xb->device);
  xb->node = calloc(n, sizeof *xb->node);
  xb->step = calloc(n, sizeof *xb->step);
  xb->first = calloc(n, sizeof *xb->first);
  xb->index = calloc(entries, sizeof *xb->index);
  xb->wires = calloc(entries, sizeof *xb->wires);
  xb->value = calloc(entries, sizeof *xb->value);
  return xb->at && xb->device && xb->node && xb->step && xb->first &&
         xb->index && xb->wires && xb->value;
}

static int is_resistance(double ohm)
{
  return ohm == 0 || (ohm > 0 && isfinite(ohm) && isfinite(1 / ohm));
}

static int is_inside(const qn_crossing *at, size_t devices, size_t rows,
                     size_t columns)
{
  for (size_t k = 0; k < devices; k++)
    if (at[k].row >= rows || at[k].column >= columns)
      return 0;
  return devices < INT_MAX / 16;
}

qn_status qn_crossbar_alloc(qn_crossbar **out, const qn_crossing *at,
                            size_t devices, size_t rows, size_t columns,
                            double rail_ohm, double membrane_ohm)
{
  qn_status st = QN_ENOMEM;
  qn_crossbar *xb;

  *out = NULL;
  if (!is_inside(at, devices, rows, columns) || !is_resistance(rail_ohm) ||
      !is_resistance(membrane_ohm))
    return QN_EINVAL;
  xb = calloc(1, sizeof *xb);
  if (!xb)
    return QN_ENOMEM;
  xb->devices = devices;
  if (allocate(xb)) {
    for (size_t k = 0; k < devices; k++)
      xb->at[k] = at[k];
    number_nodes(xb, rail_ohm, membrane_ohm);
    st = create_wires(xb, rail_ohm, membrane_ohm);
  }
  if (!st)
    st = create_matrix(xb);
  if (st) {
    qn_crossbar_free(xb);
    return st;
  }
  qn_crossbar_forget(xb);
  *out = xb;
  return QN_OK;
}

void qn_crossbar_free(qn_crossbar *xb)
{
  if (!xb)
    return;
  klu_free_numeric(&xb->factors, &xb->klu);
  klu_free_symbolic(&xb->symbolic, &xb->klu);
  free(xb->at);
  free(xb->device);
  free(xb->node);
  free(xb->step);
  free(xb->first);
  free(xb->index);
  free(xb->wires);
  free(xb->value);
  free(xb);
}

void qn_crossbar_forget(qn_crossbar *xb)
{
  for (size_t i = 0; i <= xb->n; i++)
    xb->node[i].d = 0;
  xb->stale = 1;
}

/* ---- Newton's iteration ---------------------------------------------------------- */

/* what is solved for */
struct devices {
  qn_crossing_law *law;
  void *arg;
  double *voltage, *current;
};

static void add_wires(qn_crossbar *xb)
{
  struct node *node = xb->node;

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
    struct device *device = &xb->device[k];
    struct node *row = &xb->node[device->row];
    struct node *column = &xb->node[device->column];

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
  fill_matrix(xb);
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
  double share = has_pairs(xb) ? 0.5 : 1;

  for (size_t k = 0; k < xb->devices; k++) {
    const struct device *device = &xb->device[k];

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
