/* table_parts.h - what building a table and proving its error share. */
#ifndef QN_HDL_TABLE_PARTS_H
#define QN_HDL_TABLE_PARTS_H

#include "hdl/table.h"

enum { QN_TABLE_POINTS = 16 }; /* of an interval; even */

/* f at every point, in units of a result's word */
struct qn_samples {
  long double *at; /* at[QN_TABLE_POINTS i + j]: interval i, -1 to entries */
  long double *memory;
  double width; /* of an interval, in x */
};

/* Half a unit of the result, which every base holds, in units of the base. */
long double qn_table_half(const qn_table *table);

/* Mean of u - v, the part of the fraction that does not meet the curve. */
long double qn_table_fraction_mean(const qn_table *table);

/* table_error.c: |word / one - f(x)| for every operand, from the words */
double qn_table_proved_error(const qn_table *table,
                             const struct qn_samples *samples);

#endif
