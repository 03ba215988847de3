/* test_chip.c - what follows from a chip's values. */
#include <criterion/criterion.h>

#include <quench/chip.h>

Test(chip, a_driver_holds_an_input_to_either_end_of_its_range)
{
  double w[] = {2}, b[] = {1};
  qn_chip chip = {.volts_per_unit = 0.1,
                  .common_mode_v = 0.5,
                  .input_map = {QN_MAP_AFFINE, 1, w, b},
                  .technology = {.driver_low_v = 0.2, .driver_high_v = 1}};
  size_t clipped = 0;

  /* 2 x + 1 units of 0.1 V above 0.5 V */
  cr_expect_float_eq(qn_chip_drive_input(&chip, 0, 1, &clipped), 0.8, 1e-15);
  cr_expect_eq(clipped, 0);
  cr_expect_eq(qn_chip_drive_input(&chip, 0, 5, &clipped), 1);
  cr_expect_eq(qn_chip_drive_input(&chip, 0, -5, &clipped), 0.2);
  cr_expect_eq(clipped, 2);
}

Test(chip, volts_and_model_units_are_each_other_s_inverse)
{
  qn_chip chip = {.volts_per_unit = 0.03, .common_mode_v = 0.9};

  cr_expect_float_eq(qn_chip_to_volts(&chip, -2), 0.84, 1e-15);
  cr_expect_float_eq(qn_chip_to_model(&chip, 0.84), -2, 1e-13);
}
