/* ngspice.c - see ngspice.h. */
#include "netlists/ngspice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <quench/file.h>
#include <quench/process.h>
#include <quench/text.h>

static char *read_log(const char *folder, const char *name)
{
  char *path = qn_text_format("%s/%s.log", folder, name), *log = NULL;
  size_t size;

  if (path && qn_file_read(path, &log, &size, NULL))
    log = NULL;
  free(path);
  return log;
}

/* ---- what it complained of ---------------------------------------------------------- */

/* whether `word` stands in a line, in any case */
static int has_word(const char *line, size_t length, const char *word)
{
  size_t n = strlen(word);

  for (size_t i = 0; i + n <= length; i++)
    if (!strncasecmp(line + i, word, n))
      return 1;
  return 0;
}

/* the first line from `at` on that has a word, NULL: none; not the one that
 * says what the deck is called */
static const char *find_line(const char *at, const char *word)
{
  while (*at) {
    size_t length = strcspn(at, "\n");

    if (has_word(at, length, word) && strncmp(at, "Circuit:", 8))
      return at;
    at += length + (at[length] == '\n');
  }
  return NULL;
}

/* what tells most of a failure comes first */
static const char *const complaints[] = {
  "timestep too small", "error", "not find", "no such", "singular", "warning",
};
enum { COMPLAINTS = sizeof complaints / sizeof *complaints };

static void copy_line(const char *at, char *line, size_t size)
{
  snprintf(line, size, "%.*s", (int)strcspn(at, "\n"), at);
}

void qn_ngspice_complaint(const char *folder, const char *name, char *line,
                          size_t size)
{
  char *log = read_log(folder, name);
  const char *at = NULL;

  for (int i = 0; log && !at && i < COMPLAINTS; i++)
    at = find_line(log, complaints[i]);
  snprintf(line, size, "it says nothing");
  if (at)
    copy_line(at, line, size);
  free(log);
}

static const char *find_warning(const char *at)
{
  const char *first = NULL;

  for (int i = 0; i < COMPLAINTS; i++) {
    const char *found = find_line(at, complaints[i]);

    if (found && (!first || found < first))
      first = found;
  }
  return first;
}

/* all lines that complain, of a run that came to its end */
static void count_warnings(const char *log, qn_spice_report *report)
{
  const char *at = log;

  while ((at = find_warning(at))) {
    if (!report->warnings++)
      copy_line(at, report->warning, sizeof report->warning);
    at += strcspn(at, "\n");
  }
}

/* ---- what it cost ------------------------------------------------------------------- */

static double number_after(const char *log, const char *key)
{
  const char *at = strstr(log, key);

  return at ? strtod(at + strlen(key), NULL) : 0;
}

static void read_cost(const char *log, qn_spice_report *report)
{
  report->transient_s += number_after(log, "Transient analysis time = ");
  report->time_points += (size_t)number_after(log, "Accepted timepoints = ");
  report->iterations += (size_t)number_after(log, "Transient iterations = ");
}

/* ---- running ------------------------------------------------------------------------ */

static qn_status run(const char *folder, const char *name, const char *deck,
                     const char *log, double timeout_s,
                     const qn_progress *progress, qn_diag *diag)
{
  const char *const argv[] = {"ngspice", "-b", "-n", deck, NULL};
  char line[256];
  qn_status st = qn_process_run(argv, folder, log, timeout_s, progress, diag);

  if (st != QN_ETOOL)
    return st;
  qn_ngspice_complaint(folder, name, line, sizeof line);
  if (diag)
    snprintf(diag->message + strlen(diag->message),
             sizeof diag->message - strlen(diag->message), " (%s)", line);
  return st;
}

qn_status qn_ngspice_run(const char *folder, const char *name, double timeout_s,
                         const qn_progress *progress, qn_spice_report *report,
                         qn_diag *diag)
{
  char *deck = qn_text_format("%s.cir", name);
  char *log = qn_text_format("%s/%s.log", folder, name), *words;
  qn_status st = deck && log
                   ? run(folder, name, deck, log, timeout_s, progress, diag)
                   : qn_diag_out_of_memory(diag);

  words = st ? NULL : read_log(folder, name);
  if (words) {
    read_cost(words, report);
    count_warnings(words, report);
  }
  free(words);
  free(deck);
  free(log);
  return st;
}
