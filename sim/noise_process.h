/* noise_process.h - paths of coloured noise, one source at a time:
 * Ornstein-Uhlenbeck processes and random telegraph noise (quench/flicker.h).
 * SI units; spectra are one-sided.
 *
 * Numbers are drawn from the caller's stream (quench/random.h): a path is a
 * function of the stream alone. */
#ifndef QN_NOISE_PROCESS_H
#define QN_NOISE_PROCESS_H

#include <stddef.h>
#include <stdint.h>

#include <quench/flicker.h>
#include <quench/random.h>

/* ---- Ornstein-Uhlenbeck ------------------------------------------------------- */

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

/* ---- random telegraph noise ------------------------------------------------------- */

/* One path of a telegraph source, event by event. */
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
