/* test_noise_spice.c - ngspice as the referee of noise: its transient under
 * `trnoise` sources, its `.noise` at a point of operation.
 *
 * trnoise(NA NT 0 0) is one normal number an NT with straight lines between,
 * whose one-sided density is S sinc^4(f NT) for NA = sqrt(S / (2 NT)) (ngspice's
 * manual, independent sources): the variance that this leaves behind a linear
 * circuit is an integral over its transfer function, here taken numerically. */
#include <criterion/criterion.h>
#include <gsl/gsl_math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/file.h>
#include <quench/text.h>

#include "netlists/ngspice.h"
#include "sim/noise_path_step.h"
#include "tests/base/scratch.h"
#include "tests/sim/noise_chip.h"

TestSuite(noise_spice, .init = scratch_open, .fini = scratch_close,
          .timeout = 300);

/* of one or two neurons at rest under an input of 0.6 V */
struct rest {
  size_t units;
  double x[2], s[2]; /* V; A2/Hz */
  double farad[2];
  double j[2][2];     /* 1/s */
  double var[2], cov; /* V2, by the covariance */
};

static void open_chip(noise_chip *c, size_t units)
{
  noise_chip_open(c, units);
  c->chip.technology.thermal_noise = QN_ON;
  noise_chip_hold(c, 0, 10);
  if (units < 2)
    return;
  c->capacitance[1] = 0.5e-12;
  noise_chip_connect(c, 1, 0, 0.5e-6, 4e-6, (qn_gate){2, 0.62});
  noise_chip_connect(c, 0, 1, 5e-6, 1e-6, (qn_gate){1, 0.58});
}

/* densities and Jacobian as the paths see them */
static void look(struct rest *r, const noise_chip *c)
{
  double input = 0.6;
  qn_ramp held = {&input, &input, 0, 0};
  const qn_pattern *pattern;
  qn_path_model m;
  qn_path *p;

  cr_assert_eq(qn_path_model_init(&m, &c->chip, 1), QN_OK);
  cr_assert_eq(qn_path_alloc(&p, &m), QN_OK);
  m.driven.kind->set_inputs(p->room, &held);
  qn_path_begin(p, &(qn_random){1, 0, 0});
  memcpy(p->x, r->x, r->units * sizeof *r->x);
  cr_assert_eq(qn_path_step(p, 0, 1e-15, (double[]){0, 0}), QN_OK);
  pattern = m.driven.pattern;
  for (size_t k = 0; k < r->units; k++) {
    r->s[k] = p->here.density[QN_NOISE_THERMAL * r->units + k];
    for (size_t i = pattern->column[k]; i < pattern->column[k + 1]; i++)
      r->j[pattern->row[i]][k] = p->value[i];
  }
  qn_path_free(p);
  qn_path_model_release(&m);
}

static struct rest at_rest(size_t units)
{
  struct rest r = {.units = units, .farad = {1e-12, 0.5e-12}};
  noise_chip c;
  qn_noise *n;

  open_chip(&c, units);
  n = noise_chip_run(&c, QN_NOISE_WHOLE, 1e-9);
  for (size_t k = 0; k < units; k++) {
    r.x[k] = noise_chip_volts(&c, n, 0, k);
    r.var[k] = noise_chip_cov(&c, n, 0, k, k);
  }
  if (units > 1)
    r.cov = noise_chip_cov(&c, n, 0, 0, 1);
  qn_noise_free(n);
  look(&r, &c);
  return r;
}

/* ---- ngspice ------------------------------------------------------------------------- */

/* currents of the chip of noise_chip.h, written by hand */
static const char one_neuron[] =
  "B0 0 n0 I=3.5u*(0.4-V(n0))+2.5u*(-0.4-V(n0))\nC0 n0 0 1p\n";
static const char two_neurons[] =
  "Bg0 g0 0 V=1/(1+exp(-50*(V(n1)-0.02)))\n"
  "Bg1 g1 0 V=1/(1+exp(-25*(V(n0)+0.02)))\n"
  "B0 0 n0 I=(3.5u+0.5u*V(g0))*(0.4-V(n0))+(2.5u+4u*V(g0))*(-0.4-V(n0))\n"
  "B1 0 n1 I=(3.5u+5u*V(g1))*(0.4-V(n1))+(2.5u+1u*V(g1))*(-0.4-V(n1))\n"
  "C0 n0 0 1p\nC1 n1 0 0.5p\n";

static char *run(const char *deck)
{
  qn_spice_report report = {0};
  qn_diag diag = {0};
  char *path = qn_text_format("%s/noise.log", scratch_folder()), *log;
  size_t size;

  scratch_text("noise.cir", deck);
  cr_assert_eq(
    qn_ngspice_run(scratch_folder(), "noise", 60, NULL, &report, &diag), QN_OK,
    "%s", diag.message);
  cr_assert_eq(qn_file_read(path, &log, &size, &diag), QN_OK);
  free(path);
  return log;
}

/* "name = number" */
static double measured(const char *log, const char *name)
{
  const char *at = strstr(log, name);

  cr_assert_not_null(at, "no %s in: %s", name, log);
  at = strchr(at, '=');
  return strtod(at + 1, NULL);
}

/* time averages over `run_s` of products of what is off the point of rest */
static void trnoise(const struct rest *r, double nt, double run_s,
                    double var[2], double *cov)
{
  double na0 = sqrt(r->s[0] / (2 * nt)), na1 = sqrt(r->s[1] / (2 * nt));
  char *deck = qn_text_format(
    "* noise\n%sI0 0 n0 dc 0 trnoise(%.9g %.9g 0 0)\n"
    "%sI1 0 n1 dc 0 trnoise(%.9g %.9g 0 0)\n%s"
    "Bp0 p0 0 V=1e6*(V(n0)-(%.12g))^2\n%sBp1 p1 0 V=1e6*(V(n1)-(%.12g))^2\n"
    "%sBp2 p2 0 V=1e6*(V(n0)-(%.12g))*(V(n1)-(%.12g))\n"
    ".options reltol=1e-5 vntol=1e-10 abstol=1e-16 chgtol=1e-20\n"
    ".control\nsetseed 11\ntran %.9g %.9g\n"
    "meas tran var0 avg v(p0) from=%.9g to=%.9g\n"
    "%smeas tran var1 avg v(p1) from=%.9g to=%.9g\n"
    "%smeas tran cov01 avg v(p2) from=%.9g to=%.9g\nquit\n.endc\n.end\n",
    r->units > 1 ? two_neurons : one_neuron, na0, nt, r->units > 1 ? "" : "*",
    na1, nt, "", r->x[0], r->units > 1 ? "" : "*", r->x[1],
    r->units > 1 ? "" : "*", r->x[0], r->x[1], nt / 2, run_s, 2e-6, run_s,
    r->units > 1 ? "" : "*", 2e-6, run_s, r->units > 1 ? "" : "*", 2e-6, run_s);
  char *log = run(deck);

  var[0] = 1e-6 * measured(log, "var0 ");
  if (r->units > 1) {
    var[1] = 1e-6 * measured(log, "var1 ");
    *cov = 1e-6 * measured(log, "cov01 ");
  }
  free(log);
  free(deck);
}

/* ---- transfer functions -------------------------------------------------------------------- */

/* H = (i w - J)^-1 diag(1/C); into power [3]: |H|^2 S summed over the sources,
 * of each output and of the two */
static void transfer(const struct rest *r, double f, double power[3])
{
  double w = 2 * M_PI * f, re, im, size;
  size_t n = r->units;

  memset(power, 0, 3 * sizeof *power);
  if (n == 1) {
    power[0] =
      r->s[0] / pow(r->farad[0], 2) / (w * w + r->j[0][0] * r->j[0][0]);
    return;
  }
  /* det = (i w - j00)(i w - j11) - j01 j10 */
  re = -w * w + r->j[0][0] * r->j[1][1] - r->j[0][1] * r->j[1][0];
  im = -w * (r->j[0][0] + r->j[1][1]);
  size = re * re + im * im;
  for (size_t k = 0; k < 2; k++) {
    double s = r->s[k] / pow(r->farad[k], 2) / size;
    double own = w * w + r->j[1 - k][1 - k] * r->j[1 - k][1 - k];
    double other = r->j[1 - k][k] * r->j[1 - k][k];

    power[k] += s * own;
    power[1 - k] += s * other;
    power[2] += -s * r->j[1 - k][1 - k] * r->j[1 - k][k]; /* the real part */
  }
}

/* integrals over frequency of the above times sinc^4(f nt) */
static void integrate(const struct rest *r, double nt, double sum[3])
{
  enum { N = 40000 };
  const double scale = 1e6;

  memset(sum, 0, 3 * sizeof *sum);
  for (int i = 0; i < N; i++) {
    double angle = M_PI / 2 * (i + 0.5) / N, f = scale * tan(angle);
    double power[3], x = M_PI * f * nt, line = x > 0 ? pow(sin(x) / x, 4) : 1;

    transfer(r, f, power);
    for (int k = 0; k < 3; k++)
      sum[k] += power[k] * line * scale / pow(cos(angle), 2) * M_PI / 2 / N;
  }
}

/* ---- tests ---------------------------------------------------------------------------------- */

/* What was measured, over what interpolation leaves, is the covariance's
 * variance. An average of a square over T deviates by sqrt(2 tau / T), tau the
 * slowest mode's: within 4 of that, six numbers at 1e-3 in all. */
static void check_trnoise(size_t units)
{
  struct rest r = at_rest(units);
  double tau = units > 1 ? 2.5e-7 : 1 / 6e6, nt = 0.5 / 6e6, run_s = 1e4 * tau;
  double var[2], cov = 0, whole[3], left[3], error = 4 * sqrt(2 * tau / run_s);

  integrate(&r, 0, whole);
  integrate(&r, nt, left);
  trnoise(&r, nt, run_s, var, &cov);
  for (size_t k = 0; k < units; k++) {
    double corrected = var[k] * whole[k] / left[k];

    cr_log_info("%zu neurons, %zu: left %.3f, measured %.3f of %.4g V2", units,
                k, left[k] / whole[k], var[k] / r.var[k], r.var[k]);
    cr_expect_float_eq(whole[k] / r.var[k], 1, 1e-3); /* Parseval */
    cr_expect(left[k] / whole[k] < 0.9);
    cr_expect_float_eq(corrected / r.var[k], 1, error, "%g",
                       corrected / r.var[k]);
  }
  if (units > 1) {
    cr_expect_float_eq(whole[2] / r.cov, 1, 1e-3);
    cr_expect_float_eq(cov * whole[2] / left[2], r.cov,
                       error * sqrt(r.var[0] * r.var[1]), "%g, not %g",
                       cov * whole[2] / left[2], r.cov);
  }
}

Test(noise_spice, trnoise_leaves_the_variance_of_one_neuron)
{
  check_trnoise(1);
}

Test(noise_spice, trnoise_leaves_the_covariance_of_two_neurons)
{
  check_trnoise(2);
}

/* Resistors of the conductances at rest, noiseless sources from neuron to
 * neuron: `.noise` is of one point of operation. */
static char *linear_deck(const struct rest *r, size_t output)
{
  double g[2];

  for (size_t k = 0; k < r->units; k++)
    g[k] = -r->j[k][k] * r->farad[k];
  return qn_text_format(
    "* noise\nI0 0 n0 dc 0 ac 1\nR0 n0 0 %.12g\nC0 n0 0 1p\n"
    "%sR1 n1 0 %.12g\n%sC1 n1 0 0.5p\n%sG0 0 n0 n1 0 %.12g\n"
    "%sG1 0 n1 n0 0 %.12g\n.options temp=26.85 tnom=26.85\n.control\n"
    "noise v(n%zu) I0 dec 3 1k 1g\nsetplot noise1\nset wr_singlescale\n"
    "set numdgt=12\nwrdata density.txt onoise_spectrum\nquit\n.endc\n.end\n",
    1 / g[0], r->units > 1 ? "" : "*", r->units > 1 ? 1 / g[1] : 0,
    r->units > 1 ? "" : "*", r->units > 1 ? "" : "*", r->j[0][1] * r->farad[0],
    r->units > 1 ? "" : "*", r->j[1][0] * r->farad[1], output);
}

Test(noise_spice, dot_noise_has_the_same_densities)
{
  for (size_t units = 1; units <= 2; units++)
    for (size_t k = 0; k < units; k++) {
      struct rest r = at_rest(units);
      char *deck = linear_deck(&r, k), *at, *text;
      double f, got, power[3];
      size_t size, points = 0;
      int used;

      free(run(deck));
      cr_assert_eq(
        qn_file_read(scratch_path("density.txt"), &text, &size, NULL), QN_OK);
      for (at = text; sscanf(at, "%lf %lf%n", &f, &got, &used) == 2;
           at += used, points++) {
        transfer(&r, f, power);
        cr_expect_float_eq(got / sqrt(power[k]), 1, 1e-5, "%g Hz: %g of %g", f,
                           got, sqrt(power[k]));
      }
      cr_expect(points >= 18);
      free(text);
      free(deck);
    }
}
