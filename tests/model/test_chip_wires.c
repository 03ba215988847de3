/* test_chip_wires.c - capacitance and delay of a crossbar's wires against sums
 * and eigenvalues. */
#include <criterion/criterion.h>
#include <gsl/gsl_eigen.h>
#include <math.h>

#include <quench/chip.h>

/* three membranes, one input: 3 segments a row, 10 a column */
enum { UNITS = 3, ROWS = 10 };

struct wired {
  qn_chip chip;
  double c[UNITS], plus[UNITS], minus[UNITS];
  qn_branch branch[2];
  size_t first[UNITS + 1], none[UNITS + 1];
};

/* 1, 2 and 4 pF; 10, 30 and 20 uS with every gate open */
static void build(struct wired *w)
{
  *w = (struct wired){.c = {1e-12, 2e-12, 4e-12},
                      .plus = {6e-6, 5e-6, 15e-6},
                      .minus = {4e-6, 1e-6, 5e-6},
                      .branch = {{.pre = 0, .post = 1, .plus_s = 20e-6},
                                 {.pre = 2, .post = 1, .minus_s = 4e-6}},
                      .first = {0, 0, 2, 2}};
  w->chip = (qn_chip){.units = UNITS,
                      .inputs = 1,
                      .capacitance_f = w->c,
                      .leak_plus_s = w->plus,
                      .leak_minus_s = w->minus,
                      .recurrent = {2, w->branch, w->first},
                      .sensory = {0, w->branch, w->none}};
}

static void expect(double got, double want)
{
  cr_expect_float_eq(got, want, 1e-13 * want, "%.17g, not %.17g", got, want);
}

Test(chip_wires, a_membranes_wire_is_part_of_its_capacitance)
{
  struct wired w;

  build(&w);
  cr_expect_eq(qn_chip_wire_capacitance(&w.chip), 0);
  cr_expect_eq(qn_chip_drawn_capacitance(&w.chip, 1), 2e-12);
  w.chip.technology.rail_f = 7e-14; /* loads no membrane */
  w.chip.technology.membrane_f = 1.5e-13;
  expect(qn_chip_wire_capacitance(&w.chip), ROWS * 1.5e-13);
  expect(qn_chip_drawn_capacitance(&w.chip, 1), 0.5e-12);
  cr_expect_eq(qn_chip_drawn_capacitance(&w.chip, 0), 0);
}

Test(chip_wires, the_fastest_membrane_has_all_its_gates_open)
{
  struct wired w;
  size_t worst;

  build(&w);
  expect(qn_chip_fastest(&w.chip, &worst), 2e-12 / 30e-6);
  cr_expect_eq(worst, 1);
  w.plus[0] = w.minus[0] = w.plus[1] = w.minus[1] = 0;
  w.plus[2] = w.minus[2] = w.branch[0].plus_s = w.branch[1].minus_s = 0;
  cr_expect(isinf(qn_chip_fastest(&w.chip, &worst)));
}

/* the resistance up to the middle of each segment times its capacitance */
static double elmore(double ohm, double farad, int segments)
{
  double sum = 0;

  for (int k = 0; k < segments; k++)
    sum += farad * ohm * (k + 0.5);
  return sum;
}

Test(chip_wires, the_delay_is_elmores_of_the_slowest_wire)
{
  struct wired w;
  qn_technology *t = &w.chip.technology;
  size_t worst;

  build(&w);
  t->rail_ohm = 5;
  t->membrane_f = 1e-15;
  cr_expect_eq(qn_chip_wire_delay(&w.chip), 0);
  cr_expect_eq(qn_chip_wire_lag(&w.chip, &worst), 0);
  t->membrane_ohm = 2;
  expect(qn_chip_wire_delay(&w.chip), elmore(2, 1e-15, ROWS));
  t->rail_f = 1e-13;
  expect(qn_chip_wire_delay(&w.chip), elmore(5, 1e-13, UNITS));
  expect(qn_chip_wire_lag(&w.chip, &worst),
         elmore(5, 1e-13, UNITS) * 30e-6 / 2e-12);
  cr_expect_eq(worst, 1);
}

/* of n segments of 1 ohm and 1 F, half of it at either end of each: the
 * reciprocal of the least eigenvalue of C^-1/2 G C^-1/2 */
static double slowest(int n)
{
  gsl_matrix *a = gsl_matrix_calloc((size_t)n, (size_t)n);
  gsl_vector *of = gsl_vector_alloc((size_t)n);
  gsl_eigen_symm_workspace *room = gsl_eigen_symm_alloc((size_t)n);
  double least;

  for (int i = 0; i < n; i++) {
    double c = i < n - 1 ? 1 : 0.5;

    gsl_matrix_set(a, (size_t)i, (size_t)i, (i < n - 1 ? 2 : 1) / c);
    if (i > 0)
      gsl_matrix_set(a, (size_t)i, (size_t)i - 1, -1 / sqrt(c));
  }
  gsl_eigen_symm(a, of, room);
  least = gsl_vector_min(of);
  gsl_eigen_symm_free(room);
  gsl_vector_free(of);
  gsl_matrix_free(a);
  return 1 / least;
}

/* and not by much: of a long line 8 / pi^2 of it */
Test(chip_wires, no_wire_settles_more_slowly_than_its_delay)
{
  for (int n = 1; n <= 30; n++) {
    const qn_chip chip = {.units = (size_t)n,
                          .technology = {.rail_ohm = 1, .rail_f = 1}};
    double tau = slowest(n), delay = qn_chip_wire_delay(&chip);

    cr_expect(tau <= delay * (1 + 1e-12) && tau > 0.8 * delay,
              "%d segments: %g s, delay %g s", n, tau, delay);
  }
}
