/* test_bounds.c - what holds for any input. Oracles: hulls and sums by hand, the
 * CfC's formula over a grid, and every state that ncps computed. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/base/scratch.h"
#include "tests/model/network_file.h"
#include "tests/sim/example.h"
#include <quench/bounds.h>

TestSuite(bounds, .init = scratch_open, .fini = scratch_close, .timeout = 300);

/* ---- LTC ------------------------------------------------------------------------ */

/* three units, one input; unit 0 by hand: vleak -3/4, gleak 1/2, cm 2, erev 2
 * (from 0, w 1), -1/4 (from 1, w 2), 1/2 (input, w 4), nothing from 2 */
static struct network_file *three_units(void)
{
  struct network_file *f = network_file_alloc(1, 3, 2);

  network_file_values(f, "vleak")[0] = -0.75;
  network_file_values(f, "gleak")[0] = 0.5;
  network_file_values(f, "cm")[0] = 2;
  network_file_values(f, "erev")[0] = 2;
  network_file_values(f, "erev")[3] = -0.25;
  network_file_values(f, "sensory_erev")[0] = 0.5;
  network_file_values(f, "w")[0] = 1;
  network_file_values(f, "w")[3] = 2;
  network_file_values(f, "sensory_w")[0] = 4;
  network_file_values(f, "sparsity_mask")[6] = 0;
  return f;
}

static void expect_interval(qn_interval got, double low, double high)
{
  cr_expect(ieee_ulp_eq(dbl, got.low, low, 2), "low %.17g, expected %.17g",
            got.low, low);
  cr_expect(ieee_ulp_eq(dbl, got.high, high, 2), "high %.17g, expected %.17g",
            got.high, high);
}

Test(bounds, state_of_an_ltc_lies_in_the_hull_of_0_vleak_and_erev)
{
  qn_network *net = network_file_open(three_units());

  expect_interval(qn_bounds_state(net, 0, 1), -0.75, 2);
  qn_network_free(net);
}

/* a sample starts from tanh(c) s(o), within -1 and 1 */
Test(bounds, memory_widens_an_ltcs_state_by_minus_1_to_1)
{
  struct network_file *f = three_units();
  qn_network *net;

  network_file_add_memory(f);
  net = network_file_open(f);
  cr_assert(eq(int, net->mixed_memory, 1));
  expect_interval(qn_bounds_state(net, 0, 1), -1, 2);
  qn_network_free(net);
}

Test(bounds, time_constant_counts_the_leak_and_every_synapse)
{
  qn_network *net = network_file_open(three_units());

  expect_interval(qn_bounds_time_constant(net, 0), 2 / (0.5 + 1 + 2 + 4),
                  2 / 0.5);
  qn_network_free(net);
}

Test(bounds, time_constant_is_endless_without_a_leak_and_0_without_capacitor)
{
  struct network_file *f = three_units();
  qn_network *net;

  network_file_values(f, "gleak")[0] = 0;
  network_file_values(f, "cm")[1] = 0;
  network_file_values(f, "cm")[2] = 0;
  network_file_values(f, "gleak")[2] = 0;
  net = network_file_open(f);
  expect_interval(qn_bounds_time_constant(net, 0), 2.0 / 7, HUGE_VAL);
  expect_interval(qn_bounds_time_constant(net, 1), 0, 0);
  expect_interval(qn_bounds_time_constant(net, 2), 0, 0);
  qn_network_free(net);
}

/* a negative cm, gleak, w or sensory w of unit 1 takes its guarantees, and no
 * other's */
Test(bounds, nothing_is_guaranteed_of_a_neuron_with_a_negative_parameter)
{
  static const struct {
    const char *key;
    size_t i;
  } rows[] = {{"cm", 1}, {"gleak", 1}, {"w", 1}, {"sensory_w", 1}};

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct network_file *f = three_units();
    qn_network *net;

    network_file_values(f, rows[i].key)[rows[i].i] = -0.125;
    net = network_file_open(f);
    expect_interval(qn_bounds_state(net, 0, 1), -0.75, 2);
    expect_interval(qn_bounds_state(net, 1, 1), -HUGE_VAL, HUGE_VAL);
    cr_expect(isnan(qn_bounds_time_constant(net, 1).low), "%s", rows[i].key);
    cr_expect(isnan(qn_bounds_time_constant(net, 1).high), "%s", rows[i].key);
    cr_expect(not(isnan(qn_bounds_time_constant(net, 0).low)));
    expect_interval(qn_bounds_output(net, 1, 1), -HUGE_VAL, HUGE_VAL);
    qn_network_free(net);
  }
}

/* ---- CfC ------------------------------------------------------------------------ */

Test(bounds, state_of_a_gated_cfc_is_a_mean_or_a_sum_of_tanh)
{
  qn_network *net =
    network_file_open(network_file_alloc_cfc(2, 3, "default", 1, 4));

  expect_interval(qn_bounds_state(net, 2, 1), -1, 1);
  cr_expect(isnan(qn_bounds_time_constant(net, 2).low));
  qn_network_free(net);
  net = network_file_open(network_file_alloc_cfc(2, 3, "no_gate", 1, 4));
  expect_interval(qn_bounds_state(net, 2, 1), -2, 2);
  qn_network_free(net);
}

/* A - A exp(-t (|w_tau| + |f|)) f over f in [-30, 30] and t from span to 5 span,
 * and 0; a step of 0.01 misses the extreme of f exp(-t |f|) by at most half its
 * square times the curvature there, t / e */
static qn_interval search(double a, double w_tau, double span)
{
  qn_interval found = {0, 0};

  for (double t = span; t <= 5 * span; t += 0.5 * span)
    for (int i = -3000; i <= 3000; i++) {
      double f = 0.01 * i;
      double h = a - a * exp(-t * (fabs(w_tau) + fabs(f))) * f;

      found.low = fmin(found.low, h);
      found.high = fmax(found.high, h);
    }
  return found;
}

Test(bounds, state_of_a_pure_cfc_is_reached_and_never_left)
{
  static const size_t sizes[] = {2, 2, 0};
  static const double a[] = {1.25, -2.5, 0, 0.01};
  static const double w_tau[] = {0.25, -1, 0.5, 0}, spans[] = {0.25, 1, 2};
  struct network_file *f = network_file_alloc_wired(1, "pure", sizes);
  qn_network *net;

  for (int j = 0; j < 4; j++) {
    char key[32];

    snprintf(key, sizeof key, "layer_%d.A", j / 2);
    network_file_values(f, key)[j % 2] = a[j];
    snprintf(key, sizeof key, "layer_%d.w_tau", j / 2);
    network_file_values(f, key)[j % 2] = w_tau[j];
  }
  net = network_file_open(f);
  for (size_t j = 0; j < 4; j++)
    for (int s = 0; s < 3; s++) {
      qn_interval want = search(a[j], w_tau[j], spans[s]);
      qn_interval got = qn_bounds_state(net, j, spans[s]);
      double miss = fabs(a[j]) * 0.5 * 0.005 * 0.005 * spans[s] + 1e-15;

      cr_expect(le(dbl, got.low, want.low + 1e-15));
      cr_expect(ge(dbl, got.high, want.high - 1e-15));
      cr_expect(le(dbl, want.low - got.low, miss), "neuron %zu", j);
      cr_expect(le(dbl, got.high - want.high, miss), "neuron %zu", j);
    }
  qn_network_free(net);
}

/* ---- outputs -------------------------------------------------------------------- */

/* of the file's own numbers: output_w 3 and -2, output_b 0 and -1 */
Test(bounds, output_is_the_map_of_the_state)
{
  struct network_file *f = three_units();
  qn_interval one;
  qn_network *net;

  network_file_values(f, "output_w")[1] = -2;
  net = network_file_open(f);
  one = qn_bounds_state(net, 1, 1);
  expect_interval(qn_bounds_output(net, 0, 1), 3 * -0.75, 3 * 2.0);
  expect_interval(qn_bounds_output(net, 1, 1), -2 * one.high - 1,
                  -2 * one.low - 1);
  qn_network_free(net);
}

/* the least and greatest over all corners of the states' box */
Test(bounds, output_of_a_projection_is_reached_in_a_corner_of_the_states)
{
  enum { UNITS = 5, OUTPUTS = 3 };
  struct network_file *f = network_file_alloc_cfc(2, UNITS, "no_gate", 0, 1);
  qn_network *net;

  network_file_add_projection(f, OUTPUTS);
  net = network_file_open(f);
  for (size_t m = 0; m < OUTPUTS; m++) {
    qn_interval got = qn_bounds_output(net, m, 1);
    double low = HUGE_VAL, high = -HUGE_VAL;

    for (unsigned corner = 0; corner < 1u << UNITS; corner++) {
      double y = net->projection.bias[m];

      for (size_t i = 0; i < UNITS; i++)
        y += net->projection.weight[m * UNITS + i] *
             (corner >> i & 1 ? 2.0 : -2.0);
      low = fmin(low, y);
      high = fmax(high, y);
    }
    cr_expect_float_eq(got.low, low, 1e-14);
    cr_expect_float_eq(got.high, high, 1e-14);
  }
  qn_network_free(net);
}

/* ---- what ncps computed --------------------------------------------------------- */

static double shortest_span(const qn_dataset *data)
{
  double least = HUGE_VAL;

  for (size_t row = 0; row < data->rows; row++)
    least = fmin(least, qn_dataset_span(data, row));
  return least;
}

/* a rounding error of ncps' own is forgiven */
static int holds(qn_interval bound, double x)
{
  return x >= bound.low - 1e-12 && x <= bound.high + 1e-12;
}

static void expect_holds_for(const char *name)
{
  example e = example_open(name);
  double span = shortest_span(e.data), *tau = calloc(e.net->units, sizeof *tau);

  for (size_t row = 0; row < e.data->rows; row++) {
    const double *state = e.data->states + row * e.net->units;
    const double *output = e.data->outputs + row * e.net->outputs;

    for (size_t j = 0; j < e.net->units; j++)
      cr_assert(holds(qn_bounds_state(e.net, j, span), state[j]),
                "%s: neuron %zu is %g", name, j, state[j]);
    for (size_t m = 0; m < e.net->outputs; m++)
      cr_assert(holds(qn_bounds_output(e.net, m, span), output[m]),
                "%s: output %zu is %g", name, m, output[m]);
    if (e.net->cell != QN_CELL_LTC || qn_ltc_check_positive(e.net, NULL))
      continue;
    qn_ltc_time_constants(e.net, e.data->inputs + row * e.net->inputs, state,
                          tau);
    for (size_t j = 0; j < e.net->units; j++)
      cr_assert(holds(qn_bounds_time_constant(e.net, j), tau[j]),
                "%s: neuron %zu has tau %g", name, j, tau[j]);
  }
  free(tau);
  example_close(&e);
}

Test(bounds, hold_for_every_state_output_and_time_constant_of_ncps)
{
  char **drawn = example_drawn();

  for (size_t i = 0; i < sizeof example_names / sizeof *example_names; i++)
    expect_holds_for(example_names[i]);
  for (size_t i = 0; i < sizeof example_cfc_names / sizeof *example_cfc_names;
       i++)
    expect_holds_for(example_cfc_names[i]);
  for (size_t i = 0; drawn[i]; i++)
    expect_holds_for(drawn[i]);
  example_drawn_free(drawn);
}
