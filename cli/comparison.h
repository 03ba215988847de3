/* comparison.h - what `quench compare` finds, and how it tells it. */
#ifndef QN_COMPARISON_H
#define QN_COMPARISON_H

#include <quench/metric.h>
#include <quench/realisation.h>

#include "cli/console.h"
#include "cli/options.h"

enum { ROWS_MAX = 16 };

/* one realisation on one technology */
struct row {
  const qn_realisation *what;
  const char *technology; /* NULL where it does not matter */
  qn_trace *trace;        /* NULL: skipped */
  size_t sequences, steps;
  qn_metric metric;
  qn_difference from_reference;
  const struct row *twin; /* NULL: none */
  qn_difference from_twin;
  int twin_binds; /* else a technology's faults may set them apart */
  int twin_holds;
  double wall_s;
  qn_report report;
  qn_diag skipped;
};

struct comparison {
  const qn_network *net;
  const qn_dataset *data;
  const qn_cli_options *opt;
  qn_console *console;
  double *swing; /* [units] of the reference */
  struct row row[ROWS_MAX];
  size_t rows;
};

/* The table: its head, a line a row. */
void qn_comparison_tell_header(const struct comparison *c);
void qn_comparison_tell_row(const struct comparison *c, const struct row *row);

/* A row as JSON, its notes said. */
void qn_comparison_record_row(const struct comparison *c,
                              const struct row *row);

/* What training on few fused steps hides from the user. */
void qn_comparison_tell_solver_gap(const struct comparison *c);

#endif
