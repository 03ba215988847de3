/* test_check_bytes.c - files of results cut short and changed at random:
 * values or one sentence. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/netlists/results_file.h"
#include "tests/netlists/small.h"
#include <quench/check.h>
#include <quench/text.h>

TestSuite(check_bytes, .init = scratch_open, .fini = scratch_close,
          .timeout = 300);

/* cut anywhere: whatever is missing is missed (the last line of a text may lose
 * digits and is still a number) */
Test(check_bytes, a_file_cut_short_is_refused_wherever_it_is_cut)
{
  for (int f = 0; f < RESULTS_FORMATS; f++) {
    results r = results_of((results_format)f, results_plain, 0);
    qn_text text;

    qn_text_init(&text);
    results_add(&text, &r);
    for (size_t n = 0; n + 30 < text.length; n += 7) {
      qn_check_report report;
      qn_diag diag = {0};
      const char *path = scratch_bytes("cut", text.data, n);
      small s;

      small_open(&s, 2);
      cr_expect_eq(
        qn_check_read(&s.chip, &s.data, 0, path, s.trace, &report, &diag),
        QN_EPARSE, "format %d, %zu bytes", f, n);
      cr_expect(diag_says(&diag, path, NULL, ""));
      small_close(&s);
    }
    qn_text_release(&text);
  }
}

static unsigned next_random(unsigned *state)
{
  *state = *state * 1664525u + 1013904223u; /* Numerical Recipes */
  return *state >> 8;
}

/* one to four changes: a bit, a digit, a piece lost or twice there */
static void mutate(qn_text *text, unsigned *state)
{
  for (unsigned n = 1 + next_random(state) % 4; n; n--) {
    size_t at = next_random(state) % text->length;
    size_t size = next_random(state) % 40;
    char *byte = text->data + at;

    size = size < text->length - at ? size : text->length - at;
    switch (next_random(state) % 5) {
    case 0:
      *byte ^= (char)(1 << next_random(state) % 8);
      break;
    case 1:
      *byte = "0123456789-.,\n\t e"[next_random(state) % 17];
      break;
    case 2:
      memmove(byte, byte + size, text->length - at - size);
      text->length -= size;
      break;
    case 3:
      memmove(text->data, byte, size);
      break;
    default:
      text->length = text->length - next_random(state) % (text->length / 4 + 1);
      break;
    }
    if (!text->length)
      return;
  }
}

Test(check_bytes, any_bytes_give_values_or_one_sentence)
{
  enum { FILES = 600 };
  unsigned state = 1;
  size_t refused = 0;

  for (int i = 0; i < FILES; i++) {
    results r =
      results_of((results_format)(i % RESULTS_FORMATS), results_plain, 0);
    qn_check_report report;
    qn_diag diag = {0};
    qn_text text;
    qn_status st;
    small s;

    small_open(&s, 2);
    qn_text_init(&text);
    results_add(&text, &r);
    mutate(&text, &state);
    st = results_read_bytes(&s, &text, &report, &diag);
    if (st) {
      cr_expect_eq(st, QN_EPARSE, "%d: %s", st, diag.message);
      cr_expect(diag_says(&diag, NULL, NULL, ""), "file %d", i);
      refused++;
    }
    for (size_t k = 0; k < 2 * SMALL_ROWS && !st; k++)
      cr_expect(isfinite(s.trace->state[k]), "file %d", i);
    qn_text_release(&text);
    small_close(&s);
  }
  cr_expect(refused > FILES / 4 && refused < FILES, "%zu", refused);
}
