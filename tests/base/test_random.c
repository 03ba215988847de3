/* test_random.c - counter-based numbers: reproducible, uniform, normal,
 * independent. Statistical bounds are 5 deviations of what is measured, with
 * fixed seeds. */
#include <criterion/criterion.h>
#include <math.h>

#include <quench/random.h>

enum { N = 200000 };

Test(random, is_a_function_of_seed_die_purpose_and_index)
{
  qn_random a = {1, 2, 3}, b = a;

  qn_random_uniform(&b, 99); /* nothing is remembered */
  cr_expect_eq(qn_random_uniform(&a, 7), qn_random_uniform(&b, 7));
  cr_expect_neq(qn_random_uniform(&a, 7), qn_random_uniform(&a, 8));
  b.seed = 2;
  cr_expect_neq(qn_random_uniform(&a, 7), qn_random_uniform(&b, 7));
  b = (qn_random){1, 3, 3};
  cr_expect_neq(qn_random_uniform(&a, 7), qn_random_uniform(&b, 7));
  b = (qn_random){1, 2, 4};
  cr_expect_neq(qn_random_uniform(&a, 7), qn_random_uniform(&b, 7));
  cr_expect_neq(qn_random_uniform(&a, 7),
                qn_random_uniform(&a, 7 + ((uint64_t)1 << 32)));
}

/* Random123's known answer for philox4x32-10 of counter and key zero is
 * 6627e8d5 e169c58d bc57ac4c 9b00dbd8 */
Test(random, is_philox_4x32_10)
{
  qn_random zero = {0, 0, 0};
  uint64_t bits = 0x6627e8d5e169c58du >> 12;

  cr_expect_eq(qn_random_uniform(&zero, 0), ((double)bits + 0.5) * 0x1p-52);
}

Test(random, uniform_numbers_have_the_moments_of_the_interval)
{
  qn_random s = {12345, 6, 7};
  double mean = 0, square = 0, lag = 0, last = 0.5;

  for (uint64_t i = 0; i < N; i++) {
    double u = qn_random_uniform(&s, i);

    cr_assert(u > 0 && u < 1);
    mean += u / N;
    square += u * u / N;
    lag += (u - 0.5) * (last - 0.5) / N;
    last = u;
  }
  cr_expect_float_eq(mean, 0.5, 5 * sqrt(1 / 12.0 / N));
  cr_expect_float_eq(square, 1 / 3.0, 5 * sqrt(4 / 45.0 / N));
  cr_expect_float_eq(lag, 0, 5 / 12.0 / sqrt(N));
}

Test(random, normal_numbers_have_the_moments_and_tails_of_the_normal_law)
{
  qn_random s = {1, 0, 1}, other = {1, 1, 1};
  double moment[5] = {0}, beyond = 0, dies = 0;

  for (uint64_t i = 0; i < N; i++) {
    double x = qn_random_normal(&s, i);

    for (int k = 1; k < 5; k++)
      moment[k] += pow(x, k) / N;
    beyond += (fabs(x) > 2) / (double)N;
    dies += x * qn_random_normal(&other, i) / N;
  }
  cr_expect_float_eq(moment[1], 0, 5 / sqrt(N));
  cr_expect_float_eq(moment[2], 1, 5 * sqrt(2.0 / N));
  cr_expect_float_eq(moment[3], 0, 5 * sqrt(15.0 / N));
  cr_expect_float_eq(moment[4], 3, 5 * sqrt(96.0 / N));
  cr_expect_float_eq(beyond, erfc(2 / sqrt(2)), 5 * sqrt(0.0455 / N));
  cr_expect_float_eq(dies, 0, 5 / sqrt(N));
}

Test(random, pairs_are_two_independent_normal_numbers)
{
  qn_random s = {9, 0, 1};
  double square = 0, product = 0, squares = 0;

  for (uint64_t i = 0; i < N; i++) {
    double x[2];

    qn_random_normal_pair(&s, i, x);
    cr_assert_eq(x[0], qn_random_normal(&s, i));
    square += x[1] * x[1] / N;
    product += x[0] * x[1] / N;
    squares += (x[0] * x[0] - 1) * (x[1] * x[1] - 1) / N;
  }
  cr_expect_float_eq(square, 1, 5 * sqrt(2.0 / N));
  cr_expect_float_eq(product, 0, 5 / sqrt(N));
  cr_expect_float_eq(squares, 0, 5 * 2 / sqrt(N));
}

/* Random123's known answer again, its first 64 bits as the seed */
Test(random, branches_are_streams_of_their_own)
{
  qn_random zero = {0, 0, 0}, a = qn_random_branch(&zero, 0),
            b = qn_random_branch(&zero, 1);
  double product = 0, from_stem = 0;

  cr_expect_eq(a.seed, 0x6627e8d5e169c58du);
  for (uint64_t i = 0; i < N; i++) {
    double x = qn_random_normal(&a, i);

    product += x * qn_random_normal(&b, i) / N;
    from_stem += x * qn_random_normal(&zero, i) / N;
  }
  cr_expect_float_eq(product, 0, 5 / sqrt(N));
  cr_expect_float_eq(from_stem, 0, 5 / sqrt(N));
}
