/* noise_process.h - coloured noise, one source at a time: Ornstein-Uhlenbeck
 * processes, 1/f noise as a sum of them, random telegraph noise. SI units;
 * spectra are one-sided.
 *
 * Numbers are drawn from the caller's stream (quench/random.h): a path is a
 * function of the stream alone. */
#ifndef QN_NOISE_PROCESS_H
#define QN_NOISE_PROCESS_H

#include <stddef.h>
#include <stdint.h>

#include <quench/random.h>

/* ---- Ornstein-Uhlenbeck ------------------------------------------------------- */

/* dx = -x/tau dt + sqrt(2 variance / tau) dW, at rest of this variance and of
 * mean zero; its spectrum is S(f) = 4 variance tau / (1 + (2 pi f tau)^2). */
typedef struct qn_ou {
  double tau_s;    /* > 0 */
  double variance; /* in the square of the source's unit, >= 0 */
} qn_ou;

/* S(f) of one, in the square of the unit a hertz. */
double qn_ou_density(const qn_ou *ou, double hz);

/* A step of h seconds, exact for any h (Gillespie, Phys. Rev. E 54, 1996,
 * p. 2084): with two standard normals n0, n1
 *   x(h)                 = keep x(0) + kick n0
 *   integral of x over h = mean (x(0) + x(h)) + bridge n1
 * keep = exp(-h/tau), kick^2 = variance (1 - exp(-2h/tau)); given both ends the
 * integral is Gaussian with mean = tau tanh(h / 2tau) and
 * bridge^2 = 2 variance tau^2 (h/tau - 2 tanh(h / 2tau)). */
typedef struct qn_ou_step {
  double keep, kick;
  double mean, bridge; /* s, and the unit times s */
} qn_ou_step;

qn_ou_step qn_ou_step_of(const qn_ou *ou, double h);

/* ---- 1/f ------------------------------------------------------------------------ */

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

/* ---- random telegraph noise ------------------------------------------------------- */

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

/* One path of it, event by event. */
typedef struct qn_telegraph_path {
  qn_random stream;
  uint64_t drawn; /* numbers so far */
  double left_s;  /* until it switches */
  int state;
} qn_telegraph_path;

/* Starts at rest: in state 1 with probability p. */
void qn_telegraph_start(qn_telegraph_path *path, const qn_telegraph *t,
                        const qn_random *stream);

/* Goes on for h seconds; returns the time that it spent in state 1. */
double qn_telegraph_advance(qn_telegraph_path *path, const qn_telegraph *t,
                            double h);

#endif
