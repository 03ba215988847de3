/* test_odd_files.c - what the fuzzers and their like have found (make fuzz): no
 * file makes a reader take more than goes with its size, nor gives values that
 * are none. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/model/network_file.h"
#include <quench/dataset.h>
#include <quench/text.h>

TestSuite(odd_files, .init = scratch_open, .fini = scratch_close);

Test(odd_files, a_network_of_more_neurons_than_its_file_has_bytes_is_refused)
{
  static const char *const fields[] = {"inputs", "units", "outputs"};

  for (int i = 0; i < 3; i++) {
    struct network_file *f = network_file_alloc(1, 1, 1);
    const char *path;
    char place[64];
    qn_network *net;
    qn_diag d;

    network_file_set(f, fields[i], "1048576");
    path = network_file_write(f, "net.safetensors");
    network_file_free(f);
    snprintf(place, sizeof place, "quench.network, '%s'", fields[i]);
    cr_expect(eq(int, qn_network_read(&net, path, &d), QN_EPARSE));
    cr_expect(diag_says(&d, path, place, "expected an integer from 1 to "));
  }
}

/* -0 would make cm / gleak the wrong infinity */
Test(odd_files, a_conductance_of_minus_0_is_0)
{
  struct network_file *f = network_file_alloc(1, 1, 1);
  qn_network *net;

  network_file_values(f, "cm")[0] = -0.0;
  network_file_values(f, "gleak")[0] = -0.0;
  net = network_file_open(f);
  cr_expect(eq(int, signbit(net->ltc.cm[0]) != 0, 0));
  cr_expect(eq(int, signbit(net->ltc.gleak[0]) != 0, 0));
  qn_network_free(net);
}

Test(odd_files, layers_that_hold_no_neurons_are_refused)
{
  static const char *const layers[] = {"{\"layers\": [[0, \"b\"], [2]]}",
                                       "{\"layers\": [[0, null], [2]]}",
                                       "{\"layers\": [[0, 1], [3]]}"};

  for (int i = 0; i < 3; i++) {
    struct network_file *f =
      network_file_alloc_wired(1, "default", (const size_t[]){2, 1, 0});
    const char *path;
    qn_network *net;
    qn_diag d;

    network_file_set(f, "wiring", layers[i]);
    path = network_file_write(f, "net.safetensors");
    network_file_free(f);
    cr_expect(eq(int, qn_network_read(&net, path, &d), QN_EPARSE));
    cr_expect(diag_says(&d, path, "quench.network, 'wiring'",
                        "names a neuron that does not exist"));
  }
}

/* ---- tables for networks with many inputs -------------------------------------- */

static void expect_refused(const char *text, size_t inputs, char **names,
                           const char *part)
{
  const qn_network net = {
    .path = "net", .inputs = inputs, .outputs = 1, .input_names = names};
  const char *path = scratch_text("data.csv", text);
  qn_dataset *data;
  qn_diag d;

  cr_expect(
    eq(int, qn_dataset_read(&data, path, &net, QN_INPUT_AS_IS, &d), QN_EPARSE));
  cr_expect(diag_says(&d, path, "header", part));
}

/* rows times inputs would be 80 GB */
Test(odd_files, columns_are_found_before_there_is_room_for_their_rows)
{
  enum { MANY = 100000 };
  char **names = malloc(MANY * sizeof *names);
  qn_text text;

  cr_assert(names != NULL);
  qn_text_init(&text);
  qn_text_add(&text, "x\n");
  for (size_t i = 0; i < MANY; i++) {
    qn_text_add(&text, "1\n");
    names[i] = i ? "y" : "x";
  }
  expect_refused(text.data, MANY, names, "no column 'y'");
  qn_text_release(&text);
  free(names);
}

Test(odd_files, two_inputs_of_one_name_are_refused_in_a_table)
{
  char *names[] = {"x", "y", "x"};

  expect_refused("x,y\n1,2\n", 3, names, "two inputs of the network");
}
