/* device_figures.c - how fast a memristor moves, and the area of its loop. */
#include <quench/device_run.h>

#include <math.h>

static double rate_of(const qn_device_card *card, double x, double v,
                      double temperature_k)
{
  double by_x, by_v;

  return card->device->rate(card->parameter, x, v, temperature_k, &by_x, &by_v);
}

/* The integral of dx / rate over 16 panels of two Gauss points each: rates of
 * the models here change by less than a factor of 10 in a panel. A rate that
 * turns round on the way never arrives. */
double qn_device_move_time(const qn_device_card *card, double x, double v,
                           double temperature_k, double part)
{
  enum { PANELS = 16 };
  double sum = 0, step;

  if (!card->device->rate)
    return HUGE_VAL;
  step = copysign(part / PANELS, rate_of(card, x, v, temperature_k));
  for (int i = 0; i < 2 * PANELS; i++) {
    double at = (i / 2 + 0.5 + (i % 2 ? 0.5 : -0.5) / sqrt(3)) * step;
    double rate = rate_of(card, x + at, v, temperature_k);

    if (!(rate * step > 0) || x + at <= 0 || x + at >= 1)
      return HUGE_VAL;
    sum += 0.5 * step / rate;
  }
  return sum;
}

double qn_device_move_voltage(const qn_device_card *card, double x,
                              double temperature_k, double part, double seconds,
                              int sign)
{
  double low = 0, high = card->device->voltage_max_v;

  if (!(qn_device_move_time(card, x, sign * high, temperature_k, part) <=
        seconds))
    return sign * HUGE_VAL;
  while (high - low > 1e-9 * high) {
    double middle = 0.5 * (low + high);

    if (qn_device_move_time(card, x, sign * middle, temperature_k, part) <=
        seconds)
      high = middle;
    else
      low = middle;
  }
  return sign * high;
}

double qn_device_loop_area(const qn_device_trace *trace, size_t first,
                           size_t last)
{
  double lobe[2] = {0, 0};

  for (size_t i = first; i < last; i++) {
    double v = trace->voltage_v[i] + trace->voltage_v[i + 1];
    double step = trace->voltage_v[i + 1] - trace->voltage_v[i];

    lobe[v > 0] += 0.5 * (trace->current_a[i] + trace->current_a[i + 1]) * step;
  }
  return fabs(lobe[0]) + fabs(lobe[1]);
}
