/* test_verification.c - exit status 3: what must be equal is not. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/base/scratch.h"
#include "tests/cli/program.h"
#include <quench/file.h>
#include <quench/process.h>

TestSuite(verification, .init = scratch_open, .fini = scratch_close,
          .timeout = 300);

static const char sine[] = "tests/data/sine_ltc8.safetensors";
static const char sine_data[] = "tests/data/sine_ltc8.reference.safetensors";

/* change the third digit of the last word in a memory image */
static void spoil(const char *path)
{
  char *text, *digit;
  size_t size;

  cr_assert(eq(int, qn_file_read(path, &text, &size, NULL), QN_OK));
  digit = strrchr(text, '\n');
  cr_assert(digit != NULL);
  *digit = 0;
  digit = strrchr(text, '\n') + 3;
  *digit = *digit == '0' ? '1' : '0';
  text[strlen(text)] = '\n';
  cr_assert(eq(int, qn_file_write(path, text, size, NULL), QN_OK));
  free(text);
}

Test(verification, cosim_takes_the_folder_that_verilog_wrote)
{
  const char *folder = scratch_path("core");
  struct program p = program_run(NULL, "verilog", sine, "-o", folder, NULL);

  cr_expect(eq(int, p.status, 0), "%s", p.err);
  program_release(&p);
  p = program_run(NULL, "cosim", sine, sine_data, "--images", folder, NULL);
  cr_expect(eq(int, p.status, 0), "%s", p.err);
  cr_expect(strstr(p.out, "equals fixed in every bit: 48 steps, 2304 state "
                          "writes, 48 results") != NULL);
  program_release(&p);
}

Test(verification, cosim_finds_a_wrong_word_and_names_neuron_step_and_values)
{
  const char *folder = scratch_path("core");
  char path[512];
  struct program p = program_run(NULL, "verilog", sine, "-o", folder, NULL);

  cr_assert(eq(int, p.status, 0), "%s", p.err);
  program_release(&p);
  snprintf(path, sizeof path, "%s/bias_num.mem", folder);
  spoil(path); /* the leak of the last neuron */
  p = program_run(NULL, "cosim", sine, sine_data, "--images", folder, NULL);
  cr_expect(eq(int, p.status, 3), "%d: %s", p.status, p.err);
  cr_expect(strstr(p.err, "neuron 7") != NULL, "%s", p.err);
  cr_expect(strstr(p.err, "step ") && strstr(p.err, "unfold "), "%s", p.err);
  program_release(&p);
}

/* a loose analog run is not what ngspice computes */
Test(verification, netlist_finds_an_analog_run_that_differs)
{
  const char *folder = scratch_path("deck");
  struct program p = program_run(NULL, "netlist", sine, "-o", folder,
                                 "--verify", sine_data, NULL);

  cr_expect(eq(int, p.status, 0), "%s", p.err);
  program_release(&p);
  p = program_run(NULL, "netlist", sine, "-o", folder, "--verify", sine_data,
                  "--tolerance", "0.01", NULL);
  cr_expect(eq(int, p.status, 3), "%d: %s", p.status, p.err);
  cr_expect(strstr(p.err, "differ from analog") != NULL, "%s", p.err);
  program_release(&p);
}

Test(verification, run_finds_results_in_the_file_that_ncps_did_not_compute)
{
  const char *path = scratch_path("spoilt.safetensors");
  struct program p;
  char *bytes;
  size_t size;

  cr_assert(eq(int, qn_file_read(sine_data, &bytes, &size, NULL), QN_OK));
  bytes[size - 2] ^= 1; /* of the last double, little endian: one part in 16 */
  cr_assert(eq(int, qn_file_write(path, bytes, size, NULL), QN_OK));
  free(bytes);
  p = program_run(NULL, "run", sine, path, NULL);
  cr_expect(eq(int, p.status, 3), "%d: %s", p.status, p.err);
  cr_expect(strstr(p.err, "in the file, more than 1e-12") != NULL, "%s", p.err);
  program_release(&p);
}

/* a folder for PATH that holds ngspice alone */
static const char *ngspice_alone(void)
{
  const char *folder = scratch_path("bin");
  char *ngspice = qn_process_find("ngspice");
  char link[512];

  cr_assert(ngspice != NULL);
  cr_assert(eq(int, qn_file_make_folder(folder, NULL), QN_OK));
  snprintf(link, sizeof link, "%s/ngspice", folder);
  cr_assert(eq(int, symlink(ngspice, link), 0));
  free(ngspice);
  return scratch_path("bin");
}

/* the same chip, integrated loosely: ngspice is right and analog is not */
Test(verification, compare_ends_with_3_where_spice_is_not_analog)
{
  const struct program_setting tools = {.path = ngspice_alone()};
  struct program p = program_run(&tools, "compare", sine, sine_data, NULL);

  cr_expect(eq(int, p.status, 0), "%s", p.err); /* each on its technology */
  program_release(&p);
  p = program_run(&tools, "compare", sine, sine_data, "-t", "ideal",
                  "--tolerance", "0.01", NULL);
  cr_expect(eq(int, p.status, 3), "%d: %s", p.status, p.err);
  cr_expect(strstr(p.err, "spice: ideal: states differ from analog") != NULL,
            "%s", p.err);
  program_release(&p);
}

/* an error of the user's is no row that is skipped */
Test(verification, compare_ends_with_1_where_the_technology_is_unknown)
{
  struct program p =
    program_run(NULL, "compare", sine, sine_data, "-t", "wishful", NULL);

  cr_expect(eq(int, p.status, 1), "%d", p.status);
  cr_expect(strstr(p.err, "no such technology") != NULL, "%s", p.err);
  program_release(&p);
}

/* a tool that is missing is a row that is skipped; one that fails is a failure
 */
Test(verification, compare_does_not_skip_what_started_and_failed)
{
  const char *path = scratch_text("ngspice", "#!/bin/sh\nexit 1\n");
  struct program_setting tools = {.path = scratch_folder()};
  struct program p;

  cr_assert(eq(int, chmod(path, 0755), 0));
  p = program_run(&tools, "compare", sine, sine_data, "-t", "ideal", NULL);
  cr_expect(eq(int, p.status, 1), "%d", p.status);
  cr_expect(strstr(p.err, "ngspice failed") != NULL, "%s", p.err);
  program_release(&p);
}
