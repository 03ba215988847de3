/* check_waves.c - see check_waves.h. */
#include "netlists/check_waves.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netlists/check_names.h"
#include "netlists/raw.h"
#include <quench/csv.h>
#include <quench/file.h>

/* ---- raw files ---------------------------------------------------------------------- */

static qn_status not_finite(const char *path, size_t point, const char *name,
                            qn_diag *diag)
{
  char place[128];

  snprintf(place, sizeof place, "point %zu, %.80s", point, name);
  return qn_diag_set(diag, QN_EPARSE, path, place,
                     "not a finite number: did the run go wrong there?");
}

static qn_status alloc_waves(qn_waves *w, size_t points,
                             const qn_check_places *places, qn_diag *diag)
{
  w->points = points;
  w->units = places->units;
  w->states = places->states;
  w->columns = w->units + w->states;
  w->t = calloc(points, sizeof *w->t);
  w->v = calloc(points, w->columns * sizeof *w->v);
  return w->t && w->v ? QN_OK : qn_diag_out_of_memory(diag);
}

static qn_status take_raw(qn_waves *w, const qn_raw *raw, const size_t *column,
                          const char *path, qn_diag *diag)
{
  for (size_t i = 0; i < raw->points; i++) {
    const double *point = raw->value + i * raw->vectors;

    w->t[i] = point[raw->time];
    if (!isfinite(w->t[i]))
      return not_finite(path, i, raw->name[raw->time], diag);
    for (size_t j = 0; j < w->columns; j++) {
      w->v[i * w->columns + j] = point[column[j]];
      if (!isfinite(point[column[j]]))
        return not_finite(path, i, raw->name[column[j]], diag);
    }
  }
  return QN_OK;
}

static qn_status read_raw(qn_waves *w, const char *data, size_t size,
                          const char *path, const qn_chip *chip, qn_diag *diag)
{
  qn_check_places places = {0};
  qn_raw raw;
  qn_status st = qn_raw_parse(&raw, data, size, path, diag);

  if (!st)
    st = qn_check_find(&places, raw.name, raw.vectors, path, chip, diag);
  if (!st)
    st = alloc_waves(w, raw.points, &places, diag);
  if (!st)
    st = take_raw(w, &raw, places.column, path, diag);
  free(places.column);
  qn_raw_release(&raw);
  return st;
}

/* ---- CSV ---------------------------------------------------------------------------- */

static qn_status take_csv(qn_waves *w, const qn_csv *csv, size_t time,
                          const size_t *column, const char *path, qn_diag *diag)
{
  qn_status st = QN_OK;

  for (size_t i = 0; i < csv->rows && !st; i++) {
    st = qn_csv_number(csv, i, time, path, &w->t[i], diag);
    for (size_t j = 0; j < w->columns && !st; j++)
      st =
        qn_csv_number(csv, i, column[j], path, &w->v[i * w->columns + j], diag);
  }
  return st;
}

static qn_status read_csv(qn_waves *w, const char *path, const qn_chip *chip,
                          qn_diag *diag)
{
  qn_check_places places = {0};
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
    st = qn_check_find(&places, csv->header, csv->columns, path, chip, diag);
  if (!st)
    st = alloc_waves(w, csv->rows, &places, diag);
  if (!st)
    st = take_csv(w, csv, time, places.column, path, diag);
  free(places.column);
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

static qn_status read_any(qn_waves *w, const char *data, size_t size,
                          const char *path, const qn_chip *chip, qn_diag *diag)
{
  if (!size)
    return qn_diag_set(diag, QN_EPARSE, path, NULL,
                       "the file is empty: did the simulator run to its end?");
  if (qn_raw_begins(data, size))
    return read_raw(w, data, size, path, chip, diag);
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
  return read_csv(w, path, chip, diag);
}

static qn_status check_time(const qn_waves *w, const char *path, qn_diag *diag)
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

qn_status qn_waves_read(qn_waves *w, const char *path, const qn_chip *chip,
                        qn_diag *diag)
{
  char *data = NULL;
  size_t size;
  qn_status st;

  *w = (qn_waves){0};
  st = qn_file_read(path, &data, &size, diag);
  if (!st)
    st = read_any(w, data, size, path, chip, diag);
  if (!st)
    st = check_time(w, path, diag);
  free(data);
  return st;
}

void qn_waves_release(qn_waves *w)
{
  free(w->t);
  free(w->v);
}
