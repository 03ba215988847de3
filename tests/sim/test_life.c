/* test_life.c - many inferences at once against one after another. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quench/die.h>
#include <quench/life.h>

#include "tests/sim/example.h"
#include "tests/sim/plain_chip.h"

#define MOVING "sky130_reram,memristor.read_disturb=on,scale.rise_fraction=0"
#define RAISED                                                       \
  MOVING ",memristor.read_voltage_v=2.4,scale.volts_per_unit_max=1," \
         "supply.voltage_v=6,supply.common_mode_v=3,driver.high_v=6"

static qn_chip *open_chip(const qn_network *net, const char *technology)
{
  qn_diag diag = {0};
  qn_chip *chip;

  cr_assert_eq(qn_chip_open(&chip, net, technology, NULL, &diag), QN_OK,
               "%s: %s", diag.place, diag.message);
  return chip;
}

static double state_of(const qn_chip *chip, size_t k)
{
  const qn_technology *t = &chip->technology;

  return t->memristor.device->state(t->memristor.parameter,
                                    qn_chip_conductance_of(chip, k));
}

/* One sample an inference, 120 of them: rates averaged over one inference miss
 * what moves within it, 1/120 of what moves in all. */
Test(life, meets_direct_integration_at_raised_voltage, .timeout = 300)
{
  enum { TIMES = 120 };
  example e = example_open("sine_ltc8");
  qn_chip *chip = open_chip(e.net, RAISED ",capacitor.max_f=1e-11"), *old;
  plain_chip_result want;
  double worst = 0, most = 0;
  qn_life_report r;
  qn_diag diag = {0};

  e.data->first[1] = e.data->rows = 1;
  want = plain_chip_run(chip, e.data, TIMES);
  cr_assert_eq(qn_chip_age(&old, chip, e.net, e.data, TIMES,
                           &qn_ode_options_default, &r, &diag),
               QN_OK, "%s", diag.message);
  for (size_t k = 0; k < qn_chip_memristors(chip); k++) {
    if (!(qn_chip_conductance_of(chip, k) > 0))
      continue;
    most = fmax(most, fabs(want.x[k] - state_of(chip, k)));
    worst = fmax(worst, fabs(want.x[k] - state_of(old, k)));
  }
  cr_expect(most > 0.01, "%g", most);
  cr_expect(worst <= most / TIMES + 1e-4 * (double)r.steps,
            "%g of %g, %zu steps", worst, most, r.steps);
  cr_expect_float_eq(r.moved_worst, most, 0.01 * most);
  plain_chip_release(&want);
  qn_chip_free(old);
  qn_chip_free(chip);
  example_close(&e);
}

/* two halves of a life are the whole of it */
Test(life, goes_on_where_it_was)
{
  example e = example_open("sine_ltc8");
  qn_chip *chip = open_chip(e.net, RAISED ",capacitor.max_f=1e-11");
  qn_chip *half, *two, *whole;
  double worst = 0;

  e.data->first[1] = e.data->rows = 2;
  cr_assert_eq(qn_chip_age(&half, chip, e.net, e.data, 100,
                           &qn_ode_options_default, NULL, NULL),
               QN_OK);
  cr_assert_eq(qn_chip_age(&two, half, e.net, e.data, 100,
                           &qn_ode_options_default, NULL, NULL),
               QN_OK);
  cr_assert_eq(qn_chip_age(&whole, chip, e.net, e.data, 200,
                           &qn_ode_options_default, NULL, NULL),
               QN_OK);
  for (size_t k = 0; k < qn_chip_memristors(chip); k++)
    if (qn_chip_conductance_of(chip, k) > 0)
      worst = fmax(worst, fabs(state_of(two, k) - state_of(whole, k)));
  cr_expect(worst < 5e-4, "%g", worst);
  qn_chip_free(chip);
  qn_chip_free(half);
  qn_chip_free(two);
  qn_chip_free(whole);
  example_close(&e);
}

/* at the read voltage a thousand million inferences are nothing */
Test(life, at_0_2_volts_outlasts_1e9_inferences)
{
  example e = example_open("occupancy_ltc19");
  qn_chip *chip = open_chip(e.net, MOVING), *old;
  qn_life_report r;

  cr_assert_eq(qn_chip_age(&old, chip, e.net, e.data, 1e9,
                           &qn_ode_options_default, &r, NULL),
               QN_OK);
  cr_expect(r.moved_worst < 1e-3, "%g", r.moved_worst);
  cr_expect(r.moved_worst > 0);
  cr_expect_eq(r.memristors, chip->memristors);
  qn_chip_free(old);
  qn_chip_free(chip);
  example_close(&e);
}

Test(life, ends_where_every_memristor_does)
{
  example e = example_open("sine_ltc8");
  qn_chip *chip = open_chip(e.net, RAISED ",memristor.read_voltage_v=1.6"),
          *old;
  qn_life_report r;
  qn_diag diag = {0};

  e.data->first[1] = e.data->rows = 2;
  cr_assert_eq(qn_chip_age(&old, chip, e.net, e.data, 1e15,
                           &qn_ode_options_default, &r, &diag),
               QN_OK, "%s", diag.message);
  for (size_t k = 0; k < qn_chip_memristors(chip); k++) {
    double g = qn_chip_conductance_of(old, k);

    cr_expect(g >= 0 && g < 1e-4 * 1.01, "%g", g);
  }
  cr_expect(r.moved_worst > 0.1);
  qn_chip_free(old);
  qn_chip_free(chip);
  example_close(&e);
}

Test(life, of_memristors_that_stand_still_is_refused)
{
  static const char *const still[2][2] = {
    {"ideal", "'ohmic' has no rate"},
    {"sky130_reram", "memristor.read_disturb=on"}};
  example e = example_open("sine_ltc8");

  for (int i = 0; i < 2; i++) {
    qn_chip *chip = open_chip(e.net, still[i][0]), *old;
    qn_diag diag = {0};

    cr_expect_eq(qn_chip_age(&old, chip, e.net, e.data, 1e9,
                             &qn_ode_options_default, NULL, &diag),
                 QN_EUNSUPPORTED);
    cr_expect(strstr(diag.message, still[i][1]), "%s", diag.message);
    cr_expect_eq(old, NULL);
    qn_chip_free(chip);
  }
  example_close(&e);
}
