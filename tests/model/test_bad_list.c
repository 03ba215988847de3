/* test_bad_list.c - a list of an LTC's synapses that is wrong is refused with
 * file and place. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>

#include "tests/base/scratch.h"
#include "tests/model/network_file.h"
#include <quench/network.h>

TestSuite(bad_list, .init = scratch_open, .fini = scratch_close);

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

static struct network_file *make_list(void)
{
  struct network_file *f = network_file_alloc(2, 3, 1);

  network_file_list(f, "", 4, (double[]){0, 1, 2, 2, 1, 0, 0, 0});
  network_file_list(f, "sensory_", 2, (double[]){1, 2, 0, 1});
  return f;
}

Test(bad_list, what_is_spoilt_below_is_good)
{
  qn_network_free(network_file_open(make_list()));
}

/* w, sigma, mu and erev of both lists; where a list itself is missing, the
 * file has no matrices either */
Test(bad_list, every_missing_or_wrong_tensor_is_named)
{
  static const char *const prefixes[] = {"", "sensory_"};
  static const char *const values[] = {"w", "sigma", "mu", "erev"};

  for (int i = 0; i < 8; i++) {
    struct network_file *f = make_list();
    char key[32], place[96];
    size_t count = i / 4 ? 2 : 4;

    snprintf(key, sizeof key, "%s%s", prefixes[i / 4], values[i % 4]);
    snprintf(place, sizeof place, "tensor 'rnn_cell.%s'", key);
    network_file_remove(f, key);
    expect_refused(f, place,
                   count == 4 ? "missing, expected shape [4]"
                              : "missing, expected shape [2]");
    f = make_list();
    network_file_retype(f, key, QN_I64);
    expect_refused(f, place, "expected dtype F32 or F64");
    f = make_list();
    network_file_reshape(f, key, 1, count - 1, 0);
    expect_refused(f, place,
                   count == 4 ? "shape [3], expected [4]"
                              : "shape [1], expected [2]");
    f = make_list();
    network_file_values(f, key)[1] = NAN;
    snprintf(place, sizeof place, "tensor 'rnn_cell.%s' at [1]", key);
    expect_refused(f, place, "expected a finite number");
  }
}

Test(bad_list, without_the_list_its_values_are_no_matrices)
{
  struct network_file *f = make_list();

  network_file_remove(f, "synapses");
  expect_refused(f, "tensor 'rnn_cell.w'", "shape [4], expected [3,3]");
  f = make_list();
  network_file_remove(f, "sensory_synapses");
  expect_refused(f, "tensor 'rnn_cell.sensory_w'", "shape [2], expected [2,3]");
}

Test(bad_list, a_list_of_another_type_or_shape_is_refused)
{
  static const qn_dtype types[] = {QN_F32, QN_F64, QN_U8, QN_BOOL};
  struct network_file *f;

  for (int i = 0; i < 4; i++) {
    f = make_list();
    network_file_retype(f, "sensory_synapses", types[i]);
    expect_refused(f, "tensor 'rnn_cell.sensory_synapses'",
                   "expected dtype I32 or I64");
  }
  f = make_list();
  network_file_reshape(f, "synapses", 2, 2, 4);
  expect_refused(f, "tensor 'rnn_cell.synapses'", "shape [synapses,2]");
  f = make_list();
  network_file_reshape(f, "synapses", 1, 8, 0);
  expect_refused(f, "tensor 'rnn_cell.synapses'", "shape [synapses,2]");
  f = make_list();
  network_file_reshape(f, "synapses", 2, 3, 2);
  expect_refused(f, "tensor 'rnn_cell.w'", "shape [4], expected [3]");
}

/* row 1 is from 2 to 2, sensory row 0 from input 1 to neuron 2 */
Test(bad_list, a_list_that_names_what_does_not_exist_is_refused)
{
  static const struct {
    const char *key;
    size_t i;
    double id;
    const char *at, *part;
  } rows[] = {
    {"synapses", 2, 3, " at [1,0]", "3: expected a source from 0 to 2"},
    {"synapses", 3, 3, " at [1,1]", "3: expected a neuron from 0 to 2"},
    {"synapses", 2, -1, " at [1,0]", "-1: expected a source from 0 to 2"},
    {"synapses", 3, -1, " at [1,1]", "-1: expected a neuron from 0 to 2"},
    {"synapses", 3, 4294967296, " at [1,1]", "expected a neuron from 0 to 2"},
    {"sensory_synapses", 0, 2, " at [0,0]", "2: expected a source from 0 to 1"},
    {"sensory_synapses", 1, 3, " at [0,1]", "3: expected a neuron from 0 to 2"},
  };

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct network_file *f = make_list();
    char place[96];

    network_file_values(f, rows[i].key)[rows[i].i] = rows[i].id;
    snprintf(place, sizeof place, "tensor 'rnn_cell.%s'%s", rows[i].key,
             rows[i].at);
    expect_refused(f, place, rows[i].part);
  }
}

Test(bad_list, a_list_that_names_a_synapse_twice_is_refused)
{
  struct network_file *f = make_list();

  network_file_values(f, "synapses")[2] = 0;
  network_file_values(f, "synapses")[3] = 1;
  expect_refused(f, "tensor 'rnn_cell.synapses'",
                 "names the synapse from 0 to 1 twice");
  f = make_list(); /* also where its weight is 0 */
  network_file_values(f, "sensory_synapses")[0] = 0;
  network_file_values(f, "sensory_synapses")[1] = 1;
  network_file_values(f, "sensory_w")[0] = 0;
  expect_refused(f, "tensor 'rnn_cell.sensory_synapses'",
                 "names the synapse from 0 to 1 twice");
}

Test(bad_list, a_list_beside_the_matrices_is_refused)
{
  struct network_file *f = make_list();

  network_file_add(f, "sparsity_mask", 2, 3, 3);
  expect_refused(f, "tensor 'rnn_cell.sparsity_mask'",
                 "is not a part of the network");
  f = network_file_alloc(2, 3, 1);
  network_file_add(f, "synapses", 2, 4, 2);
  network_file_fill(f, "synapses", 0);
  network_file_retype(f, "synapses", QN_I64);
  expect_refused(f, "tensor 'rnn_cell.w'", "shape [3,3], expected [4]");
  f = network_file_alloc_cfc(2, 3, "default", 0, 0); /* has none */
  network_file_add(f, "synapses", 2, 4, 2);
  expect_refused(f, "tensor 'rnn_cell.synapses'",
                 "is not a part of the network");
}
