/* test_check.c - results of any simulator read back: right values from every
 * form of file, one sentence for every wrong one. The oracle is a straight
 * line. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/netlists/results_file.h"
#include "tests/netlists/small.h"
#include <quench/check.h>
#include <quench/text.h>

TestSuite(check, .init = scratch_open, .fini = scratch_close, .timeout = 300);

static const char *const plain[] = {"time", "v(n0)", "v(n1)", NULL};

/* ends of the small chip's samples, s */
static const double ends[SMALL_ROWS] = {1e-6, 1.3e-6, 3.3e-6, 4e-6};

static qn_status read_text(small *s, const qn_text *text, const char *name,
                           qn_check_report *report, qn_diag *diag)
{
  const char *path = scratch_bytes(name, text->data, text->length);

  return qn_check_read(&s->chip, &s->data, 0, path, s->trace, report, diag);
}

static qn_status read_results(small *s, const results *r,
                              qn_check_report *report, qn_diag *diag)
{
  qn_text text;
  qn_status st;

  qn_text_init(&text);
  results_add(&text, r);
  st = read_text(s, &text, "results", report, diag);
  qn_text_release(&text);
  return st;
}

/* membrane j is vector place[j] of the file */
static void expect_lines(const small *s, const size_t *place, const char *what)
{
  for (size_t row = 0; row < SMALL_ROWS; row++)
    for (size_t j = 0; j < 2; j++)
      cr_expect_float_eq(s->trace->state[2 * row + j],
                         (results_value(place[j], ends[row]) - 0.6) / 0.1,
                         1e-12, "%s: row %zu, neuron %zu: %g", what, row, j,
                         s->trace->state[2 * row + j]);
}

/* ---- what is right -------------------------------------------------------------------- */

Test(check, every_form_of_file_gives_the_same_membranes)
{
  static const size_t place[] = {1, 2};
  qn_check_report report;

  for (int f = 0; f < RESULTS_FORMATS; f++) {
    results r = results_of((results_format)f, plain, 0);
    qn_diag diag = {0};
    small s;

    small_open(&s, 2);
    cr_expect_eq(read_results(&s, &r, &report, &diag), QN_OK, "%d: %s %s", f,
                 diag.place, diag.message);
    expect_lines(&s, place, "format");
    cr_expect_eq(report.points, RESULTS_POINTS);
    small_close(&s);
  }
}

/* in any order, of any case, with what simulators put around a node's name */
Test(check, a_membrane_is_found_under_every_name_that_simulators_give_it)
{
  static const struct {
    const char *names[6];
    size_t time, place[2];
  } rows[] = {
    {{"v(n1)", "time", "v(n0)"}, 1, {2, 0}},
    {{"TIME", "V(N1)", "V(N0)"}, 0, {2, 1}},
    {{"Time", "xchip:n0", "XCHIP:N1"}, 0, {1, 2}},
    {{"time", "xtop.xchip.n0", "v(xtop.xchip.n1)"}, 0, {1, 2}},
    {{"time", "/xchip/n1", "/xchip/n0"}, 0, {2, 1}},
    {{"time", "VT(\"/n0\")", "VT(\"/n1\")"}, 0, {1, 2}},
    /* the nearest to the top, none of another kind */
    {{"time", "v(x1:n0)", "v(n0)", "i(n1)", "v(n1)"}, 0, {2, 4}},
    {{"time", "v(n0)", "v(x1:n0)", "v(x2:n0)", "v(n1)"}, 0, {1, 4}},
    {{"time", "n10", "n0", "n01", "n1"}, 0, {2, 4}},
    {{"time", "v(n0)", "v(n0)", "v(n1)"}, 0, {1, 3}},
  };
  qn_check_report report;

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    for (int f = 0; f < RESULTS_CSV; f++) {
      results r = results_of((results_format)f, rows[i].names, rows[i].time);
      qn_diag diag = {0};
      small s;

      small_open(&s, 2);
      cr_expect_eq(read_results(&s, &r, &report, &diag), QN_OK, "%zu: %s: %s",
                   i, diag.place, diag.message);
      expect_lines(&s, rows[i].place, rows[i].names[1]);
      small_close(&s);
    }
}

Test(check, a_csv_may_name_units_and_hold_other_columns)
{
  static const char *const names[] = {"time (s)", "\"VT(\"\"/n0\"\") (V)\"",
                                      "a note", "n1 (V)", NULL};
  static const size_t place[] = {1, 3};
  results r = results_of(RESULTS_CSV, names, 0);
  qn_check_report report;
  qn_diag diag = {0};
  small s;

  small_open(&s, 2);
  cr_expect_eq(read_results(&s, &r, &report, &diag), QN_OK, "%s: %s",
               diag.place, diag.message);
  expect_lines(&s, place, "units");
  small_close(&s);
}

/* points at 0, 0.5, .. 4 us; samples end at 1, 1.3, 3.3 and 4 us, spans 1, 0.3,
 * 2 and 0.7 us: 1.3 us is 0.2 us from 1.5, two thirds of its sample */
Test(check, how_far_points_are_from_a_samples_end_is_reported)
{
  results r = results_of(RESULTS_BINARY, plain, 0);
  qn_check_report report;
  small s;

  small_open(&s, 2);
  cr_assert_eq(read_results(&s, &r, &report, NULL), QN_OK);
  cr_expect_float_eq(report.apart, 2.0 / 3, 1e-9, "%g", report.apart);
  cr_expect_eq(report.apart_row, 1);
  small_close(&s);
}

/* printed in few digits, the last point may lie a bit before the end */
Test(check, a_last_point_that_was_rounded_down_is_the_last)
{
  results r = results_of(RESULTS_TEXT, plain, 0);
  qn_check_report report;
  qn_diag diag = {0};
  small s;

  small_open(&s, 2);
  r.t[RESULTS_POINTS - 1] = 3.99999999e-6;
  cr_expect_eq(read_results(&s, &r, &report, &diag), QN_OK, "%s", diag.message);
  cr_expect_float_eq(s.trace->state[6],
                     (results_value(1, r.t[RESULTS_POINTS - 1]) - 0.6) / 0.1,
                     1e-12);
  small_close(&s);
}

/* an operating point before the transient, as `.op` leaves it */
Test(check, other_analyses_in_the_file_are_passed_over)
{
  static const char *const op[] = {"v(n0)", "v(n1)", NULL};
  static const size_t place[] = {1, 2};
  qn_check_report report;

  for (int f = 0; f < RESULTS_CSV; f++)
    for (int g = 0; g < RESULTS_CSV; g++) {
      results before = results_of((results_format)f, op, 9);
      results r = results_of((results_format)g, plain, 0);
      qn_diag diag = {0};
      qn_text text;
      small s;

      small_open(&s, 2);
      qn_text_init(&text);
      results_add(&text, &before);
      results_add(&text, &r);
      cr_expect_eq(read_text(&s, &text, "two", &report, &diag), QN_OK,
                   "%d %d: %s: %s", f, g, diag.place, diag.message);
      expect_lines(&s, place, "second");
      qn_text_release(&text);
      small_close(&s);
    }
}

Test(check, a_samples_end_on_the_chip_is_the_sum_of_its_spans)
{
  small s;

  small_open(&s, 1);
  for (size_t row = 0; row < SMALL_ROWS; row++)
    cr_expect_float_eq(qn_check_time(&s.chip, &s.data, row), ends[row], 1e-18);
  small_close(&s);
}

/* ---- what is wrong -------------------------------------------------------------------- */

static void expect_refused(const char *name, const void *bytes, size_t size,
                           const char *place, const char *part)
{
  const char *path = scratch_bytes(name, bytes, size);
  qn_check_report report;
  qn_diag diag = {0};
  small s;

  small_open(&s, 2);
  cr_expect_eq(
    qn_check_read(&s.chip, &s.data, 0, path, s.trace, &report, &diag),
    QN_EPARSE, "%s", part);
  cr_expect(diag_says(&diag, path, place, part));
  small_close(&s);
}

static void refuse_text(const char *text, const char *place, const char *part)
{
  expect_refused("wrong", text, strlen(text), place, part);
}

Test(check, what_is_no_results_file_is_told_what_would_be)
{
  refuse_text("", "", "empty");
  refuse_text("hello world\n", "", "expected a header line");
  refuse_text("a,b\n1,2\n", "line 1", "no column 'time'");
  refuse_text("a,b\n1,2\n", "line 1", "begins with 'Title:'");
  expect_refused("psf", "\0\0\4\0PSFversion\0", 15, "", "nutascii");
  expect_refused("ltspice", "T\0i\0t\0l\0e\0:\0 \0", 14, "", "LTspice");
  expect_refused("zeros", "\1\0\2\0", 4, "", "binary of another kind");
}

Test(check, a_csv_that_is_wrong_is_named_by_line_and_column)
{
  refuse_text("time,v(n0)\n0,0.6\n", "n1", "v(n0) to v(n1)");
  refuse_text("time,v(n1)\n0,0.6\n", "n0", "has time, v(n1)");
  refuse_text("time,v(n5)\n0,0.6\n", "n0", "of 1 more membranes");
  refuse_text("time,v(n0),v(n1)\n0,0.6,nan\n", "line 2, column 'v(n1)'",
              "not a finite number");
  refuse_text("time,v(n0),v(n1)\n0,0.6,0.6\n1e-6,,0.6\n",
              "line 3, column 'v(n0)'", "not a finite number");
  refuse_text("time,v(n0),v(n1)\n0,0.6\n", "line 2", "2 cells");
  refuse_text("time,v(n0),v(n1)\n0,0.6,0.6\n1e-6,0.6,0.6\n9e-7,0.6,0.6\n",
              "point 2", "time runs back from 1e-06 s to 9e-07 s");
  refuse_text("time,v(n0),v(n1)\n0,0.6,0.6\n3e-6,0.6,0.6\n", "last point",
              "the file ends at 3e-06 s, sample 2 at 3.3e-06 s");
  refuse_text("time,v(n0),v(n1)\n2e-6,0.6,0.6\n5e-6,0.6,0.6\n", "point 0",
              "begins at 2e-06 s");
  refuse_text("time,x1:n0,x2:n0,n1\n0,0.6,0.6,0.6\n", "n0",
              "x1:n0 and x2:n0 may both");
}

/* a header, the data left out */
static void refuse_header(const char *flags, const char *counts,
                          const char *names, const char *place,
                          const char *part)
{
  char *text = qn_text_format("Title: x\nFlags: %s\n%sVariables:\n%sBinary:\n",
                              flags, counts, names);

  refuse_text(text, place, part);
  free(text);
}

Test(check, a_raw_header_that_is_wrong_is_named_by_line)
{
  static const char two[] = "\t0\ttime\ttime\n\t1\tn0\tvoltage\n";
  static const char counts[] = "No. Variables: 2\nNo. Points: 5\n";

  refuse_text("Title: x\nFlags: real\n", "line 2", "ends in its header");
  refuse_text("Title: x\nBinary:\n", "line 2", "no list of vectors");
  refuse_header("real", counts, two, "data",
                "5 points of 2 vectors are announced, 0 whole ones follow");
  refuse_header("complex", counts, two, NULL, "complex vectors");
  refuse_header("real forward", counts, two, "line 2", "LTspice");
  refuse_header("real", "No. Variables: 2\nNo. Points: 0\n", two, "line 8",
                "no points: the run did not end");
  refuse_header("real", "No. Points: 3\n", two, "line 4",
                "not a number of vectors");
  refuse_header("real", "No. Variables: 99999999999999999999\n", two, "line 4",
                "not a number of vectors");
  refuse_header("real", "No. Variables: 9223372036854775807\n", two, "line 4",
                "not a number of vectors");
  refuse_header("real", "No. Variables: 3\nNo. Points: 5\n", two, NULL,
                "expected a vector's number");
  refuse_header("real", "No. Variables: 2\nNo. Points: 9223372036854775807\n",
                two, NULL, "no points");
  refuse_header("real", "No. Variables: 2\nNo. Points: 99999999999\n", two,
                "data", "cut short");
  refuse_header("real", "No. Variables: 1\nNo. Points: 1\n", "\t0\tn0\tx\n",
                "data", "cut short");
}

Test(check, points_that_are_wrong_are_named)
{
  static const char head[] =
    "Title: x\nFlags: real\nNo. Variables: 3\nNo. Points: 2\nVariables:\n"
    "\t0\ttime\ttime\n\t1\tv(n0)\tv\n\t2\tv(n1)\tv\nValues:\n";
  static const struct {
    const char *values, *place, *part;
  } rows[] = {
    {" 0\t0\n\t0.6\n\t0.6\n", "data", "1 whole ones follow"},
    {" 0\t0\n\t0.6\n\t0.6\n 1\t4e-6\n\tx\n\t0.6\n", "line 14",
     "expected a number"},
    {" 0\t0\n\t0.6\n\t0.6\n 2\t4e-6\n\t0.6\n\t0.6\n", "line 13",
     "the number of the next point"},
    {" 0\t0\n\t0.6\n\t0.6\n 1\t4e-6\n\tnan\n\t0.6\n", "point 1, v(n0)",
     "not a finite number"},
    {" 0\tinf\n\t0.6\n\t0.6\n 1\t4e-6\n\t0.6\n\t0.6\n", "point 0, time",
     "not a finite number"},
  };

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char *text = qn_text_format("%s%s", head, rows[i].values);

    refuse_text(text, rows[i].place, rows[i].part);
    free(text);
  }
}

/* cut anywhere: whatever is missing is missed (the last line of a text may lose
 * digits and is still a number) */
Test(check, a_file_cut_short_is_refused_wherever_it_is_cut)
{
  for (int f = 0; f < RESULTS_FORMATS; f++) {
    results r = results_of((results_format)f, plain, 0);
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

/* ---- any bytes ------------------------------------------------------------------------ */

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

/* bytes 0..header of a raw file are where counts and names stand */
Test(check, any_bytes_give_values_or_one_sentence)
{
  enum { FILES = 600 };
  unsigned state = 1;
  size_t refused = 0;

  for (int i = 0; i < FILES; i++) {
    results r = results_of((results_format)(i % RESULTS_FORMATS), plain, 0);
    qn_check_report report;
    qn_diag diag = {0};
    qn_text text;
    qn_status st;
    small s;

    small_open(&s, 2);
    qn_text_init(&text);
    results_add(&text, &r);
    mutate(&text, &state);
    st = read_text(&s, &text, "mutated", &report, &diag);
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
