/* test_reference.c - the trained networks against ncps' own float64 results. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include <quench/metric.h>

#include "sim/reference_on.h"
#include "tests/base/scratch.h"
#include "tests/model/network_file.h"
#include "tests/sim/example.h"
#include "tests/sim/sequences.h"

static void expect_as_in_the_file(const char *name,
                                  const qn_step_kernel *kernel)
{
  example e = example_open(name);
  double states, outputs;

  cr_assert_eq(qn_reference_run_on(kernel, e.net, e.data, 0, 1, NULL, e.trace),
               QN_OK);
  states = largest_relative_difference(e.trace->state, e.data->states,
                                       e.trace->rows * e.trace->units);
  outputs = largest_relative_difference(e.trace->output, e.data->outputs,
                                        e.trace->rows * e.trace->outputs);
  cr_expect(states <= 1e-12, "%s on %s: states off by %g", name, kernel->name,
            states);
  cr_expect(outputs <= 1e-12, "%s on %s: outputs off by %g", name, kernel->name,
            outputs);
  example_close(&e);
}

Test(reference, equals_ncps_within_1e_12_in_every_output_and_state)
{
  for (const qn_step_kernel *const *k = qn_step_kernels; *k; k++) {
    if (!qn_step_kernel_runs(*k))
      continue;
    for (int i = 0; i < 3; i++)
      expect_as_in_the_file(example_names[i], *k);
    for (int i = 0; i < 2; i++)
      expect_as_in_the_file(example_cfc_names[i], *k);
  }
}

/* What training printed; its inputs and targets were rounded to float32 (6e-8)
 * on the way. */
Test(reference, has_the_metric_that_ncps_has_on_the_whole_test_set)
{
  example e = example_open("sine_ltc8");
  qn_metric metric;

  cr_assert_eq(qn_reference_run(e.net, e.data, 0, 1, NULL, e.trace), QN_OK);
  metric = qn_metric_of(e.trace, e.data);
  cr_expect_str_eq(metric.name, "rmse");
  cr_expect_float_eq(metric.value, 0.03865426108075408, 6e-8);
  example_close(&e);
}

Test(reference, finds_98_93_percent_of_all_occupancy_windows)
{
  qn_diag diag = {0};
  qn_network *net;
  qn_dataset *data;
  qn_trace *trace;
  qn_metric metric;
  const char folder[] = "examples/occupancy/";
  char path[128];

  snprintf(path, sizeof path, "%soccupancy_ltc19.safetensors", folder);
  cr_assert_eq(qn_network_read(&net, path, &diag), QN_OK, "%s", diag.message);
  snprintf(path, sizeof path, "%stest_windows.csv", folder);
  cr_assert_eq(qn_dataset_read(&data, path, net, QN_INPUT_RAW, &diag), QN_OK,
               "%s: %s", diag.place, diag.message);
  cr_assert_eq(data->sequences, 1550);
  cr_assert_eq(data->rows, 24800);
  cr_assert_eq(qn_trace_alloc(&trace, net, data), QN_OK);
  cr_assert_eq(qn_reference_run(net, data, 0, 2, NULL, trace), QN_OK);
  metric = qn_metric_of(trace, data);
  cr_expect_str_eq(metric.name, "accuracy");
  /* 24534 of 24800 steps */
  cr_expect_float_eq(metric.value, 0.9892742037773132, 1e-7);
  qn_trace_free(trace);
  qn_dataset_free(data);
  qn_network_free(net);
}

/* a share of what they have on the whole test sets, 0.9855 and 0.7575, where
 * the windows kept here are few: counted from ncps' own outputs in the files */
Test(reference, has_the_accuracy_that_ncps_has_on_the_same_windows)
{
  for (int i = 0; i < 2; i++) {
    example e = example_open(example_cfc_names[i]);
    qn_metric got, want;

    cr_assert_eq(qn_reference_run(e.net, e.data, 0, 1, NULL, e.trace), QN_OK);
    got = qn_metric_of(e.trace, e.data);
    for (size_t k = 0; k < e.trace->rows * e.trace->outputs; k++)
      e.trace->output[k] = e.data->outputs[k];
    want = qn_metric_of(e.trace, e.data);
    cr_expect_str_eq(got.name, "accuracy");
    cr_expect_eq(got.value, want.value);
    example_close(&e);
  }
}

Test(reference, does_not_depend_on_the_number_of_threads)
{
  example e = example_open("occupancy_ltc19");
  qn_trace *other;

  cr_assert_eq(qn_trace_alloc(&other, e.net, e.data), QN_OK);
  cr_assert_eq(qn_reference_run(e.net, e.data, 0, 1, NULL, e.trace), QN_OK);
  cr_assert_eq(qn_reference_run(e.net, e.data, 0, 7, NULL, other), QN_OK);
  cr_expect_arr_eq(other->state, e.trace->state,
                   other->rows * other->units * sizeof *other->state);
  qn_trace_free(other);
  example_close(&e);
}

/* a cell of no synapse is (cm/dt v + g vleak) / (cm/dt + g + eps) a step */
Test(reference, obeys_irregular_time_spans_and_epsilon)
{
  example e = example_open("sine_ltc8");
  qn_network net = *e.net;
  double spans[48], v = 0, cm = 0.5, gleak = 2, vleak = -0.3;
  size_t none[9] = {0};
  double cms[8], gleaks[8], vleaks[8];

  for (int j = 0; j < 8; j++)
    cms[j] = cm, gleaks[j] = gleak, vleaks[j] = vleak;
  net.ltc = (qn_ltc){.cm = cms,
                     .gleak = gleaks,
                     .vleak = vleaks,
                     .recurrent = {.first = none},
                     .sensory = {.first = none},
                     .unfolds = 3,
                     .epsilon = 0.25};
  for (int i = 0; i < 48; i++)
    spans[i] = 0.1 + 0.07 * i;
  e.data->timespans = spans;
  cr_assert_eq(qn_reference_run(&net, e.data, 0, 1, NULL, e.trace), QN_OK);
  for (int i = 0; i < 48; i++) {
    for (int u = 0; u < 3; u++) {
      double cm_t = cm / (spans[i] / 3);

      v = (cm_t * v + gleak * vleak) / (cm_t + gleak + 0.25);
    }
    cr_expect_float_eq(e.trace->state[8 * i + 5], v, 1e-15);
  }
  e.data->timespans = NULL;
  example_close(&e);
}

/* One neuron, cm, gleak and both weights below 0, written as ncps does: the
 * sums of the two synapses stand in both num and den. */
Test(reference, computes_with_negative_conductances_as_the_formula_does)
{
  const double cm = -0.1, gleak = -0.4, vleak = 0.3, epsilon = 0.125;
  const double w = -0.2, sw = -3, erev = 0.8, serev = -1.5;
  static const size_t lengths[] = {6, 4};
  struct network_file *f;
  qn_dataset *data;
  qn_network *net;
  qn_trace *t;

  scratch_open();
  f = network_file_alloc(1, 1, 1);
  network_file_fill(f, "cm", cm);
  network_file_fill(f, "gleak", gleak);
  network_file_fill(f, "vleak", vleak);
  network_file_fill(f, "w", w);
  network_file_fill(f, "erev", erev);
  network_file_fill(f, "sensory_w", sw);
  network_file_fill(f, "sensory_erev", serev);
  network_file_set(f, "epsilon", "0.125");
  network_file_set(f, "ode_unfolds", "2");
  net = network_file_open(f);
  data = sequences_draw(1, 8, lengths, 2, 1.5);
  cr_assert_eq(qn_trace_alloc(&t, net, data), QN_OK);
  cr_assert_eq(qn_reference_run(net, data, 0, 1, NULL, t), QN_OK);
  for (size_t s = 0; s < 2; s++) {
    double v = 0;

    for (size_t row = data->first[s]; row < data->first[s + 1]; row++) {
      const qn_synapse *in = &net->ltc.sensory.at[0];
      const qn_synapse *self = &net->ltc.recurrent.at[0];
      double x = data->inputs[row] * net->input_map.w[0] + net->input_map.b[0];
      double b = sw / (1 + exp(-in->sigma * (x - in->mu)));

      for (int u = 0; u < 2; u++) {
        double cm_t = cm / (data->timespans[row] / 2);
        double a = w / (1 + exp(-self->sigma * (v - self->mu)));

        v = (cm_t * v + gleak * vleak + a * erev + b * serev) /
            (cm_t + gleak + a + b + epsilon);
      }
      /* the denominator stays below -0.35 */
      cr_expect_float_eq(t->state[row], v, 1e-13, "%g, not %g", t->state[row],
                         v);
    }
  }
  qn_trace_free(t);
  qn_dataset_free(data);
  qn_network_free(net);
  scratch_close();
}
