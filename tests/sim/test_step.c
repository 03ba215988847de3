/* test_step.c - one sample of a network on every kernel that runs here. Oracles:
 * an LSTM of one unit by hand, and tests/sim/plain.c, which writes ncps element
 * by element, for matrices and synapses of every shape. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/reference_on.h"
#include "tests/base/scratch.h"
#include "tests/hdl/random_network.h"
#include "tests/model/network_file.h"
#include "tests/sim/example.h"
#include "tests/sim/plain.h"
#include "tests/sim/sequences.h"

TestSuite(step, .init = scratch_open, .fini = scratch_close, .timeout = 300);

/* ---- the memory by hand ------------------------------------------------------------------ */

/* gates of one unit in ncps' order: tanh(i) = 1/2, s(ig) = 3/4, s(fg + 1) = 1/4,
 * s(og) = 1/2 */
static double gates[4];

static void set_gates(void)
{
  gates[0] = log(3) / 2;
  gates[1] = log(3);
  gates[2] = -log(3) - 1;
  gates[3] = 0;
}

/* one unit and one input; the gates come out of `key` alone */
static qn_network *memory_of(const char *key)
{
  struct network_file *f = network_file_alloc_cfc(1, 1, "default", 0, 0);

  set_gates();
  network_file_add_memory(f);
  network_file_fill(f, "lstm.input_map.weight", 0);
  network_file_fill(f, "lstm.input_map.bias", 0);
  network_file_fill(f, "lstm.recurrent_map.weight", 0);
  for (size_t i = 0; i < 4; i++)
    network_file_values(f, key)[i] = gates[i];
  return network_file_open(f);
}

/* from h, c and x to c' = c/4 + 3/8 and h' = tanh(c') / 2 in every lane */
static void check_memory(const qn_network *net, size_t lanes,
                         const qn_step_kernel *kernel, double x, double h)
{
  qn_step_plan plan;
  qn_step_room room;

  cr_assert_eq(qn_step_plan_init(&plan, net, 1), QN_OK);
  cr_assert_eq(qn_step_room_init(&room, &plan, lanes), QN_OK);
  for (size_t k = 0; k < lanes; k++)
    room.input[k] = x, room.state[k] = h, room.memory[k] = (double)k;
  kernel->remember(&plan, &room);
  for (size_t k = 0; k < lanes; k++) {
    double c = (double)k / 4 + 0.375;

    cr_expect_float_eq(room.memory[k], c, 4e-16 * (1 + c), "%s, lane %zu: %g",
                       kernel->name, k, room.memory[k]);
    cr_expect_float_eq(room.state[k], tanh(c) / 2, 1e-15, "%s, lane %zu: %g",
                       kernel->name, k, room.state[k]);
  }
  qn_step_room_release(&room);
  qn_step_plan_release(&plan);
}

Test(step, a_memory_of_one_unit_is_as_computed_by_hand)
{
  static const char *const keys[] = {"lstm.input_map.weight",
                                     "lstm.input_map.bias",
                                     "lstm.recurrent_map.weight"};

  for (int i = 0; i < 3; i++) {
    qn_network *net = memory_of(keys[i]);

    for (const qn_step_kernel *const *k = qn_step_kernels; *k; k++)
      if (qn_step_kernel_runs(*k)) {
        /* what the other two maps see must not matter */
        check_memory(net, 1, *k, i == 0 ? 1 : 5, i == 2 ? 1 : -7);
        check_memory(net, (*k)->width, *k, i == 0 ? 1 : 5, i == 2 ? 1 : -7);
        check_memory(net, 2 * (*k)->width, *k, i == 0 ? 1 : 5, i == 2 ? 1 : -7);
      }
    qn_network_free(net);
  }
}

/* ---- shapes ----------------------------------------------------------------------------------- */

/* One alone, two together, one longer than the others. */
static void expect_plain(const qn_network *net, unsigned seed, double tolerance)
{
  static const size_t lengths[] = {3, 2, 4};
  qn_dataset *data = sequences_draw(net->inputs, seed, lengths, 3, 1.5);
  qn_trace *want, *got;

  cr_assert_eq(qn_trace_alloc(&want, net, data), QN_OK);
  cr_assert_eq(qn_trace_alloc(&got, net, data), QN_OK);
  plain_run(net, data, net->ltc.unfolds, want);
  for (const qn_step_kernel *const *k = qn_step_kernels; *k; k++)
    for (unsigned workers = 1; workers <= 3; workers += 2) {
      double states, outputs;

      if (!qn_step_kernel_runs(*k))
        continue;
      cr_assert_eq(qn_reference_run_on(*k, net, data, 0, workers, NULL, got),
                   QN_OK);
      states = largest_relative_difference(got->state, want->state,
                                           want->rows * want->units);
      outputs = largest_relative_difference(got->output, want->output,
                                            want->rows * want->outputs);
      cr_expect(states <= tolerance && outputs <= tolerance,
                "%s on %s: units %zu, inputs %zu: %g, %g", net->path,
                (*k)->name, net->units, net->inputs, states, outputs);
    }
  qn_trace_free(want), qn_trace_free(got);
  qn_dataset_free(data);
}

/* Row sums of at most 1.5: a layer multiplies a rounding error by no more. */
static void tame(struct network_file *f)
{
  for (size_t i = 0; i < network_file_count(f); i++) {
    const qn_tensor *t = network_file_at(f, i);
    const char *key = network_file_key(f, i);

    for (size_t k = 0; strstr(key, ".weight") && k < t->count; k++)
      network_file_values(f, key)[k] /= (double)t->shape[1];
  }
}

/* Units around one, two and three tiles. Four steps of at most four layers and
 * a limit A below 1.5 multiply a rounding error by 1.5^20 = 3300 at most; with
 * errors of 1e-16 a layer 1e-12 is enough. */
Test(step, dense_layers_of_up_to_three_tiles_equal_the_plain_loop)
{
  static const char *const modes[] = {"default", "pure", "no_gate"};

  for (size_t units = 1; units <= 3 * QN_TILE + 1; units++) {
    size_t backbones = units % 4, width = 1 + 5 * units % (2 * QN_TILE + 3);
    struct network_file *f = network_file_alloc_cfc(
      1 + units % 5, units, modes[units % 3], backbones, width);
    qn_network *net;

    if (units % 2)
      network_file_add_projection(f, 1 + units % 11);
    network_file_draw(f, (unsigned)units, 1);
    tame(f);
    net = network_file_open(f);
    expect_plain(net, (unsigned)units, 1e-12);
    qn_network_free(net);
  }
}

/* a row and a column at each end are empty, for two seeds of four the second of
 * three tiles too */
static struct network_file *masked(unsigned seed, double density)
{
  const size_t units = 2 * QN_TILE + 3, inputs = 5, columns = units + inputs;
  struct network_file *f =
    network_file_alloc_cfc(inputs, units, seed % 2 ? "pure" : "default", 0, 0);
  double *mask;

  network_file_add(f, "sparsity_mask", 2, units, columns);
  network_file_draw(f, seed, density);
  tame(f);
  mask = network_file_values(f, "sparsity_mask");
  for (size_t c = 0; c < columns; c++)
    mask[3 * columns + c] = mask[(units - 1) * columns + c] = 0;
  for (size_t r = 0; r < units; r++)
    mask[r * columns + 2] = mask[r * columns + columns - 1] = 0;
  for (size_t i = 0; i < QN_TILE * columns && seed > 1; i++)
    mask[QN_TILE * columns + i] = 0;
  return f;
}

/* nothing of a column, of a row or of a whole tile is left by the mask: what
 * is packed has no column of it */
Test(step, masks_with_empty_rows_columns_and_tiles_equal_the_plain_loop)
{
  static const double densities[] = {0, 0.03, 0.2, 0.6};

  for (int d = 0; d < 4; d++)
    for (unsigned seed = 0; seed < 4; seed++) {
      qn_network *net = network_file_open(masked(seed, densities[d]));

      expect_plain(net, seed, 1e-12);
      qn_network_free(net);
    }
}

Test(step, wirings_of_uneven_layers_equal_the_plain_loop)
{
  static const size_t wirings[][6] = {
    {1, 0}, {9, 1, 0}, {1, 19, 0}, {17, 2, 7, 1, 0}, {3, 33, 5, 0}};
  static const char *const modes[] = {"default", "pure", "no_gate"};

  for (unsigned i = 0; i < 5; i++)
    for (unsigned m = 0; m < 3; m++) {
      struct network_file *f =
        network_file_alloc_wired(1 + i, modes[m], wirings[i]);
      qn_network *net;

      if (m == i % 3 && i < 4)
        network_file_add_memory(f);
      if (i % 2)
        network_file_add_projection(f, 2);
      network_file_draw(f, 3 * i + m, 0.5);
      tame(f);
      net = network_file_open(f);
      expect_plain(net, i, 1e-12);
      qn_network_free(net);
    }
}

/* Every state is a mean of potentials: rounding does not grow */
Test(step, synapses_of_1_to_19_units_equal_the_plain_loop)
{
  for (size_t units = 1; units <= 19; units++) {
    struct network_file *f = network_file_alloc(1 + units % 5, units, 1);
    qn_network *net;

    if (units % 4 == 0)
      network_file_add_memory(f);
    network_file_draw(f, (unsigned)units, units % 3 ? 0.4 : 1);
    network_file_set(f, "ode_unfolds", "2");
    net = network_file_open(f);
    expect_plain(net, (unsigned)units, 1e-12);
    qn_network_free(net);
  }
}

/* for one sequence synapses are worked on QN_CHUNK at a time, whole neurons;
 * sums of n terms round by n x 1.1e-16 */
Test(step, a_neuron_of_more_synapses_than_a_chunk_equals_the_plain_loop)
{
  static const size_t inputs[] = {QN_CHUNK - 1, QN_CHUNK, QN_CHUNK + 1, 1300};

  for (unsigned i = 0; i < 4; i++) {
    struct network_file *f = network_file_alloc(inputs[i], 3, 2);
    qn_network *net;

    network_file_draw(f, i, 1);
    network_file_set(f, "ode_unfolds", "2");
    net = network_file_open(f);
    cr_assert_eq(net->ltc.sensory.first[1], inputs[i]);
    expect_plain(net, i, 1e-12);
    qn_network_free(net);
  }
}

/* the same of recurrent synapses: 600 onto each of 600 neurons */
Test(step, neurons_of_more_recurrent_synapses_than_a_chunk_equal_the_plain_loop)
{
  static const random_spec full = {.seed = 4,
                                   .inputs = 2,
                                   .units = 600,
                                   .outputs = 1,
                                   .unfolds = 1,
                                   .density = 1,
                                   .maps = QN_MAP_AFFINE};
  qn_network *net = random_network(&full);

  cr_assert_gt(net->ltc.recurrent.first[1], QN_CHUNK);
  expect_plain(net, 1, 1e-12);
  qn_network_free(net);
}

/* some neurons of a chunk, none at its edges, one alone */
Test(step, chunks_of_uneven_neurons_equal_the_plain_loop)
{
  for (unsigned seed = 0; seed < 6; seed++) {
    const size_t units = 60;
    struct network_file *f = network_file_alloc(2, units, 2);
    double *mask;
    qn_network *net;

    network_file_draw(f, seed, 0.15 + 0.17 * seed);
    mask = network_file_values(f, "sparsity_mask");
    for (size_t pre = 0; pre < units; pre++)
      for (size_t j = seed; j < units; j += 7)
        mask[pre * units + j] = j % 3 == 0;
    network_file_set(f, "ode_unfolds", "2");
    net = network_file_open(f);
    expect_plain(net, seed, 1e-12);
    qn_network_free(net);
  }
}

/* ---- kernels ------------------------------------------------------------------------------------ */

Test(step, the_best_kernel_is_the_first_that_runs_and_plain_runs_everywhere)
{
  const qn_step_kernel *first = NULL, *last = NULL;

  for (const qn_step_kernel *const *k = qn_step_kernels; *k; k++) {
    if (!first && qn_step_kernel_runs(*k))
      first = *k;
    last = *k;
  }
  cr_expect_eq(qn_step_kernel_best(), first);
  cr_expect_str_eq(last->name, "plain");
  cr_expect(qn_step_kernel_runs(last));
}

/* 1 ulp of exp and one rounding each of 1 + and 1 / : 4e-16 relative, and below
 * 1e-308 the nearest or 0 */
Test(step, the_logistic_of_every_kernel_is_that_of_libm)
{
  enum { COUNT = 1504 };
  double x[COUNT], y[COUNT];

  for (int i = 0; i < COUNT; i++)
    x[i] = i - 751.5;
  for (int i = 0; i < 8; i++)
    x[i] = (const double[]){0,        -0.0,      1e-300, -1e-9,
                            INFINITY, -INFINITY, 36.7,   -1e308}[i];
  for (const qn_step_kernel *const *k = qn_step_kernels; *k; k++) {
    if (!qn_step_kernel_runs(*k))
      continue;
    cr_assert_eq(COUNT % (*k)->width, 0);
    (*k)->logistic(x, y, COUNT);
    for (int i = 0; i < COUNT; i++) {
      double want = 1 / (1 + exp(-x[i]));

      cr_expect_float_eq(y[i], want, 4e-16 * want + 1e-307, "%s(%g) = %g",
                         (*k)->name, x[i], y[i]);
    }
  }
}

/* an unfold count of its own, as `run --unfolds` asks for */
Test(step, unfolds_that_are_asked_for_replace_the_network_s)
{
  static const size_t lengths[] = {3, 2};
  struct network_file *f = network_file_alloc(2, 5, 1);
  qn_network *net;
  qn_dataset *data;
  qn_trace *want, *got;

  network_file_draw(f, 1, 0.7);
  net = network_file_open(f);
  data = sequences_draw(2, 1, lengths, 2, 1);
  cr_assert_eq(qn_trace_alloc(&want, net, data), QN_OK);
  cr_assert_eq(qn_trace_alloc(&got, net, data), QN_OK);
  for (unsigned unfolds = 0; unfolds <= 9; unfolds += 3) {
    plain_run(net, data, unfolds ? unfolds : 6, want);
    cr_assert_eq(qn_reference_run(net, data, unfolds, 1, NULL, got), QN_OK);
    cr_expect(largest_relative_difference(got->state, want->state,
                                          want->rows * want->units) <= 1e-12);
  }
  qn_trace_free(want), qn_trace_free(got);
  qn_dataset_free(data);
  qn_network_free(net);
}
