/* device_draw.c - random memristors. */
#include "tests/circuits/device_draw.h"

#include <criterion/criterion.h>
#include <math.h>

double draw(uint64_t *seed)
{
  uint64_t z = *seed += 0x9e3779b97f4a7c15u;

  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

double draw_between(uint64_t *seed, double low, double high)
{
  return low + (high - low) * draw(seed);
}

double draw_log(uint64_t *seed, double low, double high)
{
  return low * pow(high / low, draw(seed));
}

static double draw_parameter(const qn_parameter *p, uint64_t *seed)
{
  double value = p->low * p->high > 0 ? draw_log(seed, p->low, p->high)
                                      : draw_between(seed, p->low, p->high);

  return fmin(fmax(value, p->low), p->high);
}

void draw_card(qn_device_card *card, const qn_device *device, uint64_t *seed)
{
  int tries = 0;

  card->device = device;
  do {
    cr_assert(tries++ < 10000, "%s: check() takes nothing", device->name);
    for (size_t i = 0; device->parameters[i].name; i++)
      card->parameter[i] = draw_parameter(&device->parameters[i], seed);
  } while (qn_device_card_check(card, NULL));
}

int published_card(qn_device_card *card, const qn_device *device, size_t set)
{
  qn_diag diag;

  qn_device_card_init(card, device);
  if (set == 0)
    return 1;
  for (size_t i = 0; i < set; i++)
    if (!device->sets || !device->sets[i].name)
      return 0;
  cr_assert(!qn_device_card_use(card, device->sets[set - 1].name, &diag), "%s",
            diag.message);
  return 1;
}
