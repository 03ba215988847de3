/* test_noise_basis.c - rotations keep what sources at a membrane are to each
 * other: b(t)' b(u) for all times of a trajectory. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/noise_basis.h"

enum { SOURCES = 12, POINTS = 20 };

/* 8 sources of membrane 0 in three dimensions, 4 of membrane 1 in four */
static void currents(int t, double b[SOURCES])
{
  for (int i = 0; i < SOURCES; i++)
    b[i] = i < 8 ? sin(i + 1.0) + 0.3 * t * cos(2.0 * i) + exp(-t) * (i % 3)
                 : sin(1.7 * i * t + i);
}

static double inner(const double *a, const double *b, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

Test(noise_basis, few_directions_keep_every_inner_product)
{
  static const size_t first[] = {0, 8, SOURCES};
  double b[POINTS][SOURCES], along[POINTS][SOURCES];
  qn_noise_basis basis;

  cr_assert_eq(qn_noise_basis_init(&basis, 2, first), QN_OK);
  for (int t = 0; t < POINTS; t++) {
    currents(t, b[t]);
    qn_noise_basis_add(&basis, b[t]);
  }
  cr_assert_eq(qn_noise_basis_choose(&basis, 1e-13), QN_OK);
  cr_expect_eq(basis.kept[1], 3, "%zu", basis.kept[1]);
  cr_expect_eq(basis.kept[2], 7, "%zu", basis.kept[2]);
  for (int t = 0; t < POINTS; t++)
    qn_noise_basis_project(&basis, b[t], along[t]);
  for (int t = 0; t < POINTS; t++) {
    cr_expect(qn_noise_basis_left(&basis, b[t], along[t]) < 1e-12);
    for (int u = 0; u < POINTS; u++) {
      double size = 1e-6 * (1 + fabs(inner(b[t], b[u], 8)));

      cr_expect_float_eq(inner(along[t], along[u], 3), inner(b[t], b[u], 8),
                         size);
      cr_expect_float_eq(inner(along[t] + 3, along[u] + 3, 4),
                         inner(b[t] + 8, b[u] + 8, 4), 1e-12);
    }
  }
  qn_noise_basis_release(&basis);
}

/* what is left out is told */
Test(noise_basis, a_direction_too_few_shows)
{
  static const size_t first[] = {0, 8};
  double b[SOURCES], along[SOURCES], worst = 0;
  qn_noise_basis basis;

  cr_assert_eq(qn_noise_basis_init(&basis, 1, first), QN_OK);
  for (int t = 0; t < POINTS; t++) {
    currents(t, b);
    qn_noise_basis_add(&basis, b);
  }
  cr_assert_eq(qn_noise_basis_choose(&basis, 0.2), QN_OK);
  cr_expect(basis.kept[1] < 3);
  for (int t = 0; t < POINTS; t++) {
    currents(t, b);
    qn_noise_basis_project(&basis, b, along);
    worst = fmax(worst, qn_noise_basis_left(&basis, b, along));
  }
  cr_expect(worst > 0.01 && worst < 1);
  qn_noise_basis_release(&basis);
}
