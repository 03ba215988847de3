/* test_die.c - what comes out of a fab, against the laws in die.h: sample
 * moments over many dies within 5 of their own deviations. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/circuits/fab.h"

static int same_branches(const qn_branches *a, const qn_branches *b)
{
  return a->count == b->count &&
         !memcmp(a->at, b->at, a->count * sizeof *a->at);
}

static int same_chip(const qn_chip *a, const qn_chip *b)
{
  size_t bytes = a->units * sizeof *a->capacitance_f;

  return same_branches(&a->recurrent, &b->recurrent) &&
         same_branches(&a->sensory, &b->sensory) &&
         !memcmp(a->capacitance_f, b->capacitance_f, bytes) &&
         !memcmp(a->leak_plus_s, b->leak_plus_s, bytes) &&
         !memcmp(a->leak_minus_s, b->leak_minus_s, bytes) &&
         a->rail_plus_v == b->rail_plus_v && a->rail_minus_v == b->rail_minus_v;
}

/* ---- which die ------------------------------------------------------------------- */

Test(die, of_a_technology_without_spread_is_the_chip)
{
  struct fab f = fab_open("ideal");
  qn_chip *die;

  fab_map(&f);
  die = fab_draw(&f, 3, 4);
  cr_expect(same_chip(die, f.chip));
  qn_chip_free(die);
  fab_close(&f);
}

Test(die, is_the_same_for_the_same_seed_and_number_and_another_for_others)
{
  struct fab f = fab_open("sky130_reram");
  qn_chip *a, *b, *c, *d;

  f.tech.programming_s[0] = 1e-6;
  fab_map(&f);
  a = fab_draw(&f, 1, 5), b = fab_draw(&f, 1, 5);
  c = fab_draw(&f, 1, 6), d = fab_draw(&f, 2, 5);
  cr_expect(same_chip(a, b));
  cr_expect(!same_chip(a, c));
  cr_expect(!same_chip(a, d));
  cr_expect_str_eq(f.chip->sample, "");
  cr_expect_str_eq(c->sample, "die 6 of seed 1");
  qn_chip_free(a), qn_chip_free(b), qn_chip_free(c), qn_chip_free(d);
  fab_close(&f);
}

/* a memristor's draw is its own: without one synapse the others stay */
Test(die, draws_each_element_whatever_else_is_there)
{
  struct fab f = fab_open("sky130_reram");
  qn_chip *a, *b;

  f.tech.threshold_mismatch_v_m = 4e-9;
  fab_map(&f);
  a = fab_draw(&f, 1, 0);
  f.chip->recurrent.count--; /* the last neuron's last */
  f.chip->recurrent.first[f.chip->units]--;
  b = fab_draw(&f, 1, 0);
  for (size_t i = 0; i < b->recurrent.count; i++)
    cr_expect_eq(a->recurrent.at[i].gate.threshold_v,
                 b->recurrent.at[i].gate.threshold_v);
  for (size_t i = 0; i < b->sensory.count; i++)
    cr_expect_eq(a->sensory.at[i].gate.threshold_v,
                 b->sensory.at[i].gate.threshold_v);
  qn_chip_free(a), qn_chip_free(b);
  fab_close(&f);
}

static void note(double *all, size_t *n, double got, double wanted)
{
  if (wanted != 0)
    all[(*n)++] = got - wanted;
}

static int by_size(const void *a, const void *b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static void expect_all_different(double *all, size_t n, double least)
{
  qsort(all, n, sizeof *all, by_size);
  for (size_t i = 1; i < n; i++)
    cr_expect(all[i] - all[i - 1] > least, "%zu of %zu are equal: %g", i, n,
              all[i]);
}

/* with one sigma for all of them, two memristors that share a draw are off by
 * the same; so are two gates, and the two rails */
Test(die, no_two_elements_share_a_draw)
{
  struct fab f = fab_open("sky130_reram");
  double g[256], v[64];
  size_t n = 0, gates = 0;
  qn_chip *die;

  f.tech.programming_s[0] = 1e-8;
  f.tech.threshold_mismatch_v_m = 4e-9;
  f.tech.rail_error_v = 1e-3;
  f.tech.gain_min = f.tech.gain_max = 1;
  fab_map(&f);
  die = fab_draw(&f, 21, 1);
  for (size_t j = 0; j < die->units; j++) {
    note(g, &n, die->leak_plus_s[j], f.chip->leak_plus_s[j]);
    note(g, &n, die->leak_minus_s[j], f.chip->leak_minus_s[j]);
  }
  for (int k = 0; k < 2; k++) {
    const qn_branches *got = k ? &die->sensory : &die->recurrent;
    const qn_branches *want = k ? &f.chip->sensory : &f.chip->recurrent;

    for (size_t i = 0; i < got->count; i++) {
      note(g, &n, got->at[i].plus_s, want->at[i].plus_s);
      note(g, &n, got->at[i].minus_s, want->at[i].minus_s);
      note(v, &gates, got->at[i].gate.threshold_v,
           want->at[i].gate.threshold_v);
    }
  }
  cr_assert(n == f.chip->memristors && gates == 17);
  expect_all_different(g, n, 1e-16); /* rounding: 1e-20 of 1e-4 */
  expect_all_different(v, gates, 1e-12);
  cr_expect(fabs((die->rail_plus_v - f.chip->rail_plus_v) -
                 (die->rail_minus_v - f.chip->rail_minus_v)) > 1e-9);
  qn_chip_free(die);
  fab_close(&f);
}

/* ---- one law each -------------------------------------------------------------------- */

/* the same memristors over 10,000 dies */
Test(die, conductances_spread_by_the_polynomial)
{
  struct fab f = fab_open("sky130_reram");
  struct sample plus = {0}, leak = {0};
  const double c[] = {0.1e-6, 0.8e-6, -0.5e-6, 0.2e-6, -0.1e-6};
  const qn_branch *b;
  size_t j = 0;

  memcpy(f.tech.programming_s, c, sizeof c);
  fab_map(&f);
  b = &f.chip->recurrent.at[2];
  for (uint32_t k = 0; k < DIES; k++) {
    qn_chip *die = fab_draw(&f, 11, k);

    sample_add(&plus, die->recurrent.at[2].plus_s);
    sample_add(&leak, die->leak_minus_s[j]);
    qn_chip_free(die);
  }
  for (int i = 0; i < 2; i++) {
    double g = i ? f.chip->leak_minus_s[j] : b->plus_s, sigma = 0;

    for (int p = 0; p < 5; p++)
      sigma += c[p] * pow(g / f.tech.conductance_max_s, p);
    cr_assert(g > 6 * sigma); /* no draw ends below zero */
    sample_expect_normal(i ? &leak : &plus, g, sigma);
  }
  fab_close(&f);
}

Test(die, no_conductance_is_negative)
{
  struct fab f = fab_open("sky130_reram");
  size_t zeros = 0;

  f.tech.programming_s[0] = 1e-4;
  fab_map(&f);
  for (uint32_t k = 0; k < 50; k++) {
    qn_chip *die = fab_draw(&f, 1, k);

    for (size_t i = 0; i < die->recurrent.count; i++) {
      cr_expect_geq(die->recurrent.at[i].plus_s, 0);
      zeros += die->recurrent.at[i].plus_s == 0;
    }
    qn_chip_free(die);
  }
  cr_expect_gt(zeros, 0);
  fab_close(&f);
}

Test(die, memristors_are_stuck_as_often_as_said)
{
  struct fab f = fab_open("sky130_reram");
  double low = 0, high = 0, n = 0, below = 0; /* below: not meant at the top */

  f.tech.stuck_low = 0.03;
  f.tech.stuck_high = 0.1;
  fab_map(&f);
  for (uint32_t k = 0; k < DIES; k++) {
    qn_chip *die = fab_draw(&f, 5, k);

    for (size_t i = 0; i < die->recurrent.count; i++) {
      if (f.chip->recurrent.at[i].plus_s == 0)
        continue;
      n++;
      below += f.chip->recurrent.at[i].plus_s != f.tech.conductance_max_s;
      low += die->recurrent.at[i].plus_s == f.tech.conductance_min_s;
      high += die->recurrent.at[i].plus_s == f.tech.conductance_max_s &&
              f.chip->recurrent.at[i].plus_s != f.tech.conductance_max_s;
    }
    qn_chip_free(die);
  }
  for (size_t i = 0; i < f.chip->recurrent.count; i++)
    cr_assert(f.chip->recurrent.at[i].plus_s != f.tech.conductance_min_s);
  cr_expect_float_eq(low / n, 0.03, 5 * sqrt(0.03 * 0.97 / n));
  cr_expect_float_eq(high / below, 0.1, 5 * sqrt(0.1 * 0.9 / below));
  fab_close(&f);
}

/* the slope of log G against log age is -nu, on average over devices */
Test(die, conductances_drift_as_a_power_of_the_age)
{
  struct fab f = fab_open("sky130_reram");
  struct sample at[2] = {{.n = 0}, {.n = 0}};

  f.tech.drift = 0.05;
  f.tech.drift_spread = 0.01;
  f.tech.drift_start_s = 20;
  for (int a = 0; a < 2; a++) {
    f.tech.age_s = a ? 2e6 : 2e3;
    fab_map(&f);
    for (uint32_t k = 0; k < DIES; k++) {
      qn_chip *die = fab_draw(&f, 2, k);

      sample_add(&at[a], log(die->leak_plus_s[1] / f.chip->leak_plus_s[1]));
      qn_chip_free(die);
    }
    sample_expect_normal(&at[a], -0.05 * log(f.tech.age_s / 20),
                         0.01 * log(f.tech.age_s / 20));
    if (!a)
      qn_chip_free(f.chip);
  }
  f.tech.age_s = 10; /* before the start nothing has moved */
  qn_chip_free(f.chip);
  fab_map(&f);
  {
    qn_chip *die = fab_draw(&f, 2, 0);

    cr_expect(same_chip(die, f.chip));
    qn_chip_free(die);
  }
  fab_close(&f);
}

/* Pelgrom: 4 mV um and 1 % um on 2 um2 and 20 um2; 1 % um over C / density */
Test(die, offsets_slopes_capacitors_and_rails_deviate_by_area)
{
  struct fab f = fab_open("sky130_reram");
  struct sample threshold = {0}, slope = {0}, capacitor = {0}, rail = {0};
  const qn_branch *b;
  double gate, amplifier, area;

  f.tech.threshold_mismatch_v_m = 4e-9;
  f.tech.slope_mismatch_m = 1e-8;
  f.tech.capacitor_mismatch_m = 1e-8;
  f.tech.rail_error_v = 2e-3;
  fab_map(&f);
  b = &f.chip->sensory.at[1];
  for (uint32_t k = 0; k < DIES; k++) {
    qn_chip *die = fab_draw(&f, 8, k);

    sample_add(&threshold,
               die->sensory.at[1].gate.threshold_v - b->gate.threshold_v);
    sample_add(&slope, die->sensory.at[1].gate.gain / b->gate.gain - 1);
    sample_add(&capacitor,
               die->capacitance_f[3] / f.chip->capacitance_f[3] - 1);
    sample_add(&rail, die->rail_minus_v - f.chip->rail_minus_v);
    qn_chip_free(die);
  }
  gate = 4e-9 / sqrt(2e-12) / b->gate.gain;
  amplifier = 4e-9 / sqrt(20e-12);
  area = f.chip->capacitance_f[3] / f.tech.capacitor_density_f_per_m2;
  sample_expect_normal(&threshold, 0, hypot(gate, amplifier));
  sample_expect_normal(&slope, 0, 1e-8 / sqrt(2e-12));
  sample_expect_normal(&capacitor, 0, 1e-8 / sqrt(area));
  sample_expect_normal(&rail, 0, 2e-3);
  fab_close(&f);
}

/* ---- what it got ------------------------------------------------------------------------ */

Test(die, report_says_what_was_changed_by_hand)
{
  struct fab f = fab_open("sky130_reram");
  qn_die_report r;
  qn_chip *die;
  size_t gates;

  fab_map(&f);
  die = fab_draw(&f, 1, 0);
  gates = die->recurrent.count + die->sensory.count;
  r = qn_die_compare(die, f.chip);
  cr_expect_eq(r.memristors, f.chip->memristors);
  cr_expect(r.stuck == 0 && r.conductance_rms == 0 && r.threshold_rms == 0);
  die->recurrent.at[0].plus_s *= 1.5;
  die->recurrent.at[1].minus_s = f.tech.conductance_max_s;
  die->sensory.at[0].gate.threshold_v += 0.25 * die->volts_per_unit;
  die->sensory.at[2].gate.gain *= 1.1;
  die->capacitance_f[0] *= 0.9;
  die->rail_plus_v += 0.003;
  r = qn_die_compare(die, f.chip);
  cr_expect_eq(r.stuck, 1);
  cr_expect_float_eq(r.conductance_worst, 0.5, 1e-12);
  cr_expect_float_eq(r.conductance_rms, 0.5 / sqrt((double)(r.memristors - 1)),
                     1e-12);
  cr_expect_float_eq(r.threshold_worst, 0.25, 1e-12);
  cr_expect_float_eq(r.threshold_rms, 0.25 / sqrt((double)gates), 1e-12);
  cr_expect_float_eq(r.slope_rms, 0.1 / sqrt((double)gates), 1e-12);
  cr_expect_float_eq(r.capacitor_rms, 0.1 / sqrt(8), 1e-12);
  cr_expect_float_eq(r.rail_plus_error_v, 0.003, 1e-12);
  qn_chip_free(die);
  fab_close(&f);
}
