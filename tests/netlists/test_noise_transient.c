/* test_noise_transient.c - ngspice's transient of a deck with random numbers for
 * noise: what it leaves of the variance, and what it begins with. */
#include <criterion/criterion.h>
#include <gsl/gsl_math.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/file.h>
#include <quench/netlist.h>
#include <quench/process.h>
#include <quench/text.h>

#include "netlists/raw.h"
#include "tests/base/scratch.h"
#include "tests/sim/noise_chip.h"

TestSuite(noise_transient, .init = scratch_open, .fini = scratch_close,
          .timeout = 300);

static void write_deck(const noise_chip *c)
{
  static const qn_spice_accuracy accuracy = {1e-4,  1, 1e-15,  1e-8,
                                             1e-13, 1, "trap", 2};
  const qn_dialect *dialect;
  qn_diag diag = {0};

  cr_assert_eq(qn_dialect_get(&dialect, "ngspice", &diag), QN_OK);
  cr_assert_eq(qn_dialect_make_noisy(&dialect, &c->chip, &diag), QN_OK, "%s",
               diag.message);
  cr_assert_eq(qn_netlist_write_as(dialect, &c->chip, &c->net, &c->data, 0,
                                   &accuracy, scratch_folder(), &diag),
               QN_OK, "%s", diag.message);
}

/* with another seed in its options */
static void reseed(int seed)
{
  char *text, *at, *path = qn_text_format("%s", scratch_path("tb_x.cir"));
  qn_text t;
  size_t size;

  cr_assert_eq(qn_file_read(path, &text, &size, NULL), QN_OK);
  at = strstr(text, "seed=");
  cr_assert(at != NULL);
  qn_text_init(&t);
  qn_text_add(&t, "%.*sseed=%d%s", (int)(at - text), text, seed,
              strchr(at, '\n'));
  cr_assert_eq(qn_file_write(path, t.data, t.length, NULL), QN_OK);
  qn_text_release(&t);
  free(text);
  free(path);
}

static qn_raw run_deck(void)
{
  const char *const argv[] = {"ngspice", "-b", "-n", "tb_x.cir", NULL};
  qn_diag diag = {0};
  qn_raw raw;

  cr_assert_eq(qn_process_run(argv, scratch_folder(), scratch_path("log"), 200,
                              NULL, &diag),
               QN_OK, "%s", diag.message);
  cr_assert_eq(qn_raw_read(&raw, scratch_path("x.raw"), &diag), QN_OK, "%s",
               diag.message);
  return raw;
}

/* ---- one long run ------------------------------------------------------------------------ */

/* time average of (V(n0) - rest)^2 between two times, straight lines between
 * points */
static double variance(const qn_raw *raw, double rest, double from)
{
  double sum = 0, length = 0;

  for (size_t i = 1; i < raw->points; i++) {
    const double *a = raw->value + (i - 1) * raw->vectors;
    const double *b = raw->value + i * raw->vectors;
    double p = a[1] - rest, q = b[1] - rest, h = b[0] - a[0];

    if (a[0] < from)
      continue;
    sum += h * (p * p + p * q + q * q) / 3;
    length += h;
  }
  return sum / length;
}

/* What straight lines between numbers leave of the variance behind a pole:
 * the integral of sinc^4(f NT) / (1 + (2 pi f tau)^2) over that without sinc. */
static double left_by_lines(double nt_over_tau)
{
  enum { N = 20000 };
  double sum = 0;

  for (int i = 0; i < N; i++) {
    double w = tan(M_PI / 2 * (i + 0.5) / N); /* 2 pi f tau */
    double x = 0.5 * w * nt_over_tau;

    sum += pow(sin(x) / x, 4);
  }
  return sum / N;
}

/* one neuron at rest for so many microseconds; the point of rest and its
 * variance, V, by the covariance */
static void expect_variance(const noise_chip *c, double left, double slowest_s,
                            const char *what)
{
  qn_noise *ours = noise_chip_run(c, QN_NOISE_WHOLE, 1e-9);
  double rest = c->chip.common_mode_v + noise_chip_volts(c, ours, 0, 0);
  double want = left * noise_chip_cov(c, ours, 0, 0, 0), got, error;
  qn_raw raw;

  write_deck(c);
  raw = run_deck();
  got = variance(&raw, rest, 5e-6);
  /* an average of a square over T deviates by sqrt(2 tau / T): within 4 */
  error = 4 * sqrt(2 * slowest_s / (c->span[0] * 1e-6));
  cr_log_info("%s: %.4g of %.4g V2, +- %.2g", what, got, want, error);
  cr_expect_float_eq(got / want, 1, error, "%s: %g of %g V2, %g", what, got,
                     want, got / want);
  qn_raw_release(&raw);
  qn_noise_free(ours);
}

/* C / (sum of G), all gates open, is 0.125 us; at 0.63 V it is 0.1425 us */
Test(noise_transient, white_noise_leaves_what_lines_between_numbers_leave)
{
  double open = 1 / (1 + exp(-25 * 1.5 * 0.03)), tau = 1e-6 / (4 + 4 * open);
  double left = left_by_lines(0.0125e-6 / tau);
  noise_chip c;

  noise_chip_open(&c, 1);
  c.chip.technology.thermal_noise = QN_ON;
  noise_chip_hold(&c, 0.3, 1e4 * tau * 1e6);
  cr_expect(left > 0.955 && left < 0.97, "%g", left); /* a step of tau/10 */
  expect_variance(&c, left, tau, "thermal");
}

/* A telegraph's process, 0.77 us slow, begins at rest; what is faster than its
 * numbers is nothing. */
Test(noise_transient, slow_noise_leaves_all_of_it)
{
  noise_chip c;

  noise_chip_open(&c, 1);
  c.chip.technology.telegraph_amplitude = 0.05;
  c.chip.technology.telegraph_rate_up_hz = 3e5;
  c.chip.technology.telegraph_rate_down_hz = 1e6;
  noise_chip_hold(&c, 0.3, 800);
  expect_variance(&c, 1, 0.77e-6 + 0.15e-6, "telegraph");
}

/* ---- many short ones ----------------------------------------------------------------------- */

/* mean squares over neurons and seeds, at the first point and at the last [V2] */
static void mean_squares(double rest, int seeds, double *first, double *last)
{
  *first = *last = 0;
  for (int seed = 1; seed <= seeds; seed++) {
    const double *a, *b;
    qn_raw raw;

    reseed(seed);
    raw = run_deck();
    a = raw.value;
    b = raw.value + (raw.points - 1) * raw.vectors;
    for (size_t j = 1; j <= NOISE_CHIP_UNITS; j++) {
      *first += pow(a[j] - 0.6, 2);
      *last += pow(b[j] - rest, 2);
    }
    qn_raw_release(&raw);
  }
  *first /= seeds * NOISE_CHIP_UNITS;
  *last /= seeds * NOISE_CHIP_UNITS;
}

/* Six neurons that do not hear each other, 50 seeds: 300 draws, within 4 of
 * sqrt(2 / 300). kT/C is gone after 20 time constants; noise slower than 1e-3
 * Hz is another constant for each memristor and seed. */
Test(noise_transient, runs_begin_with_reset_noise_and_frozen_flicker)
{
  enum { SEEDS = 50 };
  const double error = 4 * sqrt(2. / (SEEDS * NOISE_CHIP_UNITS));
  double want_first = 1.380649e-23 * 300 / 1e-12, want, first, last, rest;
  qn_noise *ours;
  noise_chip c;

  noise_chip_open(&c, NOISE_CHIP_UNITS);
  c.chip.technology.reset_noise = QN_ON;
  c.chip.technology.memristor_flicker = 1e-4;
  c.chip.technology.flicker_low_hz = 1e-5;
  c.chip.technology.flicker_high_hz = 1e-3;
  noise_chip_hold(&c, 0.3, 3);
  ours = noise_chip_run(&c, QN_NOISE_WHOLE, 1e-9);
  rest = 0.6 + noise_chip_volts(&c, ours, 0, 0);
  want = noise_chip_cov(&c, ours, 0, 0, 0);
  write_deck(&c);
  mean_squares(rest, SEEDS, &first, &last);
  cr_log_info("reset %.3f, flicker %.3f", first / want_first, last / want);
  cr_expect_float_eq(first / want_first, 1, error, "%g", first / want_first);
  cr_expect_float_eq(last / want, 1, error, "%g", last / want);
  qn_noise_free(ours);
}

/* ---- who has it ---------------------------------------------------------------------------- */

Test(noise_transient, other_dialects_and_quiet_technologies_are_refused)
{
  const qn_dialect *dialect;
  qn_diag diag = {0};
  noise_chip c;

  noise_chip_open(&c, 1);
  cr_assert_eq(qn_dialect_get(&dialect, "ngspice", &diag), QN_OK);
  cr_expect_eq(qn_dialect_make_noisy(&dialect, &c.chip, &diag), QN_EINVAL);
  cr_expect(strstr(diag.message, "noise.thermal=on"), "%s", diag.message);
  c.chip.technology.thermal_noise = QN_ON;
  for (size_t i = 1; qn_dialect_name(i); i++) {
    const qn_dialect *other;

    cr_assert_eq(qn_dialect_get(&other, qn_dialect_name(i), &diag), QN_OK);
    dialect = other;
    cr_expect_eq(qn_dialect_make_noisy(&dialect, &c.chip, &diag),
                 QN_EUNSUPPORTED);
    cr_expect(strstr(diag.message, "ngspice's have"), "%s", diag.message);
    cr_expect_eq(dialect, other);
  }
}
