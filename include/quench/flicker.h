/* flicker.h - coloured noise as Ornstein-Uhlenbeck processes: 1/f noise as a sum
 * of them, random telegraph noise by its second moments. SI units; spectra are
 * one-sided. */
#ifndef QN_FLICKER_H
#define QN_FLICKER_H

#include <stddef.h>

/* dx = -x/tau dt + sqrt(2 variance / tau) dW, at rest of this variance and of
 * mean zero; its spectrum is S(f) = 4 variance tau / (1 + (2 pi f tau)^2). */
typedef struct qn_ou {
  double tau_s;    /* > 0 */
  double variance; /* in the square of the source's unit, >= 0 */
} qn_ou;

enum { QN_FLICKER_POLES_MAX = 32 };

/* S(f) = strength / f from low_hz to high_hz (0 < low_hz <= high_hz, at most 30
 * decades apart) as a sum of Ornstein-Uhlenbeck processes into pole
 * [QN_FLICKER_POLES_MAX], slowest first; returns how many.
 *
 * Corners 1/(2 pi tau) stand one a decade, centred in the band, from its one
 * end to its other at least: five poles for four decades. Each has the variance
 * strength ln 10, which makes the sum's ripple 2 sech(pi^2 / ln 10), 0.24 dB.
 * The sum is within 0.75 dB of the law everywhere in the band, within 0.51 dB
 * in one of more than a decade; outside it is flat below and falls by 1/f^2
 * above. Its variance is strength ln 10 times the number of poles: up to a
 * decade more than the band's own strength ln(high_hz / low_hz). */
size_t qn_flicker_poles(double strength, double low_hz, double high_hz,
                        qn_ou *pole);

/* A two-state Markov process, 0 and 1; holding times are exponential with these
 * means. It is 1 the part p = up/(up + down) of the time, its variance is
 * p (1 - p), and its spectrum that of an Ornstein-Uhlenbeck process of this
 * variance with 1/tau = 1/up + 1/down (Machlup, J. Appl. Phys. 25, 1954,
 * p. 341). */
typedef struct qn_telegraph {
  double up_s, down_s; /* mean times in state 1 and in state 0, > 0 */
} qn_telegraph;

double qn_telegraph_occupancy(const qn_telegraph *t); /* p */

/* Same variance, same spectrum. */
qn_ou qn_telegraph_moments(const qn_telegraph *t);

#endif
