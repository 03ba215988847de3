/* console.c - text, JSON, notes and progress. */
#include "cli/console.h"

#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig)
{
  (void)sig;
  interrupted = 1;
}

/* a line on stderr that is written over */
static void report(void *arg, const char *task, size_t done, size_t total)
{
  (void)arg;
  if (total >= 100 && done < total && done % (total / 50))
    return;
  fprintf(stderr, "\r\033[K%s: %zu of %zu%s", task, done, total,
          done == total ? "\r\033[K" : "");
}

void qn_console_init(qn_console *c, const char *command, int json, int quiet)
{
  struct sigaction action = {.sa_handler = on_interrupt};

  memset(c, 0, sizeof *c);
  c->command = command;
  c->json = json;
  c->quiet = quiet;
  c->results = json_array();
  c->diagnostics = json_array();
  c->object = json_pack("{s:s, s:s}", "quench", QN_VERSION, "command", command);
  if (!quiet && isatty(STDERR_FILENO))
    c->progress.report = report;
  c->progress.cancelled = &interrupted;
  action.sa_flags = (int)SA_RESETHAND; /* a second Ctrl-C ends at once */
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

void qn_console_release(qn_console *c)
{
  json_decref(c->object);
  json_decref(c->results);
  json_decref(c->diagnostics);
}

void qn_console_network(qn_console *c, const qn_network *net)
{
  json_object_set_new(
    c->object, "network",
    json_pack("{s:s, s:s}", "file", net->path, "sha256", net->sha256));
}

void qn_console_say(const qn_console *c, const char *format, ...)
{
  va_list args;

  if (c->json)
    return;
  va_start(args, format);
  vprintf(format, args);
  va_end(args);
}

void qn_console_note(qn_console *c, const char *format, ...)
{
  char text[512];
  va_list args;

  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  json_array_append_new(c->diagnostics, json_string(text));
  if (!c->quiet && !c->json)
    fprintf(stderr, "note: %s\n", text);
}

/* ---- the end --------------------------------------------------------------- */

static void print_error(const qn_diag *d)
{
  fprintf(stderr, "quench: %s%s%s%s%s\n", d->file, *d->file ? ": " : "",
          d->place, *d->place ? ": " : "", d->message);
}

static int exit_status(qn_status st)
{
  return st == QN_OK ? 0 : st == QN_EMISMATCH ? 3 : 1;
}

int qn_console_finish(qn_console *c, qn_status st)
{
  json_object_set(c->object, "results", c->results);
  json_object_set(c->object, "diagnostics", c->diagnostics);
  if (st == QN_ECANCELLED)
    qn_diag_set(&c->diag, st, NULL, NULL, "stopped");
  if (st && !*c->diag.message)
    snprintf(c->diag.message, sizeof c->diag.message, "%s", qn_status_text(st));
  if (st)
    json_object_set_new(c->object, "error",
                        json_pack("{s:s, s:s, s:s}", "file", c->diag.file,
                                  "place", c->diag.place, "message",
                                  c->diag.message));
  if (c->progress.report)
    fprintf(stderr, "\r\033[K");
  if (st)
    print_error(&c->diag);
  if (c->json) {
    json_dumpf(c->object, stdout, JSON_INDENT(2));
    puts("");
  }
  if (fflush(stdout) || ferror(stdout)) {
    fprintf(stderr, "quench: standard output: cannot write\n");
    return 1;
  }
  return exit_status(st);
}

/* ---- numbers ------------------------------------------------------------------ */

const char *qn_plural(size_t n)
{
  return n == 1 ? "" : "s";
}

json_t *qn_json_number(double value)
{
  return isfinite(value) ? json_real(value) : json_null();
}

const char *qn_si_text(double value, const char *unit, char text[32])
{
  static const char prefixes[] = "yzafpnum kMGTPEZY";
  int power = value == 0 || !isfinite(value)
                ? 0
                : (int)floor(log10(fabs(value)) / 3 + 1e-12);

  if (power < -8 || power > 8)
    snprintf(text, 32, "%.3g %s", value, unit);
  else if (power == 0)
    snprintf(text, 32, "%.3g %s", value, unit);
  else
    snprintf(text, 32, "%.3g %c%s", value / pow(1000, power),
             prefixes[power + 8], unit);
  return text;
}

/* where the unit in a key begins, or its end */
static size_t find_unit(const char *key, const char *unit)
{
  size_t n = strlen(key), k = strlen(unit);

  return n > k && !strcmp(key + n - k, unit) ? n - k : n;
}

const char *qn_quantity_text(const char *key, double value, char text[96])
{
  static const char *const units[][2] = {
    {"_j", "J"}, {"_s", "s"}, {"_w", "W"}, {"_hz", "Hz"}};
  size_t name = find_unit(key, "_m2");
  char number[32];

  snprintf(number, sizeof number, value >= 1e5 ? "%.0f" : "%.4g", value);
  if (key[name])
    snprintf(number, sizeof number, "%.4g um2", value * 1e12);
  for (size_t i = 0; i < sizeof units / sizeof *units && !key[name]; i++) {
    name = find_unit(key, units[i][0]);
    if (key[name])
      qn_si_text(value, units[i][1], number);
  }
  snprintf(text, 96, "%.*s %s", (int)name, key, number);
  for (char *p = text; p < text + name; p++)
    if (*p == '_')
      *p = ' ';
  return text;
}
