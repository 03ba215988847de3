/* noise_chip.c - see noise_chip.h. */
#include "tests/sim/noise_chip.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quench/catalogue.h>

#include "sim/covariance.h"
#include "tests/circuits/device_draw.h"

static void fill(noise_chip *c, size_t units)
{
  static char name[] = "x";

  for (size_t j = 0; j < units; j++) {
    const qn_gate gate = {1.5, 0.6};

    c->capacitance[j] = 1e-12;
    c->leak_plus[j] = c->leak_minus[j] = 2e-6;
    c->scale[j] = 1e-5;
    c->one[j] = 1;
    c->name[j] = name;
    c->sensory[j] = (qn_branch){0, j, 3e-6, 1e-6, gate, gate, 0.85};
    c->first_sensory[j + 1] = j + 1;
  }
}

static qn_technology technology(void)
{
  qn_technology t;

  cr_assert_eq(qn_technology_open(&t, "ideal", NULL), QN_OK);
  return t;
}

void noise_chip_open(noise_chip *c, size_t units)
{
  static const double input[NOISE_CHIP_ROWS] = {1, -2, 3, 0};
  static const double span[NOISE_CHIP_ROWS] = {1, 0.3, 2, 0.7};

  memset(c, 0, sizeof *c);
  memcpy(c->input, input, sizeof input);
  memcpy(c->span, span, sizeof span);
  c->first_row[1] = NOISE_CHIP_ROWS;
  fill(c, units);
  c->chip = (qn_chip){
    .name = c->name[0],
    .technology = technology(),
    .units = units,
    .inputs = 1,
    .outputs = units,
    .volts_per_unit = 0.1,
    .seconds_per_unit = 1e-6,
    .common_mode_v = 0.6,
    .rail_plus_v = 1,
    .rail_minus_v = 0.2,
    .gate_slope_per_v = 25,
    .capacitance_f = c->capacitance,
    .leak_plus_s = c->leak_plus,
    .leak_minus_s = c->leak_minus,
    .siemens_per_unit = c->scale,
    .recurrent = {0, c->recurrent, c->first_recurrent},
    .sensory = {units, c->sensory, c->first_sensory},
    .input_map = {QN_MAP_NONE, 1, c->one, c->zero},
    .output_map = {QN_MAP_NONE, units, c->one, c->zero},
    .readout_offset_v = c->zero,
    .input_names = c->name,
    .output_names = c->name,
  };
  c->net = (qn_network){.name = c->name[0],
                        .inputs = 1,
                        .units = units,
                        .outputs = units,
                        .output_map = c->chip.output_map,
                        .layers = 1};
  c->data = (qn_dataset){.path = c->name[0],
                         .sequences = 1,
                         .rows = NOISE_CHIP_ROWS,
                         .features = 1,
                         .first = c->first_row,
                         .inputs = c->input,
                         .timespans = c->span};
}

void noise_chip_connect(noise_chip *c, size_t pre, size_t post, double plus_s,
                        double minus_s, qn_gate gate)
{
  size_t i = c->chip.recurrent.count++;

  cr_assert_lt(i, NOISE_CHIP_BRANCHES);
  c->recurrent[i] = (qn_branch){pre, post, plus_s, minus_s, gate, gate, 0.3};
  for (size_t j = post; j < c->chip.units; j++)
    c->first_recurrent[j + 1] = i + 1;
}

void noise_chip_hold(noise_chip *c, double input, double span)
{
  c->input[0] = input;
  c->span[0] = span;
  c->data.rows = c->first_row[1] = 1;
}

/* ---- drawn ------------------------------------------------------------------------- */

static qn_gate drawn_gate(uint64_t *seed)
{
  return (qn_gate){draw_between(seed, -3, 3), draw_between(seed, 0.5, 0.7)};
}

static void draw_noise(qn_technology *t, uint64_t *seed)
{
  t->thermal_noise = t->shot_noise = t->reset_noise = QN_ON;
  t->gate_current_a = draw_log(seed, 1e-8, 1e-6);
  t->amplifier_noise_v_per_rthz = draw_log(seed, 1e-8, 1e-6);
  t->amplifier_flicker_v2 = draw_log(seed, 1e-12, 1e-7);
  t->memristor_flicker = draw_log(seed, 1e-8, 1e-3);
  t->flicker_low_hz = draw_log(seed, 1, 1e4);
  t->flicker_high_hz = draw_log(seed, 1e5, 1e9);
  t->telegraph_amplitude = draw_log(seed, 1e-3, 0.3);
  t->telegraph_rate_up_hz = draw_log(seed, 1e2, 1e9);
  t->telegraph_rate_down_hz = draw_log(seed, 1e2, 1e9);
  t->readout_noise_v = 0;
}

void noise_chip_draw(noise_chip *c, uint64_t seed)
{
  size_t n = 1 + (size_t)(draw(&seed) * (NOISE_CHIP_UNITS - 1));

  noise_chip_open(c, n);
  for (size_t j = 0; j < n; j++) {
    c->capacitance[j] = draw_log(&seed, 1e-13, 1e-11);
    c->leak_plus[j] = draw_log(&seed, 1e-7, 1e-5);
    c->leak_minus[j] = draw_log(&seed, 1e-7, 1e-5);
    c->sensory[j].plus_s = draw_log(&seed, 1e-7, 1e-5);
    c->sensory[j].minus_s = draw_log(&seed, 1e-7, 1e-5);
    c->sensory[j].gate = drawn_gate(&seed);
    c->sensory[j].minus_gate = drawn_gate(&seed);
    for (size_t i = 0; i < n; i++)
      if (draw(&seed) < 0.6)
        noise_chip_connect(c, i, j, draw_log(&seed, 1e-7, 1e-5),
                           draw_log(&seed, 1e-7, 1e-5), drawn_gate(&seed));
  }
  c->chip.technology.cell = floor(3 * draw(&seed));
  if (draw(&seed) < 0.5)
    c->chip.technology.linear_range_v = 0.2;
  draw_noise(&c->chip.technology, &seed);
}

/* ---- runs -------------------------------------------------------------------------- */

qn_noise *noise_chip_run(const noise_chip *c, qn_noise_split split,
                         double tolerance)
{
  const qn_noise_options opt = {tolerance, 1, NULL, split};
  qn_diag diag = {0};
  qn_noise *r;

  cr_assert_eq(qn_noise_run(&r, &c->chip, &c->net, &c->data, &opt, &diag),
               QN_OK, "%s: %s", diag.place, diag.message);
  return r;
}

qn_noise *noise_chip_run_from(const noise_chip *c, double start,
                              double tolerance)
{
  qn_noise *r = noise_chip_run(c, QN_NOISE_WHOLE, 0.01);
  const qn_ode_options opt = {.tolerance = tolerance, .workers = 1};
  qn_diag diag = {0};
  qn_covariance v;
  qn_driven driven;

  cr_assert_eq(qn_covariance_init(&v, &c->chip, &c->net, &c->data,
                                  QN_NOISE_WHOLE, r, &diag),
               QN_OK, "%s", diag.message);
  v.start = start;
  driven = qn_covariance_driven(&v);
  cr_assert_eq(qn_driven_run(&driven, &c->net, &c->data, &opt, r->trace, NULL,
                             NULL, &diag),
               QN_OK, "%s", diag.message);
  qn_covariance_release(&v);
  return r;
}

double noise_chip_cov(const noise_chip *c, const qn_noise *r, size_t row,
                      size_t i, size_t j)
{
  double unit = c->chip.volts_per_unit;

  return r->covariance[(row * r->outputs + i) * r->outputs + j] * unit * unit;
}

double noise_chip_volts(const noise_chip *c, const qn_noise *r, size_t row,
                        size_t j)
{
  return r->trace->state[row * r->units + j] * c->chip.volts_per_unit;
}
