/* test_bad_network.c - a network file that is wrong is refused, whatever is
 * wrong with it, with the place where it is. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>

#include "tests/base/scratch.h"
#include "tests/model/network_file.h"
#include <quench/network.h>

TestSuite(bad_network, .init = scratch_open, .fini = scratch_close);

/* ---- the file ------------------------------------------------------------ */

static void expect_refused(struct network_file *f, const char *place,
                           const char *part)
{
  const char *path = network_file_write(f, "bad.safetensors");
  qn_network *net = (void *)&net;
  qn_diag d = {.message = ""};

  cr_expect(ne(int, qn_network_read(&net, path, &d), QN_OK), "%s", part);
  cr_expect(diag_says(&d, path, place, part));
  cr_expect(eq(ptr, net, NULL));
  network_file_free(f);
}

Test(bad_network, a_missing_file_is_refused)
{
  const char *path = scratch_path("missing.safetensors");
  qn_network *net;
  qn_diag d;

  cr_expect(eq(int, qn_network_read(&net, path, &d), QN_EIO));
  cr_expect(diag_says(&d, path, "", "No such file"));
  cr_expect(eq(ptr, net, NULL));
}

Test(bad_network, a_state_dict_without_metadata_is_refused)
{
  struct network_file *f = network_file_alloc(1, 1, 1);

  network_file_set_metadata(f, NULL);
  expect_refused(f, "header", "no metadata 'quench.network'");
}

Test(bad_network, metadata_that_is_not_a_json_object_is_refused)
{
  static const char *const texts[] = {"", "ltc", "{\"cell\":", "[1]",
                                      "{\"cell\":\"ltc\",\"cell\":\"ltc\"}"};

  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct network_file *f = network_file_alloc(1, 1, 1);

    network_file_set_metadata(f, texts[i]);
    expect_refused(f, "quench.network", "not a JSON object");
  }
}

/* ---- fields ----------------------------------------------------------------- */

Test(bad_network, a_field_that_is_missing_or_wrong_is_refused_by_name)
{
  static const struct {
    const char *field, *json, *part;
  } rows[] = {
    {"cell", NULL, "expected \"ltc\""},
    {"cell", "5", "expected \"ltc\""},
    {"cell", "\"lstm\"", "expected \"ltc\", \"cfc\" or \"wired_cfc\""},
    {"inputs", NULL, "expected an integer from 1"},
    {"inputs", "0", "expected an integer from 1"},
    {"inputs", "2.0", "expected an integer from 1"},
    {"inputs", "100000000", "expected an integer from 1"},
    {"units", NULL, "expected an integer from 1"},
    {"units", "-3", "expected an integer from 1"},
    {"units", "\"3\"", "expected an integer from 1"},
    {"units", "9223372036854775807", "expected an integer from 1"},
    {"outputs", NULL, "expected an integer from 1"},
    {"outputs", "0", "expected an integer from 1"},
    {"outputs", "4", "more outputs than units"},
    {"mixed_memory", NULL, "expected true or false"},
    {"mixed_memory", "0", "expected true or false"},
    {"mixed_memory", "null", "expected true or false"},
    {"ode_unfolds", NULL, "expected an integer from 1"},
    {"ode_unfolds", "0", "expected an integer from 1"},
    {"ode_unfolds", "1000001", "expected an integer from 1 to 1000000"},
    {"ode_unfolds", "6.5", "expected an integer from 1"},
    {"epsilon", NULL, "at least 0"},
    {"epsilon", "-1e-8", "at least 0"},
    {"epsilon", "\"1e-8\"", "at least 0"},
    {"input_mapping", NULL, "expected \"affine\""},
    {"input_mapping", "\"Affine\"", "expected \"affine\""},
    {"input_mapping", "false", "expected \"affine\""},
    {"output_mapping", NULL, "expected \"affine\""},
    {"output_mapping", "1", "expected \"affine\""},
    {"implicit_param_constraints", NULL, "expected true or false"},
    {"implicit_param_constraints", "\"true\"", "expected true or false"},
    {"task", "\"classify\"", "expected binary"},
    {"task", "1", "expected binary"},
    {"input_names", "[\"a\"]", "one name for each"},
    {"input_names", "[\"a\", \"b\", \"c\"]", "one name for each"},
    {"input_names", "[\"a\", 2]", "a list of strings"},
    {"input_names", "\"ab\"", "one name for each"},
    {"output_names", "[]", "one name for each"},
    {"output_names", "{\"a\": 1}", "one name for each"},
    {"input_mean", "[1]", "one number for each"},
    {"input_mean", "[1, \"2\"]", "finite numbers"},
    {"input_mean", "5", "one number for each"},
    {"input_mean", "[1, 2]", "come together"},
    {"input_std", "[1, null]", "finite numbers"},
    {"wiring", "{\"layers\": [[3]]}", "does not exist"},
    {"wiring", "{\"layers\": [[-1]]}", "does not exist"},
    {"wiring", "{\"layers\": [[0.5]]}", "does not exist"},
    {"wiring", "{\"layers\": [0, 1]}", "a list of lists"},
    {"wiring", "{\"layers\": 3}", "a list of lists"},
  };

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct network_file *f = network_file_alloc(2, 3, 2);
    char place[96];

    snprintf(place, sizeof place, "quench.network, '%s'", rows[i].field);
    network_file_set(f, rows[i].field, rows[i].json);
    expect_refused(f, place, rows[i].part);
  }
}

Test(bad_network, a_standard_deviation_of_zero_or_less_is_refused)
{
  static const char *const std[] = {"[1, 0]", "[-1, 1]"};

  for (int i = 0; i < 2; i++) {
    struct network_file *f = network_file_alloc(2, 3, 2);

    network_file_set(f, "input_mean", "[0, 0]");
    network_file_set(f, "input_std", std[i]);
    expect_refused(f, "quench.network, 'input_std'", "above 0");
  }
}

/* the twins of other frameworks compute other equations under the same names
 * (lnn.md 1.7, 2.1) */
Test(bad_network, another_framework_or_version_is_refused_with_the_right_one)
{
  static const struct {
    const char *field, *json, *part;
  } rows[] = {
    {"framework", "\"ncps.tf\"", "'ncps.tf' computes other equations"},
    {"framework", "\"ncps.keras\"", "train with ncps.torch"},
    {"framework", "\"\"", "train with ncps.torch"},
    {"framework", "1", "(not a string)"},
    {"framework", "[\"ncps.torch\"]", "(not a string)"},
    {"framework_version", "\"0.0.7\"", "ncps 0.0.7 may compute other"},
    {"framework_version", "\"1.1.0\"", "may compute other equations"},
    {"framework_version", "\"2.0\"", "may compute other equations"},
    {"framework_version", "\"1.0\"", "may compute other equations"},
    {"framework_version", "1.0", "(not a string)"},
  };

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct network_file *f = network_file_alloc(1, 1, 1);
    const char *path;
    char place[96];
    qn_network *net;
    qn_diag d;

    network_file_set(f, rows[i].field, rows[i].json);
    path = network_file_write(f, "other.safetensors");
    snprintf(place, sizeof place, "quench.network, '%s'", rows[i].field);
    cr_expect(eq(int, qn_network_read(&net, path, &d), QN_EUNSUPPORTED));
    cr_expect(diag_says(&d, path, place, rows[i].part));
    cr_expect(eq(ptr, net, NULL));
    network_file_free(f);
  }
}

/* ---- tensors ------------------------------------------------------------------ */

static const char *const tensors[] = {
  "cm",         "gleak",
  "vleak",      "w",
  "sigma",      "mu",
  "erev",       "sparsity_mask",
  "sensory_w",  "sensory_sigma",
  "sensory_mu", "sensory_erev",
  "input_w",    "input_b",
  "output_w",   "sensory_sparsity_mask",
  "output_b",
};
enum { TENSORS = sizeof tensors / sizeof *tensors };

static const char *place_of(const char *key, const char *at, char text[96])
{
  snprintf(text, 96, "tensor 'rnn_cell.%s'%s", key, at);
  return text;
}

Test(bad_network, every_missing_tensor_is_named)
{
  for (size_t i = 0; i < TENSORS; i++) {
    struct network_file *f = network_file_alloc(2, 3, 1);
    char place[96];

    network_file_remove(f, tensors[i]);
    expect_refused(f, place_of(tensors[i], "", place), "missing");
  }
}

Test(bad_network, every_tensor_must_be_floating_point)
{
  for (size_t i = 0; i < TENSORS; i++)
    for (qn_dtype t = QN_I32; t <= QN_BOOL; t++) {
      struct network_file *f = network_file_alloc(2, 3, 1);
      char place[96];

      network_file_retype(f, tensors[i], t);
      expect_refused(f, place_of(tensors[i], "", place), "dtype F32 or F64");
    }
}

Test(bad_network, a_wrong_shape_is_shown_beside_the_right_one)
{
  static const struct {
    const char *key;
    size_t rank, rows, columns;
    const char *part;
  } rows[] = {
    {"w", 2, 3, 2, "shape [3,2], expected [3,3]"},
    {"w", 1, 9, 0, "shape [9], expected [3,3]"},
    {"sensory_w", 2, 3, 2, "shape [3,2], expected [2,3]"},
    {"sensory_sparsity_mask", 2, 0, 3, "shape [0,3], expected [2,3]"},
    {"cm", 1, 4, 0, "shape [4], expected [3]"},
    {"cm", 0, 0, 0, "shape [], expected [3]"},
    {"vleak", 2, 1, 3, "shape [1,3], expected [3]"},
    {"input_w", 1, 3, 0, "shape [3], expected [2]"},
    {"output_b", 1, 3, 0, "shape [3], expected [1]"},
  };

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct network_file *f = network_file_alloc(2, 3, 1);
    char place[96];

    network_file_reshape(f, rows[i].key, rows[i].rank, rows[i].rows,
                         rows[i].columns);
    expect_refused(f, place_of(rows[i].key, "", place), rows[i].part);
  }
}

Test(bad_network, a_weight_that_is_not_finite_is_refused_where_it_stands)
{
  static const double bad[] = {NAN, INFINITY, -INFINITY};

  for (size_t i = 0; i < TENSORS; i++) {
    size_t matrix = i >= 3 && i != 12 && i != 13 && i != 14 && i != 16;
    struct network_file *f = network_file_alloc(2, 3, 2);
    char place[96];

    network_file_values(f, tensors[i])[matrix ? 4 : 1] = bad[i % 3];
    expect_refused(
      f, place_of(tensors[i], matrix ? " at [1,1]" : " at [1]", place),
      "expected a finite number");
  }
}

Test(bad_network, a_weight_that_float32_cannot_hold_is_refused)
{
  struct network_file *f = network_file_alloc(2, 3, 1);

  network_file_values(f, "mu")[5] = 1e39;
  network_file_retype(f, "mu", QN_F32);
  expect_refused(f, "tensor 'rnn_cell.mu' at [1,2]", "finite");
}

Test(bad_network, a_mask_that_is_neither_0_nor_1_is_refused_where_it_stands)
{
  static const double bad[] = {-1, 0.5, 2};

  for (int i = 0; i < 3; i++) {
    struct network_file *f = network_file_alloc(2, 3, 1);

    network_file_values(f, "sparsity_mask")[7] = bad[i];
    expect_refused(f, "tensor 'rnn_cell.sparsity_mask' at [2,1]",
                   "expected 0 or 1");
  }
}

/* what a file holds beyond its network: the metadata belong to another one */
Test(bad_network, a_tensor_that_nothing_computes_with_is_named)
{
  static const struct {
    const char *key, *place;
  } rows[] = {{"momentum", "tensor 'rnn_cell.momentum'"},
              {"fc.weight", "tensor 'fc.weight'"},
              {"lstm.input_map.bias", "tensor 'lstm.input_map.bias'"},
              {"ff1.weight", "tensor 'rnn_cell.ff1.weight'"}};

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct network_file *f = network_file_alloc(2, 3, 1);

    network_file_add(f, rows[i].key, 1, 3, 0);
    expect_refused(f, rows[i].place, "is not a part of the network");
  }
}

Test(bad_network, a_map_of_a_file_that_says_it_has_none_is_named)
{
  struct network_file *f = network_file_alloc(2, 3, 1);

  network_file_set(f, "input_mapping", "\"linear\"");
  expect_refused(f, "tensor 'rnn_cell.input_b'",
                 "is not a part of the network");
  f = network_file_alloc(2, 3, 1);
  network_file_set(f, "output_mapping", "null");
  expect_refused(f, "tensor 'rnn_cell.output_w'",
                 "is not a part of the network");
}
