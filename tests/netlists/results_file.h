/* results_file.h - a simulator's results, written as one would: membranes that
 * rise linearly in time, so that what lies between two points is exact. */
#ifndef QN_TEST_RESULTS_FILE_H
#define QN_TEST_RESULTS_FILE_H

#include <stddef.h>

#include "tests/netlists/small.h"
#include <quench/check.h>
#include <quench/text.h>

typedef enum results_format {
  RESULTS_BINARY,
  RESULTS_SWAPPED, /* doubles of the other byte order */
  RESULTS_TEXT,
  RESULTS_CSV
} results_format;
enum { RESULTS_FORMATS = 4 };

enum { RESULTS_POINTS = 9 };

/* What is called how; the time is where names[i] is results_time. */
typedef struct results {
  results_format format;
  const char *const *names; /* ended by NULL */
  size_t time;              /* place of the time among them */
  double t[RESULTS_POINTS];
} results;

/* Times 0 to 4 us, half of a microsecond apart, in this format. */
results results_of(results_format format, const char *const *names,
                   size_t time);

/* "time", "v(n0)", "v(n1)", NULL */
extern const char *const results_plain[];

/* Vector i at time t: (1 + i) * 0.05 V + (i + 1) * 1e4 V/s * t. */
double results_value(size_t i, double t);

/* The bytes; the caller releases the text. */
void results_add(qn_text *text, const results *r);

/* The same as a file in the scratch folder, read into s->trace. */
qn_status results_read(small *s, const results *r, qn_check_report *report,
                       qn_diag *diag);
qn_status results_read_bytes(small *s, const qn_text *text,
                             qn_check_report *report, qn_diag *diag);

#endif
