/* safetensors.c - reading and writing .safetensors with jansson. */
#include <quench/safetensors.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/file.h>
#include <quench/text.h>

struct qn_safetensors {
  char *path;
  char *file; /* the bytes that the tensors point into */
  size_t size;
  char sha256[65];
  json_t *header;
  qn_tensor *tensor;
  const qn_tensor **order; /* by name */
  size_t count;
};

/* The format's own limit: a header takes some 80 times its size to read. */
enum { HEADER_MAX = 100000000 };

static const struct {
  const char *name;
  size_t size;
} dtypes[] = {
  [QN_F32] = {"F32", 4}, [QN_F64] = {"F64", 8}, [QN_I32] = {"I32", 4},
  [QN_I64] = {"I64", 8}, [QN_U8] = {"U8", 1},   [QN_BOOL] = {"BOOL", 1},
};
enum { DTYPES = sizeof dtypes / sizeof *dtypes };

/* ---- the header ------------------------------------------------------------ */

static qn_status bad(const qn_safetensors *f, const char *tensor,
                     const char *what, qn_diag *diag)
{
  char place[128];

  snprintf(place, sizeof place, "tensor '%.100s'", tensor);
  return qn_diag_set(diag, QN_EPARSE, f->path, place, "%s", what);
}

static qn_status parse_dtype(const qn_safetensors *f, const json_t *entry,
                             qn_tensor *t, qn_diag *diag)
{
  const char *name = json_string_value(json_object_get(entry, "dtype"));

  for (int i = 0; name && i < DTYPES; i++)
    if (!strcmp(name, dtypes[i].name)) {
      t->dtype = (qn_dtype)i;
      return QN_OK;
    }
  return bad(f, t->name, "dtype is none of F32, F64, I32, I64, U8, BOOL", diag);
}

static qn_status parse_shape(const qn_safetensors *f, const json_t *entry,
                             qn_tensor *t, qn_diag *diag)
{
  const json_t *shape = json_object_get(entry, "shape");

  t->rank = json_array_size(shape);
  t->count = 1;
  if (!json_is_array(shape) || t->rank > QN_TENSOR_RANK_MAX)
    return bad(f, t->name, "shape is not a list of at most 8 sizes", diag);
  for (size_t i = 0; i < t->rank; i++) {
    const json_t *item = json_array_get(shape, i);
    json_int_t n = json_integer_value(item);

    if (!json_is_integer(item) || n < 0 ||
        (n > 0 && t->count > f->size / (size_t)n))
      return bad(f, t->name, "shape does not fit into the file", diag);
    t->shape[i] = (size_t)n;
    t->count *= (size_t)n;
  }
  return QN_OK;
}

static qn_status parse_offsets(const qn_safetensors *f, const json_t *entry,
                               size_t data_start, qn_tensor *t, qn_diag *diag)
{
  const json_t *pair = json_object_get(entry, "data_offsets");
  const json_t *b = json_array_get(pair, 0), *e = json_array_get(pair, 1);
  json_int_t begin = json_integer_value(b), end = json_integer_value(e);
  size_t room = f->size - data_start;

  if (json_array_size(pair) != 2 || !json_is_integer(b) || !json_is_integer(e))
    return bad(f, t->name, "data_offsets is not a pair of integers", diag);
  if (begin < 0 || end < begin || (size_t)end > room)
    return bad(f, t->name, "data_offsets reach outside the file", diag);
  if ((size_t)(end - begin) != t->count * dtypes[t->dtype].size)
    return bad(f, t->name, "data_offsets do not match shape and dtype", diag);
  t->data = f->file + data_start + begin;
  return QN_OK;
}

static int by_address(const void *a, const void *b)
{
  const qn_tensor *const *x = a, *const *y = b;

  return ((*x)->data > (*y)->data) - ((*x)->data < (*y)->data);
}

static int by_name(const void *a, const void *b)
{
  const qn_tensor *const *x = a, *const *y = b;

  return strcmp((*x)->name, (*y)->name);
}

static qn_status check_overlap(const qn_safetensors *f, qn_diag *diag)
{
  const char *reached = NULL;

  for (size_t i = 0; i < f->count; i++) {
    const qn_tensor *t = f->order[i];

    if (!t->count)
      continue;
    if (reached && (const char *)t->data < reached)
      return bad(f, t->name, "data_offsets overlap another tensor's", diag);
    reached = (const char *)t->data + t->count * dtypes[t->dtype].size;
  }
  return QN_OK;
}

static qn_status put_in_order(qn_safetensors *f, qn_diag *diag)
{
  qn_status st;

  f->order = malloc((f->count + 1) * sizeof *f->order);
  if (!f->order)
    return qn_diag_out_of_memory(diag);
  for (size_t i = 0; i < f->count; i++)
    f->order[i] = &f->tensor[i];
  qsort(f->order, f->count, sizeof *f->order, by_address);
  st = check_overlap(f, diag);
  qsort(f->order, f->count, sizeof *f->order, by_name);
  return st;
}

static qn_status parse_tensors(qn_safetensors *f, size_t data_start,
                               qn_diag *diag)
{
  const char *name;
  json_t *entry;
  qn_status st = QN_OK;

  f->tensor = calloc(json_object_size(f->header) + 1, sizeof *f->tensor);
  if (!f->tensor)
    return qn_diag_out_of_memory(diag);
  json_object_foreach(f->header, name, entry)
  {
    qn_tensor *t = &f->tensor[f->count];

    if (!strcmp(name, "__metadata__"))
      continue;
    t->name = name;
    st = parse_dtype(f, entry, t, diag);
    if (!st)
      st = parse_shape(f, entry, t, diag);
    if (!st)
      st = parse_offsets(f, entry, data_start, t, diag);
    if (st)
      return st;
    f->count++;
  }
  return put_in_order(f, diag);
}

static qn_status parse(qn_safetensors *f, qn_diag *diag)
{
  const unsigned char *p = (const unsigned char *)f->file;
  uint64_t length = 0;
  json_error_t error;
  char place[64];

  if (f->size < 8)
    return qn_diag_set(diag, QN_EPARSE, f->path, NULL,
                       "%s: a .safetensors file begins with 8 bytes of header "
                       "length",
                       f->size ? "too short" : "the file is empty");
  for (int i = 7; i >= 0; i--)
    length = length << 8 | p[i];
  if (length > f->size - 8)
    return qn_diag_set(diag, QN_EPARSE, f->path, "header",
                       "says it is %llu bytes long, the file has %zu: it was "
                       "cut short or is no .safetensors file",
                       (unsigned long long)length, f->size - 8);
  if (length > HEADER_MAX)
    return qn_diag_set(diag, QN_EPARSE, f->path, "header",
                       "is %llu bytes long, the format allows %d",
                       (unsigned long long)length, HEADER_MAX);
  f->header =
    json_loadb(f->file + 8, (size_t)length, JSON_REJECT_DUPLICATES, &error);
  if (!json_is_object(f->header)) {
    snprintf(place, sizeof place, "header, byte %d", error.position);
    return qn_diag_set(diag, QN_EPARSE, f->path, f->header ? "header" : place,
                       "not a JSON object%s%.80s", f->header ? "" : ": ",
                       f->header ? "" : error.text);
  }
  return parse_tensors(f, 8 + (size_t)length, diag);
}

/* ---- life cycle and access --------------------------------------------------- */

qn_status qn_safetensors_read(qn_safetensors **out, const char *path,
                              qn_diag *diag)
{
  qn_safetensors *f = calloc(1, sizeof *f);
  qn_status st;

  *out = NULL;
  if (!f)
    return qn_diag_out_of_memory(diag);
  f->path = qn_text_format("%s", path);
  st = f->path ? qn_file_read(path, &f->file, &f->size, diag)
               : qn_diag_out_of_memory(diag);
  if (!st)
    st = parse(f, diag);
  if (st) {
    qn_safetensors_free(f);
    return st;
  }
  qn_file_sha256(f->file, f->size, f->sha256);
  *out = f;
  return QN_OK;
}

void qn_safetensors_free(qn_safetensors *f)
{
  if (!f)
    return;
  json_decref(f->header);
  free(f->tensor);
  free(f->order);
  free(f->file);
  free(f->path);
  free(f);
}

const char *qn_safetensors_path(const qn_safetensors *f)
{
  return f->path;
}

const char *qn_safetensors_sha256(const qn_safetensors *f)
{
  return f->sha256;
}

size_t qn_safetensors_size(const qn_safetensors *f)
{
  return f->size;
}

size_t qn_safetensors_count(const qn_safetensors *f)
{
  return f->count;
}

const qn_tensor *qn_safetensors_at(const qn_safetensors *f, size_t i)
{
  return &f->tensor[i];
}

const qn_tensor *qn_safetensors_find(const qn_safetensors *f, const char *name)
{
  const qn_tensor key = {.name = name}, *of = &key, **found;

  found = bsearch(&of, f->order, f->count, sizeof *f->order, by_name);
  return found ? *found : NULL;
}

const char *qn_safetensors_metadata(const qn_safetensors *f, const char *key)
{
  const json_t *metadata = json_object_get(f->header, "__metadata__");

  return json_string_value(json_object_get(metadata, key));
}

double qn_tensor_value(const qn_tensor *t, size_t i)
{
  const char *p = (const char *)t->data + i * dtypes[t->dtype].size;
  float f32;
  double f64;
  int32_t i32;
  int64_t i64;

  switch (t->dtype) {
  case QN_F32:
    memcpy(&f32, p, sizeof f32);
    return (double)f32;
  case QN_F64:
    memcpy(&f64, p, sizeof f64);
    return f64;
  case QN_I32:
    memcpy(&i32, p, sizeof i32);
    return i32;
  case QN_I64:
    memcpy(&i64, p, sizeof i64);
    return (double)i64;
  case QN_U8:
  case QN_BOOL:
    break;
  }
  return *(const unsigned char *)p;
}

const char *qn_tensor_shape_text(const qn_tensor *t, char text[128])
{
  size_t n = 1;

  text[0] = '[';
  text[1] = 0;
  for (size_t i = 0; i < t->rank && n < 100; i++)
    n +=
      (size_t)snprintf(text + n, 128 - n, "%s%zu", i ? "," : "", t->shape[i]);
  snprintf(text + n, 128 - n, "]");
  return text;
}

/* ---- writing --------------------------------------------------------------------- */

static json_t *describe(const qn_tensor *t, size_t begin, size_t end)
{
  json_t *shape = json_array();

  for (size_t i = 0; i < t->rank; i++)
    json_array_append_new(shape, json_integer((json_int_t)t->shape[i]));
  return json_pack("{s:s, s:o, s:[I, I]}", "dtype", dtypes[t->dtype].name,
                   "shape", shape, "data_offsets", (json_int_t)begin,
                   (json_int_t)end);
}

static char *header_text(const qn_tensor *tensors, size_t count,
                         const char *key, const char *value)
{
  json_t *header = json_object();
  size_t at = 0;
  char *text;

  if (key)
    json_object_set_new(header, "__metadata__", json_pack("{s:s}", key, value));
  for (size_t i = 0; i < count; i++) {
    size_t end = at + tensors[i].count * dtypes[tensors[i].dtype].size;

    json_object_set_new(header, tensors[i].name,
                        describe(&tensors[i], at, end));
    at = end;
  }
  text = json_dumps(header, JSON_COMPACT);
  json_decref(header);
  return text;
}

qn_status qn_safetensors_write(const char *path, const qn_tensor *tensors,
                               size_t count, const char *key, const char *value,
                               qn_diag *diag)
{
  char *header = header_text(tensors, count, key, value);
  uint64_t length = header ? (strlen(header) + 7) / 8 * 8 : 0;
  unsigned char prefix[8];
  qn_text file;
  qn_status st;

  if (!header)
    return qn_diag_out_of_memory(diag);
  qn_text_init(&file);
  for (int i = 0; i < 8; i++)
    prefix[i] = (unsigned char)(length >> (8 * i));
  qn_text_add_bytes(&file, prefix, sizeof prefix);
  qn_text_add(&file, "%-*s", (int)length, header); /* padded with spaces */
  for (size_t i = 0; i < count; i++)
    qn_text_add_bytes(&file, tensors[i].data,
                      tensors[i].count * dtypes[tensors[i].dtype].size);
  st = file.failed ? qn_diag_out_of_memory(diag)
                   : qn_file_write(path, file.data, file.length, diag);
  qn_text_release(&file);
  free(header);
  return st;
}
