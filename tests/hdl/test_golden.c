/* test_golden.c - the C model of the core against exact and real arithmetic. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include <quench/golden.h>
#include <quench/quantise.h>

#include "tests/hdl/random_network.h"
#include "tests/sim/example.h"

static qn_core *quantise(const qn_network *net, unsigned width)
{
  qn_core_options opt = qn_core_options_default;
  qn_diag diag = {.message = ""};
  qn_core *core;

  opt.width = width;
  cr_assert_eq(qn_core_quantise(&core, net, &opt, &diag), QN_OK, "%s",
               diag.message);
  return core;
}

/* ---- division -------------------------------------------------------------- */

/* round(|num| 2^(W-1) / den), half away from zero, clipped */
static int64_t exact_quotient(int64_t num, int64_t den, unsigned width)
{
  int64_t most = ((int64_t)1 << (width - 1)) - 1, q;

  if (den < 1)
    den = 1;
  q = ((llabs(num) << width) / den + 1) / 2;
  if (q > most)
    q = most;
  return num < 0 ? -q : q;
}

/* 0, or 1 if quotient or flag is wrong */
static int division_fails(const qn_core *core, int64_t num, int64_t den)
{
  int clipped = 0;
  int64_t got = qn_golden_divide(core, num, den, &clipped);
  int want_clipped = den > 0 && 64 * llabs(num) >= 63 * den;

  return got != exact_quotient(num, den, core->width) ||
         (den > 0 && clipped != want_clipped);
}

Test(golden, division_is_exact_for_every_operand_of_a_narrow_core)
{
  static const random_spec spec = {.seed = 2,
                                   .inputs = 1,
                                   .units = 1,
                                   .outputs = 1,
                                   .unfolds = 1,
                                   .density = 1};
  qn_network *net = random_network(&spec);
  qn_core *core = quantise(net, 6);
  int64_t most = (int64_t)1 << core->divider_width;
  long failures = 0;

  for (int64_t den = -3; den < most; den++)
    for (int64_t num = -den - 2; num <= den + 2; num++)
      failures += division_fails(core, num, den);
  cr_expect_eq(failures, 0, "%ld of about %lld", failures,
               (long long)(most * most));
  qn_core_free(core);
  qn_network_free(net);
}

/* ---- one unfold -------------------------------------------------------------- */

/* |error| of a gate's value: its argument's words, and the table */
static double gate_error(const qn_core *core, qn_format slope, double value,
                         double input_error, double sigma)
{
  double z = fabs(value) * ldexp(0.5, -slope.frac) +
             ldexp(0.5, -core->offset.frac) + ldexp(0.5, -core->argument.frac) +
             fabs(sigma) * input_error;

  return z / 4 + core->table.error + exp(-ldexp(1, (int)core->table.range));
}

struct sums {
  double num, den, num_error, den_error; /* in words of conductance */
};

static void add_synapse(struct sums *sum, const qn_core *core,
                        const qn_synapse *syn, double scale, double s,
                        double s_error)
{
  double unit = ldexp(1, (int)core->width - 1 - core->state.frac);
  double w = syn->w * scale;

  sum->num += w * s * syn->erev;
  sum->den += w * s;
  /* a weight's word is off by 1/2, a drive's by 1/2 and what keeps it in the
   * hull (1 more, and the hull's share of the weight's 1/2) */
  sum->num_error += w * fabs(syn->erev) * s_error + 2.5 * unit;
  sum->den_error += w * s_error + 0.5;
}

static void add_all(struct sums *sum, const qn_core *core,
                    const qn_network *net, const double *x, const double *v,
                    size_t j)
{
  const qn_synapses *in = &net->ltc.sensory, *re = &net->ltc.recurrent;
  double scale = core->neuron[j].scale;

  for (size_t i = in->first[j]; i < in->first[j + 1]; i++) {
    const qn_synapse *syn = &in->at[i];
    double slope = syn->sigma * net->input_map.w[syn->pre];
    double z =
      slope * x[syn->pre] + syn->sigma * (net->input_map.b[syn->pre] - syn->mu);

    add_synapse(
      sum, core, syn, scale, 1 / (1 + exp(-z)),
      gate_error(core, core->slope_sensory[syn->pre], x[syn->pre], 0, slope));
  }
  for (size_t i = re->first[j]; i < re->first[j + 1]; i++) {
    const qn_synapse *syn = &re->at[i];

    add_synapse(
      sum, core, syn, scale,
      1 / (1 + exp(-syn->sigma * (v[syn->pre] - syn->mu))),
      gate_error(core, core->slope_recurrent, v[syn->pre], 0, syn->sigma));
  }
}

/* One unfold from states v (on the grid) in reals, and how far the words may
 * be from it. */
static double exact_unfold(const qn_core *core, const qn_network *net,
                           const double *x, const double *v, size_t j,
                           double *bound)
{
  double scale = core->neuron[j].scale;
  double unit = ldexp(1, (int)core->width - 1 - core->state.frac);
  double cm = net->ltc.cm[j] * net->ltc.unfolds * scale;
  double leak = net->ltc.gleak[j] * scale;
  struct sums sum = {.num = cm * v[j] + leak * net->ltc.vleak[j],
                     .den = cm + leak + net->ltc.epsilon * scale,
                     .num_error = 0.6 * fabs(v[j]) + 2 * unit,
                     .den_error = 0.6};
  double want;

  add_all(&sum, core, net, x, v, j);
  want = sum.num / sum.den;
  *bound = sum.den > sum.den_error
             ? (sum.num_error + fabs(want) * sum.den_error) /
                   (sum.den - sum.den_error) +
                 ldexp(0.5, -core->state.frac)
             : INFINITY;
  return want;
}

/* The first unfold of a step, from whatever state the model has reached. */
static void check_unfolds(const qn_network *net, unsigned width)
{
  qn_core *core = quantise(net, width);
  size_t n = core->units;
  qn_golden *golden;
  int32_t *input = calloc(core->inputs, sizeof *input);
  int32_t *output = calloc(core->outputs, sizeof *output);
  int32_t *writes = calloc(n * core->unfolds, sizeof *writes);
  double *x = calloc(core->inputs, sizeof *x), *v = calloc(n, sizeof *v);
  unsigned seed = 7;

  cr_assert_eq(qn_golden_alloc(&golden, core), QN_OK);
  for (int step = 0; step < 50; step++) {
    for (size_t k = 0; k < core->inputs; k++) {
      input[k] = (int32_t)qn_format_word(core->feature[k],
                                         random_between(&seed, -2, 2), NULL);
      x[k] = qn_format_value(core->feature[k], input[k]);
    }
    for (size_t j = 0; j < n; j++)
      v[j] = qn_format_value(core->state, qn_golden_state(golden)[j]);
    qn_golden_step(golden, input, output, writes);
    for (size_t j = 0; j < n; j++) {
      double bound, want = exact_unfold(core, net, x, v, j, &bound);
      double got = qn_format_value(core->state, writes[j]);

      cr_assert(fabs(got - want) <= bound,
                "%u bits, neuron %zu: %g, not %g +- %g", width, j, got, want,
                bound);
    }
  }
  qn_golden_free(golden);
  free(input), free(output), free(writes), free(x), free(v);
  qn_core_free(core);
}

Test(golden, one_unfold_is_the_fused_step_within_a_derived_bound)
{
  static const random_spec spec = {.seed = 5,
                                   .inputs = 3,
                                   .units = 9,
                                   .outputs = 2,
                                   .unfolds = 4,
                                   .density = 0.5,
                                   .maps = QN_MAP_AFFINE};
  qn_network *net = random_network(&spec);

  for (unsigned width = 10; width <= QN_WIDTH_MAX; width += 2)
    check_unfolds(net, width);
  qn_network_free(net);
  for (int i = 0; i < 3; i++) {
    example e = example_open(example_names[i]);

    check_unfolds(e.net, 16);
    example_close(&e);
  }
}

/* ---- the hull ---------------------------------------------------------------- */

Test(golden, no_state_leaves_its_hull_and_nothing_saturates_for_any_input)
{
  for (unsigned seed = 1; seed <= 40; seed++) {
    random_spec spec = {.seed = seed,
                        .inputs = 2,
                        .units = 1 + seed % 9,
                        .outputs = 1,
                        .unfolds = 1 + seed % 7,
                        .density = 0.6,
                        .zero_leak = seed % 3 == 0,
                        .maps = (qn_map_kind)(seed % 3)};
    qn_network *net = random_network(&spec);
    qn_core *core = quantise(net, 6 + seed % 19);
    int32_t input[2], output[1];
    unsigned x = seed;
    qn_golden *golden;

    cr_assert_eq(qn_golden_alloc(&golden, core), QN_OK);
    for (int step = 0; step < 200; step++) {
      for (int k = 0; k < 2; k++)
        input[k] = (int32_t)(random_between(&x, -1, 1) *
                             (double)qn_format_max(core->feature[k]));
      qn_golden_step(golden, input, output, NULL);
      for (size_t j = 0; j < core->units; j++) {
        int32_t v = qn_golden_state(golden)[j];

        cr_assert(v >= core->neuron[j].low && v <= core->neuron[j].high,
                  "seed %u, neuron %zu: %d", seed, j, v);
      }
    }
    cr_expect_not(qn_golden_saturated(golden), "seed %u", seed);
    qn_golden_free(golden);
    qn_core_free(core);
    qn_network_free(net);
  }
}

/* ---- whole sequences ------------------------------------------------------------ */

Test(golden, sixteen_bits_follow_ncps_on_the_trained_networks)
{
  /* measured, with room: not a bound. gesture_ltc32 amplifies perturbations. */
  static const double states_within[3] = {2e-3, 2e-3, 0.1};

  for (int i = 0; i < 3; i++) {
    example e = example_open(example_names[i]);
    qn_core *core = quantise(e.net, 16);
    qn_golden_report report;
    double off;

    cr_assert_eq(qn_golden_run(core, e.data, 2, NULL, e.trace, &report, NULL),
                 QN_OK);
    off = largest_difference(e.trace->state, e.data->states,
                             e.trace->rows * e.trace->units);
    cr_expect_leq(off, states_within[i], "%s: %g", example_names[i], off);
    cr_expect_not(report.saturated);
    cr_expect_eq(report.samples, e.data->rows);
    qn_core_free(core);
    example_close(&e);
  }
}

Test(golden, four_more_bits_bring_five_times_less_error)
{
  example e = example_open("occupancy_ltc19");
  double before = INFINITY;

  for (unsigned width = 12; width <= 24; width += 4) {
    qn_core *core = quantise(e.net, width);
    double off;

    cr_assert_eq(qn_golden_run(core, e.data, 1, NULL, e.trace, NULL, NULL),
                 QN_OK);
    off = largest_difference(e.trace->state, e.data->states,
                             e.trace->rows * e.trace->units);
    cr_expect_leq(off, before / 5, "%u bits: %g after %g", width, off, before);
    before = off;
    qn_core_free(core);
  }
  example_close(&e);
}

/* ---- outputs ---------------------------------------------------------------- */

/* a constant that rounds up to the end of its word's range, and random maps:
 * results stay in their words, as the folder's README says */
Test(golden, an_output_never_saturates)
{
  example e = example_open("sine_ltc8");
  unsigned seed = 1;

  for (int i = 0; i < 200; i++) {
    qn_core *core;
    qn_golden_report report;

    seed = seed * 1664525u + 1013904223u;
    e.net->output_map.w[0] =
      i ? ((double)(seed >> 8) / (1 << 24) - 0.5) * 20 : 0;
    seed = seed * 1664525u + 1013904223u;
    e.net->output_map.b[0] =
      i ? ((double)(seed >> 8) / (1 << 24) - 0.5) * 20 : 3.99992;
    core = quantise(e.net, i % 2 ? 8 : 16);
    cr_assert_eq(qn_golden_run(core, e.data, 1, NULL, e.trace, &report, NULL),
                 QN_OK);
    cr_expect_eq(report.saturated, 0, "map %d", i);
    qn_core_free(core);
  }
  example_close(&e);
}

/* words that no quantiser makes: the second proof is theirs to break */
Test(golden, a_run_that_saturates_says_so)
{
  example e = example_open("sine_ltc8");
  qn_golden_report report;
  qn_core *core;

  cr_assert_eq(qn_core_quantise(&core, e.net, &qn_core_options_default, NULL),
               QN_OK);
  cr_assert_eq(qn_golden_run(core, e.data, 2, NULL, e.trace, &report, NULL),
               QN_OK);
  cr_expect_not(report.saturated);
  core->neuron[3].bias_num = (int64_t)1 << core->divider_width;
  cr_assert_eq(qn_golden_run(core, e.data, 2, NULL, e.trace, &report, NULL),
               QN_OK);
  cr_expect(report.saturated);
  qn_core_free(core);
  example_close(&e);
}
