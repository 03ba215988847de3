/* table_build.c - the smallest table of a function within an asked error.
 *
 * A function is taken at QN_TABLE_POINTS points of each interval, and of one
 * before and one after the range: nodes and coefficients come from these, and
 * so does the error (table_error.c). */
#include "hdl/table_parts.h"

#include <math.h>
#include <stdlib.h>

enum { LINEAR_BITS = 10, GUARD_MAX = 8, SUM_MAX = 62 };

static void free_samples(struct qn_samples *samples)
{
  free(samples->memory);
  *samples = (struct qn_samples){0};
}

static qn_status take_samples(struct qn_samples *samples, const qn_table *table)
{
  const qn_table_spec *spec = &table->spec;
  long count = (long)qn_table_entries(table) * QN_TABLE_POINTS;
  long double first = qn_table_argument(table, 0), step;

  samples->width = ldexp(1, spec->range - (int)table->bits);
  samples->memory =
    malloc((size_t)(count + 2 * QN_TABLE_POINTS + 1) * sizeof *samples->memory);
  if (!samples->memory)
    return QN_ENOMEM;
  samples->at = samples->memory + QN_TABLE_POINTS;
  step = (long double)samples->width / QN_TABLE_POINTS;
  for (long k = -QN_TABLE_POINTS; k <= count + QN_TABLE_POINTS; k++)
    samples->at[k] = (long double)spec->one *
                     spec->function->value(first + step * (long double)k);
  return QN_OK;
}

/* ---- words --------------------------------------------------------------- */

long double qn_table_half(const qn_table *table)
{
  return ldexpl(1, (int)table->guard - 1);
}

/* nearest base, the rounding constant included */
static int64_t base_of(const qn_table *table, long double x)
{
  int64_t base = llroundl(x + qn_table_half(table));

  return base < 0 && !table->spec.function->is_signed ? 0 : base;
}

/* A chord of a bent function is off by h^2/8 f'' in its middle; nodes moved by
 * half of that leave h^2/16 f'' on either side. h^2 f'' is the second
 * difference. */
static int64_t node(const qn_table *table, const struct qn_samples *samples,
                    size_t i)
{
  const long double *f = samples->at + QN_TABLE_POINTS * i;
  long double bend = f[-QN_TABLE_POINTS] - 2 * f[0] + f[QN_TABLE_POINTS];

  return base_of(table, ldexpl(f[0] - bend / 16, (int)table->guard));
}

static void fit_linear(qn_table *table, const struct qn_samples *samples)
{
  int64_t next = node(table, samples, 0);

  for (size_t i = 0; i < qn_table_entries(table); i++) {
    table->base[i] = next;
    next = node(table, samples, i + 1);
    table->slope[i] = next - table->base[i];
  }
}

/* b + s u + c u^2 */
struct quadratic {
  long double b, s, c;
};

/* Through three points near Chebyshev's, 1/2 +- sqrt(3)/4. */
static struct quadratic interpolate(const qn_table *table,
                                    const struct qn_samples *samples, size_t i)
{
  const long double *f = samples->at + QN_TABLE_POINTS * i, d = 7.0L / 16;
  long double low = ldexpl(f[1], (int)table->guard);
  long double middle = ldexpl(f[QN_TABLE_POINTS / 2], (int)table->guard);
  long double high = ldexpl(f[QN_TABLE_POINTS - 1], (int)table->guard);
  long double c = (low - 2 * middle + high) / (2 * d * d);
  long double s = (high - low) / (2 * d);

  return (struct quadratic){middle - s / 2 + c / 4, s - c, c};
}

long double qn_table_fraction_mean(const qn_table *table)
{
  unsigned fraction = table->spec.operand - table->bits;

  return (ldexpl(1, -(int)table->curve_fraction) - ldexpl(1, -(int)fraction)) /
         2;
}

/* c u^2 is within c/8 of c u - c/8 for 0 <= u <= 1: what rounding takes from
 * the curve goes to slope and base, and what it takes from the slope to the
 * base. */
static void round_quadratic(qn_table *table, const struct qn_samples *samples,
                            size_t i)
{
  struct quadratic q = interpolate(table, samples, i);
  long double lost = q.c - (long double)table->curve[i];

  q.s += lost + (long double)table->curve[i] * qn_table_fraction_mean(table);
  q.b -= lost / 8;
  table->slope[i] = llroundl(q.s);
  q.b += (q.s - (long double)table->slope[i]) / 2;
  table->base[i] = base_of(table, q.b);
}

static unsigned bits_of(uint64_t x)
{
  unsigned bits = 0;

  for (; x; x >>= 1)
    bits++;
  return bits;
}

/* of signed words, at least 2 */
static unsigned width_of(const int64_t *word, size_t n)
{
  unsigned width = 1;

  for (size_t i = 0; i < n; i++) {
    unsigned bits = bits_of((uint64_t)(word[i] < 0 ? ~word[i] : word[i]));

    width = bits > width ? bits : width;
  }
  return width + 1;
}

static void fit_quadratic(qn_table *table, const struct qn_samples *samples)
{
  unsigned fraction = table->spec.operand - table->bits;
  size_t n = qn_table_entries(table);

  for (size_t i = 0; i < n; i++)
    table->curve[i] = llroundl(interpolate(table, samples, i).c);
  table->curve_width = width_of(table->curve, n);
  table->curve_fraction =
    fraction < table->curve_width ? fraction : table->curve_width;
  for (size_t i = 0; i < n; i++)
    round_quadratic(table, samples, i);
}

static void choose_widths(qn_table *table)
{
  size_t n = qn_table_entries(table);
  int has_sign = table->spec.function->is_signed;

  table->slope_width = width_of(table->slope, n);
  table->base_width = width_of(table->base, n);
  if (!has_sign && table->base_width > 2)
    table->base_width--;
}

/* ---- search -------------------------------------------------------------- */

/* base + u t, where t has one bit more than slope and curve */
static int sums_fit(const qn_table *table)
{
  unsigned t = table->slope_width, fraction = table->spec.operand - table->bits;

  if (table->order == 2 && table->curve_width > t)
    t = table->curve_width;
  return fraction + t + 2 <= SUM_MAX && table->base_width + 2 <= SUM_MAX;
}

/* 1 if this many guard bits keep the asked error */
static int fit(qn_table *table, const struct qn_samples *samples,
               unsigned guard)
{
  table->guard = guard;
  if (table->order == 2)
    fit_quadratic(table, samples);
  else
    fit_linear(table, samples);
  choose_widths(table);
  if (!sums_fit(table))
    return 0;
  table->error = qn_table_proved_error(table, samples);
  return table->error <= table->spec.error;
}

static qn_status alloc_words(qn_table *table)
{
  size_t n = qn_table_entries(table);

  table->base = calloc(n, sizeof *table->base);
  table->slope = calloc(n, sizeof *table->slope);
  table->curve = calloc(n, sizeof *table->curve);
  return table->base && table->slope && table->curve ? QN_OK : QN_ENOMEM;
}

/* One size: QN_EUNSUPPORTED if it is too small. */
static qn_status try_size(qn_table *table, const qn_table_spec *spec,
                          unsigned order, unsigned bits)
{
  struct qn_samples samples = {0};
  qn_status st;

  *table = (qn_table){.spec = *spec, .order = order, .bits = bits};
  st = alloc_words(table);
  if (!st)
    st = take_samples(&samples, table);
  if (!st && !fit(table, &samples, GUARD_MAX))
    st = QN_EUNSUPPORTED;
  for (unsigned guard = 1; !st && guard <= GUARD_MAX; guard++)
    if (fit(table, &samples, guard))
      break;
  free_samples(&samples);
  if (st)
    qn_table_release(table);
  return st;
}

static qn_status try_order(qn_table *table, const qn_table_spec *spec,
                           unsigned order, unsigned from, unsigned to)
{
  qn_status st = QN_EUNSUPPORTED;

  for (unsigned bits = from;
       bits <= to && bits + 2 <= spec->operand && st == QN_EUNSUPPORTED; bits++)
    st = try_size(table, spec, order, bits);
  return st;
}

static int is_valid(const qn_table_spec *spec)
{
  return spec->function && spec->operand >= 4 &&
         spec->operand <= QN_TABLE_OPERAND_MAX && spec->width >= 3 &&
         spec->width <= QN_TABLE_WIDTH_MAX && abs(spec->range) <= 16 &&
         spec->one > 0 && spec->one <= ldexp(1, (int)spec->width) &&
         spec->error > 0 && spec->order <= 2;
}

qn_status qn_table_build(qn_table *table, const qn_table_spec *spec)
{
  static const struct {
    unsigned order, from, to;
  } search[] = {{1, 1, LINEAR_BITS},
                {2, 1, QN_TABLE_BITS_MAX},
                {1, LINEAR_BITS + 1, QN_TABLE_BITS_MAX}};
  qn_status st = QN_EUNSUPPORTED;

  *table = (qn_table){0};
  if (!is_valid(spec))
    return QN_EINVAL;
  for (size_t k = 0; k < 3 && st == QN_EUNSUPPORTED; k++)
    if (spec->order == 0 || spec->order == search[k].order)
      st =
        try_order(table, spec, search[k].order, search[k].from, search[k].to);
  return st;
}
