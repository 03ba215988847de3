/* fab.c - chips and dies of one network. */
#include "tests/circuits/fab.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include <quench/catalogue.h>
#include <quench/mapper.h>

struct fab fab_open(const char *technology)
{
  struct fab f = {0};

  cr_assert_eq(
    qn_network_read(&f.net, "tests/data/sine_ltc8.safetensors", NULL), QN_OK);
  cr_assert_eq(qn_technology_open(&f.tech, technology, NULL), QN_OK);
  memset(f.tech.programming_s, 0, sizeof f.tech.programming_s);
  f.tech.stuck_low = f.tech.stuck_high = 0;
  f.tech.threshold_mismatch_v_m = f.tech.slope_mismatch_m = 0;
  f.tech.capacitor_mismatch_m = f.tech.rail_error_v = 0;
  return f;
}

void fab_map(struct fab *f)
{
  cr_assert_eq(qn_chip_map(&f->chip, f->net, &f->tech, NULL), QN_OK);
}

qn_chip *fab_draw(const struct fab *f, uint64_t seed, uint32_t die)
{
  qn_chip *out;

  cr_assert_eq(qn_die_draw(&out, f->chip, (qn_die){seed, die}, NULL), QN_OK);
  return out;
}

void fab_close(struct fab *f)
{
  qn_chip_free(f->chip);
  qn_network_free(f->net);
}

void sample_add(struct sample *s, double x)
{
  s->sum += x;
  s->square += x * x;
  s->n++;
}

static double mean_of(const struct sample *s)
{
  return s->sum / (double)s->n;
}

static double deviation_of(const struct sample *s)
{
  double mean = mean_of(s);

  return sqrt(s->square / (double)s->n - mean * mean);
}

void sample_expect_normal(const struct sample *s, double mean, double sigma)
{
  double n = (double)s->n;

  cr_expect_float_eq(mean_of(s), mean, 5 * sigma / sqrt(n), "mean %g, not %g",
                     mean_of(s), mean);
  cr_expect_float_eq(deviation_of(s), sigma, 5 * sigma / sqrt(2 * n),
                     "deviation %g, not %g", deviation_of(s), sigma);
}
