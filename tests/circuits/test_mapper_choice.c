/* test_mapper_choice.c - temperature, compliance, what is preferred, budgets.
 * Oracles: closed forms of the technology's fields. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include <quench/catalogue.h>
#include <quench/mapper.h>

#include "tests/sim/example.h"

static qn_technology reram(void)
{
  qn_technology t;

  cr_assert_eq(qn_technology_open(&t, "sky130_reram", NULL), QN_OK);
  return t;
}

static qn_chip *map(const qn_network *net, const qn_technology *tech)
{
  qn_diag diag = {0};
  qn_chip *chip;

  cr_assert_eq(qn_chip_map(&chip, net, tech, &diag), QN_OK, "%s", diag.message);
  return chip;
}

static qn_chip *map_for(const qn_network *net, qn_technology tech,
                        qn_preference prefer)
{
  tech.prefer = prefer;
  return map(net, &tech);
}

static double power_of(const qn_chip *chip)
{
  qn_chip_cost cost = qn_chip_estimate(chip);

  return cost.memristor_power_w + cost.bias_power_w;
}

static double area_of(const qn_chip *chip)
{
  return qn_chip_estimate(chip).area_m2;
}

/* ---- temperature ------------------------------------------------------------------- */

/* every slope of a chip is this factor of the network's sigma */
static void expect_slopes(const qn_network *net, const qn_technology *t,
                          double factor)
{
  qn_chip *chip = map(net, t);

  for (int k = 0; k < 2; k++) {
    const qn_synapses *s = k ? &net->ltc.sensory : &net->ltc.recurrent;
    const qn_branches *b = k ? &chip->sensory : &chip->recurrent;

    for (size_t i = 0; i < s->count; i++) {
      double got = b->at[i].gate.gain * chip->gate_slope_per_v *
                   chip->volts_per_unit / s->at[i].sigma;

      cr_expect_float_eq(got, factor, 1e-12, "%g K: %g, not %g",
                         t->temperature_k, got, factor);
    }
  }
  qn_chip_free(chip);
}

/* U_T(300) / U_T(T) = 300 / T: the network with all sigma times that */
Test(mapper, slopes_follow_the_temperature_unless_a_bias_follows_it_too)
{
  static const double kelvin[] = {273, 300, 358};
  example e = example_open("sine_ltc8");
  qn_technology t = reram();

  t.ptat_residual_per_k = 3e-4;
  for (size_t i = 0; i < 3; i++) {
    t.temperature_k = kelvin[i];
    t.ptat = QN_OFF;
    expect_slopes(e.net, &t, 300 / kelvin[i]);
    t.ptat = QN_ON;
    expect_slopes(e.net, &t, 1 + 3e-4 * (kelvin[i] - 300));
  }
  example_close(&e);
}

/* ---- compliance --------------------------------------------------------------------- */

static void hull(const qn_network *net, double *low, double *high)
{
  *low = *high = 0;
  for (size_t j = 0; j < net->units; j++) {
    double a, b;

    qn_ltc_hull(net, j, &a, &b);
    *low = fmin(*low, a);
    *high = fmax(*high, b);
  }
}

/* the end of the hull, without margin, stands on the compliance that binds */
Test(mapper, every_membrane_stays_in_the_compliance_of_its_cells)
{
  example e = example_open("occupancy_ltc19");
  double low, high;

  hull(e.net, &low, &high);
  for (int upper = 0; upper < 2; upper++) {
    qn_technology t = reram();
    qn_chip *chip;
    double at;

    t.compliance_low_v = upper ? 0.5 : 0.88;
    t.compliance_high_v = upper ? 0.93 : 1.2;
    chip = map(e.net, &t);
    at = qn_chip_to_volts(chip, upper ? high : low);
    cr_expect_str_eq(chip->volts_bound, upper ? "synapse.compliance_high_v"
                                              : "synapse.compliance_low_v");
    cr_expect_float_eq(at, upper ? 0.93 : 0.88, 1e-12);
    cr_expect(qn_chip_to_volts(chip, low) >= t.compliance_low_v - 1e-12);
    cr_expect(qn_chip_to_volts(chip, high) <= t.compliance_high_v + 1e-12);
    qn_chip_free(chip);
  }
  example_close(&e);
}

/* ---- preferences -------------------------------------------------------------------- */

static void take(double g, double *least)
{
  if (g > 0)
    *least = fmin(*least, g);
}

static double least_conductance(const qn_chip *chip, size_t j)
{
  double least = HUGE_VAL;

  take(chip->leak_plus_s[j], &least);
  take(chip->leak_minus_s[j], &least);
  for (int k = 0; k < 2; k++) {
    const qn_branches *b = k ? &chip->sensory : &chip->recurrent;

    for (size_t i = b->first[j]; i < b->first[j + 1]; i++) {
      take(b->at[i].plus_s, &least);
      take(b->at[i].minus_s, &least);
    }
  }
  return least;
}

static double least_capacitor(const qn_chip *chip)
{
  double least = HUGE_VAL;

  for (size_t j = 0; j < chip->units; j++)
    least = fmin(least, chip->capacitance_f[j]);
  return least;
}

Test(mapper, power_takes_the_least_power_and_area_the_least_area)
{
  qn_technology t = reram();

  for (int i = 0; i < 3; i++) {
    example e = example_open(example_names[i]);
    qn_chip *accuracy = map_for(e.net, t, QN_PREFER_ACCURACY);
    qn_chip *power = map_for(e.net, t, QN_PREFER_POWER);
    qn_chip *area = map_for(e.net, t, QN_PREFER_AREA);

    cr_expect_eq(accuracy->clips + power->clips + area->clips, 0);
    cr_expect(power_of(power) < power_of(accuracy));
    cr_expect(power_of(power) <= power_of(area));
    cr_expect(area_of(area) < area_of(accuracy));
    cr_expect(area_of(area) < area_of(power));
    cr_expect(accuracy->level_error < power->level_error);
    for (size_t j = 0; j < power->units; j++)
      cr_expect_float_eq(least_conductance(power, j), t.conductance_min_s,
                         1e-12 * t.conductance_min_s);
    cr_expect_float_eq(least_capacitor(area), t.capacitor_min_f,
                       1e-12 * t.capacitor_min_f);
    cr_expect_str_eq(area->seconds_bound, "capacitor.min_f");
    cr_expect_str_eq(power->scale_bound, "scale.prefer: power");
    qn_chip_free(accuracy), qn_chip_free(power), qn_chip_free(area);
    example_close(&e);
  }
}

/* by hand, without levels: a deviation c0 is least of a large conductance,
 * c2 x^2 of a small one, and sqrt(kT/C) of a large one again */
Test(mapper, accuracy_weighs_programming_and_thermal_noise)
{
  static const struct {
    double c0, c2, capacitor;
    int small;
  } row[] = {{1e-6, 0, 1e-11, 0},
             {0, 1e-5, 1e-11, 1},
             {0, 1e-5, 1e-17, 0},
             {0, 0, 1e-11, 0}};
  example e = example_open("sine_ltc8");

  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    qn_technology t = reram();
    qn_chip *chip, *least, *most;

    t.levels = 0;
    memset(t.programming_s, 0, sizeof t.programming_s);
    most = map(e.net, &t); /* nothing to lose but noise */
    least = map_for(e.net, t, QN_PREFER_POWER);
    t.programming_s[0] = row[i].c0;
    t.programming_s[2] = row[i].c2;
    t.capacitor_min_f = 0;
    t.capacitor_max_f = row[i].capacitor;
    chip = map(e.net, &t);
    for (size_t j = 0; j < chip->units; j++) {
      double want = row[i].small ? fmax(least->siemens_per_unit[j],
                                        most->siemens_per_unit[j] / 10)
                                 : most->siemens_per_unit[j];

      cr_expect_float_eq(chip->siemens_per_unit[j], want, 1e-9 * want,
                         "row %zu, neuron %zu: %g, not %g", i, j,
                         chip->siemens_per_unit[j], want);
    }
    qn_chip_free(chip), qn_chip_free(least), qn_chip_free(most);
  }
  example_close(&e);
}

/* ---- budgets ------------------------------------------------------------------------ */

static void expect_refused(const qn_network *net, const qn_technology *t,
                           const char *place, const char *what)
{
  qn_diag diag = {.message = ""};
  qn_chip *chip;

  cr_expect_eq(qn_chip_map(&chip, net, t, &diag), QN_EUNSUPPORTED);
  cr_expect_null(chip);
  cr_expect_str_eq(diag.place, place);
  cr_expect(strstr(diag.message, what) != NULL, "%s", diag.message);
}

Test(mapper, a_power_budget_is_met_by_smaller_scales_or_refused)
{
  for (int i = 0; i < 3; i++) {
    example e = example_open(example_names[i]);
    qn_technology t = reram();
    qn_chip *most = map(e.net, &t);
    qn_chip *least = map_for(e.net, t, QN_PREFER_POWER), *chip;

    t.power_budget_w = 0.5 * (power_of(most) + power_of(least));
    chip = map(e.net, &t);
    cr_expect(power_of(chip) <= t.power_budget_w);
    /* not far below it: half of what there is to choose from is memristors */
    cr_expect(power_of(chip) > 0.9 * t.power_budget_w);
    cr_expect_eq(chip->clips, 0);
    cr_expect_str_eq(chip->scale_bound, "scale.power_budget_w");
    qn_chip_free(chip);
    t.power_budget_w = 0.99 * power_of(least);
    expect_refused(e.net, &t, "scale.power_budget_w",
                   "of kind amplifier: raise the budget or lower "
                   "bias.amplifier_a");
    t.power_budget_w = power_of(most);
    chip = map(e.net, &t);
    cr_expect_str_eq(chip->scale_bound, most->scale_bound);
    qn_chip_free(chip), qn_chip_free(least), qn_chip_free(most);
    example_close(&e);
  }
}

Test(mapper, an_area_budget_is_met_by_a_faster_chip_or_refused)
{
  for (int i = 0; i < 3; i++) {
    example e = example_open(example_names[i]);
    qn_technology t = reram();
    qn_chip *most = map(e.net, &t);
    qn_chip *least = map_for(e.net, t, QN_PREFER_AREA), *chip;

    t.area_budget_m2 = 0.5 * (area_of(most) + area_of(least));
    chip = map(e.net, &t);
    cr_expect(area_of(chip) <= t.area_budget_m2);
    cr_expect(area_of(chip) > 0.99 * t.area_budget_m2);
    cr_expect_eq(chip->clips, 0);
    cr_expect_str_eq(chip->seconds_bound, "scale.area_budget_m2");
    for (size_t j = 0; j < chip->units; j++)
      cr_expect_eq(chip->siemens_per_unit[j], most->siemens_per_unit[j]);
    qn_chip_free(chip);
    t.area_budget_m2 = area_of(least); /* the scales have to give way */
    chip = map(e.net, &t);
    cr_expect(area_of(chip) <= t.area_budget_m2);
    cr_expect_str_eq(chip->scale_bound, "scale.area_budget_m2");
    qn_chip_free(chip);
    t.area_budget_m2 = 0.99 * area_of(least);
    expect_refused(e.net, &t, "scale.area_budget_m2",
                   "of kind amplifier: raise the budget or lower "
                   "area.amplifier_m2");
    qn_chip_free(least), qn_chip_free(most);
    example_close(&e);
  }
}

Test(mapper, two_budgets_are_met_together)
{
  example e = example_open("occupancy_ltc19");
  qn_technology t = reram();
  qn_chip *most = map(e.net, &t);
  qn_chip *power = map_for(e.net, t, QN_PREFER_POWER);
  qn_chip *area = map_for(e.net, t, QN_PREFER_AREA), *chip;

  t.power_budget_w = 0.5 * (power_of(most) + power_of(power));
  t.area_budget_m2 = 1.02 * area_of(area);
  chip = map(e.net, &t);
  cr_expect(power_of(chip) <= t.power_budget_w);
  cr_expect(area_of(chip) <= t.area_budget_m2);
  cr_expect_eq(chip->clips, 0);
  qn_chip_free(chip), qn_chip_free(area), qn_chip_free(power);
  qn_chip_free(most);
  example_close(&e);
}
