/* fuzz_mutate.c - a .safetensors file taken apart, changed and put together. */
#include "tests/fuzz/fuzz_mutate.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz_run.h"

enum { PARTS_MAX = 128, RANK_MAX = 9, BYTES_MAX = 4096 };

static const struct {
  const char *name;
  size_t size;
} dtypes[] = {{"F32", 4}, {"F64", 8},  {"I32", 4}, {"I64", 8},
              {"U8", 1},  {"BOOL", 1}, {"F16", 2}};
enum { DTYPES = sizeof dtypes / sizeof *dtypes };

struct part {
  char name[96];
  unsigned dtype;
  size_t rank;
  json_int_t shape[RANK_MAX];
  json_int_t lie; /* added to where it ends */
  size_t size;
  uint8_t bytes[BYTES_MAX];
};

struct file {
  const struct fuzz_words *words;
  uint64_t random;
  json_t *metadata;
  json_int_t was, is; /* a size and what it becomes */
  size_t count;
  struct part part[PARTS_MAX];
};

/* ---- chance -------------------------------------------------------------------- */

/* one of n (Marsaglia 2003, xorshift) */
static size_t pick(struct file *f, size_t n)
{
  f->random ^= f->random << 13;
  f->random ^= f->random >> 7;
  f->random ^= f->random << 17;
  return (size_t)((f->random >> 16) % n);
}

static const char *pick_word(struct file *f, const char *const *words)
{
  size_t n = 0;

  while (words[n])
    n++;
  return words[pick(f, n)];
}

static json_int_t pick_size(struct file *f)
{
  static const json_int_t odd[] = {-1,      255,        65536,
                                   1048577, 4294967296, INT64_MAX};
  size_t i = pick(f, 40);

  return i < 6 ? odd[i] : (json_int_t)(i % 5);
}

/* ---- taking apart -------------------------------------------------------------- */

static unsigned find_dtype(const char *name)
{
  unsigned i = 0;

  while (i < DTYPES - 1 && name && strcmp(name, dtypes[i].name))
    i++;
  return i;
}

static void take_part(struct file *f, const char *name, const json_t *entry,
                      const uint8_t *data, size_t room)
{
  struct part *p = &f->part[f->count];
  const json_t *shape = json_object_get(entry, "shape");
  const json_t *offsets = json_object_get(entry, "data_offsets");
  json_int_t begin = json_integer_value(json_array_get(offsets, 0));
  json_int_t end = json_integer_value(json_array_get(offsets, 1));

  memset(p, 0, sizeof *p);
  strncpy(p->name, name, sizeof p->name - 1);
  p->dtype = find_dtype(json_string_value(json_object_get(entry, "dtype")));
  for (; p->rank < json_array_size(shape) && p->rank < RANK_MAX; p->rank++)
    p->shape[p->rank] = json_integer_value(json_array_get(shape, p->rank));
  if (begin >= 0 && end > begin && (size_t)end <= room) {
    p->size =
      (size_t)(end - begin) < BYTES_MAX ? (size_t)(end - begin) : BYTES_MAX;
    memcpy(p->bytes, data + begin, p->size);
  }
  f->count++;
}

static int take_apart(struct file *f, const uint8_t *data, size_t size)
{
  uint64_t length = 0;
  json_t *header, *entry;
  const char *name;

  for (int i = 7; i >= 0 && size >= 8; i--)
    length = length << 8 | data[i];
  if (size < 8 || length > size - 8)
    return 0;
  header = json_loadb((const char *)data + 8, (size_t)length, 0, NULL);
  json_object_foreach(header, name, entry)
  {
    if (!strcmp(name, "__metadata__"))
      f->metadata = json_incref(entry);
    else if (f->count < PARTS_MAX)
      take_part(f, name, entry, data + 8 + length, size - 8 - (size_t)length);
  }
  json_decref(header);
  return header != NULL;
}

/* ---- metadata -------------------------------------------------------------------- */

static json_t *pick_value(struct file *f)
{
  return json_loads(pick_word(f, f->words->values), JSON_DECODE_ANY, NULL);
}

static const char *pick_key(struct file *f, json_t *object)
{
  void *at = json_object_iter(object);

  if (!at || pick(f, 4) == 0)
    return pick_word(f, f->words->keys);
  for (size_t n = pick(f, json_object_size(object)); n > 0; n--)
    at = json_object_iter_next(object, at);
  return json_object_iter_key(at);
}

static void change_list(struct file *f, json_t *list)
{
  size_t n = json_array_size(list);

  if (n && pick(f, 3) == 0)
    json_array_remove(list, pick(f, n));
  else if (n && pick(f, 2))
    json_array_append(list, json_array_get(list, pick(f, n)));
  else
    json_array_insert_new(list, pick(f, n + 1), pick_value(f));
}

static void change_value(struct file *f, json_t *object)
{
  const char *key = pick_key(f, object);
  json_t *v = json_object_get(object, key);

  if (json_is_object(v) && pick(f, 4))
    change_value(f, v);
  else if (json_is_array(v) && pick(f, 4))
    change_list(f, v);
  else if (json_is_integer(v) && pick(f, 2))
    json_integer_set(v, json_integer_value(v) / 2 + (json_int_t)pick(f, 3));
  else if (v && pick(f, 4) == 0)
    json_object_del(object, key);
  else
    json_object_set_new(object, key, pick_value(f));
}

/* calls change on the JSON text that is a string of the metadata */
static void change_metadata(struct file *f,
                            void (*change)(struct file *, json_t *))
{
  const char *key = f->words->metadata;
  const char *text = json_string_value(json_object_get(f->metadata, key));
  json_t *object = text ? json_loads(text, 0, NULL) : NULL;
  char *changed;

  object = object ? object : json_object();
  change(f, object);
  changed = json_dumps(object, JSON_COMPACT);
  if (!json_is_object(f->metadata)) {
    json_decref(f->metadata);
    f->metadata = json_object();
  }
  if (changed)
    json_object_set_new(f->metadata, key, json_string(changed));
  free(changed);
  json_decref(object);
}

/* ---- tensors ------------------------------------------------------------------------ */

/* as many bytes as dtype and shape ask for, if there is room */
static void fit(struct part *p)
{
  size_t want = dtypes[p->dtype].size;

  for (size_t i = 0; i < p->rank; i++) {
    if (p->shape[i] < 0 || p->shape[i] > BYTES_MAX)
      return;
    want *= (size_t)p->shape[i];
    if (want > BYTES_MAX)
      return;
  }
  if (want > p->size)
    memset(p->bytes + p->size, 0, want - p->size);
  p->size = want;
}

static void change_number(struct file *f, struct part *p)
{
  static const double odd[] = {
    0,    1,    -1,   2,      0.5,   -0.5,   3,      (double)NAN, 1e308, -1e308,
    1e39, 20.5, -750, 4e-324, 1e-12, -1e-30, 1e-300, 1e16,        -0.0};
  double x = odd[pick(f, pick(f, 2) ? 2 : sizeof odd / sizeof *odd)];
  size_t size = dtypes[p->dtype].size;
  float single = (float)x;
  int32_t i32 = fabs(x) < 1e9 ? (int32_t)x : -1;
  int64_t i64 = fabs(x) < 1e18 ? (int64_t)x : INT64_MIN;
  const void *from[] = {&single, &x, &i32, &i64, &i32, &i32, &i32};

  if (p->size >= size)
    memcpy(p->bytes + pick(f, p->size / size) * size, from[p->dtype], size);
}

static void add_part(struct file *f, const struct part *like)
{
  struct part *p = &f->part[f->count];

  if (f->count == PARTS_MAX)
    return;
  *p = *like;
  strncpy(p->name, pick_word(f, f->words->tensors), sizeof p->name - 1);
  f->count++;
}

static void change_part(struct file *f)
{
  struct part *p = &f->part[pick(f, f->count)];

  switch (pick(f, 12)) {
  case 0:
    *p = f->part[--f->count];
    break;
  case 1:
    add_part(f, p);
    break;
  case 2:
    strncpy(p->name, pick_word(f, f->words->tensors), sizeof p->name - 1);
    break;
  case 3:
    p->dtype = (unsigned)pick(f, DTYPES);
    fit(p);
    break;
  case 4:
    p->rank = pick(f, pick(f, 4) ? 4 : RANK_MAX + 1);
    fit(p);
    break;
  case 5:
    if (p->rank)
      p->shape[pick(f, p->rank)] = pick_size(f);
    fit(p);
    break;
  case 6:
    p->lie = pick(f, 4) ? (json_int_t)pick(f, 17) - 8 : pick_size(f);
    break;
  case 7:
    if (p->size)
      LLVMFuzzerMutate(p->bytes, p->size, p->size);
    break;
  default:
    change_number(f, p);
  }
}

static void replace_size(struct file *f, json_t *object)
{
  const char *key;
  json_t *v;

  json_object_foreach(object, key, v)
  {
    if (json_is_integer(v) && json_integer_value(v) == f->was)
      json_integer_set(v, f->is);
  }
}

/* one size of the network: everywhere another */
static void change_size(struct file *f)
{
  const struct part *p = &f->part[pick(f, f->count)];

  if (!p->rank)
    return;
  f->was = p->shape[pick(f, p->rank)];
  f->is = (json_int_t)pick(f, 5);
  for (size_t i = 0; i < f->count; i++) {
    for (size_t k = 0; k < f->part[i].rank; k++)
      if (f->part[i].shape[k] == f->was)
        f->part[i].shape[k] = f->is;
    fit(&f->part[i]);
  }
  change_metadata(f, replace_size);
}

/* ---- putting together -------------------------------------------------------------- */

static json_t *describe(const struct part *p, size_t begin)
{
  json_t *shape = json_array();

  for (size_t i = 0; i < p->rank; i++)
    json_array_append_new(shape, json_integer(p->shape[i]));
  return json_pack("{s:s, s:o, s:[I, I]}", "dtype", dtypes[p->dtype].name,
                   "shape", shape, "data_offsets", (json_int_t)begin,
                   (json_int_t)(begin + p->size) + p->lie % 65536);
}

/* the size of the file, or 0 if it has no room */
static size_t put_together(const struct file *f, uint8_t *data, size_t max)
{
  json_t *header = json_object();
  size_t at = 0, length;
  char *text;

  if (f->metadata)
    json_object_set(header, "__metadata__", f->metadata);
  for (size_t i = 0; i < f->count; at += f->part[i++].size)
    json_object_set_new(header, f->part[i].name, describe(&f->part[i], at));
  text = json_dumps(header, JSON_COMPACT);
  json_decref(header);
  length = text ? strlen(text) : 0;
  if (!text || 8 + length + at > max) {
    free(text);
    return 0;
  }
  for (int i = 0; i < 8; i++)
    data[i] = (uint8_t)((uint64_t)length >> (8 * i));
  memcpy(data + 8, text, length);
  free(text);
  data += 8 + length;
  for (size_t i = 0; i < f->count; data += f->part[i++].size)
    memcpy(data, f->part[i].bytes, f->part[i].size);
  return 8 + length + at;
}

size_t fuzz_mutate_tensors(uint8_t *data, size_t size, size_t max,
                           unsigned seed, const struct fuzz_words *words)
{
  static struct file f;
  size_t changed = 0;

  f.words = words;
  f.random = seed * 0x9e3779b97f4a7c15u + 1;
  f.metadata = NULL;
  f.count = 0;
  if (pick(&f, 10) && take_apart(&f, data, size)) {
    for (size_t n = 1 + pick(&f, 3); n > 0; n--)
      if (pick(&f, 3) == 0)
        change_metadata(&f, change_value);
      else if (f.count && pick(&f, 8) == 0)
        change_size(&f);
      else if (f.count)
        change_part(&f);
    changed = put_together(&f, data, max);
  }
  json_decref(f.metadata);
  return changed ? changed : LLVMFuzzerMutate(data, size, max);
}
