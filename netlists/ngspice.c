/* ngspice.c - see ngspice.h. */
#include "netlists/ngspice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static const char *find_complaint(const char *log)
{
  static const char *const words[] = {"Timestep too small", "Error", "error",
                                      "not find", "No such"};

  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    const char *at = strstr(log, words[i]);

    if (at)
      return at;
  }
  return NULL;
}

/* the line that holds `at` */
static void copy_line(const char *log, const char *at, char *line, size_t size)
{
  const char *start = at;

  while (start > log && start[-1] != '\n')
    start--;
  snprintf(line, size, "%.*s", (int)strcspn(start, "\n"), start);
}

void qn_ngspice_complaint(const char *folder, const char *name, char *line,
                          size_t size)
{
  char *log = read_log(folder, name);
  const char *at = log ? find_complaint(log) : NULL;

  snprintf(line, size, "it says nothing");
  if (at)
    copy_line(log, at, line, size);
  free(log);
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
  if (words)
    read_cost(words, report);
  free(words);
  free(deck);
  free(log);
  return st;
}
