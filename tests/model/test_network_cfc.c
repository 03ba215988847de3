/* test_network_cfc.c - CfC cells, the memory in front of a cell and the
 * projection behind it are read as ncps computes them. Oracles: the sizes of
 * the trained networks, the values the small files were made with, parameters
 * counted by hand. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "tests/base/scratch.h"
#include "tests/model/network_file.h"
#include <quench/network.h>

TestSuite(network_cfc, .init = scratch_open, .fini = scratch_close);

/* ---- the trained networks ---------------------------------------------------------- */

static qn_network *open_trained(const char *path)
{
  qn_network *net;
  qn_diag d;

  cr_assert(eq(int, qn_network_read(&net, path, &d), QN_OK), "%s: %s", d.place,
            d.message);
  return net;
}

/* parameters: 24 x 21 + 24, four heads of 16 x 24 + 16, 16 + 1 behind */
Test(network_cfc, occupancy_cfc16_has_the_sizes_ncps_gave_it)
{
  qn_network *net = open_trained("tests/data/occupancy_cfc16.safetensors");
  const qn_cfc_layer *layer = &net->cfc.layer[0];

  cr_expect(eq(int, (int)net->cell, QN_CELL_CFC));
  cr_expect(eq(int, (int)net->cfc.mode, QN_CFC_DEFAULT));
  cr_expect(eq(int, (int)net->cfc.activation, QN_ACTIVATION_LECUN_TANH));
  cr_expect(eq(sz, net->inputs, 5));
  cr_expect(eq(sz, net->units, 16));
  cr_expect(eq(sz, net->outputs, 1));
  cr_expect(eq(sz, net->cfc.layers, 1));
  cr_expect(eq(sz, layer->backbones, 1));
  cr_expect(eq(sz, layer->backbone[0].rows, 24));
  cr_expect(eq(sz, layer->backbone[0].columns, 21));
  cr_expect(eq(sz, layer->time_b.columns, 24));
  cr_expect(eq(sz, net->projection.rows, 1));
  cr_expect(eq(sz, net->projection.columns, 16));
  cr_expect(eq(sz, net->read_first, 0));
  cr_expect(eq(int, net->mixed_memory, 0));
  cr_expect(eq(sz, qn_network_parameters(net), 2145));
  cr_expect(eq(int, (int)net->input_map.kind, QN_MAP_NONE));
  cr_expect(eq(str, net->input_names[2], "Light [lux]"));
  qn_network_free(net);
}

/* parameters: what the masks leave of ff1 and ff2 (470, 289 and 91 each), all
 * of time_a and time_b, four biases a neuron */
Test(network_cfc, person_cfcncp40_has_the_layers_of_its_wiring)
{
  static const size_t sizes[] = {20, 13, 7}, inputs[] = {7, 20, 13};
  qn_network *net = open_trained("tests/data/person_cfcncp40.safetensors");
  size_t first = 0;

  cr_expect(eq(int, (int)net->cell, QN_CELL_WIRED_CFC));
  cr_assert(eq(sz, net->cfc.layers, 3));
  cr_expect(eq(sz, net->layers, 3));
  for (size_t l = 0; l < 3; l++) {
    cr_expect(eq(sz, net->cfc.layer[l].units, sizes[l]));
    cr_expect(eq(sz, net->cfc.layer[l].inputs, inputs[l]));
    cr_expect(eq(sz, net->cfc.layer[l].backbones, 0));
    for (size_t i = 0; i < sizes[l]; i++)
      cr_expect(eq(sz, net->layer[first + i], l));
    first += sizes[l];
  }
  cr_expect(eq(sz, net->read_first, 33));
  cr_expect(eq(sz, net->projection.rows, 0));
  cr_expect(eq(sz, net->outputs, 7));
  cr_expect(eq(sz, qn_network_parameters(net), 4078));
  qn_network_free(net);
}

/* ---- values -------------------------------------------------------------------------- */

static void expect_values(const double *got, const char *key, size_t n)
{
  cr_assert(got != NULL, "%s", key);
  for (size_t i = 0; i < n; i++)
    cr_expect(eq(dbl, got[i], network_file_value(key, i)), "%s[%zu]", key, i);
}

static void expect_linear(const qn_linear *got, const char *prefix,
                          const char *head, size_t rows, size_t columns)
{
  char key[64];

  cr_assert(eq(sz, got->rows, rows), "%s%s", prefix, head);
  cr_assert(eq(sz, got->columns, columns), "%s%s", prefix, head);
  snprintf(key, sizeof key, "%s%s.weight", prefix, head);
  expect_values(got->weight, key, rows * columns);
  snprintf(key, sizeof key, "%s%s.bias", prefix, head);
  expect_values(got->bias, key, rows);
}

static void expect_gated(const qn_cfc_layer *layer, const char *prefix,
                         size_t rows, size_t columns)
{
  expect_linear(&layer->ff1, prefix, "ff1", rows, columns);
  expect_linear(&layer->ff2, prefix, "ff2", rows, columns);
  expect_linear(&layer->time_a, prefix, "time_a", rows, columns);
  expect_linear(&layer->time_b, prefix, "time_b", rows, columns);
  cr_expect(eq(ptr, layer->w_tau, NULL));
  cr_expect(eq(ptr, layer->a, NULL));
}

/* matrices are [row, column] as torch.nn.Linear has them */
Test(network_cfc, every_value_stands_where_ncps_puts_it)
{
  struct network_file *f = network_file_alloc_cfc(2, 3, "no_gate", 2, 5);
  const qn_cfc_layer *layer;
  qn_network *net;

  network_file_add_memory(f);
  network_file_add_projection(f, 2);
  net = network_file_open(f);
  layer = &net->cfc.layer[0];
  cr_expect(eq(int, (int)net->cfc.mode, QN_CFC_NO_GATE));
  cr_expect(eq(int, (int)net->cfc.activation, QN_ACTIVATION_TANH));
  cr_assert(eq(sz, layer->backbones, 2));
  expect_linear(&layer->backbone[0], "backbone.", "0", 5, 5);
  expect_linear(&layer->backbone[1], "backbone.", "2", 5, 5);
  expect_gated(layer, "", 3, 5);
  expect_linear(&net->projection, "", "fc", 2, 3);
  expect_linear(&net->lstm.input, "lstm.", "input_map", 12, 2);
  cr_assert(eq(sz, net->lstm.recurrent.rows, 12));
  cr_assert(eq(sz, net->lstm.recurrent.columns, 3));
  expect_values(net->lstm.recurrent.weight, "lstm.recurrent_map.weight", 36);
  for (size_t i = 0; i < 12; i++)
    cr_expect(eq(dbl, net->lstm.recurrent.bias[i], 0));
  qn_network_free(net);
}

Test(network_cfc, pure_has_one_head_and_its_own_rates_and_limits)
{
  qn_network *net =
    network_file_open(network_file_alloc_cfc(2, 3, "pure", 1, 4));
  const qn_cfc_layer *layer = &net->cfc.layer[0];

  expect_linear(&layer->ff1, "", "ff1", 3, 4);
  expect_values(layer->w_tau, "w_tau", 3);
  expect_values(layer->a, "A", 3);
  cr_expect(eq(sz, layer->ff2.rows, 0));
  cr_expect(eq(sz, layer->time_a.rows, 0));
  cr_expect(eq(sz, layer->time_b.rows, 0));
  qn_network_free(net);
}

Test(network_cfc, without_a_backbone_the_heads_see_inputs_and_state)
{
  struct network_file *f = network_file_alloc_cfc(2, 3, "default", 0, 0);
  qn_network *net;

  network_file_set(f, "backbone_units", NULL);
  net = network_file_open(f);
  cr_expect(eq(sz, net->cfc.layer[0].backbones, 0));
  expect_gated(&net->cfc.layer[0], "", 3, 5);
  cr_expect(eq(sz, net->outputs, 3));
  qn_network_free(net);
}

/* nn.Sequential with dropout: Linear 0, 2 (the first has none behind), 5, 8 */
Test(network_cfc, dropout_shifts_the_numbers_of_a_backbone_s_layers)
{
  static const char *const numbers[] = {"0", "2", "5", "8"};
  struct network_file *f = network_file_alloc_cfc(1, 2, "default", 4, 3);
  qn_network *net;

  network_file_remove(f, "backbone.4.weight");
  network_file_remove(f, "backbone.4.bias");
  network_file_remove(f, "backbone.6.weight");
  network_file_remove(f, "backbone.6.bias");
  network_file_add(f, "backbone.5.weight", 2, 3, 3);
  network_file_add(f, "backbone.5.bias", 1, 3, 0);
  network_file_add(f, "backbone.8.weight", 2, 3, 3);
  network_file_add(f, "backbone.8.bias", 1, 3, 0);
  net = network_file_open(f);
  for (size_t i = 0; i < 4; i++)
    expect_linear(&net->cfc.layer[0].backbone[i], "backbone.", numbers[i], 3,
                  3);
  qn_network_free(net);
}

Test(network_cfc, every_activation_and_mode_has_its_name)
{
  static const char *const activations[] = {"silu", "relu", "tanh", "gelu",
                                            "lecun_tanh"};
  static const char *const modes[] = {"default", "pure", "no_gate"};

  for (int i = 0; i < 5; i++) {
    struct network_file *f = network_file_alloc_cfc(1, 1, modes[i % 3], 1, 1);
    char json[32];
    qn_network *net;

    snprintf(json, sizeof json, "\"%s\"", activations[i]);
    network_file_set(f, "backbone_activation", json);
    net = network_file_open(f);
    cr_expect(eq(int, (int)net->cfc.activation, i));
    cr_expect(eq(str, (char *)qn_activation_name(net->cfc.activation),
                 (char *)activations[i]));
    cr_expect(eq(int, (int)net->cfc.mode, i % 3));
    cr_expect(
      eq(str, (char *)qn_cfc_mode_name(net->cfc.mode), (char *)modes[i % 3]));
    qn_network_free(net);
  }
}

/* ---- masks ------------------------------------------------------------------------- */

/* ncps multiplies ff1 and ff2 by the mask, time_a and time_b not */
Test(network_cfc, a_mask_cuts_the_first_two_heads_alone)
{
  struct network_file *f = network_file_alloc_cfc(1, 2, "default", 0, 0);
  const qn_cfc_layer *layer;
  qn_network *net;

  network_file_fill(f, "ff1.weight", 5);
  network_file_fill(f, "ff2.weight", 6);
  network_file_fill(f, "time_a.weight", 7);
  network_file_fill(f, "time_b.weight", 8);
  network_file_add(f, "sparsity_mask", 2, 2, 3);
  network_file_values(f, "sparsity_mask")[4] = 0;
  net = network_file_open(f);
  layer = &net->cfc.layer[0];
  for (size_t i = 0; i < 6; i++) {
    cr_expect(eq(dbl, layer->ff1.weight[i], i == 4 ? 0 : 5));
    cr_expect(eq(dbl, layer->ff2.weight[i], i == 4 ? 0 : 6));
    cr_expect(eq(dbl, layer->time_a.weight[i], 7));
    cr_expect(eq(dbl, layer->time_b.weight[i], 8));
  }
  qn_network_free(net);
}

Test(network_cfc, a_mask_cuts_the_one_head_of_pure)
{
  struct network_file *f = network_file_alloc_cfc(1, 1, "pure", 1, 3);
  qn_network *net;

  network_file_fill(f, "ff1.weight", 5);
  network_file_add(f, "sparsity_mask", 2, 1, 3);
  network_file_values(f, "sparsity_mask")[1] = 0;
  net = network_file_open(f);
  for (size_t i = 0; i < 3; i++)
    cr_expect(eq(dbl, net->cfc.layer[0].ff1.weight[i], i == 1 ? 0 : 5));
  qn_network_free(net);
}

/* ---- wirings ------------------------------------------------------------------------- */

Test(network_cfc, a_layer_of_a_wiring_sees_the_layer_before_and_itself)
{
  static const size_t sizes[] = {3, 1, 2, 0};
  qn_network *net =
    network_file_open(network_file_alloc_wired(2, "default", sizes));

  cr_assert(eq(sz, net->cfc.layers, 3));
  expect_gated(&net->cfc.layer[0], "layer_0.", 3, 2 + 3);
  expect_gated(&net->cfc.layer[1], "layer_1.", 1, 3 + 1);
  expect_gated(&net->cfc.layer[2], "layer_2.", 2, 1 + 2);
  cr_expect(eq(sz, net->read_first, 4));
  cr_expect(eq(sz, net->outputs, 2));
  cr_expect(eq(sz, net->layer[2], 0));
  cr_expect(eq(sz, net->layer[3], 1));
  cr_expect(eq(sz, net->layer[5], 2));
  qn_network_free(net);
}

Test(network_cfc, a_projection_behind_a_wiring_sees_its_last_layer)
{
  static const size_t sizes[] = {2, 3, 0};
  struct network_file *f = network_file_alloc_wired(1, "pure", sizes);
  qn_network *net;

  network_file_add_projection(f, 4);
  net = network_file_open(f);
  expect_linear(&net->projection, "", "fc", 4, 3);
  cr_expect(eq(sz, net->outputs, 4));
  cr_expect(eq(sz, net->read_first, 2));
  qn_network_free(net);
}

/* ---- memory ---------------------------------------------------------------------------- */

Test(network_cfc, memory_stands_in_front_of_every_cell)
{
  static const size_t sizes[] = {2, 1, 0};
  struct network_file *all[] = {network_file_alloc(2, 3, 1),
                                network_file_alloc_cfc(2, 3, "default", 0, 0),
                                network_file_alloc_wired(2, "default", sizes)};

  for (int i = 0; i < 3; i++) {
    qn_network *net;

    network_file_add_memory(all[i]);
    net = network_file_open(all[i]);
    cr_expect(eq(int, net->mixed_memory, 1));
    expect_linear(&net->lstm.input, "lstm.", "input_map", 12, 2);
    expect_values(net->lstm.recurrent.weight, "lstm.recurrent_map.weight", 36);
    qn_network_free(net);
  }
}

/* ---- parameters -------------------------------------------------------------------- */

static size_t parameters_of(struct network_file *f)
{
  qn_network *net;
  size_t n;

  for (size_t i = 0; i < network_file_count(f); i++)
    network_file_fill(f, network_file_key(f, i), 1);
  net = network_file_open(f);
  n = qn_network_parameters(net);
  qn_network_free(net);
  return n;
}

/* rows x columns + rows of every dense layer; the memory's 4 x 3 rows see 2
 * inputs with a bias and 3 states without */
Test(network_cfc, parameters_are_counted_as_torch_does)
{
  static const size_t sizes[] = {2, 1, 0};
  struct network_file *f = network_file_alloc_cfc(2, 3, "default", 2, 4);

  cr_expect(eq(sz, parameters_of(f), 4 * 5 + 4 + 4 * 4 + 4 + 4 * (3 * 4 + 3)));
  f = network_file_alloc_cfc(2, 3, "pure", 0, 0);
  network_file_add_memory(f);
  network_file_add_projection(f, 1);
  cr_expect(eq(sz, parameters_of(f),
               3 * 5 + 3 + 3 + 3 + (12 * 2 + 12 + 12 * 3) + 3 + 1));
  f = network_file_alloc_wired(2, "no_gate", sizes);
  cr_expect(eq(sz, parameters_of(f), 4 * (2 * 4 + 2) + 4 * (1 * 3 + 1)));
  f = network_file_alloc(2, 3, 1);
  network_file_add_memory(f);
  cr_expect(eq(sz, parameters_of(f),
               3 * 3 + 4 * (9 + 6) + 2 * 2 + 2 * 1 + 12 * 2 + 12 + 12 * 3));
}

Test(network_cfc, what_a_mask_cuts_away_is_no_parameter)
{
  struct network_file *f = network_file_alloc_cfc(1, 1, "default", 0, 0);
  qn_network *net;

  network_file_fill(f, "ff1.weight", 1);
  network_file_fill(f, "ff2.weight", 1);
  network_file_fill(f, "time_a.weight", 1);
  network_file_fill(f, "time_b.weight", 1);
  network_file_add(f, "sparsity_mask", 2, 1, 2);
  network_file_values(f, "sparsity_mask")[0] = 0;
  net = network_file_open(f);
  cr_expect(eq(sz, qn_network_parameters(net), 2 * (1 + 1) + 2 * (2 + 1)));
  qn_network_free(net);
}
