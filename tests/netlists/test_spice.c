/* test_spice.c - ngspice's transients against closed forms and GSL's
 * integrator. */
#include <criterion/criterion.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <quench/file.h>

#include "tests/base/scratch.h"
#include "tests/netlists/small.h"

static const qn_netlist_form forms[2] = {QN_NETLIST_CELLS, QN_NETLIST_FLAT};

static double open_fraction(const qn_chip *chip, const qn_branch *b, double v)
{
  return 1 / (1 + exp(-chip->gate_slope_per_v * b->gate.gain *
                      (v - b->gate.threshold_v)));
}

/* ---- closed forms --------------------------------------------------------------- */

/* With the input held, C dV/dt = G+ (E+ - V) + G- (E- - V): an exponential a
 * sample, whatever the spans. Swings here are about a model unit. */
Test(spice, a_gated_neuron_follows_its_exponentials)
{
  for (int f = 0; f < 2; f++) {
    small s;
    double v = 0.6;

    small_open(&s, 1);
    small_run(&s, 1e-5, forms[f]);
    for (size_t row = 0; row < SMALL_ROWS; row++) {
      double open =
        open_fraction(&s.chip, &s.sensory[0], 0.6 + 0.1 * s.input[row]);
      double p = 2e-6 + 3e-6 * open, m = 2e-6 + 1e-6 * open;
      double rest = (p * 1.0 + m * 0.2) / (p + m);

      v = rest + (v - rest) * exp(-(p + m) / 1e-12 * 1e-6 * s.span[row]);
      cr_expect_float_eq(s.trace->state[row], (v - 0.6) / 0.1, 1e-5,
                         "row %zu: %g, not %g", row, s.trace->state[row],
                         (v - 0.6) / 0.1);
    }
    small_close(&s);
  }
}

/* Two sinh memristors to rails at +-E about V make
 *   C dV/dt = -v0 M sinh((V - rest) / v0),
 *   S = G+ sinh(E+/v0) + G- sinh(E-/v0), K = G+ cosh(E+/v0) + G- cosh(E-/v0),
 *   rest = v0 atanh(S / K), M = sqrt(K^2 - S^2),
 * whose solution is tanh(y/2) = tanh(y0/2) exp(-M t / C), y = (V - rest)/v0. */
Test(spice, a_sinh_neuron_follows_its_closed_form)
{
  for (int f = 0; f < 2; f++) {
    small s;
    double v = 0; /* against the common mode */

    small_open(&s, 1);
    small_make_sinh(&s);
    small_run(&s, 1e-5, forms[f]);
    for (size_t row = 0; row < SMALL_ROWS; row++) {
      double open =
        open_fraction(&s.chip, &s.sensory[0], 0.6 + 0.1 * s.input[row]);
      double p = 2e-6 + 3e-6 * open, m = 2e-6 + 1e-6 * open;
      double sum = (p - m) * sinh(4), k = (p + m) * cosh(4);
      double rest = 0.1 * atanh(sum / k), rate = sqrt(k * k - sum * sum);
      double y = (v - rest) / 0.1;

      y = 2 * atanh(tanh(y / 2) * exp(-rate / 1e-12 * 1e-6 * s.span[row]));
      v = rest + 0.1 * y;
      cr_expect_float_eq(s.trace->state[row], v / 0.1, 1e-5,
                         "row %zu: %g, not %g", row, s.trace->state[row],
                         v / 0.1);
    }
    small_close(&s);
  }
}

/* 3 units would be 0.9 V; held to 0.75 V it is an input of 1.5 units */
Test(spice, inputs_beyond_the_drivers_range_are_held_and_counted)
{
  qn_spice_report report;
  small held, mild;

  small_open(&held, 1);
  small_open(&mild, 1);
  held.chip.technology.driver_high_v = 0.75;
  mild.input[2] = 1.5;
  cr_assert_eq(qn_spice_run(&held.chip, &held.net, &held.data, NULL, 1, NULL,
                            held.trace, &report, NULL),
               QN_OK);
  cr_expect_eq(report.clipped_inputs, 1);
  cr_assert_eq(qn_spice_run(&mild.chip, &mild.net, &mild.data, NULL, 1, NULL,
                            mild.trace, &report, NULL),
               QN_OK);
  cr_expect_eq(report.clipped_inputs, 0);
  for (size_t row = 0; row < SMALL_ROWS; row++)
    cr_expect_float_eq(held.trace->state[row], mild.trace->state[row], 1e-12);
  small_close(&held);
  small_close(&mild);
}

/* the same exponential, between rails that pull unequally */
Test(spice, an_unequal_leak_rests_nearer_to_its_stronger_rail)
{
  for (int f = 0; f < 2; f++) {
    small s;
    double v = 0.6;

    small_open(&s, 1);
    s.leak_minus[0] = 0.5e-6;
    small_run(&s, 1e-5, forms[f]);
    for (size_t row = 0; row < SMALL_ROWS; row++) {
      double open =
        open_fraction(&s.chip, &s.sensory[0], 0.6 + 0.1 * s.input[row]);
      double p = 2e-6 + 3e-6 * open, m = 0.5e-6 + 1e-6 * open;
      double rest = (p * 1.0 + m * 0.2) / (p + m);

      v = rest + (v - rest) * exp(-(p + m) / 1e-12 * 1e-6 * s.span[row]);
      cr_expect_float_eq(s.trace->state[row], (v - 0.6) / 0.1, 1e-5,
                         "row %zu: %g, not %g", row, s.trace->state[row],
                         (v - 0.6) / 0.1);
    }
    small_close(&s);
  }
}

/* two sequences, each with an input that a driver cannot reach */
Test(spice, what_many_workers_clipped_is_counted_together)
{
  size_t halves[] = {0, 2, 4};
  qn_spice_report report;
  small s;

  small_open(&s, 1);
  qn_trace_free(s.trace);
  s.data.sequences = 2;
  s.data.first = halves;
  s.input[0] = 3;
  s.chip.technology.driver_high_v = 0.75;
  cr_assert_eq(qn_trace_alloc(&s.trace, &s.net, &s.data), QN_OK);
  cr_assert_eq(qn_spice_run(&s.chip, &s.net, &s.data, NULL, 2, NULL, s.trace,
                            &report, NULL),
               QN_OK);
  cr_expect_eq(report.clipped_inputs, 2);
  small_close(&s);
}

/* ---- an integrator of another house ------------------------------------------------ */

struct held {
  const small *s;
  double input_v;
};

static double branch_current(const qn_chip *chip, const qn_branch *b,
                             double pre, double post)
{
  return open_fraction(chip, b, pre) *
         (b->plus_s * (chip->rail_plus_v - post) +
          b->minus_s * (chip->rail_minus_v - post));
}

static int slope(double t, const double *v, double *dv, void *arg)
{
  const struct held *h = arg;
  const qn_chip *chip = &h->s->chip;

  (void)t;
  for (size_t j = 0; j < 2; j++)
    dv[j] =
      2e-6 * (chip->rail_plus_v - v[j]) + 2e-6 * (chip->rail_minus_v - v[j]);
  dv[0] += branch_current(chip, &h->s->sensory[0], h->input_v, v[0]);
  dv[0] += branch_current(chip, &h->s->recurrent[0], v[1], v[0]);
  dv[1] += branch_current(chip, &h->s->recurrent[1], v[0], v[1]);
  dv[0] /= 1e-12;
  dv[1] /= 1e-12;
  return GSL_SUCCESS;
}

Test(spice, two_coupled_neurons_meet_gsl_at_1e_12)
{
  small s;
  struct held held = {.s = &s};
  gsl_odeiv2_system system = {slope, NULL, 2, &held};
  gsl_odeiv2_driver *driver = gsl_odeiv2_driver_alloc_y_new(
    &system, gsl_odeiv2_step_rk8pd, 1e-9, 1e-12, 1e-12);
  double v[2] = {0.6, 0.6};

  small_open(&s, 2);
  small_run(&s, 1e-5, QN_NETLIST_CELLS);
  for (size_t row = 0; row < SMALL_ROWS; row++) {
    double t = 0;

    held.input_v = 0.6 + 0.1 * s.input[row];
    gsl_odeiv2_driver_reset(driver);
    cr_assert_eq(gsl_odeiv2_driver_apply(driver, &t, 1e-6 * s.span[row], v),
                 GSL_SUCCESS);
    for (size_t j = 0; j < 2; j++)
      cr_expect_float_eq(s.trace->state[2 * row + j], (v[j] - 0.6) / 0.1, 1e-5,
                         "row %zu, neuron %zu: %g, not %g", row, j,
                         s.trace->state[2 * row + j], (v[j] - 0.6) / 0.1);
  }
  gsl_odeiv2_driver_free(driver);
  small_close(&s);
}

/* ---- failures ------------------------------------------------------------------------ */

static qn_status try(small *s, qn_diag *diag)
{
  qn_spice_report report;

  return qn_spice_run(&s->chip, &s->net, &s->data, NULL, 1, NULL, s->trace,
                      &report, diag);
}

Test(spice, a_missing_ngspice_is_a_sentence_that_says_what_to_install)
{
  qn_diag diag = {0};
  small s;

  small_open(&s, 1);
  setenv("PATH", "", 1);
  cr_expect_eq(try(&s, &diag), QN_ETOOL);
  cr_expect(strstr(diag.message, "apt-get install ngspice"), "%s",
            diag.message);
  small_close(&s);
}

/* a program of that name before the real one */
static void replace_ngspice(const char *script)
{
  const char *path;
  char *all = NULL;
  size_t size = 0;
  FILE *text;

  scratch_open();
  path = scratch_text("ngspice", script);
  cr_assert_eq(chmod(path, 0755), 0);
  text = open_memstream(&all, &size);
  fprintf(text, "%s:/usr/bin:/bin", scratch_folder());
  fclose(text);
  setenv("PATH", all, 1);
  setenv("TMPDIR", scratch_folder(), 1);
  free(all);
}

static void expect_kept_deck(const qn_diag *diag)
{
  char path[400];

  snprintf(path, sizeof path, "%s/tb_small_0.cir", diag->file);
  cr_expect(qn_file_exists(path), "%s", path);
  cr_expect(strstr(diag->message, "Error: no luck"), "%s", diag->message);
}

Test(spice, a_failing_ngspice_is_quoted_and_its_deck_stays)
{
  qn_diag diag = {0};
  small s;

  small_open(&s, 1);
  replace_ngspice("#!/bin/sh\necho 'Error: no luck'\nexit 1\n");
  cr_expect_eq(try(&s, &diag), QN_ETOOL);
  expect_kept_deck(&diag);
  scratch_close();
  small_close(&s);
}

Test(spice, an_ngspice_that_ends_well_without_results_has_failed)
{
  qn_diag diag = {0};
  small s;

  small_open(&s, 1);
  replace_ngspice("#!/bin/sh\necho 'Error: no luck'\nexit 0\n");
  cr_expect_eq(try(&s, &diag), QN_ETOOL);
  expect_kept_deck(&diag);
  scratch_close();
  small_close(&s);
}

/* a raw file of one point: 1 us, the end of the first sample, and NaN */
Test(spice, a_membrane_that_is_no_number_is_a_failure)
{
  static const char script[] =
    "#!/bin/sh\necho 'Error: no luck'\n"
    "printf 'Title: x\\nFlags: real\\nNo. Variables: 2\\nNo. Points: 1\\n"
    "Variables:\\n0 time time\\n1 v(n0) voltage\\n"
    "Binary:\\n\\215\\355\\265\\240\\367\\306\\260\\076"
    "\\000\\000\\000\\000\\000\\000\\370\\177' > small_0.raw\n";
  qn_diag diag = {0};
  small s;

  small_open(&s, 1);
  replace_ngspice(script);
  cr_expect_eq(try(&s, &diag), QN_ETOOL);
  cr_expect(strstr(diag.message, "end of sample 0"), "%s", diag.message);
  expect_kept_deck(&diag);
  scratch_close();
  small_close(&s);
}

Test(spice, a_good_run_leaves_no_file_behind)
{
  small s;

  small_open(&s, 2);
  scratch_open();
  setenv("TMPDIR", scratch_folder(), 1);
  small_run(&s, 1e-3, QN_NETLIST_CELLS);
  cr_expect_eq(scratch_files(), 0);
  scratch_close();
  small_close(&s);
}
