/* dataset_safetensors.c - a dataset in a .safetensors file. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/dataset_files.h"
#include <quench/safetensors.h>

struct reader {
  qn_dataset *data;
  const qn_network *net;
  const qn_safetensors *file;
  qn_diag *diag;
  size_t steps; /* of every sequence */
};

static qn_status bad(const struct reader *r, const char *name, const char *what)
{
  char place[96];

  snprintf(place, sizeof place, "tensor '%.80s'", name);
  return qn_diag_set(r->diag, QN_EPARSE, r->data->path, place, "%s", what);
}

static qn_status read_inputs(struct reader *r)
{
  const qn_tensor *t = qn_safetensors_find(r->file, "inputs");
  qn_dataset *d = r->data;
  char text[64];

  if (!t)
    return bad(r, "inputs",
               "missing: a dataset holds inputs [sequences, "
               "steps, features]");
  if (t->rank != 3 || !t->count)
    return bad(r, "inputs", "expected shape [sequences, steps, features]");
  if (t->shape[2] != r->net->inputs) {
    snprintf(text, sizeof text, "%zu features, the network takes %zu",
             t->shape[2], r->net->inputs);
    return bad(r, "inputs", text);
  }
  d->sequences = t->shape[0];
  d->features = t->shape[2];
  r->steps = t->shape[1];
  d->rows = d->sequences * r->steps;
  d->first = calloc(d->sequences + 1, sizeof *d->first);
  if (!d->first)
    return qn_diag_out_of_memory(r->diag);
  for (size_t s = 0; s <= d->sequences; s++)
    d->first[s] = s * r->steps;
  return QN_OK;
}

/* [sequences, steps, columns], or [sequences, steps] for columns 1; columns 0
 * takes any. An absent tensor leaves *to NULL. */
static qn_status read_rows(const struct reader *r, const char *name,
                           size_t *columns, double **to)
{
  const qn_tensor *t = qn_safetensors_find(r->file, name);
  size_t n;

  if (!t)
    return QN_OK;
  n = t->rank == 3 ? t->shape[2] : 1;
  if (t->rank < 2 || t->rank > 3 || t->shape[0] != r->data->sequences ||
      t->shape[1] != r->steps || n == 0 || (*columns && n != *columns))
    return bad(r, name, "its shape does not go with inputs and the network");
  *columns = n;
  *to = calloc(t->count, sizeof **to);
  if (!*to)
    return qn_diag_out_of_memory(r->diag);
  for (size_t i = 0; i < t->count; i++)
    (*to)[i] = qn_tensor_value(t, i);
  return QN_OK;
}

static qn_status read_metadata(const struct reader *r)
{
  const char *text = qn_safetensors_metadata(r->file, "quench.dataset");
  json_t *object = text ? json_loads(text, 0, NULL) : NULL;
  const json_t *named = json_object_get(object, "task");
  const char *task = json_is_string(named) ? json_string_value(named) : "?";
  const json_t *warmup = json_object_get(object, "warmup_steps");
  qn_status st = QN_OK;

  if (text && !json_is_object(object))
    st = qn_diag_set(r->diag, QN_EPARSE, r->data->path, "quench.dataset",
                     "not a JSON object");
  if (!st && named && !json_is_null(named) &&
      qn_task_from_name(task, &r->data->task))
    st = qn_diag_set(r->diag, QN_EPARSE, r->data->path, "quench.dataset",
                     "task '%.40s' is none of binary, binary_last, multiclass, "
                     "regression",
                     task);
  if (!st && warmup &&
      (!json_is_integer(warmup) || json_integer_value(warmup) < 0 ||
       (size_t)json_integer_value(warmup) >= r->steps))
    st = qn_diag_set(r->diag, QN_EPARSE, r->data->path, "quench.dataset",
                     "warmup_steps: expected an integer from 0 to %zu, one "
                     "less than the steps",
                     r->steps - 1);
  r->data->warmup_steps = (size_t)json_integer_value(warmup);
  json_decref(object);
  return st;
}

static qn_status read_all(struct reader *r)
{
  qn_dataset *d = r->data;
  size_t one = 1, outputs = r->net->outputs, units = r->net->units, any = 0;
  size_t features = r->net->inputs;
  qn_status st = read_inputs(r);

  if (!st)
    st = read_rows(r, "inputs", &features, &d->inputs);
  if (!st)
    st = read_rows(r, "timespans", &one, &d->timespans);
  if (!st)
    st = read_rows(r, "targets", &any, &d->targets);
  d->target_columns = any;
  if (!st)
    st = read_rows(r, "outputs", &outputs, &d->outputs);
  if (!st)
    st = read_rows(r, "states", &units, &d->states);
  return st ? st : read_metadata(r);
}

qn_status qn_dataset_read_safetensors(qn_dataset *data, const qn_network *net,
                                      qn_diag *diag)
{
  qn_safetensors *file;
  qn_status st = qn_safetensors_read(&file, data->path, diag);

  if (st)
    return st;
  st = read_all(&(struct reader){data, net, file, diag, 0});
  qn_safetensors_free(file);
  return st;
}
