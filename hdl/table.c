/* table.c - a table read as qn_table.v reads it, and written for its memory. */
#include "hdl/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void qn_table_release(qn_table *table)
{
  free(table->base);
  free(table->slope);
  free(table->curve);
  *table = (qn_table){0};
}

size_t qn_table_entries(const qn_table *table)
{
  return (size_t)1 << table->bits;
}

unsigned qn_table_latency(const qn_table *table)
{
  return table->order == 2 ? 5 : 3;
}

/* ---- a result ------------------------------------------------------------ */

static int64_t clip(const qn_table *table, int64_t x)
{
  int has_sign = table->spec.function->is_signed;
  int64_t high = ((int64_t)1 << (table->spec.width - (has_sign ? 1 : 0))) - 1;
  int64_t low = has_sign ? -high - 1 : 0;

  return x < low ? low : x > high ? high : x;
}

int64_t qn_table_value(const qn_table *table, uint64_t word)
{
  unsigned fraction = table->spec.operand - table->bits;
  size_t i = (size_t)(word >> fraction);
  int64_t u = (int64_t)(word & (((uint64_t)1 << fraction) - 1));
  int64_t t = table->slope[i], v, bend;

  if (table->order == 2) {
    v = u >> (fraction - table->curve_fraction);
    bend = (v * table->curve[i]) >> (table->curve_fraction - 1);
    t = (2 * t + 1 + bend) >> 1;
  }
  return clip(table, (table->base[i] + ((u * t) >> fraction)) >> table->guard);
}

long double qn_table_argument(const qn_table *table, uint64_t word)
{
  const qn_table_spec *spec = &table->spec;
  long double steps = (long double)word + (spec->cut ? 0.5L : 0);

  return (long double)spec->function->from +
         ldexpl(steps, spec->range - (int)spec->operand);
}

/* ---- the memory ---------------------------------------------------------- */

static unsigned curve_bits(const qn_table *table)
{
  return table->order == 2 ? table->curve_width : 0;
}

unsigned qn_table_word_width(const qn_table *table)
{
  return table->base_width + table->slope_width + curve_bits(table);
}

/* packed = packed 2^bits + the low bits of x; bits is below 64 */
static void append(uint64_t packed[2], int64_t x, unsigned bits)
{
  if (bits == 0)
    return;
  packed[1] = packed[1] << bits | packed[0] >> (64 - bits);
  packed[0] = packed[0] << bits | ((uint64_t)x & (((uint64_t)1 << bits) - 1));
}

void qn_table_word(const qn_table *table, size_t i, uint64_t packed[2])
{
  packed[0] = packed[1] = 0;
  append(packed, table->base[i], table->base_width);
  append(packed, table->slope[i], table->slope_width);
  append(packed, table->curve[i], curve_bits(table));
}

const char *qn_table_hex(const qn_table *table, size_t i, char text[33])
{
  int digits = (int)(qn_table_word_width(table) + 3) / 4;
  uint64_t packed[2];

  qn_table_word(table, i, packed);
  if (digits > 16)
    snprintf(text, 33, "%0*" PRIx64 "%016" PRIx64, digits - 16, packed[1],
             packed[0]);
  else
    snprintf(text, 33, "%0*" PRIx64, digits, packed[0]);
  return text;
}
