/* table_spec.c - see table_spec.h. */
#include "tests/hdl/table_spec.h"

#include <math.h>

/* The largest power of two that the function's values need no more than the
 * width for; as all ones where it reaches 1 and no more. */
static double one_of(const qn_function *function, unsigned width)
{
  int bits = (int)width - function->is_signed;

  if (function == &qn_function_lecun_tanh)
    return ldexp(1, bits - 1);
  return function->is_signed ? ldexp(1, bits) : ldexp(1, bits) - 1;
}

qn_table_spec table_spec(const qn_function *function, unsigned width,
                         double units)
{
  double one = one_of(function, width);

  return (qn_table_spec){.function = function,
                         .operand = width + 2,
                         .range = qn_function_range(function, 0.5 / one),
                         .cut = 1,
                         .width = width,
                         .one = one,
                         .error = units / one};
}

double table_error_at(const qn_table *table, uint64_t word)
{
  long double want =
    table->spec.function->value(qn_table_argument(table, word));

  return (double)fabsl((long double)qn_table_value(table, word) /
                         (long double)table->spec.one -
                       want);
}
