/* test_csv.c - tables as RFC 4180 has them; line numbers counted by hand. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "tests/base/scratch.h"
#include <quench/csv.h>

TestSuite(csv, .init = scratch_open, .fini = scratch_close);

static qn_csv *read_text(const char *text)
{
  qn_csv *csv;
  qn_diag d;

  cr_assert(eq(int, qn_csv_read(&csv, scratch_text("t.csv", text), &d), QN_OK),
            "%s", text);
  return csv;
}

/* the header's cells and all others, "|" between cells, "/" after a row */
static void expect_cells(const char *text, const char *want)
{
  qn_csv *csv = read_text(text);
  char got[512] = "";
  size_t n = 0;

  for (size_t row = 0; row <= csv->rows; row++)
    for (size_t k = 0; k < csv->columns; k++)
      n += (size_t)snprintf(got + n, sizeof got - n, "%s%s",
                            row ? csv->cell[(row - 1) * csv->columns + k]
                                : csv->header[k],
                            k + 1 < csv->columns ? "|" : "/");
  cr_expect(eq(str, got, (char *)want));
  qn_csv_free(csv);
}

static void expect_lines(const char *text, const size_t *want, size_t rows)
{
  qn_csv *csv = read_text(text);

  cr_assert(eq(sz, csv->rows, rows));
  for (size_t i = 0; i < rows; i++)
    cr_expect(eq(sz, csv->line[i], want[i]), "row %zu", i);
  qn_csv_free(csv);
}

static void expect_refused(const char *text, const char *place,
                           const char *part)
{
  const char *path = scratch_text("bad.csv", text);
  qn_csv *csv = (void *)&csv;
  qn_diag d;

  cr_expect(eq(int, qn_csv_read(&csv, path, &d), QN_EPARSE), "%s", text);
  cr_expect(diag_says(&d, path, place, part));
  cr_expect(eq(ptr, csv, NULL));
}

/* ---- good tables --------------------------------------------------------------- */

Test(csv, header_and_rows_are_read)
{
  expect_cells("a,b\n1,2\n3,4\n", "a|b/1|2/3|4/");
}

Test(csv, the_last_line_may_lack_its_end)
{
  expect_cells("a,b\n1,2", "a|b/1|2/");
  expect_cells("a,b\n1,\"2\"", "a|b/1|2/");
  expect_cells("a,b\n1,", "a|b/1|/");
}

Test(csv, quoted_cells_hold_commas_quotes_and_newlines)
{
  expect_cells("\"a,b\",\"say \"\"hi\"\"\"\n\"x\ny\",\"\"\n",
               "a,b|say \"hi\"/x\ny|/");
}

Test(csv, cr_lf_ends_a_line_as_lf_does)
{
  expect_cells("a,b\r\n1,2\r\n3,4\r\n", "a|b/1|2/3|4/");
}

Test(csv, a_byte_order_mark_is_no_part_of_the_first_name)
{
  expect_cells("\xef\xbb\xbf"
               "a,b\n1,2\n",
               "a|b/1|2/");
}

Test(csv, blank_lines_hold_no_row)
{
  expect_cells("\n\na,b\n\n1,2\n\r\n3,4\n\n\n", "a|b/1|2/3|4/");
}

Test(csv, names_in_any_script_are_kept)
{
  expect_cells("CO\xe2\x82\x82 [ppm],\xc2\xb5\n1,2\n",
               "CO\xe2\x82\x82 [ppm]|\xc2\xb5/1|2/");
}

Test(csv, a_column_is_found_by_its_whole_name)
{
  qn_csv *csv = read_text("CO2 [ppm],CO2,x\n1,2,3\n");

  cr_expect(eq(sz, qn_csv_column(csv, "CO2"), 1));
  cr_expect(eq(sz, qn_csv_column(csv, "CO2 [ppm]"), 0));
  cr_expect(eq(sz, qn_csv_column(csv, "co2"), csv->columns));
  cr_expect(eq(sz, qn_csv_column(csv, ""), csv->columns));
  qn_csv_free(csv);
}

Test(csv, of_columns_of_one_name_the_first_is_found_and_all_are_counted)
{
  qn_csv *csv = read_text("b,a,b,,ab,b\n1,2,3,4,5,6\n");

  cr_expect(eq(sz, qn_csv_column(csv, "b"), 0));
  cr_expect(eq(sz, qn_csv_count(csv, "b"), 3));
  cr_expect(eq(sz, qn_csv_column(csv, ""), 3));
  cr_expect(eq(sz, qn_csv_count(csv, "a"), 1));
  cr_expect(eq(sz, qn_csv_count(csv, "c"), 0));
  qn_csv_free(csv);
}

/* one after the other that would be 5e10 names to compare */
Test(csv, many_columns_are_found_in_a_moment, .timeout = 300)
{
  enum { MANY = 300000 };
  static char text[MANY * 8 + MANY * 2];
  size_t n = 0;
  qn_csv *csv;

  for (int i = 0; i < MANY; i++)
    n += (size_t)snprintf(text + n, sizeof text - n, "x%06d%c", i,
                          i + 1 < MANY ? ',' : '\n');
  for (int i = 0; i < MANY; i++)
    n += (size_t)snprintf(text + n, sizeof text - n, i ? ",1" : "1");
  csv = read_text(text);
  for (size_t i = 0; i < MANY; i++) {
    char name[16];

    snprintf(name, sizeof name, "x%06zu", i);
    cr_assert(eq(sz, qn_csv_column(csv, name), i));
  }
  qn_csv_free(csv);
}

Test(csv, a_table_larger_than_its_first_room_is_whole)
{
  static char text[200 * 300 * 8];
  size_t n = 0;
  qn_csv *csv;

  for (int row = 0; row <= 300; row++)
    for (int k = 0; k < 200; k++)
      n += (size_t)snprintf(text + n, sizeof text - n, "%d%c", row * 200 + k,
                            k == 199 ? '\n' : ',');
  csv = read_text(text);
  cr_assert(eq(sz, csv->columns, 200));
  cr_assert(eq(sz, csv->rows, 300));
  for (size_t row = 0; row < csv->rows; row++) {
    double x;

    cr_expect(eq(int, qn_csv_number(csv, row, 123, "t.csv", &x, NULL), QN_OK));
    cr_expect(eq(dbl, x, (double)(row + 1) * 200 + 123));
  }
  qn_csv_free(csv);
}

/* ---- line numbers -------------------------------------------------------------- */

Test(csv, lines_are_counted_from_the_header_as_1)
{
  expect_lines("a\n1\n2\n", (size_t[]){2, 3}, 2);
  expect_lines("a\r\n1\r\n2\r\n", (size_t[]){2, 3}, 2);
}

Test(csv, blank_lines_count_as_lines)
{
  expect_lines("a,b\n\n1,2\n\n\n3,4\n", (size_t[]){3, 6}, 2);
  expect_lines("a,b\r\n\r\n1,2\r\n\r\n\r\n3,4\r\n", (size_t[]){3, 6}, 2);
  expect_lines("\n\na,b\n1,2\n", (size_t[]){4}, 1);
}

Test(csv, newlines_inside_quotes_count_as_lines)
{
  expect_lines("a,b\n\"x\ny\nz\",2\n3,4\n", (size_t[]){2, 5}, 2);
  expect_lines("\"a\nb\",c\r\n1,\"x\r\ny\"\r\n3,4\r\n", (size_t[]){3, 5}, 2);
}

/* ---- bad tables ---------------------------------------------------------------- */

Test(csv, a_ragged_row_is_refused_with_its_line)
{
  expect_refused("a,b\n1,2\n3\n", "line 3", "1 cells, the header has 2");
  expect_refused("a,b\n1,2\n\n3,4,5\n", "line 4", "3 cells, the header has 2");
  expect_refused("a,b\n\"x\ny\",2\n3,4,\n", "line 4", "3 cells");
}

Test(csv, a_quote_out_of_place_is_refused_with_its_line)
{
  expect_refused("a,b\n1,\"2\n3,4\n", "line 2", "quote");
  expect_refused("a,b\n1,2\n3,4\"\n", "line 3", "quote");
  expect_refused("a,b\n1,\"2\"3\n", "line 2", "quote");
  expect_refused("\"a,b\n1,2\n", "line 1", "quote");
}

Test(csv, a_table_without_rows_is_refused)
{
  expect_refused("", "", "at least one row");
  expect_refused("\n\r\n\n", "", "at least one row");
  expect_refused("a,b", "", "at least one row");
  expect_refused("a,b\n\n", "", "at least one row");
  expect_refused("\xef\xbb\xbf", "", "at least one row");
}

/* "a", "1" in UTF-16; a NUL would end a name or number early */
Test(csv, a_byte_of_0_is_refused)
{
  static const char *const texts[] = {"\xff\xfe"
                                      "a\0\n\0"
                                      "1\0",
                                      "a\n1\0"
                                      "2"};
  static const size_t sizes[] = {8, 5};

  for (int i = 0; i < 2; i++) {
    const char *path = scratch_bytes("bad.csv", texts[i], sizes[i]);
    qn_csv *csv;
    qn_diag d;

    cr_expect(eq(int, qn_csv_read(&csv, path, &d), QN_EPARSE));
    cr_expect(diag_says(&d, path, "", "expected text in UTF-8"));
    cr_expect(eq(ptr, csv, NULL));
  }
}

Test(csv, a_missing_file_is_refused)
{
  const char *path = scratch_path("missing.csv");
  qn_csv *csv;
  qn_diag d;

  cr_expect(eq(int, qn_csv_read(&csv, path, &d), QN_EIO));
  cr_expect(diag_says(&d, path, "", "No such file"));
  cr_expect(eq(ptr, csv, NULL));
}

/* ---- numbers ------------------------------------------------------------------- */

Test(csv, numbers_are_read_to_the_last_bit)
{
  qn_csv *csv = read_text("x,y,z\n0.1, -1e-308 ,+7\n");
  double x;

  cr_expect(eq(int, qn_csv_number(csv, 0, 0, "t", &x, NULL), QN_OK));
  cr_expect(eq(dbl, x, 0.1));
  cr_expect(eq(int, qn_csv_number(csv, 0, 1, "t", &x, NULL), QN_OK));
  cr_expect(eq(dbl, x, -1e-308));
  cr_expect(eq(int, qn_csv_number(csv, 0, 2, "t", &x, NULL), QN_OK));
  cr_expect(eq(dbl, x, 7));
  qn_csv_free(csv);
}

Test(csv, what_is_no_finite_number_is_refused_with_line_and_column)
{
  static const char *const cells[] = {"",    "abc", "1.5x",  "1,5", "1 2",
                                      "nan", "inf", "1e999", "--1"};

  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
    char text[128], part[64];
    qn_csv *csv;
    qn_diag d;
    double x;

    snprintf(text, sizeof text, "a,CO2\n1,2\n\n3,\"%s\"\n", cells[i]);
    snprintf(part, sizeof part, "'%s' is not a finite number", cells[i]);
    csv = read_text(text);
    cr_expect(eq(int, qn_csv_number(csv, 1, 1, "t.csv", &x, &d), QN_EPARSE),
              "%s", cells[i]);
    cr_expect(diag_says(&d, "t.csv", "line 4, column 'CO2'", part));
    qn_csv_free(csv);
  }
}
