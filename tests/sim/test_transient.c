/* test_transient.c - the integrator against closed forms, and Jacobians
 * against differences. */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/transient.h"

static qn_status rotation(double t, const double *x, double *dx, void *arg)
{
  (void)t, (void)arg;
  dx[0] = x[1];
  dx[1] = -x[0];
  return QN_OK;
}

/* all four entries, column by column */
static size_t columns[] = {0, 2, 4}, rows[] = {0, 1, 0, 1};
static const qn_pattern full = {
  .n = 2, .count = 4, .column = columns, .row = rows};

static qn_status rotation_jacobian(double t, const double *x, double *value,
                                   void *arg)
{
  (void)t, (void)x, (void)arg;
  value[1] = -1; /* d(dx1)/dx0 */
  value[2] = 1;  /* d(dx0)/dx1 */
  return QN_OK;
}

static qn_status broken(double t, const double *x, double *dx, void *arg)
{
  (void)t, (void)x, (void)dx, (void)arg;
  return QN_EMODEL;
}

static const qn_tolerances fine = {.rtol = 1e-10, .atol = 1e-10};
static const qn_system rotating = {
  .n = 2, .rhs = rotation, .jac = rotation_jacobian, .pattern = &full};
static const qn_method methods[] = {QN_METHOD_EXPLICIT, QN_METHOD_BDF};

Test(transient, a_rotation_comes_round_and_stops_exactly_at_the_end)
{
  for (int m = 0; m < 2; m++) {
    qn_system s = rotating;
    double x[2] = {1, 0}, t = 0;
    qn_transient *tr;

    s.method = methods[m];
    cr_assert_eq(qn_transient_alloc(&tr, &s, &fine), QN_OK);
    for (int i = 1; i <= 4; i++) {
      double end = i * 0.5 * acos(-1);

      cr_assert_eq(qn_transient_advance(tr, t, end, x), QN_OK);
      t = end;
    }
    cr_expect_float_eq(x[0], 1, 1e-7);
    cr_expect_float_eq(x[1], 0, 1e-7);
    cr_expect(qn_transient_steps(tr) > 0 && qn_transient_rhs_calls(tr) > 0);
    qn_transient_free(tr);
  }
}

static double rotation_error(qn_method method, double tolerance)
{
  qn_tolerances t = {tolerance, tolerance};
  qn_system s = rotating;
  double x[2] = {1, 0};
  qn_transient *tr;

  s.method = method;
  cr_assert_eq(qn_transient_alloc(&tr, &s, &t), QN_OK);
  cr_assert_eq(qn_transient_advance(tr, 0, 2, x), QN_OK);
  qn_transient_free(tr);
  return fabs(x[0] - cos(2)) + fabs(x[1] + sin(2));
}

/* the error of the whole run follows the tolerance, on average in proportion */
Test(transient, the_error_falls_with_the_tolerance)
{
  for (int m = 0; m < 2; m++) {
    double first = rotation_error(methods[m], 1e-4), last = first;

    for (double tol = 1e-6; tol > 1e-13; tol /= 100) {
      double error = rotation_error(methods[m], tol);

      cr_expect(error < last / 3, "method %d, %g: %g after %g", m, tol, error,
                last);
      last = error;
    }
    cr_expect(last < 1e-6 * first, "method %d: %g to %g", m, first, last);
  }
}

Test(transient, failure_in_the_model_is_reported_as_such)
{
  qn_system s = {
    .n = 2, .rhs = broken, .jac = rotation_jacobian, .pattern = &full};
  double x[2] = {1, 0};
  qn_transient *tr;

  cr_assert_eq(qn_transient_alloc(&tr, &s, &fine), QN_OK);
  cr_expect_eq(qn_transient_advance(tr, 0, 1, x), QN_EMODEL);
  qn_transient_free(tr);
}

Test(transient, bad_tolerances_and_times_are_rejected)
{
  const qn_tolerances bad[] = {{0, 1}, {1, 1}, {NAN, 1}, {0.1, 0}, {0.1, -1}};
  qn_system s = rotating;
  double x[2] = {1, 0};
  qn_transient *tr;

  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cr_expect_eq(qn_transient_alloc(&tr, &s, &bad[i]), QN_EINVAL);
    cr_expect_null(tr);
  }
  cr_assert_eq(qn_transient_alloc(&tr, &s, &fine), QN_OK);
  cr_expect_eq(qn_transient_advance(tr, 1, 1, x), QN_EINVAL);
  qn_transient_free(tr);
}

/* ---- Newton's iteration ---------------------------------------------------------- */

/* x_i' = -1000 x_i + 1000 x_(i+1), the last x' = -1000 x: one-way, so that a
 * transposed Jacobian is wrong in every entry that matters */
static qn_status chain(double t, const double *x, double *dx, void *arg)
{
  size_t n = *(size_t *)arg;

  (void)t;
  for (size_t i = 0; i < n; i++)
    dx[i] = 1000 * ((i + 1 < n ? x[i + 1] : 0) - x[i]);
  return QN_OK;
}

/* column j: row j - 1, then row j */
static qn_status chain_jacobian(double t, const double *x, double *value,
                                void *arg)
{
  size_t n = *(size_t *)arg;

  (void)t, (void)x;
  value[0] = -1000;
  for (size_t j = 1; j < n; j++)
    value[2 * j - 1] = 1000, value[2 * j] = -1000;
  return QN_OK;
}

/* Newton's iteration on the true Jacobian finds a step of a linear system at
 * once, and steps grow as the solution settles: stability alone takes an
 * explicit formula 500 of them to t = 1. The matrix is dense for 2 equations,
 * sparse for 12. */
Test(transient, newton_takes_a_settled_linear_system_in_great_strides)
{
  const qn_tolerances loose = {1e-6, 1e-6};

  for (size_t n = 2; n <= 12; n += 10) {
    size_t column[13] = {0}, row[23] = {0};
    qn_pattern p = {.n = n, .count = 2 * n - 1, .column = column, .row = row};
    qn_system s = {.n = n,
                   .method = QN_METHOD_BDF,
                   .rhs = chain,
                   .jac = chain_jacobian,
                   .pattern = &p,
                   .arg = &n};
    double x[12] = {0};
    qn_transient *tr;

    for (size_t j = 1; j < n; j++)
      row[2 * j - 1] = j - 1, row[2 * j] = j;
    for (size_t j = 0; j < n; j++)
      column[j + 1] = 2 * j + 1;
    x[n - 1] = 1;
    cr_assert_eq(qn_transient_alloc(&tr, &s, &loose), QN_OK);
    cr_assert_eq(qn_transient_advance(tr, 0, 1, x), QN_OK);
    cr_expect(qn_transient_steps(tr) < 500, "%zu: %ld steps", n,
              qn_transient_steps(tr));
    for (size_t i = 0; i < n; i++)
      cr_expect_float_eq(x[i], 0, 1e-4);
    qn_transient_free(tr);
  }
}

/* x' = -x, which on its 20th evaluation says that x is outside its domain */
static qn_status shy(double t, const double *x, double *dx, void *arg)
{
  int *calls = arg;

  (void)t;
  dx[0] = -x[0];
  dx[1] = -x[1];
  return ++*calls == 20 ? QN_EINVAL : QN_OK;
}

static qn_status decay_jacobian(double t, const double *x, double *value,
                                void *arg)
{
  (void)t, (void)x, (void)arg;
  value[0] = value[3] = -1;
  return QN_OK;
}

Test(transient, a_state_outside_the_domain_is_tried_again_with_a_smaller_step)
{
  for (int m = 0; m < 2; m++) {
    int calls = 0;
    qn_system s = {.n = 2,
                   .method = methods[m],
                   .rhs = shy,
                   .jac = decay_jacobian,
                   .pattern = &full,
                   .arg = &calls};
    double x[2] = {1, 2};
    qn_transient *tr;

    cr_assert_eq(qn_transient_alloc(&tr, &s, &fine), QN_OK);
    cr_expect_eq(qn_transient_advance(tr, 0, 1, x), QN_OK);
    cr_expect(calls > 20);
    cr_expect_float_eq(x[0], exp(-1), 1e-7);
    cr_expect_float_eq(x[1], 2 * exp(-1), 1e-7);
    qn_transient_free(tr);
  }
}

/* x' = -x, whose model fails on its 20th evaluation */
static qn_status fails_later(double t, const double *x, double *dx, void *arg)
{
  int *calls = arg;

  (void)t;
  dx[0] = -x[0];
  dx[1] = -x[1];
  return ++*calls == 20 ? QN_EMODEL : QN_OK;
}

Test(transient, failure_in_the_model_ends_a_run_that_is_under_way)
{
  for (int m = 0; m < 2; m++) {
    int calls = 0;
    qn_system s = rotating;
    double x[2] = {1, 0};
    qn_transient *tr;

    s.method = methods[m];
    s.rhs = fails_later;
    s.arg = &calls;
    cr_assert_eq(qn_transient_alloc(&tr, &s, &fine), QN_OK);
    cr_expect_eq(qn_transient_advance(tr, 0, 1, x), QN_EMODEL, "method %d", m);
    qn_transient_free(tr);
  }
}

/* ---- explicit formulas ------------------------------------------------------------ */

static long steps_around(double tolerance)
{
  qn_tolerances t = {tolerance, tolerance};
  double x[2] = {1, 0};
  qn_transient *tr;
  long steps;

  cr_assert_eq(qn_transient_alloc(&tr, &rotating, &t), QN_OK);
  cr_assert_eq(qn_transient_advance(tr, 0, 500, x), QN_OK);
  steps = qn_transient_steps(tr);
  qn_transient_free(tr);
  return steps;
}

/* A step's length goes with the tolerance to the power of 1 / 5 with Cash and
 * Karp's formula, 1 / 8 with Prince and Dormand's, which tolerances below 1e-7
 * get. */
Test(transient, explicit_steps_shrink_with_the_order_of_the_formula)
{
  double fifth = (double)steps_around(1e-7) / (double)steps_around(1e-4);
  double eighth = (double)steps_around(1e-12) / (double)steps_around(1e-9);

  cr_expect_float_eq(log(fifth) / log(1e3), 1.0 / 5, 0.01);
  cr_expect_float_eq(log(eighth) / log(1e3), 1.0 / 8, 0.01);
}

struct span {
  double first, last; /* that was looked at */
};

static qn_status watched(double t, const double *x, double *dx, void *arg)
{
  struct span *seen = arg;

  seen->first = fmin(seen->first, t);
  seen->last = fmax(seen->last, t);
  dx[0] = x[1];
  dx[1] = -x[0];
  return QN_OK;
}

/* a step that is kept is longer than the shorter ones of these advances */
Test(transient, no_advance_looks_past_its_end)
{
  static const double length[] = {1, 1e-4, 3, 0.01, 1e-9, 1.0 / 3, 7, 0.1};

  for (int m = 0; m < 2; m++) {
    struct span seen;
    qn_system s = rotating;
    double x[2] = {1, 0}, t = 0;
    qn_transient *tr;

    s.method = methods[m];
    s.rhs = watched;
    s.arg = &seen;
    cr_assert_eq(qn_transient_alloc(&tr, &s, &fine), QN_OK);
    for (size_t i = 0; i < 64; i++) {
      double end = t + length[i % 8];

      seen = (struct span){HUGE_VAL, -HUGE_VAL};
      cr_assert_eq(qn_transient_advance(tr, t, end, x), QN_OK);
      cr_expect(seen.first >= t && seen.last <= end, "%.17g past %.17g",
                seen.last, end);
      t = end;
    }
    cr_expect_float_eq(x[0], cos(t), 1e-6);
    qn_transient_free(tr);
  }
}

/* once a step's size is known, a much shorter advance is one step, and a long
 * one after many of them does not start from those */
Test(transient, an_explicit_step_is_kept_over_short_advances)
{
  double x[2] = {1, 0};
  qn_transient *tr;
  long before, after;

  cr_assert_eq(qn_transient_alloc(&tr, &rotating, &fine), QN_OK);
  cr_assert_eq(qn_transient_advance(tr, 0, 5, x), QN_OK);
  before = qn_transient_steps(tr);
  for (int i = 0; i < 32; i++)
    cr_assert_eq(qn_transient_advance(tr, 5 + i / 1e3, 5 + (i + 1) / 1e3, x),
                 QN_OK);
  cr_expect_eq(qn_transient_steps(tr) - before, 32);
  before = qn_transient_steps(tr);
  cr_assert_eq(qn_transient_advance(tr, 6, 11, x), QN_OK);
  after = qn_transient_steps(tr);
  cr_assert_eq(qn_transient_advance(tr, 11, 16, x), QN_OK);
  cr_expect_eq(qn_transient_steps(tr) - after, after - before);
  qn_transient_free(tr);
}

Test(transient, after_a_restart_every_bit_is_that_of_a_new_transient)
{
  for (int m = 0; m < 2; m++) {
    qn_system s = rotating;
    double x[2] = {0.3, -2}, again[2] = {1, 0}, anew[2] = {1, 0};
    qn_transient *used, *fresh;

    s.method = methods[m];
    cr_assert_eq(qn_transient_alloc(&used, &s, &fine), QN_OK);
    cr_assert_eq(qn_transient_alloc(&fresh, &s, &fine), QN_OK);
    cr_assert_eq(qn_transient_advance(used, 0, 11, x), QN_OK);
    qn_transient_restart(used);
    cr_assert_eq(qn_transient_advance(used, 0, 3, again), QN_OK);
    cr_assert_eq(qn_transient_advance(fresh, 0, 3, anew), QN_OK);
    cr_expect(again[0] == anew[0] && again[1] == anew[1]);
    qn_transient_free(used);
    qn_transient_free(fresh);
  }
}

/* not a number where shy() says "outside" */
static qn_status burst(double t, const double *x, double *dx, void *arg)
{
  if (shy(t, x, dx, arg))
    dx[0] = dx[1] = NAN;
  return QN_OK;
}

Test(transient, an_explicit_step_to_no_number_is_tried_again)
{
  int calls = 0;
  qn_system s = {.n = 2, .rhs = burst, .pattern = &full, .arg = &calls};
  double x[2] = {1, 2};
  qn_transient *tr;

  cr_assert_eq(qn_transient_alloc(&tr, &s, &fine), QN_OK);
  cr_expect_eq(qn_transient_advance(tr, 0, 1, x), QN_OK);
  cr_expect(calls > 20);
  cr_expect_float_eq(x[0], exp(-1), 1e-7);
  qn_transient_free(tr);
}

/* ---- integrals -------------------------------------------------------------------- */

static qn_status squares(double t, const double *x, double *rate, void *arg)
{
  (void)t, (void)arg;
  rate[0] = x[0] * x[0];
  rate[1] = 1e6;
  return QN_OK;
}

/* cos^2 from 0 to t: t / 2 + sin(2 t) / 4. An integral has no say in the size
 * of steps, however large it is. */
Test(transient, integrals_add_up_over_advances_and_cost_no_steps)
{
  for (int m = 0; m < 2; m++) {
    qn_system s = rotating, bare = rotating;
    double x[2] = {1, 0}, y[2] = {1, 0};
    qn_transient *tr, *plain;

    s.method = bare.method = methods[m];
    s.integrals = 2;
    s.rate = squares;
    cr_assert_eq(qn_transient_alloc(&tr, &s, &fine), QN_OK);
    cr_assert_eq(qn_transient_alloc(&plain, &bare, &fine), QN_OK);
    for (int i = 0; i < 3; i++) {
      cr_assert_eq(qn_transient_advance(tr, i, i + 1, x), QN_OK);
      cr_assert_eq(qn_transient_advance(plain, i, i + 1, y), QN_OK);
    }
    cr_expect_float_eq(qn_transient_integrals(tr)[0], 1.5 + sin(6) / 4, 1e-7);
    cr_expect_float_eq(qn_transient_integrals(tr)[1], 3e6, 1e-6);
    cr_expect_eq(qn_transient_steps(tr), qn_transient_steps(plain));
    cr_expect(x[0] == y[0] && x[1] == y[1]);
    qn_transient_free(tr);
    qn_transient_free(plain);
  }
}
