/* parts.h - what several memristor models are made of: smooth in place of what
 * publications write with `if`, and finite for every finite argument.
 *
 * A model's rate is that of its two directions, each >= 0 and with a window
 * that vanishes at the bound it moves to, and at no other:
 *   dx/dt = up f_up(x) - down f_down(x),  f_up(1) = f_down(0) = 0.
 * So no state leaves [0, 1], and none is locked at a bound. */
#ifndef QN_PARTS_H
#define QN_PARTS_H

/* v, at most 1e6 V either way */
double qn_hold_voltage(double v);

/* kT/q [V] */
double qn_kt_over_q(double temperature_k);

/* exp(u) up to u = 80, from there its tangent */
double qn_tailed_exp(double u, double *slope);

/* exp(u) - 1 with the same tail */
double qn_tailed_expm1(double u, double *slope);

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
qn_window qn_edge_up(double x, double width);
qn_window qn_edge_down(double x, double width);

/* of one direction, 1/s */
typedef struct qn_part {
  double rate, by_x, by_v;
} qn_part;

double qn_net_rate(qn_part up, qn_window f_up, qn_part down, qn_window f_down,
                   double *by_x, double *by_v);

#endif
