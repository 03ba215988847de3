/* table.c - every function's tables, exhaustively: the proved error against
 * the worst of all operands, and qn_table.v in Verilator against the C model.
 *
 *   bench-table FOLDER WIDTH ..   in FOLDER Verilator works; results of WIDTH
 *                                 bits (3 to 22), operands of two more
 *
 * Exit status 1 where an error exceeds its bound or one result differs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <quench/text.h>

#include "tests/hdl/table_spec.h"
#include "tests/hdl/table_verilator.h"

enum { TABLES_MAX = 32 };

/* 1 if the bound is exceeded */
static int measure(const qn_table *table)
{
  double one = table->spec.one, worst = 0;

  for (uint64_t word = 0; word >> table->spec.operand == 0; word++)
    worst = fmax(worst, table_error_at(table, word));
  printf("%2u bits  %-14s order %u  %4zu entries of %2u bits  error %.3f of a "
         "word, proved %.3f\n",
         table->spec.width, table->spec.function->name, table->order,
         qn_table_entries(table), qn_table_word_width(table), worst * one,
         table->error * one);
  return worst > table->error;
}

/* both orders within three quarters of a word, where that can be had */
static size_t build_all(qn_table *table, unsigned width)
{
  size_t n = 0;

  for (size_t f = 0; qn_functions[f]; f++)
    for (unsigned order = 1; order <= 2; order++) {
      qn_table_spec spec = table_spec(qn_functions[f], width, 0.75);

      spec.order = order;
      if (n < TABLES_MAX && qn_table_build(&table[n], &spec) == QN_OK)
        n++;
    }
  return n;
}

static int check(const char *folder, unsigned width)
{
  char *place = qn_text_format("%s/table-%u", folder, width);
  qn_diag diag = {.message = ""};
  qn_table table[TABLES_MAX];
  size_t n = build_all(table, width);
  long differences = -1;
  int bad = n == 0;

  for (size_t k = 0; k < n; k++)
    bad |= measure(&table[k]);
  if (place && n > 0)
    differences = table_verilog_differences(table, n, place, &diag);
  printf("%2u bits  %zu tables, %.0f operands: %ld results of the Verilog "
         "differ%s%s\n",
         width, n, ldexp(1, (int)width + 2), differences,
         differences < 0 ? ": " : "", diag.message);
  for (size_t k = 0; k < n; k++)
    qn_table_release(&table[k]);
  free(place);
  return bad || differences != 0;
}

int main(int argc, char **argv)
{
  int bad = argc < 3;

  if (bad)
    fprintf(stderr, "usage: bench-table FOLDER WIDTH ..\n");
  for (int i = 2; i < argc; i++)
    bad |= check(argv[1], (unsigned)atoi(argv[i]));
  return bad;
}
