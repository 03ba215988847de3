/* test_ltc_ode.c - the continuous equation on CVODE against an independent
 * integrator and against the fused steps' order of convergence. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include <quench/metric.h>
#include <quench/ode.h>
#include <quench/reference.h>

#include "tests/sim/example.h"
#include "tests/sim/integrator.h"

Test(ltc_ode, is_within_1e_6_of_an_independent_integrator_at_1e_12)
{
  for (int i = 0; i < 3; i++) {
    example e = example_open(example_names[i]);
    double *want = qn_test_integrate(e.net, e.data), worst;
    qn_diag diag = {0};

    cr_assert_eq(
      qn_ltc_run(e.net, e.data, &qn_ode_options_default, e.trace, NULL, &diag),
      QN_OK, "%s", diag.message);
    worst =
      largest_difference(e.trace->state, want, e.trace->rows * e.trace->units);
    cr_expect(worst < 1e-6, "%s: off by %g", example_names[i], worst);
    free(want);
    example_close(&e);
  }
}

/* worst difference of fused steps from the continuous solution */
static double gap(const example *e, const qn_trace *exact, unsigned unfolds)
{
  cr_assert_eq(qn_reference_run(e->net, e->data, unfolds, 1, NULL, e->trace),
               QN_OK);
  return largest_difference(e->trace->state, exact->state,
                            exact->rows * exact->units);
}

/* The fused step is of first order in 1/unfolds once unfolds resolve the
 * fastest time constant: docs/accuracy.md has the sequence on more windows. */
Test(ltc_ode, is_what_the_fused_steps_converge_to_at_first_order)
{
  static const unsigned from[3] = {6, 192, 192};

  for (int i = 0; i < 3; i++) {
    example e = example_open(example_names[i]);
    qn_trace *exact;
    double last;

    cr_assert_eq(qn_trace_alloc(&exact, e.net, e.data), QN_OK);
    cr_assert_eq(
      qn_ltc_run(e.net, e.data, &qn_ode_options_default, exact, NULL, NULL),
      QN_OK);
    last = gap(&e, exact, from[i]);
    for (unsigned u = 2 * from[i]; u <= 1536; u *= 2) {
      double now = gap(&e, exact, u);

      cr_expect(last / now >= 1.8 && last / now <= 2.2,
                "%s: %u unfolds: %g to %g", example_names[i], u, last, now);
      last = now;
    }
    qn_trace_free(exact);
    example_close(&e);
  }
}

/* the solver gap: RMSE 0.0387 on six fused steps, 0.120 on the equation that
 * they approximate (the independent integrator says the same) */
Test(ltc_ode, shows_the_solver_gap_of_sine_ltc8)
{
  example e = example_open("sine_ltc8");
  double *want = qn_test_integrate(e.net, e.data);
  qn_metric ode, integrator;

  cr_assert_eq(
    qn_ltc_run(e.net, e.data, &qn_ode_options_default, e.trace, NULL, NULL),
    QN_OK);
  ode = qn_metric_of(e.trace, e.data);
  for (size_t row = 0; row < e.trace->rows; row++) {
    for (size_t j = 0; j < e.trace->units; j++)
      e.trace->state[row * e.trace->units + j] = want[row * e.trace->units + j];
    qn_trace_read_out(e.trace, e.net, row);
  }
  integrator = qn_metric_of(e.trace, e.data);
  cr_expect_float_eq(ode.value, integrator.value, 1e-6);
  cr_expect_float_eq(ode.value, 0.1201, 5e-5);
  free(want);
  example_close(&e);
}

/* one neuron without synapses decays to vleak with cm / gleak */
Test(ltc_ode, a_lone_leak_is_an_exponential_over_irregular_spans)
{
  example e = example_open("sine_ltc8");
  qn_network net = *e.net;
  size_t none[9] = {0};
  double cm[8], gleak[8], vleak[8], spans[48], t = 0;

  for (int j = 0; j < 8; j++)
    cm[j] = 0.5 + j, gleak[j] = 0.7, vleak[j] = -0.3;
  net.ltc = (qn_ltc){.cm = cm,
                     .gleak = gleak,
                     .vleak = vleak,
                     .recurrent = {.first = none},
                     .sensory = {.first = none},
                     .unfolds = 1};
  for (int i = 0; i < 48; i++)
    spans[i] = 0.02 * (i + 1);
  e.data->timespans = spans;
  cr_assert_eq(
    qn_ltc_run(&net, e.data, &qn_ode_options_default, e.trace, NULL, NULL),
    QN_OK);
  for (int i = 0; i < 48; i++) {
    t += spans[i];
    for (int j = 0; j < 8; j++)
      cr_expect_float_eq(e.trace->state[8 * i + j],
                         -0.3 * (1 - exp(-t * 0.7 / cm[j])), 1e-7);
  }
  e.data->timespans = NULL;
  example_close(&e);
}

Test(ltc_ode, a_neuron_of_nothing_is_refused_by_name)
{
  example e = example_open("sine_ltc8");
  qn_network net = *e.net;
  size_t none[9] = {0};
  double one[8] = {1, 1, 1, 0, 1, 1, 1, 1};
  qn_diag diag = {0};

  net.ltc = (qn_ltc){.cm = one,
                     .gleak = one,
                     .vleak = one,
                     .recurrent = {.first = none},
                     .sensory = {.first = none},
                     .unfolds = 1};
  cr_expect_eq(
    qn_ltc_run(&net, e.data, &qn_ode_options_default, e.trace, NULL, &diag),
    QN_EUNSUPPORTED);
  cr_expect_str_eq(diag.place, "neuron 3");
  example_close(&e);
}
