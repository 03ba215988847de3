/* tensors.c - checked access to a network file's tensors. */
#include "model/tensors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

qn_status qn_tensors_bad(const struct tensors *r, const char *name,
                         const char *what)
{
  char place[96];

  snprintf(place, sizeof place, "tensor '%.80s'", name);
  return qn_diag_set(r->diag, QN_EPARSE, r->net->path, place, "%s", what);
}

qn_status qn_tensors_bad_element(const struct tensors *r, const qn_tensor *t,
                                 size_t i, const char *want)
{
  size_t columns = t->rank ? t->shape[t->rank - 1] : 1;
  char place[128];

  if (t->rank == 2)
    snprintf(place, sizeof place, "tensor '%.80s' at [%zu,%zu]", t->name,
             i / columns, i % columns);
  else
    snprintf(place, sizeof place, "tensor '%.80s' at [%zu]", t->name, i);
  return qn_diag_set(r->diag, QN_EPARSE, r->net->path, place, "%g: %s",
                     qn_tensor_value(t, i), want);
}

static qn_status check_shape(const struct tensors *r, const qn_tensor *t,
                             size_t rows, size_t columns)
{
  char got[128], text[320];
  int fits = rows
               ? t->rank == 2 && t->shape[0] == rows && t->shape[1] == columns
               : t->rank == 1 && t->shape[0] == columns;

  if (fits)
    return QN_OK;
  if (rows)
    snprintf(text, sizeof text, "shape %s, expected [%zu,%zu]",
             qn_tensor_shape_text(t, got), rows, columns);
  else
    snprintf(text, sizeof text, "shape %s, expected [%zu]",
             qn_tensor_shape_text(t, got), columns);
  return qn_tensors_bad(r, t->name, text);
}

static qn_status missing(const struct tensors *r, const char *name, size_t rows,
                         size_t columns)
{
  char text[96];

  if (rows)
    snprintf(text, sizeof text, "missing, expected shape [%zu,%zu]", rows,
             columns);
  else
    snprintf(text, sizeof text, "missing, expected shape [%zu]", columns);
  return qn_tensors_bad(r, name, text);
}

const qn_tensor *qn_tensors_find_any(const struct tensors *r, const char *name)
{
  const qn_tensor *t = qn_safetensors_find(r->file, name);

  if (t)
    r->used[t - qn_safetensors_at(r->file, 0)] = 1;
  return t;
}

qn_status qn_tensors_find(const struct tensors *r, const char *name,
                          size_t rows, size_t columns, const qn_tensor **out)
{
  const qn_tensor *t;
  qn_status st;

  *out = t = qn_tensors_find_any(r, name);
  if (!t)
    return missing(r, name, rows, columns);
  if (t->dtype != QN_F32 && t->dtype != QN_F64)
    return qn_tensors_bad(r, name, "expected dtype F32 or F64");
  st = check_shape(r, t, rows, columns);
  for (size_t i = 0; !st && i < t->count; i++)
    if (!isfinite(qn_tensor_value(t, i)))
      st = qn_tensors_bad_element(r, t, i, "expected a finite number");
  return st;
}

qn_status qn_tensors_values(const struct tensors *r, const char *name,
                            size_t rows, size_t columns, double *to)
{
  const qn_tensor *t;
  qn_status st = qn_tensors_find(r, name, rows, columns, &t);

  for (size_t i = 0; !st && i < t->count; i++)
    to[i] = qn_tensor_value(t, i);
  return st;
}

/* room after the shape is known to be that of a tensor in the file */
qn_status qn_tensors_new(const struct tensors *r, const char *name, size_t rows,
                         size_t columns, double **new)
{
  const qn_tensor *t;
  qn_status st = qn_tensors_find(r, name, rows, columns, &t);

  if (st)
    return st;
  *new = malloc((t->count + 1) * sizeof **new);
  if (!*new)
    return qn_diag_out_of_memory(r->diag);
  for (size_t i = 0; i < t->count; i++)
    (*new)[i] = qn_tensor_value(t, i);
  return QN_OK;
}

qn_status qn_tensors_linear(const struct tensors *r, const char *name,
                            qn_bias bias, qn_linear *to)
{
  char key[96];
  qn_status st;

  if (!to->rows)
    return QN_OK;
  snprintf(key, sizeof key, "%s.weight", name);
  st = qn_tensors_new(r, key, to->rows, to->columns, &to->weight);
  if (st)
    return st;
  if (bias == QN_WITH_BIAS) {
    snprintf(key, sizeof key, "%s.bias", name);
    return qn_tensors_new(r, key, 0, to->rows, &to->bias);
  }
  to->bias = calloc(to->rows, sizeof *to->bias);
  return to->bias ? QN_OK : qn_diag_out_of_memory(r->diag);
}

/* the field that would make room for a tensor of this name */
static const char *remedy(const char *name)
{
  if (!strncmp(name, "lstm.", 5))
    return ": is 'mixed_memory' true?";
  if (!strncmp(name, "fc.", 3))
    return ": is 'projection' true?";
  return ": its fields are those of another network, or the tensor belongs to "
         "another part of the model";
}

qn_status qn_tensors_check_all_used(const struct tensors *r)
{
  char text[256];

  for (size_t i = 0; i < qn_safetensors_count(r->file); i++) {
    const char *name = qn_safetensors_at(r->file, i)->name;

    if (r->used[i])
      continue;
    snprintf(text, sizeof text,
             "is not a part of the network that quench.network describes%s",
             remedy(name));
    return qn_tensors_bad(r, name, text);
  }
  return QN_OK;
}
