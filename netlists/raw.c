/* raw.c - see raw.h. */
#include "netlists/raw.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <quench/file.h>

/* a place in the file */
struct reader {
  const char *at, *end;
  size_t line;
  const char *path;
  qn_diag *diag;
};

/* one line, without what ends it */
struct line {
  const char *text;
  size_t length;
};

/* what a header says of the data behind it */
struct plot {
  size_t points, vectors;
  int complex_numbers, binary;
};

/* ---- lines ------------------------------------------------------------------------ */

static qn_status fail(const struct reader *r, const char *what)
{
  char place[32];

  snprintf(place, sizeof place, "line %zu", r->line);
  return qn_diag_set(r->diag, QN_EPARSE, r->path, place, "%s", what);
}

static int next_line(struct reader *r, struct line *line)
{
  const char *end;

  if (r->at == r->end)
    return 0;
  end = memchr(r->at, '\n', (size_t)(r->end - r->at));
  line->text = r->at;
  line->length = (size_t)((end ? end : r->end) - r->at);
  r->at = end ? end + 1 : r->end;
  r->line++;
  while (line->length && line->text[line->length - 1] == '\r')
    line->length--;
  return 1;
}

/* what stands behind "key:", or NULL */
static const char *value_of(const struct line *line, const char *key)
{
  size_t n = strlen(key);

  return line->length >= n && !strncasecmp(line->text, key, n) ? line->text + n
                                                               : NULL;
}

static int is_space(char c)
{
  return c == ' ' || c == '\t';
}

/* the next word of a line, moved over; empty at its end */
static struct line next_word(struct line *line)
{
  struct line word;

  while (line->length && is_space(*line->text)) {
    line->text++;
    line->length--;
  }
  word = (struct line){line->text, 0};
  while (word.length < line->length && !is_space(word.text[word.length]))
    word.length++;
  line->text += word.length;
  line->length -= word.length;
  return word;
}

/* ---- header ----------------------------------------------------------------------- */

static qn_status take_flags(struct reader *r, const struct line *line,
                            const char *flags, struct plot *plot)
{
  struct line rest = {flags, line->length - (size_t)(flags - line->text)};

  for (struct line w = next_word(&rest); w.length; w = next_word(&rest)) {
    if (w.length == 7 && !strncasecmp(w.text, "complex", 7))
      plot->complex_numbers = 1;
    if ((w.length == 7 && !strncasecmp(w.text, "forward", 7)) ||
        (w.length == 10 && !strncasecmp(w.text, "compressed", 10)))
      return fail(r,
                  "a raw file of LTspice, whose numbers are floats: expected "
                  "doubles; export CSV instead");
  }
  return QN_OK;
}

/* a count; SIZE_MAX for what is none */
static size_t count_of(const char *text)
{
  char *end;
  unsigned long long n = strtoull(text, &end, 10);

  return end == text || n > SIZE_MAX / 32 ? SIZE_MAX : (size_t)n;
}

/* "\t0\ttime\ttime", once a vector */
static qn_status take_names(struct reader *r, const struct plot *plot,
                            qn_raw *raw)
{
  struct line line, word;

  if (!plot->vectors || plot->vectors > (size_t)(r->end - r->at) / 4)
    return fail(r, "No. Variables: not a number of vectors that the file could "
                   "hold");
  raw->name = calloc(plot->vectors, sizeof *raw->name);
  if (!raw->name)
    return qn_diag_out_of_memory(r->diag);
  raw->vectors = plot->vectors;
  for (size_t i = 0; i < plot->vectors; i++) {
    if (!next_line(r, &line))
      return fail(r, "the file ends in the list of vectors");
    if (next_word(&line).length == 0 || !(word = next_word(&line)).length)
      return fail(r, "expected a vector's number, name and kind");
    raw->name[i] = strndup(word.text, word.length);
    if (!raw->name[i])
      return qn_diag_out_of_memory(r->diag);
  }
  return QN_OK;
}

/* one line of a header; *done where the data begin */
static qn_status take_header_line(struct reader *r, const struct line *line,
                                  struct plot *plot, qn_raw *raw, int *done)
{
  const char *value;

  if ((value = value_of(line, "Flags:")))
    return take_flags(r, line, value, plot);
  if ((value = value_of(line, "No. Variables:")))
    plot->vectors = count_of(value);
  else if ((value = value_of(line, "No. Points:")))
    plot->points = count_of(value);
  else if (value_of(line, "Variables:"))
    return raw->name ? fail(r, "a second list of vectors in one header")
                     : take_names(r, plot, raw);
  plot->binary = value_of(line, "Binary:") != NULL;
  *done = plot->binary || value_of(line, "Values:");
  return QN_OK;
}

static qn_status take_header(struct reader *r, struct plot *plot, qn_raw *raw)
{
  struct line line;
  int done = 0;
  qn_status st = QN_OK;

  *plot = (struct plot){.points = SIZE_MAX, .vectors = SIZE_MAX};
  while (!st && !done) {
    if (!next_line(r, &line))
      return fail(r, "the file ends in its header: expected 'Binary:' or "
                     "'Values:'");
    st = take_header_line(r, &line, plot, raw, &done);
  }
  if (!st && !raw->name)
    st = fail(r, "no list of vectors before the data: expected 'Variables:'");
  if (!st && plot->vectors != raw->vectors)
    st = fail(r, "two numbers of vectors in one header");
  if (!st && (plot->points == 0 || plot->points == SIZE_MAX))
    st = fail(r, "the header announces no points: the run did not end");
  return st;
}

static int find_time(qn_raw *raw)
{
  for (raw->time = 0; raw->time < raw->vectors; raw->time++)
    if (!strcasecmp(raw->name[raw->time], "time"))
      return 1;
  return 0;
}

/* ---- points ----------------------------------------------------------------------- */

static qn_status too_short(const struct reader *r, const struct plot *plot,
                           size_t got)
{
  return qn_diag_set(r->diag, QN_EPARSE, r->path, "data",
                     "cut short: %zu points of %zu vectors are announced, %zu "
                     "whole ones follow",
                     plot->points, plot->vectors, got);
}

/* whether a vector of these values can be the time */
static int is_time(const qn_raw *raw)
{
  const double *t = raw->value + raw->time;

  for (size_t i = 0; i < raw->points; i++, t += raw->vectors)
    if (!isfinite(*t) || (i && *t < t[-(ptrdiff_t)raw->vectors]))
      return 0;
  return 1;
}

static void swap_bytes(qn_raw *raw)
{
  unsigned char *b = (unsigned char *)raw->value;

  for (size_t i = 0; i < raw->points * raw->vectors; i++, b += sizeof(double))
    for (size_t k = 0; k < sizeof(double) / 2; k++) {
      unsigned char low = b[k];

      b[k] = b[sizeof(double) - 1 - k];
      b[sizeof(double) - 1 - k] = low;
    }
}

/* doubles of this machine or, where time would run backwards, of the other byte
 * order (Spectre's nutbin) */
static qn_status take_binary(struct reader *r, const struct plot *plot,
                             qn_raw *raw)
{
  size_t whole =
    (size_t)(r->end - r->at) / (plot->vectors * sizeof *raw->value);

  if (plot->points > whole)
    return too_short(r, plot, whole);
  raw->points = plot->points;
  raw->value = malloc(raw->points * raw->vectors * sizeof *raw->value);
  if (!raw->value)
    return qn_diag_out_of_memory(r->diag);
  memcpy(raw->value, r->at, raw->points * raw->vectors * sizeof *raw->value);
  if (is_time(raw))
    return QN_OK;
  swap_bytes(raw);
  if (!is_time(raw))
    swap_bytes(raw);
  return QN_OK;
}

/* the next word of text as a number */
static int take_number(struct reader *r, double *x)
{
  char *end;

  while (r->at < r->end && isspace((unsigned char)*r->at))
    r->line += *r->at++ == '\n';
  if (r->at == r->end)
    return 0;
  *x = strtod(r->at, &end);
  if (end == r->at || end > r->end || !(isspace((unsigned char)*end) || !*end))
    return 0;
  r->at = end;
  return 1;
}

static qn_status bad_number(const struct reader *r, const struct plot *plot,
                            size_t point)
{
  return r->at == r->end ? too_short(r, plot, point)
                         : fail(r, "expected a number");
}

/* a point is its number and a value for each vector */
static qn_status take_text(struct reader *r, const struct plot *plot,
                           qn_raw *raw)
{
  size_t room = (size_t)(r->end - r->at) / 2 / (plot->vectors + 1);

  if (plot->points > room + 1)
    return too_short(r, plot, room);
  raw->points = plot->points;
  raw->value = malloc(raw->points * raw->vectors * sizeof *raw->value);
  if (!raw->value)
    return qn_diag_out_of_memory(r->diag);
  r->line++;
  for (size_t i = 0; i < raw->points; i++) {
    double number;

    if (!take_number(r, &number))
      return bad_number(r, plot, i);
    if (number != (double)i)
      return fail(r, "expected the number of the next point, counted from 0");
    for (size_t k = 0; k < raw->vectors; k++)
      if (!take_number(r, raw->value + i * raw->vectors + k))
        return bad_number(r, plot, i);
  }
  return QN_OK;
}

/* ---- the whole -------------------------------------------------------------------- */

/* past the data of a plot that is not over time, to the next header */
static qn_status skip(struct reader *r, const struct plot *plot)
{
  size_t size = plot->vectors * sizeof(double) << plot->complex_numbers;
  struct line line;

  if (plot->binary && plot->points > (size_t)(r->end - r->at) / size)
    return too_short(r, plot, (size_t)(r->end - r->at) / size);
  if (plot->binary)
    r->at += plot->points * size;
  while (r->at < r->end && !qn_raw_begins(r->at, (size_t)(r->end - r->at)))
    next_line(r, &line);
  return QN_OK;
}

static qn_status take_plots(struct reader *r, qn_raw *raw)
{
  struct plot plot;
  qn_status st;

  for (;;) {
    st = take_header(r, &plot, raw);
    if (st || find_time(raw))
      break;
    st = skip(r, &plot);
    if (!st && r->at == r->end)
      st = fail(r, "no vector 'time' in the file: expected a transient");
    if (st)
      break;
    qn_raw_release(raw);
  }
  if (!st && plot.complex_numbers)
    st = fail(r, "complex vectors: expected the real ones of a transient");
  if (st)
    return st;
  return plot.binary ? take_binary(r, &plot, raw) : take_text(r, &plot, raw);
}

int qn_raw_begins(const char *data, size_t size)
{
  return size >= 6 && !strncasecmp(data, "Title:", 6);
}

qn_status qn_raw_parse(qn_raw *raw, const char *data, size_t size,
                       const char *path, qn_diag *diag)
{
  struct reader r = {data, data + size, 0, path, diag};
  qn_status st;

  *raw = (qn_raw){0};
  if (!qn_raw_begins(data, size))
    return qn_diag_set(diag, QN_EPARSE, path, NULL,
                       "not a raw file, which begins with 'Title:'");
  st = take_plots(&r, raw);
  if (st)
    qn_raw_release(raw);
  return st;
}

qn_status qn_raw_read(qn_raw *raw, const char *path, qn_diag *diag)
{
  char *text;
  size_t size;
  qn_status st;

  *raw = (qn_raw){0};
  st = qn_file_read(path, &text, &size, diag);
  if (!st)
    st = qn_raw_parse(raw, text, size, path, diag);
  free(text);
  return st;
}

void qn_raw_release(qn_raw *raw)
{
  for (size_t i = 0; raw->name && i < raw->vectors; i++)
    free(raw->name[i]);
  free(raw->name);
  free(raw->value);
  *raw = (qn_raw){0};
}

const double *qn_raw_at(const qn_raw *raw, double t, double slack, size_t *at)
{
  for (; *at < raw->points; ++*at) {
    const double *point = raw->value + *at * raw->vectors;

    if (fabs(point[raw->time] - t) <= slack)
      return point;
    if (point[raw->time] > t)
      break;
  }
  return NULL;
}
