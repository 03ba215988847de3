/* network_file.c - small network files with chosen values, good or bad. */
#include "tests/model/network_file.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/hdl/random_network.h"

enum {
  TENSORS = 48,
  SMALL = 4096, /* elements of a tensor at most */
  NAME = 64
};

struct network_file {
  struct {
    char name[NAME]; /* whole */
    qn_tensor tensor;
    double value[SMALL];
  } at[TENSORS];
  size_t count;
  json_t *fields;
  char *metadata; /* used if whole */
  int whole;
};

/* ---- values ------------------------------------------------------------------- */

static int ends_in(const char *text, const char *end)
{
  size_t n = strlen(text), k = strlen(end);

  return n >= k && !strcmp(text + n - k, end);
}

static double value_of_cfc(const char *key, size_t i)
{
  uint32_t h = 0;

  while (*key)
    h = 31 * h + (unsigned char)*key++;
  return ((double)((h + 7 * i) % 41) - 20) / 32;
}

double network_file_value(const char *key, size_t i)
{
  double sensory = strncmp(key, "sensory_", 8) ? 0 : 1.0 / 32, n = (double)i;

  if (ends_in(key, "sparsity_mask"))
    return 1;
  if (sensory > 0)
    key += 8;
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
  if (!strcmp(key, "output_b"))
    return -n;
  return value_of_cfc(key, i);
}

static double draw_value(unsigned *x, const char *key, double density)
{
  if (ends_in(key, "sparsity_mask"))
    return random_between(x, 0, 1) < density;
  if (!strcmp(key, "cm") || !strcmp(key, "gleak") || !strcmp(key, "w") ||
      !strcmp(key, "sensory_w"))
    return random_between(x, 0.1, 2);
  if (ends_in(key, "sigma"))
    return random_between(x, -9, 9);
  return random_between(x, -1.5, 1.5);
}

void network_file_draw(struct network_file *f, unsigned seed, double density)
{
  unsigned x = seed * 2654435761u + 1;

  for (size_t t = 0; t < f->count; t++)
    for (size_t i = 0; i < f->at[t].tensor.count; i++)
      f->at[t].value[i] = draw_value(&x, network_file_key(f, t), density);
}

/* ---- making ------------------------------------------------------------------- */

static void set_name(char *name, const char *key)
{
  int whole = !strncmp(key, "lstm.", 5) || !strncmp(key, "fc.", 3);

  cr_assert(
    lt(int, snprintf(name, NAME, "%s%s", whole ? "" : "rnn_cell.", key), NAME));
}

void network_file_add(struct network_file *f, const char *key, size_t rank,
                      size_t rows, size_t columns)
{
  cr_assert(lt(sz, f->count, TENSORS));
  set_name(f->at[f->count].name, key);
  f->at[f->count].tensor.dtype = QN_F64;
  f->at[f->count].tensor.name = f->at[f->count].name;
  f->count++;
  network_file_reshape(f, key, rank, rows, columns);
  for (size_t i = 0; i < f->at[f->count - 1].tensor.count; i++)
    f->at[f->count - 1].value[i] = network_file_value(key, i);
}

struct network_file *network_file_begin(const char *cell, size_t inputs,
                                        size_t units, size_t outputs)
{
  struct network_file *f = calloc(1, sizeof *f);

  cr_assert(f != NULL);
  f->fields = json_pack("{s:s, s:I, s:I, s:I, s:b}", "cell", cell, "inputs",
                        (json_int_t)inputs, "units", (json_int_t)units,
                        "outputs", (json_int_t)outputs, "mixed_memory", 0);
  cr_assert(f->fields != NULL);
  return f;
}

size_t network_file_size(const struct network_file *f, const char *field)
{
  return (size_t)json_integer_value(json_object_get(f->fields, field));
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
  char name[NAME];
  size_t i = 0;

  set_name(name, key);
  while (i < f->count && strcmp(f->at[i].name, name))
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
  for (; i < f->count; i++)
    f->at[i].tensor.name = f->at[i].name;
}

void network_file_rename(struct network_file *f, const char *key,
                         const char *to)
{
  set_name(f->at[find(f, key)].name, to);
}

void network_file_fill(struct network_file *f, const char *key, double value)
{
  size_t at = find(f, key);

  for (size_t i = 0; i < f->at[at].tensor.count; i++)
    f->at[at].value[i] = value;
}

size_t network_file_count(const struct network_file *f)
{
  return f->count;
}

const qn_tensor *network_file_at(const struct network_file *f, size_t i)
{
  return &f->at[i].tensor;
}

const char *network_file_key(const struct network_file *f, size_t i)
{
  const char *name = f->at[i].name;

  return strncmp(name, "rnn_cell.", 9) ? name : name + 9;
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

  for (size_t i = 0; i < f->count; i++) {
    all[i] = f->at[i].tensor;
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
