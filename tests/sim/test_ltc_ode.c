/* test_ltc_ode.c - the continuous equation against an independent
 * integrator and against the fused steps' order of convergence. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include <quench/metric.h>
#include <quench/ode.h>
#include <quench/reference.h>

#include "tests/base/scratch.h"
#include "tests/model/network_file.h"
#include "tests/sim/example.h"
#include "tests/sim/integrator.h"
#include "tests/sim/sequences.h"

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

Test(ltc_ode, negative_conductances_are_refused_by_name)
{
  static const struct {
    const char *key;
    size_t i;
    const char *place, *part;
  } rows[] = {
    {"cm", 2, "neuron 2", "cm = -0.25"},
    {"gleak", 1, "neuron 1", "gleak = -0.25"},
    {"w", 5, "synapse from neuron 1 to neuron 2", "w = -0.25"},
    {"sensory_w", 3, "synapse from input 1 to neuron 0", "w = -0.25"}};
  static const size_t lengths[] = {2};
  qn_dataset *data = sequences_draw(2, 1, lengths, 1, 1);

  scratch_open();
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct network_file *f = network_file_alloc(2, 3, 1);
    qn_network *net;
    qn_trace *t;
    qn_diag d;

    network_file_values(f, rows[i].key)[rows[i].i] = -0.25;
    net = network_file_open(f);
    cr_assert_eq(qn_trace_alloc(&t, net, data), QN_OK);
    cr_expect_eq(qn_ltc_run(net, data, &qn_ode_options_default, t, NULL, &d),
                 QN_EUNSUPPORTED);
    cr_expect(diag_says(&d, net->path, rows[i].place, rows[i].part));
    qn_trace_free(t);
    qn_network_free(net);
  }
  qn_dataset_free(data);
  scratch_close();
}

/* ---- mixed memory: the potentials jump to the LSTM's h before each sample ------------------ */

/* capacitors as large as those of trained networks, so that some hundred
 * unfolds resolve them */
static qn_network *remembering(unsigned seed)
{
  struct network_file *f = network_file_alloc(2, 6, 2);

  network_file_add_memory(f);
  network_file_draw(f, seed, 0.6);
  for (size_t j = 0; j < 6; j++)
    network_file_values(f, "cm")[j] += 0.5;
  return network_file_open(f);
}

static const size_t lengths[] = {4, 6, 1, 5};

Test(ltc_ode, with_memory_is_within_1e_6_of_an_independent_integrator)
{
  scratch_open();
  for (unsigned seed = 0; seed < 4; seed++) {
    qn_network *net = remembering(seed);
    qn_dataset *data = sequences_draw(2, seed, lengths, 4, 1.5);
    double *want = qn_test_integrate(net, data), worst;
    qn_diag diag = {.message = ""};
    qn_trace *t;

    cr_assert_eq(qn_trace_alloc(&t, net, data), QN_OK);
    cr_assert_eq(qn_ltc_run(net, data, &qn_ode_options_default, t, NULL, &diag),
                 QN_OK, "%s", diag.message);
    worst = largest_difference(t->state, want, t->rows * t->units);
    cr_expect(worst < 1e-6, "seed %u: off by %g", seed, worst);
    qn_trace_free(t);
    free(want);
    qn_dataset_free(data);
    qn_network_free(net);
  }
  scratch_close();
}

/* drawn from ncps, whose own steps are of first order */
Test(ltc_ode, with_memory_is_what_the_fused_steps_converge_to_at_first_order)
{
  example e = example_open("drawn/ltc_mixed");
  qn_trace *exact;
  double last;

  cr_assert(e.net->mixed_memory);
  cr_assert_eq(qn_trace_alloc(&exact, e.net, e.data), QN_OK);
  cr_assert_eq(
    qn_ltc_run(e.net, e.data, &qn_ode_options_default, exact, NULL, NULL),
    QN_OK);
  last = gap(&e, exact, 384);
  for (unsigned u = 768; u <= 6144; u *= 2) {
    double now = gap(&e, exact, u);

    cr_expect(last / now >= 1.9 && last / now <= 2.1, "%u unfolds: %g to %g", u,
              last, now);
    last = now;
  }
  qn_trace_free(exact);
  example_close(&e);
}

/* A memory without weights, gates by its biases: c' = c s(f + 1) + tanh(i) s(g)
 * whatever the potentials are. A lone leak goes on from h = tanh(c') s(o) for
 * one sample, and the next begins at the next h. */
Test(ltc_ode, each_sample_of_a_lone_leak_begins_at_the_memory_s_h)
{
  const double bias[] = {0.8, -0.3, 0.5, 1.2}, cm = 0.7, gleak = 0.9;
  struct network_file *f;
  qn_dataset *data = sequences_draw(1, 2, lengths, 4, 1);
  qn_network *net;
  qn_trace *t;

  scratch_open();
  f = network_file_alloc(1, 1, 1);
  network_file_add_memory(f);
  network_file_fill(f, "lstm.input_map.weight", 0);
  network_file_fill(f, "lstm.recurrent_map.weight", 0);
  for (size_t i = 0; i < 4; i++)
    network_file_values(f, "lstm.input_map.bias")[i] = bias[i];
  network_file_fill(f, "sparsity_mask", 0);
  network_file_fill(f, "sensory_sparsity_mask", 0);
  network_file_fill(f, "cm", cm);
  network_file_fill(f, "gleak", gleak);
  net = network_file_open(f);
  cr_assert_eq(qn_trace_alloc(&t, net, data), QN_OK);
  cr_assert_eq(qn_ltc_run(net, data, &qn_ode_options_default, t, NULL, NULL),
               QN_OK);
  for (size_t s = 0; s < 4; s++) {
    double c = 0;

    for (size_t row = data->first[s]; row < data->first[s + 1]; row++) {
      double h, vleak = net->ltc.vleak[0];

      c = c / (1 + exp(-bias[2] - 1)) + tanh(bias[0]) / (1 + exp(-bias[1]));
      h = tanh(c) / (1 + exp(-bias[3]));
      cr_expect_float_eq(
        t->state[row],
        vleak + (h - vleak) * exp(-data->timespans[row] * gleak / cm), 1e-8);
    }
  }
  qn_trace_free(t);
  qn_dataset_free(data);
  qn_network_free(net);
  scratch_close();
}

Test(ltc_ode, with_memory_does_not_depend_on_the_number_of_threads)
{
  qn_ode_options opt = qn_ode_options_default;
  qn_dataset *data = sequences_draw(2, 1, lengths, 4, 1.5);
  qn_network *net;
  qn_trace *one, *three;

  scratch_open();
  net = remembering(9);
  cr_assert_eq(qn_trace_alloc(&one, net, data), QN_OK);
  cr_assert_eq(qn_trace_alloc(&three, net, data), QN_OK);
  cr_assert_eq(qn_ltc_run(net, data, &opt, one, NULL, NULL), QN_OK);
  opt.workers = 3;
  cr_assert_eq(qn_ltc_run(net, data, &opt, three, NULL, NULL), QN_OK);
  cr_expect(
    largest_difference(one->state, three->state, one->rows * one->units) == 0);
  qn_trace_free(one), qn_trace_free(three);
  qn_dataset_free(data);
  qn_network_free(net);
  scratch_close();
}
