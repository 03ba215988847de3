/* test_table_verilog.c - qn_table.v in Verilator against qn_table_value(). */
#include <criterion/criterion.h>

#include "tests/base/scratch.h"
#include "tests/hdl/random_network.h"
#include "tests/hdl/table_spec.h"
#include "tests/hdl/table_verilator.h"

TestSuite(table_verilog, .init = scratch_open, .fini = scratch_close);

static qn_table table_of(const qn_table_spec *spec)
{
  qn_table table;

  cr_assert_eq(qn_table_build(&table, spec), QN_OK, "%s of %u bits",
               spec->function->name, spec->width);
  cr_assert_leq(table.error, spec->error);
  return table;
}

/* linear and quadratic, rising, falling and with a sign */
static size_t add_tables(qn_table *table, unsigned width)
{
  qn_table_spec spec = table_spec(&qn_function_logistic, width, 1);
  size_t n = 0;

  table[n++] = table_of(&spec);
  spec.order = 2;
  table[n++] = table_of(&spec);
  spec = table_spec(&qn_function_reciprocal, width, 1);
  table[n++] = table_of(&spec);
  spec = table_spec(&qn_function_gelu_remainder, width, 0.75);
  spec.order = 1 + width / 4 % 2;
  table[n++] = table_of(&spec);
  return n;
}

/* any word that fits, the extremes often */
static int64_t any_word(unsigned *seed, unsigned bits, int is_signed)
{
  int64_t least = is_signed ? -((int64_t)1 << (bits - 1)) : 0;
  int64_t most = least + ((int64_t)1 << bits) - 1;
  double x = random_between(seed, 0, 3);

  return x < 1   ? least
         : x < 2 ? most
                 : (int64_t)random_between(seed, (double)least, (double)most);
}

/* A table whose memory holds anything: sums leave the result on both sides. */
static qn_table hostile_table(const qn_function *function, unsigned width,
                              unsigned order, unsigned *seed)
{
  qn_table_spec spec = table_spec(function, width, 200);
  qn_table table;

  spec.operand = 14;
  spec.order = order;
  table = table_of(&spec);
  table.slope_width = width;
  for (size_t i = 0; i < qn_table_entries(&table); i++) {
    table.base[i] = any_word(seed, table.base_width, function->is_signed);
    table.slope[i] = any_word(seed, table.slope_width, 1);
    if (order == 2)
      table.curve[i] = any_word(seed, table.curve_width, 1);
  }
  return table;
}

static size_t add_hostile(qn_table *table, unsigned width, unsigned *seed)
{
  size_t n = 0;

  for (unsigned order = 1; order <= 2; order++) {
    table[n++] = hostile_table(&qn_function_tanh, width, order, seed);
    table[n++] = hostile_table(&qn_function_silu_remainder, width, order, seed);
  }
  return n;
}

Test(table_verilog, gives_the_same_bits_for_every_operand_and_any_memory,
     .timeout = 300)
{
  qn_diag diag = {.message = ""};
  qn_table table[24];
  unsigned seed = 11;
  size_t n = 0;
  long failures;

  for (unsigned width = 8; width <= 16; width += 4)
    n += add_tables(table + n, width);
  for (unsigned width = 8; width <= 24; width += 8)
    n += add_hostile(table + n, width, &seed);
  cr_assert_eq(n, 24);
  failures =
    table_verilog_differences(table, n, scratch_path("verilator"), &diag);
  cr_expect_eq(failures, 0, "%ld: %s", failures, diag.message);
  for (size_t k = 0; k < n; k++)
    qn_table_release(&table[k]);
}
