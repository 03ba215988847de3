/* test_check_wrong.c - one sentence for every file of results that is
 * wrong. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/netlists/results_file.h"
#include "tests/netlists/small.h"
#include <quench/check.h>
#include <quench/text.h>

TestSuite(check_wrong, .init = scratch_open, .fini = scratch_close,
          .timeout = 300);

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

Test(check_wrong, what_is_no_results_file_is_told_what_would_be)
{
  refuse_text("", "", "empty");
  refuse_text("hello world\n", "", "expected a header line");
  refuse_text("a,b\n1,2\n", "line 1", "no column 'time'");
  refuse_text("a,b\n1,2\n", "line 1", "begins with 'Title:'");
  expect_refused("psf", "\0\0\4\0PSFversion\0", 15, "", "nutascii");
  expect_refused("ltspice", "T\0i\0t\0l\0e\0:\0 \0", 14, "", "LTspice");
  expect_refused("zeros", "\1\0\2\0", 4, "", "binary of another kind");
}

Test(check_wrong, a_csv_that_is_wrong_is_named_by_line_and_column)
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

Test(check_wrong, a_raw_header_that_is_wrong_is_named_by_line)
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

Test(check_wrong, points_that_are_wrong_are_named)
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
