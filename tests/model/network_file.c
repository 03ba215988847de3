/* network_file.c - small LTC network files with chosen values, good or bad. */
#include "tests/model/network_file.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/base/scratch.h"

enum {
  TENSORS = 17,
  SMALL = 4096 /* elements of a tensor at most */
};

struct network_file {
  struct {
    const char *key;
    qn_tensor tensor;
    double value[SMALL];
  } at[TENSORS];
  size_t count;
  json_t *fields;
  char *metadata; /* used if whole */
  int whole;
};

/* ---- making ------------------------------------------------------------------- */

double network_file_value(const char *key, size_t i)
{
  double sensory = strncmp(key, "sensory_", 8) ? 0 : 1.0 / 32, n = (double)i;

  if (sensory > 0)
    key += 8;
  if (!strcmp(key, "sparsity_mask"))
    return 1;
  if (!strcmp(key, "cm"))
    return 1 + n / 8;
  if (!strcmp(key, "gleak"))
    return 2 + n / 8;
  if (!strcmp(key, "vleak"))
    return -0.5 + n / 8;
  if (!strcmp(key, "w"))
    return 1 + n / 16 + sensory;
  if (!strcmp(key, "sigma"))
    return 3 + n / 16 + sensory;
  if (!strcmp(key, "mu"))
    return n / 16 + sensory;
  if (!strcmp(key, "erev"))
    return (i % 2 ? -1 : 1) + sensory;
  if (!strcmp(key, "input_w"))
    return 2 + n;
  if (!strcmp(key, "input_b"))
    return n / 4;
  if (!strcmp(key, "output_w"))
    return 3 + n;
  return -n; /* output_b */
}

static void add(struct network_file *f, const char *key, size_t rank,
                size_t rows, size_t columns)
{
  f->at[f->count].key = key;
  f->at[f->count].tensor.dtype = QN_F64;
  f->count++;
  network_file_reshape(f, key, rank, rows, columns);
  for (size_t i = 0; i < f->at[f->count - 1].tensor.count; i++)
    f->at[f->count - 1].value[i] = network_file_value(key, i);
}

struct network_file *network_file_alloc(size_t inputs, size_t units,
                                        size_t outputs)
{
  static const char *const matrices[] = {"w", "sigma", "mu", "erev",
                                         "sparsity_mask"};
  static const char *const sensory[] = {"sensory_w", "sensory_sigma",
                                        "sensory_mu", "sensory_erev",
                                        "sensory_sparsity_mask"};
  struct network_file *f = calloc(1, sizeof *f);

  cr_assert(f != NULL);
  add(f, "cm", 1, units, 0);
  add(f, "gleak", 1, units, 0);
  add(f, "vleak", 1, units, 0);
  for (int i = 0; i < 5; i++)
    add(f, matrices[i], 2, units, units);
  for (int i = 0; i < 5; i++)
    add(f, sensory[i], 2, inputs, units);
  add(f, "input_w", 1, inputs, 0);
  add(f, "input_b", 1, inputs, 0);
  add(f, "output_w", 1, outputs, 0);
  add(f, "output_b", 1, outputs, 0);
  f->fields =
    json_pack("{s:s, s:I, s:I, s:I, s:b, s:i, s:f, s:s, s:s, s:b}", "cell",
              "ltc", "inputs", (json_int_t)inputs, "units", (json_int_t)units,
              "outputs", (json_int_t)outputs, "mixed_memory", 0, "ode_unfolds",
              6, "epsilon", 1e-8, "input_mapping", "affine", "output_mapping",
              "affine", "implicit_param_constraints", 0);
  cr_assert(f->fields != NULL);
  return f;
}

void network_file_free(struct network_file *f)
{
  json_decref(f->fields);
  free(f->metadata);
  free(f);
}

/* ---- changing ------------------------------------------------------------------ */

static size_t find(const struct network_file *f, const char *key)
{
  size_t i = 0;

  while (i < f->count && strcmp(f->at[i].key, key))
    i++;
  cr_assert(i < f->count, "no tensor %s", key);
  return i;
}

double *network_file_values(struct network_file *f, const char *key)
{
  return f->at[find(f, key)].value;
}

void network_file_reshape(struct network_file *f, const char *key, size_t rank,
                          size_t rows, size_t columns)
{
  qn_tensor *t = &f->at[find(f, key)].tensor;

  t->rank = rank;
  t->shape[0] = rows;
  t->shape[1] = columns;
  t->count = (rank > 0 ? rows : 1) * (rank > 1 ? columns : 1);
  cr_assert(t->count <= SMALL);
}

void network_file_retype(struct network_file *f, const char *key,
                         qn_dtype dtype)
{
  f->at[find(f, key)].tensor.dtype = dtype;
}

void network_file_remove(struct network_file *f, const char *key)
{
  size_t i = find(f, key);

  memmove(&f->at[i], &f->at[i + 1], (--f->count - i) * sizeof f->at[0]);
}

void network_file_set(struct network_file *f, const char *field,
                      const char *json)
{
  json_t *value = json ? json_loads(json, JSON_DECODE_ANY, NULL) : NULL;

  cr_assert(eq(int, json != NULL, value != NULL), "not JSON: %s", json);
  if (json)
    json_object_set_new(f->fields, field, value);
  else
    json_object_del(f->fields, field);
}

void network_file_set_metadata(struct network_file *f, const char *text)
{
  free(f->metadata);
  f->metadata = text ? strdup(text) : NULL;
  f->whole = 1;
}

/* ---- writing -------------------------------------------------------------------- */

/* the values in the tensor's own type, in room for doubles */
static void convert(qn_dtype dtype, const double *from, void *to, size_t count)
{
  for (size_t i = 0; i < count; i++)
    switch (dtype) {
    case QN_F64:
      ((double *)to)[i] = from[i];
      break;
    case QN_F32:
      ((float *)to)[i] = (float)from[i];
      break;
    case QN_I32:
      ((int32_t *)to)[i] = (int32_t)from[i];
      break;
    case QN_I64:
      ((int64_t *)to)[i] = (int64_t)from[i];
      break;
    case QN_U8:
    case QN_BOOL:
      ((uint8_t *)to)[i] = (uint8_t)from[i];
      break;
    }
}

const char *network_file_write(const struct network_file *f, const char *name)
{
  const char *path = scratch_path(name);
  static double data[TENSORS][SMALL];
  char *json = json_dumps(f->fields, JSON_COMPACT);
  const char *metadata = f->whole ? f->metadata : json;
  qn_tensor all[TENSORS];
  char names[TENSORS][64];

  for (size_t i = 0; i < f->count; i++) {
    all[i] = f->at[i].tensor;
    snprintf(names[i], sizeof names[i], "rnn_cell.%s", f->at[i].key);
    all[i].name = names[i];
    convert(all[i].dtype, f->at[i].value, data[i], all[i].count);
    all[i].data = data[i];
  }
  cr_assert(
    eq(int,
       qn_safetensors_write(path, all, f->count,
                            metadata ? "quench.network" : NULL, metadata, NULL),
       QN_OK));
  free(json);
  return path;
}

qn_network *network_file_open(struct network_file *f)
{
  qn_network *net;
  qn_diag d;
  qn_status st =
    qn_network_read(&net, network_file_write(f, "net.safetensors"), &d);

  network_file_free(f);
  cr_assert(eq(int, st, QN_OK), "%s: %s", d.place, d.message);
  return net;
}
