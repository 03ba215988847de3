/* test_table.c - tables against the C library in long doubles. */
#include <criterion/criterion.h>
#include <math.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hdl/table.h"
#include "tests/hdl/random_network.h"
#include "tests/hdl/table_spec.h"

static qn_table table_of(const qn_table_spec *spec)
{
  qn_table table;

  cr_assert_eq(qn_table_build(&table, spec), QN_OK, "%s of %u bits",
               spec->function->name, spec->width);
  cr_assert_leq(table.error, spec->error);
  return table;
}

static double worst_of_all(const qn_table *table)
{
  double worst = 0;

  for (uint64_t word = 0; word >> table->spec.operand == 0; word++)
    worst = fmax(worst, table_error_at(table, word));
  return worst;
}

/* ---- error --------------------------------------------------------------- */

/* every operand: within the bound, which is no more than twice the worst */
static void expect_bound(const qn_table_spec *spec)
{
  qn_table table = table_of(spec);
  double worst = worst_of_all(&table);

  cr_expect_leq(worst, table.error, "%s of %u bits: %g units of %g",
                spec->function->name, spec->width, worst * spec->one,
                table.error * spec->one);
  cr_expect_leq(table.error, 2 * worst, "%s of %u bits: %g units of %g",
                spec->function->name, spec->width, worst * spec->one,
                table.error * spec->one);
  qn_table_release(&table);
}

Test(table, is_the_function_within_the_proved_error_for_every_operand,
     .timeout = 300)
{
  static const unsigned width[] = {5, 8, 12, 16};

  for (size_t f = 0; qn_functions[f]; f++)
    for (size_t w = 0; w < 4; w++)
      for (unsigned order = 0; order < 4; order++) {
        qn_table_spec spec = table_spec(qn_functions[f], width[w], 0.75);

        spec.order = 1 + order / 2;
        spec.cut = (int)(order % 2);
        expect_bound(&spec);
      }
}

/* Where interpolation outweighs rounding the bound is close. */
Test(table, a_coarse_table_s_bound_is_close_to_its_worst_error)
{
  for (size_t f = 0; qn_functions[f]; f++)
    for (unsigned order = 1; order <= 2; order++) {
      qn_table_spec spec = table_spec(qn_functions[f], 16, 30);
      double worst;
      qn_table table;

      spec.order = order;
      table = table_of(&spec);
      worst = worst_of_all(&table);
      cr_expect_leq(worst, table.error, "%s", spec.function->name);
      cr_expect_leq(table.error, 1.2 * worst, "%s, order %u: %g of %g",
                    spec.function->name, order, worst * spec.one,
                    table.error * spec.one);
      qn_table_release(&table);
    }
}

static void expect_bound_at_random(const qn_table_spec *spec)
{
  qn_table table = table_of(spec);
  double all = ldexp(1, (int)spec->operand), worst = 0;
  unsigned seed = 7;

  for (int k = 0; k < 200000; k++)
    worst =
      fmax(worst,
           table_error_at(&table, (uint64_t)random_between(&seed, 0, all - 1)));
  cr_expect_leq(worst, table.error, "%s of %u bits: %g units of %g",
                spec->function->name, spec->width, worst * spec->one,
                table.error * spec->one);
  cr_expect_leq(table.error, 2 * worst, "%s of %u bits: %g units of %g",
                spec->function->name, spec->width, worst * spec->one,
                table.error * spec->one);
  qn_table_release(&table);
}

/* At 32 bits 4096 entries are too few for some. */
Test(table, keeps_its_proved_error_at_24_and_32_bits, .timeout = 300)
{
  static const double units[] = {2, 4, 9, 3, 0.6, 13, 0.55};

  for (size_t f = 0; qn_functions[f]; f++) {
    qn_table_spec fine = table_spec(qn_functions[f], 24, 0.55);
    qn_table_spec finest = table_spec(qn_functions[f], 32, units[f]);

    expect_bound_at_random(&fine);
    expect_bound_at_random(&finest);
  }
}

/* What cannot be represented counts: 1 / 1 where 2^width stands for 1. */
Test(table, counts_what_a_word_cannot_reach)
{
  qn_table_spec spec = table_spec(&qn_function_reciprocal, 8, 1);
  qn_table table;

  spec.one = 256;
  spec.cut = 0;
  spec.error = 1.01 / 256;
  table = table_of(&spec);
  cr_expect_eq(qn_table_value(&table, 0), 255);
  cr_expect_geq(table.error, 1.0 / 256);
  cr_expect_leq(worst_of_all(&table), table.error);
  qn_table_release(&table);
}

/* |f''| and |f'''| from differences, in steps of 2^-12: these are off by
 * 2^-24 / 12 times a fourth derivative below 30, and rounding's 2^-64 2^36. */
static void expect_bounds(const qn_function *function, double low, double high)
{
  long double d = 0x1p-12L, far = 0;
  double bend = function->bend(low, high), twist = function->twist(low, high);
  double room = 1e-6;

  for (int k = 0; k <= 8; k++) {
    long double x = (long double)low + k * (long double)(high - low) / 8;
    long double a = function->value(x - d), b = function->value(x);
    long double c = function->value(x + d);

    far = (function->value(x + 2 * d) - 2 * c + 2 * a -
           function->value(x - 2 * d)) /
          (2 * d * d * d);
    cr_expect_leq((double)fabsl((a - 2 * b + c) / (d * d)), bend + room,
                  "%s'' at %Lg", function->name, x);
    cr_expect_leq((double)fabsl(far), twist + 10 * room, "%s''' at %Lg",
                  function->name, x);
  }
}

Test(table, the_bounds_of_second_and_third_derivatives_hold)
{
  unsigned seed = 3;

  for (size_t f = 0; qn_functions[f]; f++)
    for (int k = 0; k < 2000; k++) {
      double end = qn_functions[f]->from == 1 ? 1 : 16;
      double low = qn_functions[f]->from + random_between(&seed, 0, end);

      expect_bounds(qn_functions[f], low,
                    low + ldexp(end, -(int)random_between(&seed, 1, 10)));
    }
}

Test(table, beyond_its_range_a_function_is_its_limit)
{
  for (size_t f = 0; qn_functions[f]; f++)
    for (int bits = 5; bits <= 32; bits++) {
      const qn_function *function = qn_functions[f];
      double error = ldexp(0.5, -bits);
      int range = qn_function_range(function, error);

      if (isnan(function->limit)) {
        cr_expect_eq(range, 0);
        continue;
      }
      for (double x = ldexp(1, range); x < 64; x += 0.125)
        cr_expect_leq(fabs((double)function->value(x) - function->limit),
                      error * (1 + 1e-12), "%s at %g", function->name, x);
    }
  /* which is 0.269 from it at 1, and more a little later */
  cr_expect_eq(qn_function_range(&qn_function_silu_remainder, 0.27), 1);
}

/* ---- shape --------------------------------------------------------------- */

/* how far a result is below one before it, in words, where f rises, or above
 * it where it falls */
static int64_t longest_fall(const qn_table *table)
{
  const qn_function *f = table->spec.function;
  int falls = f->value(2) < f->value(1);
  int64_t most = INT64_MIN, fall = 0;

  for (uint64_t word = 0; word >> table->spec.operand == 0; word++) {
    int64_t y = qn_table_value(table, word);

    y = falls ? -y : y;
    fall = most > y && most - y > fall ? most - y : fall;
    most = y > most ? y : most;
  }
  return fall;
}

Test(table, linear_is_monotonic_and_quadratic_within_one_word)
{
  for (size_t f = 0; qn_functions[f]; f++)
    for (unsigned width = 8; width <= 16; width += 4)
      for (unsigned order = 1; order <= 2; order++) {
        qn_table_spec spec = table_spec(qn_functions[f], width, 0.75);
        qn_table table;

        if (spec.function->is_signed)
          continue; /* turns */
        spec.order = order;
        table = table_of(&spec);
        cr_expect_leq(longest_fall(&table), (int64_t)order - 1,
                      "%s of %u bits, order %u", spec.function->name, width,
                      order);
        qn_table_release(&table);
      }
}

Test(table, is_linear_up_to_1024_entries_and_quadratic_beyond)
{
  qn_table_spec spec = table_spec(&qn_function_logistic, 15, 1.5);
  qn_table coarse = table_of(&spec), fine, linear;

  /* half of what it has within half a unit less */
  cr_expect_eq(coarse.order, 1);
  cr_expect_eq(qn_table_entries(&coarse), 256);
  spec.error *= 2.0 / 3;
  fine = table_of(&spec);
  cr_expect_eq(fine.order, 1);
  cr_expect_eq(qn_table_entries(&fine), 512);
  qn_table_release(&fine);

  spec = table_spec(&qn_function_logistic, 18, 0.75);
  fine = table_of(&spec);
  spec.order = 1;
  linear = table_of(&spec);
  cr_expect_eq(fine.order, 2);
  cr_expect_eq(qn_table_entries(&fine), 256);
  cr_expect_eq(qn_table_entries(&linear), 2048);
  qn_table_release(&coarse);
  qn_table_release(&fine);
  qn_table_release(&linear);
}

/* ---- what is refused ----------------------------------------------------- */

Test(table, says_when_no_table_is_good_enough)
{
  qn_table_spec spec = table_spec(&qn_function_tanh, 32, 0.5);
  qn_table table;

  cr_expect_eq(qn_table_build(&table, &spec), QN_EUNSUPPORTED);
  cr_expect_null(table.base);
  spec = table_spec(&qn_function_tanh, 24, 1);
  spec.order = 1;
  cr_expect_eq(qn_table_build(&table, &spec), QN_EUNSUPPORTED);
  spec.order = 3;
  cr_expect_eq(qn_table_build(&table, &spec), QN_EINVAL);
}

/* ---- the memory ---------------------------------------------------------- */

static int64_t extend(uint64_t x, unsigned bits)
{
  return (int64_t)(x << (64 - bits)) >> (64 - bits);
}

/* bits [from, from + bits) of a packed word, with a sign */
static int64_t field(const uint64_t packed[2], unsigned from, unsigned bits)
{
  uint64_t x = from >= 64 ? packed[1] >> (from - 64) : packed[0] >> from;

  if (from > 0 && from < 64)
    x |= packed[1] << (64 - from);
  return extend(x, bits);
}

Test(table, packs_words_that_unpack)
{
  qn_table_spec spec = table_spec(&qn_function_gelu_remainder, 28, 0.75);
  qn_table table = table_of(&spec);
  uint64_t packed[2], read[2];
  char hex[33];

  cr_assert_gt(qn_table_word_width(&table), 64);
  for (size_t i = 0; i < qn_table_entries(&table); i++) {
    unsigned curve = table.curve_width, slope = curve + table.slope_width;

    qn_table_word(&table, i, packed);
    cr_assert_eq(field(packed, 0, curve), table.curve[i]);
    cr_assert_eq(field(packed, curve, table.slope_width), table.slope[i]);
    cr_assert_eq(field(packed, slope, table.base_width), table.base[i]);
    qn_table_hex(&table, i, hex);
    cr_assert_eq(strlen(hex), (qn_table_word_width(&table) + 3) / 4);
    sscanf(hex + strlen(hex) - 16, "%16" SCNx64, &read[0]);
    hex[strlen(hex) - 16] = 0;
    sscanf(hex, "%" SCNx64, &read[1]);
    cr_assert(read[0] == packed[0] && read[1] == packed[1], "entry %zu", i);
  }
  qn_table_release(&table);
}
