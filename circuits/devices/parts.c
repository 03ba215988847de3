/* parts.c - smooth thresholds, windows and conductances. */
#include "circuits/devices/parts.h"

#include <math.h>

#define TAIL 80 /* exp(80) = 5.5e34 */

double qn_hold_voltage(double v)
{
  return fmin(fmax(v, -1e6), 1e6);
}

double qn_kt_over_q(double temperature_k)
{
  return 8.617333262e-5 * temperature_k; /* k / q, SI 2019 */
}

/* ---- exponentials ----------------------------------------------------------
 */

double qn_tailed_exp(double u, double *slope)
{
  *slope = exp(fmin(u, TAIL));
  return u <= TAIL ? *slope : *slope * (1 + u - TAIL);
}

double qn_tailed_expm1(double u, double *slope)
{
  if (u > 1)
    return qn_tailed_exp(u, slope) - 1;
  *slope = exp(u);
  return expm1(u);
}

double qn_sinh_drive(double v, double v0, double *slope)
{
  double u = qn_hold_voltage(v) / v0, e = exp(fmin(fmax(u, -TAIL), TAIL));
  double tail = fabs(u) > TAIL ? u - copysign(TAIL, u) : 0;

  *slope = 0.5 * (e + 1 / e);
  return v0 * (0.5 * (e - 1 / e) + tail * *slope);
}

double qn_softplus(double z, double *slope)
{
  double e = exp(-fabs(z));

  *slope = (z > 0 ? 1 : e) / (1 + e);
  return fmax(z, 0) + log1p(e);
}

double qn_positive_part(double v, double s, double *slope)
{
  double r = v / s, q = r * r * r * r;

  *slope = 0;
  if (!(v > 0))
    return 0;
  *slope = q / (1 + q) * (1 + 4 / (1 + q));
  return v * q / (1 + q);
}

/* ---- conductance -----------------------------------------------------------
 */

double qn_series_conductance(double r_on, double r_off, double x, double *slope)
{
  double g = 1 / (r_off - (r_off - r_on) * fmin(x, 1));

  *slope = g * g * (r_off - r_on);
  return g + *slope * fmax(x - 1, 0);
}

double qn_series_state(double r_on, double r_off, double g)
{
  return g > 0 ? qn_unit_state((r_off - 1 / g) / (r_off - r_on)) : 0;
}

double qn_unit_state(double x)
{
  return fmin(fmax(x, 0), 1);
}

/* ---- rates
 * ------------------------------------------------------------------- */

/* of the distance y from the bound; beyond it negative, which points back */
static qn_window edge(double y, double width)
{
  double slope, value = -qn_tailed_expm1(-y / width, &slope);

  return (qn_window){value, slope / width};
}

qn_window qn_edge_up(double x, double width)
{
  qn_window f = edge(1 - x, width);

  return (qn_window){f.value, -f.slope};
}

qn_window qn_edge_down(double x, double width)
{
  return edge(x, width);
}

double qn_net_rate(qn_part up, qn_window f_up, qn_part down, qn_window f_down,
                   double *by_x, double *by_v)
{
  *by_x = up.by_x * f_up.value + up.rate * f_up.slope -
          down.by_x * f_down.value - down.rate * f_down.slope;
  *by_v = up.by_v * f_up.value - down.by_v * f_down.value;
  return up.rate * f_up.value - down.rate * f_down.value;
}
