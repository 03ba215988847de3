/* test_noise_path_order.c - the step of a sample path: strong order and
 * spectra. Seeds are fixed. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/path_bench.h"
#include "tests/sim/welch.h"

static const double boltzmann = 1.380649e-23, charge = 1.602176634e-19;

/* ---- strong order ------------------------------------------------------------------------ */

enum { FINEST = 4096, STRONG_PATHS = 60, STRONG_UNITS = 3, STRONG_LEVELS = 5 };

/* Three neurons in a ring with noise of temperature `kelvin`, all driven by one
 * Brownian path in `steps` steps over 1 us. */
static void strong_walk(path_bench *b, const double *fine, int steps, double *x)
{
  int part = FINEST / steps;

  path_bench_begin(b, 1);
  for (int k = 0; k < steps; k++) {
    double normal[STRONG_UNITS] = {0};

    for (int i = 0; i < part; i++)
      for (int j = 0; j < STRONG_UNITS; j++)
        normal[j] +=
          fine[(k * part + i) * STRONG_UNITS + j] / sqrt((double)part);
    cr_assert_eq(qn_path_step(b->path, k * 1e-6 / steps, 1e-6 / steps, normal),
                 QN_OK);
  }
  memcpy(x, b->path->x, STRONG_UNITS * sizeof *x);
}

/* root mean square error at the end against 4096 steps, of 16 << level steps */
static void strong_errors(double kelvin, double error[STRONG_LEVELS])
{
  double *fine = malloc(FINEST * STRONG_UNITS * sizeof *fine);
  noise_chip c;
  path_bench b;

  path_bench_thermal(&c, STRONG_UNITS, kelvin);
  noise_chip_connect(&c, 2, 0, 0.5e-6, 4e-6, (qn_gate){2, 0.62});
  noise_chip_connect(&c, 0, 1, 5e-6, 1e-6, (qn_gate){1, 0.58});
  noise_chip_connect(&c, 1, 2, 1e-6, 6e-6, (qn_gate){-2, 0.6});
  path_bench_open(&b, &c, 1);
  path_bench_drive(&b, 0.62, 0.62, 0);
  memset(error, 0, STRONG_LEVELS * sizeof *error);
  for (uint64_t path = 0; path < STRONG_PATHS; path++) {
    qn_random stream = {path, 0, 5};
    double want[STRONG_UNITS], got[STRONG_UNITS];

    for (uint64_t i = 0; i < FINEST * STRONG_UNITS; i++)
      fine[i] = qn_random_normal(&stream, i);
    strong_walk(&b, fine, FINEST, want);
    for (int level = 0; level < STRONG_LEVELS; level++) {
      strong_walk(&b, fine, 16 << level, got);
      for (int j = 0; j < STRONG_UNITS; j++)
        error[level] +=
          pow(got[j] - want[j], 2) / (STRONG_PATHS * STRONG_UNITS);
    }
  }
  for (int level = 0; level < STRONG_LEVELS; level++)
    error[level] = sqrt(error[level]);
  path_bench_close(&b);
  free(fine);
}

/* from one halving of the step to the next */
static double order(const double *error, int level)
{
  return log2(error[level] / error[level + 1]);
}

Test(noise_path_order, strong_order_is_two_without_noise, .timeout = 300)
{
  double e[STRONG_LEVELS];

  strong_errors(1e-9, e);
  cr_log_info("no noise: %g %g %g %g %g V", e[0], e[1], e[2], e[3], e[4]);
  for (int k = 0; k < STRONG_LEVELS - 1; k++)
    cr_expect(order(e, k) > 1.8 && order(e, k) < 2.2, "%g", order(e, k));
}

Test(noise_path_order, strong_order_goes_from_two_to_one_with_small_noise,
     .timeout = 300)
{
  double e[STRONG_LEVELS];

  strong_errors(300, e);
  cr_log_info("0.06 mV: %g %g %g %g %g V", e[0], e[1], e[2], e[3], e[4]);
  cr_expect(order(e, 0) > 1.5, "%g", order(e, 0));
  cr_expect(order(e, 3) > 0.9 && order(e, 3) < 1.4, "%g", order(e, 3));
}

Test(noise_path_order, strong_order_is_above_a_half_with_large_noise,
     .timeout = 300)
{
  double e[STRONG_LEVELS];

  strong_errors(1e9, e);
  cr_log_info("0.1 V: %g %g %g %g %g V", e[0], e[1], e[2], e[3], e[4]);
  cr_expect(log2(e[0] / e[4]) / 4 > 0.6 && log2(e[0] / e[4]) / 4 < 0.9);
}

/* ---- densities ------------------------------------------------------------------------------ */

/* Current into a capacitor so large that its voltage stays: its spectrum is
 * flat at `want`. */
static void check_density(noise_chip *c, double want)
{
  enum { LENGTH = 1 << 17, SEGMENT = 1 << 8 };
  double h = 1e-7, *current = malloc(LENGTH * sizeof *current);
  double *density = malloc(SEGMENT / 2 * sizeof *density), last = 0.04,
         mean = 0;
  path_bench b;

  c->capacitance[0] = 1;
  path_bench_open(&b, c, 1);
  path_bench_begin(&b, 3);
  path_bench_drive(&b, 0.63, 0.63, 0);
  b.path->x[0] = last;
  for (size_t i = 0; i < LENGTH; i++) {
    cr_assert_eq(qn_path_advance(b.path, 0, h), QN_OK);
    /* 1 F, and steps of 1e-13 V: all digits are at x = 0 */
    current[i] = (b.path->x[0] - last) / h;
    b.path->x[0] = last;
  }
  welch(current, LENGTH, h, SEGMENT, density);
  for (size_t k = 2; k + 8 < SEGMENT / 2; k += 8) {
    double got = 0;

    for (size_t i = k; i < k + 8; i++)
      got += density[i] / 8;
    cr_expect_float_eq(got / want, 1, welch_error(LENGTH, SEGMENT, 8, 4.5));
    mean += got / 15 / want;
  }
  cr_expect_float_eq(mean, 1, welch_error(LENGTH, SEGMENT, 120, 4.5));
  path_bench_close(&b);
  free(current), free(density);
}

Test(noise_path_order, thermal_noise_has_its_density_by_welch)
{
  noise_chip c;

  path_bench_thermal(&c, 1, 300);
  check_density(&c, 4 * boltzmann * 300 *
                      (4e-6 + 4e-6 / (1 + exp(-25 * 1.5 * 0.03))));
}

/* partition of what two steered memristors carry: 2 q |I| s (1 - s) */
Test(noise_path_order, shot_noise_has_its_density_by_welch)
{
  double s = 1 / (1 + exp(-25 * 1.5 * 0.03));
  noise_chip c;

  noise_chip_open(&c, 1);
  c.chip.technology.shot_noise = QN_ON;
  c.chip.technology.cell = QN_CELL_STEERED;
  check_density(&c, 2 * charge * s * (1 - s) *
                      (3e-6 * (0.4 - 0.04) + 1e-6 * (0.4 + 0.04)));
}
