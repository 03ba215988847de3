/* die.c - draw a die: every element of a chip with the value it came out with. */
#include <quench/die.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/catalogue.h>
#include <quench/mapper.h>
#include <quench/random.h>

#include "circuits/programming.h"

/* What a stream is for. A published die is drawn by these numbers: they are
 * never given to another purpose. */
enum purpose {
  PROGRAMMING = 1,
  STUCK = 2,
  DRIFT = 3,
  GATE_OFFSET = 4,
  AMPLIFIER_OFFSET = 5,
  SLOPE = 6,
  CAPACITOR = 7,
  RAIL = 8,
  MINUS_OFFSET = 9, /* of a steered cell's second pair */
  MINUS_SLOPE = 10,
  REVERSAL = 11, /* of a transconductor */
  READOUT = 12,
  PARAMETER = 32 /* and the number of the parameter */
};

/* an element's number, whatever else is on the chip */
enum kind { LEAK, RECURRENT, SENSORY };

static uint64_t element(enum kind kind, size_t pre, size_t post)
{
  return (uint64_t)kind << 60 | (uint64_t)pre << 30 | post;
}

static uint64_t at_side(uint64_t element, qn_side side)
{
  return element | (uint64_t)(side == QN_MINUS) << 62;
}

struct drawing {
  const qn_technology *tech;
  qn_die die;
};

static double normal(const struct drawing *d, enum purpose purpose, uint64_t i)
{
  qn_random stream = {d->die.seed, d->die.number, purpose};

  return qn_random_normal(&stream, i);
}

static double uniform(const struct drawing *d, enum purpose purpose, uint64_t i)
{
  qn_random stream = {d->die.seed, d->die.number, purpose};

  return qn_random_uniform(&stream, i);
}

/* ---- memristors --------------------------------------------------------------- */

static double drift(const struct drawing *d, uint64_t i)
{
  const qn_technology *t = d->tech;
  double nu;

  if (t->age_s <= t->drift_start_s)
    return 1;
  nu = fabs(t->drift + t->drift_spread * normal(d, DRIFT, i));
  return pow(t->age_s / t->drift_start_s, -nu);
}

/* the conductance that memristor i was meant to have, as it came out */
static double memristor(const struct drawing *d, uint64_t i, qn_side side,
                        double g)
{
  const qn_technology *t = d->tech;
  double u;

  if (g == 0)
    return 0;
  i = at_side(i, side);
  u = uniform(d, STUCK, i);
  if (u < t->stuck_low)
    return t->conductance_min_s;
  if (u > 1 - t->stuck_high)
    return t->conductance_max_s;
  g += qn_programming_deviation(t, g) * normal(d, PROGRAMMING, i);
  return fmax(g, 0) * drift(d, i);
}

/* ---- their parameters ------------------------------------------------------------------ */

/* the element that a memristor belongs to, as its conductance is drawn for */
static uint64_t element_of(const qn_chip *chip, size_t number)
{
  qn_memristor m = qn_chip_memristor_at(chip, number);
  const qn_branches *b =
    m.place == QN_AT_RECURRENT ? &chip->recurrent : &chip->sensory;
  uint64_t i = m.place == QN_AT_LEAK
                 ? element(LEAK, 0, m.i)
                 : element(m.place == QN_AT_RECURRENT ? RECURRENT : SENSORY,
                           b->at[m.i].pre, m.post);

  return at_side(i, m.side);
}

/* each parameter (1 + spread N), in its range; where a set is no device
 * (check) all deviations are halved until it is */
static void draw_parameters(const struct drawing *d, uint64_t i, double *to)
{
  const qn_device_card *card = &d->tech->memristor;
  const qn_parameter *p = card->device->parameters;
  double part = 1;

  memcpy(to, card->parameter, sizeof card->parameter);
  do {
    for (size_t k = 0; p[k].name; k++) {
      double n =
        d->tech->spread[k] > 0 ? normal(d, PARAMETER + (enum purpose)k, i) : 0;
      double v = card->parameter[k] * (1 + part * d->tech->spread[k] * n);

      to[k] = fmin(fmax(v, p[k].low), p[k].high);
    }
    part = part > 1e-3 ? part / 2 : 0;
  } while (card->device->check && card->device->check(to) && part > 0);
  if (card->device->check && card->device->check(to))
    memcpy(to, card->parameter, sizeof card->parameter);
}

/* what a device of these parameters can be programmed to */
static double within_reach(const qn_device *device, const double *p, double g)
{
  double slope;

  return fmin(fmax(g, device->conductance(p, 0, &slope)),
              device->conductance(p, 1, &slope));
}

static int has_spread(const qn_technology *t)
{
  for (size_t k = 0; k < QN_DEVICE_PARAMETERS_MAX; k++)
    if (t->spread[k] > 0)
      return 1;
  return 0;
}

/* conductances are what was programmed, whatever the parameters, where these
 * reach it */
static qn_status draw_devices(const struct drawing *d, qn_chip *chip)
{
  size_t n = qn_chip_memristors(chip);

  if (!has_spread(d->tech))
    return QN_OK;
  chip->parameter =
    calloc(n * QN_DEVICE_PARAMETERS_MAX, sizeof *chip->parameter);
  if (!chip->parameter)
    return QN_ENOMEM;
  for (size_t k = 0; k < n; k++) {
    double *p = chip->parameter + k * QN_DEVICE_PARAMETERS_MAX;
    double *g = qn_chip_conductance(chip, k);

    draw_parameters(d, element_of(chip, k), p);
    if (*g > 0)
      *g = within_reach(d->tech->memristor.device, p, *g);
  }
  return QN_OK;
}

/* ---- gates, capacitors, rails ------------------------------------------------------ */

/* what the offsets of pairs and amplifiers deviate by [V], slopes relatively */
struct mismatch {
  double gate, amplifier, slope;
};

static struct mismatch mismatch_of(const qn_technology *t)
{
  double pair = sqrt(t->gate_pair_area_m2);

  return (struct mismatch){t->threshold_mismatch_v_m / pair,
                           t->threshold_mismatch_v_m /
                             sqrt(t->amplifier_pair_area_m2),
                           t->slope_mismatch_m / pair};
}

/* one pair with its amplifier's offset [V] */
static void draw_gate(const struct drawing *d, qn_gate *gate, uint64_t i,
                      enum purpose offset, enum purpose slope, double amplifier)
{
  struct mismatch m = mismatch_of(d->tech);

  gate->threshold_v += m.gate / gate->gain * normal(d, offset, i) + amplifier;
  gate->gain *= 1 + m.slope * normal(d, slope, i);
}

static void draw_branch(const struct drawing *d, qn_branch *b, uint64_t i)
{
  struct mismatch m = mismatch_of(d->tech);
  double amplifier = m.amplifier * normal(d, AMPLIFIER_OFFSET, i);

  b->plus_s = memristor(d, i, QN_PLUS, b->plus_s);
  b->minus_s = memristor(d, i, QN_MINUS, b->minus_s);
  draw_gate(d, &b->gate, i, GATE_OFFSET, SLOPE, amplifier);
  if (d->tech->cell == QN_CELL_STEERED)
    draw_gate(d, &b->minus_gate, i, MINUS_OFFSET, MINUS_SLOPE, amplifier);
  else
    b->minus_gate = b->gate;
  if (d->tech->cell == QN_CELL_TRANSCONDUCTOR)
    b->reversal_v += m.gate * normal(d, REVERSAL, i);
}

static void draw_branches(const struct drawing *d, enum kind kind,
                          qn_branches *branches)
{
  for (size_t k = 0; k < branches->count; k++) {
    qn_branch *b = &branches->at[k];

    draw_branch(d, b, element(kind, b->pre, b->post));
  }
}

/* wires are as long as they are drawn */
static double draw_capacitance(const struct drawing *d, const qn_chip *chip,
                               size_t j)
{
  const qn_technology *t = d->tech;
  double drawn = qn_chip_drawn_capacitance(chip, j);
  double area = t->capacitor_density_f_per_m2 > 0
                  ? drawn / t->capacitor_density_f_per_m2
                  : HUGE_VAL;
  double sigma = drawn > 0 ? t->capacitor_mismatch_m / sqrt(area) : 0;
  double off = sigma * normal(d, CAPACITOR, element(LEAK, 0, j));

  /* six deviations below nothing is left: no process sells that */
  return qn_chip_wire_capacitance(chip) + drawn * fmax(1e-3, 1 + off);
}

static void draw_neurons(const struct drawing *d, qn_chip *chip)
{
  for (size_t j = 0; j < chip->units; j++) {
    uint64_t i = element(LEAK, 0, j);

    chip->leak_plus_s[j] = memristor(d, i, QN_PLUS, chip->leak_plus_s[j]);
    chip->leak_minus_s[j] = memristor(d, i, QN_MINUS, chip->leak_minus_s[j]);
    chip->capacitance_f[j] = draw_capacitance(d, chip, j);
  }
}

/* ---- the whole ----------------------------------------------------------------------- */

qn_status qn_die_draw(qn_chip **out, const qn_chip *chip, qn_die die,
                      qn_diag *diag)
{
  struct drawing d = {&chip->technology, die};
  qn_status st = qn_chip_copy(out, chip);

  if (st)
    return qn_diag_out_of_memory(diag);
  snprintf((*out)->sample, sizeof(*out)->sample, "die %u of seed %llu",
           (unsigned)die.number, (unsigned long long)die.seed);
  draw_branches(&d, RECURRENT, &(*out)->recurrent);
  draw_branches(&d, SENSORY, &(*out)->sensory);
  draw_neurons(&d, *out);
  for (size_t k = 0; k < chip->outputs; k++)
    (*out)->readout_offset_v[k] +=
      d.tech->readout_offset_v * normal(&d, READOUT, k);
  (*out)->rail_plus_v += d.tech->rail_error_v * normal(&d, RAIL, QN_PLUS);
  (*out)->rail_minus_v += d.tech->rail_error_v * normal(&d, RAIL, QN_MINUS);
  st = draw_devices(&d, *out);
  if (!st)
    return QN_OK;
  qn_chip_free(*out);
  *out = NULL;
  return qn_diag_out_of_memory(diag);
}

qn_status qn_chip_open(qn_chip **out, const qn_network *net,
                       const char *technology, const qn_die *die, qn_diag *diag)
{
  qn_technology tech;
  qn_chip *meant;
  qn_status st = qn_technology_open(&tech, technology, diag);

  *out = NULL;
  if (!st)
    st = qn_chip_map(&meant, net, &tech, diag);
  if (st)
    return st;
  if (!die) {
    *out = meant;
    return QN_OK;
  }
  st = qn_die_draw(out, meant, *die, diag);
  qn_chip_free(meant);
  return st;
}

/* ---- what it got ---------------------------------------------------------------------- */

static void add_memristor(qn_die_report *r, const qn_technology *t, double got,
                          double wanted)
{
  double e = got / wanted - 1;

  if (wanted == 0)
    return;
  r->memristors++;
  if (got != wanted &&
      (got == t->conductance_min_s || got == t->conductance_max_s)) {
    r->stuck++;
    return;
  }
  r->conductance_rms += e * e;
  r->conductance_worst = fmax(r->conductance_worst, fabs(e));
}

static void add_gate(qn_die_report *r, double volts_per_unit,
                     const qn_gate *got, const qn_gate *wanted)
{
  double shift = (got->threshold_v - wanted->threshold_v) / volts_per_unit;
  double slope = got->gain / wanted->gain - 1;

  r->threshold_rms += shift * shift;
  r->threshold_worst = fmax(r->threshold_worst, fabs(shift));
  r->slope_rms += slope * slope;
}

static void add_branches(qn_die_report *r, const qn_chip *die,
                         const qn_branches *got, const qn_branches *wanted)
{
  for (size_t i = 0; i < got->count; i++) {
    const qn_branch *a = &got->at[i], *b = &wanted->at[i];

    add_memristor(r, &die->technology, a->plus_s, b->plus_s);
    add_memristor(r, &die->technology, a->minus_s, b->minus_s);
    add_gate(r, die->volts_per_unit, &a->gate, &b->gate);
    if (die->technology.cell == QN_CELL_STEERED)
      add_gate(r, die->volts_per_unit, &a->minus_gate, &b->minus_gate);
  }
}

static double root_mean(double sum, size_t n)
{
  return n ? sqrt(sum / (double)n) : 0;
}

qn_die_report qn_die_compare(const qn_chip *die, const qn_chip *chip)
{
  size_t synapses = chip->recurrent.count + chip->sensory.count;
  size_t gates =
    chip->technology.cell == QN_CELL_STEERED ? 2 * synapses : synapses;
  qn_die_report r = {.rail_plus_error_v = die->rail_plus_v - chip->rail_plus_v,
                     .rail_minus_error_v =
                       die->rail_minus_v - chip->rail_minus_v};

  add_branches(&r, die, &die->recurrent, &chip->recurrent);
  add_branches(&r, die, &die->sensory, &chip->sensory);
  for (size_t j = 0; j < chip->units; j++) {
    double e = die->capacitance_f[j] / chip->capacitance_f[j] - 1;

    add_memristor(&r, &die->technology, die->leak_plus_s[j],
                  chip->leak_plus_s[j]);
    add_memristor(&r, &die->technology, die->leak_minus_s[j],
                  chip->leak_minus_s[j]);
    r.capacitor_rms += e * e;
  }
  r.conductance_rms = root_mean(r.conductance_rms, r.memristors - r.stuck);
  r.threshold_rms = root_mean(r.threshold_rms, gates);
  r.slope_rms = root_mean(r.slope_rms, gates);
  r.capacitor_rms = root_mean(r.capacitor_rms, chip->units);
  return r;
}
