/* test_law.c - the devices' laws as SPICE text against their C functions. */
#include <criterion/criterion.h>
#include <math.h>

#include "netlists/expression.h"
#include "netlists/law.h"
#include "tests/circuits/device_draw.h"
#include "tests/netlists/evaluate.h"
#include <quench/catalogue.h>

static double value_of(const char *law, const qn_device_card *card, double x,
                       double v, double temperature_k)
{
  qn_decimal at_x = qn_exact(x), at_v = qn_exact(v);
  qn_decimal at_t = qn_exact(temperature_k);
  const qn_law_word words[] = {{"x", at_x.text},
                               {"v", at_v.text},
                               {"temperature", at_t.text},
                               {NULL, NULL}};
  double value;
  qn_text t;

  qn_text_init(&t);
  qn_law_add(&t, law, &(qn_law_card){card, NULL}, words);
  value = evaluate(t.data);
  qn_text_release(&t);
  return value;
}

static double rate_of(const qn_device_card *card, double x, double v, double t)
{
  double by_x, by_v;

  return card->device->rate(card->parameter, x, v, t, &by_x, &by_v);
}

/* The rate is a difference of two directions, each a window of its own: beside
 * 1e-9 of itself it may be off by rounding of the greater one, which is what
 * the rate would be just beyond the other bound. */
static void expect_rate(const qn_device_card *card, double x, double v,
                        double t)
{
  double want = rate_of(card, x, v, t);
  double got = value_of(card->device->spice_rate, card, x, v, t);
  double part =
    fmax(fabs(rate_of(card, 0, v, t)), fabs(rate_of(card, 1, v, t)));

  cr_assert(fabs(got - want) <= 1e-9 * fabs(want) + 1e-12 * part + 1e-300,
            "%s at x = %.17g, v = %.17g, %g K: %.17g, expected %.17g",
            card->device->name, x, v, t, got, want);
}

static void expect_law(const qn_device_card *card, double x, double v, double t)
{
  const qn_device *d = card->device;
  double slope, want = d->conductance(card->parameter, x, &slope);
  double got = value_of(d->spice_conductance, card, x, v, t);

  cr_assert(fabs(got - want) <= 1e-9 * want, "%s: G(%g) = %.17g, not %.17g",
            d->name, x, got, want);
  want = d->drive(card->parameter, v, &slope);
  got = value_of(d->spice_drive, card, x, v, t);
  if (fabs(want) < 1e30 * fabs(v)) /* no tail beyond 80 v0 in the text */
    cr_assert(fabs(got - want) <= 1e-9 * fabs(want),
              "%s: drive(%g) = %.17g, not %.17g", d->name, v, got, want);
  if (d->rate)
    expect_rate(card, x, v, t);
}

Test(law, every_record_has_its_laws)
{
  for (const qn_device *const *d = qn_devices; *d; d++)
    cr_expect((*d)->spice_drive && (*d)->spice_conductance &&
                !(*d)->rate == !(*d)->spice_rate,
              "%s", (*d)->name);
}

Test(law, spice_text_of_every_device_is_its_c_to_1e_9)
{
  uint64_t seed = 11;

  for (const qn_device *const *d = qn_devices; *d; d++)
    for (int k = 0; k < 3000; k++) {
      double v = (2 * draw(&seed) - 1) * fmin((*d)->voltage_max_v, 5);
      double t =
        draw_between(&seed, (*d)->temperature_min_k, (*d)->temperature_max_k);
      double x = draw(&seed);
      qn_device_card card;

      draw_card(&card, *d, &seed);
      expect_law(&card, k % 5 ? x : k % 2, k % 7 ? v : 0.01 * v, t);
    }
}

/* Published devices. Beyond the bounds, where Newton's method may look but no
 * state is, edges go on as tangents where the C has its exponential. */
Test(law, spice_text_points_back_beyond_the_bounds)
{
  static const double v[] = {-2e6, -40, -1.1, -0.05, 0, 0.05, 1.1, 40, 2e6};

  for (const qn_device *const *d = qn_devices; *d; d++)
    for (size_t set = 0;; set++) {
      qn_device_card card;

      if (!published_card(&card, *d, set))
        break;
      for (size_t k = 0; (*d)->rate && k < sizeof v / sizeof *v; k++) {
        const char *law = (*d)->spice_rate;

        expect_rate(&card, 0, v[k], 300);
        expect_rate(&card, 1, v[k], 300);
        cr_expect(value_of(law, &card, -0.1, v[k], 300) >= 0, "%s, %g V",
                  (*d)->name, v[k]);
        cr_expect(value_of(law, &card, 1.1, v[k], 300) <= 0, "%s, %g V",
                  (*d)->name, v[k]);
      }
    }
}
