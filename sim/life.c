/* life.c - the slow motion of memristors' states over many inferences. */
#include <quench/life.h>

#include <math.h>
#include <stdlib.h>

#include "sim/circuit.h"

static const double tolerance = 1e-4; /* of a state's range, a step */

enum { STEPS_MAX = 5000 };

struct life {
  qn_driven driven;
  qn_circuit *circuit; /* its model */
  const qn_network *net;
  const qn_dataset *data;
  const qn_ode_options *opt;
  qn_trace *trace;
  size_t n;          /* states */
  double *sums;      /* [2 n] of a pass over the data */
  double *x, *next;  /* [n] */
  double *rate, *by; /* [n] by inference, and its derivative by x */
  double *secant;    /* [n] the same as the last step saw it, or 0 */
  double *end_rate;  /* [n] at next */
  size_t runs;
  qn_diag *diag;
};

/* ---- rates ------------------------------------------------------------------------ */

static void place_states(struct life *l, const double *x)
{
  const qn_device *device = l->circuit->chip->technology.memristor.device;

  for (size_t k = 0; k < l->n; k++) {
    qn_element *e = &l->circuit->element[k];
    double slope;

    e->x = x[k];
    e->g = e->factor * device->conductance(e->p, x[k], &slope);
  }
}

/* R(x) into rate, its derivative into by (NULL: not wanted) */
static qn_status find_rates(struct life *l, const double *x, double *rate,
                            double *by)
{
  qn_status st;

  place_states(l, x);
  l->runs++;
  st = qn_driven_run(&l->driven, l->net, l->data, l->opt, l->trace, l->sums,
                     NULL, l->diag);
  for (size_t k = 0; k < l->n && !st; k++) {
    rate[k] = l->sums[2 * k] / (double)l->data->sequences;
    if (by)
      by[k] = l->sums[2 * k + 1] / (double)l->data->sequences;
  }
  return st;
}

/* ---- steps ------------------------------------------------------------------------ */

static double phi1(double z)
{
  return fabs(z) < 1e-5 ? 1 + z / 2 : expm1(z) / z;
}

static double phi2(double z)
{
  return fabs(z) < 1e-3 ? 0.5 + z / 6 + z * z / 24 : (expm1(z) - z) / (z * z);
}

static double within(double x)
{
  return fmin(fmax(x, 0), 1);
}

/* x a step of h inferences on by the linear part alone, into next */
static void predict(struct life *l, double h)
{
  for (size_t k = 0; k < l->n; k++)
    l->next[k] = within(l->x[k] + h * phi1(h * l->by[k]) * l->rate[k]);
}

/* next by what the linear part left out; the largest change in tolerances */
static double correct(struct life *l, double h)
{
  double worst = 0;

  for (size_t k = 0; k < l->n; k++) {
    double left =
      l->end_rate[k] - l->rate[k] - l->by[k] * (l->next[k] - l->x[k]);
    double change = h * phi2(h * l->by[k]) * left;

    worst = fmax(worst, fabs(change) / tolerance);
    l->next[k] = within(l->next[k] + change);
  }
  return worst;
}

/* a first step that moves no state by more than 1 % */
static double first_step(const struct life *l, double inferences)
{
  double most = 0;

  for (size_t k = 0; k < l->n; k++)
    most = fmax(most, fabs(l->rate[k]));
  return most * inferences > 0.01 ? 0.01 / most : inferences;
}

/* What a step saw of the derivative has in it that a state moves the membrane,
 * and with it its own voltage; the average of the device's own has not. */
static void look_back(struct life *l)
{
  for (size_t k = 0; k < l->n; k++) {
    double way = l->next[k] - l->x[k];

    l->secant[k] = fabs(way) > 1e-8 ? (l->end_rate[k] - l->rate[k]) / way : 0;
  }
}

static void trust_secants(struct life *l)
{
  for (size_t k = 0; k < l->n; k++)
    if (l->secant[k] != 0)
      l->by[k] = l->secant[k];
}

/* one try; *left and *h go on where it was good enough */
static qn_status try_step(struct life *l, double *left, double *h)
{
  double error, step = fmin(*h, *left), *swap = l->x;
  qn_status st;

  predict(l, step);
  st = find_rates(l, l->next, l->end_rate, NULL);
  if (st)
    return st;
  look_back(l);
  error = correct(l, step);
  *h = step * fmin(5, fmax(0.2, 0.9 * pow(error + 1e-10, -1.0 / 3)));
  if (error > 1) {
    trust_secants(l);
    return QN_OK;
  }
  *left -= step;
  l->x = l->next;
  l->next = swap;
  st = *left > 0 ? find_rates(l, l->x, l->rate, l->by) : QN_OK;
  trust_secants(l);
  return st;
}

static qn_status live(struct life *l, double inferences, qn_life_report *report)
{
  double left = inferences, h;
  qn_status st = find_rates(l, l->x, l->rate, l->by);

  h = first_step(l, inferences);
  for (report->steps = 0; left > 0 && !st; report->steps++)
    st = report->steps < STEPS_MAX
           ? try_step(l, &left, &h)
           : qn_diag_set(l->diag, QN_ENOCONV, l->data->path, NULL,
                         "a life of %g inferences needs more than %d steps of "
                         "its memristors: their states move too fast",
                         inferences, STEPS_MAX);
  return st;
}

/* ---- the chip afterwards ------------------------------------------------------------- */

static void sum_up(const struct life *l, const double *x0, const double *g0,
                   qn_life_report *report)
{
  double moved = 0, changed = 0;

  for (size_t k = 0; k < l->n; k++) {
    double d = fabs(l->x[k] - x0[k]);
    double c = fabs(l->circuit->element[k].g / g0[k] - 1);

    moved += d * d;
    changed += c * c;
    report->moved_worst = fmax(report->moved_worst, d);
    report->conductance_worst = fmax(report->conductance_worst, c);
  }
  report->memristors = l->n;
  report->runs = l->runs;
  if (l->n) {
    report->moved_rms = sqrt(moved / (double)l->n);
    report->conductance_rms = sqrt(changed / (double)l->n);
  }
}

static qn_status age(struct life *l, double inferences, qn_chip *out,
                     qn_life_report *report)
{
  double *x0 = malloc((2 * l->n + 1) * sizeof *x0), *g0 = x0 + l->n;
  qn_status st;

  if (!x0)
    return qn_diag_out_of_memory(l->diag);
  for (size_t k = 0; k < l->n; k++) {
    x0[k] = l->x[k] = l->circuit->element[k].x;
    g0[k] = l->circuit->element[k].g;
  }
  st = live(l, inferences, report);
  if (!st) {
    place_states(l, l->x);
    sum_up(l, x0, g0, report);
    for (size_t k = 0; k < l->n; k++)
      *qn_chip_conductance(out, l->circuit->element[k].number) =
        l->circuit->element[k].g;
  }
  free(x0);
  return st;
}

static qn_status open_life(struct life *l, const qn_chip *chip)
{
  qn_status st = qn_driven_init_rates(&l->driven, chip);
  double **arrays[] = {&l->x,  &l->next,   &l->rate,
                       &l->by, &l->secant, &l->end_rate};

  if (st)
    return st;
  l->circuit = l->driven.model;
  l->n = l->circuit->elements;
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
    if (!(*arrays[i] = calloc(l->n + 1, sizeof **arrays[i])))
      return QN_ENOMEM;
  l->sums = calloc(2 * l->n + 1, sizeof *l->sums);
  return l->sums ? qn_trace_alloc(&l->trace, l->net, l->data) : QN_ENOMEM;
}

static void close_life(struct life *l)
{
  free(l->x), free(l->next);
  free(l->rate), free(l->by), free(l->secant);
  free(l->end_rate);
  free(l->sums);
  qn_trace_free(l->trace);
  qn_driven_release(&l->driven);
}

static qn_status check(const qn_chip *chip, qn_diag *diag)
{
  const qn_technology *t = &chip->technology;

  if (!t->memristor.device->rate)
    return qn_diag_set(diag, QN_EUNSUPPORTED, t->name, "memristor.device",
                       "a chip has a life where reading moves its memristors, "
                       "and '%s' has no rate",
                       t->memristor.device->name);
  if (t->read_disturb == QN_ON)
    return QN_OK;
  return qn_diag_set(diag, QN_EUNSUPPORTED, t->name, "memristor.read_disturb",
                     "off: memristors stand still; -t %s,"
                     "memristor.read_disturb=on lets them move",
                     t->name);
}

qn_status qn_chip_age(qn_chip **out, const qn_chip *chip, const qn_network *net,
                      const qn_dataset *data, double inferences,
                      const qn_ode_options *opt, qn_life_report *report,
                      qn_diag *diag)
{
  qn_ode_options loose = *opt;
  struct life l = {.net = net, .data = data, .opt = &loose, .diag = diag};
  qn_life_report nobody;
  qn_status st = check(chip, diag);

  *out = NULL;
  report = report ? report : &nobody;
  *report = (qn_life_report){0};
  if (st)
    return st;
  loose.tolerance = fmax(opt->tolerance, tolerance / 100);
  st = qn_chip_copy(out, chip);
  if (!st)
    st = open_life(&l, chip);
  st = st ? qn_diag_out_of_memory(diag) : age(&l, inferences, *out, report);
  close_life(&l);
  if (st) {
    qn_chip_free(*out);
    *out = NULL;
  }
  return st;
}
