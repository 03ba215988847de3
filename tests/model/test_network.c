/* test_network.c - networks are read as ncps computes them. Oracles: the sizes
 * ncps gave the trained networks, the values the small files were made with. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>

#include "tests/base/scratch.h"
#include "tests/model/network_file.h"
#include <quench/network.h>

TestSuite(network, .init = scratch_open, .fini = scratch_close);

/* ---- the trained networks ---------------------------------------------------------- */

static qn_network *open_trained(const char *name)
{
  char path[128];
  qn_network *net;
  qn_diag d;

  snprintf(path, sizeof path, "tests/data/%s.safetensors", name);
  cr_assert(eq(int, qn_network_read(&net, path, &d), QN_OK), "%s: %s", d.place,
            d.message);
  return net;
}

/* synapses: the ones in the masks of the files; parameters: 3 a neuron, 4 a
 * synapse, the affine maps, as in lnn.md 1.6 */
Test(network, the_trained_ltcs_have_the_sizes_ncps_gave_them)
{
  static const struct {
    const char *name;
    size_t inputs, units, outputs, layers, recurrent, sensory, parameters;
    qn_task task;
  } rows[] = {
    {"sine_ltc8", 2, 8, 1, 3, 11, 6, 98, QN_TASK_REGRESSION},
    {"occupancy_ltc19", 5, 19, 1, 3, 47, 27, 365, QN_TASK_BINARY},
    {"gesture_ltc32", 32, 32, 5, 1, 1024, 1024, 8362, QN_TASK_MULTICLASS},
  };

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    qn_network *net = open_trained(rows[i].name);

    cr_expect(eq(str, net->name, (char *)rows[i].name));
    cr_expect(eq(int, (int)net->cell, QN_CELL_LTC));
    cr_expect(eq(int, net->mixed_memory, 0));
    cr_expect(eq(sz, net->inputs, rows[i].inputs));
    cr_expect(eq(sz, net->units, rows[i].units));
    cr_expect(eq(sz, net->outputs, rows[i].outputs));
    cr_expect(eq(sz, net->layers, rows[i].layers));
    cr_expect(eq(sz, net->ltc.recurrent.count, rows[i].recurrent));
    cr_expect(eq(sz, net->ltc.sensory.count, rows[i].sensory));
    cr_expect(eq(sz, qn_network_parameters(net), rows[i].parameters));
    cr_expect(eq(int, (int)net->task, (int)rows[i].task));
    cr_expect(eq(uint, net->ltc.unfolds, 6));
    cr_expect(eq(dbl, net->ltc.epsilon, 1e-8));
    cr_expect(eq(int, net->implicit_constraints, 1));
    cr_expect(eq(sz, net->projection.rows, 0));
    qn_network_free(net);
  }
}

Test(network, names_scaling_and_layers_of_occupancy_are_those_of_its_file)
{
  qn_network *net;

  cr_assert(eq(
    int, qn_network_read(&net, "tests/data/occupancy_ltc19.safetensors", NULL),
    QN_OK));
  cr_expect(eq(str, net->input_names[3], "CO2 [ppm]"));
  cr_expect(eq(str, net->output_names[0], "occupied (logit)"));
  cr_expect(eq(dbl, net->input_mean[2], 119.51937451389756));
  cr_expect(eq(dbl, net->input_std[4], 0.0008522799623220694));
  cr_expect(eq(sz, net->layer[0], 2));
  cr_expect(eq(sz, net->layer[7], 1));
  cr_expect(eq(sz, net->layer[8], 0));
  qn_network_free(net);
}

Test(network, synapses_stand_by_destination_then_source)
{
  qn_network *net;

  cr_assert(eq(
    int, qn_network_read(&net, "tests/data/occupancy_ltc19.safetensors", NULL),
    QN_OK));
  for (int k = 0; k < 2; k++) {
    const qn_synapses *s = k ? &net->ltc.sensory : &net->ltc.recurrent;

    cr_expect(eq(sz, s->first[0], 0));
    cr_expect(eq(sz, s->first[net->units], s->count));
    for (size_t j = 0; j < net->units; j++)
      for (size_t i = s->first[j]; i < s->first[j + 1]; i++) {
        cr_expect(eq(sz, s->at[i].post, j));
        cr_expect(gt(dbl, s->at[i].w, 0.0));
        if (i > s->first[j])
          cr_expect(gt(sz, s->at[i].pre, s->at[i - 1].pre));
      }
  }
  qn_network_free(net);
}

/* ---- values -------------------------------------------------------------------------- */

static void expect_synapse(const qn_synapse *s, const char *prefix, size_t pre,
                           size_t post, size_t units)
{
  size_t i = pre * units + post;
  char key[32];

  cr_expect(eq(sz, s->pre, pre));
  cr_expect(eq(sz, s->post, post));
  snprintf(key, sizeof key, "%sw", prefix);
  cr_expect(eq(dbl, s->w, network_file_value(key, i)));
  snprintf(key, sizeof key, "%ssigma", prefix);
  cr_expect(eq(dbl, s->sigma, network_file_value(key, i)));
  snprintf(key, sizeof key, "%smu", prefix);
  cr_expect(eq(dbl, s->mu, network_file_value(key, i)));
  snprintf(key, sizeof key, "%serev", prefix);
  cr_expect(eq(dbl, s->erev, network_file_value(key, i)));
}

/* matrices are [source, destination]: 2 inputs and 3 units tell them apart */
Test(network, every_value_stands_where_ncps_puts_it)
{
  qn_network *net = network_file_open(network_file_alloc(2, 3, 2));

  for (size_t j = 0; j < 3; j++) {
    cr_expect(eq(dbl, net->ltc.cm[j], network_file_value("cm", j)));
    cr_expect(eq(dbl, net->ltc.gleak[j], network_file_value("gleak", j)));
    cr_expect(eq(dbl, net->ltc.vleak[j], network_file_value("vleak", j)));
    for (size_t pre = 0; pre < 3; pre++)
      expect_synapse(&net->ltc.recurrent.at[j * 3 + pre], "", pre, j, 3);
    for (size_t pre = 0; pre < 2; pre++)
      expect_synapse(&net->ltc.sensory.at[j * 2 + pre], "sensory_", pre, j, 3);
  }
  cr_expect(eq(sz, net->ltc.recurrent.count, 9));
  cr_expect(eq(sz, net->ltc.sensory.count, 6));
  for (size_t k = 0; k < 2; k++) {
    cr_expect(eq(dbl, net->input_map.w[k], network_file_value("input_w", k)));
    cr_expect(eq(dbl, net->input_map.b[k], network_file_value("input_b", k)));
    cr_expect(eq(dbl, net->output_map.w[k], network_file_value("output_w", k)));
    cr_expect(eq(dbl, net->output_map.b[k], network_file_value("output_b", k)));
  }
  qn_network_free(net);
}

Test(network, float32_weights_are_read_exactly)
{
  struct network_file *f = network_file_alloc(1, 1, 1);
  qn_network *net;

  network_file_values(f, "cm")[0] = 0.1;
  network_file_retype(f, "cm", QN_F32);
  net = network_file_open(f);
  cr_expect(eq(dbl, net->ltc.cm[0], (double)0.1f));
  qn_network_free(net);
}

/* the tensors that ncps has for a map of this kind */
static void keep_map(struct network_file *f, const char *side, qn_map_kind kind)
{
  char key[16];

  snprintf(key, sizeof key, "%s_b", side);
  if (kind != QN_MAP_AFFINE)
    network_file_remove(f, key);
  snprintf(key, sizeof key, "%s_w", side);
  if (kind == QN_MAP_NONE)
    network_file_remove(f, key);
}

Test(network, a_map_of_each_kind_is_filled)
{
  static const struct {
    const char *json;
    qn_map_kind kind;
    double w, b; /* of element 1 */
  } rows[] = {{"null", QN_MAP_NONE, 1, 0},
              {"\"linear\"", QN_MAP_LINEAR, 3, 0},
              {"\"affine\"", QN_MAP_AFFINE, 3, 0.25}};

  for (int i = 0; i < 3; i++)
    for (int k = 0; k < 3; k++) {
      struct network_file *f = network_file_alloc(2, 2, 2);
      qn_network *net;

      network_file_set(f, "input_mapping", rows[i].json);
      network_file_set(f, "output_mapping", rows[k].json);
      network_file_values(f, "output_w")[1] = 3;
      network_file_values(f, "output_b")[1] = 0.25;
      keep_map(f, "input", rows[i].kind);
      keep_map(f, "output", rows[k].kind);
      net = network_file_open(f);
      cr_expect(eq(int, (int)net->input_map.kind, (int)rows[i].kind));
      cr_expect(eq(dbl, net->input_map.w[1], rows[i].w));
      cr_expect(eq(dbl, net->input_map.b[1], rows[i].b));
      cr_expect(eq(int, (int)net->output_map.kind, (int)rows[k].kind));
      cr_expect(eq(dbl, net->output_map.w[1], rows[k].w));
      cr_expect(eq(dbl, net->output_map.b[1], rows[k].b));
      qn_network_free(net);
    }
}

/* torch.nn.functional.softplus: log1p(exp(x)), and past 20 plain x, which is
 * smaller by less than exp(-20) */
Test(network, implicit_constraints_pass_through_softplus)
{
  static const double x[] = {-40, -1, 0, 0.5, 19.9, 25};
  struct network_file *f = network_file_alloc(1, 6, 1);
  qn_network *net;

  network_file_set(f, "implicit_param_constraints", "true");
  for (size_t i = 0; i < 6; i++) {
    network_file_values(f, "cm")[i] = x[i];
    network_file_values(f, "gleak")[i] = x[i];
    network_file_values(f, "sensory_w")[i] = x[i];
    network_file_values(f, "w")[6 * 5 + i] = x[i];
  }
  net = network_file_open(f);
  for (size_t i = 0; i < 6; i++) {
    double want = log1p(exp(x[i])), close = x[i] > 20 ? exp(-20.) : 0;

    cr_expect(epsilon_eq(dbl, net->ltc.cm[i], want, close), "%g", x[i]);
    cr_expect(epsilon_eq(dbl, net->ltc.gleak[i], want, close), "%g", x[i]);
    cr_expect(epsilon_eq(dbl, net->ltc.sensory.at[i].w, want, close));
    cr_expect(epsilon_eq(dbl, net->ltc.recurrent.at[6 * i + 5].w, want, close));
  }
  cr_expect(eq(dbl, net->ltc.cm[5], 25.0), "as torch past its threshold");
  qn_network_free(net);
}

Test(network, a_masked_synapse_is_gone_whatever_its_weight)
{
  struct network_file *f = network_file_alloc(2, 2, 1);
  qn_network *net;

  network_file_values(f, "sparsity_mask")[1] = 0; /* 0 -> 1 */
  network_file_values(f, "w")[1] = -5;
  network_file_values(f, "sensory_sparsity_mask")[2] = 0; /* 1 -> 0 */
  net = network_file_open(f);
  cr_assert(eq(sz, net->ltc.recurrent.count, 3));
  cr_assert(eq(sz, net->ltc.sensory.count, 3));
  expect_synapse(&net->ltc.recurrent.at[2], "", 1, 1, 2);
  expect_synapse(&net->ltc.sensory.at[0], "sensory_", 0, 0, 2);
  qn_network_free(net);
}

Test(network, a_weight_of_zero_is_no_synapse)
{
  struct network_file *f = network_file_alloc(1, 1, 1);
  qn_network *net;

  network_file_values(f, "w")[0] = 0;
  net = network_file_open(f);
  cr_expect(eq(sz, net->ltc.recurrent.count, 0));
  qn_network_free(net);
}

Test(network, explicit_constraints_allow_zero_capacitance_and_leak)
{
  struct network_file *f = network_file_alloc(1, 2, 1);
  qn_network *net;

  network_file_values(f, "cm")[0] = 0;
  network_file_values(f, "gleak")[0] = 0;
  net = network_file_open(f);
  cr_expect(eq(int, net->implicit_constraints, 0));
  cr_expect(eq(dbl, net->ltc.cm[0], 0));
  cr_expect(eq(dbl, net->ltc.gleak[0], 0));
  cr_expect(eq(int, qn_ltc_check_continuous(net, NULL), QN_OK));
  qn_network_free(net);
}

/* nobody called apply_weight_constraints(): ncps computes with them */
Test(network, explicit_constraints_leave_negative_conductances_as_they_are)
{
  struct network_file *f = network_file_alloc(1, 2, 1);
  qn_network *net;

  network_file_values(f, "cm")[0] = -0.25;
  network_file_values(f, "gleak")[1] = -0.5;
  network_file_values(f, "w")[2] = -0.75;
  network_file_values(f, "sensory_w")[1] = -1;
  net = network_file_open(f);
  cr_expect(eq(dbl, net->ltc.cm[0], -0.25));
  cr_expect(eq(dbl, net->ltc.gleak[1], -0.5));
  cr_expect(eq(dbl, net->ltc.recurrent.at[1].w, -0.75));
  cr_expect(eq(dbl, net->ltc.sensory.at[1].w, -1));
  qn_network_free(net);
}

Test(network, unfolds_and_epsilon_are_free)
{
  struct network_file *f = network_file_alloc(1, 1, 1);
  qn_network *net;

  network_file_set(f, "ode_unfolds", "1000000");
  network_file_set(f, "epsilon", "0");
  net = network_file_open(f);
  cr_expect(eq(uint, net->ltc.unfolds, 1000000));
  cr_expect(eq(dbl, net->ltc.epsilon, 0));
  qn_network_free(net);
}

Test(network, what_a_file_leaves_open_is_filled)
{
  qn_network *net = network_file_open(network_file_alloc(2, 2, 2));

  cr_expect(eq(int, (int)net->task, QN_TASK_NONE));
  cr_expect(eq(str, net->input_names[0], "x1"));
  cr_expect(eq(str, net->input_names[1], "x2"));
  cr_expect(eq(str, net->output_names[1], "y2"));
  cr_expect(eq(ptr, net->input_mean, NULL));
  cr_expect(eq(ptr, net->input_std, NULL));
  cr_expect(eq(sz, net->layers, 1));
  cr_expect(eq(sz, net->layer[1], 0));
  cr_expect(eq(str, net->name, "net"));
  qn_network_free(net);
}

Test(network, every_optional_field_may_be_null)
{
  static const char *const fields[] = {
    "task",   "input_names",  "input_mean", "input_std",
    "wiring", "output_names", "framework",  "framework_version"};
  struct network_file *f = network_file_alloc(2, 2, 2);
  qn_network *net;

  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
    network_file_set(f, fields[i], "null");
  net = network_file_open(f);
  cr_expect(eq(str, net->input_names[1], "x2"));
  cr_expect(eq(ptr, net->input_mean, NULL));
  qn_network_free(net);
}

/* ncps.torch is the same in 1.0.0 and 1.0.1 */
Test(network, a_file_of_ncps_torch_1_0_is_read)
{
  static const char *const versions[] = {"\"1.0.0\"", "\"1.0.1\""};

  for (int i = 0; i < 2; i++) {
    struct network_file *f = network_file_alloc(1, 1, 1);

    network_file_set(f, "framework", "\"ncps.torch\"");
    network_file_set(f, "framework_version", versions[i]);
    qn_network_free(network_file_open(f));
  }
}

Test(network, a_field_of_a_later_version_is_left_alone)
{
  struct network_file *f = network_file_alloc(1, 1, 1);

  network_file_set(f, "brand_new", "[1, 2]");
  qn_network_free(network_file_open(f));
}
