/* welch.c - Welch's method. */
#include "tests/sim/welch.h"

#include <gsl/gsl_fft_real.h>
#include <gsl/gsl_math.h>
#include <stdlib.h>

static void add_segment(const double *x, double mean, size_t segment,
                        double *room, double *density)
{
  for (size_t i = 0; i < segment; i++) {
    double s = sin(M_PI * (double)i / (double)segment);

    room[i] = (x[i] - mean) * s * s;
  }
  gsl_fft_real_radix2_transform(room, 1, segment);
  for (size_t k = 1; k < segment / 2; k++)
    density[k] += room[k] * room[k] + room[segment - k] * room[segment - k];
}

void welch(const double *x, size_t n, double dt, size_t segment,
           double *density)
{
  double *room = malloc(segment * sizeof *room);
  double mean = 0, scale;
  size_t segments = 0;

  for (size_t i = 0; i < n; i++)
    mean += x[i] / (double)n;
  for (size_t k = 0; k < segment / 2; k++)
    density[k] = 0;
  for (size_t at = 0; at + segment <= n; at += segment / 2, segments++)
    add_segment(x + at, mean, segment, room, density);
  /* the mean of a Hann window's square is 3/8 */
  scale = 2 * dt / (0.375 * (double)segment * (double)segments);
  for (size_t k = 0; k < segment / 2; k++)
    density[k] *= scale;
  free(room);
}

double welch_error(size_t n, size_t segment, size_t bins, double deviations)
{
  double alone = fmax(1, (double)bins / 1.5) * (double)(n / segment);

  return deviations / sqrt(alone);
}

double sampled_lorentzian(double variance, double tau, double dt, double f)
{
  double keep = exp(-dt / tau);

  return 2 * dt * variance * -expm1(-2 * dt / tau) /
         (1 - 2 * keep * cos(2 * M_PI * f * dt) + keep * keep);
}
