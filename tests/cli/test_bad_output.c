/* test_bad_output.c - what cannot be written, and tools that are missing or
 * broken, end as bad input does. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/base/scratch.h"
#include "tests/cli/failure.h"
#include <quench/file.h>

TestSuite(bad_output, .init = scratch_open, .fini = scratch_close,
          .timeout = 300);

static const char good_network[] = "tests/data/sine_ltc8.safetensors";
static const char good_data[] = "tests/data/sine_ltc8.reference.safetensors";

/* ---- outputs --------------------------------------------------------------------------------- */

Test(bad_output, an_output_that_cannot_be_written_is_named)
{
  const char *plain = scratch_text("plain", "not a folder");
  const char *inside = scratch_path("plain/out.csv");
  const char *missing = scratch_path("none/out.safetensors");
  const char *other = scratch_path("out.txt");
  const char *states = scratch_path("out.csv");
  const char *cfc_data = scratch_text(
    "five.csv", "Temperature [degC],Humidity [%],Light [lux],CO2 [ppm],"
                "HumidityRatio [kg/kg]\n0,0,0,0,0\n");
  char *text;
  size_t size;

  FAILS(inside, "", "cannot write", "run", good_network, good_data, "-o",
        inside);
  FAILS(missing, "", "cannot write", "run", good_network, good_data, "-o",
        missing, "--states");
  FAILS(other, "", ".csv or .safetensors", "run", good_network, good_data, "-o",
        other);
  FAILS("--trace", "", "nowhere to write", "run", good_network, good_data,
        "--trace", "tau");
  FAILS("--trace", "", "'v' is none of", "run", good_network, good_data,
        "--trace", "outputs,v", "-o", states);
  FAILS("tests/data/occupancy_cfc16.safetensors", "", "'cfc' has none", "run",
        "tests/data/occupancy_cfc16.safetensors", cfc_data, "--trace", "tau",
        "-o", states);
  cr_assert(eq(int, qn_file_read(plain, &text, &size, NULL), QN_OK));
  cr_expect(eq(str, text, "not a folder"));
  free(text);
}

Test(bad_output, a_folder_that_cannot_be_made_is_named)
{
  const char *plain = scratch_text("plain", "not a folder");
  const char *inside = scratch_path("plain/sub");
  const char *rtl = scratch_path("plain/rtl");

  FAILS(rtl, "", "cannot make folder", "verilog", good_network, "-o", plain);
  FAILS(inside, "", "cannot make folder", "netlist", good_network, "-o",
        inside);
}

Test(bad_output, a_standard_output_that_is_full_is_an_error)
{
  const struct program_setting full = {.output = "/dev/full"};
  struct program p = program_run(&full, "info", good_network, NULL);

  cr_expect(eq(int, p.status, 1));
  cr_expect(
    is_one_sentence(p.err, "quench: standard output: ", "cannot write"));
  program_release(&p);
}

/* ---- tools ------------------------------------------------------------------------------------- */

Test(bad_output, a_missing_tool_says_how_to_install_it)
{
  const struct program_setting nowhere = {.path = ""};

  expect_fails(&nowhere,
               (const char *const[]){"run", good_network, good_data, "--on",
                                     "spice", "-o", scratch_path("out.csv"),
                                     NULL},
               "ngspice", "", "apt-get install ngspice");
  expect_fails(
    &nowhere,
    (const char *const[]){"run", good_network, good_data, "--on", "rtl", NULL},
    "verilator", "", "apt-get install verilator");
  expect_fails(&nowhere,
               (const char *const[]){"run", good_network, good_data, "--on",
                                     "gates", NULL},
               "yosys", "", "apt-get install yosys");
}

/* a tool that is there but broken; its files are kept to be looked at */
Test(bad_output, a_tool_that_fails_is_quoted_with_its_last_words)
{
  struct program_setting broken = {.path = scratch_path("bin")};
  const char *out = scratch_path("out.csv"), *tool;
  char begin[256];
  struct program p;

  setenv("TMPDIR", scratch_folder(), 1);
  cr_assert(eq(int, qn_file_make_folder(broken.path, NULL), QN_OK));
  tool = scratch_text("bin/ngspice",
                      "#!/bin/sh\necho 'no more licences' >&2\nexit 9\n");
  cr_assert(eq(int, chmod(tool, 0755), 0));
  p = program_run(&broken, "run", good_network, good_data, "--on", "spice",
                  "-o", out, NULL);
  cr_expect(eq(int, p.status, 1));
  snprintf(begin, sizeof begin, "quench: %s/", scratch_folder());
  cr_expect(is_one_sentence(p.err, begin, "no more licences"));
  cr_expect(eq(str, p.out, ""));
  cr_expect(not(qn_file_exists(out)));
  program_release(&p);
}
