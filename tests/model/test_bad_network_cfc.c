/* test_bad_network_cfc.c - a file of a CfC, of a memory in front of a cell or of
 * a projection that is wrong is refused with file and
 * place, whatever is wrong with it. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/model/network_file.h"
#include <quench/network.h>

TestSuite(bad_network_cfc, .init = scratch_open, .fini = scratch_close);

static void expect_refused(struct network_file *f, const char *place,
                           const char *part)
{
  const char *path = network_file_write(f, "bad.safetensors");
  qn_network *net = (void *)&net;
  qn_diag d = {.message = ""};

  cr_expect(eq(int, qn_network_read(&net, path, &d), QN_EPARSE), "%s", part);
  cr_expect(diag_says(&d, path, place, part));
  cr_expect(eq(ptr, net, NULL));
  network_file_free(f);
}

/* ---- good files of every kind, to be spoilt ------------------------------------------ */

static const size_t sizes[] = {3, 2, 0};

static struct network_file *make_cfc(void)
{
  struct network_file *f = network_file_alloc_cfc(2, 3, "default", 2, 4);

  network_file_add(f, "sparsity_mask", 2, 3, 4);
  network_file_add_projection(f, 5);
  return f;
}

static struct network_file *make_pure(void)
{
  struct network_file *f = network_file_alloc_cfc(2, 3, "pure", 2, 4);

  network_file_add_memory(f);
  return f;
}

static struct network_file *make_wired(void)
{
  struct network_file *f = network_file_alloc_wired(2, "no_gate", sizes);

  network_file_add_memory(f);
  network_file_add_projection(f, 5);
  return f;
}

static struct network_file *make_wired_pure(void)
{
  return network_file_alloc_wired(2, "pure", sizes);
}

static struct network_file *(*const makers[])(void) = {
  make_cfc, make_pure, make_wired, make_wired_pure};
enum { MAKERS = sizeof makers / sizeof *makers };

Test(bad_network_cfc, what_is_spoilt_below_is_good)
{
  for (int m = 0; m < MAKERS; m++)
    qn_network_free(network_file_open(makers[m]()));
}

/* ---- fields ----------------------------------------------------------------------------- */

struct row {
  const char *field, *json, *part;
};

static void expect_fields_refused(struct network_file *(*make)(void),
                                  const struct row *rows, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    struct network_file *f = make();
    char place[96];

    snprintf(place, sizeof place, "quench.network, '%s'", rows[i].field);
    network_file_set(f, rows[i].field, rows[i].json);
    expect_refused(f, place, rows[i].part);
  }
}

static const char modes[] = "expected \"default\", \"pure\" or \"no_gate\"";
static const char activations[] =
  "expected \"silu\", \"relu\", \"tanh\", \"gelu\" or \"lecun_tanh\"";

Test(bad_network_cfc, a_field_of_a_cfc_that_is_missing_or_wrong_is_named)
{
  static const struct row rows[] = {
    {"mode", NULL, modes},
    {"mode", "null", modes},
    {"mode", "1", modes},
    {"mode", "\"Default\"", modes},
    {"mode", "\"gate\"", modes},
    {"backbone_activation", NULL, activations},
    {"backbone_activation", "0", activations},
    {"backbone_activation", "\"lecun\"", activations},
    {"backbone_activation", "\"sigmoid\"", activations},
    {"backbone_layers", NULL, "expected an integer from 0 to 1000"},
    {"backbone_layers", "-1", "expected an integer from 0 to 1000"},
    {"backbone_layers", "1001", "expected an integer from 0 to 1000"},
    {"backbone_layers", "2.0", "expected an integer from 0 to 1000"},
    {"backbone_layers", "\"2\"", "expected an integer from 0 to 1000"},
    {"backbone_units", NULL, "expected an integer from 1 to 1048576"},
    {"backbone_units", "0", "expected an integer from 1 to 1048576"},
    {"backbone_units", "-4", "expected an integer from 1 to 1048576"},
    {"backbone_units", "1048577", "expected an integer from 1 to 1048576"},
    {"backbone_units", "[4]", "expected an integer from 1 to 1048576"},
    {"projection", NULL, "expected true or false"},
    {"projection", "null", "expected true or false"},
    {"projection", "5", "expected true or false"},
    {"mixed_memory", NULL, "expected true or false"},
    {"mixed_memory", "\"no\"", "expected true or false"},
    {"inputs", "0", "expected an integer from 1"},
    {"units", "0", "expected an integer from 1"},
    {"outputs", "0", "expected an integer from 1"},
    {"input_names", "[\"a\"]", "one name for each"},
    {"output_names", "[\"a\"]", "one name for each"},
  };

  expect_fields_refused(make_cfc, rows, sizeof rows / sizeof *rows);
}

Test(bad_network_cfc, outputs_without_a_projection_are_the_states_of_the_cell)
{
  static const struct row rows[] = {
    {"outputs", "2", "without a projection"},
    {"outputs", "4", "the size of the last layer"},
  };

  expect_fields_refused(make_pure, rows, 2);
  expect_fields_refused(make_wired_pure, rows + 1, 1);
  expect_fields_refused(
    make_wired_pure, &(struct row){"outputs", "5", "without a projection"}, 1);
}

Test(bad_network_cfc, layers_that_do_not_share_out_the_units_are_refused)
{
  static const char share[] = "expected layers that share out all units, none "
                              "of them empty";
  static const char list[] = "expected layers as a list of lists of neurons";
  static const struct row rows[] = {
    {"mode", NULL, modes},
    {"mode", "\"ltc\"", modes},
    {"projection", "0", "expected true or false"},
    {"wiring", NULL, list},
    {"wiring", "null", list},
    {"wiring", "[]", list},
    {"wiring", "{}", list},
    {"wiring", "{\"layers\": []}", list},
    {"wiring", "{\"layers\": 3}", list},
    {"wiring", "{\"layers\": {\"a\": [0]}}", list},
    {"wiring", "{\"layers\": [[0, 1, 2], 3]}", share},
    {"wiring", "{\"layers\": [[0, 1, 2], {\"a\": 3}]}", share},
    {"wiring", "{\"layers\": [[0, 1, 2], []]}", share},
    {"wiring", "{\"layers\": [[], [0, 1, 2, 3, 4]]}", share},
    {"wiring", "{\"layers\": [[0, 1, 2], [3, 4], []]}", share},
    {"wiring", "{\"layers\": [[0, 1, 2], [3, 4, 5]]}", share},
    {"wiring", "{\"layers\": [[0, 1, 2, 3, 4, 5]]}", share},
    {"wiring", "{\"layers\": [[0, 1], [3, 4]]}", "fewer neurons than 'units'"},
  };
  struct network_file *f = make_wired();

  expect_fields_refused(make_wired, rows, sizeof rows / sizeof *rows);
  network_file_set(f, "units", "6");
  expect_refused(f, "quench.network, 'wiring'", "fewer neurons than 'units'");
  f = make_wired();
  network_file_set(f, "units", "4");
  expect_refused(f, "quench.network, 'wiring'", share);
}

/* ---- tensors ----------------------------------------------------------------------------- */

/* spoil() makes a bad file of every tensor of every good one, in turn */
static void each_tensor(void (*spoil)(struct network_file *f, const char *key,
                                      const qn_tensor *t))
{
  for (int m = 0; m < MAKERS; m++) {
    struct network_file *f = makers[m]();
    size_t count = network_file_count(f);

    network_file_free(f);
    for (size_t i = 0; i < count; i++) {
      const qn_tensor *t;
      char key[64];

      f = makers[m]();
      t = network_file_at(f, i);
      snprintf(key, sizeof key, "%s", network_file_key(f, i));
      spoil(f, key, t);
    }
  }
}

static const char *place_of(const qn_tensor *t, char text[96])
{
  snprintf(text, 96, "tensor '%s'", t->name);
  return text;
}

static const char *shape_of(const qn_tensor *t, const char *before,
                            char text[160])
{
  char shape[128];

  snprintf(text, 160, "%s%s", before, qn_tensor_shape_text(t, shape));
  return text;
}

/* a plain CfC may do without a mask */
static void leave_out(struct network_file *f, const char *key,
                      const qn_tensor *t)
{
  char place[96], part[160];

  place_of(t, place);
  shape_of(t, "missing, expected shape ", part);
  network_file_remove(f, key);
  if (strcmp(key, "sparsity_mask"))
    expect_refused(f, place, part);
  else
    qn_network_free(network_file_open(f));
}

Test(bad_network_cfc, every_missing_tensor_is_named_with_its_shape)
{
  each_tensor(leave_out);
}

static void make_integer(struct network_file *f, const char *key,
                         const qn_tensor *t)
{
  char place[96];

  network_file_retype(f, key, QN_I32);
  expect_refused(f, place_of(t, place), "expected dtype F32 or F64");
}

Test(bad_network_cfc, every_tensor_must_be_floating_point)
{
  each_tensor(make_integer);
}

static void make_infinite(struct network_file *f, const char *key,
                          const qn_tensor *t)
{
  static const double bad[] = {NAN, INFINITY, -INFINITY};
  char place[128];

  network_file_values(f, key)[t->count - 1] = bad[strlen(key) % 3];
  if (t->rank == 2)
    snprintf(place, sizeof place, "tensor '%s' at [%zu,%zu]", t->name,
             t->shape[0] - 1, t->shape[1] - 1);
  else
    snprintf(place, sizeof place, "tensor '%s' at [%zu]", t->name,
             t->count - 1);
  expect_refused(f, place, "expected a finite number");
}

Test(bad_network_cfc, every_number_must_be_finite_and_is_named_where_it_stands)
{
  each_tensor(make_infinite);
}

/* the same number of elements in the other rank */
static void flatten(struct network_file *f, const char *key, const qn_tensor *t)
{
  char place[96], want[160], part[320];

  shape_of(t, ", expected ", want);
  if (t->rank == 2)
    network_file_reshape(f, key, 1, t->count, 0);
  else
    network_file_reshape(f, key, 2, 1, t->count);
  shape_of(t, "shape ", part);
  strcat(part, want);
  expect_refused(f, place_of(t, place), part);
}

static void add_a_row(struct network_file *f, const char *key,
                      const qn_tensor *t)
{
  char place[96], want[160], part[320];

  shape_of(t, ", expected ", want);
  network_file_reshape(f, key, t->rank, t->shape[0] + 1, t->shape[1]);
  shape_of(t, "shape ", part);
  strcat(part, want);
  expect_refused(f, place_of(t, place), part);
}

Test(bad_network_cfc, every_wrong_shape_is_shown_beside_the_right_one)
{
  each_tensor(flatten);
  each_tensor(add_a_row);
}

Test(bad_network_cfc, a_mask_that_is_neither_0_nor_1_is_refused_where_it_stands)
{
  static const double bad[] = {-1, 0.5, 2};

  for (int i = 0; i < 3; i++) {
    struct network_file *f = make_cfc();

    network_file_values(f, "sparsity_mask")[6] = bad[i];
    expect_refused(f, "tensor 'rnn_cell.sparsity_mask' at [1,2]",
                   "expected 0 or 1");
    f = make_wired();
    network_file_values(f, "layer_1.sparsity_mask")[3] = bad[i];
    expect_refused(f, "tensor 'rnn_cell.layer_1.sparsity_mask' at [0,3]",
                   "expected 0 or 1");
  }
}

/* ---- metadata of another network ---------------------------------------------------------- */

Test(bad_network_cfc, a_memory_that_the_file_denies_or_lacks_is_named)
{
  struct network_file *f = make_pure();

  network_file_set(f, "mixed_memory", "false");
  expect_refused(f, "tensor 'lstm.input_map.weight'",
                 "is 'mixed_memory' true?");
  f = make_wired();
  network_file_set(f, "mixed_memory", "false");
  expect_refused(f, "tensor 'lstm.input_map.weight'",
                 "is 'mixed_memory' true?");
  f = make_wired_pure();
  network_file_set(f, "mixed_memory", "true");
  expect_refused(f, "tensor 'lstm.input_map.weight'",
                 "missing, expected shape [20,2]");
  f = network_file_alloc(2, 3, 1);
  network_file_set(f, "mixed_memory", "true");
  expect_refused(f, "tensor 'lstm.input_map.weight'",
                 "missing, expected shape [12,2]");
}

Test(bad_network_cfc, a_projection_that_the_file_denies_or_lacks_is_named)
{
  struct network_file *f = network_file_alloc_cfc(2, 3, "default", 0, 0);

  network_file_add_projection(f, 3);
  network_file_set(f, "projection", "false");
  expect_refused(f, "tensor 'fc.weight'", "is 'projection' true?");
  f = network_file_alloc_cfc(2, 3, "default", 0, 0);
  network_file_set(f, "projection", "true");
  expect_refused(f, "tensor 'fc.weight'", "missing, expected shape [3,3]");
  f = network_file_alloc_wired(2, "default", sizes);
  network_file_add_projection(f, 2);
  network_file_set(f, "projection", NULL);
  expect_refused(f, "tensor 'fc.weight'", "is 'projection' true?");
}

/* each row's file has tensors that its changed field does not know */
Test(bad_network_cfc, a_field_of_another_network_leaves_a_tensor_or_misses_one)
{
  static const struct {
    struct network_file *(*make)(void);
    const char *field, *json, *place, *part;
  } rows[] = {
    {make_cfc, "mode", "\"pure\"", "tensor 'rnn_cell.w_tau'", "missing"},
    {make_pure, "mode", "\"default\"", "tensor 'rnn_cell.ff2.weight'",
     "missing"},
    {make_cfc, "backbone_layers", "1", "tensor 'rnn_cell.backbone.2.weight'",
     "is not a part of the network"},
    {make_cfc, "backbone_layers", "3", "tensor 'rnn_cell.backbone.4.weight'",
     "missing"},
    {make_cfc, "backbone_layers", "0", "tensor 'rnn_cell.ff1.weight'",
     "shape [3,4], expected [3,5]"},
    {make_cfc, "backbone_units", "5", "tensor 'rnn_cell.backbone.0.weight'",
     "shape [4,5], expected [5,5]"},
    {make_wired_pure, "wiring", "{\"layers\": [[0, 1, 2, 3, 4]]}",
     "quench.network, 'outputs'", "without a projection"},
    {make_wired, "wiring", "{\"layers\": [[0, 1], [2, 3, 4]]}",
     "tensor 'rnn_cell.layer_0.ff1.weight'", "shape [3,5], expected [2,4]"},
  };

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct network_file *f = rows[i].make();

    network_file_set(f, rows[i].field, rows[i].json);
    expect_refused(f, rows[i].place, rows[i].part);
  }
}

Test(bad_network_cfc, tensors_of_another_cell_are_named)
{
  struct network_file *f = make_cfc();

  network_file_add(f, "layer_0.ff1.weight", 2, 3, 4);
  expect_refused(f, "tensor 'rnn_cell.layer_0.ff1.weight'",
                 "is not a part of the network");
  f = make_wired_pure();
  network_file_add(f, "layer_2.ff1.weight", 2, 3, 4);
  expect_refused(f, "tensor 'rnn_cell.layer_2.ff1.weight'",
                 "is not a part of the network");
  /* dropout's number beside the plain one */
  f = network_file_alloc_cfc(2, 3, "pure", 3, 4);
  network_file_add(f, "backbone.5.weight", 2, 4, 4);
  expect_refused(f, "tensor 'rnn_cell.backbone.5.bias'", "missing");
}
