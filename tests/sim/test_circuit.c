/* test_circuit.c - the chip through time: against the network's equation where the
 * technology is ideal, against closed forms where it is not. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include <quench/catalogue.h>
#include <quench/mapper.h>
#include <quench/metric.h>
#include <quench/ode.h>

#include "sim/transient.h"
#include "tests/sim/example.h"

static qn_chip *map(const qn_network *net, const char *technology)
{
  qn_technology tech;
  qn_chip *chip;
  qn_diag diag = {0};

  cr_assert_eq(qn_technology_open(&tech, technology, &diag), QN_OK, "%s",
               diag.message);
  cr_assert_eq(qn_chip_map(&chip, net, &tech, &diag), QN_OK, "%s",
               diag.message);
  return chip;
}

Test(circuit, on_ideal_meets_the_continuous_equation_within_2e_6)
{
  for (int i = 0; i < 3; i++) {
    example e = example_open(example_names[i]);
    qn_chip *chip = map(e.net, "ideal");
    qn_trace *ode;
    double worst;

    /* the scales are far from 1, or this would show little */
    cr_assert(chip->volts_per_unit < 0.1 && chip->seconds_per_unit < 1e-5 &&
              chip->siemens_per_unit[0] < 1e-4);
    cr_assert_eq(qn_trace_alloc(&ode, e.net, e.data), QN_OK);
    cr_assert_eq(
      qn_ltc_run(e.net, e.data, &qn_ode_options_default, ode, NULL, NULL),
      QN_OK);
    cr_assert_eq(qn_chip_run(chip, e.net, e.data, &qn_ode_options_default,
                             e.trace, NULL, NULL),
                 QN_OK);
    worst =
      largest_difference(e.trace->state, ode->state, ode->rows * ode->units);
    cr_expect(worst <= 2e-6, "%s: off by %g", example_names[i], worst);
    qn_trace_free(ode);
    qn_chip_free(chip);
    example_close(&e);
  }
}

Test(circuit, keeps_time_over_irregular_spans)
{
  example e = example_open("sine_ltc8");
  qn_chip *chip = map(e.net, "ideal");
  double spans[48], worst;
  qn_trace *ode;

  for (int i = 0; i < 48; i++)
    spans[i] = 0.05 + 0.1 * (i % 7);
  e.data->timespans = spans;
  cr_assert_eq(qn_trace_alloc(&ode, e.net, e.data), QN_OK);
  cr_assert_eq(
    qn_ltc_run(e.net, e.data, &qn_ode_options_default, ode, NULL, NULL), QN_OK);
  cr_assert_eq(qn_chip_run(chip, e.net, e.data, &qn_ode_options_default,
                           e.trace, NULL, NULL),
               QN_OK);
  worst =
    largest_difference(e.trace->state, ode->state, ode->rows * ode->units);
  cr_expect(worst <= 2e-6, "off by %g", worst);
  e.data->timespans = NULL;
  qn_trace_free(ode);
  qn_chip_free(chip);
  example_close(&e);
}

/* A chip of one neuron and no synapse. */
static qn_chip *leak_alone(const example *e, const char *technology)
{
  qn_network net = *e->net;
  size_t none[9] = {0};
  double cm[8], gleak[8], vleak[8];

  for (int j = 0; j < 8; j++)
    cm[j] = 1, gleak[j] = 1, vleak[j] = j < 4 ? 0.8 : -0.5;
  net.ltc = (qn_ltc){.cm = cm,
                     .gleak = gleak,
                     .vleak = vleak,
                     .recurrent = {.first = none},
                     .sensory = {.first = none},
                     .unfolds = 1};
  return map(&net, technology);
}

/* With i = G v0 sinh(v / v0) to both rails a membrane comes to rest where
 * G+ sinh((E+ - V) / v0) = G- sinh((V - E-) / v0), that is at
 * tanh(V / v0) = (G+ sinh(E+ / v0) + G- sinh(E- / v0)) /
 *                (G+ cosh(E+ / v0) + G- cosh(E- / v0)). */
Test(circuit, non_ohmic_memristors_rest_where_their_currents_balance)
{
  example e = example_open("sine_ltc8");
  qn_chip *chip = leak_alone(&e, "sky130_reram");
  double v0 = chip->technology.memristor.parameter[0];
  double up = (chip->rail_plus_v - chip->common_mode_v) / v0;
  double down = (chip->rail_minus_v - chip->common_mode_v) / v0;

  /* 48 samples of cm / gleak: at rest to e^-48 */
  cr_assert_eq(qn_chip_run(chip, e.net, e.data, &qn_ode_options_default,
                           e.trace, NULL, NULL),
               QN_OK);
  for (size_t j = 0; j < 8; j++) {
    double p = chip->leak_plus_s[j], m = chip->leak_minus_s[j];
    double v = v0 * atanh((p * sinh(up) + m * sinh(down)) /
                          (p * cosh(up) + m * cosh(down)));

    cr_expect_float_eq(e.trace->state[47 * 8 + j], v / chip->volts_per_unit,
                       1e-7);
  }
  qn_chip_free(chip);
  example_close(&e);
}

/* charge: C dV over a sample is the integral of the rail currents; with ohmic
 * leaks V(t) = E (1 - exp(-t G / C)) */
Test(circuit, a_leak_charges_its_capacitor_exponentially_in_si_units)
{
  example e = example_open("sine_ltc8");
  qn_chip *chip = leak_alone(&e, "ideal");

  cr_assert_eq(qn_chip_run(chip, e.net, e.data, &qn_ode_options_default,
                           e.trace, NULL, NULL),
               QN_OK);
  for (size_t j = 0; j < 8; j++) {
    double p = chip->leak_plus_s[j], m = chip->leak_minus_s[j];
    double rest = (p * chip->rail_plus_v + m * chip->rail_minus_v) / (p + m);
    double tau = chip->capacitance_f[j] / (p + m);

    for (int i = 0; i < 4; i++) {
      double t = (i + 1) * chip->seconds_per_unit;

      cr_expect_float_eq(e.trace->state[i * 8 + j],
                         rest * (1 - exp(-t / tau)) / chip->volts_per_unit,
                         1e-7);
    }
  }
  qn_chip_free(chip);
  example_close(&e);
}

/* gains are set at the map temperature; at another one every slope is
 * T_map / T of what it was, which a network with scaled sigmas has too */
static void expect_slopes_of(double temperature_k)
{
  example e = example_open("sine_ltc8"), other = example_open("sine_ltc8");
  qn_technology tech;
  qn_chip *chip;
  double worst;

  cr_assert_eq(qn_technology_open(&tech, "ideal", NULL), QN_OK);
  tech.temperature_k = temperature_k;
  cr_assert_eq(qn_chip_map(&chip, e.net, &tech, NULL), QN_OK);
  for (size_t i = 0; i < other.net->ltc.recurrent.count; i++)
    other.net->ltc.recurrent.at[i].sigma *= 300.0 / temperature_k;
  for (size_t i = 0; i < other.net->ltc.sensory.count; i++)
    other.net->ltc.sensory.at[i].sigma *= 300.0 / temperature_k;
  cr_assert_eq(qn_chip_run(chip, e.net, e.data, &qn_ode_options_default,
                           e.trace, NULL, NULL),
               QN_OK);
  cr_assert_eq(qn_ltc_run(other.net, other.data, &qn_ode_options_default,
                          other.trace, NULL, NULL),
               QN_OK);
  worst = largest_difference(e.trace->state, other.trace->state,
                             e.trace->rows * e.trace->units);
  cr_expect(worst <= 2e-6, "%g K: off by %g", temperature_k, worst);
  qn_chip_free(chip);
  example_close(&e);
  example_close(&other);
}

Test(circuit, at_another_temperature_has_gates_of_another_slope)
{
  expect_slopes_of(273);
  expect_slopes_of(358);
  expect_slopes_of(400);
}

/* a bias that follows the temperature leaves what its residual says */
Test(circuit, on_a_ptat_bias_keeps_its_slopes)
{
  example e = example_open("sine_ltc8"), f = example_open("sine_ltc8");
  qn_chip *plain = map(e.net, "ideal");
  qn_chip *warm = map(e.net, "ideal,temperature.run_k=358,gate.ptat=on");

  qn_chip_run(plain, e.net, e.data, &qn_ode_options_default, e.trace, NULL,
              NULL);
  qn_chip_run(warm, f.net, f.data, &qn_ode_options_default, f.trace, NULL,
              NULL);
  cr_expect(largest_difference(e.trace->state, f.trace->state,
                               e.trace->rows * e.trace->units) < 1e-12);
  qn_chip_free(plain);
  qn_chip_free(warm);
  example_close(&e);
  example_close(&f);
}

/* an input ramp of the chip's rise time is a small delay: half of it */
Test(circuit, a_rise_time_delays_by_half_of_itself)
{
  example e = example_open("sine_ltc8");
  qn_technology tech;
  double worst[2];
  qn_trace *step;

  cr_assert_eq(qn_trace_alloc(&step, e.net, e.data), QN_OK);
  cr_assert_eq(qn_technology_open(&tech, "ideal", NULL), QN_OK);
  for (int i = 0; i < 3; i++) {
    const double rise[3] = {0, 1e-3, 2e-3};
    qn_chip *chip;

    tech.rise_fraction = rise[i];
    cr_assert_eq(qn_chip_map(&chip, e.net, &tech, NULL), QN_OK);
    cr_assert_eq(qn_chip_run(chip, e.net, e.data, &qn_ode_options_default,
                             i ? e.trace : step, NULL, NULL),
                 QN_OK);
    if (i)
      worst[i - 1] = largest_difference(e.trace->state, step->state,
                                        step->rows * step->units);
    qn_chip_free(chip);
  }
  cr_expect(worst[0] > 1e-5 && worst[0] < 1e-2);
  cr_expect_float_eq(worst[1] / worst[0], 2, 0.02);
  qn_trace_free(step);
  example_close(&e);
}

Test(circuit, inputs_beyond_the_drivers_range_are_clipped_and_counted)
{
  example e = example_open("sine_ltc8");
  qn_chip *chip = map(e.net, "sky130_reram");
  qn_ode_report report;

  for (size_t i = 0; i < e.data->rows; i++)
    e.data->inputs[2 * i] = 1e6;
  cr_assert_eq(qn_chip_run(chip, e.net, e.data, &qn_ode_options_default,
                           e.trace, &report, NULL),
               QN_OK);
  cr_expect_eq(report.clipped_inputs, 48);
  qn_chip_free(chip);
  example_close(&e);
}

/* The integrator does not know units: the same equation in volts and seconds
 * takes the steps that it takes in model units, so both tolerances scale */
Test(circuit, on_ideal_takes_the_steps_of_the_continuous_equation)
{
  for (int i = 0; i < 3; i++) {
    example e = example_open(example_names[i]);
    qn_chip *chip = map(e.net, "ideal");
    qn_ode_options opt = {.tolerance = 1e-6, .workers = 1};
    qn_ode_report ode, analog;

    cr_assert_eq(qn_ltc_run(e.net, e.data, &opt, e.trace, &ode, NULL), QN_OK);
    cr_assert_eq(qn_chip_run(chip, e.net, e.data, &opt, e.trace, &analog, NULL),
                 QN_OK);
    cr_expect_float_eq((double)analog.steps / (double)ode.steps, 1, 0.02,
                       "%s: %ld steps, not %ld", example_names[i], analog.steps,
                       ode.steps);
    qn_chip_free(chip);
    example_close(&e);
  }
}

/* Shorter samples and smaller capacitors in one proportion are the same
 * computation, a rise in samples included. */
Test(circuit, a_rise_is_a_fraction_of_its_own_sample)
{
  example slow = example_open("sine_ltc8"), fast = example_open("sine_ltc8");
  qn_technology tech;
  double spans[48], worst;
  qn_chip *chip;

  cr_assert_eq(qn_technology_open(&tech, "ideal", NULL), QN_OK);
  tech.rise_fraction = 0.4;
  cr_assert_eq(qn_chip_map(&chip, slow.net, &tech, NULL), QN_OK);
  cr_assert_eq(qn_chip_run(chip, slow.net, slow.data, &qn_ode_options_default,
                           slow.trace, NULL, NULL),
               QN_OK);
  qn_chip_free(chip);
  for (int i = 0; i < 48; i++)
    spans[i] = 0.125;
  for (int j = 0; j < 8; j++)
    fast.net->ltc.cm[j] *= 0.125;
  fast.data->timespans = spans;
  cr_assert_eq(qn_chip_map(&chip, fast.net, &tech, NULL), QN_OK);
  cr_assert_eq(qn_chip_run(chip, fast.net, fast.data, &qn_ode_options_default,
                           fast.trace, NULL, NULL),
               QN_OK);
  worst = largest_difference(fast.trace->state, slow.trace->state, 48 * 8);
  cr_expect(worst <= 2e-6, "off by %g", worst);
  fast.data->timespans = NULL;
  qn_chip_free(chip);
  example_close(&slow);
  example_close(&fast);
}

/* ---- heat ----------------------------------------------------------------------- */

static qn_ode_report heat_of(const qn_chip *chip, const example *e)
{
  qn_ode_options opt = qn_ode_options_default;
  qn_ode_report r;

  opt.heat = QN_WITH_HEAT;
  cr_assert_eq(qn_chip_run(chip, e->net, e->data, &opt, e->trace, &r, NULL),
               QN_OK);
  return r;
}

/* v = E (1 - e^(-t/tau)) between two rails through two resistors: the integral
 * of G+ (E+ - v)^2 + G- (E- - v)^2 in closed form */
Test(circuit, a_leak_heats_by_the_integral_of_its_exponential)
{
  example e = example_open("sine_ltc8");
  qn_chip *chip = leak_alone(&e, "ideal");
  double up = chip->rail_plus_v - chip->common_mode_v;
  double down = chip->rail_minus_v - chip->common_mode_v;
  double t = 48 * chip->seconds_per_unit, want = 0;
  qn_ode_report r = heat_of(chip, &e);

  for (size_t j = 0; j < 8; j++) {
    double p = chip->leak_plus_s[j], m = chip->leak_minus_s[j], g = p + m;
    double rest = (p * up + m * down) / g, tau = chip->capacitance_f[j] / g;
    double x = exp(-t / tau);

    want += (p * up * up + m * down * down) * t -
            2 * g * rest * rest * (t - tau * (1 - x)) +
            g * rest * rest * (t - 2 * tau * (1 - x) + tau / 2 * (1 - x * x));
  }
  cr_expect_float_eq(r.heat_j[QN_HEAT_LEAK], want, 1e-7 * want);
  cr_expect_eq(r.heat_j[QN_HEAT_RECURRENT], 0);
  cr_expect_eq(r.heat_j[QN_HEAT_SENSORY], 0);
  qn_chip_free(chip);
  example_close(&e);
}

static double branch_heat(const qn_chip *chip, const qn_branch *b, double pre,
                          double v)
{
  const qn_device_card *m = &chip->technology.memristor;
  double open = 1 / (1 + exp(-chip->gate_slope_per_v * b->gate.gain *
                             (pre - b->gate.threshold_v)));
  double up = chip->rail_plus_v - v, down = chip->rail_minus_v - v, slope;

  return open *
         (b->plus_s * up * m->device->drive(m->parameter, up, &slope) +
          b->minus_s * down * m->device->drive(m->parameter, down, &slope));
}

/* of recurrent or sensory branches, row by row of a finely sampled run */
static double power_at(const qn_chip *chip, const example *e, size_t row,
                       enum qn_heat kind)
{
  const qn_branches *s =
    kind == QN_HEAT_RECURRENT ? &chip->recurrent : &chip->sensory;
  const double *state = e->trace->state + row * chip->units;
  size_t clipped = 0;
  double sum = 0;

  for (size_t i = 0; i < s->count; i++) {
    const qn_branch *b = &s->at[i];
    double pre = kind == QN_HEAT_RECURRENT
                   ? qn_chip_to_volts(chip, state[b->pre])
                   : qn_chip_drive_input(
                       chip, b->pre,
                       e->data->inputs[row * chip->inputs + b->pre], &clipped);

    sum += branch_heat(chip, b, pre, qn_chip_to_volts(chip, state[b->post]));
  }
  return sum;
}

/* the same input held over 400 short samples: Simpson's rule over the states
 * between the first and the last; what came before is taken off */
Test(circuit, synapses_heat_by_the_integral_of_their_power)
{
  enum { FINE = 400 };
  example e = example_open("sine_ltc8");
  qn_chip *chip = map(e.net, "sky130_reram");
  size_t inputs = chip->inputs, rows = FINE + 1;
  double spans[FINE + 1], *held = malloc(rows * inputs * sizeof *held);
  double *were = e.data->inputs;
  qn_ode_report whole, first;
  size_t *were_first = e.data->first, first_of[] = {0, rows};

  for (size_t i = 0; i < rows; i++) {
    spans[i] = i ? 1.0 / FINE : 0.5;
    for (size_t k = 0; k < inputs; k++)
      held[i * inputs + k] = were[inputs * 7 + k];
  }
  qn_trace_free(e.trace);
  e.data->inputs = held;
  e.data->timespans = spans;
  e.data->first = first_of;
  e.data->rows = rows;
  cr_assert_eq(qn_trace_alloc(&e.trace, e.net, e.data), QN_OK);
  whole = heat_of(chip, &e);
  for (int k = QN_HEAT_RECURRENT; k <= QN_HEAT_SENSORY; k++) {
    double want = 0, got;

    for (size_t i = 0; i < rows; i++)
      want += power_at(chip, &e, i, (enum qn_heat)k) * (i == 0 || i == FINE ? 1
                                                        : i % 2             ? 4
                                                                : 2);
    want *= chip->seconds_per_unit / FINE / 3;
    first_of[1] = e.data->rows = 1;
    first = heat_of(chip, &e);
    first_of[1] = e.data->rows = rows;
    got = whole.heat_j[k] - first.heat_j[k];
    cr_expect_float_eq(got, want, 1e-6 * want, "%d: %g, not %g", k, got, want);
    heat_of(chip, &e); /* the states of all rows again */
  }
  e.data->inputs = were;
  e.data->first = were_first;
  e.data->timespans = NULL;
  free(held);
  qn_chip_free(chip);
  example_close(&e);
}
