/* test_mapper.c - what a network becomes on a technology. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include <quench/catalogue.h>
#include <quench/mapper.h>

#include "tests/sim/example.h"

static qn_chip *map(const qn_network *net, const qn_technology *tech)
{
  qn_chip *chip;
  qn_diag diag = {0};

  cr_assert_eq(qn_chip_map(&chip, net, tech, &diag), QN_OK, "%s", diag.message);
  return chip;
}

static qn_technology open_technology(const char *name)
{
  qn_technology tech;

  cr_assert_eq(qn_technology_open(&tech, name, NULL), QN_OK);
  return tech;
}

/* w+ + w- is the weight and the pair pulls to erev: the two definitions of a
 * synapse, whatever the scales */
Test(mapper, two_memristors_make_every_weight_and_reversal_potential)
{
  qn_technology tech = open_technology("ideal");

  for (int i = 0; i < 3; i++) {
    example e = example_open(example_names[i]);
    qn_chip *chip = map(e.net, &tech);
    const qn_synapses *s = &e.net->ltc.recurrent;

    for (size_t k = 0; k < s->count; k++) {
      const qn_branch *b = &chip->recurrent.at[k];
      double sum = b->plus_s + b->minus_s;
      double pull =
        (b->plus_s * chip->rail_plus_v + b->minus_s * chip->rail_minus_v) / sum;
      double w = sum / chip->siemens_per_unit[b->post];

      cr_expect_float_eq(w, s->at[k].w, 1e-14 * s->at[k].w);
      cr_expect_float_eq(qn_chip_to_model(chip, pull), s->at[k].erev, 1e-13);
      cr_expect_float_eq(b->gain * chip->gate_slope_per_v *
                           chip->volts_per_unit,
                         s->at[k].sigma, 1e-12 * fabs(s->at[k].sigma));
      cr_expect_float_eq(qn_chip_to_model(chip, b->threshold_v), s->at[k].mu,
                         1e-13);
    }
    cr_expect_eq(chip->clips, 0);
    qn_chip_free(chip);
    example_close(&e);
  }
}

/* within the read voltage, the window and the capacitors, on a level each */
static void expect_memristor(const qn_technology *t, double g)
{
  double step = (t->conductance_max_s - t->conductance_min_s) / (t->levels - 1);
  double level = (g - t->conductance_min_s) / step;

  cr_expect(g >= t->conductance_min_s && g <= t->conductance_max_s * 1.0000001);
  cr_expect_float_eq(level, round(level), 1e-6);
}

Test(mapper, a_reram_chip_keeps_every_limit_of_its_technology)
{
  qn_technology t = open_technology("sky130_reram");

  for (int i = 0; i < 3; i++) {
    example e = example_open(example_names[i]);
    qn_chip *chip = map(e.net, &t);

    cr_expect(chip->rail_plus_v - chip->rail_minus_v <=
              t.read_voltage_v * 1.0000001);
    cr_expect(chip->rail_minus_v >= 0 && chip->rail_plus_v <= t.supply_v);
    for (size_t k = 0; k < chip->recurrent.count; k++) {
      expect_memristor(&t, chip->recurrent.at[k].plus_s);
      expect_memristor(&t, chip->recurrent.at[k].minus_s);
    }
    for (size_t j = 0; j < chip->units; j++) {
      cr_expect(chip->capacitance_f[j] >= t.capacitor_min_f);
      cr_expect(chip->capacitance_f[j] <= t.capacitor_max_f * 1.0000001);
    }
    /* 0.3 to 99 uS hold all three networks without a clip */
    cr_expect_eq(chip->clips, 0, "%s: %zu clipped", example_names[i],
                 chip->clips);
    cr_expect(chip->level_error > 0 && chip->level_error < 0.05);
    qn_chip_free(chip);
    example_close(&e);
  }
}

Test(mapper, what_does_not_fit_is_clipped_and_named)
{
  example e = example_open("sine_ltc8");
  qn_technology t = open_technology("sky130_reram");
  qn_synapse *s = &e.net->ltc.recurrent.at[0];
  qn_chip *chip;
  int found = 0;

  s->w *= 1e-4; /* far below the window beside its neighbours */
  chip = map(e.net, &t);
  for (size_t i = 0; i < chip->clips; i++)
    found += chip->clip[i].pre == s->pre && chip->clip[i].post == s->post &&
             chip->clip[i].got > chip->clip[i].wanted &&
             !strcmp(chip->clip[i].what, "conductance");
  cr_expect_eq(found, 2, "%d of the pair", found);
  cr_expect_eq(chip->clips, 2);
  qn_chip_free(chip);
  t.gain_max = 0.2;
  chip = map(e.net, &t);
  cr_expect(chip->clips > 2);
  qn_chip_free(chip);
  example_close(&e);
}

Test(mapper, more_levels_mean_smaller_errors)
{
  example e = example_open("occupancy_ltc19");
  qn_technology t = open_technology("sky130_reram");
  double last = 1;

  for (t.levels = 8; t.levels <= 512; t.levels *= 4) {
    qn_chip *chip = map(e.net, &t);

    cr_expect(chip->level_error < last / 2, "%g levels: %g after %g", t.levels,
              chip->level_error, last);
    last = chip->level_error;
    qn_chip_free(chip);
  }
  example_close(&e);
}

Test(mapper, a_leak_or_capacitor_of_zero_is_absent_or_the_smallest)
{
  example e = example_open("sine_ltc8");
  qn_technology t = open_technology("sky130_reram");
  qn_chip *chip;

  e.net->ltc.gleak[2] = 0;
  e.net->ltc.cm[3] = 0;
  chip = map(e.net, &t);
  cr_expect_eq(chip->leak_plus_s[2], 0);
  cr_expect_eq(chip->leak_minus_s[2], 0);
  cr_expect(chip->capacitance_f[3] >= t.capacitor_min_f);
  cr_expect(chip->capacitance_f[3] < chip->capacitance_f[4]);
  qn_chip_free(chip);
  example_close(&e);
}

/* power at rest, summed the long way */
Test(mapper, power_is_the_sum_over_memristors)
{
  example e = example_open("sine_ltc8");
  qn_technology t = open_technology("ideal");
  qn_chip *chip = map(e.net, &t);
  double up = chip->rail_plus_v, down = chip->rail_minus_v, sum = 0;
  qn_chip_cost cost = qn_chip_estimate(chip);

  for (size_t k = 0; k < chip->recurrent.count; k++)
    sum += 0.5 * (chip->recurrent.at[k].plus_s * up * up +
                  chip->recurrent.at[k].minus_s * down * down);
  for (size_t k = 0; k < chip->sensory.count; k++)
    sum += 0.5 * (chip->sensory.at[k].plus_s * up * up +
                  chip->sensory.at[k].minus_s * down * down);
  for (size_t j = 0; j < chip->units; j++)
    sum += chip->leak_plus_s[j] * up * up + chip->leak_minus_s[j] * down * down;
  cr_expect_float_eq(cost.memristor_power_w, sum, 1e-12 * sum);
  cr_expect_float_eq(cost.energy_per_step_j, sum * chip->seconds_per_unit,
                     1e-12 * cost.energy_per_step_j);
  qn_chip_free(chip);
  example_close(&e);
}
