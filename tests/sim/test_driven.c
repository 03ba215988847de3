/* test_driven.c - the two continuous systems as the integrator sees them. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quench/catalogue.h>
#include <quench/mapper.h>

#include "sim/driven.h"
#include "tests/sim/example.h"

/* every entry of the Jacobian against a central difference of the right-hand
 * side, entries outside the pattern included: they must be zero */
static void check_jacobian(const qn_driven *d, const double *input)
{
  size_t n = d->n;
  double *x = calloc(n, sizeof *x), *up = calloc(n, sizeof *up);
  double *down = calloc(n, sizeof *down), *want = calloc(n * n, sizeof *want);
  double *value = calloc(d->pattern->count, sizeof *value);
  void *w = d->kind->workspace_alloc(d->model);
  qn_ramp held = {.from = input, .to = input};
  double largest = 0;

  d->kind->set_inputs(w, &held);
  for (size_t j = 0; j < n; j++)
    x[j] = d->unit * (0.3 - 0.05 * (double)j);
  cr_assert_eq(d->kind->jac(0, x, value, w), QN_OK);
  for (size_t j = 0; j < n; j++)
    for (size_t k = d->pattern->column[j]; k < d->pattern->column[j + 1]; k++)
      want[j * n + d->pattern->row[k]] = value[k];
  for (size_t i = 0; i < n * n; i++)
    largest = fmax(largest, fabs(want[i]));
  for (size_t j = 0; j < n; j++) {
    double h = 1e-5 * d->unit, at = x[j];

    x[j] = at + h;
    d->kind->rhs(0, x, up, w);
    x[j] = at - h;
    d->kind->rhs(0, x, down, w);
    x[j] = at;
    for (size_t i = 0; i < n; i++)
      cr_expect_float_eq(want[j * n + i], (up[i] - down[i]) / (2 * h),
                         1e-7 * largest, "d f%zu / d x%zu", i, j);
  }
  d->kind->workspace_free(w);
  free(x), free(up), free(down), free(want), free(value);
}

Test(driven, the_jacobian_is_the_derivative_of_the_right_hand_side)
{
  static const char *const technologies[] = {"ideal", "sky130_reram"};

  for (int i = 0; i < 3; i++) {
    example e = example_open(example_names[i]);
    double input[32];
    qn_driven d;
    size_t clipped = 0;

    cr_assert_eq(qn_driven_init_ltc(&d, e.net), QN_OK);
    d.kind->map_inputs(d.model, e.data->inputs, input, &clipped);
    check_jacobian(&d, input);
    qn_driven_release(&d);
    for (int t = 0; t < 2; t++) {
      qn_technology tech;
      qn_chip *chip;

      cr_assert_eq(qn_technology_open(&tech, technologies[t], NULL), QN_OK);
      cr_assert_eq(qn_chip_map(&chip, e.net, &tech, NULL), QN_OK);
      cr_assert_eq(qn_driven_init_chip(&d, chip), QN_OK);
      d.kind->map_inputs(d.model, e.data->inputs, input, &clipped);
      check_jacobian(&d, input);
      qn_driven_release(&d);
      qn_chip_free(chip);
    }
    example_close(&e);
  }
}

/* A neuron without a capacitor is a thousand times faster than a sample: on
 * the slow manifold it follows its equilibrium, here of a leak and one sensory
 * synapse, v = (gleak vleak + w s erev) / (gleak + w s). */
Test(driven, a_neuron_without_a_capacitor_is_stiff_and_follows_its_inputs)
{
  example e = example_open("sine_ltc8");
  qn_network net = *e.net;
  size_t none[9] = {0}, one[9] = {0, 1, 1, 1, 1, 1, 1, 1, 1};
  qn_synapse synapse = {.w = 0.7, .sigma = 3, .mu = 0.2, .erev = -1};
  double cm[8] = {0, 1, 1, 1, 1, 1, 1, 1}, g[8], vleak[8];
  qn_ode_report report;

  for (int j = 0; j < 8; j++)
    g[j] = 1, vleak[j] = 0.5;
  net.ltc = (qn_ltc){.cm = cm,
                     .gleak = g,
                     .vleak = vleak,
                     .recurrent = {.first = none},
                     .sensory = {.count = 1, .at = &synapse, .first = one},
                     .unfolds = 1};
  cr_assert_eq(
    qn_ltc_run(&net, e.data, &qn_ode_options_default, e.trace, &report, NULL),
    QN_OK);
  for (size_t row = 0; row < e.data->rows; row++) {
    double x =
      net.input_map.w[0] * e.data->inputs[2 * row] + net.input_map.b[0];
    double a = 0.7 / (1 + exp(-3 * (x - 0.2)));

    cr_expect_float_eq(e.trace->state[8 * row], (0.5 - a) / (1 + a), 1e-8);
  }
  /* far fewer steps than the thousand that accuracy does not need */
  cr_expect(report.steps < 300 * 48, "%ld steps", report.steps);
  example_close(&e);
}

/* half-way up its ramp an input is what it would be if it were held there */
static void check_ramp(const qn_driven *d, double *from, double *to)
{
  size_t n = d->n;
  double middle[32], *x = calloc(n, sizeof *x);
  double *moving = calloc(n, sizeof *moving), *still = calloc(n, sizeof *still);
  void *w = d->kind->workspace_alloc(d->model);
  qn_ramp ramp = {from, to, 3, 4}, held = {middle, middle, 0, 0};

  for (size_t k = 0; k < d->inputs; k++)
    middle[k] = 0.75 * from[k] + 0.25 * to[k];
  d->kind->set_inputs(w, &ramp);
  cr_assert_eq(d->kind->rhs(3.25, x, moving, w), QN_OK);
  d->kind->set_inputs(w, &held);
  cr_assert_eq(d->kind->rhs(0, x, still, w), QN_OK);
  for (size_t j = 0; j < n; j++)
    cr_expect_float_eq(moving[j], still[j], 1e-12 * fabs(still[j]) + 1e-12,
                       "neuron %zu", j);
  d->kind->workspace_free(w);
  free(x), free(moving), free(still);
}

Test(driven, an_input_on_its_ramp_is_where_the_ramp_says)
{
  example e = example_open("occupancy_ltc19");
  double from[32], to[32];
  size_t clipped = 0;
  qn_technology tech;
  qn_chip *chip;
  qn_driven d;

  cr_assert_eq(qn_driven_init_ltc(&d, e.net), QN_OK);
  d.kind->map_inputs(d.model, e.data->inputs, from, &clipped);
  d.kind->map_inputs(d.model, e.data->inputs + 7 * e.net->inputs, to, &clipped);
  check_ramp(&d, from, to);
  qn_driven_release(&d);
  cr_assert_eq(qn_technology_open(&tech, "sky130_reram", NULL), QN_OK);
  cr_assert_eq(qn_chip_map(&chip, e.net, &tech, NULL), QN_OK);
  cr_assert_eq(qn_driven_init_chip(&d, chip), QN_OK);
  d.kind->map_inputs(d.model, e.data->inputs, from, &clipped);
  d.kind->map_inputs(d.model, e.data->inputs + 7 * e.net->inputs, to, &clipped);
  check_ramp(&d, from, to);
  qn_driven_release(&d);
  qn_chip_free(chip);
  example_close(&e);
}

/* each sequence starts anew, so what was counted does not depend on who ran
 * which */
Test(driven, the_report_of_many_workers_is_that_of_one)
{
  example e = example_open("occupancy_ltc19");
  size_t size = e.data->rows * e.net->units * sizeof *e.trace->state;
  qn_ode_options opt = {.tolerance = 1e-6, .workers = 1};
  qn_ode_report one, three;
  double *state;
  qn_technology tech;
  qn_chip *chip;

  for (size_t s = 0; s < e.data->sequences; s++)
    e.data->inputs[e.data->first[s] * e.data->features] = 1e6;
  cr_assert_eq(qn_technology_open(&tech, "sky130_reram", NULL), QN_OK);
  cr_assert_eq(qn_chip_map(&chip, e.net, &tech, NULL), QN_OK);
  cr_assert_eq(qn_chip_run(chip, e.net, e.data, &opt, e.trace, &one, NULL),
               QN_OK);
  state = malloc(size);
  memcpy(state, e.trace->state, size);
  opt.workers = 3;
  cr_assert_eq(qn_chip_run(chip, e.net, e.data, &opt, e.trace, &three, NULL),
               QN_OK);
  cr_expect(one.clipped_inputs >= e.data->sequences);
  cr_expect_eq(three.clipped_inputs, one.clipped_inputs);
  cr_expect_eq(three.steps, one.steps, "%ld, not %ld", three.steps, one.steps);
  cr_expect_eq(three.rhs_calls, one.rhs_calls);
  cr_expect_eq(memcmp(e.trace->state, state, size), 0);
  free(state);
  qn_chip_free(chip);
  example_close(&e);
}

/* a thousand times faster than the rest, on silicon too: the method follows
 * the fastest membrane */
Test(driven, a_chip_with_one_fast_membrane_is_stiff)
{
  example e = example_open("sine_ltc8");
  qn_ode_report report;
  qn_technology tech;
  qn_chip *chip;

  e.net->ltc.cm[3] = 0;
  cr_assert_eq(qn_technology_open(&tech, "ideal", NULL), QN_OK);
  cr_assert_eq(qn_chip_map(&chip, e.net, &tech, NULL), QN_OK);
  cr_assert_eq(qn_chip_run(chip, e.net, e.data, &qn_ode_options_default,
                           e.trace, &report, NULL),
               QN_OK);
  /* stability alone takes an explicit formula some thousand steps a sample */
  cr_expect(report.steps < 500 * 48, "%ld steps", report.steps);
  qn_chip_free(chip);
  example_close(&e);
}
