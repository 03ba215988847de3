/* test_noise_path.c - the step of a sample path: kT/C for any step, covariances
 * by closed forms, second order. Seeds are fixed. Where a test draws, its
 * bounds hold together with a confidence of 1 - 1e-3. */
#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/path_bench.h"

static const double boltzmann = 1.380649e-23;

/* Without drawing: the step's derivative by x[i] into by_x [n], and the noise
 * that a number n_i = 1 brings into by_n [n], about x. */
static void linearise(path_bench *b, double t, double h, const double *x,
                      size_t i, double *by_x, double *by_n)
{
  qn_path *p = b->path;
  size_t n = b->model.driven.n;
  double *normal = calloc(n, sizeof *normal), d = 1e-5;

  for (int sign = -1; sign <= 1; sign += 2) {
    memcpy(p->x, x, n * sizeof *x);
    p->x[i] += sign * d;
    cr_assert_eq(qn_path_step(p, t, h, normal), QN_OK);
    for (size_t j = 0; j < n; j++)
      by_x[j] = (sign < 0 ? 0 : by_x[j]) + sign * p->x[j] / (2 * d);
  }
  for (int sign = -1; sign <= 1; sign += 2) {
    memcpy(p->x, x, n * sizeof *x);
    normal[i] = sign;
    cr_assert_eq(qn_path_step(p, t, h, normal), QN_OK);
    for (size_t j = 0; j < n; j++)
      by_n[j] = (sign < 0 ? 0 : by_n[j]) + sign * p->x[j] / 2;
  }
  free(normal);
}

/* ---- one neuron ------------------------------------------------------------------------ */

static double conductance(double input_v)
{
  return 4e-6 + 4e-6 / (1 + exp(-25 * 1.5 * (input_v - 0.6)));
}

/* var' = (dx'/dx)^2 var + (dx'/dn)^2 of one step, in kT/C */
static double step_variance(path_bench *b, double t, double h, double *x,
                            double var, double ktc)
{
  double by_x, by_n, zero = 0;

  linearise(b, t, h, x, 0, &by_x, &by_n);
  b->path->x[0] = *x;
  cr_assert_eq(qn_path_step(b->path, t, h, &zero), QN_OK);
  *x = b->path->x[0];
  return by_x * by_x * var + by_n * by_n / ktc;
}

/* P(t) = kT/C + (P(0) - kT/C) exp(-2 g t / C), whatever the step */
Test(noise_path, a_held_neuron_has_its_closed_form_for_any_step)
{
  static const double step[] = {0.02, 0.2, 1, 3, 10};
  noise_chip c;
  path_bench b;
  double ktc = boltzmann * 77 / 1e-12;

  path_bench_thermal(&c, 1, 77);
  path_bench_open(&b, &c, 1);
  path_bench_begin(&b, 1);
  path_bench_drive(&b, 0.63, 0.63, 0);
  for (int i = 0; i < 5; i++)
    for (int start = 0; start <= 2; start += 2) {
      double tau = 1e-12 / conductance(0.63), x = 0.05, p = start;

      for (int k = 1; k <= 5; k++) {
        double want = 1 + (start - 1) * exp(-2 * k * step[i]);

        p = step_variance(&b, 0, step[i] * tau, &x, p, ktc);
        cr_expect_float_eq(p, want, 1e-9 * want, "%g tau: %g, not %g", step[i],
                           p, want);
      }
    }
  path_bench_close(&b);
}

/* the integral of g/C over a ramp of the input, by Simpson's rule */
static double decay(double from, double to, double t_end)
{
  enum { N = 2000 };
  double sum = 0;

  for (int i = 0; i <= N; i++)
    sum += (i == 0 || i == N ? 1
            : i % 2          ? 4
                             : 2) *
           conductance(from + (to - from) * i / N);
  return sum * t_end / N / 3 / 1e-12;
}

/* worst relative error of P on a ramp of 0.3 us over which g rises from 4.1 to
 * 7.9 uS */
static double ramp_error(double start, int steps)
{
  const double ktc = boltzmann * 300 / 1e-12, end = 3e-7;
  double h = end / steps, x = 0, p = start, worst = 0;
  noise_chip c;
  path_bench b;

  path_bench_thermal(&c, 1, 300);
  path_bench_open(&b, &c, 1);
  path_bench_begin(&b, 1);
  path_bench_drive(&b, 0.5, 0.7, end);
  for (int k = 0; k < steps; k++) {
    double t = (k + 1) * h, want;

    p = step_variance(&b, k * h, h, &x, p, ktc);
    want = 1 + (start - 1) * exp(-2 * decay(0.5, 0.5 + 0.2 * t / end, t));
    worst = fmax(worst, fabs(p / want - 1));
  }
  path_bench_close(&b);
  return worst;
}

Test(noise_path, a_driven_neuron_keeps_kt_over_c_for_any_step)
{
  for (int steps = 1; steps <= 64; steps *= 8)
    cr_expect(ramp_error(1, steps) <= 1e-9, "%d steps: %g", steps,
              ramp_error(1, steps));
}

Test(noise_path, a_driven_neuron_approaches_it_with_second_order)
{
  for (int start = 0; start <= 2; start += 2) {
    double coarse = ramp_error(start, 16), fine = ramp_error(start, 32);

    cr_expect(coarse < 1e-2);
    cr_expect(coarse / fine > 3.5 && coarse / fine < 4.5, "%g", coarse / fine);
  }
}

/* ---- one neuron, drawn ------------------------------------------------------------------ */

/* Sum of squares of n values of variance `want` lies within its chi-square law
 * at a two-sided level. */
static void expect_variance(double squares, double want, double n, double level,
                            const char *what)
{
  double p = gsl_cdf_chisq_P(squares / want, n);

  cr_expect(p > level / 2 && p < 1 - level / 2,
            "%s: variance %.5f of what it should be (P %g)", what,
            squares / want / n, p);
}

/* 100,000 paths of `steps` steps, six neurons side by side */
static void check_paths(double kelvin, double start, double step, int steps)
{
  enum { PATHS = 100002, SIDE = 6 };
  double ktc = boltzmann * kelvin / 1e-12, tau = 1e-12 / 6e-6, squares[2] = {0};
  noise_chip c;
  path_bench b;
  char what[80];

  path_bench_thermal(&c, SIDE, kelvin);
  path_bench_open(&b, &c, step * tau / 1.25e-7);
  path_bench_drive(&b, 0.6, 0.6, 0);
  for (uint64_t i = 0; i < PATHS / SIDE; i++) {
    qn_random first = {i, 1, 2};

    path_bench_begin(&b, i);
    for (size_t j = 0; j < SIDE; j++)
      b.path->x[j] = 0.4 / 6 + sqrt(start * ktc) * qn_random_normal(&first, j);
    for (int k = 0; k < steps; k++) {
      cr_assert_eq(qn_path_advance(b.path, 0, step * tau), QN_OK);
      for (size_t j = 0; j < SIDE && (k == 0 || k == steps - 1); j++)
        squares[k > 0] += pow(b.path->x[j] - 0.4 / 6, 2);
    }
  }
  for (int last = 0; last < 2; last++) {
    double t = step * (last ? steps : 1);

    snprintf(what, sizeof what, "%g K, from %g, %g tau", kelvin, start, t);
    expect_variance(squares[last], ktc * (1 + (start - 1) * exp(-2 * t)), PATHS,
                    1e-3 / 48, what);
  }
  path_bench_close(&b);
}

/* where the mean is: half open, G+ = 3.5 uS, G- = 2.5 uS, to +-0.4 V */
Test(noise_path, a_hundred_thousand_paths_have_the_variance, .timeout = 300)
{
  static const double kelvin[] = {77, 300, 400};

  for (int i = 0; i < 3; i++)
    for (int start = 0; start <= 2; start += 2) {
      check_paths(kelvin[i], start, 0.02, 12);
      check_paths(kelvin[i], start, 0.2, 5);
      check_paths(kelvin[i], start, 1, 3);
      check_paths(kelvin[i], start, 10, 2);
    }
}

/* ---- two coupled neurons ----------------------------------------------------------------- */

static void open_pair(noise_chip *c, size_t pairs)
{
  path_bench_thermal(c, 2 * pairs, 300);
  for (size_t k = 0; k < 2 * pairs; k += 2) {
    c->capacitance[k + 1] = 0.5e-12;
    noise_chip_connect(c, k + 1, k, 0.5e-6, 4e-6, (qn_gate){2, 0.62});
    noise_chip_connect(c, k, k + 1, 5e-6, 1e-6, (qn_gate){1, 0.58});
  }
}

struct pair {
  double x[2], var[2], cov;
};

/* J P + P J' + Q = 0 at the point of rest, J and Q by hand */
static struct pair pair_at_rest(void)
{
  static const double farad[] = {1e-12, 0.5e-12}, gain[] = {2, 1},
                      threshold[] = {0.62, 0.58}, up[] = {0.5e-6, 5e-6},
                      down[] = {4e-6, 1e-6};
  double j[2][2], q[2], d;
  struct pair r = {{0, 0}, {0, 0}, 0};

  for (int i = 0; i < 400; i++)
    for (int k = 0; k < 2; k++) {
      double s =
        1 / (1 + exp(-25 * gain[k] * (r.x[1 - k] + 0.6 - threshold[k])));
      double p = 2e-6 + 1.5e-6 + s * up[k], m = 2e-6 + 0.5e-6 + s * down[k];

      r.x[k] = 0.4 * (p - m) / (p + m);
      j[k][k] = -(p + m) / farad[k];
      q[k] = 2 * boltzmann * 300 * (p + m) / farad[k] / farad[k];
      j[k][1 - k] = 25 * gain[k] * s * (1 - s) *
                    (up[k] * (0.4 - r.x[k]) + down[k] * (-0.4 - r.x[k])) /
                    farad[k];
    }
  /* var_k = -(q_k / 2 + j_kl cov) / j_kk, into the equation of cov */
  d = j[0][0] + j[1][1] - j[1][0] * j[0][1] / j[0][0] -
      j[0][1] * j[1][0] / j[1][1];
  r.cov = (j[1][0] * q[0] / 2 / j[0][0] + j[0][1] * q[1] / 2 / j[1][1]) / d;
  for (int k = 0; k < 2; k++)
    r.var[k] = -(q[k] / 2 + j[k][1 - k] * r.cov) / j[k][k];
  return r;
}

/* P = F P F' + K K' of the steps at rest, iterated */
static struct pair pair_of_steps(double h)
{
  double f[2][2], k[2][2], p[3] = {0, 0, 0};
  struct pair rest = pair_at_rest();
  noise_chip c;
  path_bench b;

  open_pair(&c, 1);
  path_bench_open(&b, &c, 1);
  path_bench_begin(&b, 1);
  path_bench_drive(&b, 0.6, 0.6, 0);
  for (size_t i = 0; i < 2; i++) {
    double by_x[2], by_n[2];

    linearise(&b, 0, h, rest.x, i, by_x, by_n);
    for (int r = 0; r < 2; r++)
      f[r][i] = by_x[r], k[r][i] = by_n[r];
  }
  for (int n = 0; n < 4000; n++) {
    double v0 = p[0], v1 = p[1], cov = p[2];

    p[0] = f[0][0] * f[0][0] * v0 + 2 * f[0][0] * f[0][1] * cov +
           f[0][1] * f[0][1] * v1 + k[0][0] * k[0][0] + k[0][1] * k[0][1];
    p[1] = f[1][0] * f[1][0] * v0 + 2 * f[1][0] * f[1][1] * cov +
           f[1][1] * f[1][1] * v1 + k[1][0] * k[1][0] + k[1][1] * k[1][1];
    p[2] = f[0][0] * f[1][0] * v0 +
           (f[0][0] * f[1][1] + f[0][1] * f[1][0]) * cov +
           f[0][1] * f[1][1] * v1 + k[0][0] * k[1][0] + k[0][1] * k[1][1];
  }
  path_bench_close(&b);
  return (struct pair){{rest.x[0], rest.x[1]}, {p[0], p[1]}, p[2]};
}

static double pair_error(double h)
{
  struct pair got = pair_of_steps(h), want = pair_at_rest();
  double scale = sqrt(want.var[0] * want.var[1]);

  return fmax(fmax(fabs(got.var[0] / want.var[0] - 1),
                   fabs(got.var[1] / want.var[1] - 1)),
              fabs(got.cov - want.cov) / scale);
}

Test(noise_path, coupled_neurons_have_their_covariance_with_second_order)
{
  double coarse = pair_error(2e-8), fine = pair_error(1e-8);

  cr_expect(fabs(pair_at_rest().cov) >
            0.05 * sqrt(pair_at_rest().var[0] * pair_at_rest().var[1]));
  cr_expect(coarse < 1e-2, "%g", coarse);
  cr_expect(coarse / fine > 3.5 && coarse / fine < 4.5, "%g, %g", coarse, fine);
}

Test(noise_path, coupled_neurons_meet_their_closed_form, .timeout = 300)
{
  enum { WALKS = 20000, PAIRS = 3 };
  struct pair want = pair_at_rest();
  double var[2] = {0}, cov = 0, n = WALKS * PAIRS;
  noise_chip c;
  path_bench b;

  open_pair(&c, PAIRS);
  path_bench_open(&b, &c, 1);
  b.model.longest_s = 1e-8;
  path_bench_drive(&b, 0.6, 0.6, 0);
  for (uint64_t i = 0; i < WALKS; i++) {
    path_bench_begin(&b, i + 7);
    for (size_t k = 0; k < 2 * PAIRS; k++) /* not far from where it will be */
      b.path->x[k] =
        want.x[k % 2] + sqrt(want.var[k % 2]) * sin(1 + (double)(i + k));
    cr_assert_eq(qn_path_advance(b.path, 0, 5e-7), QN_OK);
    for (size_t k = 0; k < 2 * PAIRS; k += 2) {
      double y0 = b.path->x[k] - want.x[0], y1 = b.path->x[k + 1] - want.x[1];

      var[0] += y0 * y0, var[1] += y1 * y1, cov += y0 * y1 / n;
    }
  }
  expect_variance(var[0], want.var[0], n, 1e-3 / 3, "first");
  expect_variance(var[1], want.var[1], n, 1e-3 / 3, "second");
  cr_expect_float_eq(
    cov, want.cov,
    3.6 * sqrt((want.var[0] * want.var[1] + want.cov * want.cov) / n));
  path_bench_close(&b);
}
