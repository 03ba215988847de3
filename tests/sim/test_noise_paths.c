/* test_noise_paths.c - many sample paths of trained networks: the same from run
 * to run, the transient where there is no noise, and the covariance that is
 * computed without sampling. Seeds are fixed; what is drawn holds together with
 * a confidence of 1 - 1e-3 a test. */
#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quench/die.h>
#include <quench/noise.h>
#include <quench/noise_path.h>
#include <quench/ode.h>

#include "tests/sim/example.h"
#include "tests/sim/noise_chip.h"

/* thermal noise alone, whatever else the card has */
#define THERMAL                                                   \
  "sky130_reram,noise.thermal=on,noise.shot=off,noise.reset=off," \
  "noise.amplifier_v_per_rthz=0,noise.amplifier_flicker_v2=0,"    \
  "noise.memristor_flicker=0,noise.readout_f=0"

static const char everything[] =
  "sky130_reram,noise.thermal=on,noise.shot=on,noise.reset=on,"
  "noise.amplifier_v_per_rthz=1e-7,noise.amplifier_flicker_v2=1e-9,"
  "noise.memristor_flicker=1e-5,noise.flicker_low_hz=1e3,"
  "noise.flicker_high_hz=1e8,noise.telegraph_amplitude=0.01,"
  "noise.telegraph_rate_up_hz=1e5,noise.telegraph_rate_down_hz=3e5,"
  "noise.readout_v=2e-4,noise.readout_f=1e-13";

static qn_chip *open_chip(const qn_network *net, const char *technology)
{
  qn_diag diag = {0};
  qn_chip *chip;

  cr_assert_eq(qn_chip_open(&chip, net, technology, NULL, &diag), QN_OK,
               "%s: %s: %s", technology, diag.place, diag.message);
  return chip;
}

static qn_paths *run(const qn_chip *chip, const qn_network *net,
                     const qn_dataset *data, const qn_path_options *opt)
{
  qn_diag diag = {0};
  qn_paths *p;

  cr_assert_eq(qn_noise_paths_run(&p, chip, net, data, opt, &diag), QN_OK,
               "%s: %s", diag.place, diag.message);
  return p;
}

/* ---- the same ------------------------------------------------------------------------- */

static int same(const double *a, const double *b, size_t n)
{
  return !memcmp(a, b, n * sizeof *a);
}

Test(noise_paths, are_the_same_for_any_number_of_workers, .timeout = 300)
{
  example e = example_open("sine_ltc8");
  qn_chip *chip = open_chip(e.net, everything);
  qn_path_options opt = qn_path_options_default;
  qn_paths *a, *b;
  size_t states = e.trace->rows * e.trace->units;

  opt.paths = 9;
  a = run(chip, e.net, e.data, &opt);
  opt.workers = 3;
  b = run(chip, e.net, e.data, &opt);
  cr_expect(same(a->first->state, b->first->state, states));
  cr_expect(same(a->first->output, b->first->output, a->rows * a->outputs));
  cr_expect(same(a->state_mean, b->state_mean, states));
  cr_expect(same(a->state_sd, b->state_sd, states));
  cr_expect(same(a->output_sd, b->output_sd, a->rows * a->outputs));
  cr_expect(same(a->metric, b->metric, a->paths));
  qn_paths_free(a), qn_paths_free(b);
  qn_chip_free(chip);
  example_close(&e);
}

/* path 5 alone is path 5 of nine; every part of the key makes another */
Test(noise_paths, are_a_function_of_seed_die_and_path, .timeout = 300)
{
  example e = example_open("sine_ltc8");
  qn_chip *chip = open_chip(e.net, everything);
  qn_path_options opt = qn_path_options_default, other[4];
  size_t states = e.trace->rows * e.trace->units;
  qn_paths *many, *one;

  opt.paths = 9;
  many = run(chip, e.net, e.data, &opt);
  opt.paths = 1;
  opt.first_path = 5;
  one = run(chip, e.net, e.data, &opt);
  cr_expect_eq(one->metric[0], many->metric[5]);
  cr_expect_neq(one->metric[0], many->metric[4]);
  for (int i = 0; i < 4; i++)
    other[i] = opt;
  other[1].seed = 2;
  other[2].die = 1;
  other[3].first_path = 6;
  for (int i = 0; i < 4; i++) {
    qn_paths *p = run(chip, e.net, e.data, &other[i]);

    cr_expect_eq(same(p->first->state, one->first->state, states), i == 0);
    qn_paths_free(p);
  }
  qn_paths_free(one), qn_paths_free(many);
  qn_chip_free(chip);
  example_close(&e);
}

Test(noise_paths, need_a_technology_with_noise)
{
  example e = example_open("sine_ltc8");
  qn_chip *chip = open_chip(e.net, "ideal");
  qn_diag diag = {0};
  qn_paths *p;

  cr_expect_eq(qn_noise_paths_run(&p, chip, e.net, e.data,
                                  &qn_path_options_default, &diag),
               QN_EUNSUPPORTED);
  cr_expect_null(p);
  cr_expect(strstr(diag.message, "noise.thermal=on") != NULL);
  qn_chip_free(chip);
  example_close(&e);
}

/* ---- without noise ----------------------------------------------------------------------- */

/* worst distance from the transient in % of swing */
static double quiet_error(const example *e, const qn_chip *chip, double step)
{
  qn_path_options opt = qn_path_options_default;
  double *swing = malloc(e->net->units * sizeof *swing), worst;
  qn_diag diag = {0};
  qn_paths *p;

  cr_assert_eq(qn_chip_run(chip, e->net, e->data, &qn_ode_options_default,
                           e->trace, NULL, &diag),
               QN_OK);
  opt.step = step;
  p = run(chip, e->net, e->data, &opt);
  qn_swing_of(e->trace, swing);
  worst = qn_difference_of(p->quiet, e->trace, swing).worst_percent;
  qn_paths_free(p);
  free(swing);
  return worst;
}

Test(noise_paths, without_noise_are_the_transient_with_second_order,
     .timeout = 300)
{
  static const char *const cells[] = {
    THERMAL, THERMAL ",synapse.cell=steered",
    "sky130_reram,noise.shot=on,synapse.cell=transconductor,"
    "synapse.linear_range_v=0.3",
    NULL};

  for (int i = 0; cells[i]; i++) {
    example e = example_open("sine_ltc8");
    qn_chip *chip = open_chip(e.net, cells[i]);
    double coarse = quiet_error(&e, chip, 0.25),
           fine = quiet_error(&e, chip, 0.125);

    cr_expect(coarse < 0.2, "%s: %g %%", cells[i], coarse);
    cr_expect(coarse / fine > 3.5 && coarse / fine < 4.5, "%s: %g", cells[i],
              coarse / fine);
    qn_chip_free(chip);
    example_close(&e);
  }
}

/* with no step given one is found that holds the tolerance, not much shorter
 * than need be */
Test(noise_paths, find_the_step_that_a_tolerance_asks_for, .timeout = 300)
{
  for (int i = 0; i < 2; i++) {
    example e = example_open(i ? "occupancy_ltc19" : "sine_ltc8");
    qn_chip *chip = open_chip(e.net, THERMAL);
    qn_path_options opt = qn_path_options_default;
    qn_dataset *some;
    qn_diag diag = {0};
    qn_trace *whole = e.trace;
    double step, error;

    cr_assert_eq(qn_dataset_pick(&some, e.data, 1), QN_OK);
    cr_assert_eq(qn_trace_pick(&e.trace, whole, 1), QN_OK);
    qn_trace_free(whole);
    qn_dataset_free(e.data);
    e.data = some;
    cr_assert_eq(
      qn_noise_paths_find_step(&step, chip, e.net, e.data, &opt, &diag), QN_OK);
    error = quiet_error(&e, chip, step);
    cr_expect(error <= 0.05 && error > 0.05 / 10, "step %g: %g %%", step,
              error);
    qn_chip_free(chip);
    example_close(&e);
  }
}

/* ---- against the covariance --------------------------------------------------------------- */

/* every deviation squared within its chi-square law */
static size_t outside(const double *got, const double *want, size_t n,
                      size_t paths, double *worst)
{
  double level = 1e-3 / (double)n, degrees = (double)paths - 1;
  size_t count = 0;

  for (size_t i = 0; i < n; i++) {
    double ratio = got[i] * got[i] / (want[i] * want[i]);
    double p = gsl_cdf_chisq_P(degrees * ratio, degrees);

    count += !(p > level / 2 && p < 1 - level / 2);
    *worst = fmax(*worst, fabs(ratio - 1) / sqrt(2 / degrees));
  }
  return count;
}

/* decisions of each row against what the covariance makes likely */
static void check_flips(const qn_paths *p, const qn_noise *r,
                        const qn_dataset *data, size_t *flips,
                        double *predicted)
{
  double level = 1e-3 / (double)p->rows, paths = (double)p->paths;
  double *flip = malloc(p->rows * sizeof *flip);

  cr_assert_eq(qn_noise_decide(r, data, flip).decisions, p->rows);
  for (size_t row = 0; row < p->rows; row++) {
    double chance = flip[row];
    unsigned got = (unsigned)lround(p->flipped[row] * paths);
    double below = gsl_cdf_binomial_P(got, chance, (unsigned)p->paths);
    double above =
      got ? gsl_cdf_binomial_Q(got - 1, chance, (unsigned)p->paths) : 1;

    cr_expect(below > level / 2 && above > level / 2,
              "row %zu: %u flips, expected %g", row, got, chance * paths);
    *flips += got;
    *predicted += chance * paths;
  }
  free(flip);
}

static void check_covariance(const char *name, const char *technology,
                             size_t sequences, double step)
{
  enum { PATHS = 400 };
  example e = example_open(name);
  qn_chip *chip = open_chip(e.net, technology);
  qn_path_options opt = qn_path_options_default;
  qn_diag diag = {0};
  double worst = 0, predicted = 0, *output_sd;
  size_t flips = 0;
  qn_dataset *data;
  qn_noise *r;
  qn_paths *p;

  cr_assert_eq(qn_dataset_pick(&data, e.data, sequences), QN_OK);
  opt.paths = PATHS;
  opt.step = step;
  opt.workers = 2;
  p = run(chip, e.net, data, &opt);
  cr_assert_eq(
    qn_noise_run(&r, chip, e.net, data, &qn_noise_options_default, &diag),
    QN_OK, "%s: %s", diag.place, diag.message);
  output_sd = malloc(p->rows * p->outputs * sizeof *output_sd);
  for (size_t row = 0; row < p->rows; row++)
    for (size_t k = 0; k < p->outputs; k++)
      output_sd[row * p->outputs + k] =
        sqrt(r->covariance[(row * p->outputs + k) * p->outputs + k]);
  cr_expect_eq(
    outside(p->state_sd, r->state_sd, p->rows * p->units, PATHS, &worst), 0,
    "%s: states, worst z %g", name, worst);
  cr_log_info("%s: %zu states, worst z %.2f", name, p->rows * p->units, worst);
  cr_expect_eq(
    outside(p->output_sd, output_sd, p->rows * p->outputs, PATHS, &worst), 0,
    "%s: outputs, worst z %g", name, worst);
  if (p->flipped) {
    check_flips(p, r, data, &flips, &predicted);
    cr_expect_float_eq((double)flips, predicted, 3.3 * sqrt(predicted) + 1);
    cr_log_info("%s: %zu flips, predicted %.1f", name, flips, predicted);
  }
  free(output_sd);
  qn_noise_free(r);
  qn_paths_free(p);
  qn_dataset_free(data);
  qn_chip_free(chip);
  example_close(&e);
}

Test(noise_paths, of_thermal_noise_have_the_covariance_of_sine, .timeout = 300)
{
  check_covariance("sine_ltc8", THERMAL ",noise.reset=on", 1, 0.5);
}

Test(noise_paths, of_every_source_have_the_covariance_of_sine, .timeout = 300)
{
  check_covariance("sine_ltc8", everything, 1, 0.5);
}

/* readings so noisy that decisions change */
Test(noise_paths, of_occupancy_have_its_covariance_and_flip_as_predicted,
     .timeout = 300)
{
  check_covariance("occupancy_ltc19", THERMAL ",noise.readout_v=0.05", 3, 1);
}

/* one kind of coloured noise alone, poles from far slower than a membrane to
 * far faster; neither variance nor mean is another */
static void check_colour(noise_chip *c, const char *what)
{
  enum { PATHS = 3000 };
  qn_path_options opt = qn_path_options_default;
  double worst = 0, deviations = 4.4;
  qn_noise *r;
  qn_paths *p;

  opt.paths = PATHS;
  opt.workers = 2;
  opt.step = 0.25;
  p = run(&c->chip, &c->net, &c->data, &opt);
  r = noise_chip_run(c, QN_NOISE_WHOLE, 1e-7);
  cr_expect_eq(
    outside(p->state_sd, r->state_sd, p->rows * p->units, PATHS, &worst), 0,
    "%s: worst z %g", what, worst);
  for (size_t i = 0; i < p->rows * p->units; i++) {
    double off = p->state_mean[i] - p->quiet->state[i];
    /* what the second order of the noise itself does to the mean */
    double shift = 10 * r->state_sd[i] * r->state_sd[i];

    cr_expect_float_eq(
      off, 0, deviations * r->state_sd[i] / sqrt(PATHS) + shift,
      "%s: mean off by %g deviations", what, off / r->state_sd[i]);
  }
  qn_noise_free(r);
  qn_paths_free(p);
}

static void open_coupled(noise_chip *c)
{
  noise_chip_open(c, 2);
  noise_chip_connect(c, 1, 0, 0.5e-6, 4e-6, (qn_gate){2, 0.62});
  noise_chip_connect(c, 0, 1, 5e-6, 1e-6, (qn_gate){1, 0.58});
}

Test(noise_paths, of_coloured_noise_alone_have_its_covariance, .timeout = 300)
{
  noise_chip c;

  open_coupled(&c);
  c.chip.technology.memristor_flicker = 1e-5;
  c.chip.technology.flicker_low_hz = 1e3;
  c.chip.technology.flicker_high_hz = 1e8;
  check_colour(&c, "1/f of memristors");
  open_coupled(&c);
  c.chip.technology.amplifier_flicker_v2 = 1e-8;
  c.chip.technology.flicker_low_hz = 1e3;
  c.chip.technology.flicker_high_hz = 1e8;
  check_colour(&c, "1/f of amplifiers");
  open_coupled(&c);
  c.chip.technology.telegraph_amplitude = 0.01;
  c.chip.technology.telegraph_rate_up_hz = 2e6;
  c.chip.technology.telegraph_rate_down_hz = 6e6;
  check_colour(&c, "telegraph");
  open_coupled(&c);
  c.chip.technology.telegraph_amplitude = 0.02;
  c.chip.technology.telegraph_rate_up_hz = 4e8;
  c.chip.technology.telegraph_rate_down_hz = 1e8;
  check_colour(&c, "fast telegraph");
}

/* ---- readout ------------------------------------------------------------------------------- */

/* states do not move, a reading does: r.m.s. of what is added and kT/C of what
 * holds it */
Test(noise_paths, readings_have_their_own_noise)
{
  enum { PATHS = 4000 };
  double want = sqrt(4e-8 + 1.380649e-23 * 300 / 1e-13) / 0.1, worst = 0;
  qn_path_options opt = qn_path_options_default;
  double law[NOISE_CHIP_ROWS * 2];
  noise_chip c;
  qn_paths *p;

  noise_chip_open(&c, 2);
  c.chip.technology.readout_noise_v = 2e-4;
  c.chip.technology.readout_f = 1e-13;
  opt.paths = PATHS;
  p = run(&c.chip, &c.net, &c.data, &opt);
  for (size_t i = 0; i < NOISE_CHIP_ROWS * 2; i++) {
    law[i] = want;
    cr_expect_eq(p->state_sd[i], 0);
  }
  cr_expect_eq(outside(p->output_sd, law, NOISE_CHIP_ROWS * 2, PATHS, &worst),
               0);
  qn_paths_free(p);
}
