/* test_netlist_noise.c - quench netlist on a technology with noise: the decks
 * that it writes run. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/cli/program.h"
#include <quench/file.h>
#include <quench/process.h>

TestSuite(netlist_noise, .init = scratch_open, .fini = scratch_close,
          .timeout = 300);

static const char sine[] = "tests/data/sine_ltc8.safetensors";

/* ngspice in the folder; 0 where it ran without a complaint */
static int complains(const char *deck)
{
  const char *const argv[] = {"ngspice", "-b", "-n", deck, NULL};
  const char *log_path = scratch_path("log");
  qn_diag diag = {0};
  char *log;
  size_t size;
  int found;

  cr_assert(
    eq(int,
       qn_process_run(argv, scratch_path("deck"), log_path, 100, NULL, &diag),
       QN_OK),
    "%s", diag.message);
  cr_assert(
    eq(int, qn_file_read(scratch_path("log"), &log, &size, NULL), QN_OK));
  found = strstr(log, "arning") || strstr(log, "rror");
  cr_expect(eq(int, found, 0), "%s", log);
  free(log);
  return found;
}

/* sky130_reram has noise: a deck for .noise beside a quiet one, and, where it is
 * asked for, numbers in the transient */
Test(netlist_noise, decks_of_a_noisy_technology_run)
{
  static const char few[] =
    "sky130_reram,noise.memristor_flicker=0,noise.amplifier_flicker_v2=0";
  const char *folder = scratch_path("deck");
  struct program p =
    program_run(NULL, "netlist", sine, "-t", few, "-o", folder, NULL);
  char *text;
  size_t size;

  cr_assert(eq(int, p.status, 0), "%s", p.err);
  program_release(&p);
  cr_assert(eq(
    int, qn_file_read(scratch_path("deck/sine_ltc8.cir"), &text, &size, NULL),
    QN_OK));
  cr_expect(strstr(text, "qn_noise") == NULL);
  free(text);
  cr_expect(eq(int, complains("tb_sine_ltc8_noise.cir"), 0));
  cr_expect(qn_file_exists(scratch_path("deck/sine_ltc8_noise.raw")));
  p = program_run(NULL, "netlist", sine, "-t", few, "-o", folder,
                  "--transient-noise", NULL);
  cr_assert(eq(int, p.status, 0), "%s", p.err);
  program_release(&p);
  cr_expect(eq(int, complains("tb_sine_ltc8.cir"), 0));
  cr_assert(eq(
    int, qn_file_read(scratch_path("deck/sine_ltc8.cir"), &text, &size, NULL),
    QN_OK));
  cr_expect(strstr(text, "trnoise(") != NULL);
  free(text);
}
