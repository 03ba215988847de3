/* board.c - crossbars drawn at random, and what must hold on them. */
#include "tests/sim/board.h"

#include <criterion/criterion.h>
#include <float.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quench/random.h>

double board_current(void *arg, size_t k, double v, double *slope)
{
  struct board *b = arg;
  double s = b->scale[k];

  b->calls++;
  *slope = s > 0 ? b->g[k] * cosh(v / s) : b->g[k];
  return s > 0 ? b->g[k] * s * sinh(v / s) : b->g[k] * v;
}

double board_slope_at(struct board *b, size_t k, double v)
{
  double slope;

  board_current(b, k, v, &slope);
  return slope;
}

void board_set_ends(struct board *b, uint32_t seed)
{
  const qn_random r = {.seed = 7, .die = seed};

  for (size_t i = 0; i < b->rows; i++)
    b->feed[i] = 1.2 * qn_random_uniform(&r, i);
  for (size_t j = 0; j < b->columns; j++)
    b->end[j] = 0.4 + 0.4 * qn_random_uniform(&r, 100 + j);
}

/* conductances of g / 3 to 3 g on that part of the crossings, listed in an
 * order of their own */
struct board board_draw(uint32_t seed, double part, double g, double scale)
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
  board_set_ends(&b, seed);
  return b;
}

void board_set_wires(struct board *b, double rail_ohm, double membrane_ohm)
{
  b->rail_ohm = rail_ohm;
  b->membrane_ohm = membrane_ohm;
}

qn_crossbar *board_start(const struct board *b)
{
  qn_crossbar *xb;

  cr_assert_eq(qn_crossbar_alloc(&xb, b->at, b->devices, b->rows, b->columns,
                                 b->rail_ohm, b->membrane_ohm),
               QN_OK);
  return xb;
}

void board_solve_on(qn_crossbar *xb, struct board *b, struct answer *a)
{
  cr_assert_eq(
    qn_crossbar_solve(xb, b->feed, b->end, board_current, b, a->v, a->i),
    QN_OK);
}

struct answer board_solve(struct board *b)
{
  qn_crossbar *xb = board_start(b);
  struct answer a;

  board_solve_on(xb, b, &a);
  qn_crossbar_free(xb);
  return a;
}

double board_gap(const struct board *b, size_t k)
{
  return b->feed[b->at[k].row] - b->end[b->at[k].column];
}

double board_largest_gap(const struct board *b)
{
  double largest = 0;

  for (size_t k = 0; k < b->devices; k++)
    largest = fmax(largest, fabs(board_gap(b, k)));
  return largest;
}

/* two answers, each as accurate as `volts` */
void board_expect_same(struct board *b, const struct answer *a,
                       const struct answer *want, double volts)
{
  for (size_t k = 0; k < b->devices; k++) {
    double s = board_slope_at(b, k, a->v[k]);

    cr_expect_float_eq(a->v[k], want->v[k], 2 * volts, "device %zu: %g V off",
                       k, a->v[k] - want->v[k]);
    cr_expect_float_eq(a->i[k], want->i[k],
                       2 * s * volts + 4 * DBL_EPSILON * fabs(want->i[k]),
                       "device %zu: %g A off", k, a->i[k] - want->i[k]);
  }
}

/* ---- Ohm and Kirchhoff along the wires ------------------------------------------- */

struct wires board_add_up(const struct board *b, const struct answer *a)
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
void board_expect_laws_hold(struct board *b, const struct answer *a)
{
  double ohms =
    (double)b->columns * b->rail_ohm + (double)b->rows * b->membrane_ohm;
  struct wires w = board_add_up(b, a);
  double slopes = 0, tolerance;

  for (size_t k = 0; k < b->devices; k++)
    slopes += board_slope_at(b, k, a->v[k]);
  tolerance = ACCURACY * board_largest_gap(b) * (1 + ohms * slopes);
  for (size_t k = 0; k < b->devices; k++) {
    double v = board_gap(b, k), slope;

    for (size_t j = 0; j <= b->at[k].column; j++)
      v -= b->rail_ohm * w.row[b->at[k].row][j];
    for (size_t i = 0; i <= b->at[k].row; i++)
      v -= b->membrane_ohm * w.column[i][b->at[k].column];
    cr_expect_float_eq(a->v[k], v, tolerance, "device %zu: %g V off %g V", k,
                       a->v[k] - v, v);
    cr_expect_eq(a->i[k], board_current(b, k, a->v[k], &slope));
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
  i = board_current(b, k, s->x->data[node[0]] - s->x->data[node[1]], &slope);
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

static struct answer board_solve_densely(struct board *b)
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
    a.i[k] = board_current(b, k, a.v[k], &slope);
  }
  gsl_matrix_free(s.m);
  gsl_vector_free(s.left);
  gsl_vector_free(s.x);
  return a;
}

/* The dense solve keeps potentials of 1 V themselves, so a residual is wrong by
 * that rounded times a segment's conductance, at each node; the wires that this
 * current meets to an end turn it into a potential. */
static double board_dense_accuracy(const struct board *b)
{
  double ohms = (ROWS * b->membrane_ohm + COLUMNS * b->rail_ohm);
  double siemens = (b->rail_ohm > 0 ? 1 / b->rail_ohm : 0) +
                   (b->membrane_ohm > 0 ? 1 / b->membrane_ohm : 0);

  return 2 * DBL_EPSILON * siemens * ohms * (ROWS + COLUMNS);
}

void board_expect_dense(struct board *b)
{
  struct answer a = board_solve(b), want = board_solve_densely(b);

  board_expect_laws_hold(b, &a);
  board_expect_same(b, &a, &want,
                    ACCURACY * board_largest_gap(b) + board_dense_accuracy(b));
}
