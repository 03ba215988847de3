/* csv.c - a CSV table by libcsv. */
#include <quench/csv.h>

#include <csv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/file.h>

/* what libcsv's callbacks fill */
struct reader {
  qn_csv *csv;
  char **row; /* cells of the row in hand */
  size_t cells, room;
  size_t cell_room, line_room;
  size_t line;     /* where the row in hand began */
  size_t newlines; /* in the row's quoted cells */
  int end;         /* what ended the row before: CR, LF or none */
  const char *path;
  qn_diag *diag;
  qn_status status;
};

/* grow *array to hold `want` pointers or sizes */
static int grow(void *array, size_t *room, size_t want)
{
  size_t bigger = *room ? *room : 64;
  void **p = array, *q;

  if (want <= *room)
    return 1;
  while (bigger < want)
    bigger *= 2;
  q = realloc(*p, bigger * sizeof(void *));
  if (!q)
    return 0;
  *p = q;
  *room = bigger;
  return 1;
}

static void on_cell(void *text, size_t size, void *arg)
{
  struct reader *r = arg;
  char *copy = malloc(size + 1);

  if (!copy || !grow(&r->row, &r->room, r->cells + 1)) {
    free(copy);
    r->status = qn_diag_out_of_memory(r->diag);
    return;
  }
  memcpy(copy, text ? text : "", size);
  copy[size] = 0;
  for (const char *p = copy; *p; p++)
    r->newlines += *p == '\n';
  r->row[r->cells++] = copy;
}

static void drop_row(struct reader *r)
{
  while (r->cells)
    free(r->row[--r->cells]);
}

/* one name's from the left */
static int by_name(const void *a, const void *b)
{
  char *const *x = *(char ***)a, *const *y = *(char ***)b;
  int order = strcmp(*x, *y);

  return order ? order : (x > y) - (x < y);
}

static void take_header(struct reader *r)
{
  qn_csv *csv = r->csv;

  csv->header = malloc(r->cells * sizeof *csv->header);
  csv->order = malloc(r->cells * sizeof *csv->order);
  if (!csv->header || !csv->order) {
    r->status = qn_diag_out_of_memory(r->diag);
    return;
  }
  memcpy(csv->header, r->row, r->cells * sizeof *r->row);
  for (size_t i = 0; i < r->cells; i++)
    csv->order[i] = &csv->header[i];
  qsort(csv->order, r->cells, sizeof *csv->order, by_name);
  csv->columns = r->cells;
  r->cells = 0;
}

static void take_row(struct reader *r)
{
  qn_csv *csv = r->csv;
  size_t used = csv->rows * csv->columns;
  char place[32];

  if (r->cells != csv->columns) {
    snprintf(place, sizeof place, "line %zu", r->line);
    r->status =
      qn_diag_set(r->diag, QN_EPARSE, r->path, place,
                  "%zu cells, the header has %zu", r->cells, csv->columns);
    return;
  }
  if (!grow(&csv->cell, &r->cell_room, used + csv->columns) ||
      !grow(&csv->line, &r->line_room, csv->rows + 1)) {
    r->status = qn_diag_out_of_memory(r->diag);
    return;
  }
  memcpy(csv->cell + used, r->row, r->cells * sizeof *r->row);
  csv->line[csv->rows++] = r->line;
  r->cells = 0;
}

static void on_row(int end, void *arg)
{
  struct reader *r = arg;
  int blank = r->cells == 0 || (r->cells == 1 && !*r->row[0]);
  int half = end == CSV_LF && r->end == CSV_CR && !r->cells;

  r->end = end;
  if (half) /* the second half of a CR LF */
    return;
  if (!r->status && !blank) {
    if (r->csv->header)
      take_row(r);
    else
      take_header(r);
  }
  drop_row(r);
  r->line += 1 + r->newlines;
  r->newlines = 0;
}

static qn_status parse(struct reader *r, const char *data, size_t size)
{
  struct csv_parser p;
  char place[32];

  if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL))
    return qn_diag_out_of_memory(r->diag);
  if (csv_parse(&p, data, size, on_cell, on_row, r) != size ||
      csv_fini(&p, on_cell, on_row, r)) {
    snprintf(place, sizeof place, "line %zu", r->line);
    if (!r->status)
      r->status =
        qn_diag_set(r->diag, QN_EPARSE, r->path, place,
                    "a quote is out of place: a cell that holds a quote is "
                    "quoted and doubles it");
  }
  csv_free(&p);
  if (!r->status && (!r->csv->header || !r->csv->rows))
    r->status = qn_diag_set(r->diag, QN_EPARSE, r->path, NULL,
                            "expected a header line and at least one row");
  return r->status;
}

qn_status qn_csv_read(qn_csv **out, const char *path, qn_diag *diag)
{
  struct reader r = {.line = 1, .path = path, .diag = diag};
  char *data;
  size_t size, skip;
  qn_status st = qn_file_read(path, &data, &size, diag);

  *out = NULL;
  if (st)
    return st;
  r.csv = calloc(1, sizeof *r.csv);
  skip = size >= 3 && !memcmp(data, "\xef\xbb\xbf", 3) ? 3 : 0; /* BOM */
  if (!r.csv)
    st = qn_diag_out_of_memory(diag);
  else if (memchr(data, 0, size))
    st = qn_diag_set(diag, QN_EPARSE, path, NULL,
                     "a byte is 0: expected text in UTF-8");
  else
    st = parse(&r, data + skip, size - skip);
  drop_row(&r);
  free(r.row);
  free(data);
  if (st) {
    qn_csv_free(r.csv);
    return st;
  }
  *out = r.csv;
  return QN_OK;
}

void qn_csv_free(qn_csv *csv)
{
  if (!csv)
    return;
  for (size_t i = 0; i < csv->rows * csv->columns; i++)
    free(csv->cell[i]);
  for (size_t i = 0; csv->header && i < csv->columns; i++)
    free(csv->header[i]);
  free(csv->header);
  free(csv->order);
  free(csv->cell);
  free(csv->line);
  free(csv);
}

/* the first in order whose name is not below this one */
static size_t find(const qn_csv *csv, const char *name)
{
  size_t low = 0, high = csv->columns;

  while (low < high) {
    size_t middle = low + (high - low) / 2;

    if (strcmp(*csv->order[middle], name) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

size_t qn_csv_count(const qn_csv *csv, const char *name)
{
  size_t begin = find(csv, name), end = begin;

  while (end < csv->columns && !strcmp(*csv->order[end], name))
    end++;
  return end - begin;
}

size_t qn_csv_column(const qn_csv *csv, const char *name)
{
  size_t at = find(csv, name);

  if (at == csv->columns || strcmp(*csv->order[at], name))
    return csv->columns;
  return (size_t)(csv->order[at] - csv->header);
}

qn_status qn_csv_number(const qn_csv *csv, size_t row, size_t column,
                        const char *path, double *value, qn_diag *diag)
{
  const char *cell = csv->cell[row * csv->columns + column];
  char place[128];
  char *end;

  *value = strtod(cell, &end);
  if (end != cell && !*end && isfinite(*value))
    return QN_OK;
  snprintf(place, sizeof place, "line %zu, column '%.60s'", csv->line[row],
           csv->header[column]);
  return qn_diag_set(diag, QN_EPARSE, path, place,
                     "'%.60s' is not a finite number", cell);
}
