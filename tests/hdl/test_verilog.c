/* test_verilog.c - the generated folder, judged by Icarus. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/file.h>
#include <quench/process.h>
#include <quench/quantise.h>
#include <quench/verilog.h>

#include "hdl/quantise_parts.h"
#include "tests/base/scratch.h"
#include "tests/hdl/random_network.h"

TestSuite(verilog, .init = scratch_open, .fini = scratch_close);

static const random_spec spec = {.seed = 21,
                                 .inputs = 2,
                                 .units = 5,
                                 .outputs = 2,
                                 .unfolds = 4,
                                 .density = 0.6,
                                 .maps = QN_MAP_AFFINE};

static qn_core *core_of_spec(void)
{
  qn_network *net = random_network(&spec);
  qn_core *core;

  cr_assert_eq(qn_core_quantise(&core, net, &qn_core_options_default, NULL),
               QN_OK);
  qn_network_free(net);
  return core;
}

static char *read_text(const char *name)
{
  char *data;
  size_t size;

  cr_assert_eq(qn_file_read(scratch_path(name), &data, &size, NULL), QN_OK);
  return data;
}

/* Compile and run the testbench of the folder; what it printed. */
static char *run_icarus(void)
{
  static const char *const compile[] = {
    "iverilog",       "-g2005", "-Wall",  "-c", "random_21.f",
    "random_21_tb.v", "-o",     "tb.vvp", NULL};
  static const char *const run[] = {"vvp", "-N", "tb.vvp", NULL};
  qn_diag diag = {.message = ""};

  cr_assert_eq(qn_process_run(compile, scratch_folder(), NULL, 60, NULL, &diag),
               QN_OK, "%s", diag.message);
  cr_assert_eq(
    qn_process_run(run, scratch_folder(), scratch_path("log"), 60, NULL, &diag),
    QN_OK, "%s", diag.message);
  return read_text("log");
}

Test(verilog, the_generated_testbench_passes_in_icarus)
{
  qn_core *core = core_of_spec();
  char *log;

  cr_assert_eq(qn_verilog_write(core, scratch_folder(), NULL), QN_OK);
  log = run_icarus();
  cr_expect_not_null(strstr(log, "PASS: 160 states, 16 results"), "%s", log);
  free(log);
  qn_core_free(core);
}

/* Flat gates and small states: fractions so fine that less is left of an
 * argument's sum than the argument is wide, and its sign is extended. */
Test(verilog, the_generated_testbench_passes_where_arguments_are_small)
{
  qn_network *net = random_network(&spec);
  qn_synapses *both[] = {&net->ltc.recurrent, &net->ltc.sensory};
  qn_core_options opt = qn_core_options_default;
  qn_core *core;
  unsigned product, kept;
  char *log;

  for (int k = 0; k < 2; k++)
    for (size_t i = 0; i < both[k]->count; i++) {
      both[k]->at[i].sigma /= 20;
      both[k]->at[i].erev /= 8;
      both[k]->at[i].mu = 0;
    }
  for (size_t j = 0; j < net->units; j++)
    net->ltc.vleak[j] /= 8;
  for (size_t k = 0; k < 2; k++) {
    net->input_map.b[k] = net->output_map.b[k] = 0;
    net->output_map.w[k] = 0.25;
  }
  opt.input_limit = 0.5;
  cr_assert_eq(qn_core_quantise(&core, net, &opt, NULL), QN_OK);
  product = 2 * core->width + (core->align.state > core->align.input
                                 ? core->align.state
                                 : core->align.input);
  kept = core->width + core->align.offset;
  kept = (kept > product ? kept : product) + 1 - core->align.cut;
  cr_assert(kept < core->argument.width, "%u bits", kept);
  cr_assert_eq(qn_verilog_write(core, scratch_folder(), NULL), QN_OK);
  log = run_icarus();
  cr_expect_not_null(strstr(log, "PASS: 160 states, 16 results"), "%s", log);
  free(log);
  qn_core_free(core);
  qn_network_free(net);
}

Test(verilog, the_generated_testbench_fails_on_a_wrong_vector)
{
  qn_core *core = core_of_spec();
  char *log, *data;

  cr_assert_eq(qn_verilog_write(core, scratch_folder(), NULL), QN_OK);
  data = read_text("tb_state.mem");
  data[5 * 100] = data[5 * 100] == '1' ? '2' : '1';
  cr_assert_eq(
    qn_file_write(scratch_path("tb_state.mem"), data, strlen(data), NULL),
    QN_OK);
  log = run_icarus();
  cr_expect_not_null(strstr(log, "FAIL: 1 faults"), "%s", log);
  cr_expect_null(strstr(log, "PASS"), "%s", log);
  free(data);
  free(log);
  qn_core_free(core);
}

Test(verilog, the_same_core_gives_the_same_bytes)
{
  static const char *const name[] = {"random_21.v", "drive.mem", "core.json",
                                     "random_21_tb.v", "tb_state.mem"};
  qn_core *core = core_of_spec();
  char *first[5], *again;

  cr_assert_eq(qn_verilog_write(core, scratch_folder(), NULL), QN_OK);
  for (int i = 0; i < 5; i++)
    first[i] = read_text(name[i]);
  cr_assert_eq(qn_verilog_write(core, scratch_folder(), NULL), QN_OK);
  for (int i = 0; i < 5; i++) {
    again = read_text(name[i]);
    cr_expect_str_eq(again, first[i]);
    free(again);
    free(first[i]);
  }
  qn_core_free(core);
}

Test(verilog, core_json_holds_formats_proof_and_cycles)
{
  qn_core *core = core_of_spec();
  json_t *root;

  cr_assert_eq(qn_verilog_write(core, scratch_folder(), NULL), QN_OK);
  root = json_load_file(scratch_path("core.json"), 0, NULL);
  cr_assert_not_null(root);
  cr_expect_str_eq(json_string_value(json_object_get(root, "layout_hash")),
                   core->layout_hash);
  cr_expect_eq(json_array_size(json_object_get(root, "neurons")), 5);
  cr_expect_eq(json_integer_value(json_object_get(
                 json_object_get(root, "schedule"), "step_cycles")),
               core->cycles);
  json_decref(root);
  qn_core_free(core);
}

Test(verilog, any_name_becomes_an_identifier)
{
  static const char *const pair[][2] = {
    {"sine_ltc8", "sine_ltc8"}, {"8 units", "net_8_units"},
    {"table", "net_table"},     {"qn_core", "net_qn_core"},
    {"a-b.c", "a_b_c"},         {"", "net_"},
    {"n\303\251", "n__"},
  };

  for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
    char *name = qn_verilog_identifier(pair[i][0]);

    cr_expect_str_eq(name, pair[i][1]);
    free(name);
  }
}

Test(verilog, a_hostile_name_stays_in_a_comment)
{
  qn_network *net = random_network(&spec);
  qn_core *core;
  char *log;

  free(net->input_names[0]);
  net->input_names[0] = strdup("a\nendmodule */ `include \"/etc/passwd\"");
  cr_assert_eq(qn_core_quantise(&core, net, &qn_core_options_default, NULL),
               QN_OK);
  cr_assert_eq(qn_verilog_write(core, scratch_folder(), NULL), QN_OK);
  log = run_icarus();
  cr_expect_not_null(strstr(log, "PASS"), "%s", log);
  free(log);
  qn_core_free(core);
  qn_network_free(net);
}
