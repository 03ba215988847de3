/* welch.h - the spectrum of a series by Welch's method (IEEE Trans. Audio
 * Electroacoust. 15, 1967, p. 70): Hann windows, half overlapping, on GSL's
 * FFT. */
#ifndef QN_TEST_WELCH_H
#define QN_TEST_WELCH_H

#include <stddef.h>

/* One-sided density of x [n], sampled every dt, into density [segment / 2] at
 * k / (segment dt); segment is a power of two. */
void welch(const double *x, size_t n, double dt, size_t segment,
           double *density);

/* What the mean of `bins` neighbouring densities may differ from its
 * expectation by, relative, at `deviations`: as if half the segments stood
 * alone and a Hann window made 1.5 bins one. */
double welch_error(size_t n, size_t segment, size_t bins, double deviations);

/* One-sided density at f of a process of this variance and correlation
 * exp(-|t|/tau), sampled every dt: what lies above half the rate is folded. */
double sampled_lorentzian(double variance, double tau, double dt, double f);

#endif
