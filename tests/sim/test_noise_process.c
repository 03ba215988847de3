/* test_noise_process.c - coloured noise against closed forms: spectra,
 * correlations, holding times. Seeds are fixed; what is measured may differ
 * from its expectation by as many deviations as make the tests of this file
 * fail together once in a thousand seeds: 4.5 for each of some 100 numbers. */
#include <criterion/criterion.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

#include "sim/noise_process.h"
#include "tests/sim/welch.h"

static const double deviations = 4.5;

/* ---- Ornstein-Uhlenbeck ----------------------------------------------------------- */

static const double steps[] = {1e-7, 1e-3, 0.02, 0.09, 0.11, 0.3,
                               1,    3,    10,   50,   1e3};
enum { STEPS = sizeof steps / sizeof *steps };

/* Of the process at rest, x = h/tau: var x(h) = V, cov(integral, x(h)) =
 * V tau (1 - e^-x), var(integral) = 2 V tau^2 (x - 1 + e^-x). */
Test(noise_process, steps_of_any_size_have_the_moments_of_the_process)
{
  const qn_ou ou = {3e-6, 0.7};

  for (int i = 0; i < STEPS; i++) {
    double x = steps[i], rest = -expm1(-x);
    qn_ou_step s = qn_ou_step_of(&ou, x * ou.tau_s);
    double both = s.mean * s.mean * 2 * ou.variance * (1 + s.keep);
    double beyond =
      x < 1e-2 ? x * x * (1 / 2.0 - x * (1 / 6.0 - x * (1 / 24.0 - x / 120)))
               : x - rest;

    cr_expect_float_eq(s.keep * s.keep * ou.variance + s.kick * s.kick,
                       ou.variance, 1e-14);
    cr_expect_float_eq(s.mean * ou.variance * (1 + s.keep),
                       ou.variance * ou.tau_s * rest,
                       1e-14 * ou.variance * ou.tau_s * rest);
    beyond *= 2 * ou.variance * ou.tau_s * ou.tau_s;
    cr_expect_float_eq(both + s.bridge * s.bridge, beyond, 1e-12 * beyond,
                       "h = %g tau", x);
  }
}

/* the integral given both ends has a small variance of its own: x^3/12 */
Test(noise_process, bridges_are_right_where_the_step_is_short)
{
  const qn_ou ou = {1, 1};

  for (int i = 0; i < STEPS && steps[i] <= 1e-3; i++) {
    qn_ou_step s = qn_ou_step_of(&ou, steps[i]);
    double want = pow(steps[i], 3) / 6;

    cr_expect_float_eq(s.bridge * s.bridge, want, 1e-6 * want);
  }
}

/* mean of x(0) x(lag) over a long run in steps of h */
static double correlation(const qn_ou *ou, double h, size_t lag, size_t n,
                          uint64_t seed)
{
  qn_random stream = {seed, 0, 1};
  qn_ou_step s = qn_ou_step_of(ou, h);
  double *x = malloc(n * sizeof *x), sum = 0;

  x[0] = sqrt(ou->variance) * qn_random_normal(&stream, 0);
  for (size_t i = 1; i < n; i++)
    x[i] = s.keep * x[i - 1] + s.kick * qn_random_normal(&stream, i);
  for (size_t i = lag; i < n; i++)
    sum += x[i] * x[i - lag] / (double)(n - lag);
  free(x);
  return sum;
}

/* The variance of such a mean is, by Bartlett's formula, at most
 * 2 V^2 (1 + r^2) / (1 - r^2) / n with r the correlation from step to step. */
Test(noise_process, correlations_fall_by_e_in_tau_whatever_the_step)
{
  enum { N = 400000 };
  const qn_ou ou = {2e-6, 4};

  for (int i = 2; i < STEPS && steps[i] <= 10; i++)
    for (size_t lag = 0; lag < 3; lag++) {
      double r = exp(-steps[i]), v = ou.variance;
      double error = deviations * v * sqrt(2 * (1 + r * r) / (1 - r * r) / N);

      cr_expect_float_eq(correlation(&ou, steps[i] * ou.tau_s, lag, N, 1 + i),
                         v * pow(r, (double)lag), error, "h = %g tau, lag %zu",
                         steps[i], lag);
    }
}

/* ---- 1/f ------------------------------------------------------------------------------- */

static double sum_of(const qn_ou *pole, size_t n, double f)
{
  double sum = 0;

  for (size_t k = 0; k < n; k++)
    sum += qn_ou_density(&pole[k], f);
  return sum;
}

/* farthest from strength / f [dB] between two frequencies */
static double worst_db(const qn_ou *pole, size_t n, double strength, double low,
                       double high)
{
  double worst = 0;

  for (int i = 0; i <= 4000; i++) {
    double f = low * pow(high / low, i / 4000.0);

    worst = fmax(worst, fabs(10 * log10(sum_of(pole, n, f) * f / strength)));
  }
  return worst;
}

Test(noise_process, five_poles_are_one_over_f_within_1_db_over_four_decades)
{
  qn_ou pole[QN_FLICKER_POLES_MAX];

  cr_expect_eq(qn_flicker_poles(3e-9, 10, 1e5, pole), 5);
  cr_expect(worst_db(pole, 5, 3e-9, 10, 1e5) <= 0.51);
  cr_expect(worst_db(pole, 5, 3e-9, 100, 1e4) <= 0.27);
  for (int k = 1; k < 5; k++)
    cr_expect_float_eq(pole[k - 1].tau_s, 10 * pole[k].tau_s,
                       1e-12 * pole[k - 1].tau_s);
}

Test(noise_process, one_pole_a_decade_is_within_1_db_in_any_band)
{
  qn_ou pole[QN_FLICKER_POLES_MAX];

  for (double decades = 0; decades <= 30; decades += 0.1) {
    double high = 1e-3 * pow(10, decades);
    size_t n = qn_flicker_poles(2, 1e-3, high, pole);

    cr_expect(n <= QN_FLICKER_POLES_MAX);
    cr_expect(
      worst_db(pole, n, 2, 1e-3, high) <= (decades > 1.01 ? 0.53 : 0.75),
      "%g decades: off by %g dB", decades, worst_db(pole, n, 2, 1e-3, high));
  }
}

/* a sum of processes at rest, sampled every dt */
static double *sample_sum(const qn_ou *pole, size_t n, double dt, size_t length,
                          uint64_t seed)
{
  double *sum = calloc(length, sizeof *sum);

  for (size_t k = 0; k < n; k++) {
    qn_random stream = {seed, 0, (uint32_t)k};
    qn_ou_step s = qn_ou_step_of(&pole[k], dt);
    double x = sqrt(pole[k].variance) * qn_random_normal(&stream, 0);

    for (size_t i = 0; i < length; i++) {
      sum[i] += x;
      x = s.keep * x + s.kick * qn_random_normal(&stream, i + 1);
    }
  }
  return sum;
}

/* Welch's densities from `low` to `high` in bands of a quarter of a decade:
 * against the sampled process within confidence, and against 1/f within 1 dB
 * of that. */
static void check_bands(const qn_ou *pole, size_t n, double dt, double low,
                        double high, uint64_t seed)
{
  enum { LENGTH = 1 << 21, SEGMENT = 1 << 15 };
  double *x = sample_sum(pole, n, dt, LENGTH, seed);
  double *density = malloc(SEGMENT / 2 * sizeof *density);
  double resolution = 1 / (SEGMENT * dt);

  welch(x, LENGTH, dt, SEGMENT, density);
  for (double f = low; f < 0.99 * high; f *= pow(10, 0.25)) {
    double got = 0, want = 0, law = 0, error;
    size_t bins = 0;

    for (size_t k = 1; k < SEGMENT / 2; k++) {
      double at = (double)k * resolution;

      if (at < f || at >= f * pow(10, 0.25))
        continue;
      got += density[k];
      law += 1 / at;
      for (size_t i = 0; i < n; i++)
        want += sampled_lorentzian(pole[i].variance, pole[i].tau_s, dt, at);
      bins++;
    }
    error = welch_error(LENGTH, SEGMENT, bins, deviations);
    cr_expect_float_eq(got / want, 1, error, "%g Hz: %g of the process", f,
                       got / want);
    cr_expect(got / law < pow(10, 0.1) * (1 + error) &&
                got / law > pow(10, -0.1) * (1 - error),
              "%g Hz: %g of 1/f", f, got / law);
  }
  free(x), free(density);
}

Test(noise_process, sampled_flicker_is_within_1_db_by_welch, .timeout = 300)
{
  qn_ou pole[QN_FLICKER_POLES_MAX];
  size_t n = qn_flicker_poles(1, 1, 1e4, pole);

  check_bands(pole, n, 1 / 8192.0, 1, 100, 11);
  check_bands(pole, n, 1 / 524288.0, 100, 1e4, 12);
}

/* ---- random telegraph noise --------------------------------------------------------------- */

static const qn_telegraph telegraph[] = {{1e-3, 1e-3}, {2e-4, 3e-3}, {5, 1e-2}};
enum { TELEGRAPHS = sizeof telegraph / sizeof *telegraph };

/* sqrt(n) times the largest distance of x [n] from the exponential law */
static double kolmogorov(double *x, size_t n, double mean)
{
  double most = 0;

  gsl_sort(x, 1, n);
  for (size_t i = 0; i < n; i++) {
    double law = -expm1(-x[i] / mean);

    most = fmax(most, fmax(law - (double)i / (double)n,
                           (double)(i + 1) / (double)n - law));
  }
  return sqrt((double)n) * most;
}

/* Kolmogorov and Smirnov's test at 1e-3 / 6, six tests: 2.17. Steps are of a
 * size that has nothing to do with the process. */
Test(noise_process, telegraph_holding_times_are_exponential)
{
  enum { N = 20000 };

  for (int i = 0; i < TELEGRAPHS; i++) {
    const qn_telegraph *t = &telegraph[i];
    qn_random stream = {21, 0, (uint32_t)i};
    double h = 0.37 * fmin(t->up_s, t->down_s), *dwell[2];
    size_t n[2] = {0, 0};
    qn_telegraph_path path;
    double since = 0;

    dwell[0] = malloc(N * sizeof(double));
    dwell[1] = malloc(N * sizeof(double));
    qn_telegraph_start(&path, t, &stream);
    while (n[0] < N || n[1] < N) {
      int state = path.state;

      if (path.left_s > h) {
        qn_telegraph_advance(&path, t, h);
        since += h;
        continue;
      }
      since += path.left_s;
      qn_telegraph_advance(&path, t, path.left_s);
      cr_assert_neq(path.state, state);
      if (n[state] < N)
        dwell[state][n[state]++] = since;
      since = 0;
    }
    cr_expect(kolmogorov(dwell[1], N, t->up_s) < 2.17);
    cr_expect(kolmogorov(dwell[0], N, t->down_s) < 2.17);
    free(dwell[0]), free(dwell[1]);
  }
}

/* A time average over T has the variance 2 p (1 - p) tau / T. */
Test(noise_process, telegraph_occupancy_is_that_of_its_times)
{
  enum { N = 20000 };

  for (int i = 0; i < TELEGRAPHS; i++) {
    const qn_telegraph *t = &telegraph[i];
    double p = t->up_s / (t->up_s + t->down_s), started = 0, h = 3 * t->down_s;
    double tau = 1 / (1 / t->up_s + 1 / t->down_s), up = 0;
    qn_telegraph_path path;

    for (uint64_t k = 0; k < N; k++) {
      qn_random stream = {k, 7, (uint32_t)i};

      qn_telegraph_start(&path, t, &stream);
      started += path.state / (double)N;
    }
    for (uint64_t k = 0; k < N; k++)
      up += qn_telegraph_advance(&path, t, h) / (N * h);
    cr_expect_float_eq(started, p, deviations * sqrt(p * (1 - p) / N));
    cr_expect_float_eq(up, p,
                       deviations * sqrt(2 * p * (1 - p) * tau / (N * h)));
    cr_expect_float_eq(qn_telegraph_occupancy(t), p, 1e-15);
  }
}

/* the same events, however the time is cut */
Test(noise_process, telegraph_events_do_not_depend_on_the_steps)
{
  const qn_telegraph t = {1e-3, 2e-3};
  qn_random stream = {5, 6, 7};
  qn_telegraph_path a, b;

  qn_telegraph_start(&a, &t, &stream);
  b = a;
  for (int i = 0; i < 300; i++) {
    double whole = qn_telegraph_advance(&a, &t, 1e-2), parts = 0;

    for (int k = 0; k < 64; k++)
      parts += qn_telegraph_advance(&b, &t, 1e-2 / 64);
    cr_assert_float_eq(whole, parts, 1e-12);
    cr_assert_eq(a.drawn, b.drawn);
  }
}

Test(noise_process, telegraph_spectrum_is_a_lorentzian_by_welch)
{
  enum { LENGTH = 1 << 20, SEGMENT = 1 << 10 };
  const qn_telegraph t = {1e-3, 2e-3};
  qn_ou moments = qn_telegraph_moments(&t);
  double dt = moments.tau_s / 10;
  double *x = malloc(LENGTH * sizeof *x), *density = malloc(SEGMENT * 4);
  qn_random stream = {31, 0, 0};
  qn_telegraph_path path;

  cr_expect_float_eq(moments.variance, 2.0 / 9, 1e-15);
  cr_expect_float_eq(moments.tau_s, 2e-3 / 3, 1e-18);
  qn_telegraph_start(&path, &t, &stream);
  for (size_t i = 0; i < LENGTH; i++) {
    x[i] = path.state;
    qn_telegraph_advance(&path, &t, dt);
  }
  welch(x, LENGTH, dt, SEGMENT, density);
  for (size_t k = 2; k + 8 < SEGMENT / 2; k += 8) {
    double got = 0, want = 0;

    for (size_t i = k; i < k + 8; i++) {
      got += density[i];
      want +=
        sampled_lorentzian(2.0 / 9, 2e-3 / 3, dt, (double)i / (SEGMENT * dt));
    }
    cr_expect_float_eq(got / want, 1,
                       welch_error(LENGTH, SEGMENT, 8, deviations));
  }
  free(x), free(density);
}
