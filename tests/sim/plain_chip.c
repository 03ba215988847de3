/* plain_chip.c - a chip's equations on the tests' own integrator. */
#include "tests/sim/plain_chip.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/integrator.h"

struct plain {
  const qn_chip *chip;
  const double *u; /* [inputs] V */
  double *dx;      /* where slopes go */
};

static double logistic(const qn_chip *chip, const qn_gate *g, double v)
{
  return 1 /
         (1 + exp(-chip->gate_slope_per_v * g->gain * (v - g->threshold_v)));
}

static int moves(const qn_chip *chip)
{
  return chip->technology.read_disturb == QN_ON;
}

/* one memristor between a rail and membrane `post`, `part` of the time */
static void add_memristor(const struct plain *s, const double *y, size_t number,
                          size_t post, double rail, double polarity,
                          double part, int gated)
{
  const qn_chip *chip = s->chip;
  const qn_technology *t = &chip->technology;
  const qn_device *d = t->memristor.device;
  const double *p = qn_chip_parameters(chip, number);
  double g = qn_chip_conductance_of(chip, number), slope;
  double v = rail - (chip->common_mode_v + chip->volts_per_unit * y[post]);
  double on = gated && t->cell == QN_CELL_DIRECT ? t->switch_ohm : 0;
  double *dx = &s->dx[chip->units + number], by_x, by_v, r;

  if (!(g > 0))
    return;
  if (moves(chip)) {
    double x = y[chip->units + number];

    g *=
      d->conductance(p, x, &slope) / d->conductance(p, d->state(p, g), &slope);
    r = polarity * v / (1 + g * on);
    *dx = d->rate(p, x, r, t->temperature_k, &by_x, &by_v);
    if (gated && t->cell == QN_CELL_DIRECT)
      *dx = part * *dx +
            (1 - part) * d->rate(p, x, 0, t->temperature_k, &by_x, &by_v);
    *dx *= chip->seconds_per_unit;
  }
  g = 1 / (1 / g + on);
  s->dx[post] += part * g * polarity * d->drive(p, polarity * v, &slope);
}

/* a transconductor's sees the read voltage, always; returns its conductance */
static double set_by(const struct plain *s, const double *y, size_t number)
{
  const qn_chip *chip = s->chip;
  const qn_technology *t = &chip->technology;
  const qn_device *d = t->memristor.device;
  const double *p = qn_chip_parameters(chip, number);
  double g = qn_chip_conductance_of(chip, number), by_x, by_v, ignored;
  double v = isfinite(t->read_voltage_v) ? t->read_voltage_v : 0;
  double x;

  if (!moves(chip) || !(g > 0))
    return g;
  x = y[chip->units + number];
  s->dx[chip->units + number] =
    chip->seconds_per_unit * d->rate(p, x, v, t->temperature_k, &by_x, &by_v);
  return g * d->conductance(p, x, &ignored) /
         d->conductance(p, d->state(p, g), &ignored);
}

static void add_branches(const struct plain *s, const double *y,
                         const qn_branches *b, qn_place place)
{
  const qn_chip *chip = s->chip;
  const qn_technology *t = &chip->technology;

  for (size_t i = 0; i < b->count; i++) {
    const qn_branch *at = &b->at[i];
    double pre = place == QN_AT_SENSORY
                   ? s->u[at->pre]
                   : chip->common_mode_v + chip->volts_per_unit * y[at->pre];
    double plus = logistic(chip, &at->gate, pre);
    double minus = logistic(chip, &at->minus_gate, pre);
    double v = chip->common_mode_v + chip->volts_per_unit * y[at->post];

    if (t->cell == QN_CELL_TRANSCONDUCTOR) {
      double over = at->reversal_v - v;

      if (isfinite(t->linear_range_v))
        over = t->linear_range_v * tanh(over / t->linear_range_v);
      s->dx[at->post] +=
        plus * over * set_by(s, y, qn_chip_memristor(chip, place, i, QN_PLUS));
      continue;
    }
    add_memristor(s, y, qn_chip_memristor(chip, place, i, QN_PLUS), at->post,
                  chip->rail_plus_v, t->polarity_plus, plus, 1);
    add_memristor(s, y, qn_chip_memristor(chip, place, i, QN_MINUS), at->post,
                  chip->rail_minus_v, t->polarity_minus,
                  t->cell == QN_CELL_STEERED ? minus : plus, 1);
  }
}

/* y: membranes in model units, then states; by model seconds */
static void slope(void *arg, const double *y, double *dy)
{
  struct plain *s = arg;
  const qn_chip *chip = s->chip;
  const qn_technology *t = &chip->technology;
  size_t n = chip->units + (moves(chip) ? qn_chip_memristors(chip) : 0);

  memset(dy, 0, n * sizeof *dy);
  s->dx = dy;
  for (size_t j = 0; j < chip->units; j++) {
    add_memristor(s, y, qn_chip_memristor(chip, QN_AT_LEAK, j, QN_PLUS), j,
                  chip->rail_plus_v, t->polarity_plus, 1, 0);
    add_memristor(s, y, qn_chip_memristor(chip, QN_AT_LEAK, j, QN_MINUS), j,
                  chip->rail_minus_v, t->polarity_minus, 1, 0);
  }
  add_branches(s, y, &chip->recurrent, QN_AT_RECURRENT);
  add_branches(s, y, &chip->sensory, QN_AT_SENSORY);
  for (size_t j = 0; j < chip->units; j++)
    dy[j] *=
      chip->seconds_per_unit / chip->capacitance_f[j] / chip->volts_per_unit;
}

static void run_once(struct plain *s, const qn_dataset *data, double *y,
                     double *u, const plain_chip_result *r)
{
  const qn_chip *chip = s->chip;
  size_t n = chip->units, m = moves(chip) ? qn_chip_memristors(chip) : 0;
  size_t clipped = 0;

  memset(y, 0, n * sizeof *y);
  s->u = u;
  for (size_t row = 0; row < data->first[1]; row++) {
    for (size_t k = 0; k < chip->inputs; k++)
      u[k] = qn_chip_drive_input(chip, k, data->inputs[row * chip->inputs + k],
                                 &clipped);
    qn_test_advance(slope, s, n + m, qn_dataset_span(data, row), y);
    memcpy(r->states + row * n, y, n * sizeof *y);
    memcpy(r->moved + row * m, y + n, m * sizeof *y);
  }
}

plain_chip_result plain_chip_run(const qn_chip *chip, const qn_dataset *data,
                                 size_t times)
{
  size_t m = qn_chip_memristors(chip);
  double *y = calloc(chip->units + m, sizeof *y);
  double *u = calloc(chip->inputs, sizeof *u);
  plain_chip_result r = {calloc(data->first[1] * chip->units, sizeof(double)),
                         calloc(m, sizeof(double)),
                         calloc(data->first[1] * m, sizeof(double))};
  struct plain s = {.chip = chip};

  for (size_t k = 0; k < m && moves(chip); k++)
    y[chip->units + k] = chip->technology.memristor.device->state(
      qn_chip_parameters(chip, k), qn_chip_conductance_of(chip, k));
  while (times-- > 0)
    run_once(&s, data, y, u, &r);
  memcpy(r.x, y + chip->units, m * sizeof *y);
  free(u);
  free(y);
  return r;
}

void plain_chip_release(plain_chip_result *r)
{
  free(r->states);
  free(r->x);
  free(r->moved);
}
