/* test_crossbar.c - the wires of a crossbar against closed forms, Ohm's and
 * Kirchhoff's laws added up along every wire, and a dense solve in which every
 * crossing is a node. */
#include <criterion/criterion.h>
#include <float.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quench/random.h>

#include "sim/crossbar.h"

#define ROWS 12
#define COLUMNS 9
#define DEVICES (ROWS * COLUMNS)
#define ACCURACY 1e-13 /* of crossbar.h, of the largest gap */

/* A crossbar and what is across it. Device k carries
 * g[k] scale[k] sinh(v / scale[k]), or g[k] v where that scale is 0. */
struct board {
  size_t rows, columns, devices;
  double rail_ohm, membrane_ohm;
  qn_crossing at[DEVICES];
  double g[DEVICES], scale[DEVICES];
  double feed[ROWS], end[COLUMNS];
  size_t calls;
};

struct answer {
  double v[DEVICES], i[DEVICES];
};

static double current(void *arg, size_t k, double v, double *slope)
{
  struct board *b = arg;
  double s = b->scale[k];

  b->calls++;
  *slope = s > 0 ? b->g[k] * cosh(v / s) : b->g[k];
  return s > 0 ? b->g[k] * s * sinh(v / s) : b->g[k] * v;
}

static double slope_at(struct board *b, size_t k, double v)
{
  double slope;

  current(b, k, v, &slope);
  return slope;
}

static void set_ends(struct board *b, uint32_t seed)
{
  const qn_random r = {.seed = 7, .die = seed};

  for (size_t i = 0; i < b->rows; i++)
    b->feed[i] = 1.2 * qn_random_uniform(&r, i);
  for (size_t j = 0; j < b->columns; j++)
    b->end[j] = 0.4 + 0.4 * qn_random_uniform(&r, 100 + j);
}

/* conductances of g / 3 to 3 g on that part of the crossings, listed in an
 * order of their own */
static struct board draw(uint32_t seed, double part, double g, double scale)
{
  const qn_random r = {.seed = 6, .die = seed};
  struct board b = {.rows = ROWS, .columns = COLUMNS};

  for (size_t x = 0; x < DEVICES; x++) {
    size_t crossing = 29 * x % DEVICES;

    if (qn_random_uniform(&r, 3 * x) >= part)
      continue;
    b.at[b.devices] = (qn_crossing){crossing / COLUMNS, crossing % COLUMNS};
    b.scale[b.devices] = scale * (1 + qn_random_uniform(&r, 3 * x + 1));
    b.g[b.devices++] = g * pow(9, qn_random_uniform(&r, 3 * x + 2) - 0.5);
  }
  set_ends(&b, seed);
  return b;
}

static void set_wires(struct board *b, double rail_ohm, double membrane_ohm)
{
  b->rail_ohm = rail_ohm;
  b->membrane_ohm = membrane_ohm;
}

static qn_crossbar *start(const struct board *b)
{
  qn_crossbar *xb;

  cr_assert_eq(qn_crossbar_alloc(&xb, b->at, b->devices, b->rows, b->columns,
                                 b->rail_ohm, b->membrane_ohm),
               QN_OK);
  return xb;
}

static void solve_on(qn_crossbar *xb, struct board *b, struct answer *a)
{
  cr_assert_eq(qn_crossbar_solve(xb, b->feed, b->end, current, b, a->v, a->i),
               QN_OK);
}

static struct answer solve(struct board *b)
{
  qn_crossbar *xb = start(b);
  struct answer a;

  solve_on(xb, b, &a);
  qn_crossbar_free(xb);
  return a;
}

static double gap(const struct board *b, size_t k)
{
  return b->feed[b->at[k].row] - b->end[b->at[k].column];
}

static double largest_gap(const struct board *b)
{
  double largest = 0;

  for (size_t k = 0; k < b->devices; k++)
    largest = fmax(largest, fabs(gap(b, k)));
  return largest;
}

/* two answers, each as accurate as `volts` */
static void expect_same(struct board *b, const struct answer *a,
                        const struct answer *want, double volts)
{
  for (size_t k = 0; k < b->devices; k++) {
    double s = slope_at(b, k, a->v[k]);

    cr_expect_float_eq(a->v[k], want->v[k], 2 * volts, "device %zu: %g V off",
                       k, a->v[k] - want->v[k]);
    cr_expect_float_eq(a->i[k], want->i[k],
                       2 * s * volts + 4 * DBL_EPSILON * fabs(want->i[k]),
                       "device %zu: %g A off", k, a->i[k] - want->i[k]);
  }
}

/* ---- Ohm and Kirchhoff along the wires ------------------------------------------- */

/* currents of the segments: that before column j in row i, that before row i in
 * column j */
struct wires {
  double row[ROWS][COLUMNS], column[ROWS][COLUMNS];
};

static struct wires add_up(const struct board *b, const struct answer *a)
{
  struct wires w = {0};

  for (size_t k = 0; k < b->devices; k++) {
    for (size_t j = 0; j <= b->at[k].column; j++)
      w.row[b->at[k].row][j] += a->i[k];
    for (size_t i = 0; i <= b->at[k].row; i++)
      w.column[i][b->at[k].column] += a->i[k];
  }
  return w;
}

/* The device's current, put through the wires, must leave its voltage. A
 * voltage that is wrong by e everywhere puts the drops wrong by at most e times
 * all wire a current can meet times all slopes. */
static void expect_laws_hold(struct board *b, const struct answer *a)
{
  double ohms =
    (double)b->columns * b->rail_ohm + (double)b->rows * b->membrane_ohm;
  struct wires w = add_up(b, a);
  double slopes = 0, tolerance;

  for (size_t k = 0; k < b->devices; k++)
    slopes += slope_at(b, k, a->v[k]);
  tolerance = ACCURACY * largest_gap(b) * (1 + ohms * slopes);
  for (size_t k = 0; k < b->devices; k++) {
    double v = gap(b, k), slope;

    for (size_t j = 0; j <= b->at[k].column; j++)
      v -= b->rail_ohm * w.row[b->at[k].row][j];
    for (size_t i = 0; i <= b->at[k].row; i++)
      v -= b->membrane_ohm * w.column[i][b->at[k].column];
    cr_expect_float_eq(a->v[k], v, tolerance, "device %zu: %g V off %g V", k,
                       a->v[k] - v, v);
    cr_expect_eq(a->i[k], current(b, k, a->v[k], &slope));
  }
}

/* ---- a dense solve --------------------------------------------------------------- */

/* Potentials of all crossings: rows' first, then columns'. Each equation is the
 * current that leaves its node, or that a wire without resistance is at its
 * end's potential. */
#define NODES ((size_t)(2 * DEVICES))

struct dense {
  gsl_matrix *m;
  gsl_vector *left, *x;
};

static void add_wire(struct dense *s, size_t node, const size_t *from,
                     double source, double ohm)
{
  double *x = s->x->data, *left = s->left->data;

  if (ohm == 0) {
    left[node] = x[node] - source;
    gsl_matrix_set(s->m, node, node, 1);
    return;
  }
  left[node] += (x[node] - (from ? x[*from] : source)) / ohm;
  *gsl_matrix_ptr(s->m, node, node) += 1 / ohm;
  if (!from)
    return;
  left[*from] -= (x[node] - x[*from]) / ohm;
  *gsl_matrix_ptr(s->m, node, *from) -= 1 / ohm;
  *gsl_matrix_ptr(s->m, *from, node) -= 1 / ohm;
  *gsl_matrix_ptr(s->m, *from, *from) += 1 / ohm;
}

static void add_device(struct dense *s, struct board *b, size_t k)
{
  size_t node[2] = {b->at[k].row * COLUMNS + b->at[k].column, 0};
  double ohm[2] = {b->rail_ohm, b->membrane_ohm}, slope, i;

  node[1] = DEVICES + node[0];
  i = current(b, k, s->x->data[node[0]] - s->x->data[node[1]], &slope);
  for (size_t p = 0; p < 2; p++) {
    if (ohm[p] == 0)
      continue;
    s->left->data[node[p]] += p ? -i : i;
    *gsl_matrix_ptr(s->m, node[p], node[p]) += slope;
    *gsl_matrix_ptr(s->m, node[p], node[!p]) -= slope;
  }
}

static double write_equations(struct dense *s, struct board *b)
{
  gsl_matrix_set_zero(s->m);
  gsl_vector_set_zero(s->left);
  for (size_t x = 0; x < DEVICES; x++) {
    size_t i = x / COLUMNS, j = x % COLUMNS, row = x, column = DEVICES + x;
    size_t left = row - 1, above = column - COLUMNS;

    add_wire(s, row, j ? &left : NULL, b->feed[i], b->rail_ohm);
    add_wire(s, column, i ? &above : NULL, b->end[j], b->membrane_ohm);
  }
  for (size_t k = 0; k < b->devices; k++)
    add_device(s, b, k);
  return gsl_blas_dnrm2(s->left);
}

/* Newton's steps, halved while they raise the residual; the last four without
 * that, to refine */
static void iterate(struct dense *s, struct board *b)
{
  gsl_vector *step = gsl_vector_alloc(NODES);
  gsl_permutation *p = gsl_permutation_alloc(NODES);
  int sign;

  for (int n = 0; n < 64; n++) {
    double before = write_equations(s, b);

    gsl_linalg_LU_decomp(s->m, p, &sign);
    gsl_linalg_LU_solve(s->m, p, s->left, step);
    gsl_blas_daxpy(-1, step, s->x);
    for (int h = 0; n < 60 && h < 30 && !(write_equations(s, b) < before);
         h++) {
      gsl_vector_scale(step, 0.5);
      gsl_blas_daxpy(1, step, s->x);
    }
    if (n < 60 && gsl_blas_dnrm2(step) < 1e-10)
      n = 60;
  }
  gsl_vector_free(step);
  gsl_permutation_free(p);
}

static struct answer solve_densely(struct board *b)
{
  struct dense s = {gsl_matrix_alloc(NODES, NODES), gsl_vector_alloc(NODES),
                    gsl_vector_alloc(NODES)};
  struct answer a;
  double slope;

  for (size_t x = 0; x < DEVICES; x++) {
    s.x->data[x] = b->feed[x / COLUMNS];
    s.x->data[DEVICES + x] = b->end[x % COLUMNS];
  }
  iterate(&s, b);
  for (size_t k = 0; k < b->devices; k++) {
    size_t node = b->at[k].row * COLUMNS + b->at[k].column;

    a.v[k] = s.x->data[node] - s.x->data[DEVICES + node];
    a.i[k] = current(b, k, a.v[k], &slope);
  }
  gsl_matrix_free(s.m);
  gsl_vector_free(s.left);
  gsl_vector_free(s.x);
  return a;
}

/* The dense solve keeps potentials of 1 V themselves, so a residual is wrong by
 * that rounded times a segment's conductance, at each node; the wires that this
 * current meets to an end turn it into a potential. */
static double dense_accuracy(const struct board *b)
{
  double ohms = (ROWS * b->membrane_ohm + COLUMNS * b->rail_ohm);
  double siemens = (b->rail_ohm > 0 ? 1 / b->rail_ohm : 0) +
                   (b->membrane_ohm > 0 ? 1 / b->membrane_ohm : 0);

  return 2 * DBL_EPSILON * siemens * ohms * (ROWS + COLUMNS);
}

static void expect_dense(struct board *b)
{
  struct answer a = solve(b), want = solve_densely(b);

  expect_laws_hold(b, &a);
  expect_same(b, &a, &want, ACCURACY * largest_gap(b) + dense_accuracy(b));
}

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
      struct board b = draw(seed, parts[seed], 1e-4, 0);

      set_wires(&b, wires[w][0], wires[w][1]);
      expect_dense(&b);
    }
}

Test(crossbar, sinh_devices_match_a_dense_newton_iteration)
{
  const double parts[] = {1, 0.4}, scales[] = {0.3, 0.06};

  for (uint32_t seed = 0; seed < 2; seed++)
    for (size_t w = 0; w < WIRES; w++) {
      struct board b = draw(seed, parts[seed], 1e-5, scales[seed]);

      set_wires(&b, wires[w][0], wires[w][1]);
      expect_dense(&b);
    }
}

/* Under the gap the least steep carry 1e9 times what they do near 0 V, and the
 * steepest more than a double holds: too much for the dense iteration. */
Test(crossbar, steep_devices_obey_ohm_and_kirchhoff_from_any_start)
{
  const double scales[] = {0.02, 0.001, 0.0005};

  for (uint32_t seed = 0; seed < 3; seed++)
    for (size_t w = 0; w < WIRES; w++) {
      struct board b = draw(seed, 0.7, 1e-5, scales[seed]);
      struct answer a;
      qn_crossbar *xb;

      set_wires(&b, wires[w][0], wires[w][1]);
      if (b.rail_ohm + b.membrane_ohm == 0)
        continue;
      xb = start(&b);
      for (uint32_t jump = 0; jump < 3; jump++) {
        set_ends(&b, 10 * seed + jump);
        solve_on(xb, &b, &a);
        expect_laws_hold(&b, &a);
      }
      qn_crossbar_free(xb);
    }
}

static struct board one(size_t row, size_t column, double g)
{
  struct board b = {.rows = ROWS, .columns = COLUMNS, .devices = 1};

  b.at[0] = (qn_crossing){row, column};
  b.g[0] = g;
  set_ends(&b, 1);
  return b;
}

Test(crossbar, one_device_is_in_series_with_its_wires)
{
  for (size_t x = 0; x < DEVICES; x += 7) {
    size_t row = x / COLUMNS, column = x % COLUMNS;
    struct board b = one(row, column, 2e-3);
    double ohms = 30.0 * (double)(column + 1) + 70.0 * (double)(row + 1);
    struct answer a;

    set_wires(&b, 30, 70);
    a = solve(&b);
    cr_expect_float_eq(a.i[0], gap(&b, 0) * b.g[0] / (1 + b.g[0] * ohms),
                       ACCURACY * fabs(gap(&b, 0)) * b.g[0]);
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
      set_wires(&b, on_column ? 0 : ohm, on_column ? ohm : 0);
      a = solve(&b);
      for (size_t k = 0; k < n; k++)
        cr_expect_float_eq(a.v[k], ladder(n, k, 1e-3 * ohm), ACCURACY);
    }
}

/* Every current is right to the accuracy times its slope and what it meets. */
Test(crossbar, feeds_deliver_what_devices_and_wires_burn)
{
  for (uint32_t seed = 0; seed < 4; seed++) {
    struct board b = draw(seed, 0.6, 1e-3, 0.2);
    double delivered = 0, burnt = 0, slopes = 0;
    struct answer a;
    struct wires w;

    set_wires(&b, 10, 4);
    a = solve(&b);
    w = add_up(&b, &a);
    for (size_t k = 0; k < b.devices; k++) {
      delivered += gap(&b, k) * a.i[k];
      burnt += a.v[k] * a.i[k];
      slopes += slope_at(&b, k, a.v[k]);
    }
    for (size_t x = 0; x < DEVICES; x++)
      burnt += b.rail_ohm * pow(w.row[x / COLUMNS][x % COLUMNS], 2) +
               b.membrane_ohm * pow(w.column[x / COLUMNS][x % COLUMNS], 2);
    cr_expect_float_eq(delivered, burnt,
                       ACCURACY * pow(largest_gap(&b), 2) * slopes);
    cr_expect(delivered > 0);
  }
}

Test(crossbar, wires_without_resistance_leave_the_gap)
{
  struct board b = draw(3, 0.5, 1e-4, 0.1);
  struct answer a = solve(&b);

  for (size_t k = 0; k < b.devices; k++)
    cr_expect_eq(a.v[k], gap(&b, k));
}

/* a wire's resistance against none: drops of at most that times all current */
Test(crossbar, small_resistances_come_to_none)
{
  struct board b = draw(4, 0.5, 1e-4, 0.3), none = b;
  double total = 0;
  struct answer a, want;

  set_wires(&none, 0, 25);
  set_wires(&b, 1e-9, 25);
  a = solve(&b);
  want = solve(&none);
  for (size_t k = 0; k < b.devices; k++)
    total += fabs(want.i[k]);
  expect_same(&b, &a, &want,
              ACCURACY * largest_gap(&b) + COLUMNS * b.rail_ohm * total);
}

/* ---- gates ----------------------------------------------------------------------- */

Test(crossbar, a_shut_gate_is_no_device)
{
  struct board b = draw(5, 0.8, 1e-3, 0.2), fewer;
  struct answer a, want, rest;

  set_wires(&b, 50, 80);
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
  a = solve(&b);
  want = solve(&fewer);
  expect_laws_hold(&b, &a);
  for (size_t k = 0, n = 0; k < b.devices; k++)
    if (k % 3)
      rest.v[n] = a.v[k], rest.i[n++] = a.i[k];
  expect_same(&fewer, &rest, &want, ACCURACY * largest_gap(&b));
}

Test(crossbar, shut_gates_alone_have_the_gap_across)
{
  struct board b = draw(6, 0.8, 0, 0);
  struct answer a;

  set_wires(&b, 50, 80);
  a = solve(&b);
  for (size_t k = 0; k < b.devices; k++) {
    cr_expect_eq(a.v[k], gap(&b, k));
    cr_expect_eq(a.i[k], 0);
  }
}

Test(crossbar, gates_that_open_step_by_step_agree_with_cold_starts)
{
  for (size_t w = 0; w < WIRES; w++) {
    struct board b = draw(7, 0.7, 1e-4, 0.15), now = b;
    struct answer a, want;
    qn_crossbar *xb;

    set_wires(&now, wires[w][0], wires[w][1]);
    xb = start(&now);
    for (int step = 0; step <= 100; step++) {
      for (size_t k = 0; k < b.devices; k++)
        now.g[k] = b.g[k] * pow(sin(0.5 * acos(-1) * step / 100), 2);
      for (size_t j = 0; j < COLUMNS; j++)
        now.end[j] = b.end[j] + 1e-3 * step;
      solve_on(xb, &now, &a);
      want = solve(&now);
      expect_same(&now, &a, &want, ACCURACY * largest_gap(&now));
    }
    expect_laws_hold(&now, &a);
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

  set_wires(&b, 1e6, 1e6);
  xb = start(&b);
  solve_on(xb, &b, &a);
  b.g[1] = 0;
  solve_on(xb, &b, &a);
  cr_expect_float_eq(a.v[1], gap(&b, 1), ACCURACY * largest_gap(&b));
  qn_crossbar_free(xb);
}

/* ---- starts and ends ------------------------------------------------------------- */

/* Newton's first step solves a linear system, and the second finds it solved:
 * three looks at every device */
Test(crossbar, ohmic_devices_need_no_new_factors)
{
  struct board b = draw(8, 0.9, 1e-4, 0);
  struct answer a;
  qn_crossbar *xb;

  set_wires(&b, 5, 5);
  xb = start(&b);
  for (uint32_t seed = 0; seed < 20; seed++) {
    set_ends(&b, seed);
    b.calls = 0;
    solve_on(xb, &b, &a);
    cr_expect_leq(b.calls, 3 * b.devices);
  }
  qn_crossbar_free(xb);
}

/* the ends moved 20 times, under one crossbar */
static struct answer run_on(qn_crossbar *xb, struct board *b, uint32_t seed)
{
  struct answer a;

  for (uint32_t n = 0; n < 20; n++) {
    set_ends(b, seed + n);
    solve_on(xb, b, &a);
  }
  return a;
}

Test(crossbar, what_is_forgotten_leaves_no_trace_in_any_bit)
{
  struct board b = draw(9, 0.5, 1e-4, 0.1);
  qn_crossbar *xb, *fresh;
  struct answer a, want;

  set_wires(&b, 300, 200);
  xb = start(&b);
  fresh = start(&b);
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
  double i = current(arg, k, v, slope);

  return k == 3 ? (double)NAN : i;
}

Test(crossbar, a_law_that_is_not_finite_is_an_error_and_soon_forgotten)
{
  for (size_t w = 0; w < WIRES; w++) {
    struct board b = draw(10, 0.5, 1e-4, 0.1);
    struct answer a, want;
    qn_crossbar *xb;

    set_wires(&b, wires[w][0], wires[w][1]);
    xb = start(&b);
    solve_on(xb, &b, &a);
    cr_expect_eq(qn_crossbar_solve(xb, b.feed, b.end, broken, &b, a.v, a.i),
                 QN_ENOCONV);
    solve_on(xb, &b, &a);
    want = solve(&b);
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

  set_wires(&b, 2, 2);
  xb = start(&b);
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
  struct board b = draw(11, 1, 1e-4, 0);

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
  struct board b = draw(12, 0, 1e-4, 0);

  set_wires(&b, 1, 1);
  solve(&b);
}

Test(crossbar, nothing_across_any_device_is_nothing_through_it)
{
  struct board b = draw(13, 0.7, 1e-4, 0.1);
  struct answer a;
  qn_crossbar *xb;

  set_wires(&b, 100, 100);
  xb = start(&b);
  solve_on(xb, &b, &a);
  for (size_t i = 0; i < ROWS; i++)
    b.feed[i] = 0.9;
  for (size_t j = 0; j < COLUMNS; j++)
    b.end[j] = 0.9;
  solve_on(xb, &b, &a);
  for (size_t k = 0; k < b.devices; k++)
    cr_expect_float_eq(a.i[k], 0, DBL_MIN);
  qn_crossbar_free(xb);
}
