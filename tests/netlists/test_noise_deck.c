/* test_noise_deck.c - noise in decks: what ngspice's .noise makes of it is kT/C
 * of passive conductances, the covariance of every source, and 1/f. */
#include <criterion/criterion.h>
#include <gsl/gsl_math.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quench/catalogue.h>
#include <quench/file.h>
#include <quench/process.h>

#include "tests/base/scratch.h"
#include "tests/netlists/dialect_check.h"
#include "tests/netlists/small.h"
#include "tests/sim/noise_chip.h"

TestSuite(noise_deck, .init = scratch_open, .fini = scratch_close);

static const double kelvin = 320;

static char *chip_text(small *s)
{
  qn_diag diag = {0};
  char *text;

  s->chip.technology.temperature_k = kelvin;
  cr_assert_eq(
    qn_netlist_chip_text(&s->chip, NULL, QN_NETLIST_FLAT, &text, &diag), QN_OK,
    "%s", diag.message);
  return text;
}

static void expect_portable(const char *text)
{
  size_t line;

  cr_expect_eq(dialect_check(text, DIALECT_XYCE, &line), RULE_NONE, "%zu",
               line);
}

/* what ngspice says of a bench around a chip */
static char *run_bench(const char *chip, const char *bench)
{
  const char *const argv[] = {"ngspice", "-b", "-n", "bench.cir", NULL};
  qn_diag diag = {0};
  size_t size;
  char *log;

  scratch_text("chip.cir", chip);
  scratch_text("bench.cir", bench);
  cr_assert_eq(qn_process_run(argv, scratch_folder(), scratch_path("log"), 60,
                              NULL, &diag),
               QN_OK, "%s", diag.message);
  cr_assert_eq(qn_file_read(scratch_path("log"), &log, &size, NULL), QN_OK);
  return log;
}

static double measured(const char *log, const char *name)
{
  const char *at = strstr(log, name);

  cr_assert(at != NULL, "no %s in: %s", name, log);
  return strtod(at + strlen(name), NULL);
}

/* rms of membrane 0 over all frequencies [V], by ngspice at rest */
static double noise_of(small *s)
{
  static const char bench[] =
    "* noise\n.include \"chip.cir\"\nVx0 x0 0 0.63 ac 1\nXchip x0 n0 qn_chip\n"
    ".options temp=46.85 reltol=1e-9\n.noise v(n0) Vx0 dec 100 1 1e13\n"
    ".control\nrun\nsetplot noise2\nprint onoise_total\nquit 0\n.endc\n.end\n";
  char *text = chip_text(s), *log = run_bench(text, bench);
  double v = measured(log, "onoise_total = ");

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
    s.chip.technology.thermal_noise = QN_ON;
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
  s.chip.technology.thermal_noise = QN_ON;
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
  s.chip.technology.thermal_noise = QN_ON;
  up = 1 / (1 + exp(-25 * 1.5 * 0.03));
  down = 1 / (1 + exp(-25 * 1.7 * 0.06));
  want = 1.380649e-23 * kelvin / 1e-12;
  want *= (4e-6 + up * up * 3e-6 + down * down * 1e-6) /
          (4e-6 + up * 3e-6 + down * 1e-6);
  cr_expect_float_eq(noise_of(&s), sqrt(want), 1e-3 * sqrt(want));
  small_close(&s);
}

/* ---- every source, against the covariance ------------------------------------------------- */

/* two neurons that inhibit and excite each other, held at rest */
static void open_pair(noise_chip *c, qn_synapse_cell cell)
{
  noise_chip_open(c, 2);
  c->capacitance[1] = 0.5e-12;
  noise_chip_connect(c, 1, 0, 0.5e-6, 4e-6, (qn_gate){2, 0.62});
  noise_chip_connect(c, 0, 1, 5e-6, 1e-6, (qn_gate){-1, 0.58});
  c->sensory[0].minus_gate = (qn_gate){1.1, 0.57};
  c->recurrent[0].minus_gate = (qn_gate){1.7, 0.64};
  c->chip.technology.cell = cell;
  c->chip.technology.gate_current_a = 2e-7;
  c->chip.technology.flicker_low_hz = 1e3;
  c->chip.technology.flicker_high_hz = 1e8;
  for (size_t i = 0; i < 2 && cell == QN_CELL_TRANSCONDUCTOR; i++)
    c->sensory[i].minus_s = c->recurrent[i].minus_s = 0; /* it has one */
  noise_chip_hold(c, 0.3, 20);
}

/* rms of both membranes in ngspice's .noise [V] */
static void deck_noise(const noise_chip *c, double rms[2])
{
  static const char bench[] =
    "* noise\n.include \"chip.cir\"\nVx0 x0 0 0.63 ac 1\n"
    "Xchip x0 n0 n1 qn_chip\n.options temp=26.85 reltol=1e-9\n.control\n"
    "noise v(n0) Vx0 dec 100 1 1e13\nprint noise2.onoise_total\n"
    "noise v(n1) Vx0 dec 100 1 1e13\nprint noise4.onoise_total\nquit 0\n.endc\n"
    ".end\n";
  char *text, *log;
  qn_diag diag = {0};

  cr_assert_eq(
    qn_netlist_chip_text(&c->chip, NULL, QN_NETLIST_CELLS, &text, &diag), QN_OK,
    "%s", diag.message);
  expect_portable(text);
  log = run_bench(text, bench);
  rms[0] = measured(log, "noise2.onoise_total = ");
  rms[1] = measured(log, "noise4.onoise_total = ");
  free(text);
  free(log);
}

/* ngspice sums over a hundred points a decade; the covariance takes fast poles
 * as white and slow ones as constant, to first order */
static void expect_noise(const noise_chip *c, const char *what)
{
  qn_noise *ours = noise_chip_run(c, QN_NOISE_WHOLE, 1e-9);
  double rms[2];

  deck_noise(c, rms);
  for (size_t j = 0; j < 2; j++) {
    double want = sqrt(noise_chip_cov(c, ours, 0, j, j));

    cr_log_info("%s, n%zu: %.6g of %.6g V", what, j, rms[j], want);
    cr_expect_gt(want, 0, "%s", what);
    cr_expect_float_eq(rms[j], want, 1e-3 * want, "%s, n%zu: %g, not %g V",
                       what, j, rms[j], want);
  }
  qn_noise_free(ours);
}

static void switch_on(qn_technology *t, qn_noise_kind kind)
{
  switch (kind) {
  case QN_NOISE_THERMAL:
    t->thermal_noise = QN_ON;
    break;
  case QN_NOISE_SHOT:
  case QN_NOISE_GATE:
    t->shot_noise = QN_ON;
    break;
  case QN_NOISE_AMPLIFIER:
    t->amplifier_noise_v_per_rthz = 6e-8;
    break;
  case QN_NOISE_FLICKER:
    t->memristor_flicker = 1e-6;
    break;
  case QN_NOISE_TELEGRAPH:
    t->telegraph_amplitude = 0.1;
    t->telegraph_rate_up_hz = 3e5;
    t->telegraph_rate_down_hz = 1e6;
    break;
  case QN_NOISE_AMPLIFIER_FLICKER:
    t->amplifier_flicker_v2 = 2e-9;
    break;
  default:
    cr_assert_fail("%s is not in decks", qn_noise_name(kind));
  }
}

static const qn_noise_kind kinds[] = {
  QN_NOISE_THERMAL,          QN_NOISE_SHOT,      QN_NOISE_GATE,
  QN_NOISE_FLICKER,          QN_NOISE_TELEGRAPH, QN_NOISE_AMPLIFIER,
  QN_NOISE_AMPLIFIER_FLICKER};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* each alone, then all of them */
static void check_cell(qn_synapse_cell cell, double linear_range_v)
{
  noise_chip all;

  open_pair(&all, cell);
  all.chip.technology.linear_range_v = linear_range_v;
  for (size_t k = 0; k < KINDS; k++) {
    noise_chip c;

    open_pair(&c, cell);
    c.chip.technology.linear_range_v = linear_range_v;
    switch_on(&c.chip.technology, kinds[k]);
    switch_on(&all.chip.technology, kinds[k]);
    if (qn_noise_is_on(&c.chip.technology, (int)kinds[k]))
      expect_noise(&c, qn_noise_name(kinds[k]));
  }
  expect_noise(&all, "all");
}

Test(noise_deck, direct_cells_have_the_noise_that_the_covariance_has,
     .timeout = 300)
{
  check_cell(QN_CELL_DIRECT, INFINITY);
}

Test(noise_deck, so_have_steered_ones, .timeout = 300)
{
  check_cell(QN_CELL_STEERED, INFINITY);
}

Test(noise_deck, so_have_transconductors, .timeout = 300)
{
  check_cell(QN_CELL_TRANSCONDUCTOR, INFINITY);
  check_cell(QN_CELL_TRANSCONDUCTOR, 0.2);
}

/* memristors that are not ohmic, behind switches */
Test(noise_deck, so_has_a_chip_of_real_memristors, .timeout = 300)
{
  qn_diag diag = {0};
  noise_chip c;

  open_pair(&c, QN_CELL_DIRECT);
  cr_assert_eq(
    qn_technology_open(&c.chip.technology,
                       "ideal,memristor.device=sky130_reram,"
                       "synapse.switch_ohm=2e4,noise.flicker_low_hz=1e3,"
                       "noise.flicker_high_hz=1e8,bias.gate_a=2e-7",
                       &diag),
    QN_OK, "%s", diag.message);
  for (size_t k = 0; k < KINDS; k++)
    switch_on(&c.chip.technology, kinds[k]);
  expect_noise(&c, "sky130_reram");
}

/* .noise has them where they start, as if they stood still */
Test(noise_deck, memristors_that_move_are_held, .timeout = 300)
{
  static const qn_synapse_cell cells[] = {QN_CELL_DIRECT, QN_CELL_STEERED,
                                          QN_CELL_TRANSCONDUCTOR};

  for (int i = 0; i < 3; i++) {
    double still[2], moving[2];
    noise_chip c;

    open_pair(&c, cells[i]);
    qn_device_card_init(&c.chip.technology.memristor,
                        qn_device_find(qn_devices, "vteam"));
    for (size_t k = 0; k < KINDS; k++)
      switch_on(&c.chip.technology, kinds[k]);
    deck_noise(&c, still);
    c.chip.technology.read_disturb = QN_ON;
    deck_noise(&c, moving);
    for (size_t j = 0; j < 2; j++)
      cr_expect_float_eq(moving[j] / still[j], 1, 1e-6, "cell %d: %g, not %g",
                         i, moving[j], still[j]);
  }
}

/* At low frequencies a membrane of conductance g moves by I/g of a relative
 * change: sum of I^2 K/f / g^2, to the 0.51 dB of one pole a decade. Eight
 * memristors at most: here two of a leak, two of a synapse, by hand. */
Test(noise_deck, flicker_is_one_over_f)
{
  static const char bench[] =
    "* noise\n.include \"chip.cir\"\nVx0 x0 0 0.63 ac 1\nXchip x0 n0 qn_chip\n"
    ".options temp=46.85 reltol=1e-9\n.control\n"
    "noise v(n0) Vx0 lin 1 3e4 3e4\nprint noise1.onoise_spectrum\nquit 0\n"
    ".endc\n.end\n";
  const double open = 1 / (1 + exp(-25 * 1.5 * 0.03)), hz = 3e4, k = 1e-6;
  const double g[] = {2e-6, 2e-6, open * 3e-6, open * 1e-6};
  const double rail[] = {1, 0.2, 1, 0.2};
  double sum = 0, pull = 0, power = 0, want, got;
  char *text, *log;
  small s;

  for (int i = 0; i < 4; i++)
    sum += g[i], pull += g[i] * rail[i];
  for (int i = 0; i < 4; i++)
    power += pow(g[i] * (rail[i] - pull / sum), 2) * k / hz;
  want = power / (sum * sum + pow(2 * M_PI * hz * 1e-12, 2));
  small_open(&s, 1);
  s.chip.technology.memristor_flicker = k;
  s.chip.technology.flicker_low_hz = 1e3;
  s.chip.technology.flicker_high_hz = 1e8;
  text = chip_text(&s);
  log = run_bench(text, bench);
  got = pow(measured(log, "noise1.onoise_spectrum = "), 2);
  cr_log_info("%g of %g V2/Hz", got, want);
  cr_expect_float_eq(10 * log10(got / want), 0, 0.51, "%g of %g", got, want);
  free(text);
  free(log);
  small_close(&s);
}

/* a resistor's voltage is zero in a transient: the rules hold, and the membrane
 * is where it is without it */
Test(noise_deck, a_transient_does_not_see_resistors)
{
  static const char bench[] =
    "* transient\n.include \"chip.cir\"\nVx0 x0 0 0.63\n"
    "Xchip x0 n0 n1 qn_chip\n.options reltol=1e-7 vntol=1e-10\n.control\n"
    "tran 1e-9 3e-7 0 1e-9 uic\nprint v(n0)[length(v(n0))-1]\nquit 0\n.endc\n"
    ".end\n";
  double end[2];

  for (int noisy = 0; noisy < 2; noisy++) {
    char *text, *log;
    noise_chip c;

    open_pair(&c, QN_CELL_DIRECT);
    for (size_t k = 0; k < KINDS && noisy; k++)
      switch_on(&c.chip.technology, kinds[k]);
    cr_assert_eq(
      qn_netlist_chip_text(&c.chip, NULL, QN_NETLIST_CELLS, &text, NULL),
      QN_OK);
    cr_expect_eq(strstr(text, "qn_noise") != NULL, noisy);
    expect_portable(text);
    log = run_bench(text, bench);
    end[noisy] = measured(log, "-1] = ");
    free(text);
    free(log);
  }
  cr_expect_float_eq(end[0], end[1], 1e-7, "%.9g, %.9g", end[0], end[1]);
}

/* sources would cost time and change nothing */
Test(noise_deck, runs_of_the_realisation_have_none)
{
  small quiet, noisy;

  small_open(&quiet, 2);
  small_open(&noisy, 2);
  noisy.chip.technology.memristor_flicker = 1e-6;
  noisy.chip.technology.flicker_low_hz = 1e3;
  noisy.chip.technology.flicker_high_hz = 1e8;
  for (int form = 0; form < 2; form++) {
    qn_netlist_form as = form ? QN_NETLIST_FLAT : QN_NETLIST_CELLS;

    small_run(&quiet, 1e-4, as);
    small_run(&noisy, 1e-4, as);
    for (size_t i = 0; i < SMALL_ROWS * 2; i++)
      cr_expect_eq(quiet.trace->state[i], noisy.trace->state[i]);
  }
  small_close(&quiet);
  small_close(&noisy);
}
