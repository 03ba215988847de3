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
      cr_expect_float_eq(b->gate.gain * chip->gate_slope_per_v *
                           chip->volts_per_unit,
                         s->at[k].sigma, 1e-12 * fabs(s->at[k].sigma));
      cr_expect_float_eq(qn_chip_to_model(chip, b->gate.threshold_v),
                         s->at[k].mu, 1e-13);
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

/* hull and margin, in model units */
Test(mapper, rails_stand_outside_the_hull_by_the_margin)
{
  example e = example_open("occupancy_ltc19");
  qn_technology t = open_technology("ideal");
  double low = 0, high = 0, width;
  qn_chip *chip;

  t.rail_margin = 0.25;
  for (size_t j = 0; j < e.net->units; j++) {
    double a, b;

    qn_ltc_hull(e.net, j, &a, &b);
    low = fmin(low, a);
    high = fmax(high, b);
  }
  width = high - low;
  chip = map(e.net, &t);
  cr_expect_float_eq(qn_chip_to_model(chip, chip->rail_plus_v),
                     high + 0.25 * width, 1e-12 * width);
  cr_expect_float_eq(qn_chip_to_model(chip, chip->rail_minus_v),
                     low - 0.25 * width, 1e-12 * width);
  qn_chip_free(chip);
  example_close(&e);
}

/* whichever limit is the tightest: a rail or the unit stands on it, and the
 * chip says which */
Test(mapper, the_tightest_limit_bounds_the_volts_of_a_unit_and_is_named)
{
  static const struct {
    const char *bound;
    double unit, read, common;
  } row[] = {{"scale.volts_per_unit_max", 1e-3, 1, 0.9},
             {"memristor.read_voltage_v", 10, 0.1, 0.9},
             {"supply.voltage_v", 10, 100, 1.7},
             {"supply.common_mode_v", 10, 100, 0.1}};
  example e = example_open("sine_ltc8");
  qn_technology t = open_technology("sky130_reram");

  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    double at;
    qn_chip *chip;

    t.volts_per_unit_max = row[i].unit;
    t.read_voltage_v = row[i].read;
    t.common_mode_v = row[i].common;
    chip = map(e.net, &t);
    cr_expect_str_eq(chip->volts_bound, row[i].bound);
    at = i == 0   ? chip->volts_per_unit - row[i].unit
         : i == 1 ? chip->rail_plus_v - chip->rail_minus_v - row[i].read
         : i == 2 ? chip->rail_plus_v - t.supply_v
                  : chip->rail_minus_v;
    cr_expect_float_eq(at, 0, 1e-12, "%s: off by %g", row[i].bound, at);
    qn_chip_free(chip);
  }
  example_close(&e);
}

Test(mapper, a_falling_gate_keeps_its_sign_clipped_or_not)
{
  example e = example_open("sine_ltc8");
  qn_technology t = open_technology("ideal");
  qn_synapse *s = &e.net->ltc.recurrent.at[0];
  qn_chip *chip;

  s->sigma = -s->sigma;
  chip = map(e.net, &t);
  cr_expect_float_eq(chip->recurrent.at[0].gate.gain * chip->gate_slope_per_v *
                       chip->volts_per_unit,
                     s->sigma, 1e-12 * fabs(s->sigma));
  t.gain_max = 0.5 * fabs(chip->recurrent.at[0].gate.gain);
  qn_chip_free(chip);
  chip = map(e.net, &t);
  cr_expect_float_eq(chip->recurrent.at[0].gate.gain, -t.gain_max, 1e-15);
  cr_assert(chip->clips > 0);
  cr_expect_str_eq(chip->clip[0].what, "gain");
  cr_expect_float_eq(chip->clip[0].wanted, -2 * t.gain_max, 1e-12);
  cr_expect_float_eq(chip->clip[0].got, -t.gain_max, 1e-15);
  qn_chip_free(chip);
  example_close(&e);
}

/* rms of the relative errors, from what the network wants of each pair */
Test(mapper, the_level_error_is_the_rms_over_all_memristors)
{
  example e = example_open("sine_ltc8");
  qn_technology t = open_technology("sky130_reram");
  qn_chip *chip;
  double sum = 0, low, width;
  size_t n = 0;

  for (size_t j = 0; j < 8; j++)
    e.net->ltc.gleak[j] = 0; /* branches alone */
  chip = map(e.net, &t);
  low = qn_chip_to_model(chip, chip->rail_minus_v);
  width = qn_chip_to_model(chip, chip->rail_plus_v) - low;
  for (int k = 0; k < 2; k++) {
    const qn_synapses *s = k ? &e.net->ltc.sensory : &e.net->ltc.recurrent;
    const qn_branches *b = k ? &chip->sensory : &chip->recurrent;

    for (size_t i = 0; i < s->count; i++, n += 2) {
      double g = s->at[i].w * chip->siemens_per_unit[s->at[i].post];
      double plus = g * (s->at[i].erev - low) / width, minus = g - plus;

      sum += pow(b->at[i].plus_s / plus - 1, 2) +
             pow(b->at[i].minus_s / minus - 1, 2);
    }
  }
  cr_expect_eq(chip->memristors, n);
  cr_expect_float_eq(chip->level_error, sqrt(sum / (double)n), 1e-9);
  qn_chip_free(chip);
  example_close(&e);
}

/* without levels nothing is lost by filling the window */
Test(mapper, a_continuous_window_is_filled_by_the_largest_memristor)
{
  example e = example_open("sine_ltc8");
  qn_technology t = open_technology("ideal");
  qn_chip *chip = map(e.net, &t);

  for (size_t j = 0; j < chip->units; j++) {
    double most = fmax(chip->leak_plus_s[j], chip->leak_minus_s[j]);

    for (int k = 0; k < 2; k++) {
      const qn_branches *b = k ? &chip->sensory : &chip->recurrent;

      for (size_t i = b->first[j]; i < b->first[j + 1]; i++)
        most = fmax(most, fmax(b->at[i].plus_s, b->at[i].minus_s));
    }
    cr_expect_float_eq(most, t.conductance_max_s, 1e-12 * most);
  }
  qn_chip_free(chip);
  example_close(&e);
}

/* area and bias, counted by hand */
Test(mapper, area_and_bias_are_the_sums_over_elements)
{
  example e = example_open("sine_ltc8");
  qn_technology t = open_technology("sky130_reram");
  qn_chip *chip = map(e.net, &t);
  qn_chip_cost cost = qn_chip_estimate(chip);
  double gates = (double)(chip->recurrent.count + chip->sensory.count);
  double area = (double)chip->memristors * 1e-12 + gates * 210e-12 +
                3 * 200e-12; /* two drivers, a readout */

  for (size_t j = 0; j < chip->units; j++)
    area += chip->capacitance_f[j] / 2e-3;
  cr_expect_float_eq(cost.area_m2, area, 1e-12 * area);
  cr_expect_float_eq(cost.bias_power_w, (gates * 1.1e-6 + 3e-6) * 1.8, 1e-15);
  cr_expect_float_eq(cost.energy_per_step_j,
                     (cost.memristor_power_w + cost.bias_power_w) *
                       chip->seconds_per_unit,
                     1e-12 * cost.energy_per_step_j);
  qn_chip_free(chip);
  example_close(&e);
}

/* a rail on a reversal potential needs one memristor of the pair, not two */
Test(mapper, a_rail_without_a_margin_leaves_memristors_out)
{
  example e = example_open("sine_ltc8");
  qn_technology t = open_technology("sky130_reram");
  size_t pairs = e.net->ltc.recurrent.count + e.net->ltc.sensory.count + 8;
  qn_chip *chip;

  t.rail_margin = 0;
  chip = map(e.net, &t);
  cr_expect(isfinite(chip->level_error), "%g", chip->level_error);
  cr_expect_eq(chip->clips, 0);
  cr_expect(chip->memristors < 2 * pairs);
  qn_chip_free(chip);
  example_close(&e);
}
