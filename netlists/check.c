/* check.c - see check.h. */
#include <quench/check.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netlists/check_names.h"
#include "netlists/raw.h"
#include "netlists/testbench.h"
#include <quench/csv.h>
#include <quench/file.h>

/* how far before a sample's end the file may stop, in samples: time is printed
 * in eight digits */
static const double slack = 1e-5;

/* time and membranes, in order, out of a file */
struct waves {
  size_t points, units;
  double *t; /* [points] never falling */
  double *v; /* [points, units] */
};

/* ---- raw files ---------------------------------------------------------------------- */

static qn_status not_finite(const char *path, size_t point, const char *name,
                            qn_diag *diag)
{
  char place[128];

  snprintf(place, sizeof place, "point %zu, %.80s", point, name);
  return qn_diag_set(diag, QN_EPARSE, path, place,
                     "not a finite number: did the run go wrong there?");
}

static qn_status alloc_waves(struct waves *w, size_t points, size_t units,
                             qn_diag *diag)
{
  w->points = points;
  w->units = units;
  w->t = calloc(points, sizeof *w->t);
  w->v = calloc(points, units * sizeof *w->v);
  return w->t && w->v ? QN_OK : qn_diag_out_of_memory(diag);
}

static qn_status take_raw(struct waves *w, const qn_raw *raw,
                          const size_t *column, const char *path, qn_diag *diag)
{
  for (size_t i = 0; i < raw->points; i++) {
    const double *point = raw->value + i * raw->vectors;

    w->t[i] = point[raw->time];
    if (!isfinite(w->t[i]))
      return not_finite(path, i, raw->name[raw->time], diag);
    for (size_t j = 0; j < w->units; j++) {
      w->v[i * w->units + j] = point[column[j]];
      if (!isfinite(point[column[j]]))
        return not_finite(path, i, raw->name[column[j]], diag);
    }
  }
  return QN_OK;
}

static qn_status read_raw(struct waves *w, const char *data, size_t size,
                          const char *path, size_t units, size_t *column,
                          qn_diag *diag)
{
  qn_raw raw;
  qn_status st = qn_raw_parse(&raw, data, size, path, diag);

  if (!st)
    st =
      qn_check_find_membranes(raw.name, raw.vectors, path, units, column, diag);
  if (!st)
    st = alloc_waves(w, raw.points, units, diag);
  if (!st)
    st = take_raw(w, &raw, column, path, diag);
  qn_raw_release(&raw);
  return st;
}

/* ---- CSV ---------------------------------------------------------------------------- */

static qn_status take_csv(struct waves *w, const qn_csv *csv, size_t time,
                          const size_t *column, const char *path, qn_diag *diag)
{
  qn_status st = QN_OK;

  for (size_t i = 0; i < csv->rows && !st; i++) {
    st = qn_csv_number(csv, i, time, path, &w->t[i], diag);
    for (size_t j = 0; j < w->units && !st; j++)
      st =
        qn_csv_number(csv, i, column[j], path, &w->v[i * w->units + j], diag);
  }
  return st;
}

static qn_status read_csv(struct waves *w, const char *path, size_t units,
                          size_t *column, qn_diag *diag)
{
  qn_csv *csv;
  size_t time;
  qn_status st = qn_csv_read(&csv, path, diag);

  if (st)
    return st;
  time = qn_check_find_time(csv->header, csv->columns);
  if (time == csv->columns)
    st = qn_diag_set(diag, QN_EPARSE, path, "line 1",
                     "no column 'time': expected a raw file of SPICE, which "
                     "begins with 'Title:', or a CSV whose header names time "
                     "and the membranes, 'TIME,V(N0),V(N1),..'");
  if (!st)
    st = qn_check_find_membranes(csv->header, csv->columns, path, units, column,
                                 diag);
  if (!st)
    st = alloc_waves(w, csv->rows, units, diag);
  if (!st)
    st = take_csv(w, csv, time, column, path, diag);
  qn_csv_free(csv);
  return st;
}

/* ---- which of them ------------------------------------------------------------------ */

/* a word in the first bytes, which may hold zeros */
static int begins_with_word(const char *data, size_t size, const char *word)
{
  enum { LOOKED_AT = 512 };
  size_t n = strlen(word);

  for (size_t i = 0; i + n <= size && i < LOOKED_AT; i++)
    if (!memcmp(data + i, word, n))
      return 1;
  return 0;
}

static qn_status read_any(struct waves *w, const char *data, size_t size,
                          const char *path, size_t units, size_t *column,
                          qn_diag *diag)
{
  if (!size)
    return qn_diag_set(diag, QN_EPARSE, path, NULL,
                       "the file is empty: did the simulator run to its end?");
  if (qn_raw_begins(data, size))
    return read_raw(w, data, size, path, units, column, diag);
  if (begins_with_word(data, size, "PSFversion"))
    return qn_diag_set(
      diag, QN_EPARSE, path, NULL,
      "a PSF file of Spectre: run it with -format nutascii, or "
      "export CSV");
  if (size >= 12 && !memcmp(data, "T\0i\0t\0l\0e\0:\0", 12))
    return qn_diag_set(diag, QN_EPARSE, path, NULL,
                       "a raw file in UTF-16, as LTspice writes: export CSV");
  if (memchr(data, 0, size))
    return qn_diag_set(diag, QN_EPARSE, path, NULL,
                       "expected a raw file of SPICE, which begins with "
                       "'Title:', or a CSV; this is binary of another kind");
  return read_csv(w, path, units, column, diag);
}

static qn_status read_waves(struct waves *w, const char *path, size_t units,
                            qn_diag *diag)
{
  size_t *column = calloc(units, sizeof *column), size;
  char *data = NULL;
  qn_status st = column ? qn_file_read(path, &data, &size, diag)
                        : qn_diag_out_of_memory(diag);

  if (!st)
    st = read_any(w, data, size, path, units, column, diag);
  free(data);
  free(column);
  return st;
}

static qn_status check_time(const struct waves *w, const char *path,
                            qn_diag *diag)
{
  char place[64];

  for (size_t i = 1; i < w->points; i++)
    if (w->t[i] < w->t[i - 1]) {
      snprintf(place, sizeof place, "point %zu", i);
      return qn_diag_set(diag, QN_EPARSE, path, place,
                         "time runs back from %.9g s to %.9g s: expected one "
                         "transient, in order",
                         w->t[i - 1], w->t[i]);
    }
  return QN_OK;
}

/* ---- samples ------------------------------------------------------------------------ */

static size_t first_of(const qn_dataset *data, size_t row)
{
  size_t s = 0;

  while (data->first[s + 1] <= row)
    s++;
  return data->first[s];
}

double qn_check_time(const qn_chip *chip, const qn_dataset *data, size_t row)
{
  double end = 0;

  for (size_t i = first_of(data, row); i <= row; i++)
    end = qn_testbench_end(chip, data, i, end);
  return end;
}

static qn_status ends_early(const struct waves *w, size_t step, double end,
                            const char *path, qn_diag *diag)
{
  char place[64];

  snprintf(place, sizeof place, "last point");
  return qn_diag_set(diag, QN_EPARSE, path, place,
                     "the file ends at %.9g s, sample %zu at %.9g s: expected "
                     "the whole transient of this sequence",
                     w->t[w->points - 1], step, end);
}

static qn_status begins_late(const struct waves *w, double end,
                             const char *path, qn_diag *diag)
{
  return qn_diag_set(diag, QN_EPARSE, path, "point 0",
                     "the file begins at %.9g s, sample 0 ends at %.9g s: "
                     "expected the whole transient from time 0",
                     w->t[0], end);
}

/* Between points *at and *at + 1, *at moving there, `within` of the way. */
static void place(const struct waves *w, double t, size_t *at, double *within)
{
  double from, to;

  while (*at + 2 < w->points && w->t[*at + 1] < t)
    ++*at;
  from = w->t[*at];
  to = w->points > 1 ? w->t[*at + 1] : from;
  *within = to > from ? fmax(0, fmin(1, (t - from) / (to - from))) : 1;
}

static void take_state(const struct waves *w, const qn_chip *chip, size_t at,
                       double within, double *state)
{
  const double *a = w->v + at * w->units;
  const double *b = w->points > 1 ? a + w->units : a;

  for (size_t j = 0; j < w->units; j++)
    state[j] =
      qn_chip_to_model(chip, within < 1 ? a[j] + within * (b[j] - a[j]) : b[j]);
}

/* how far the nearer of the points about t is, in samples */
static void measure_apart(const struct waves *w, size_t at, double t,
                          double sample, size_t row, qn_check_report *report)
{
  double near = fabs(w->t[at] - t);

  if (w->points > 1)
    near = fmin(near, fabs(w->t[at + 1] - t));
  if (near / sample > report->apart) {
    report->apart = near / sample;
    report->apart_row = row;
  }
}

static qn_status sample(const struct waves *w, const qn_chip *chip,
                        const qn_dataset *data, size_t s, const char *path,
                        qn_trace *out, qn_check_report *report, qn_diag *diag)
{
  double end = 0, within;
  size_t at = 0, clipped = 0;

  for (size_t row = data->first[s]; row < data->first[s + 1]; row++) {
    double start = end, *state = out->state + row * out->units;

    end = qn_testbench_end(chip, data, row, start);
    if (w->t[w->points - 1] < end - slack * (end - start))
      return ends_early(w, row - data->first[s], end, path, diag);
    if (w->t[0] > end)
      return begins_late(w, end, path, diag);
    place(w, end, &at, &within);
    take_state(w, chip, at, within, state);
    measure_apart(w, at, end, end - start, row, report);
    qn_chip_outputs(chip, state, out->output + row * out->outputs, &clipped);
  }
  return QN_OK;
}

qn_status qn_check_read(const qn_chip *chip, const qn_dataset *data,
                        size_t sequence, const char *path, qn_trace *out,
                        qn_check_report *report, qn_diag *diag)
{
  struct waves w = {0};
  qn_status st = read_waves(&w, path, chip->units, diag);

  *report = (qn_check_report){.points = w.points};
  if (!st)
    st = check_time(&w, path, diag);
  if (!st)
    st = sample(&w, chip, data, sequence, path, out, report, diag);
  free(w.t);
  free(w.v);
  return st;
}
