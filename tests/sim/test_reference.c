/* test_reference.c - the fused steps against ncps' own float64 results. */
#include <criterion/criterion.h>
#include <stdio.h>

#include <quench/metric.h>
#include <quench/reference.h>

#include "tests/sim/example.h"

Test(reference, equals_ncps_within_1e_12_in_every_output_and_state)
{
  for (int i = 0; i < 3; i++) {
    example e = example_open(example_names[i]);
    double states, outputs;

    cr_assert_eq(qn_reference_run(e.net, e.data, 0, 1, NULL, e.trace), QN_OK);
    states = largest_difference(e.trace->state, e.data->states,
                                e.trace->rows * e.trace->units);
    outputs = largest_difference(e.trace->output, e.data->outputs,
                                 e.trace->rows * e.trace->outputs);
    cr_expect(states <= 1e-12, "%s: states off by %g", example_names[i],
              states);
    cr_expect(outputs <= 1e-12, "%s: outputs off by %g", example_names[i],
              outputs);
    example_close(&e);
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
