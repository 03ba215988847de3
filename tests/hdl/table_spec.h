/* table_spec.h - tables as a core would ask for them. */
#ifndef QN_TEST_TABLE_SPEC_H
#define QN_TEST_TABLE_SPEC_H

#include "hdl/table.h"

/* A result of `width` bits within `units` of its words; an operand of two bits
 * more, over the range in which the function is not yet its limit. */
qn_table_spec table_spec(const qn_function *function, unsigned width,
                         double units);

/* |word / one - f(x)| at one operand, in long doubles. */
double table_error_at(const qn_table *table, uint64_t word);

#endif
