/* parts.c - smooth thresholds, windows and conductances. */
#include "circuits/devices/parts.h"

#include <math.h>

double qn_sinh_drive(double v, double v0, double *slope)
{
  double u = qn_hold_voltage(v) / v0, e = exp(fmin(fmax(u, -QN_TAIL), QN_TAIL));
  double tail = fabs(u) > QN_TAIL ? u - copysign(QN_TAIL, u) : 0;

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
