/* table_verilator.h - qn_table.v in Verilator against its C model. */
#ifndef QN_TEST_TABLE_VERILATOR_H
#define QN_TEST_TABLE_VERILATOR_H

#include <quench/diag.h>

#include "hdl/table.h"

/* Every operand of the widest of n tables (>= 1), one a cycle and far from the
 * one before, through one qn_table.v a table; a narrower one sees the low bits.
 * How many results differ from qn_table_value(), in value or in cycle, or -1
 * with diag filled. Verilator works in `folder`, which is created. */
long table_verilog_differences(const qn_table *table, size_t n,
                               const char *folder, qn_diag *diag);

#endif
