/* dataset_csv.c - a dataset in a CSV table: feature columns by name, optional
 * sequence, timespan and target. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/dataset_files.h"
#include <quench/csv.h>

struct reader {
  qn_dataset *data;
  const qn_network *net;
  const qn_csv *csv;
  qn_diag *diag;
};

/* ---- sequences ----------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* a name that comes back after another one is a mistake in the file */
static qn_status check_contiguous(const struct reader *r, size_t column)
{
  const qn_dataset *d = r->data;
  char **name = malloc((d->sequences + 1) * sizeof *name);
  char place[96];
  qn_status st = QN_OK;

  if (!name)
    return qn_diag_out_of_memory(r->diag);
  for (size_t s = 0; s < d->sequences; s++)
    name[s] = r->csv->cell[d->first[s] * r->csv->columns + column];
  qsort(name, d->sequences, sizeof *name, by_text);
  for (size_t s = 1; s < d->sequences && !st; s++)
    if (!strcmp(name[s], name[s - 1])) {
      snprintf(place, sizeof place, "sequence '%.60s'", name[s]);
      st = qn_diag_set(r->diag, QN_EPARSE, d->path, place,
                       "its rows do not stand together");
    }
  free(name);
  return st;
}

static qn_status read_sequences(const struct reader *r)
{
  qn_dataset *d = r->data;
  const qn_csv *csv = r->csv;
  size_t column = qn_csv_column(csv, "sequence");
  int named = column < csv->columns;

  d->rows = csv->rows;
  d->first = calloc(csv->rows + 1, sizeof *d->first);
  if (!d->first)
    return qn_diag_out_of_memory(r->diag);
  for (size_t row = 0; row < csv->rows; row++)
    if (row == 0 ||
        (named && strcmp(csv->cell[row * csv->columns + column],
                         csv->cell[(row - 1) * csv->columns + column])))
      d->first[d->sequences++] = row;
  d->first[d->sequences] = csv->rows;
  return named ? check_contiguous(r, column) : QN_OK;
}

/* ---- columns ---------------------------------------------------------------------- */

static qn_status read_column(const struct reader *r, size_t column, double *to,
                             size_t stride)
{
  qn_status st = QN_OK;

  for (size_t row = 0; row < r->csv->rows && !st; row++)
    st = qn_csv_number(r->csv, row, column, r->data->path, &to[row * stride],
                       r->diag);
  return st;
}

/* Where a column is, or QN_EPARSE if it is there twice; csv->columns: absent. */
static qn_status find_column(const struct reader *r, const char *name,
                             size_t *column)
{
  *column = qn_csv_column(r->csv, name);
  if (qn_csv_count(r->csv, name) > 1)
    return qn_diag_set(r->diag, QN_EPARSE, r->data->path, "header",
                       "column '%.100s' is there twice", name);
  return QN_OK;
}

/* the column of input k; taken[column] says which have been found */
static qn_status find_feature(const struct reader *r, size_t k, char *taken,
                              size_t *column)
{
  const char *name = r->net->input_names[k];
  qn_status st = find_column(r, name, column);

  if (st)
    return st;
  if (*column == r->csv->columns)
    return qn_diag_set(r->diag, QN_EPARSE, r->data->path, "header",
                       "no column '%.100s', which the network takes", name);
  if (taken[*column])
    return qn_diag_set(r->diag, QN_EPARSE, r->data->path, "header",
                       "two inputs of the network are called '%.100s': its "
                       "data cannot stand in a .csv file",
                       name);
  taken[*column] = 1;
  return QN_OK;
}

static qn_status read_features(const struct reader *r)
{
  qn_dataset *d = r->data;
  size_t n = r->net->inputs;
  size_t *column = malloc(n * sizeof *column);
  char *taken = calloc(r->csv->columns, 1);
  qn_status st = column && taken ? QN_OK : qn_diag_out_of_memory(r->diag);

  for (size_t k = 0; k < n && !st; k++)
    st = find_feature(r, k, taken, &column[k]);
  d->features = n;
  if (!st && !(d->inputs = calloc(d->rows * n, sizeof *d->inputs)))
    st = qn_diag_out_of_memory(r->diag);
  for (size_t k = 0; k < n && !st; k++)
    st = read_column(r, column[k], d->inputs + k, n);
  free(column);
  free(taken);
  return st;
}

/* a column that may be absent: *to stays NULL then */
static qn_status read_optional(const struct reader *r, const char *name,
                               double **to)
{
  size_t column;
  qn_status st = find_column(r, name, &column);

  if (st || column == r->csv->columns)
    return st;
  *to = calloc(r->csv->rows, sizeof **to);
  if (!*to)
    return qn_diag_out_of_memory(r->diag);
  return read_column(r, column, *to, 1);
}

static qn_status read_table(const struct reader *r)
{
  qn_status st = read_sequences(r);

  if (!st)
    st = read_features(r);
  if (!st)
    st = read_optional(r, "timespan", &r->data->timespans);
  if (!st)
    st = read_optional(r, "target", &r->data->targets);
  r->data->target_columns = r->data->targets != NULL;
  return st;
}

qn_status qn_dataset_read_csv(qn_dataset *data, const qn_network *net,
                              qn_diag *diag)
{
  qn_csv *csv;
  qn_status st = qn_csv_read(&csv, data->path, diag);

  if (!st)
    st = read_table(&(struct reader){data, net, csv, diag});
  if (csv)
    qn_csv_free(csv);
  return st;
}
