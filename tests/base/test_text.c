/* test_text.c - growing texts and messages, against what was put in. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/diag.h>
#include <quench/text.h>

Test(text, is_the_empty_string_before_the_first_piece)
{
  qn_text t;

  qn_text_init(&t);
  cr_expect(eq(str, t.data, ""));
  cr_expect(eq(sz, t.length, 0));
  qn_text_release(&t);
}

Test(text, holds_every_piece_in_order_however_often_it_grows)
{
  char want[4 * 1000 + 1];
  qn_text t;

  qn_text_init(&t);
  for (int i = 0; i < 1000; i++) {
    qn_text_add(&t, "%04d", i);
    snprintf(want + 4 * i, sizeof want - 4 * (size_t)i, "%04d", i);
  }
  cr_expect(eq(str, t.data, want));
  cr_expect(eq(sz, t.length, 4000));
  cr_expect(eq(int, t.failed, 0));
  qn_text_release(&t);
}

Test(text, keeps_bytes_as_they_are_zeros_included)
{
  const char bytes[] = {'a', 0, (char)0xff, 'b'};
  qn_text t;

  qn_text_init(&t);
  qn_text_add_bytes(&t, bytes, sizeof bytes);
  cr_assert(eq(sz, t.length, sizeof bytes));
  cr_expect(eq(int, memcmp(t.data, bytes, sizeof bytes), 0));
  cr_expect(eq(chr, t.data[t.length], '\0'));
  qn_text_release(&t);
}

Test(text, is_empty_and_usable_again_after_release)
{
  qn_text t;

  qn_text_init(&t);
  qn_text_add(&t, "first");
  qn_text_release(&t);
  cr_expect(eq(str, t.data, ""));
  qn_text_add(&t, "second");
  cr_expect(eq(str, t.data, "second"));
  qn_text_release(&t);
}

Test(text, format_gives_a_string_of_any_length)
{
  char *s = qn_text_format("%*s|%d", 5000, "x", 7);

  cr_assert(s != NULL);
  cr_expect(eq(sz, strlen(s), 5002));
  cr_expect(eq(str, s + 4999, "x|7"));
  free(s);
}

/* ---- diag ------------------------------------------------------------------ */

Test(diag, keeps_file_place_and_message_and_returns_the_status)
{
  qn_diag d;

  cr_expect(eq(int,
               qn_diag_set(&d, QN_EPARSE, "f.csv", "line 7", "%d cells", 3),
               QN_EPARSE));
  cr_expect(eq(str, d.file, "f.csv"));
  cr_expect(eq(str, d.place, "line 7"));
  cr_expect(eq(str, d.message, "3 cells"));
}

Test(diag, may_be_null_and_file_and_place_too)
{
  qn_diag d;

  cr_expect(eq(int, qn_diag_set(NULL, QN_EIO, "f", "p", "m"), QN_EIO));
  cr_expect(eq(int, qn_diag_set(&d, QN_EIO, NULL, NULL, "m"), QN_EIO));
  cr_expect(eq(str, d.file, ""));
  cr_expect(eq(str, d.place, ""));
}

/* jansson judges what is UTF-8: json_string() takes nothing else */
Test(diag, is_one_line_of_utf8_whatever_a_file_holds)
{
  static const struct {
    const char *held, *shown;
  } rows[] = {
    {"two\r\nlines\t", "two??lines?"},
    {"CO\xe2\x82\x82 in \xc2\xb5g", "CO\xe2\x82\x82 in \xc2\xb5g"},
    {"latin-1 \xb5g", "latin-1 ?g"},
    {"cut short \xe2\x82", "cut short ??"},
    {"overlong \xc0\xaf \xe0\x80\xaf", "overlong ?? ???"},
    {"half a pair \xed\xa0\x80", "half a pair ???"},
    {"\xf0\x9f\x98\x80 and \xf4\x90\x80\x80", "\xf0\x9f\x98\x80 and ????"},
    {"beyond \xf5\x80\x80\x80 \xff", "beyond ???? ?"},
    {"\x1b[2J\x7f", "?[2J?"},
  };
  qn_diag d;

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    json_t *as_json;

    qn_diag_set(&d, QN_EPARSE, rows[i].held, rows[i].held, "%s", rows[i].held);
    as_json = json_string(d.message);
    cr_expect(as_json != NULL, "row %zu is not UTF-8", i);
    cr_expect(eq(str, d.message, (char *)rows[i].shown));
    cr_expect(eq(str, d.place, (char *)rows[i].shown));
    cr_expect(eq(str, d.file, (char *)rows[i].shown));
    json_decref(as_json);
  }
}

Test(diag, cut_at_its_end_is_still_utf8)
{
  char long_text[1001] = "";
  qn_diag d;

  for (int shift = 0; shift < 3; shift++) {
    json_t *as_json;

    memset(long_text, 'x', 3);
    for (int i = shift; i + 3 < 1000; i += 3)
      memcpy(long_text + i, "\xe2\x82\x82", 4);
    qn_diag_set(&d, QN_EPARSE, NULL, NULL, "%s", long_text);
    as_json = json_string(d.message);
    cr_expect(as_json != NULL);
    json_decref(as_json);
  }
}
