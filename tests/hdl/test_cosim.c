/* test_cosim.c - the Verilog against the C model, bit for bit. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/cosim.h>
#include <quench/file.h>
#include <quench/quantise.h>

#include "hdl/folder_parts.h"
#include "tests/base/scratch.h"
#include "tests/hdl/random_network.h"
#include "tests/sim/example.h"

TestSuite(cosim, .init = scratch_open, .fini = scratch_close);

static qn_core *quantise(const qn_network *net, unsigned width)
{
  qn_core_options opt = qn_core_options_default;
  qn_core *core;

  opt.width = width;
  cr_assert_eq(qn_core_quantise(&core, net, &opt, NULL), QN_OK);
  return core;
}

static void expect_equal(const qn_core *core, const qn_dataset *data,
                         const qn_cosim_target *target)
{
  qn_cosim_options opt = qn_cosim_options_default;
  qn_diag diag = {.message = ""};
  qn_cosim_report report;
  size_t writes = data->rows * core->unfolds * core->units;

  opt.target = target;
  cr_assert_eq(qn_cosim_run(core, data, &opt, NULL, &report, &diag), QN_OK,
               "%s: %s: %s: %s", target->name, core->name, diag.place,
               diag.message);
  cr_expect_eq(report.state_writes, writes);
  cr_expect_eq(report.results, data->rows * core->outputs);
  cr_expect_eq(report.cycles_measured, report.cycles_predicted);
  cr_expect_not(report.saturated);
}

Test(cosim, rtl_equals_the_model_in_every_state_write_of_trained_networks)
{
  for (int i = 0; i < 3; i++) {
    example e = example_open(example_names[i]);
    qn_core *core = quantise(e.net, 16);

    expect_equal(core, e.data, &qn_cosim_rtl);
    qn_core_free(core);
    example_close(&e);
  }
}

/* Inputs to 40 times their range; widths of one, two and three bytes. */
Test(cosim, rtl_equals_the_model_on_networks_at_the_edges)
{
  static const random_spec spec[] = {
    {.seed = 11,
     .inputs = 3,
     .units = 5,
     .outputs = 2,
     .unfolds = 3,
     .density = 0.6,
     .zero_leak = 1,
     .maps = QN_MAP_LINEAR},
    {.seed = 12,
     .inputs = 1,
     .units = 1,
     .outputs = 1,
     .unfolds = 1,
     .density = 1,
     .maps = QN_MAP_NONE},
    {.seed = 13,
     .inputs = 6,
     .units = 4,
     .outputs = 4,
     .unfolds = 9,
     .density = 1,
     .maps = QN_MAP_AFFINE},
  };
  static const unsigned width[] = {13, 7, 22};

  for (int i = 0; i < 3; i++) {
    qn_network *net = random_network(&spec[i]);
    qn_dataset *data = random_dataset(net, spec[i].seed, 5, 7, 40);
    qn_core *core = quantise(net, width[i]);

    expect_equal(core, data, &qn_cosim_rtl);
    qn_core_free(core);
    qn_dataset_free(data);
    qn_network_free(net);
  }
}

Test(cosim, gates_equal_the_model_on_a_small_network)
{
  static const random_spec spec = {.seed = 14,
                                   .inputs = 2,
                                   .units = 3,
                                   .outputs = 1,
                                   .unfolds = 2,
                                   .density = 0.8,
                                   .maps = QN_MAP_AFFINE};
  qn_network *net = random_network(&spec);
  qn_dataset *data = random_dataset(net, 1, 4, 10, 3);
  qn_core *core = quantise(net, 8);

  expect_equal(core, data, &qn_cosim_gates);
  qn_core_free(core);
  qn_dataset_free(data);
  qn_network_free(net);
}

/* ---- a wrong word -------------------------------------------------------------- */

/* Flip the lowest bit of word i of an image in the scratch folder. */
static void spoil(const char *file, size_t i)
{
  char *data, *line;
  size_t size;

  cr_assert_eq(qn_file_read(scratch_path(file), &data, &size, NULL), QN_OK);
  line = data;
  for (size_t k = 0; k <= i; k++) /* a line of comment comes first */
    line = strchr(line, '\n') + 1;
  while (line[1] != ' ')
    line++;
  *line = *line == '0' ? '1' : '0';
  cr_assert_eq(qn_file_write(scratch_path(file), data, size, NULL), QN_OK);
  free(data);
}

Test(cosim, a_wrong_rom_word_is_found_with_neuron_step_and_both_values)
{
  example e = example_open("occupancy_ltc19");
  qn_core *core = quantise(e.net, 16);
  qn_cosim_options opt = qn_cosim_options_default;
  const qn_slot *slot = &core->slots.at[core->slots.sensory];
  const qn_cosim_difference *d;
  qn_cosim_report report;
  qn_diag diag;
  char want[32];

  /* cm of the neuron that slot updates: wrong as soon as its state is not 0 */
  cr_assert_eq(qn_images_write(core, scratch_folder(), NULL), QN_OK);
  spoil("drive.mem", core->slots.sensory);
  opt.images = scratch_folder();
  opt.children = 1;
  cr_assert_eq(qn_cosim_run(core, e.data, &opt, NULL, &report, &diag),
               QN_EMISMATCH);
  d = &report.difference;
  cr_expect_eq(d->quantity, QN_COSIM_STATE);
  cr_expect_eq(d->place, slot->post);
  cr_expect_eq(d->sequence, 0);
  cr_expect_neq(d->want, d->got);
  snprintf(want, sizeof want, "neuron %zu: rtl has %lld", d->place,
           (long long)d->got);
  cr_expect_not_null(strstr(diag.message, want), "%s", diag.message);
  cr_expect_not_null(strstr(diag.place, "sequence 0, step "), "%s", diag.place);
  qn_core_free(core);
  example_close(&e);
}

Test(cosim, images_of_another_size_are_refused_before_anything_runs)
{
  example e = example_open("sine_ltc8");
  qn_core *core = quantise(e.net, 16);
  qn_cosim_options opt = qn_cosim_options_default;
  qn_diag diag;

  cr_assert_eq(qn_images_write(core, scratch_folder(), NULL), QN_OK);
  scratch_text("slope.mem", "0001 // one word\n");
  opt.images = scratch_folder();
  cr_expect_eq(qn_cosim_run(core, e.data, &opt, NULL, NULL, &diag), QN_EPARSE);
  cr_expect(diag_says(&diag, scratch_path("slope.mem"), NULL, "1 words"));
  qn_core_free(core);
  example_close(&e);
}

Test(cosim, a_missing_verilator_is_said)
{
  example e = example_open("sine_ltc8");
  qn_core *core = quantise(e.net, 16);
  qn_diag diag;

  setenv("PATH", scratch_folder(), 1);
  cr_expect_eq(
    qn_cosim_run(core, e.data, &qn_cosim_options_default, NULL, NULL, &diag),
    QN_ETOOL);
  cr_expect_not_null(strstr(diag.message, "verilator"), "%s", diag.message);
  qn_core_free(core);
  example_close(&e);
}
