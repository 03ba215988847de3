/* test_metric.c - metrics and differences counted by hand. */
#include <criterion/criterion.h>
#include <math.h>

#include <quench/metric.h>

static size_t first[] = {0, 3, 5};
static double outputs[] = {1, -1, 2, -3, 4};
static double targets[] = {1, 1, 1, 0, 0};

static qn_trace trace_of(double *state)
{
  return (qn_trace){.sequences = 2,
                    .rows = 5,
                    .outputs = 1,
                    .units = 1,
                    .first = first,
                    .output = outputs,
                    .state = state};
}

/* of two memristors, whose states stand in x */
static qn_trace states_of(double *x)
{
  return (qn_trace){.rows = 3, .memristors = 2, .memristor = x};
}

Test(metric, the_worst_state_of_a_memristor_is_named)
{
  double want[] = {0.5, 0, 0.6, 0.1, 0.7, 0.2};
  double got[] = {0.5, 0, 0.63, 0.1, 0.7, 0.15};
  qn_trace a = states_of(got), b = states_of(want);
  qn_state_difference d = qn_state_difference_of(&a, &b);

  cr_expect_float_eq(d.worst, 0.05, 1e-15);
  cr_expect_eq(d.memristor, 1);
  cr_expect_eq(d.row, 2);
  got[2] = NAN;
  d = qn_state_difference_of(&a, &b);
  cr_expect(isnan(d.worst));
  cr_expect_eq(d.memristor, 0);
  cr_expect_eq(d.row, 1);
}

static qn_dataset dataset_of(qn_task task, size_t warmup)
{
  return (qn_dataset){.sequences = 2,
                      .rows = 5,
                      .first = first,
                      .targets = targets,
                      .target_columns = 1,
                      .task = task,
                      .warmup_steps = warmup};
}

Test(metric, binary_accuracy_counts_every_step_after_the_warm_up)
{
  qn_trace t = trace_of(NULL);
  qn_dataset all = dataset_of(QN_TASK_BINARY, 0);
  qn_dataset late = dataset_of(QN_TASK_BINARY, 1);
  qn_dataset last = dataset_of(QN_TASK_BINARY_LAST, 0);

  cr_expect_float_eq(qn_metric_of(&t, &all).value, 3.0 / 5, 1e-15);
  cr_expect_float_eq(qn_metric_of(&t, &late).value, 1.0 / 3, 1e-15);
  cr_expect_float_eq(qn_metric_of(&t, &last).value, 1.0 / 2, 1e-15);
}

Test(metric, multiclass_takes_the_largest_output)
{
  double three[] = {0.1, 0.3, 0.2, 5, -1, 0};
  double classes[] = {1, 2};
  size_t rows[] = {0, 2};
  qn_trace t = {
    .sequences = 1, .rows = 2, .outputs = 3, .first = rows, .output = three};
  qn_dataset d = {.sequences = 1,
                  .rows = 2,
                  .first = rows,
                  .targets = classes,
                  .target_columns = 1,
                  .task = QN_TASK_MULTICLASS};

  cr_expect_float_eq(qn_metric_of(&t, &d).value, 0.5, 1e-15);
}

Test(metric, rmse_is_the_root_of_the_mean_square)
{
  qn_trace t = trace_of(NULL);
  qn_dataset d = dataset_of(QN_TASK_REGRESSION, 0);

  cr_expect_float_eq(qn_metric_of(&t, &d).value,
                     sqrt((0 + 4 + 1 + 9 + 16) / 5.0), 1e-15);
}

Test(metric, without_targets_there_is_none)
{
  qn_trace t = trace_of(NULL);
  qn_dataset d = dataset_of(QN_TASK_BINARY, 0);

  d.targets = NULL;
  cr_expect_null(qn_metric_of(&t, &d).name);
}

Test(metric, a_swing_holds_zero_and_is_at_least_one_percent_of_the_largest)
{
  double state[] = {4, 0, 3, 0.001};
  qn_trace t = {.sequences = 1, .rows = 2, .units = 2, .state = state};
  double swing[2];

  qn_swing_of(&t, swing);
  cr_expect_float_eq(swing[0], 4, 1e-15);
  cr_expect_float_eq(swing[1], 0.04, 1e-15);
}

Test(metric, differences_are_per_cent_of_the_swing_and_nan_is_the_worst)
{
  double want[] = {0, 0, 0, 0, 0}, got[] = {0, 0.1, -0.3, 0, 0}, swing = 2;
  qn_trace a = trace_of(got), b = trace_of(want);
  qn_difference d = qn_difference_of(&a, &b, &swing);

  cr_expect_float_eq(d.worst, 0.3, 1e-15);
  cr_expect_float_eq(d.worst_percent, 15, 1e-12);
  cr_expect_float_eq(d.rms, sqrt(0.1 / 5), 1e-15);
  cr_expect_eq(d.worst_row, 2);
  got[4] = NAN;
  d = qn_difference_of(&a, &b, &swing);
  cr_expect(isnan(d.worst_percent));
  cr_expect_eq(d.worst_row, 4);
}

Test(metric, the_files_own_results_are_compared_relatively_beyond_1)
{
  double state[] = {0.5, 0, 0, 0, 0}, want[] = {0.25, 0, 0, 0, 0};
  double own[] = {1, -1, 2.5, -3, 4};
  qn_trace t = trace_of(state);
  qn_dataset d = dataset_of(QN_TASK_NONE, 0);

  cr_expect_eq(qn_difference_from_file(&t, &d), -1);
  d.outputs = own;
  cr_expect_float_eq(qn_difference_from_file(&t, &d), 0.5 / 2.5, 1e-15);
  d.states = want;
  cr_expect_float_eq(qn_difference_from_file(&t, &d), 0.25, 1e-15);
  state[4] = NAN;
  cr_expect(isnan(qn_difference_from_file(&t, &d)));
}

Test(metric, a_difference_names_its_neuron_and_its_worst_output)
{
  double want[] = {0, 0, 0, 0}, got[] = {0.1, 0, 0, 0.2}, swing[] = {1, 4};
  double wanted[] = {1, 2}, received[] = {1.5, 1.75};
  qn_trace a = {.rows = 2, .units = 2, .outputs = 1};
  qn_trace b = a;
  qn_difference d;

  a.state = got, a.output = received;
  b.state = want, b.output = wanted;
  d = qn_difference_of(&a, &b, swing);
  cr_expect_eq(d.worst_neuron, 0); /* 10 % of 1 is more than 5 % of 4 */
  cr_expect_eq(d.worst_row, 0);
  cr_expect_float_eq(d.worst, 0.2, 1e-15);
  cr_expect_float_eq(d.rms_percent, sqrt((100 + 25) / 4.0), 1e-12);
  cr_expect_float_eq(d.worst_output, 0.5, 1e-15);
  swing[0] = 4;
  cr_expect_eq(qn_difference_of(&a, &b, swing).worst_neuron, 1);
}

Test(metric, nan_anywhere_is_the_worst_however_it_is_measured)
{
  for (int i = 0; i < 5; i++) {
    double want[5] = {0}, got[5] = {0.1, 0.2, 0.3, 0.2, 0.1}, swing = 1;
    qn_trace a = trace_of(got), b = trace_of(want);
    qn_difference d;

    got[i] = NAN;
    d = qn_difference_of(&a, &b, &swing);
    cr_expect(isnan(d.worst_percent), "row %d: %g", i, d.worst_percent);
    cr_expect(isnan(d.worst), "row %d: %g", i, d.worst);
    cr_expect_eq(d.worst_row, (size_t)i);
  }
}
