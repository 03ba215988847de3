/* test_bad_input.c - whatever is wrong with a file, the program ends with one
 * sentence that names file and place, exit 1, and leaves nothing behind. The
 * rows are those of the issue "From a trained network to silicon with one
 * command". */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#include "tests/base/scratch.h"
#include "tests/cli/failure.h"
#include "tests/model/network_file.h"
#include <quench/safetensors.h>

TestSuite(bad_input, .init = scratch_open, .fini = scratch_close,
          .timeout = 300);

/* ---- networks -------------------------------------------------------------------------- */

static const char good_network[] = "tests/data/sine_ltc8.safetensors";
static const char good_data[] = "tests/data/sine_ltc8.reference.safetensors";

static void refuses_network(const char *path, const char *place,
                            const char *part)
{
  FAILS(path, place, part, "run", path, good_data, "-o",
        scratch_path("out.csv"));
}

Test(bad_input, a_network_file_that_is_no_safetensors_file_is_named)
{
  refuses_network(scratch_path("missing.safetensors"), "", "cannot open");
  refuses_network(scratch_text("empty.safetensors", ""), "",
                  "the file is empty");
  refuses_network(scratch_bytes("long.safetensors", "\200\0\0\0\0\0\0\0{}", 10),
                  "header", "128 bytes long, the file has 2");
  refuses_network(scratch_tensors("text.safetensors", "{not json}", 8),
                  "header, byte 4", "not a JSON object");
  refuses_network(scratch_tensors("range.safetensors",
                                  "{\"a\":{\"dtype\":\"U8\",\"shape\":[9],"
                                  "\"data_offsets\":[0,9]}}",
                                  8),
                  "tensor 'a'", "reach outside the file");
  refuses_network(scratch_tensors("offsets.safetensors",
                                  "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],"
                                  "\"data_offsets\":[5,9]}}",
                                  8),
                  "tensor 'a'", "reach outside the file");
  refuses_network(scratch_tensors("overlap.safetensors",
                                  "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],"
                                  "\"data_offsets\":[0,4]},"
                                  "\"b\":{\"dtype\":\"U8\",\"shape\":[4],"
                                  "\"data_offsets\":[3,7]}}",
                                  8),
                  "tensor 'b'", "overlap");
}

/* two inputs as good_data has them; f is freed */
static void refuses_file(struct network_file *f, const char *place,
                         const char *part)
{
  const char *path = network_file_write(f, "bad.safetensors");

  network_file_free(f);
  refuses_network(path, place, part);
}

Test(bad_input, a_network_that_does_not_fit_its_own_metadata_is_refused)
{
  struct network_file *f = network_file_alloc(2, 3, 1);

  network_file_retype(f, "w", QN_I32);
  refuses_file(f, "tensor 'rnn_cell.w'", "dtype F32 or F64");
  f = network_file_alloc(2, 3, 1);
  network_file_reshape(f, "w", 2, 3, 2);
  refuses_file(f, "tensor 'rnn_cell.w'", "shape [3,2], expected [3,3]");
  f = network_file_alloc(2, 3, 1);
  network_file_remove(f, "sensory_mu");
  refuses_file(f, "tensor 'rnn_cell.sensory_mu'", "missing");
  f = network_file_alloc(2, 3, 1);
  network_file_set_metadata(f, NULL);
  refuses_file(f, "header", "no metadata");
  f = network_file_alloc(2, 3, 1);
  network_file_set(f, "ode_unfolds", "0");
  refuses_file(f, "quench.network, 'ode_unfolds'", "expected an integer");
}

Test(bad_input, a_weight_that_no_network_can_have_is_refused)
{
  struct network_file *f = network_file_alloc(2, 3, 1);

  network_file_values(f, "erev")[4] = NAN;
  refuses_file(f, "tensor 'rnn_cell.erev' at [1,1]", "finite");
  f = network_file_alloc(2, 3, 1);
  network_file_values(f, "vleak")[2] = INFINITY;
  refuses_file(f, "tensor 'rnn_cell.vleak' at [2]", "inf: expected a finite");
  f = network_file_alloc(2, 3, 1);
  network_file_values(f, "sparsity_mask")[5] = 0.5;
  refuses_file(f, "tensor 'rnn_cell.sparsity_mask' at [1,2]", "0 or 1");
}

/* ncps computes with it, and so does the reference */
Test(bad_input, a_negative_conductance_is_refused_where_a_circuit_is_made)
{
  static const struct {
    const char *key;
    size_t i;
    const char *place, *part;
  } rows[] = {
    {"w", 5, "synapse from neuron 1 to neuron 2", "w = -0.5: negative"},
    {"sensory_w", 1, "synapse from input 0 to neuron 1", "w = -0.5: negative"},
    {"gleak", 0, "neuron 0", "gleak = -0.5: negative"},
    {"cm", 2, "neuron 2", "apply_weight_constraints()"}};
  const char *data = scratch_text("data.csv", "x1,x2\n0.5,1\n");

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct network_file *f = network_file_alloc(2, 3, 1);
    const char *place = rows[i].place, *part = rows[i].part, *net;
    struct program p;

    network_file_values(f, rows[i].key)[rows[i].i] = -0.5;
    net = network_file_write(f, "negative.safetensors");
    network_file_free(f);
    FAILS(net, place, part, "run", net, data, "--on", "ode");
    FAILS(net, place, part, "map", net);
    FAILS(net, place, part, "quantise", net, data);
    FAILS(net, place, part, "verilog", net, "-o", scratch_path("folder"));
    FAILS(net, place, part, "netlist", net, "-o", scratch_path("folder"));
    p = program_run(NULL, "run", net, data, NULL);
    cr_expect(eq(int, p.status, 0), "%s", p.err);
    program_release(&p);
  }
}

Test(bad_input, a_cell_that_is_no_circuit_is_refused_with_what_takes_it)
{
  static const char cfc[] = "tests/data/occupancy_cfc16.safetensors";
  static const char data[] = "tests/data/occupancy_cfc16.reference.safetensors";
  static const char wired[] = "tests/data/person_cfcncp40.safetensors";
  static const char mixed[] = "tests/data/drawn/ltc_mixed.safetensors";
  static const char mixed_data[] =
    "tests/data/drawn/ltc_mixed.reference.safetensors";
  const char *folder = scratch_path("folder");

  FAILS(cfc, "", "'cfc' has none: it runs on reference", "run", cfc, data,
        "--on", "ode");
  FAILS(cfc, "", "'cfc': it runs on reference", "run", cfc, data, "--on",
        "analog");
  FAILS(cfc, "", "'cfc': it runs on reference", "run", cfc, data, "--on",
        "fixed", "-o", scratch_path("out.csv"));
  FAILS(cfc, "", "'cfc': it runs on reference", "quantise", cfc, data);
  FAILS(wired, "", "'wired_cfc': it runs on reference", "map", wired);
  FAILS(wired, "", "'wired_cfc': it runs on reference", "netlist", wired, "-o",
        folder);
  FAILS(wired, "", "'wired_cfc': it runs on reference", "verilog", wired, "-o",
        folder);
  FAILS(mixed, "", "'ltc' with mixed memory: it runs on reference and ode",
        "map", mixed);
  FAILS(mixed, "", "'ltc' with mixed memory: it runs on reference and ode",
        "cosim", mixed, mixed_data);
}

Test(bad_input, a_cfc_that_does_not_fit_its_own_metadata_is_refused)
{
  static const size_t sizes[] = {2, 1, 0};
  struct network_file *f = network_file_alloc_cfc(2, 3, "default", 1, 4);

  network_file_remove(f, "time_b.bias");
  refuses_file(f, "tensor 'rnn_cell.time_b.bias'",
               "missing, expected shape [3]");
  f = network_file_alloc_cfc(2, 3, "default", 1, 4);
  network_file_set(f, "mode", "\"gate\"");
  refuses_file(f, "quench.network, 'mode'", "expected \"default\"");
  f = network_file_alloc_cfc(2, 3, "default", 1, 4);
  network_file_set(f, "framework", "\"ncps.keras\"");
  refuses_file(f, "quench.network, 'framework'", "train with ncps.torch");
  f = network_file_alloc_wired(2, "default", sizes);
  network_file_remove(f, "layer_1.sparsity_mask");
  refuses_file(f, "tensor 'rnn_cell.layer_1.sparsity_mask'", "missing");
  f = network_file_alloc(2, 3, 1);
  network_file_add_memory(f);
  network_file_set(f, "mixed_memory", "false");
  refuses_file(f, "tensor 'lstm.input_map.weight'", "is not a part");
}

Test(bad_input, no_command_leaves_a_folder_for_a_bad_network)
{
  const char *bad = scratch_text("bad.safetensors", "");
  const char *folder = scratch_path("folder");

  FAILS(bad, "", "the file is empty", "info", bad);
  FAILS(bad, "", "the file is empty", "map", bad);
  FAILS(bad, "", "the file is empty", "compare", bad, good_data);
  FAILS(bad, "", "the file is empty", "netlist", bad, "-o", folder);
  FAILS(bad, "", "the file is empty", "verilog", bad, "-o", folder);
  FAILS(bad, "", "the file is empty", "quantise", bad, good_data);
  FAILS(bad, "", "the file is empty", "cosim", bad, good_data);
}

Test(bad_input, a_neuron_that_floats_is_refused_where_time_is_continuous)
{
  struct network_file *f = network_file_alloc(2, 3, 1);
  const char *data = scratch_text("data.csv", "x1,x2\n0.5,1\n"), *path;

  network_file_values(f, "cm")[1] = 0;
  network_file_values(f, "gleak")[1] = 0;
  for (size_t pre = 0; pre < 3; pre++)
    network_file_values(f, "w")[pre * 3 + 1] = 0;
  for (size_t pre = 0; pre < 2; pre++)
    network_file_values(f, "sensory_w")[pre * 3 + 1] = 0;
  path = network_file_write(f, "floats.safetensors");
  network_file_free(f);
  FAILS(path, "neuron 1", "undefined in continuous time", "run", path, data,
        "--on", "ode");
  FAILS(path, "neuron 1", "undefined in continuous time", "run", path, data,
        "--on", "analog");
}

/* ---- datasets ---------------------------------------------------------------------------- */

static void refuses_data(const char *path, const char *place, const char *part)
{
  FAILS(path, place, part, "run", good_network, path, "-o",
        scratch_path("out.csv"));
}

Test(bad_input, a_csv_that_does_not_fit_the_network_is_refused_with_its_line)
{
  static const struct {
    const char *text, *place, *part;
  } rows[] = {
    {"", "", "at least one row"},
    {"sin,cos\n", "", "at least one row"},
    {"sin\n0.5\n", "header", "no column 'cos'"},
    {"sin,cos\n0.1,0.2\n0.3\n", "line 3", "1 cells, the header has 2"},
    {"sin,cos\n0.1,zero\n", "line 2, column 'cos'", "'zero' is not a finite"},
    {"sin,cos\n0.1,nan\n", "line 2, column 'cos'", "'nan' is not a finite"},
    {"sin,cos\n0.1,\"0.2\n", "line 2", "quote"},
    {"sin,cos,timespan\n0.1,0.2,1\n0.1,0.2,0\n",
     "sequence 0, step 1, time span", "a finite number of at least 1e-12"},
    {"sin,cos,sequence\n1,2,a\n1,2,b\n1,2,a\n", "sequence 'a'",
     "do not stand together"},
  };

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    refuses_data(scratch_text("bad.csv", rows[i].text), rows[i].place,
                 rows[i].part);
}

/* what a cell holds is quoted in the message: bytes that are no UTF-8 and line
 * ends must not break it */
Test(bad_input, a_cell_of_arbitrary_bytes_is_quoted_on_one_line)
{
  refuses_data(scratch_text("bad.csv", "sin,cos\n\xb5g,0\n"),
               "line 2, column 'sin'", "'?g' is not a finite number");
  refuses_data(scratch_text("bad.csv", "sin,cos\n\"1\n2\",0\n"),
               "line 2, column 'sin'", "'1?2' is not a finite number");
}

Test(bad_input, a_dataset_file_that_is_missing_or_of_another_size_is_refused)
{
  static const double zeros[24];
  const qn_tensor features = {"inputs", QN_F64, 3, {2, 3, 4}, 24, zeros};
  const char *path = scratch_path("features.safetensors");

  cr_assert(
    eq(int, qn_safetensors_write(path, &features, 1, NULL, NULL, NULL), QN_OK));
  refuses_data(path, "tensor 'inputs'", "4 features, the network takes 2");
  refuses_data(scratch_path("missing.csv"), "", "cannot open");
  refuses_data(scratch_path("missing.safetensors"), "", "cannot open");
  refuses_data(scratch_text("data.xls", ""), "", ".csv or .safetensors");
  refuses_data(scratch_text("empty.safetensors", ""), "", "is empty");
}

Test(bad_input, raw_data_is_refused_where_the_network_has_no_scale)
{
  struct network_file *f = network_file_alloc(1, 1, 1);
  const char *path = network_file_write(f, "net.safetensors");
  const char *data = scratch_text("data.csv", "x1\n1\n");

  network_file_free(f);
  FAILS(path, "quench.network", "leave --raw out", "run", path, data, "--raw");
}

/* ---- technologies ------------------------------------------------------------------------- */

static void refuses_technology(const char *text, const char *place,
                               const char *part)
{
  const char *path = scratch_text("bad.yaml", text);
  const char *out = scratch_path("out.csv"), *folder = scratch_path("folder");

  FAILS(path, place, part, "run", good_network, good_data, "--on", "analog",
        "-t", path, "-o", out);
  FAILS(path, place, part, "map", good_network, "-t", path);
  FAILS(path, place, part, "netlist", good_network, "-t", path, "-o", folder);
}

Test(bad_input, a_technology_that_does_not_fit_the_schema_is_refused)
{
  refuses_technology("name: x\nmemristor:\n  levls: 4\n",
                     "line 3, 'memristor.levls'",
                     "nearest known one is 'memristor.levels'");
  refuses_technology("name: x\ntemperature:\n  run_k: 1e6\n",
                     "line 3, 'temperature.run_k'",
                     "1e+06 is out of range, expected 1 to 1000 [K]");
  refuses_technology("name: x\ntemperature:\n  run_k: warm\n",
                     "line 3, 'temperature.run_k'", "expected a number [K]");
  refuses_technology("name: x\n\tgate: 1\n", "line 2", "not YAML");
}

Test(bad_input, an_unknown_technology_realisation_or_name_lists_the_known)
{
  FAILS("unobtainium", "", "hfox_generic ideal pcm sky130_reram", "run",
        good_network, good_data, "--on", "analog", "-t", "unobtainium");
  FAILS("--on", "magic", "reference ode analog spice", "run", good_network,
        good_data, "--on", "magic");
  FAILS("unobtainium", "", "quench list", "show", "unobtainium");
}
