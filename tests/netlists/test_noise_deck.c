/* test_noise_deck.c - thermal noise in decks: what ngspice's .noise makes of it
 * is kT/C, whatever the conductances. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quench/file.h>
#include <quench/process.h>

#include "tests/base/scratch.h"
#include "tests/netlists/dialect_check.h"
#include "tests/netlists/small.h"

TestSuite(noise_deck, .init = scratch_open, .fini = scratch_close);

static const double kelvin = 320;

static char *chip_text(small *s)
{
  qn_diag diag = {0};
  char *text;

  s->chip.technology.thermal_noise = QN_ON;
  s->chip.technology.temperature_k = kelvin;
  cr_assert_eq(
    qn_netlist_chip_text(&s->chip, NULL, QN_NETLIST_FLAT, &text, &diag), QN_OK,
    "%s", diag.message);
  return text;
}

/* rms of membrane 0 over all frequencies [V], by ngspice at rest */
static double noise_of(small *s)
{
  static const char bench[] =
    "* noise\n.include \"chip.cir\"\nVx0 x0 0 0.63 ac 1\nXchip x0 n0 qn_chip\n"
    ".options temp=46.85 reltol=1e-9\n.noise v(n0) Vx0 dec 100 1 1e13\n"
    ".control\nrun\nsetplot noise2\nprint onoise_total\nquit 0\n.endc\n.end\n";
  const char *const argv[] = {"ngspice", "-b", "-n", "bench.cir", NULL};
  char *text = chip_text(s), *log;
  qn_diag diag = {0};
  size_t size;
  double v;

  scratch_text("chip.cir", text);
  scratch_text("bench.cir", bench);
  cr_assert_eq(qn_process_run(argv, scratch_folder(), scratch_path("log"), 60,
                              NULL, &diag),
               QN_OK, "%s", diag.message);
  cr_assert_eq(qn_file_read(scratch_path("log"), &log, &size, NULL), QN_OK);
  cr_assert(strstr(log, "onoise_total = "), "%s", log);
  v = strtod(strstr(log, "onoise_total = ") + 15, NULL);
  free(text);
  free(log);
  return v;
}

/* Every conductance is at one temperature, its noise in the same ratio to what
 * it damps: equipartition. ngspice sums over a hundred points a decade. */
Test(noise_deck, a_membrane_of_direct_cells_has_kt_over_c)
{
  static const double farads[] = {1e-12, 0.2e-12};

  for (int i = 0; i < 2; i++) {
    double want = sqrt(1.380649e-23 * kelvin / farads[i]);
    small s;

    small_open(&s, 1);
    s.capacitance[0] = farads[i];
    cr_expect_float_eq(noise_of(&s), want, 1e-3 * want, "%g F", farads[i]);
    small_close(&s);
  }
}

/* a switch adds to the resistance, and to its noise */
Test(noise_deck, so_has_one_behind_switches)
{
  double want = sqrt(1.380649e-23 * kelvin / 1e-12);
  small s;

  small_open(&s, 1);
  s.chip.technology.switch_ohm = 1e5;
  cr_expect_float_eq(noise_of(&s), want, 1e-3 * want);
  small_close(&s);
}

/* A steered pair passes s of a current and s^2 of its noise: less than kT/C by
 * what (4 k T (G_leak + sum s^2 G)) / (4 k T (G_leak + sum s G)) is. */
Test(noise_deck, steered_cells_pass_the_square_of_their_fraction)
{
  double up, down, want;
  small s;

  small_open(&s, 1);
  small_make_steered(&s);
  up = 1 / (1 + exp(-25 * 1.5 * 0.03));
  down = 1 / (1 + exp(-25 * 1.7 * 0.06));
  want = 1.380649e-23 * kelvin / 1e-12;
  want *= (4e-6 + up * up * 3e-6 + down * down * 1e-6) /
          (4e-6 + up * 3e-6 + down * 1e-6);
  cr_expect_float_eq(noise_of(&s), sqrt(want), 1e-3 * sqrt(want));
  small_close(&s);
}

/* a transient does not see it, and the rules hold */
Test(noise_deck, a_transient_without_trnoise_is_as_before)
{
  small quiet, noisy;
  size_t line;
  char *text;

  small_open(&quiet, 2);
  small_open(&noisy, 2);
  text = chip_text(&noisy);
  cr_expect_eq(dialect_check(text, DIALECT_XYCE, &line), RULE_NONE, "%zu",
               line);
  small_run(&quiet, 1e-5, QN_NETLIST_CELLS);
  small_run(&noisy, 1e-5, QN_NETLIST_CELLS);
  for (size_t i = 0; i < SMALL_ROWS * 2; i++)
    cr_expect_float_eq(quiet.trace->state[i], noisy.trace->state[i], 1e-6);
  free(text);
  small_close(&quiet);
  small_close(&noisy);
}
