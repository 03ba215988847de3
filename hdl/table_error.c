/* table_error.c - the proved error of a table.
 *
 * In units of the base, 2^-guard of a result's. e, the difference of
 * interpolation and function, has the function's own f'' (linear) or f'''
 * (quadratic); so with d the distance of two points it stays, between these,
 * within
 *   linear      max |e| there + d^2 / 8 max |f''|
 *   quadratic   max |e| at three + |their second difference| / 8
 *                 + (2 d)^3 / (72 sqrt 3) max |f'''|
 * (de Boor, A practical guide to splines, 1978, chapter II), and rounding to a
 * result's word adds half a unit of that. */
#include "hdl/table_parts.h"

#include <math.h>

/* 1 / (72 sqrt 3) */
static const long double cubic_rest = 0.008018753738744812L;
/* of long doubles of up to 2^42: far below it */
static const long double slack = 0x1p-18L;

/* where interval i begins: x of its first operand */
static double start_of(const qn_table *table, const struct qn_samples *samples,
                       size_t i)
{
  return (double)qn_table_argument(table, 0) + samples->width * (double)i;
}

static long double largest(long double a, long double b)
{
  return a > b ? a : b;
}

/* Interpolation less function at point j of interval i; the curve meets v, in
 * the mean qn_table_fraction_mean() less than u. */
static long double error_at(const qn_table *table,
                            const struct qn_samples *samples, size_t i,
                            size_t j)
{
  long double u = (long double)j / QN_TABLE_POINTS, mean = 0;
  long double s = (long double)table->slope[i];
  long double c = (long double)table->curve[i];

  if (table->order == 2)
    mean = qn_table_fraction_mean(table);
  return (long double)table->base[i] - qn_table_half(table) +
         u * (s + c * (u - mean)) -
         ldexpl(samples->at[QN_TABLE_POINTS * i + j], (int)table->guard);
}

/* of the function between two points, in units of the base */
static long double linear_rest(const qn_table *table,
                               const struct qn_samples *samples, size_t i)
{
  double low = start_of(table, samples, i);
  double d = samples->width / QN_TABLE_POINTS;
  double bend = table->spec.function->bend(low, low + samples->width);

  return ldexpl(d * d / 8 * bend * table->spec.one, (int)table->guard);
}

static long double linear_error(const qn_table *table,
                                const struct qn_samples *samples, size_t i)
{
  long double worst = 0;

  for (size_t j = 0; j <= QN_TABLE_POINTS; j++)
    worst = largest(worst, fabsl(error_at(table, samples, i, j)));
  return worst + linear_rest(table, samples, i);
}

/* Besides: t is rounded by at most 1/2, and v is at most
 * qn_table_fraction_mean() from u less that mean. */
static long double quadratic_error(const qn_table *table,
                                   const struct qn_samples *samples, size_t i)
{
  double low = start_of(table, samples, i);
  double d = samples->width / QN_TABLE_POINTS;
  double twist = table->spec.function->twist(low, low + samples->width);
  long double rest = cubic_rest * 8 * (long double)(d * d * d) * twist;
  long double lost =
    fabsl((long double)table->curve[i]) * qn_table_fraction_mean(table);
  long double worst = 0;

  for (size_t j = 0; j < QN_TABLE_POINTS; j += 2) {
    long double a = error_at(table, samples, i, j);
    long double b = error_at(table, samples, i, j + 1);
    long double c = error_at(table, samples, i, j + 2);

    worst = largest(worst, largest(fabsl(a), largest(fabsl(b), fabsl(c))) +
                             fabsl(a - 2 * b + c) / 8);
  }
  return worst + 0.5L + lost +
         ldexpl(rest * (long double)table->spec.one, (int)table->guard);
}

/* The least that a function can be between two points where it is f and g and
 * leaves the chord by at most `rest`, as a parabola does. */
static long double least_between(long double f, long double g, long double rest)
{
  if (fabsl(g - f) >= 4 * rest)
    return f < g ? f : g;
  return (f + g) / 2 - rest - (g - f) * (g - f) / (16 * rest);
}

/* How far interval i of the function leaves what a result can be, in units of
 * that. */
static long double interval_beyond(const qn_table *table,
                                   const struct qn_samples *samples, size_t i)
{
  const long double *f = samples->at + QN_TABLE_POINTS * i;
  int has_sign = table->spec.function->is_signed;
  long double most = ldexpl(1, (int)table->spec.width - (has_sign ? 1 : 0)) - 1;
  long double least = has_sign ? -most - 1 : 0, worst = 0;
  long double rest = ldexpl(linear_rest(table, samples, i), -(int)table->guard);

  for (size_t j = 0; j < QN_TABLE_POINTS; j++) {
    worst = largest(worst, least - least_between(f[j], f[j + 1], rest));
    worst = largest(worst, -least_between(-f[j], -f[j + 1], rest) - most);
  }
  return worst;
}

/* Clipping moves a result towards the function or, where that cannot be
 * reached, to the nearest word. */
double qn_table_proved_error(const qn_table *table,
                             const struct qn_samples *samples)
{
  long double worst = 0, beyond = 0;

  for (size_t i = 0; i < qn_table_entries(table); i++) {
    worst =
      largest(worst, table->order == 2 ? quadratic_error(table, samples, i)
                                       : linear_error(table, samples, i));
    beyond = largest(beyond, interval_beyond(table, samples, i));
  }
  worst = 0.5L + ldexpl(worst + slack, -(int)table->guard);
  return (double)(largest(worst, beyond) / (long double)table->spec.one);
}
