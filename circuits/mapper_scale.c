/* mapper_scale.c - siemens per unit of every neuron, by what the technology
 * prefers.
 *
 * A common factor of a neuron's conductances and capacitor changes nothing in
 * its equation. What it changes is the error of a chip: with the memristors'
 * deviations d_i, at rest and with rails D apart, a membrane is off by
 *   sqrt(sum d_i^2) / (sum G_i) * D / 2
 * and thermal noise adds sqrt(k T / C). */
#include <math.h>
#include <stdlib.h>

#include "circuits/mapper_parts.h"
#include "circuits/programming.h"

enum {
  SCALES = 64, /* tried for a neuron, evenly spaced in the logarithm */
  DECADE = 10  /* smaller ones only lose levels */
};

/* a neuron: the conductances it wants and the scales that clip none of them */
struct neuron {
  double *g; /* model units, two a branch */
  size_t n;
  double capacitor;
  double low, high;
};

/* ---- what a neuron wants ------------------------------------------------------------ */

/* a memristor of conductance zero is absent */
static void add_wanted(struct neuron *to, double conductance)
{
  to->g[to->n] = conductance;
  to->n += conductance > 0;
}

static void add_pair(struct neuron *to, double w, double plus)
{
  add_wanted(to, w * plus);
  add_wanted(to, w * (1 - plus));
}

static void want(const struct mapper *m, size_t j, struct neuron *to)
{
  const qn_ltc *ltc = &m->net->ltc;
  const qn_synapses *both[] = {&ltc->recurrent, &ltc->sensory};

  to->n = 0;
  for (int k = 0; k < 2; k++)
    for (size_t i = both[k]->first[j]; i < both[k]->first[j + 1]; i++)
      add_pair(to, both[k]->at[i].w,
               qn_mapper_share_of_synapse(m, both[k]->at[i].erev));
  if (ltc->gleak[j] > 0)
    add_pair(to, ltc->gleak[j], qn_mapper_share(m, ltc->vleak[j]));
}

/* A window without a lower end counts as a decade. Where every scale clips,
 * there is one: that which keeps the largest memristor. A neuron that is only
 * a capacitor can have any of the window. */
static void find_range(const struct mapper *m, struct neuron *of)
{
  const qn_technology *t = m->tech;
  double least = HUGE_VAL, most = 0;

  for (size_t i = 0; i < of->n; i++) {
    least = fmin(least, of->g[i]);
    most = fmax(most, of->g[i]);
  }
  if (of->n == 0)
    least = most = 1;
  of->high = t->conductance_max_s / most;
  of->low =
    t->conductance_min_s > 0 ? t->conductance_min_s / least : of->high / DECADE;
  of->low = fmin(of->low, of->high);
  of->high = fmin(of->high, fmax(of->low, m->limits->scale_max));
}

static void look_at(const struct mapper *m, size_t j, struct neuron *to)
{
  want(m, j, to);
  find_range(m, to);
  to->capacitor = qn_mapper_capacitor(m, j);
}

double qn_mapper_nearest(const qn_technology *t, double g)
{
  double held = fmin(fmax(g, t->conductance_min_s), t->conductance_max_s);
  double step;

  if (t->levels == 0)
    return held;
  step = (t->conductance_max_s - t->conductance_min_s) / (t->levels - 1);
  return t->conductance_min_s +
         step * round((held - t->conductance_min_s) / step);
}

/* ---- accuracy ----------------------------------------------------------------------- */

/* squared error of a membrane at a scale, of half the rails' distance; a model
 * second takes `seconds` at least */
static double error_at(const struct mapper *m, const struct neuron *of,
                       double scale, double seconds)
{
  const double boltzmann = 1.380649e-23; /* SI 2019 */
  const qn_technology *t = m->tech;
  double half = (m->chip->rail_plus_v - m->chip->rail_minus_v) / 2;
  double c = qn_mapper_nearest_capacitance(m, of->capacitor * scale * seconds);
  double square = 0, sum = 0;

  for (size_t i = 0; i < of->n; i++) {
    double got = qn_mapper_nearest(t, of->g[i] * scale);
    double level = got / scale - of->g[i];
    double spread = qn_programming_deviation(t, got) / scale;

    square += level * level + spread * spread;
    sum += of->g[i];
  }
  return square / (sum * sum) +
         boltzmann * t->temperature_k / (c * half * half);
}

/* the scale of least predicted error; the largest of equals */
static double most_accurate(const struct mapper *m, const struct neuron *of,
                            double seconds)
{
  double low = fmax(of->low, of->high / DECADE);
  double best = of->high, best_error = HUGE_VAL;

  if (of->n == 0 || !(low < of->high))
    return of->high;
  for (int i = 0; i < SCALES; i++) {
    double scale = of->high * pow(low / of->high, i / (SCALES - 1.0));
    double error = error_at(m, of, scale, seconds);

    if (error < best_error) {
      best = scale;
      best_error = error;
    }
  }
  return best;
}

/* ---- of all neurons ------------------------------------------------------------------- */

/* what all capacitors together say; siemens by model seconds */
struct capacitors {
  double largest;          /* at the largest scales */
  double largest_of_least; /* at the smallest */
  double least_of_largest;
};

static struct capacitors survey(const struct mapper *m, struct neuron *room)
{
  struct capacitors c = {.least_of_largest = HUGE_VAL};

  for (size_t j = 0; j < m->net->units; j++) {
    look_at(m, j, room);
    c.largest = fmax(c.largest, room->capacitor * room->high);
    c.largest_of_least = fmax(c.largest_of_least, room->capacitor * room->low);
    c.least_of_largest = fmin(c.least_of_largest, room->capacitor * room->high);
  }
  return c;
}

/* a model second at the largest scales: it will be no shorter */
static double seconds_at_least(const struct mapper *m, double largest)
{
  double most = m->tech->capacitor_max_f + qn_chip_wire_capacitance(m->chip);
  double s = fmin(most / largest, m->limits->seconds_max);

  return m->tech->seconds_per_unit > 0 ? fmin(s, m->tech->seconds_per_unit) : s;
}

static double choose(const struct mapper *m, const struct neuron *of,
                     const struct capacitors *all)
{
  double same = fmin(all->largest_of_least, all->least_of_largest);

  switch (m->limits->prefer) {
  case QN_PREFER_POWER:
    return of->low;
  case QN_PREFER_AREA: /* capacitors as equal as they can be, then small */
    return fmin(fmax(same / of->capacitor, of->low), of->high);
  case QN_PREFER_ACCURACY:
    break;
  }
  return most_accurate(m, of, seconds_at_least(m, all->largest));
}

static const char *bound_of(const struct mapper_limits *limits)
{
  static const char *const by_preference[] = {
    "scale.prefer: accuracy", "scale.prefer: area", "scale.prefer: power"};

  return limits->scale_bound ? limits->scale_bound
                             : by_preference[limits->prefer];
}

qn_status qn_mapper_choose_scales(struct mapper *m)
{
  const qn_ltc *ltc = &m->net->ltc;
  size_t room = 2 * (ltc->recurrent.count + ltc->sensory.count + 1) + 1;
  struct neuron one = {.g = calloc(room, sizeof *one.g)};
  struct capacitors all;

  if (!one.g)
    return QN_ENOMEM;
  all = survey(m, &one);
  for (size_t j = 0; j < m->net->units; j++) {
    look_at(m, j, &one);
    m->chip->siemens_per_unit[j] = choose(m, &one, &all);
  }
  m->chip->scale_bound = bound_of(m->limits);
  free(one.g);
  return QN_OK;
}
