/* noise_source.c - the densities of noise_source.h. */
#include "sim/noise_source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* SI 2019 */
static const double boltzmann = 1.380649e-23, charge = 1.602176634e-19;

double qn_noise_ktc(double temperature_k, double farad)
{
  return sqrt(boltzmann * temperature_k / farad);
}

/* ---- the list ----------------------------------------------------------------- */

/* two elements of one branch */
static int same_synapse(const qn_circuit *c, const qn_element *a,
                        const qn_element *b)
{
  const qn_branches *s =
    a->gated == QN_GATED_RECURRENT ? &c->chip->recurrent : &c->chip->sensory;

  return a->gated == b->gated && a->gate % s->count == b->gate % s->count;
}

qn_status qn_noise_sources_init(qn_noise_sources *s, const qn_circuit *c)
{
  *s = (qn_noise_sources){.circuit = c};
  s->synapse = calloc(c->elements + 1, sizeof *s->synapse);
  if (!s->synapse)
    return QN_ENOMEM;
  for (size_t k = 0; k < c->elements; k++) {
    if (c->element[k].gated == QN_GATED_NEVER)
      continue;
    if (k > 0 && s->synapses > 0 && c->element[k - 1].gated != QN_GATED_NEVER &&
        same_synapse(c, &c->element[k - 1], &c->element[k]))
      s->synapse[s->synapses - 1].count++;
    else
      s->synapse[s->synapses++] = (qn_noise_synapse){k, 1};
  }
  return QN_OK;
}

void qn_noise_sources_release(qn_noise_sources *s)
{
  free(s->synapse);
  s->synapse = NULL;
}

/* ---- white -------------------------------------------------------------------- */

static const qn_technology *tech_of(const qn_noise_sources *s)
{
  return &s->circuit->chip->technology;
}

/* V_L of a transconductor's bias G V_L */
static double bias_range(const qn_technology *t)
{
  if (isfinite(t->linear_range_v))
    return t->linear_range_v;
  return 2 * qn_technology_thermal_voltage(t, t->temperature_k) /
         t->slope_factor;
}

/* densities of a synapse's elements at `open`, a memristor's conductance g and
 * what it carries if open; one for each kind of cell */
static void add_direct(const double *kt4_q2, double open, double g, double flow,
                       double *thermal, double *shot)
{
  (void)flow, (void)shot;
  *thermal += kt4_q2[0] * open * g;
}

static void add_steered(const double *kt4_q2, double open, double g,
                        double flow, double *thermal, double *shot)
{
  *thermal += kt4_q2[0] * open * open * g;
  *shot += kt4_q2[1] * fabs(flow) * open * (1 - open);
}

/* kt4_q2[2]: V_L */
static void add_transconductor(const double *kt4_q2, double open, double g,
                               double flow, double *thermal, double *shot)
{
  (void)flow, (void)thermal;
  *shot += 2 * kt4_q2[1] * open * g * kt4_q2[2];
}

typedef void add_fn(const double *kt4_q2, double open, double g, double flow,
                    double *thermal, double *shot);

static void add_elements(const qn_noise_sources *s, const qn_circuit_room *w,
                         double *density)
{
  static add_fn *const laws[] = {[QN_CELL_DIRECT] = add_direct,
                                 [QN_CELL_STEERED] = add_steered,
                                 [QN_CELL_TRANSCONDUCTOR] = add_transconductor};
  const qn_technology *t = tech_of(s);
  const qn_circuit *c = s->circuit;
  add_fn *add = laws[(int)t->cell];
  const double kt4_q2[] = {
    t->thermal_noise == QN_ON ? 4 * boltzmann * t->temperature_k : 0,
    t->shot_noise == QN_ON ? 2 * charge : 0, bias_range(t)};

  for (size_t j = 0; j < c->chip->units; j++) {
    double thermal = 0, shot = 0;

    for (size_t k = c->first[j]; k < c->first[j + 1]; k++) {
      const qn_element *e = &c->element[k];

      if (e->gated == QN_GATED_NEVER)
        thermal += kt4_q2[0] * w->g[k];
      else
        add(kt4_q2, qn_elements_open(w, e), w->g[k], w->g[k] * w->drive[k],
            &thermal, &shot);
    }
    density[QN_NOISE_THERMAL * c->chip->units + j] = thermal;
    density[QN_NOISE_SHOT * c->chip->units + j] = shot;
  }
}

/* 2 q I^2 s (1 - s) / bias. A steered pair's bias is the memristor's current,
 * whose partition is counted as shot noise. */
static double gate(const qn_noise_sources *s, const qn_circuit_room *w,
                   const qn_noise_synapse *y, double range)
{
  const qn_technology *t = tech_of(s);
  double bias =
    t->cell == QN_CELL_DIRECT ? t->gate_current_a : w->g[y->first] * range;
  double open = qn_elements_open(w, &s->circuit->element[y->first]), flow = 0;

  for (size_t k = y->first; k < y->first + y->count; k++)
    flow += w->g[k] * w->drive[k];
  return 2 * charge * flow * flow * open * (1 - open) / bias;
}

/* dI/dv at the input of a synapse's amplifier [A/V] */
static double by_input(const qn_noise_sources *s, const qn_circuit_room *w,
                       const qn_noise_synapse *y)
{
  const qn_circuit *c = s->circuit;
  double sum = 0;

  for (size_t k = y->first; k < y->first + y->count; k++) {
    const qn_element *e = &c->element[k];
    const qn_gates *gates =
      e->gated == QN_GATED_RECURRENT ? &c->recurrent : &c->sensory;
    double open = qn_elements_open(w, e);

    sum += gates->slope[e->gate] * open * (1 - open) * w->g[k] * w->drive[k];
  }
  return sum;
}

static void add_gates(const qn_noise_sources *s, const qn_circuit_room *w,
                      double *density)
{
  double range = bias_range(tech_of(s));

  for (size_t i = 0; i < s->synapses; i++)
    density[s->circuit->element[s->synapse[i].first].post] +=
      gate(s, w, &s->synapse[i], range);
}

static void add_amplifiers(const qn_noise_sources *s, const qn_circuit_room *w,
                           double *density)
{
  double v = tech_of(s)->amplifier_noise_v_per_rthz;

  for (size_t i = 0; i < s->synapses; i++) {
    double a = v * by_input(s, w, &s->synapse[i]);

    density[s->circuit->element[s->synapse[i].first].post] += a * a;
  }
}

void qn_noise_white(const qn_noise_sources *s, const qn_circuit_room *w,
                    double *density)
{
  const qn_technology *t = tech_of(s);
  size_t n = s->circuit->chip->units;

  memset(density, 0, QN_NOISE_WHITE * n * sizeof *density);
  if (t->thermal_noise == QN_ON || t->shot_noise == QN_ON)
    add_elements(s, w, density);
  if (qn_noise_is_on(t, QN_NOISE_GATE))
    add_gates(s, w, density + QN_NOISE_GATE * n);
  if (qn_noise_is_on(t, QN_NOISE_AMPLIFIER))
    add_amplifiers(s, w, density + QN_NOISE_AMPLIFIER * n);
}

/* ---- coloured ----------------------------------------------------------------- */

qn_noise_family qn_noise_family_of(qn_noise_kind kind)
{
  return kind == QN_NOISE_AMPLIFIER_FLICKER ? QN_NOISE_OF_AMPLIFIERS
                                            : QN_NOISE_OF_MEMRISTORS;
}

size_t qn_noise_coloured_count(const qn_noise_sources *s, qn_noise_family f)
{
  return f == QN_NOISE_OF_MEMRISTORS ? s->circuit->elements : s->synapses;
}

size_t qn_noise_coloured_post(const qn_noise_sources *s, qn_noise_family f,
                              size_t i)
{
  return s->circuit
    ->element[f == QN_NOISE_OF_MEMRISTORS ? i : s->synapse[i].first]
    .post;
}

void qn_noise_coloured(const qn_noise_sources *s, qn_noise_family f,
                       const qn_circuit_room *w, double *current)
{
  size_t count = qn_noise_coloured_count(s, f);

  for (size_t i = 0; i < count; i++)
    current[i] =
      f == QN_NOISE_OF_MEMRISTORS
        ? qn_elements_open(w, &s->circuit->element[i]) * w->g[i] * w->drive[i]
        : by_input(s, w, &s->synapse[i]);
}

static size_t telegraph_pole(const qn_technology *t, qn_ou *pole)
{
  double a = t->telegraph_amplitude;
  const qn_telegraph states = {1 / t->telegraph_rate_down_hz,
                               1 / t->telegraph_rate_up_hz};

  if (!(a > 0))
    return 0;
  *pole = qn_telegraph_moments(&states);
  pole->variance *= a * a;
  return 1;
}

size_t qn_noise_poles(const qn_technology *t, qn_noise_kind kind,
                      qn_ou pole[QN_FLICKER_POLES_MAX])
{
  double strength = 0;

  if (kind == QN_NOISE_TELEGRAPH)
    return telegraph_pole(t, pole);
  if (kind == QN_NOISE_FLICKER)
    strength = t->memristor_flicker;
  if (kind == QN_NOISE_AMPLIFIER_FLICKER)
    strength = t->amplifier_flicker_v2;
  return strength > 0 ? qn_flicker_poles(strength, t->flicker_low_hz,
                                         t->flicker_high_hz, pole)
                      : 0;
}

/* ---- readout ------------------------------------------------------------------ */

double qn_noise_reading(const qn_technology *t)
{
  double held =
    t->readout_f > 0 ? qn_noise_ktc(t->temperature_k, t->readout_f) : 0;

  return hypot(t->readout_noise_v, held);
}

/* ---- kinds -------------------------------------------------------------------- */

const char *qn_noise_name(qn_noise_kind kind)
{
  static const char *const names[QN_NOISE_KINDS] = {
    [QN_NOISE_THERMAL] = "thermal",
    [QN_NOISE_SHOT] = "shot",
    [QN_NOISE_GATE] = "gates",
    [QN_NOISE_AMPLIFIER] = "amplifiers",
    [QN_NOISE_RESET] = "reset",
    [QN_NOISE_FLICKER] = "memristor 1/f",
    [QN_NOISE_TELEGRAPH] = "telegraph",
    [QN_NOISE_AMPLIFIER_FLICKER] = "amplifier 1/f",
    [QN_NOISE_READOUT] = "readout"};

  return names[kind];
}

static int kind_is_on(const qn_technology *t, qn_noise_kind kind)
{
  switch (kind) {
  case QN_NOISE_THERMAL:
    return t->thermal_noise == QN_ON;
  case QN_NOISE_SHOT:
    return t->shot_noise == QN_ON && t->cell != QN_CELL_DIRECT;
  case QN_NOISE_GATE:
    return t->shot_noise == QN_ON && t->cell != QN_CELL_STEERED &&
           (t->cell != QN_CELL_DIRECT || t->gate_current_a > 0);
  case QN_NOISE_AMPLIFIER:
    return t->amplifier_noise_v_per_rthz > 0;
  case QN_NOISE_RESET:
    return t->reset_noise == QN_ON;
  case QN_NOISE_FLICKER:
    return t->memristor_flicker > 0;
  case QN_NOISE_TELEGRAPH:
    return t->telegraph_amplitude > 0;
  case QN_NOISE_AMPLIFIER_FLICKER:
    return t->amplifier_flicker_v2 > 0;
  case QN_NOISE_READOUT:
    break;
  }
  return t->readout_noise_v > 0 || t->readout_f > 0;
}

int qn_noise_is_on(const qn_technology *tech, int kind)
{
  if (kind >= 0)
    return kind_is_on(tech, (qn_noise_kind)kind);
  for (int k = 0; k < QN_NOISE_KINDS; k++)
    if (kind_is_on(tech, (qn_noise_kind)k))
      return 1;
  return 0;
}
