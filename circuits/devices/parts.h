/* parts.h - what several memristor models are made of: smooth in place of what
 * publications write with `if`, and finite for every finite argument.
 *
 * A model's rate is that of its two directions, each >= 0 and with a window
 * that vanishes at the bound it moves to, and at no other:
 *   dx/dt = up f_up(x) - down f_down(x),  f_up(1) = f_down(0) = 0.
 * So no state leaves [0, 1], and none is locked at a bound. */
#ifndef QN_PARTS_H
#define QN_PARTS_H

#include <math.h>

enum { QN_TAIL = 80 }; /* exp(80) = 5.5e34 */

/* v, at most 1e6 V either way */
static inline double qn_hold_voltage(double v)
{
  return v < -1e6 ? -1e6 : v > 1e6 ? 1e6 : v;
}

/* kT/q [V] */
static inline double qn_kt_over_q(double temperature_k)
{
  return 8.617333262e-5 * temperature_k; /* k / q, SI 2019 */
}

/* exp(u) up to u = 80, from there its tangent */
static inline double qn_tailed_exp(double u, double *slope)
{
  *slope = exp(u <= QN_TAIL ? u : QN_TAIL);
  return u <= QN_TAIL ? *slope : *slope * (1 + u - QN_TAIL);
}

/* exp(u) - 1 with the same tail */
static inline double qn_tailed_expm1(double u, double *slope)
{
  if (u > 1)
    return qn_tailed_exp(u, slope) - 1;
  if (u < -40) { /* exp(-40) is below half of the last bit of 1 */
    *slope = 0;
    return -1;
  }
  *slope = exp(u);
  return u < -0.5 ? *slope - 1 : expm1(u);
}

/* v0 sinh(v / v0) with the same tails */
double qn_sinh_drive(double v, double v0, double *slope);

/* ln(1 + exp(z)): max(z, 0), rounded off over a width of a few */
double qn_softplus(double z, double *slope);

/* v^5 / (v^4 + s^4) for v > 0, else 0: max(v, 0) up to (s / v)^4, with four
 * derivatives */
double qn_positive_part(double v, double s, double *slope);

/* G [S] of the resistance r_on x + r_off (1 - x); x of a G in [1/r_off,
 * 1/r_on]. Beyond x = 1 the tangent. */
double qn_series_conductance(double r_on, double r_off, double x,
                             double *slope);
double qn_series_state(double r_on, double r_off, double g);

/* x brought into [0, 1] */
double qn_unit_state(double x);

typedef struct qn_window {
  double value, slope; /* by x */
} qn_window;

/* 1 - exp(-y / width), y the distance from the bound moved to: 0 there, 1 to
 * within 1 % from 4.6 widths on */
/* of the distance y from the bound; beyond it negative, which points back */
static inline qn_window qn_edge(double y, double width)
{
  double slope, value = -qn_tailed_expm1(-y / width, &slope);

  return (qn_window){value, slope / width};
}

static inline qn_window qn_edge_up(double x, double width)
{
  qn_window f = qn_edge(1 - x, width);

  return (qn_window){f.value, -f.slope};
}

static inline qn_window qn_edge_down(double x, double width)
{
  return qn_edge(x, width);
}

/* of one direction, 1/s */
typedef struct qn_part {
  double rate, by_x, by_v;
} qn_part;

static inline double qn_net_rate(qn_part up, qn_window f_up, qn_part down,
                                 qn_window f_down, double *by_x, double *by_v)
{
  *by_x = up.by_x * f_up.value + up.rate * f_up.slope -
          down.by_x * f_down.value - down.rate * f_down.slope;
  *by_v = up.by_v * f_up.value - down.by_v * f_down.value;
  return up.rate * f_up.value - down.rate * f_down.value;
}

#endif
