/* console.h - what a command says: text or JSON, notes, progress, errors. */
#ifndef QN_CONSOLE_H
#define QN_CONSOLE_H

#include <jansson.h>

#include <quench/diag.h>
#include <quench/network.h>
#include <quench/progress.h>

#define QN_VERSION "0.1.0"

typedef struct qn_console {
  const char *command;
  int json, quiet;
  qn_diag diag;         /* commands fail into it */
  json_t *object;       /* what --json prints */
  json_t *results;      /* in object: one entry a result */
  json_t *diagnostics;  /* in object: texts */
  qn_progress progress; /* lent to long calls */
} qn_console;

void qn_console_init(qn_console *c, const char *command, int json, int quiet);
void qn_console_release(qn_console *c);

/* Which network the results are about. */
void qn_console_network(qn_console *c, const qn_network *net);

/* A line of the report on stdout; nothing with --json. */
void qn_console_say(const qn_console *c, const char *format, ...)
  __attribute__((format(printf, 2, 3)));

/* A sentence worth attention: stderr, and "diagnostics" of the JSON. */
void qn_console_note(qn_console *c, const char *format, ...)
  __attribute__((format(printf, 2, 3)));

/* End: print the JSON object, or the error; the process's exit status. */
int qn_console_finish(qn_console *c, qn_status st);

/* "s" behind a noun, unless there is one of it. */
const char *qn_plural(size_t n);

/* A number for JSON, which has no infinity and no NaN: null for these. */
json_t *qn_json_number(double value);

/* A number with an SI prefix and its unit: "1.23 nJ". */
const char *qn_si_text(double value, const char *unit, char text[32]);

/* A quantity whose unit is in its key, for a person: "energy per step 1.2 nJ".
 */
const char *qn_quantity_text(const char *key, double value, char text[96]);

#endif
