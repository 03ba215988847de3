/* test_cfc.c - CfC cells on the reference against closed forms (lnn.md 2.1). */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "sim/reference_on.h"
#include "tests/base/scratch.h"
#include "tests/model/network_file.h"
#include "tests/sim/sequences.h"

TestSuite(cfc, .init = scratch_open, .fini = scratch_close);

static double logistic(double x)
{
  return 1 / (1 + exp(-x));
}

/* every tensor 0 */
static void clear(struct network_file *f)
{
  for (size_t i = 0; i < network_file_count(f); i++)
    network_file_fill(f, network_file_key(f, i), 0);
}

static const size_t lengths[] = {5, 3, 1, 4};

static qn_trace *run(const qn_step_kernel *kernel, const qn_network *net,
                     const qn_dataset *data)
{
  qn_trace *t;

  cr_assert_eq(qn_trace_alloc(&t, net, data), QN_OK);
  cr_assert_eq(qn_reference_run_on(kernel, net, data, 0, 1, NULL, t), QN_OK);
  return t;
}

/* ---- one cell ----------------------------------------------------------------------------- */

/* without weights a head is its bias, whatever input and state are */
static const double b1[] = {0.7, -0.3}, b2[] = {-1.1, 2};
static const double ba[] = {0.9, -0.4}, bb[] = {-0.2, 0.6};
static const double w_tau[] = {-0.35, 0.15}, limit[] = {1.6, -0.8};

static double expected(qn_cfc_mode mode, size_t j, double t)
{
  double s = logistic(ba[j] * t + bb[j]);

  switch (mode) {
  case QN_CFC_DEFAULT:
    return tanh(b1[j]) * (1 - s) + s * tanh(b2[j]);
  case QN_CFC_NO_GATE:
    return tanh(b1[j]) + s * tanh(b2[j]);
  case QN_CFC_PURE:
    return limit[j] * (1 - exp(-t * (fabs(w_tau[j]) + fabs(b1[j]))) * b1[j]);
  }
  return NAN;
}

static qn_network *without_weights(qn_cfc_mode mode)
{
  struct network_file *f =
    network_file_alloc_cfc(3, 2, qn_cfc_mode_name(mode), 0, 0);

  clear(f);
  for (size_t j = 0; j < 2; j++) {
    network_file_values(f, "ff1.bias")[j] = b1[j];
    if (mode == QN_CFC_PURE) {
      network_file_values(f, "w_tau")[j] = w_tau[j];
      network_file_values(f, "A")[j] = limit[j];
      continue;
    }
    network_file_values(f, "ff2.bias")[j] = b2[j];
    network_file_values(f, "time_a.bias")[j] = ba[j];
    network_file_values(f, "time_b.bias")[j] = bb[j];
  }
  return network_file_open(f);
}

Test(cfc, without_weights_each_mode_is_its_formula_of_biases_and_span)
{
  qn_dataset *data = sequences_draw(3, 4, lengths, 4, 2);

  for (int mode = QN_CFC_DEFAULT; mode <= QN_CFC_NO_GATE; mode++) {
    qn_network *net = without_weights((qn_cfc_mode)mode);

    for (const qn_step_kernel *const *k = qn_step_kernels; *k; k++) {
      qn_trace *t;

      if (!qn_step_kernel_runs(*k))
        continue;
      t = run(*k, net, data);
      for (size_t row = 0; row < data->rows; row++)
        for (size_t j = 0; j < 2; j++) {
          double want = expected((qn_cfc_mode)mode, j, data->timespans[row]);

          cr_expect_float_eq(t->state[2 * row + j], want, 2e-15,
                             "%s on %s, row %zu, unit %zu: %g, not %g",
                             qn_cfc_mode_name((qn_cfc_mode)mode), (*k)->name,
                             row, j, t->state[2 * row + j], want);
          cr_expect_eq(t->output[2 * row + j], t->state[2 * row + j]);
        }
      qn_trace_free(t);
    }
    qn_network_free(net);
  }
  qn_dataset_free(data);
}

/* As the span grows pure tends to A, default to one of its heads; at no span
 * pure is A (1 - f) and default blends by time_b. */
Test(cfc, a_gate_moves_from_time_b_to_the_sign_of_time_a)
{
  qn_network *pure = without_weights(QN_CFC_PURE);
  qn_network *gated = without_weights(QN_CFC_DEFAULT);
  qn_dataset *data = sequences_draw(3, 4, (size_t[]){2}, 1, 2);
  qn_trace *t;

  data->timespans[0] = 1e-12;
  data->timespans[1] = 1e4;
  t = run(qn_step_kernel_best(), pure, data);
  for (size_t j = 0; j < 2; j++) {
    /* what 1e-12 s moves: below 1e-12 x (0.35 + 0.7) x 1.6 x 0.7 */
    cr_expect_float_eq(t->state[j], limit[j] * (1 - b1[j]), 2e-12);
    cr_expect_eq(t->state[2 + j], limit[j]);
  }
  qn_trace_free(t);
  t = run(qn_step_kernel_best(), gated, data);
  for (size_t j = 0; j < 2; j++) {
    double s = logistic(bb[j]);

    cr_expect_float_eq(t->state[j], tanh(b1[j]) * (1 - s) + s * tanh(b2[j]),
                       2e-12);
    cr_expect_float_eq(t->state[2 + j], tanh(ba[j] > 0 ? b2[j] : b1[j]), 1e-15);
  }
  qn_trace_free(t);
  qn_dataset_free(data);
  qn_network_free(pure);
  qn_network_free(gated);
}

/* ---- activations ----------------------------------------------------------------------------- */

static double activation(int which, double x)
{
  switch (which) {
  case QN_ACTIVATION_SILU:
    return x / (1 + exp(-x));
  case QN_ACTIVATION_RELU:
    return fmax(0, x);
  case QN_ACTIVATION_TANH:
    return tanh(x);
  case QN_ACTIVATION_GELU:
    return x * erfc(-x / sqrt(2)) / 2;
  default:
    return 1.7159 * tanh(0.666 * x);
  }
}

/* Pure with A = 1 and w_tau = 0 over a span t is 1 - exp(-t |f|) f; t is the
 * shortest there is, and f the activation of the input. */
Test(cfc, each_activation_is_its_formula_from_minus_40_to_40)
{
  enum { STEPS = 321 };
  static const char *const names[] = {"\"silu\"", "\"relu\"", "\"tanh\"",
                                      "\"gelu\"", "\"lecun_tanh\""};
  qn_dataset *data =
    sequences_draw(1, 1, (size_t[]){STEPS, STEPS, STEPS}, 3, 1);

  for (size_t i = 0; i < 3 * STEPS; i++) {
    data->inputs[i] = -40 + 0.25 * (double)(i % STEPS);
    data->timespans[i] = 1e-12;
  }
  for (int a = 0; a < 5; a++) {
    struct network_file *f = network_file_alloc_cfc(1, 1, "pure", 1, 1);
    qn_network *net;

    clear(f);
    network_file_set(f, "backbone_activation", names[a]);
    network_file_values(f, "backbone.0.weight")[0] = 1; /* of the input */
    network_file_values(f, "ff1.weight")[0] = 1;
    network_file_values(f, "A")[0] = 1;
    net = network_file_open(f);
    for (const qn_step_kernel *const *k = qn_step_kernels; *k; k++) {
      qn_trace *t;

      if (!qn_step_kernel_runs(*k))
        continue;
      t = run(*k, net, data);
      for (size_t i = 0; i < 3 * STEPS; i++) {
        double y = activation(a, data->inputs[i]);
        double want = 1 - exp(-1e-12 * fabs(y)) * y;

        cr_expect_float_eq(t->state[i], want, 1e-15 * (1 + fabs(want)),
                           "%s on %s at %g: %.17g, not %.17g", names[a],
                           (*k)->name, data->inputs[i], t->state[i], want);
      }
      qn_trace_free(t);
    }
    qn_network_free(net);
  }
  qn_dataset_free(data);
}

/* ---- layers ------------------------------------------------------------------------------------ */

/* Three layers of one unit, h = tanh(what the layer sees): the input goes
 * through all of them within one step, and each adds half of its own state. */
Test(cfc, a_layer_of_a_wiring_sees_the_new_state_of_the_one_before)
{
  static const size_t sizes[] = {1, 1, 1, 0};
  struct network_file *f = network_file_alloc_wired(1, "no_gate", sizes);
  qn_dataset *data = sequences_draw(1, 9, lengths, 4, 2);
  qn_network *net;

  for (size_t l = 0; l < 3; l++)
    for (size_t i = 0; i < 9; i++) {
      const char *key = network_file_key(f, 9 * l + i);

      if (i) /* all but the mask */
        network_file_fill(f, key, 0);
    }
  for (int l = 0; l < 3; l++) {
    char key[32];

    snprintf(key, sizeof key, "layer_%d.ff1.weight", l);
    network_file_values(f, key)[0] = 1;
    network_file_values(f, key)[1] = 0.5;
  }
  net = network_file_open(f);
  for (const qn_step_kernel *const *k = qn_step_kernels; *k; k++) {
    qn_trace *t;

    if (!qn_step_kernel_runs(*k))
      continue;
    t = run(*k, net, data);
    for (size_t s = 0; s < 4; s++) {
      double h[3] = {0};

      for (size_t row = data->first[s]; row < data->first[s + 1]; row++) {
        double x = data->inputs[row];

        for (int l = 0; l < 3; l++) {
          h[l] = tanh(x + 0.5 * h[l]);
          x = h[l];
          cr_expect_float_eq(t->state[3 * row + l], x, 1e-15);
        }
        cr_expect_eq(t->output[row], t->state[3 * row + 2]);
      }
    }
    qn_trace_free(t);
  }
  qn_network_free(net);
  qn_dataset_free(data);
}

/* state (1/2, -1/4, 1/8) at every step; rows 1, 2 and 3 in turn and 5 */
Test(cfc, a_projection_is_a_matrix_of_the_states_and_a_bias)
{
  static const double h[] = {0.5, -0.25, 0.125};
  struct network_file *f = network_file_alloc_cfc(2, 3, "no_gate", 0, 0);
  qn_dataset *data = sequences_draw(2, 3, lengths, 4, 1);
  qn_network *net;

  network_file_add_projection(f, 2);
  clear(f);
  for (size_t j = 0; j < 3; j++) {
    network_file_values(f, "ff1.bias")[j] = atanh(h[j]);
    network_file_values(f, "fc.weight")[j] = 1 + (double)j;
    network_file_values(f, "fc.weight")[3 + j] = 8;
  }
  network_file_values(f, "fc.bias")[0] = 5;
  net = network_file_open(f);
  for (const qn_step_kernel *const *k = qn_step_kernels; *k; k++) {
    qn_trace *t;

    if (!qn_step_kernel_runs(*k))
      continue;
    t = run(*k, net, data);
    for (size_t row = 0; row < data->rows; row++) {
      cr_expect_float_eq(t->output[2 * row], 5 + 1 * 0.5 - 2 * 0.25 + 3 * 0.125,
                         4e-15);
      cr_expect_float_eq(t->output[2 * row + 1], 4 - 2 + 1, 4e-15);
    }
    qn_trace_free(t);
  }
  qn_network_free(net);
  qn_dataset_free(data);
}

/* The last layer alone is read: the first one's states are 1/2, the last one's
 * -1/4 */
Test(cfc, a_projection_behind_a_wiring_reads_the_last_layer_alone)
{
  static const size_t sizes[] = {2, 3, 0};
  struct network_file *f = network_file_alloc_wired(1, "no_gate", sizes);
  qn_dataset *data = sequences_draw(1, 3, lengths, 4, 1);
  qn_network *net;
  qn_trace *t;

  network_file_add_projection(f, 1);
  clear(f);
  network_file_fill(f, "layer_0.ff1.bias", atanh(0.5));
  network_file_fill(f, "layer_1.ff1.bias", atanh(-0.25));
  network_file_fill(f, "fc.weight", 1);
  net = network_file_open(f);
  t = run(qn_step_kernel_best(), net, data);
  for (size_t row = 0; row < data->rows; row++) {
    cr_expect_float_eq(t->state[5 * row + 1], 0.5, 1e-15);
    cr_expect_float_eq(t->state[5 * row + 2], -0.25, 1e-15);
    cr_expect_float_eq(t->output[row], -0.75, 3e-15);
  }
  qn_trace_free(t);
  qn_network_free(net);
  qn_dataset_free(data);
}

/* ---- memory ------------------------------------------------------------------------------------- */

/* h = tanh(x + h / 2). A memory without weights and biases holds tanh(0) s(0) =
 * 0 and gives h = 0, whatever the cell's state was: nothing is kept then from
 * step to step. */
Test(cfc, the_cell_goes_on_from_the_memory_s_h)
{
  qn_dataset *data = sequences_draw(1, 3, lengths, 4, 1);

  for (int memory = 0; memory < 2; memory++) {
    struct network_file *f = network_file_alloc_cfc(1, 1, "no_gate", 0, 0);
    qn_network *net;
    qn_trace *t;

    if (memory)
      network_file_add_memory(f);
    clear(f);
    network_file_values(f, "ff1.weight")[0] = 1;
    network_file_values(f, "ff1.weight")[1] = 0.5;
    net = network_file_open(f);
    t = run(qn_step_kernel_best(), net, data);
    for (size_t s = 0; s < 4; s++) {
      double h = 0;

      for (size_t row = data->first[s]; row < data->first[s + 1]; row++) {
        h = tanh(data->inputs[row] + (memory ? 0 : 0.5 * h));
        cr_expect_float_eq(t->state[row], h, 1e-15);
      }
    }
    qn_trace_free(t);
    qn_network_free(net);
  }
  qn_dataset_free(data);
}
