/* gate_table.c - the logistic as a folded table with linear interpolation.
 *
 * Chords of a concave curve run below it by up to h^2/8 |s''|; raising the
 * nodes by half of that leaves an error of h^2/16 |s''| on either side
 * (reference/hdl.md 3.2). An argument's word stands for the middle of its step,
 * because qn_argument.v cuts instead of rounding. */
#include "hdl/quantise_parts.h"

#include <math.h>
#include <stdlib.h>

/* max |s''| and max |s'''| of the logistic */
static const double bend_max = 0.0962250448649376, twist_max = 0.125;

enum { GUARD = 2 };

static double logistic(double x)
{
  return 1.0 / (1.0 + exp(-x));
}

static double bend(double x)
{
  double s = logistic(x);

  return s * (1 - s) * fabs(2 * s - 1);
}

/* Error of the corrected chords of 2^bits intervals over [0, 2^range]. */
static double chord_error(unsigned bits, unsigned range)
{
  double h = ldexp(1.0, (int)range - (int)bits);

  return h * h / 16 * bend_max + h * h * h / 8 * twist_max;
}

static unsigned bits_of(uint32_t x)
{
  unsigned bits = 0;

  for (; x; x >>= 1)
    bits++;
  return bits;
}

int32_t qn_core_gate_one(const qn_core *core)
{
  return (int32_t)qn_format_max(core->gate);
}

/* Gates beyond +-2^range are closed or open to half a word. */
static void choose_size(qn_core *core)
{
  qn_gate_table *table = &core->table;
  double one = ldexp(1.0, 1 - (int)core->width);

  table->range = core->width <= 10 ? 3 : 4;
  table->guard = GUARD;
  table->bits = table->range;
  while (chord_error(table->bits, table->range) > one)
    table->bits++;
  core->gate = (qn_format){core->width, (int)core->width - 1, 1};
  core->argument =
    (qn_format){core->width + 2, (int)core->width + 1 - (int)table->range, 1};
}

/* Node i in units of the base, rounding constant included. */
static uint32_t node(const qn_core *core, size_t i)
{
  const qn_gate_table *table = &core->table;
  double h = ldexp(1.0, (int)table->range - (int)table->bits);
  double x = (double)i * h + ldexp(0.5, -core->argument.frac);
  double s = logistic(x) + h * h / 16 * bend(x);
  double unit = ldexp(qn_core_gate_one(core), (int)table->guard);

  return (uint32_t)lround(fmin(s, 1.0) * unit + ldexp(0.5, (int)table->guard));
}

qn_status qn_gate_table_build(qn_core *core)
{
  qn_gate_table *table = &core->table;
  size_t n;
  uint32_t slope_max = 0;

  choose_size(core);
  n = (size_t)1 << table->bits;
  table->base = calloc(n, sizeof *table->base);
  table->slope = calloc(n, sizeof *table->slope);
  if (!table->base || !table->slope)
    return QN_ENOMEM;
  for (size_t i = 0; i < n; i++) {
    uint32_t here = node(core, i), next = node(core, i + 1);

    table->base[i] = here;
    table->slope[i] = next > here ? next - here : 0;
    if (table->slope[i] > slope_max)
      slope_max = table->slope[i];
  }
  table->slope_width = bits_of(slope_max);
  /* chords, nodes rounded to 2^-guard of a word, the result rounded to one */
  table->error =
    chord_error(table->bits, table->range) +
    (0.5 + ldexp(0.5, -(int)table->guard)) / (double)qn_core_gate_one(core);
  return QN_OK;
}
