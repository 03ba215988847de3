/* test_covariance.c - covariance along trajectories against closed forms and a
 * dense solution of Lyapunov's equation. */
#include <criterion/criterion.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>
#include <math.h>

#include "sim/noise_process.h"
#include "tests/sim/noise_chip.h"

static const double boltzmann = 1.380649e-23, charge = 1.602176634e-19;

static double logistic(double z)
{
  return 1 / (1 + exp(-z));
}

/* how far a sensory gate of noise_chip is open at an input in model units */
static double open_at(double input)
{
  return logistic(25 * 1.5 * 0.1 * input);
}

static void expect_close(double got, double want, double relative)
{
  cr_expect(fabs(got - want) <= relative * fabs(want),
            "%.12g, not %.12g: off by %g", got, want, got / want - 1);
}

/* ---- passive conductances ------------------------------------------------------------ */

/* integral over the ramp from a to b in `span`, then held at b, of s(input) */
static double opened(double a, double b, double span, double rise)
{
  double k = 25 * 1.5 * 0.1, ramp = rise * span;

  if (!(ramp > 0) || a == b)
    return open_at(b) * span;
  return (log1p(exp(k * b)) - log1p(exp(k * a))) / (k * (b - a)) * ramp +
         open_at(b) * (span - ramp);
}

/* P(t) = kT/C + (P(0) - kT/C) exp(-2 integral of g / C), whatever g does */
static void check_passive(double kelvin, double start, double rise)
{
  double ktc = boltzmann * kelvin / 1e-12, exponent = 0;
  noise_chip c;
  qn_noise *r;

  noise_chip_open(&c, 1);
  c.chip.technology.thermal_noise = QN_ON;
  c.chip.technology.temperature_k = kelvin;
  c.chip.rise_fraction = rise;
  r = noise_chip_run_from(&c, start, 1e-12);
  for (size_t row = 0; row < NOISE_CHIP_ROWS; row++) {
    double before = row ? c.input[row - 1] : c.input[0];
    double s = opened(before, c.input[row], c.span[row], row ? rise : 0);

    exponent += 2e-6 / 1e-12 * (4e-6 * c.span[row] + 4e-6 * s);
    expect_close(noise_chip_cov(&c, r, row, 0, 0),
                 ktc + (start - 1) * ktc * exp(-exponent), 1e-9);
  }
  qn_noise_free(r);
}

Test(covariance, one_neuron_of_passive_conductances_follows_its_closed_form)
{
  static const double kelvin[] = {77, 300, 400};

  for (int i = 0; i < 3; i++) {
    check_passive(kelvin[i], 0, 0);
    check_passive(kelvin[i], 2, 0);
    check_passive(kelvin[i], 0, 0.4);
    check_passive(kelvin[i], 2, 0.4);
    check_passive(kelvin[i], 1, 0.4);
  }
}

/* ---- at an operating point ------------------------------------------------------------ */

enum { AGES = 40 }; /* model seconds: some 200 time constants */

/* sum S / (4 C G) at the end of a long hold */
static void check_point(const noise_chip *c, double density, double g)
{
  qn_noise *r = noise_chip_run(c, QN_NOISE_WHOLE, 1e-10);

  expect_close(noise_chip_cov(c, r, 0, 0, 0), density / (4 * 1e-12 * g), 1e-8);
  qn_noise_free(r);
}

Test(covariance, steered_noise_is_its_closed_form_at_an_operating_point)
{
  const double kt4 = 4 * boltzmann * 300;
  const qn_gate lower = {1.7, 0.57};
  double a = open_at(0.3), b = logistic(25 * 1.7 * (0.63 - 0.57)), v, g, s;
  noise_chip c;

  noise_chip_open(&c, 1);
  c.chip.technology.cell = QN_CELL_STEERED;
  c.chip.technology.thermal_noise = c.chip.technology.shot_noise = QN_ON;
  c.sensory[0].minus_gate = lower;
  noise_chip_hold(&c, 0.3, AGES);
  g = 4e-6 + a * 3e-6 + b * 1e-6;
  v = 0.4 * (a * 3e-6 - b * 1e-6) / g;
  s = kt4 * (4e-6 + a * a * 3e-6 + b * b * 1e-6) +
      2 * charge *
        (3e-6 * fabs(0.4 - v) * a * (1 - a) +
         1e-6 * fabs(-0.4 - v) * b * (1 - b));
  check_point(&c, s, g);
}

Test(covariance, gates_and_amplifiers_of_direct_cells_are_as_their_law_says)
{
  const double nanovolts = 100e-9, bias = 2e-8;
  double a = open_at(-0.2), g = 4e-6 + a * 4e-6, v = 0.4 * a * 2e-6 / g, flow;
  noise_chip c;

  noise_chip_open(&c, 1);
  noise_chip_hold(&c, -0.2, AGES);
  flow = 3e-6 * (0.4 - v) - 1e-6 * (0.4 + v);
  c.chip.technology.gate_current_a = bias;
  c.chip.technology.shot_noise = QN_ON;
  check_point(&c, 2 * charge * flow * flow * a * (1 - a) / bias, g);
  c.chip.technology.shot_noise = QN_OFF;
  c.chip.technology.amplifier_noise_v_per_rthz = nanovolts;
  check_point(&c, pow(flow * 25 * 1.5 * a * (1 - a) * nanovolts, 2), g);
}

Test(covariance, transconductors_have_the_shot_noise_of_their_bias)
{
  const double range = 0.15, bias = 3e-6 * range;
  double a = open_at(0.1), v = 0.1, g, t, i;
  noise_chip c;

  noise_chip_open(&c, 1);
  noise_chip_hold(&c, 0.1, AGES);
  c.chip.technology.cell = QN_CELL_TRANSCONDUCTOR;
  c.chip.technology.linear_range_v = range;
  c.chip.technology.shot_noise = QN_ON;
  c.sensory[0].minus_s = 0;
  for (int k = 0; k < 50; k++) { /* Newton's iteration */
    t = tanh((0.25 - v) / range);
    g = 4e-6 + a * 3e-6 * (1 - t * t);
    i = a * bias * t - 4e-6 * v;
    v += i / g;
  }
  check_point(
    &c, 4 * charge * a * bias + 2 * charge * bias * t * t * a * (1 - a), g);
}

/* ---- several neurons -------------------------------------------------------------------- */

/* J and S of direct cells, all ohmic, at a row */
struct point {
  size_t n;
  double j[9], q[9]; /* 1/s, V2/s */
  double power[3];   /* of its memristors: sum (I / C)^2 */
};

static void add_branch(struct point *p, const noise_chip *c, const qn_branch *b,
                       double pre, double post, int recurrent)
{
  double s = logistic(25 * b->gate.gain * (pre - b->gate.threshold_v));
  double g = b->plus_s + b->minus_s, farad = c->capacitance[b->post];
  double flow = b->plus_s * (1 - post) + b->minus_s * (0.2 - post);

  p->j[b->post * p->n + b->post] -= s * g / farad;
  if (recurrent)
    p->j[b->post * p->n + b->pre] +=
      25 * b->gate.gain * s * (1 - s) * flow / farad;
  p->q[b->post * (p->n + 1)] += 2 * boltzmann * 300 * s * g / farad / farad;
  p->power[b->post] += pow(s * b->plus_s * (1 - post) / farad, 2) +
                       pow(s * b->minus_s * (0.2 - post) / farad, 2);
}

static struct point point_at(const noise_chip *c, const qn_noise *r)
{
  struct point p = {.n = c->chip.units};
  double v[3];

  for (size_t j = 0; j < p.n; j++) {
    double g = c->leak_plus[j] + c->leak_minus[j], farad = c->capacitance[j];

    v[j] = 0.6 + noise_chip_volts(c, r, 0, j);
    p.j[j * p.n + j] -= g / farad;
    p.q[j * (p.n + 1)] += 2 * boltzmann * 300 * g / farad / farad;
    p.power[j] += pow(c->leak_plus[j] * (1 - v[j]) / farad, 2) +
                  pow(c->leak_minus[j] * (0.2 - v[j]) / farad, 2);
  }
  for (size_t i = 0; i < c->chip.recurrent.count; i++)
    add_branch(&p, c, &c->recurrent[i], v[c->recurrent[i].pre],
               v[c->recurrent[i].post], 1);
  for (size_t i = 0; i < p.n; i++)
    add_branch(&p, c, &c->sensory[i], 0.6 + 0.1 * c->input[0], v[i], 0);
  return p;
}

/* J P + P J' + Q = 0 as n^2 linear equations */
static void lyapunov(const struct point *p, double *solution)
{
  size_t n = p->n, all = n * n;
  gsl_matrix *m = gsl_matrix_calloc(all, all);
  gsl_vector *b = gsl_vector_calloc(all);
  gsl_vector_view x = gsl_vector_view_array(solution, all);
  gsl_permutation *turn = gsl_permutation_alloc(all);
  int sign;

  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      for (size_t k = 0; k < n; k++) {
        double *a = gsl_matrix_ptr(m, i * n + j, k * n + j);

        *a += p->j[i * n + k];
        a = gsl_matrix_ptr(m, i * n + j, i * n + k);
        *a += p->j[j * n + k];
      }
  for (size_t i = 0; i < all; i++)
    gsl_vector_set(b, i, -p->q[i]);
  gsl_linalg_LU_decomp(m, turn, &sign);
  gsl_linalg_LU_solve(m, turn, b, &x.vector);
  gsl_permutation_free(turn);
  gsl_vector_free(b);
  gsl_matrix_free(m);
}

Test(covariance, a_chain_of_two_is_its_closed_form)
{
  noise_chip c;
  struct point p;
  double p00, p01, p11;
  qn_noise *r;

  noise_chip_open(&c, 2);
  c.capacitance[1] = 3e-12;
  c.chip.technology.thermal_noise = QN_ON;
  noise_chip_connect(&c, 0, 1, 5e-6, 1e-6, (qn_gate){2, 0.65});
  noise_chip_hold(&c, 0.5, AGES);
  r = noise_chip_run(&c, QN_NOISE_WHOLE, 1e-10);
  p = point_at(&c, r);
  p00 = p.q[0] / (-2 * p.j[0]);
  p01 = p.j[2] * p00 / -(p.j[0] + p.j[3]);
  p11 = (p.q[3] + 2 * p.j[2] * p01) / (-2 * p.j[3]);
  expect_close(noise_chip_cov(&c, r, 0, 0, 0), p00, 1e-8);
  expect_close(noise_chip_cov(&c, r, 0, 0, 1), p01, 1e-8);
  expect_close(noise_chip_cov(&c, r, 0, 1, 1), p11, 1e-8);
  cr_expect(p11 > 1.01 * boltzmann * 300 / 3e-12); /* more than its own kT/C */
  qn_noise_free(r);
}

static void open_three(noise_chip *c)
{
  noise_chip_open(c, 3);
  c->capacitance[2] = 0.5e-12;
  noise_chip_connect(c, 1, 0, 0.5e-6, 4e-6, (qn_gate){2, 0.65});
  noise_chip_connect(c, 2, 0, 3e-6, 0, (qn_gate){-1.5, 0.6});
  noise_chip_connect(c, 0, 1, 5e-6, 1e-6, (qn_gate){-1, 0.55});
  noise_chip_connect(c, 1, 1, 1e-6, 2e-6, (qn_gate){1, 0.6});
  noise_chip_connect(c, 1, 2, 4e-6, 4e-6, (qn_gate){1.2, 0.62});
  noise_chip_hold(c, -0.4, AGES);
}

Test(covariance, three_neurons_in_loops_solve_lyapunovs_equation)
{
  noise_chip c;
  struct point p;
  double want[9];
  qn_noise *r;

  open_three(&c);
  c.chip.technology.thermal_noise = QN_ON;
  r = noise_chip_run(&c, QN_NOISE_WHOLE, 1e-10);
  p = point_at(&c, r);
  lyapunov(&p, want);
  for (size_t i = 0; i < 3; i++)
    for (size_t j = 0; j < 3; j++)
      expect_close(noise_chip_cov(&c, r, 0, i, j), want[3 * i + j], 1e-8);
  qn_noise_free(r);
}

/* ---- coloured --------------------------------------------------------------------------- */

/* Sum over the memristors of (I / C)^2 at the end of a hold at `input`, and the
 * membrane's time constant. */
static double coloured_power(double input, double *tau)
{
  double a = open_at(input), g = 4e-6 + a * 4e-6, v = 0.4 * a * 2e-6 / g;
  const double i[] = {2e-6 * (0.4 - v), -2e-6 * (0.4 + v), a * 3e-6 * (0.4 - v),
                      -a * 1e-6 * (0.4 + v)};
  double sum = 0;

  for (int k = 0; k < 4; k++)
    sum += i[k] * i[k];
  *tau = 1e-12 / g;
  return sum / 1e-24;
}

/* B^2 tau_n^2 tau_s / (tau_n + tau_s): of a telegraph's second moments */
static void check_telegraph(double up, double down, double relative)
{
  double a = 0.1, p = up / (up + down), tau, b2 = coloured_power(0.3, &tau);
  double slow = 1 / (up + down);
  noise_chip c;
  qn_noise *r;

  noise_chip_open(&c, 1);
  noise_chip_hold(&c, 0.3, AGES);
  c.chip.technology.telegraph_amplitude = a;
  c.chip.technology.telegraph_rate_up_hz = up;
  c.chip.technology.telegraph_rate_down_hz = down;
  r = noise_chip_run(&c, QN_NOISE_WHOLE, 1e-10);
  expect_close(noise_chip_cov(&c, r, 0, 0, 0),
               a * a * p * (1 - p) * b2 * tau * tau * slow / (tau + slow),
               relative);
  qn_noise_free(r);
}

Test(covariance, telegraph_noise_enters_with_its_second_moments)
{
  check_telegraph(3e6, 1e6, 1e-8); /* as fast as the membrane */
  check_telegraph(2e5, 3e4, 1e-8); /* slower */
  check_telegraph(2e7, 5e7, 1e-8); /* faster */
}

/* a conductance that stands still moves the equilibrium: (dV/dG)^2 var(G) */
Test(covariance, a_source_slower_than_the_run_is_a_random_constant)
{
  check_telegraph(1e-3, 1e-3, 1e-8);
  check_telegraph(30, 30, 1e-8); /* 400 runs long: of its own rate still */
}

/* the membrane's own decay is taken off to first order */
Test(covariance, a_source_faster_than_every_membrane_is_white)
{
  check_telegraph(1e13, 2e13, 1e-8);
  check_telegraph(2e8, 2e8, 1e-3);
}

/* from nothing, with a source that was at rest before: P(t) in closed form */
Test(covariance, a_coloured_source_builds_up_as_its_closed_form_says)
{
  const double up = 1e6, down = 2e6, a = 0.1, h = 0.25e-6;
  double p = up / (up + down), l = up + down, g = 8e-6, k = g / 1e-12;
  double i[] = {2e-6 * 0.4, 2e-6 * 0.4, 2e-6 * 0.4, 2e-6 * 0.4}, b2 = 0, want;
  noise_chip c;
  qn_noise *r;

  noise_chip_open(&c, 1);
  c.sensory[0].plus_s = c.sensory[0].minus_s = 4e-6; /* half open: V stays 0 */
  noise_chip_hold(&c, 0, h * 1e6);
  c.chip.technology.telegraph_amplitude = a;
  c.chip.technology.telegraph_rate_up_hz = up;
  c.chip.technology.telegraph_rate_down_hz = down;
  r = noise_chip_run(&c, QN_NOISE_WHOLE, 1e-11);
  for (int m = 0; m < 4; m++)
    b2 += i[m] * i[m] / 1e-24 * a * a * p * (1 - p);
  /* 2 b2 / (k + l) [(1 - e^-2kh) / 2k - (e^-(k+l)h - e^-2kh) / (k - l)] */
  want = 2 * b2 / (k + l) *
         ((1 - exp(-2 * k * h)) / (2 * k) -
          (exp(-(k + l) * h) - exp(-2 * k * h)) / (k - l));
  expect_close(noise_chip_cov(&c, r, 0, 0, 0), want, 1e-8);
  qn_noise_free(r);
}

/* B R' + R B' of all memristors at a membrane, R = (rate - J)^-1 B */
static void colour(struct point *p, double variance, double rate)
{
  size_t n = p->n;
  gsl_matrix *m = gsl_matrix_alloc(n, n);
  gsl_permutation *turn = gsl_permutation_alloc(n);
  gsl_vector *b = gsl_vector_alloc(n), *r = gsl_vector_alloc(n);
  int sign;

  for (size_t i = 0; i < n * n; i++) {
    gsl_matrix_set(m, i / n, i % n, (i % (n + 1) ? 0 : rate) - p->j[i]);
    p->q[i] = 0;
  }
  gsl_linalg_LU_decomp(m, turn, &sign);
  for (size_t j = 0; j < n; j++) {
    gsl_vector_set_basis(b, j);
    gsl_linalg_LU_solve(m, turn, b, r);
    for (size_t i = 0; i < n; i++) {
      double a = variance * p->power[j] * gsl_vector_get(r, i);

      p->q[j * n + i] += a;
      p->q[i * n + j] += a;
    }
  }
  gsl_vector_free(r), gsl_vector_free(b);
  gsl_permutation_free(turn);
  gsl_matrix_free(m);
}

/* up to eight memristors at a membrane, which are rotated and reduced */
Test(covariance, coloured_noise_of_three_neurons_solves_its_equations)
{
  const double up = 2e6, down = 1e6, a = 0.05, occupied = 2.0 / 3;
  noise_chip c;
  struct point p;
  double want[9];
  qn_noise *r;

  open_three(&c);
  c.chip.technology.telegraph_amplitude = a;
  c.chip.technology.telegraph_rate_up_hz = up;
  c.chip.technology.telegraph_rate_down_hz = down;
  r = noise_chip_run(&c, QN_NOISE_WHOLE, 1e-10);
  p = point_at(&c, r);
  colour(&p, a * a * occupied * (1 - occupied), up + down);
  lyapunov(&p, want);
  cr_expect(r->processes < r->devices, "%zu of %zu", r->processes, r->devices);
  /* 1e-5 of a membrane's power may be left out */
  for (size_t i = 0; i < 3; i++)
    for (size_t j = 0; j < 3; j++)
      cr_expect_float_eq(noise_chip_cov(&c, r, 0, i, j), want[3 * i + j],
                         1e-5 * sqrt(want[4 * i] * want[4 * j]));
  qn_noise_free(r);
}

/* every pole's closed form added up, those that the run merges too */
Test(covariance, flicker_noise_is_the_sum_over_its_poles)
{
  double tau, b2 = coloured_power(0.3, &tau), want = 0;
  double low = 10, high = 1e10;
  qn_ou pole[QN_FLICKER_POLES_MAX];
  noise_chip c;
  qn_noise *r;
  size_t n;

  noise_chip_open(&c, 1);
  noise_chip_hold(&c, 0.3, AGES);
  c.chip.technology.memristor_flicker = 1e-5;
  c.chip.technology.flicker_low_hz = low;
  c.chip.technology.flicker_high_hz = high;
  n = qn_flicker_poles(1e-5, low, high, pole);
  for (size_t i = 0; i < n; i++)
    want +=
      pole[i].variance * b2 * tau * tau * pole[i].tau_s / (tau + pole[i].tau_s);
  r = noise_chip_run(&c, QN_NOISE_WHOLE, 1e-9);
  expect_close(noise_chip_cov(&c, r, 0, 0, 0), want, 1e-4);
  cr_expect_eq(r->poles, n);
  cr_expect(r->frozen_poles > 0 && r->white_poles > 0);
  cr_expect(r->processes == (n - r->frozen_poles - r->white_poles + 1) * 4);
  qn_noise_free(r);
}

/* ---- what holds of every chip -------------------------------------------------------------- */

static double least_eigenvalue(const noise_chip *c, const qn_noise *r,
                               size_t row, double *trace)
{
  size_t n = r->outputs;
  gsl_matrix *m = gsl_matrix_alloc(n, n);
  gsl_vector *value = gsl_vector_alloc(n);
  gsl_eigen_symm_workspace *w = gsl_eigen_symm_alloc(n);
  double least;

  *trace = 0;
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) {
      cr_expect_eq(noise_chip_cov(c, r, row, i, j),
                   noise_chip_cov(c, r, row, j, i));
      gsl_matrix_set(m, i, j, noise_chip_cov(c, r, row, i, j));
    }
    *trace += noise_chip_cov(c, r, row, i, i);
  }
  gsl_eigen_symm(m, value, w);
  least = gsl_vector_min(value);
  gsl_eigen_symm_free(w);
  gsl_vector_free(value);
  gsl_matrix_free(m);
  return least;
}

Test(covariance, it_is_symmetric_and_not_negative_on_1000_drawn_chips,
     .timeout = 300)
{
  for (uint64_t seed = 1; seed <= 1000; seed++) {
    noise_chip c;
    qn_noise *r;

    noise_chip_draw(&c, seed);
    if (seed % 2) /* coloured alone: few directions */
      c.chip.technology.thermal_noise = c.chip.technology.reset_noise = QN_OFF;
    r = noise_chip_run(&c, QN_NOISE_WHOLE, qn_noise_options_default.tolerance);
    for (size_t row = 0; row < r->rows; row++) {
      double trace, least = least_eigenvalue(&c, r, row, &trace);

      cr_expect(trace > 0 && least >= -1e-10 * trace,
                "seed %d, row %zu: %g of %g", (int)seed, row, least, trace);
    }
    qn_noise_free(r);
  }
}

static void check_shares(const noise_chip *c, qn_noise_split split)
{
  qn_noise *whole = noise_chip_run(c, QN_NOISE_WHOLE, 1e-9);
  qn_noise *parts = noise_chip_run(c, split, 1e-9);
  double farad = 0;

  for (size_t j = 0; j < c->chip.units; j++)
    farad = fmax(farad, c->capacitance[j]);
  for (size_t i = 0; i < whole->rows * whole->outputs; i++) {
    double sum = 0, want = whole->share[i];
    double atol = boltzmann * 300 / farad / 0.01;

    for (size_t a = 0; a < parts->accounts; a++)
      sum += parts->share[i * parts->accounts + a];
    cr_expect(fabs(sum - want) <= 1e-7 * (want + atol), "%g, not %g", sum,
              want);
  }
  qn_noise_free(whole);
  qn_noise_free(parts);
}

Test(covariance, shares_of_kinds_and_of_neurons_add_up, .timeout = 300)
{
  for (uint64_t seed = 1; seed <= 30; seed++) {
    noise_chip c;

    noise_chip_draw(&c, seed);
    check_shares(&c, QN_NOISE_BY_KIND);
    check_shares(&c, QN_NOISE_BY_NEURON);
  }
}

Test(covariance, a_technology_without_noise_is_refused)
{
  noise_chip c;
  qn_noise *r;
  qn_diag diag = {0};

  noise_chip_open(&c, 1);
  cr_expect_eq(qn_noise_run(&r, &c.chip, &c.net, &c.data,
                            &qn_noise_options_default, &diag),
               QN_EINVAL);
  cr_expect(diag.message[0] && !r);
}
