/* test_crossbar.c - the wires of a crossbar against closed forms and the laws and
 * the dense solve of tests/sim/board.h. */
#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/board.h"

static const double wires[][2] = {{1, 3},     {20, 2},      {1000, 500},
                                  {0, 30},    {30, 0},      {0, 0},
                                  {1e6, 1e6}, {1e-3, 1e-3}, {1e4, 10}};
#define WIRES (sizeof wires / sizeof *wires)

/* ---- tests ----------------------------------------------------------------------- */

Test(crossbar, ohmic_devices_match_a_dense_solve_of_every_crossing)
{
  const double parts[] = {1, 0.5, 0.15, 0.03};

  for (uint32_t seed = 0; seed < 4; seed++)
    for (size_t w = 0; w < WIRES; w++) {
      struct board b = board_draw(seed, parts[seed], 1e-4, 0);

      board_set_wires(&b, wires[w][0], wires[w][1]);
      board_expect_dense(&b);
    }
}

Test(crossbar, sinh_devices_match_a_dense_newton_iteration)
{
  const double parts[] = {1, 0.4}, scales[] = {0.3, 0.06};

  for (uint32_t seed = 0; seed < 2; seed++)
    for (size_t w = 0; w < WIRES; w++) {
      struct board b = board_draw(seed, parts[seed], 1e-5, scales[seed]);

      board_set_wires(&b, wires[w][0], wires[w][1]);
      board_expect_dense(&b);
    }
}

/* Under the gap the least steep carry 1e9 times what they do near 0 V, and the
 * steepest more than a double holds: too much for the dense iteration. */
Test(crossbar, steep_devices_obey_ohm_and_kirchhoff_from_any_start)
{
  const double scales[] = {0.02, 0.001, 0.0005};

  for (uint32_t seed = 0; seed < 3; seed++)
    for (size_t w = 0; w < WIRES; w++) {
      struct board b = board_draw(seed, 0.7, 1e-5, scales[seed]);
      struct answer a;
      qn_crossbar *xb;

      board_set_wires(&b, wires[w][0], wires[w][1]);
      if (b.rail_ohm + b.membrane_ohm == 0)
        continue;
      xb = board_start(&b);
      for (uint32_t jump = 0; jump < 3; jump++) {
        board_set_ends(&b, 10 * seed + jump);
        board_solve_on(xb, &b, &a);
        board_expect_laws_hold(&b, &a);
      }
      qn_crossbar_free(xb);
    }
}

static struct board one(size_t row, size_t column, double g)
{
  struct board b = {.rows = ROWS, .columns = COLUMNS, .devices = 1};

  b.at[0] = (qn_crossing){row, column};
  b.g[0] = g;
  board_set_ends(&b, 1);
  return b;
}

Test(crossbar, one_device_is_in_series_with_its_wires)
{
  for (size_t x = 0; x < DEVICES; x += 7) {
    size_t row = x / COLUMNS, column = x % COLUMNS;
    struct board b = one(row, column, 2e-3);
    double ohms = 30.0 * (double)(column + 1) + 70.0 * (double)(row + 1);
    struct answer a;

    board_set_wires(&b, 30, 70);
    a = board_solve(&b);
    cr_expect_float_eq(a.i[0], board_gap(&b, 0) * b.g[0] / (1 + b.g[0] * ohms),
                       ACCURACY * fabs(board_gap(&b, 0)) * b.g[0]);
  }
}

/* across device r of n: E cosh((n - r - 1/2) x) / cosh((n + 1/2) x) with
 * 2 sinh(x / 2) = sqrt(G R), from u[r+1] - 2 u[r] + u[r-1] = G R u[r] */
static double ladder(size_t n, size_t r, double gr)
{
  double x = 2 * asinh(sqrt(gr) / 2);

  return cosh(((double)(n - r) - 0.5) * x) / cosh(((double)n + 0.5) * x);
}

Test(crossbar, a_ladder_matches_its_closed_form)
{
  for (int on_column = 0; on_column < 2; on_column++)
    for (double ohm = 0.01; ohm < 1e6; ohm *= 10) {
      size_t n = on_column ? ROWS : COLUMNS;
      struct board b = {.rows = ROWS, .columns = COLUMNS, .devices = n};
      struct answer a;

      for (size_t k = 0; k < n; k++) {
        b.at[k] = on_column ? (qn_crossing){k, 2} : (qn_crossing){2, k};
        b.g[k] = 1e-3;
      }
      for (size_t i = 0; i < ROWS; i++)
        b.feed[i] = 1;
      board_set_wires(&b, on_column ? 0 : ohm, on_column ? ohm : 0);
      a = board_solve(&b);
      for (size_t k = 0; k < n; k++)
        cr_expect_float_eq(a.v[k], ladder(n, k, 1e-3 * ohm), ACCURACY);
    }
}

/* Every current is right to the accuracy times its slope and what it meets. */
Test(crossbar, feeds_deliver_what_devices_and_wires_burn)
{
  for (uint32_t seed = 0; seed < 4; seed++) {
    struct board b = board_draw(seed, 0.6, 1e-3, 0.2);
    double delivered = 0, burnt = 0, slopes = 0;
    struct answer a;
    struct wires w;

    board_set_wires(&b, 10, 4);
    a = board_solve(&b);
    w = board_add_up(&b, &a);
    for (size_t k = 0; k < b.devices; k++) {
      delivered += board_gap(&b, k) * a.i[k];
      burnt += a.v[k] * a.i[k];
      slopes += board_slope_at(&b, k, a.v[k]);
    }
    for (size_t x = 0; x < DEVICES; x++)
      burnt += b.rail_ohm * pow(w.row[x / COLUMNS][x % COLUMNS], 2) +
               b.membrane_ohm * pow(w.column[x / COLUMNS][x % COLUMNS], 2);
    cr_expect_float_eq(delivered, burnt,
                       ACCURACY * pow(board_largest_gap(&b), 2) * slopes);
    cr_expect(delivered > 0);
  }
}

Test(crossbar, wires_without_resistance_leave_the_gap)
{
  struct board b = board_draw(3, 0.5, 1e-4, 0.1);
  struct answer a = board_solve(&b);

  for (size_t k = 0; k < b.devices; k++)
    cr_expect_eq(a.v[k], board_gap(&b, k));
}

/* a wire's resistance against none: drops of at most that times all current */
Test(crossbar, small_resistances_come_to_none)
{
  struct board b = board_draw(4, 0.5, 1e-4, 0.3), none = b;
  double total = 0;
  struct answer a, want;

  board_set_wires(&none, 0, 25);
  board_set_wires(&b, 1e-9, 25);
  a = board_solve(&b);
  want = board_solve(&none);
  for (size_t k = 0; k < b.devices; k++)
    total += fabs(want.i[k]);
  board_expect_same(&b, &a, &want,
                    ACCURACY * board_largest_gap(&b) +
                      COLUMNS * b.rail_ohm * total);
}

/* ---- gates ----------------------------------------------------------------------- */

Test(crossbar, a_shut_gate_is_no_device)
{
  struct board b = board_draw(5, 0.8, 1e-3, 0.2), fewer;
  struct answer a, want, rest;

  board_set_wires(&b, 50, 80);
  fewer = b;
  fewer.devices = 0;
  for (size_t k = 0; k < b.devices; k++)
    if (k % 3 == 0) {
      b.g[k] = 0;
    } else {
      fewer.at[fewer.devices] = b.at[k];
      fewer.scale[fewer.devices] = b.scale[k];
      fewer.g[fewer.devices++] = b.g[k];
    }
  a = board_solve(&b);
  want = board_solve(&fewer);
  board_expect_laws_hold(&b, &a);
  for (size_t k = 0, n = 0; k < b.devices; k++)
    if (k % 3)
      rest.v[n] = a.v[k], rest.i[n++] = a.i[k];
  board_expect_same(&fewer, &rest, &want, ACCURACY * board_largest_gap(&b));
}

Test(crossbar, shut_gates_alone_have_the_gap_across)
{
  struct board b = board_draw(6, 0.8, 0, 0);
  struct answer a;

  board_set_wires(&b, 50, 80);
  a = board_solve(&b);
  for (size_t k = 0; k < b.devices; k++) {
    cr_expect_eq(a.v[k], board_gap(&b, k));
    cr_expect_eq(a.i[k], 0);
  }
}

Test(crossbar, gates_that_open_step_by_step_agree_with_cold_starts)
{
  for (size_t w = 0; w < WIRES; w++) {
    struct board b = board_draw(7, 0.7, 1e-4, 0.15), now = b;
    struct answer a, want;
    qn_crossbar *xb;

    board_set_wires(&now, wires[w][0], wires[w][1]);
    xb = board_start(&now);
    for (int step = 0; step <= 100; step++) {
      for (size_t k = 0; k < b.devices; k++)
        now.g[k] = b.g[k] * pow(sin(0.5 * acos(-1) * step / 100), 2);
      for (size_t j = 0; j < COLUMNS; j++)
        now.end[j] = b.end[j] + 1e-3 * step;
      board_solve_on(xb, &now, &a);
      want = board_solve(&now);
      board_expect_same(&now, &a, &want, ACCURACY * board_largest_gap(&now));
    }
    board_expect_laws_hold(&now, &a);
    qn_crossbar_free(xb);
  }
}

/* Old factors hold a shut gate's node to its old neighbour, and take a thousandth
 * of the step it needs. */
Test(crossbar, a_gate_that_shuts_at_a_small_voltage_is_noticed)
{
  struct board b = {.rows = ROWS,
                    .columns = COLUMNS,
                    .devices = 2,
                    .at = {{0, 0}, {1, 1}},
                    .g = {1e-3, 1e-3},
                    .feed = {1, 5e-11}};
  struct answer a;
  qn_crossbar *xb;

  board_set_wires(&b, 1e6, 1e6);
  xb = board_start(&b);
  board_solve_on(xb, &b, &a);
  b.g[1] = 0;
  board_solve_on(xb, &b, &a);
  cr_expect_float_eq(a.v[1], board_gap(&b, 1),
                     ACCURACY * board_largest_gap(&b));
  qn_crossbar_free(xb);
}

/* ---- starts and ends ------------------------------------------------------------- */

/* Newton's first step solves a linear system, and the second finds it solved:
 * three looks at every device */
Test(crossbar, ohmic_devices_need_no_new_factors)
{
  struct board b = board_draw(8, 0.9, 1e-4, 0);
  struct answer a;
  qn_crossbar *xb;

  board_set_wires(&b, 5, 5);
  xb = board_start(&b);
  for (uint32_t seed = 0; seed < 20; seed++) {
    board_set_ends(&b, seed);
    b.calls = 0;
    board_solve_on(xb, &b, &a);
    cr_expect_leq(b.calls, 3 * b.devices);
  }
  qn_crossbar_free(xb);
}

/* the ends moved 20 times, under one crossbar */
static struct answer run_on(qn_crossbar *xb, struct board *b, uint32_t seed)
{
  struct answer a;

  for (uint32_t n = 0; n < 20; n++) {
    board_set_ends(b, seed + n);
    board_solve_on(xb, b, &a);
  }
  return a;
}

Test(crossbar, what_is_forgotten_leaves_no_trace_in_any_bit)
{
  struct board b = board_draw(9, 0.5, 1e-4, 0.1);
  qn_crossbar *xb, *fresh;
  struct answer a, want;

  board_set_wires(&b, 300, 200);
  xb = board_start(&b);
  fresh = board_start(&b);
  run_on(xb, &b, 100);
  qn_crossbar_forget(xb);
  a = run_on(xb, &b, 200);
  want = run_on(fresh, &b, 200);
  for (size_t k = 0; k < b.devices; k++) {
    cr_expect_eq(a.v[k], want.v[k]);
    cr_expect_eq(a.i[k], want.i[k]);
  }
  qn_crossbar_free(xb);
  qn_crossbar_free(fresh);
}

static double broken(void *arg, size_t k, double v, double *slope)
{
  double i = board_current(arg, k, v, slope);

  return k == 3 ? (double)NAN : i;
}

Test(crossbar, a_law_that_is_not_finite_is_an_error_and_soon_forgotten)
{
  for (size_t w = 0; w < WIRES; w++) {
    struct board b = board_draw(10, 0.5, 1e-4, 0.1);
    struct answer a, want;
    qn_crossbar *xb;

    board_set_wires(&b, wires[w][0], wires[w][1]);
    xb = board_start(&b);
    board_solve_on(xb, &b, &a);
    cr_expect_eq(qn_crossbar_solve(xb, b.feed, b.end, broken, &b, a.v, a.i),
                 QN_ENOCONV);
    board_solve_on(xb, &b, &a);
    want = board_solve(&b);
    for (size_t k = 0; k < b.devices; k++)
      cr_expect_eq(a.v[k], want.v[k]);
    qn_crossbar_free(xb);
  }
}

/* 1 A through 4 ohm takes any voltage of the board to the other side of 0 */
static double jumps(void *arg, size_t k, double v, double *slope)
{
  (void)arg, (void)k;
  *slope = 0;
  return v > 0 ? 1 : -1;
}

Test(crossbar, a_law_without_a_solution_is_an_error)
{
  struct board b = one(0, 0, 0);
  qn_crossbar *xb;
  struct answer a;

  board_set_wires(&b, 2, 2);
  xb = board_start(&b);
  cr_expect_eq(qn_crossbar_solve(xb, b.feed, b.end, jumps, &b, a.v, a.i),
               QN_ENOCONV);
  qn_crossbar_free(xb);
}

static qn_status attempt(const struct board *b, size_t rows, double rail_ohm,
                         double membrane_ohm)
{
  qn_crossbar *xb = (qn_crossbar *)b;
  qn_status st = qn_crossbar_alloc(&xb, b->at, b->devices, rows, b->columns,
                                   rail_ohm, membrane_ohm);

  cr_expect_eq(st != QN_OK, xb == NULL);
  qn_crossbar_free(xb);
  return st;
}

Test(crossbar, crossings_and_resistances_are_checked)
{
  const double bad[] = {-1, NAN, INFINITY, -INFINITY, 1e-320};
  struct board b = board_draw(11, 1, 1e-4, 0);

  cr_expect_eq(attempt(&b, ROWS, 1, 1), QN_OK);
  cr_expect_eq(attempt(&b, ROWS - 1, 1, 1), QN_EINVAL);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cr_expect_eq(attempt(&b, ROWS, bad[i], 1), QN_EINVAL);
    cr_expect_eq(attempt(&b, ROWS, 1, bad[i]), QN_EINVAL);
  }
  b.at[5] = b.at[40];
  for (size_t w = 0; w < WIRES; w++)
    cr_expect_eq(attempt(&b, ROWS, wires[w][0], wires[w][1]), QN_EINVAL);
}

Test(crossbar, nothing_at_any_crossing_is_a_crossbar_too)
{
  struct board b = board_draw(12, 0, 1e-4, 0);

  board_set_wires(&b, 1, 1);
  board_solve(&b);
}

Test(crossbar, nothing_across_any_device_is_nothing_through_it)
{
  struct board b = board_draw(13, 0.7, 1e-4, 0.1);
  struct answer a;
  qn_crossbar *xb;

  board_set_wires(&b, 100, 100);
  xb = board_start(&b);
  board_solve_on(xb, &b, &a);
  for (size_t i = 0; i < ROWS; i++)
    b.feed[i] = 0.9;
  for (size_t j = 0; j < COLUMNS; j++)
    b.end[j] = 0.9;
  board_solve_on(xb, &b, &a);
  for (size_t k = 0; k < b.devices; k++)
    cr_expect_float_eq(a.i[k], 0, DBL_MIN);
  qn_crossbar_free(xb);
}
