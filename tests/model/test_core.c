/* test_core.c - words of a format. */
#include <criterion/criterion.h>
#include <math.h>

#include <quench/core.h>

static const qn_format q3 = {.width = 8, .frac = 4, .is_signed = 1};

Test(core, words_are_nearest_and_halves_go_away_from_zero)
{
  cr_expect_eq(qn_format_word(q3, 1.0, NULL), 16);
  cr_expect_eq(qn_format_word(q3, 0.03124, NULL), 0);
  cr_expect_eq(qn_format_word(q3, 0.03125, NULL), 1);
  cr_expect_eq(qn_format_word(q3, -0.03125, NULL), -1);
  cr_expect_eq(qn_format_value(q3, -3), -0.1875);
}

Test(core, words_that_do_not_fit_are_clipped_and_told)
{
  int clipped = 0;

  cr_expect_eq(qn_format_word(q3, 7.96875 - 1e-9, &clipped), 127);
  cr_expect_eq(clipped, 0);
  cr_expect_eq(qn_format_word(q3, 8.0, &clipped), 127);
  cr_expect_eq(clipped, 1);
  clipped = 0;
  cr_expect_eq(qn_format_word(q3, -INFINITY, &clipped), -128);
  cr_expect_eq(clipped, 1);
  clipped = 0;
  cr_expect_eq(qn_format_word(q3, NAN, &clipped), 0);
  cr_expect_eq(clipped, 1);
}

Test(core, formats_are_written_with_width_and_fraction)
{
  char text[32];

  cr_expect_str_eq(qn_format_text(q3, text), "fix<8,4>");
  cr_expect_str_eq(qn_format_text((qn_format){.width = 5, .frac = 0}, text),
                   "ufix<5,0>");
}
