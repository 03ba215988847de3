/* test_mapper_wires.c - membranes whose wires are part of their capacitance. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include <quench/catalogue.h>
#include <quench/mapper.h>

#include "tests/circuits/fab.h"
#include "tests/sim/example.h"

enum { ROWS = 22 }; /* of sine_ltc8: two for the leaks, 2 inputs, 8 neurons */

/* sine_ltc8 on sky130_reram with these fields over it */
static qn_chip *map(const char *fields)
{
  example e = example_open("sine_ltc8");
  qn_technology tech;
  qn_chip *chip;
  qn_diag diag = {0};

  cr_assert_eq(qn_technology_open(&tech, "sky130_reram", NULL), QN_OK);
  cr_assert_eq(
    qn_technology_override(&tech, fields, "fields", qn_devices, &diag), QN_OK,
    "%s", diag.message);
  cr_assert_eq(qn_chip_map(&chip, e.net, &tech, &diag), QN_OK, "%s",
               diag.message);
  example_close(&e);
  return chip;
}

static double extreme_drawn(const qn_chip *chip, int largest)
{
  double found = qn_chip_drawn_capacitance(chip, 0);

  for (size_t j = 1; j < chip->units; j++) {
    double c = qn_chip_drawn_capacitance(chip, j);

    found = largest ? fmax(found, c) : fmin(found, c);
  }
  return found;
}

static void expect_close(double got, double want)
{
  cr_expect_float_eq(got, want, 1e-12 * want, "%.17g, not %.17g", got, want);
}

/* what is seen from outside is the same, what is drawn less by the wire */
Test(mapper_wires, a_capacitor_is_drawn_smaller_by_the_membranes_wire)
{
  qn_chip *plain = map("scale.seconds_per_unit=1e-8");
  qn_chip *wired = map("scale.seconds_per_unit=1e-8,wire.membrane_f=3e-15");
  double wire = ROWS * 3e-15, density = 2e-3;
  size_t a, b;

  cr_expect_eq(plain->clips + wired->clips, 0);
  for (size_t j = 0; j < wired->units; j++) {
    cr_expect_eq(wired->capacitance_f[j], plain->capacitance_f[j]);
    expect_close(qn_chip_drawn_capacitance(wired, j),
                 plain->capacitance_f[j] - wire);
  }
  expect_close(qn_chip_estimate(wired).area_m2,
               qn_chip_estimate(plain).area_m2 - 8 * wire / density);
  cr_expect_eq(qn_chip_thermal_noise(wired, &a),
               qn_chip_thermal_noise(plain, &b));
  cr_expect_eq(a, b);
  qn_chip_free(plain), qn_chip_free(wired);
}

/* capacitor.max_f and min_f are of what is drawn */
Test(mapper_wires, the_time_scale_is_bound_by_what_is_drawn)
{
  qn_chip *longest = map("wire.membrane_f=2e-14");
  qn_chip *shortest = map("wire.membrane_f=2e-15,scale.prefer=area");

  expect_close(extreme_drawn(longest, 1), longest->technology.capacitor_max_f);
  cr_expect_str_eq(longest->seconds_bound, "capacitor.max_f");
  expect_close(extreme_drawn(shortest, 0),
               shortest->technology.capacitor_min_f);
  cr_expect_str_eq(shortest->seconds_bound, "capacitor.min_f");
  cr_expect_eq(longest->clips + shortest->clips, 0);
  qn_chip_free(longest), qn_chip_free(shortest);
}

/* the area of the shortest model second without a clip, and a bit less: scales
 * of less area have to make up for it, not capacitors that are left out */
Test(mapper_wires, an_area_budget_leaves_no_capacitor_out)
{
  static const double part[] = {1.5, 0.99};
  qn_chip *plain = map("wire.membrane_f=1e-14"), *shortest;
  double wire = ROWS * 1e-14, least = extreme_drawn(plain, 0);
  double most = plain->technology.capacitor_min_f + wire;
  char fields[120];

  snprintf(fields, sizeof fields,
           "wire.membrane_f=1e-14,scale.seconds_per_unit=%.17g",
           plain->seconds_per_unit * most / (least + wire) * (1 + 1e-9));
  shortest = map(fields);
  cr_expect_eq(shortest->clips, 0);
  for (int k = 0; k < 2; k++) {
    double area = part[k] * qn_chip_estimate(shortest).area_m2;
    qn_chip *small;

    snprintf(fields, sizeof fields,
             "wire.membrane_f=1e-14,scale.area_budget_m2=%.17g", area);
    small = map(fields);
    cr_expect(qn_chip_estimate(small).area_m2 <= area);
    cr_expect_eq(small->clips, 0);
    qn_chip_free(small);
  }
  qn_chip_free(plain), qn_chip_free(shortest);
}

static const qn_clip *clip_of(const qn_chip *chip, size_t j)
{
  for (size_t i = 0; i < chip->clips; i++)
    if (chip->clip[i].post == j)
      return &chip->clip[i];
  return NULL;
}

/* 50 fF for a wire, seconds at which the least neuron wants half of it, and
 * capacitors of `least` or more */
static qn_chip *map_small(double least)
{
  qn_chip *plain = map("scale.seconds_per_unit=1e-9,capacitor.min_f=0");
  double want = extreme_drawn(plain, 0);
  char fields[160];

  snprintf(fields, sizeof fields,
           "scale.seconds_per_unit=%.17g,capacitor.min_f=%.17g,"
           "wire.membrane_f=%.17g",
           1e-9 * 25e-15 / want, least, 50e-15 / ROWS);
  qn_chip_free(plain);
  return map(fields);
}

/* every neuron by its number: the wire alone, the wire and the least capacitor,
 * whichever is nearer, or what it wants */
Test(mapper_wires, a_neuron_that_wants_less_than_its_wire_has_is_told)
{
  static const double least = 20e-15;
  qn_chip *chip = map_small(least);
  size_t bare = 0;

  for (size_t j = 0; j < chip->units; j++) {
    const qn_clip *clip = clip_of(chip, j);
    double got = chip->capacitance_f[j];

    if (!clip) {
      cr_expect(got >= (50e-15 + least) * (1 - 1e-12));
      continue;
    }
    cr_expect_str_eq(clip->what, "capacitor");
    cr_expect_str_eq(clip->kind, "membrane");
    cr_expect_eq(clip->got, got);
    cr_expect(clip->wanted < 50e-15 + least);
    expect_close(got, clip->wanted < 60e-15 ? 50e-15 : 70e-15);
    bare += qn_chip_drawn_capacitance(chip, j) == 0;
  }
  cr_expect(bare > 0 && bare < chip->units, "%zu", bare);
  cr_expect(chip->clips >= bare && chip->clips < chip->units);
  qn_chip_free(chip);
}

/* of a capacitor of a tenth of what is there, and of none */
Test(mapper_wires, wires_are_the_same_on_every_die)
{
  struct fab f = fab_open("sky130_reram");
  struct sample off = {0};
  double drawn, sigma;

  f.tech.capacitor_mismatch_m = 1e-8;
  fab_map(&f);
  f.chip->technology.membrane_f = 0.9 * f.chip->capacitance_f[3] / ROWS;
  f.chip->capacitance_f[2] = qn_chip_wire_capacitance(f.chip);
  drawn = qn_chip_drawn_capacitance(f.chip, 3);
  sigma = 1e-8 / sqrt(drawn / f.tech.capacitor_density_f_per_m2) * drawn /
          f.chip->capacitance_f[3];
  for (uint32_t k = 0; k < DIES; k++) {
    qn_chip *die = fab_draw(&f, 8, k);

    sample_add(&off, die->capacitance_f[3] / f.chip->capacitance_f[3] - 1);
    cr_assert_eq(die->capacitance_f[2], f.chip->capacitance_f[2]);
    qn_chip_free(die);
  }
  sample_expect_normal(&off, 0, sigma);
  fab_close(&f);
}
