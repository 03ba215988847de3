/* dataset.c - a dataset: reading, checking, slicing. */
#include <quench/dataset.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/dataset_files.h"
#include <quench/text.h>

/* ---- checks -------------------------------------------------------------------- */

static size_t sequence_of(const qn_dataset *d, size_t row)
{
  size_t s = 0;

  while (d->first[s + 1] <= row)
    s++;
  return s;
}

static qn_status bad_row(const qn_dataset *d, size_t row, const char *what,
                         double value, const char *want, qn_diag *diag)
{
  size_t s = sequence_of(d, row);
  char place[96];

  snprintf(place, sizeof place, "sequence %zu, step %zu, %s", s,
           row - d->first[s], what);
  return qn_diag_set(diag, QN_EPARSE, d->path, place, "%g: expected %s", value,
                     want);
}

static qn_status check_inputs(const qn_dataset *d, qn_diag *diag)
{
  char what[32];

  for (size_t i = 0; i < d->rows * d->features; i++)
    if (!isfinite(d->inputs[i])) {
      snprintf(what, sizeof what, "feature %zu", i % d->features);
      return bad_row(d, i / d->features, what, d->inputs[i], "a finite number",
                     diag);
    }
  for (size_t row = 0; d->timespans && row < d->rows; row++)
    if (!(d->timespans[row] >= 1e-12) || !isfinite(d->timespans[row]))
      return bad_row(d, row, "time span", d->timespans[row],
                     "a finite number of at least 1e-12", diag);
  return QN_OK;
}

/* a class in [0, classes) or, for regression, a finite value for each output */
static qn_status check_targets(const qn_dataset *d, const qn_network *net,
                               qn_diag *diag)
{
  size_t columns = d->task == QN_TASK_REGRESSION ? net->outputs : 1;
  double classes = d->task == QN_TASK_MULTICLASS ? (double)net->outputs : 2;

  if (!d->targets || d->task == QN_TASK_NONE)
    return QN_OK;
  if (d->target_columns != columns)
    return qn_diag_set(diag, QN_EPARSE, d->path, "targets",
                       "%zu columns, task '%s' of this network needs %zu",
                       d->target_columns, qn_task_name(d->task), columns);
  for (size_t i = 0; i < d->rows * columns; i++) {
    double y = d->targets[i];

    if (!isfinite(y))
      return bad_row(d, i / columns, "target", y, "a finite number", diag);
    if (d->task != QN_TASK_REGRESSION &&
        (y < 0 || y >= classes || y != floor(y)))
      return bad_row(d, i / columns, "target", y, "a class of the task", diag);
  }
  return QN_OK;
}

static qn_status scale_inputs(qn_dataset *d, const qn_network *net,
                              qn_diag *diag)
{
  if (!net->input_mean)
    return qn_diag_set(diag, QN_EINVAL, net->path, "quench.network",
                       "no input_mean and input_std: raw inputs cannot be "
                       "scaled; leave --raw out");
  for (size_t i = 0; i < d->rows * d->features; i++) {
    size_t k = i % d->features;

    d->inputs[i] = (d->inputs[i] - net->input_mean[k]) / net->input_std[k];
  }
  return QN_OK;
}

/* ---- reading -------------------------------------------------------------------- */

static qn_status read_by_extension(qn_dataset *d, const qn_network *net,
                                   qn_diag *diag)
{
  const char *dot = strrchr(d->path, '.');

  if (dot && !strcmp(dot, ".csv"))
    return qn_dataset_read_csv(d, net, diag);
  if (dot && !strcmp(dot, ".safetensors"))
    return qn_dataset_read_safetensors(d, net, diag);
  return qn_diag_set(diag, QN_EINVAL, d->path, NULL,
                     "a dataset's name ends in .csv or .safetensors");
}

qn_status qn_dataset_read(qn_dataset **out, const char *path,
                          const qn_network *net, qn_input_scale scale,
                          qn_diag *diag)
{
  qn_dataset *d = calloc(1, sizeof *d);
  qn_status st;

  *out = NULL;
  if (!d || !(d->path = qn_text_format("%s", path))) {
    free(d);
    return qn_diag_out_of_memory(diag);
  }
  d->task = net->task;
  st = read_by_extension(d, net, diag);
  if (!st && scale == QN_INPUT_RAW)
    st = scale_inputs(d, net, diag);
  if (!st)
    st = check_inputs(d, diag);
  if (!st)
    st = check_targets(d, net, diag);
  if (st) {
    qn_dataset_free(d);
    return st;
  }
  *out = d;
  return QN_OK;
}

void qn_dataset_free(qn_dataset *d)
{
  if (!d)
    return;
  free(d->path);
  free(d->first);
  free(d->inputs);
  free(d->timespans);
  free(d->targets);
  free(d->outputs);
  free(d->states);
  free(d);
}

/* ---- picks and look-ups ------------------------------------------------------------ */

size_t qn_sequence_pick(size_t i, size_t count, size_t total)
{
  return i * total / count;
}

/* the rows of the picked sequences out of an array with `columns` */
static double *pick_rows(const double *array, size_t columns,
                         const qn_dataset *from, const qn_dataset *to,
                         int *failed)
{
  double *copy = array ? malloc((to->rows * columns + 1) * sizeof *copy) : NULL;

  *failed |= array && !copy;
  for (size_t s = 0; copy && s < to->sequences; s++) {
    size_t source = qn_sequence_pick(s, to->sequences, from->sequences);

    memcpy(copy + to->first[s] * columns, array + from->first[source] * columns,
           (to->first[s + 1] - to->first[s]) * columns * sizeof *copy);
  }
  return copy;
}

static void pick_lengths(const qn_dataset *from, qn_dataset *to)
{
  for (size_t s = 0; s < to->sequences; s++) {
    size_t source = qn_sequence_pick(s, to->sequences, from->sequences);

    to->first[s + 1] =
      to->first[s] + from->first[source + 1] - from->first[source];
  }
  to->rows = to->first[to->sequences];
}

/* what ncps computed is not kept: a pick serves runs, not checks */
qn_status qn_dataset_pick(qn_dataset **out, const qn_dataset *data,
                          size_t count)
{
  qn_dataset *d = calloc(1, sizeof *d);
  int failed = 0;

  *out = NULL;
  if (!d)
    return QN_ENOMEM;
  d->features = data->features;
  d->target_columns = data->target_columns;
  d->task = data->task;
  d->warmup_steps = data->warmup_steps;
  d->sequences = count;
  d->path = qn_text_format("%s", data->path);
  d->first = calloc(count + 1, sizeof *d->first);
  if (d->first) {
    pick_lengths(data, d);
    d->inputs = pick_rows(data->inputs, d->features, data, d, &failed);
    d->timespans = pick_rows(data->timespans, 1, data, d, &failed);
    d->targets = pick_rows(data->targets, d->target_columns, data, d, &failed);
  }
  if (failed || !d->path || !d->first) {
    qn_dataset_free(d);
    return QN_ENOMEM;
  }
  *out = d;
  return QN_OK;
}

size_t qn_dataset_longest(const qn_dataset *data)
{
  size_t longest = 0;

  for (size_t s = 0; s < data->sequences; s++)
    if (data->first[s + 1] - data->first[s] > longest)
      longest = data->first[s + 1] - data->first[s];
  return longest;
}

double qn_dataset_span(const qn_dataset *data, size_t row)
{
  return data->timespans ? data->timespans[row] : 1.0;
}

double qn_dataset_common_span(const qn_dataset *data)
{
  double span = qn_dataset_span(data, 0);

  for (size_t row = 1; row < data->rows; row++)
    if (qn_dataset_span(data, row) != span)
      return 0;
  return span;
}
