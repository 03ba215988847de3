/* test_safetensors.c - what is written is read back; what is malformed is
 * refused with its place. The bad headers follow the format's own rules
 * (its own documentation). */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/base/scratch.h"
#include <quench/file.h>
#include <quench/safetensors.h>
#include <quench/text.h>

TestSuite(safetensors, .init = scratch_open, .fini = scratch_close);

/* ---- good files ------------------------------------------------------------- */

static void expect_values(const qn_safetensors *file, const char *name,
                          qn_dtype dtype, const double *want, size_t count)
{
  const qn_tensor *t = qn_safetensors_find(file, name);

  cr_assert(t != NULL, "%s", name);
  cr_expect(eq(int, (int)t->dtype, (int)dtype), "%s", name);
  cr_assert(eq(sz, t->count, count), "%s", name);
  for (size_t i = 0; i < count; i++)
    cr_expect(eq(dbl, qn_tensor_value(t, i), want[i]), "%s", name);
}

Test(safetensors, every_dtype_comes_back_with_every_bit)
{
  const float f32[] = {1.5f, -3.4e38f, 1e-45f};
  const double f64[] = {0.1, -1.7e308, 5e-324};
  const int32_t i32[] = {0, -2147483647 - 1, 2147483647};
  const int64_t i64[] = {0, -9007199254740992, 9007199254740992};
  const uint8_t u8[] = {0, 128, 255}, flag[] = {0, 1, 1};
  const qn_tensor all[] = {
    {"f32", QN_F32, 1, {3}, 3, f32},    {"u8", QN_U8, 1, {3}, 3, u8},
    {"f64", QN_F64, 2, {3, 1}, 3, f64}, {"bool", QN_BOOL, 1, {3}, 3, flag},
    {"i32", QN_I32, 1, {3}, 3, i32},    {"i64", QN_I64, 2, {1, 3}, 3, i64},
  };
  const char *path = scratch_path("all.safetensors");
  qn_safetensors *file;

  cr_assert(
    eq(int, qn_safetensors_write(path, all, 6, NULL, NULL, NULL), QN_OK));
  cr_assert(eq(int, qn_safetensors_read(&file, path, NULL), QN_OK));
  cr_expect(eq(sz, qn_safetensors_count(file), 6));
  expect_values(file, "f32", QN_F32,
                (double[]){1.5, (double)-3.4e38f, (double)1e-45f}, 3);
  expect_values(file, "f64", QN_F64, f64, 3);
  expect_values(file, "i32", QN_I32, (double[]){0, -2147483648., 2147483647},
                3);
  expect_values(file, "i64", QN_I64,
                (double[]){0, -9007199254740992., 9007199254740992.}, 3);
  expect_values(file, "u8", QN_U8, (double[]){0, 128, 255}, 3);
  expect_values(file, "bool", QN_BOOL, (double[]){0, 1, 1}, 3);
  qn_safetensors_free(file);
}

Test(safetensors, names_shapes_and_metadata_come_back)
{
  static const double zeros[24];
  const qn_tensor all[] = {
    {"scalar", QN_F64, 0, {0}, 1, zeros},
    {"none", QN_F64, 2, {0, 3}, 0, zeros},
    {"name \"with\" \xc2\xb5", QN_F64, 3, {2, 3, 4}, 24, zeros},
  };
  const char *path = scratch_path("shapes.safetensors");
  const char *value = "{\"a\": \"quoted\\n\"}";
  char text[128];
  qn_safetensors *file;

  cr_assert(
    eq(int, qn_safetensors_write(path, all, 3, "key", value, NULL), QN_OK));
  cr_assert(eq(int, qn_safetensors_read(&file, path, NULL), QN_OK));
  cr_assert(eq(sz, qn_safetensors_count(file), 3));
  for (size_t i = 0; i < 3; i++) {
    const qn_tensor *t = qn_safetensors_at(file, i);

    cr_expect(eq(str, (char *)t->name, (char *)all[i].name));
    cr_expect(eq(sz, t->rank, all[i].rank));
    cr_expect(eq(sz, t->count, all[i].count));
    cr_expect(
      eq(int, memcmp(t->shape, all[i].shape, t->rank * sizeof *t->shape), 0));
  }
  qn_tensor_shape_text(qn_safetensors_at(file, 2), text);
  cr_expect(eq(str, text, "[2,3,4]"));
  cr_expect(
    eq(str, (char *)qn_safetensors_metadata(file, "key"), (char *)value));
  cr_expect(eq(ptr, (void *)qn_safetensors_metadata(file, "other"), NULL));
  cr_expect(eq(ptr, (void *)qn_safetensors_find(file, "other"), NULL));
  cr_expect(eq(str, (char *)qn_safetensors_path(file), (char *)path));
  qn_safetensors_free(file);
}

/* 1 + 2 bytes before an F64 put it where no double is aligned; data bytes are
 * 0, 1, 2 ..; 0x0a09080706050403 by hand */
/* one after the other that would be 1e10 names to compare */
Test(safetensors, many_tensors_are_found_in_a_moment, .timeout = 300)
{
  enum { MANY = 150000 };
  qn_text header;
  qn_safetensors *file;
  qn_diag d;

  qn_text_init(&header);
  for (int i = 0; i < MANY; i++)
    qn_text_add(&header,
                "%s\"x%06d\":{\"dtype\":\"U8\",\"shape\":[0],"
                "\"data_offsets\":[0,0]}",
                i ? "," : "{", i);
  qn_text_add(&header, "}");
  cr_assert(
    eq(int,
       qn_safetensors_read(
         &file, scratch_tensors("many.safetensors", header.data, 0), &d),
       QN_OK));
  for (size_t i = 0; i < MANY; i++) {
    char name[16];

    snprintf(name, sizeof name, "x%06zu", i);
    cr_assert(qn_safetensors_find(file, name) == qn_safetensors_at(file, i));
  }
  cr_expect(qn_safetensors_find(file, "x") == NULL);
  qn_safetensors_free(file);
  qn_text_release(&header);
}

Test(safetensors, unaligned_data_is_little_endian)
{
  const char *path = scratch_tensors(
    "odd.safetensors",
    "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},"
    "\"b\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[3,11]}}",
    11);
  qn_safetensors *file;

  cr_assert(eq(int, qn_safetensors_read(&file, path, NULL), QN_OK));
  cr_expect(eq(dbl, qn_tensor_value(qn_safetensors_find(file, "b"), 0),
               (double)0x0a09080706050403));
  cr_expect(eq(dbl, qn_tensor_value(qn_safetensors_find(file, "a"), 2), 2));
  qn_safetensors_free(file);
}

Test(safetensors, sha256_is_that_of_the_whole_file)
{
  const char *path = scratch_tensors("a.safetensors", "{}", 0);
  const char bytes[] = "\2\0\0\0\0\0\0\0{}";
  char want[65];
  qn_safetensors *file;

  qn_file_sha256(bytes, sizeof bytes - 1, want);
  cr_assert(eq(int, qn_safetensors_read(&file, path, NULL), QN_OK));
  cr_expect(eq(sz, qn_safetensors_count(file), 0));
  cr_expect(eq(str, (char *)qn_safetensors_sha256(file), want));
  qn_safetensors_free(file);
}

/* ---- bad files --------------------------------------------------------------- */

static void expect_refused(const char *path, qn_status status,
                           const char *place, const char *part)
{
  qn_safetensors *file = (void *)&file;
  qn_diag d;

  cr_expect(eq(int, qn_safetensors_read(&file, path, &d), status), "%s", part);
  cr_expect(diag_says(&d, path, place, part));
  cr_expect(eq(ptr, file, NULL));
}

Test(safetensors, a_missing_file_is_refused)
{
  expect_refused(scratch_path("missing.safetensors"), QN_EIO, "",
                 "No such file");
}

Test(safetensors, an_empty_file_is_refused)
{
  expect_refused(scratch_text("empty.safetensors", ""), QN_EPARSE, "",
                 "the file is empty");
}

Test(safetensors, a_file_shorter_than_its_length_field_is_refused)
{
  expect_refused(scratch_bytes("short.safetensors", "\2\0\0", 3), QN_EPARSE, "",
                 "too short");
}

Test(safetensors, a_header_longer_than_the_file_is_refused)
{
  expect_refused(scratch_bytes("cut.safetensors", "\100\0\0\0\0\0\0\0{}", 10),
                 QN_EPARSE, "header", "64 bytes long, the file has 2");
  expect_refused(
    scratch_bytes("huge.safetensors", "\377\377\377\377\377\377\377\377{}", 10),
    QN_EPARSE, "header", "18446744073709551615 bytes long");
}

/* the rest of the file is a hole */
Test(safetensors, a_header_beyond_the_formats_limit_is_refused)
{
  const char length[8] = {1, '\xe1', '\xf5', 5}; /* 1e8 + 1 */
  const char *path = scratch_bytes("long.safetensors", length, sizeof length);
  qn_safetensors *file;
  qn_diag d;

  cr_assert(eq(int, truncate(path, 100000009), 0));
  cr_expect(eq(int, qn_safetensors_read(&file, path, &d), QN_EPARSE));
  cr_expect(diag_says(&d, path, "header", "the format allows 100000000"));
  cr_expect(eq(ptr, file, NULL));
}

Test(safetensors, a_header_that_is_not_a_json_object_is_refused)
{
  static const struct {
    const char *header, *place, *part;
  } rows[] = {
    {"", "header, byte 0", "not a JSON object"},
    {"{\"a\":", "header, byte 5", "not a JSON object"},
    {"{} {}", "header, byte 4", "not a JSON object"},
    {"[1, 2]", "header", "not a JSON object"},
    {"{\"a\":1,\"a\":2}", NULL, "duplicate"},
    {"{\"\xff\":1}", NULL, "not a JSON object"},
    {"PK\3\4 a zip", NULL, "not a JSON object"},
  };

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    expect_refused(scratch_tensors("a.safetensors", rows[i].header, 4),
                   QN_EPARSE, rows[i].place, rows[i].part);
}

/* tensor 'a' with this entry before 16 bytes of data */
Test(safetensors, an_entry_that_breaks_the_format_is_refused)
{
  static const struct {
    const char *entry, *part;
  } rows[] = {
    {"5", "dtype is none of"},
    {"{}", "dtype is none of"},
    {"{'dtype':'F16','shape':[2],'data_offsets':[0,4]}", "dtype is none of"},
    {"{'dtype':7,'shape':[2],'data_offsets':[0,4]}", "dtype is none of"},
    {"{'dtype':'F32','data_offsets':[0,4]}", "shape is not a list"},
    {"{'dtype':'F32','shape':4,'data_offsets':[0,16]}", "shape is not a list"},
    {"{'dtype':'U8','shape':[1,1,1,1,1,1,1,1,1],'data_offsets':[0,1]}",
     "at most 8"},
    {"{'dtype':'F32','shape':[-4],'data_offsets':[0,16]}", "does not fit"},
    {"{'dtype':'F32','shape':[1.5],'data_offsets':[0,16]}", "does not fit"},
    {"{'dtype':'F32','shape':['4'],'data_offsets':[0,16]}", "does not fit"},
    {"{'dtype':'F32','shape':[4]}", "not a pair"},
    {"{'dtype':'F32','shape':[4],'data_offsets':16}", "not a pair"},
    {"{'dtype':'F32','shape':[4],'data_offsets':[0]}", "not a pair"},
    {"{'dtype':'F32','shape':[4],'data_offsets':[0,16,32]}", "not a pair"},
    {"{'dtype':'F32','shape':[4],'data_offsets':[0,16.0]}", "not a pair"},
    {"{'dtype':'F32','shape':[4],'data_offsets':[4,20]}", "outside the file"},
    {"{'dtype':'F32','shape':[4],'data_offsets':[-16,0]}", "outside the file"},
    {"{'dtype':'F32','shape':[4],'data_offsets':[16,0]}", "outside the file"},
    {"{'dtype':'F32','shape':[0],'data_offsets':[99,99]}", "outside the file"},
    {"{'dtype':'F32','shape':[0],'data_offsets':[0,9223372036854775807]}",
     "outside the file"},
    {"{'dtype':'F32','shape':[3],'data_offsets':[0,16]}", "do not match"},
    {"{'dtype':'F64','shape':[4],'data_offsets':[0,16]}", "do not match"},
    {"{'dtype':'F64','shape':[],'data_offsets':[0,4]}", "do not match"},
  };

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char header[256];

    snprintf(header, sizeof header, "{\"a\":%s}", rows[i].entry);
    for (char *p = header; (p = strchr(p, '\''));)
      *p = '"';
    expect_refused(scratch_tensors("a.safetensors", header, 16), QN_EPARSE,
                   "tensor 'a'", rows[i].part);
  }
}

/* 2^32 * 2^32 elements are 0 modulo 2^64, and 2^61 doubles are 0 bytes */
Test(safetensors, a_shape_whose_product_overflows_is_refused)
{
  static const char *const shapes[] = {
    "[4294967296,4294967296]",
    "[2305843009213693952]",
    "[9223372036854775807,2]",
    "[2,2,2,2,2305843009213693952]",
  };

  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    char header[160];

    snprintf(header, sizeof header,
             "{\"a\":{\"dtype\":\"F64\",\"shape\":%s,\"data_offsets\":[0,0]}}",
             shapes[i]);
    expect_refused(scratch_tensors("a.safetensors", header, 16), QN_EPARSE,
                   "tensor 'a'", "shape does not fit into the file");
  }
}

static const char *two(const char *a, const char *b)
{
  char header[256];

  snprintf(header, sizeof header,
           "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":%s},"
           "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":%s}}",
           a, b);
  return scratch_tensors("two.safetensors", header, 16);
}

Test(safetensors, tensors_that_overlap_are_refused_in_either_order)
{
  expect_refused(two("[0,4]", "[3,7]"), QN_EPARSE, "tensor 'b'",
                 "overlap another tensor's");
  expect_refused(two("[3,7]", "[0,4]"), QN_EPARSE, "tensor 'a'",
                 "overlap another tensor's");
  expect_refused(two("[0,4]", "[0,4]"), QN_EPARSE, NULL,
                 "overlap another tensor's");
}

Test(safetensors, tensors_that_touch_in_any_order_are_read)
{
  qn_safetensors *file;

  cr_assert(
    eq(int, qn_safetensors_read(&file, two("[4,8]", "[0,4]"), NULL), QN_OK));
  expect_values(file, "a", QN_U8, (double[]){4, 5, 6, 7}, 4);
  expect_values(file, "b", QN_U8, (double[]){0, 1, 2, 3}, 4);
  qn_safetensors_free(file);
}

/* every cut of a good file, at every byte */
Test(safetensors, no_cut_of_a_good_file_is_read)
{
  const char *path = two("[0,4]", "[12,16]");
  char *data;
  size_t size;

  cr_assert(eq(int, qn_file_read(path, &data, &size, NULL), QN_OK));
  for (size_t n = 0; n < size; n++) {
    qn_safetensors *file;

    cr_assert(eq(int, qn_file_write(path, data, n, NULL), QN_OK));
    cr_expect(eq(int, qn_safetensors_read(&file, path, NULL), QN_EPARSE),
              "%zu of %zu bytes", n, size);
  }
  free(data);
}

Test(safetensors, an_unwritable_path_leaves_no_file)
{
  const char *path = scratch_path("none/a.safetensors");
  qn_diag d;

  cr_expect(
    eq(int, qn_safetensors_write(path, NULL, 0, NULL, NULL, &d), QN_EIO));
  cr_expect(diag_says(&d, path, "", "cannot write"));
  cr_expect(eq(sz, scratch_files(), 0));
}
