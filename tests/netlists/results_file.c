/* results_file.c - see results_file.h. */
#include "tests/netlists/results_file.h"

#include <string.h>

#include "tests/base/scratch.h"

const char *const results_plain[] = {"time", "v(n0)", "v(n1)", NULL};

results results_of(results_format format, const char *const *names, size_t time)
{
  results r = {.format = format, .names = names, .time = time};

  for (size_t i = 0; i < RESULTS_POINTS; i++)
    r.t[i] = 0.5e-6 * (double)i;
  return r;
}

double results_value(size_t i, double t)
{
  return 0.05 * (double)(i + 1) + 1e4 * (double)(i + 1) * t;
}

static double value_of(const results *r, size_t point, size_t i)
{
  return i == r->time ? r->t[point] : results_value(i, r->t[point]);
}

static void add_double(qn_text *text, double x, int swapped)
{
  unsigned char b[sizeof x], back[sizeof x];

  memcpy(b, &x, sizeof x);
  for (size_t i = 0; i < sizeof x; i++)
    back[i] = b[sizeof x - 1 - i];
  qn_text_add_bytes(text, swapped ? back : b, sizeof x);
}

static void add_points(qn_text *text, const results *r, size_t vectors)
{
  for (size_t p = 0; p < RESULTS_POINTS; p++) {
    if (r->format == RESULTS_TEXT)
      qn_text_add(text, " %zu", p);
    for (size_t i = 0; i < vectors; i++)
      if (r->format == RESULTS_TEXT)
        qn_text_add(text, "\t%.17g\n", value_of(r, p, i));
      else if (r->format == RESULTS_CSV)
        qn_text_add(text, "%s%.17g", i ? "," : "", value_of(r, p, i));
      else
        add_double(text, value_of(r, p, i), r->format == RESULTS_SWAPPED);
    if (r->format == RESULTS_TEXT || r->format == RESULTS_CSV)
      qn_text_add(text, "\n");
  }
}

static void add_header(qn_text *text, const results *r, size_t vectors)
{
  qn_text_add(text,
              "Title: * by hand\nDate: a day\nPlotname: Transient Analysis\n"
              "Flags: real\nNo. Variables: %zu\nNo. Points: %d       \n"
              "Variables:\n",
              vectors, RESULTS_POINTS);
  for (size_t i = 0; i < vectors; i++)
    qn_text_add(text, "\t%zu\t%s\t%s\n", i, r->names[i],
                i == r->time ? "time" : "voltage");
  qn_text_add(text, r->format == RESULTS_TEXT ? "Values:\n" : "Binary:\n");
}

void results_add(qn_text *text, const results *r)
{
  size_t vectors = 0;

  while (r->names[vectors])
    vectors++;
  for (size_t i = 0; i < vectors && r->format == RESULTS_CSV; i++)
    qn_text_add(text, "%s%s%s", i ? "," : "", r->names[i],
                i + 1 == vectors ? "\n" : "");
  if (r->format != RESULTS_CSV)
    add_header(text, r, vectors);
  add_points(text, r, vectors);
}

qn_status results_read_bytes(small *s, const qn_text *text,
                             qn_check_report *report, qn_diag *diag)
{
  const char *path = scratch_bytes("results", text->data, text->length);

  return qn_check_read(&s->chip, &s->data, 0, path, s->trace, report, diag);
}

qn_status results_read(small *s, const results *r, qn_check_report *report,
                       qn_diag *diag)
{
  qn_text text;
  qn_status st;

  qn_text_init(&text);
  results_add(&text, r);
  st = results_read_bytes(s, &text, report, diag);
  qn_text_release(&text);
  return st;
}
