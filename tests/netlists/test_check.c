/* test_check.c - results of any simulator read back: right values from every
 * form of file. The oracle is a straight line. */
#include <criterion/criterion.h>
#include <math.h>

#include "tests/base/scratch.h"
#include "tests/netlists/results_file.h"
#include "tests/netlists/small.h"
#include <quench/check.h>
#include <quench/text.h>

TestSuite(check, .init = scratch_open, .fini = scratch_close, .timeout = 300);

/* ends of the small chip's samples, s */
static const double ends[SMALL_ROWS] = {1e-6, 1.3e-6, 3.3e-6, 4e-6};

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
    results r = results_of((results_format)f, results_plain, 0);
    qn_diag diag = {0};
    small s;

    small_open(&s, 2);
    cr_expect_eq(results_read(&s, &r, &report, &diag), QN_OK, "%d: %s %s", f,
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
      cr_expect_eq(results_read(&s, &r, &report, &diag), QN_OK, "%zu: %s: %s",
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
  cr_expect_eq(results_read(&s, &r, &report, &diag), QN_OK, "%s: %s",
               diag.place, diag.message);
  expect_lines(&s, place, "units");
  small_close(&s);
}

/* points at 0, 0.5, .. 4 us; samples end at 1, 1.3, 3.3 and 4 us, spans 1, 0.3,
 * 2 and 0.7 us: 1.3 us is 0.2 us from 1.5, two thirds of its sample */
Test(check, how_far_points_are_from_a_samples_end_is_reported)
{
  results r = results_of(RESULTS_BINARY, results_plain, 0);
  qn_check_report report;
  small s;

  small_open(&s, 2);
  cr_assert_eq(results_read(&s, &r, &report, NULL), QN_OK);
  cr_expect_float_eq(report.apart, 2.0 / 3, 1e-9, "%g", report.apart);
  cr_expect_eq(report.apart_row, 1);
  small_close(&s);
}

/* printed in few digits, the last point may lie a bit before the end */
Test(check, a_last_point_that_was_rounded_down_is_the_last)
{
  results r = results_of(RESULTS_TEXT, results_plain, 0);
  qn_check_report report;
  qn_diag diag = {0};
  small s;

  small_open(&s, 2);
  r.t[RESULTS_POINTS - 1] = 3.99999999e-6;
  cr_expect_eq(results_read(&s, &r, &report, &diag), QN_OK, "%s", diag.message);
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
      results r = results_of((results_format)g, results_plain, 0);
      qn_diag diag = {0};
      qn_text text;
      small s;

      small_open(&s, 2);
      qn_text_init(&text);
      results_add(&text, &before);
      results_add(&text, &r);
      cr_expect_eq(results_read_bytes(&s, &text, &report, &diag), QN_OK,
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
