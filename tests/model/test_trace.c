/* test_trace.c - results go to their files whole; what is read back is what
 * was written, to the last bit. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/model/network_file.h"
#include <quench/csv.h>
#include <quench/file.h>
#include <quench/safetensors.h>
#include <quench/trace.h>

TestSuite(trace, .init = scratch_open, .fini = scratch_close);

/* 2 neurons, both outputs, with names that a CSV must quote */
static qn_network *network(void)
{
  struct network_file *f = network_file_alloc(1, 2, 2);

  network_file_set(f, "output_names", "[\"a \\\"b\\\", c\", \"plain\"]");
  return network_file_open(f);
}

/* sequences of `lengths` steps; state and output are no round numbers */
static qn_trace *trace(const qn_network *net, const size_t *lengths,
                       size_t sequences)
{
  size_t first[8] = {0};
  qn_dataset data = {.sequences = sequences, .first = first};
  qn_trace *t;

  for (size_t s = 0; s < sequences; s++)
    first[s + 1] = first[s] + lengths[s];
  data.rows = first[sequences];
  cr_assert(eq(int, qn_trace_alloc(&t, net, &data), QN_OK));
  for (size_t i = 0; i < t->rows * 2; i++) {
    t->state[i] = 1 / (3 + (double)i);
    t->output[i] = -1e10 / (7 + (double)i);
  }
  return t;
}

static qn_trace *three_by_two(const qn_network *net)
{
  return trace(net, (size_t[]){3, 3}, 2);
}

Test(trace, begins_with_zeros_and_the_sequences_of_the_dataset)
{
  qn_network *net = network();
  qn_dataset data = {.sequences = 2, .rows = 5, .first = (size_t[]){0, 2, 5}};
  qn_trace *t;

  cr_assert(eq(int, qn_trace_alloc(&t, net, &data), QN_OK));
  cr_expect(eq(sz, t->outputs, 2));
  cr_expect(eq(sz, t->units, 2));
  cr_expect(eq(sz, t->first[1], 2));
  cr_expect(eq(sz, t->first[2], 5));
  for (size_t i = 0; i < 10; i++)
    cr_expect(t->output[i] == 0 && t->state[i] == 0);
  qn_trace_free(t);
  qn_network_free(net);
}

/* the output map of the made network: 3 v0 and 4 v1 - 1 */
Test(trace, read_out_applies_the_output_map_to_the_first_neurons)
{
  qn_network *net = network();
  qn_trace *t = three_by_two(net);

  t->state[4] = 0.5, t->state[5] = -0.25;
  qn_trace_read_out(t, net, 2);
  cr_expect(eq(dbl, t->output[4], 1.5));
  cr_expect(eq(dbl, t->output[5], -2.0));
  qn_trace_free(t);
  qn_network_free(net);
}

Test(trace, csv_begins_with_quoted_names_and_counts_sequence_and_step)
{
  qn_network *net = network();
  qn_trace *t = trace(net, (size_t[]){1, 2}, 2);
  const char *path = scratch_path("out.csv");
  char *text;
  size_t size;

  for (size_t i = 0; i < 6; i++)
    t->output[i] = (double)i - 0.5;
  cr_assert(
    eq(int, qn_trace_write(t, net, path, QN_TRACE_OUTPUTS, NULL), QN_OK));
  cr_assert(eq(int, qn_file_read(path, &text, &size, NULL), QN_OK));
  cr_expect(eq(str, text,
               "sequence,step,\"a \"\"b\"\", c\",plain\n"
               "0,0,-0.5,0.5\n"
               "1,0,1.5,2.5\n"
               "1,1,3.5,4.5\n"));
  free(text);
  qn_trace_free(t);
  qn_network_free(net);
}

/* the made network of one input and two neurons, by hand at one row */
Test(trace, tau_is_the_capacitance_over_all_that_conducts)
{
  qn_network *net = network();
  double input = 0.5, x = 2 * input + 0, g[2], s;
  qn_dataset data = {.sequences = 1,
                     .rows = 1,
                     .features = 1,
                     .first = (size_t[]){0, 1},
                     .inputs = &input};
  const char *path = scratch_path("out.csv");
  char *text;
  size_t size;
  qn_trace *t;

  cr_assert(eq(int, qn_trace_alloc(&t, net, &data), QN_OK));
  t->state[0] = 0.25, t->state[1] = -0.5;
  for (size_t j = 0; j < 2; j++) {
    g[j] = network_file_value("gleak", j);
    for (size_t pre = 0; pre < 2; pre++) {
      size_t i = 2 * pre + j;

      s = network_file_value("sigma", i) *
          (t->state[pre] - network_file_value("mu", i));
      g[j] += network_file_value("w", i) / (1 + exp(-s));
    }
    s = network_file_value("sensory_sigma", j) *
        (x - network_file_value("sensory_mu", j));
    g[j] += network_file_value("sensory_w", j) / (1 + exp(-s));
  }
  cr_assert(eq(int, qn_trace_add_tau(t, net, &data, NULL), QN_OK));
  for (size_t j = 0; j < 2; j++)
    cr_expect(
      epsilon_eq(dbl, t->tau[j], network_file_value("cm", j) / g[j], 1e-15));
  t->tau[0] = 0.5, t->tau[1] = 2;
  cr_assert(
    eq(int, qn_trace_write(t, net, path, QN_TRACE_TAU | QN_TRACE_STATES, NULL),
       QN_OK));
  cr_assert(eq(int, qn_file_read(path, &text, &size, NULL), QN_OK));
  cr_expect(eq(str, text,
               "sequence,step,state0,state1,tau0,tau1\n"
               "0,0,0.25,-0.5,0.5,2\n"));
  free(text);
  qn_trace_free(t);
  qn_network_free(net);
}

/* Hasani et al. 2021, theorem 1 */
Test(trace, tau_lies_between_its_bounds_in_every_step_of_occupancy)
{
  qn_network *net;
  qn_dataset *data;
  qn_trace *t;

  cr_assert(eq(
    int, qn_network_read(&net, "tests/data/occupancy_ltc19.safetensors", NULL),
    QN_OK));
  cr_assert(eq(
    int,
    qn_dataset_read(&data, "tests/data/occupancy_ltc19.reference.safetensors",
                    net, QN_INPUT_AS_IS, NULL),
    QN_OK));
  cr_assert(eq(int, qn_trace_alloc(&t, net, data), QN_OK));
  memcpy(t->state, data->states, t->rows * t->units * sizeof *t->state);
  cr_assert(eq(int, qn_trace_add_tau(t, net, data, NULL), QN_OK));
  for (size_t i = 0; i < t->rows * t->units; i++) {
    size_t j = i % t->units;

    cr_expect(
      ge(dbl, t->tau[i], net->ltc.cm[j] / qn_ltc_conductance_max(net, j)));
    cr_expect(le(dbl, t->tau[i], net->ltc.cm[j] / net->ltc.gleak[j]));
  }
  qn_trace_free(t);
  qn_dataset_free(data);
  qn_network_free(net);
}

Test(trace, a_list_names_what_a_file_holds)
{
  unsigned content;
  qn_diag d;

  cr_assert(
    eq(int, qn_trace_content_from_list("tau,outputs", &content, NULL), QN_OK));
  cr_expect(eq(uint, content, QN_TRACE_TAU | QN_TRACE_OUTPUTS));
  cr_expect(
    ne(int, qn_trace_content_from_list("states,v", &content, &d), QN_OK));
  cr_expect(strstr(d.message, "'v' is none of outputs, states, tau") != NULL);
  cr_expect(ne(int, qn_trace_content_from_list("", &content, &d), QN_OK));
}

Test(trace, csv_brings_back_names_and_every_bit)
{
  qn_network *net = network();
  qn_trace *t = three_by_two(net);
  const char *path = scratch_path("out.csv");
  qn_csv *csv;

  cr_assert(
    eq(int, qn_trace_write(t, net, path, QN_TRACE_OUTPUTS, NULL), QN_OK));
  cr_assert(eq(int, qn_csv_read(&csv, path, NULL), QN_OK));
  cr_assert(eq(sz, csv->columns, 4));
  cr_assert(eq(sz, csv->rows, 6));
  cr_expect(eq(str, csv->header[2], net->output_names[0]));
  for (size_t i = 0; i < 12; i++) {
    double x;

    cr_assert(
      eq(int, qn_csv_number(csv, i / 2, 2 + i % 2, path, &x, NULL), QN_OK));
    cr_expect(eq(dbl, x, t->output[i]));
  }
  qn_csv_free(csv);
  qn_trace_free(t);
  qn_network_free(net);
}

static void expect_tensor(const qn_safetensors *file, const char *name,
                          const double *want)
{
  const qn_tensor *t = qn_safetensors_find(file, name);

  cr_assert(t != NULL, "%s", name);
  cr_assert(t->rank == 3 && t->shape[0] == 2 && t->shape[1] == 3 &&
            t->shape[2] == 2);
  for (size_t i = 0; i < 12; i++)
    cr_expect(eq(dbl, qn_tensor_value(t, i), want[i]), "%s", name);
}

Test(trace, safetensors_brings_back_outputs_and_if_wanted_states)
{
  qn_network *net = network();
  qn_trace *t = three_by_two(net);
  const char *path = scratch_path("out.safetensors");
  qn_safetensors *file;

  cr_assert(
    eq(int, qn_trace_write(t, net, path, QN_TRACE_OUTPUTS, NULL), QN_OK));
  cr_assert(eq(int, qn_safetensors_read(&file, path, NULL), QN_OK));
  cr_expect(eq(sz, qn_safetensors_count(file), 1));
  expect_tensor(file, "outputs", t->output);
  qn_safetensors_free(file);
  cr_assert(eq(
    int, qn_trace_write(t, net, path, QN_TRACE_OUTPUTS | QN_TRACE_STATES, NULL),
    QN_OK));
  cr_assert(eq(int, qn_safetensors_read(&file, path, NULL), QN_OK));
  cr_expect(eq(sz, qn_safetensors_count(file), 2));
  expect_tensor(file, "outputs", t->output);
  expect_tensor(file, "states", t->state);
  qn_safetensors_free(file);
  qn_trace_free(t);
  qn_network_free(net);
}

static void expect_refused(const qn_trace *t, const qn_network *net,
                           const char *name, unsigned content, const char *part)
{
  const char *path = scratch_path(name);
  size_t before = scratch_files();
  qn_diag d;

  cr_expect(ne(int, qn_trace_write(t, net, path, content, &d), QN_OK));
  cr_expect(diag_says(&d, path, "", part));
  cr_expect(eq(sz, scratch_files(), before));
}

Test(trace, what_a_file_cannot_hold_is_refused_and_leaves_none)
{
  qn_network *net = network();
  qn_trace *even = three_by_two(net), *odd = trace(net, (size_t[]){3, 2}, 2);

  expect_refused(odd, net, "out.safetensors", QN_TRACE_OUTPUTS,
                 "sequences of different lengths");
  expect_refused(even, net, "out.txt", QN_TRACE_OUTPUTS,
                 ".csv or .safetensors");
  expect_refused(even, net, "out", QN_TRACE_OUTPUTS, ".csv or .safetensors");
  expect_refused(even, net, "none/out.csv", QN_TRACE_OUTPUTS, "cannot write");
  expect_refused(even, net, "none/out.safetensors", QN_TRACE_OUTPUTS,
                 "cannot write");
  qn_trace_free(even);
  qn_trace_free(odd);
  qn_network_free(net);
}

Test(trace, a_pick_holds_the_rows_of_its_sequences)
{
  qn_network *net = network();
  qn_trace *t = trace(net, (size_t[]){1, 2, 3, 1}, 4), *some;

  cr_assert(eq(int, qn_trace_pick(&some, t, 2), QN_OK)); /* 0 and 2 */
  cr_expect(eq(sz, some->rows, 4));
  cr_expect(eq(sz, some->first[1], 1));
  cr_expect(eq(sz, some->first[2], 4));
  for (size_t i = 0; i < 2; i++)
    cr_expect(eq(dbl, some->state[i], t->state[i]));
  for (size_t i = 0; i < 6; i++) {
    cr_expect(eq(dbl, some->state[2 + i], t->state[6 + i]));
    cr_expect(eq(dbl, some->output[2 + i], t->output[6 + i]));
  }
  qn_trace_free(some);
  qn_trace_free(t);
  qn_network_free(net);
}
