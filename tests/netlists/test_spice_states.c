/* test_spice_states.c - memristors that move: ngspice on the deck against
 * analog, and their states against the plain equations. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/catalogue.h>
#include <quench/metric.h>
#include <quench/ode.h>
#include <quench/process.h>

#include "netlists/memristor_text.h"
#include "netlists/raw.h"
#include "tests/base/scratch.h"
#include "tests/netlists/small.h"
#include "tests/sim/plain_chip.h"

TestSuite(spice_states, .init = scratch_open, .fini = scratch_close);

/* a small chip of 10 memristors whose rails are so far apart that they move */
struct moving {
  const char *device, *set;
  double rails_v;     /* each from the common mode */
  double seconds;     /* a model unit's */
  double siemens;     /* of its smallest conductance */
  double temperature; /* K */
};

static void make_moving(small *s, const struct moving *m)
{
  qn_technology *t = &s->chip.technology;
  double scale = m->siemens / 0.5e-6, farad = 0.5e-5 * scale * m->seconds;

  qn_device_card_init(&t->memristor, qn_device_find(qn_devices, m->device));
  if (m->set)
    cr_assert_eq(qn_device_card_use(&t->memristor, m->set, NULL), QN_OK);
  t->read_disturb = QN_ON;
  t->temperature_k = m->temperature;
  s->chip.seconds_per_unit = m->seconds;
  s->chip.rail_plus_v = 0.6 + m->rails_v;
  s->chip.rail_minus_v = 0.6 - m->rails_v;
  for (size_t j = 0; j < s->chip.units; j++) {
    s->capacitance[j] = farad;
    s->leak_plus[j] *= scale;
    s->leak_minus[j] *= scale;
  }
  for (size_t i = 0; i < qn_chip_memristors(&s->chip); i++)
    if (qn_chip_memristor_at(&s->chip, i).place != QN_AT_LEAK)
      *qn_chip_conductance(&s->chip, i) *= scale;
}

/* ---- ngspice ------------------------------------------------------------------------- */

/* at the end of the run */
static double last_of(const qn_raw *raw, const char *node)
{
  char name[80];
  size_t i = 0;

  snprintf(name, sizeof name, "v(xchip.%s)", node);
  while (i < raw->vectors && strcmp(raw->name[i], name))
    i++;
  cr_assert(i < raw->vectors, "no vector %s", name);
  return raw->value[(raw->points - 1) * raw->vectors + i];
}

static void open_raw(const small *s, const char *what, qn_raw *raw)
{
  const char *const argv[] = {"ngspice", "-b", "-n", "tb_small.cir", NULL};
  qn_diag diag = {0};

  cr_assert_eq(qn_netlist_write(&s->chip, &s->net, &s->data, 0, NULL,
                                scratch_folder(), &diag),
               QN_OK, "%s", diag.message);
  cr_assert_eq(qn_process_run(argv, scratch_folder(), scratch_path("log"), 600,
                              NULL, &diag),
               QN_OK, "%s: %s", what, diag.message);
  cr_assert_eq(qn_raw_read(raw, scratch_path("small.raw"), &diag), QN_OK,
               "%s: %s", what, diag.message);
}

/* membranes at the ends of samples, within 1e-4 of their swing */
static void expect_membranes(const small *s, const qn_raw *raw,
                             const qn_trace *want, const char *what)
{
  double swing[2], end = 0;
  size_t at = 0;

  qn_swing_of(want, swing);
  for (size_t row = 0; row < SMALL_ROWS; row++) {
    const double *point;

    end += s->span[row] * s->chip.seconds_per_unit;
    point = qn_raw_at(raw, end, 1e-8 * s->chip.seconds_per_unit, &at);
    cr_assert(point, "%s: no point at the end of sample %zu", what, row);
    for (size_t j = 0; j < 2; j++)
      cr_expect_float_eq(qn_chip_to_model(&s->chip, point[1 + j]),
                         want->state[row * 2 + j], 1e-4 * swing[j],
                         "%s: sample %zu, neuron %zu", what, row, j);
  }
}

/* states at the end within 1e-3; returns how far they went at most and, in
 * *inside, how many moved by 0.01 and stopped short of their bounds */
static double expect_states(const small *s, const qn_raw *raw, const double *x,
                            size_t *inside, const char *what)
{
  size_t all = qn_chip_memristors(&s->chip);
  double most = 0;

  *inside = 0;
  for (size_t i = 0; (i = qn_memristor_with_state(&s->chip, i)) < all; i++) {
    double start = qn_memristor_start_of(&s->chip, i).x;
    double got = last_of(raw, qn_memristor_state_node(&s->chip, i, '.').name);

    cr_expect_float_eq(got, x[i], 1e-3, "%s: memristor %zu at %g, not %g", what,
                       i, got, x[i]);
    most = fmax(most, fabs(got - start));
    *inside += fabs(got - start) > 0.01 && got > 0.02 && got < 0.98;
  }
  return most;
}

static void compare(small *s, const char *what)
{
  plain_chip_result plain = plain_chip_run(&s->chip, &s->data, 1);
  qn_ode_report report;
  qn_diag diag = {0};
  size_t inside;
  double most;
  qn_raw raw;

  cr_assert_eq(qn_chip_run(&s->chip, &s->net, &s->data, &qn_ode_options_default,
                           s->trace, &report, &diag),
               QN_OK, "%s: %s", what, diag.message);
  open_raw(s, what, &raw);
  expect_membranes(s, &raw, s->trace, what);
  most = expect_states(s, &raw, plain.x, &inside, what);
  cr_expect_float_eq(most, report.moved_worst, 1e-3, "%s", what);
  cr_expect(inside >= 3, "%s: %zu move by %g at most", what, inside, most);
  qn_raw_release(&raw);
  plain_chip_release(&plain);
}

/* ---- every device ---------------------------------------------------------------------- */

static const struct moving devices[] = {
  {"sky130_reram", NULL, 1.15, 1e-3, 2e-6, 300},
  {"stanford_rram", NULL, 1.15, 1e-6, 2e-5, 300},
  {"vteam", NULL, 0.1, 2e-7, 1e-3, 300},
  {"yakopcic", NULL, 0.3, 2e-4, 2e-4, 300},
  {"pershin", NULL, 2, 1e-9, 1e-4, 300},
  {"linear_ion_drift_joglekar", NULL, 0.3, 1e-1, 1e-4, 300},
};

static void compare_device(const struct moving *m, void (*change)(small *s),
                           const char *what)
{
  small s;

  small_open(&s, 2);
  make_moving(&s, m);
  if (change)
    change(&s);
  compare(&s, what);
  small_close(&s);
}

Test(spice_states, ngspice_moves_memristors_as_analog_does, .timeout = 300)
{
  for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
    compare_device(&devices[i], NULL, devices[i].device);
}

/* ---- every cell ------------------------------------------------------------------------ */

static void close_switches(small *s)
{
  s->chip.technology.switch_ohm = 5e4;
}

static void turn_lower_ones(small *s)
{
  const double *common = s->chip.technology.memristor.parameter;

  s->chip.technology.polarity_minus = -1;
  for (size_t i = 0; i < qn_chip_memristors(&s->chip); i++)
    memcpy(s->parameter[i], common, sizeof s->parameter[i]);
  small_make_spread(s);
}

static void read_transconductors(small *s)
{
  small_make_transconductors(s, 0.4);
  s->chip.technology.read_voltage_v = 1.1;
}

Test(spice_states, memristors_of_every_cell_move_as_the_equations_say,
     .timeout = 300)
{
  const struct moving *reram = &devices[0];

  compare_device(reram, small_make_steered, "steered");
  compare_device(reram, close_switches, "switches");
  compare_device(reram, turn_lower_ones, "turned, spread");
  compare_device(reram, read_transconductors, "transconductors");
}

/* the plain equations have no wires: analog alone */
Test(spice_states, memristors_on_wires_move_as_on_analog, .timeout = 300)
{
  double most = 0;
  qn_ode_report report;
  qn_raw raw;
  small s;

  small_open(&s, 2);
  make_moving(&s, &devices[0]);
  small_make_wires(&s, 2000, 3000);
  cr_assert_eq(qn_chip_run(&s.chip, &s.net, &s.data, &qn_ode_options_default,
                           s.trace, &report, NULL),
               QN_OK);
  open_raw(&s, "wires", &raw);
  expect_membranes(&s, &raw, s.trace, "wires");
  for (size_t i = 0;
       (i = qn_memristor_with_state(&s.chip, i)) < qn_chip_memristors(&s.chip);
       i++)
    most = fmax(
      most, fabs(last_of(&raw, qn_memristor_state_node(&s.chip, i, '.').name) -
                 qn_memristor_start_of(&s.chip, i).x));
  cr_expect_float_eq(most, report.moved_worst, 1e-3, "%g, not %g", most,
                     report.moved_worst);
  qn_raw_release(&raw);
  small_close(&s);
}

/* as a realisation: the trace and how far the farthest went */
Test(spice_states, a_run_tells_how_far_states_went, .timeout = 300)
{
  qn_spice_report spice;
  qn_ode_report analog;
  qn_diag diag = {0};
  qn_trace *want;
  double swing[2];
  small s;

  small_open(&s, 2);
  make_moving(&s, &devices[3]);
  cr_assert_eq(qn_trace_alloc(&want, &s.net, &s.data), QN_OK);
  cr_assert_eq(qn_chip_run(&s.chip, &s.net, &s.data, &qn_ode_options_default,
                           want, &analog, NULL),
               QN_OK);
  cr_assert_eq(qn_spice_run(&s.chip, &s.net, &s.data, NULL, 1, NULL, s.trace,
                            &spice, &diag),
               QN_OK, "%s", diag.message);
  qn_swing_of(want, swing);
  cr_expect(qn_difference_of(s.trace, want, swing).worst_percent <= 1e-2);
  cr_expect_float_eq(spice.moved_worst, analog.moved_worst, 1e-3, "%g, not %g",
                     spice.moved_worst, analog.moved_worst);
  qn_trace_free(want);
  small_close(&s);
}
