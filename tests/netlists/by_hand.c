/* by_hand.c - see by_hand.h. GSL integrates to 1e-10; wires by Newton's
 * iteration on a dense matrix. */
#include "tests/netlists/by_hand.h"

#include <criterion/criterion.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <string.h>

enum {
  ROWS = 8,
  COLUMNS = 2,
  CROSSINGS = ROWS * COLUMNS,
  NODES = 2 * CROSSINGS
};

/* a memristor where it stands, now */
struct part {
  int there;
  double g, polarity;
  const double *parameter;
};

struct state {
  const small *s;
  double input_v;
  struct part part[CROSSINGS];
  double d[NODES]; /* rows' crossings, then columns' */
};

static double logistic(const qn_chip *chip, qn_gate gate, double v)
{
  double x = chip->gate_slope_per_v * gate.gain * (v - gate.threshold_v);

  return 1 / (1 + exp(-x));
}

/* p drive(p v) of 1 S */
static double drive(const qn_chip *chip, const struct part *m, double v,
                    double *slope)
{
  return m->polarity * chip->technology.memristor.device->drive(
                         m->parameter, m->polarity * v, slope);
}

/* ---- where memristors stand --------------------------------------------------- */

static void put(struct state *st, size_t line, size_t column, qn_side side,
                double g, size_t number)
{
  const qn_chip *chip = &st->s->chip;
  const qn_technology *t = &chip->technology;

  if (g > 0)
    st->part[(2 * line + side) * COLUMNS + column] = (struct part){
      1, g, side == QN_PLUS ? t->polarity_plus : t->polarity_minus,
      qn_chip_parameters(chip, number)};
}

static void put_branch(struct state *st, const qn_branch *b, size_t line,
                       double pre_v, size_t number)
{
  const qn_chip *chip = &st->s->chip;
  const qn_technology *t = &chip->technology;
  int steered = t->cell == QN_CELL_STEERED;
  double ohm = t->cell == QN_CELL_DIRECT ? t->switch_ohm : 0;
  double plus = logistic(chip, b->gate, pre_v);
  double minus = logistic(chip, steered ? b->minus_gate : b->gate, pre_v);

  put(st, line, b->post, QN_PLUS, plus / (1 / b->plus_s + ohm), number);
  put(st, line, b->post, QN_MINUS, minus / (1 / b->minus_s + ohm), number + 1);
}

static void put_all(struct state *st, const double *v)
{
  const qn_chip *chip = &st->s->chip;
  size_t units = chip->units, recurrent = chip->recurrent.count;

  memset(st->part, 0, sizeof st->part);
  for (size_t j = 0; j < units; j++) {
    put(st, 0, j, QN_PLUS, chip->leak_plus_s[j], 2 * j);
    put(st, 0, j, QN_MINUS, chip->leak_minus_s[j], 2 * j + 1);
  }
  if (chip->technology.cell == QN_CELL_TRANSCONDUCTOR)
    return;
  put_branch(st, &st->s->sensory[0], 1, st->input_v, 2 * (units + recurrent));
  for (size_t i = 0; i < recurrent; i++) {
    const qn_branch *b = &st->s->recurrent[i];

    put_branch(st, b, 2 + b->pre, v[b->pre], 2 * (units + i));
  }
}

/* ---- Kirchhoff ------------------------------------------------------------------- */

static double feed(const qn_chip *chip, int crossing)
{
  return crossing / COLUMNS % 2 ? chip->rail_minus_v : chip->rail_plus_v;
}

/* voltage across a crossing with the deviations as they are */
static double across(const struct state *st, const double *v, int k)
{
  return feed(&st->s->chip, k) + st->d[k] -
         (v[k % COLUMNS] + st->d[CROSSINGS + k]);
}

/* a segment between node k and the one before it, -1: the wire's end */
static void add_segment(const struct state *st, gsl_matrix *a, gsl_vector *b,
                        int k, int before, double ohm)
{
  double g = 1 / fmax(ohm, 1e-6);
  double i = g * (st->d[k] - (before < 0 ? 0 : st->d[before]));

  *gsl_vector_ptr(b, (size_t)k) += i;
  *gsl_matrix_ptr(a, (size_t)k, (size_t)k) += g;
  if (before < 0)
    return;
  *gsl_vector_ptr(b, (size_t)before) -= i;
  *gsl_matrix_ptr(a, (size_t)before, (size_t)before) += g;
  *gsl_matrix_ptr(a, (size_t)k, (size_t)before) -= g;
  *gsl_matrix_ptr(a, (size_t)before, (size_t)k) -= g;
}

static void add_crossing(const struct state *st, const double *v, gsl_matrix *a,
                         gsl_vector *b, int k)
{
  const qn_technology *t = &st->s->chip.technology;
  const struct part *m = &st->part[k];
  size_t row = (size_t)k, column = (size_t)k + CROSSINGS;
  double slope, i;

  add_segment(st, a, b, k, k % COLUMNS ? k - 1 : -1, t->rail_ohm);
  add_segment(st, a, b, k + CROSSINGS,
              k < COLUMNS ? -1 : k + CROSSINGS - COLUMNS, t->membrane_ohm);
  if (!m->there)
    return;
  i = m->g * drive(&st->s->chip, m, across(st, v, k), &slope);
  slope *= m->g;
  *gsl_vector_ptr(b, row) += i;
  *gsl_vector_ptr(b, column) -= i;
  *gsl_matrix_ptr(a, row, row) += slope;
  *gsl_matrix_ptr(a, row, column) -= slope;
  *gsl_matrix_ptr(a, column, row) -= slope;
  *gsl_matrix_ptr(a, column, column) += slope;
}

/* the step of Newton's iteration into b */
static void find_step(const struct state *st, const double *v, gsl_vector *b)
{
  gsl_matrix *a = gsl_matrix_calloc(NODES, NODES);
  gsl_permutation *p = gsl_permutation_alloc(NODES);
  int sign;

  gsl_vector_set_zero(b);
  for (int k = 0; k < CROSSINGS; k++)
    add_crossing(st, v, a, b, k);
  gsl_linalg_LU_decomp(a, p, &sign);
  gsl_linalg_LU_svx(a, p, b);
  gsl_permutation_free(p);
  gsl_matrix_free(a);
}

/* one step, of 50 mV at most: laws are steep; its size before that */
static double step(struct state *st, const double *v)
{
  gsl_vector *b = gsl_vector_alloc(NODES);
  double largest = 0;

  find_step(st, v, b);
  for (size_t k = 0; k < NODES; k++)
    largest = fmax(largest, fabs(gsl_vector_get(b, k)));
  for (size_t k = 0; k < NODES; k++)
    st->d[k] -= gsl_vector_get(b, k) * fmin(1, 0.05 / largest);
  gsl_vector_free(b);
  return largest;
}

/* 0 where it does not converge: the integrator then takes a shorter step */
static int solve(struct state *st, const double *v)
{
  const qn_technology *t = &st->s->chip.technology;
  double moved = t->rail_ohm > 0 || t->membrane_ohm > 0 ? 1 : 0;

  for (int steps = 0; moved > 1e-12 && steps < 200; steps++)
    moved = step(st, v);
  if (moved <= 1e-12)
    return 1;
  memset(st->d, 0, sizeof st->d);
  return 0;
}

/* ---- the equations ------------------------------------------------------------------ */

static double transconductor(const qn_chip *chip, const qn_branch *b,
                             double pre_v, double post_v)
{
  double range = chip->technology.linear_range_v, v = b->reversal_v - post_v;

  return logistic(chip, b->gate, pre_v) * b->plus_s *
         (isinf(range) ? v : range * tanh(v / range));
}

static int slope(double t, const double *v, double *dv, void *arg)
{
  struct state *st = arg;
  const qn_chip *chip = &st->s->chip;
  double ignored;

  (void)t;
  memset(dv, 0, chip->units * sizeof *dv);
  put_all(st, v);
  if (!solve(st, v))
    return GSL_FAILURE;
  for (int k = 0; k < CROSSINGS; k++)
    if (st->part[k].there)
      dv[k % COLUMNS] +=
        st->part[k].g * drive(chip, &st->part[k], across(st, v, k), &ignored);
  if (chip->technology.cell == QN_CELL_TRANSCONDUCTOR) {
    dv[0] += transconductor(chip, &st->s->sensory[0], st->input_v, v[0]);
    for (size_t i = 0; i < chip->recurrent.count; i++) {
      const qn_branch *b = &st->s->recurrent[i];

      dv[b->post] += transconductor(chip, b, v[b->pre], v[b->post]);
    }
  }
  for (size_t j = 0; j < chip->units; j++) {
    dv[j] /= chip->capacitance_f[j];
    if (!isfinite(dv[j]))
      return GSL_FAILURE;
  }
  return GSL_SUCCESS;
}

void by_hand_run(const small *s, double *state)
{
  const qn_chip *chip = &s->chip;
  struct state st = {.s = s};
  gsl_odeiv2_system system = {slope, NULL, chip->units, &st};
  gsl_odeiv2_driver *driver = gsl_odeiv2_driver_alloc_y_new(
    &system, gsl_odeiv2_step_rk8pd, 1e-9, 1e-10, 0);
  double v[COLUMNS] = {chip->common_mode_v, chip->common_mode_v};

  for (size_t row = 0; row < SMALL_ROWS; row++) {
    double t = 0;

    st.input_v = chip->common_mode_v + chip->volts_per_unit * s->input[row];
    gsl_odeiv2_driver_reset(driver);
    cr_assert_eq(gsl_odeiv2_driver_apply(
                   driver, &t, chip->seconds_per_unit * s->span[row], v),
                 GSL_SUCCESS);
    for (size_t j = 0; j < chip->units; j++)
      state[row * chip->units + j] =
        (v[j] - chip->common_mode_v) / chip->volts_per_unit;
  }
  gsl_odeiv2_driver_free(driver);
}
