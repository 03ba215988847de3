/* flicker.c - see flicker.h. */
#include <quench/flicker.h>

#include <math.h>

static const double pi = 3.14159265358979323846;

size_t qn_flicker_poles(double strength, double low_hz, double high_hz,
                        qn_ou *pole)
{
  double decades = log10(high_hz / low_hz);
  size_t n = (size_t)fmax(2, ceil(decades - 1e-9) + 1);

  for (size_t k = 0; k < n; k++) {
    double from_middle = (double)k - 0.5 * (double)(n - 1);
    double corner = low_hz * pow(10, 0.5 * decades + from_middle);

    pole[k] =
      (qn_ou){.tau_s = 1 / (2 * pi * corner), .variance = strength * log(10)};
  }
  return n;
}

double qn_telegraph_occupancy(const qn_telegraph *t)
{
  return t->up_s / (t->up_s + t->down_s);
}

qn_ou qn_telegraph_moments(const qn_telegraph *t)
{
  double p = qn_telegraph_occupancy(t);

  return (qn_ou){.tau_s = 1 / (1 / t->up_s + 1 / t->down_s),
                 .variance = p * (1 - p)};
}
