/* yakopcic.c - Yakopcic's generalised memristor.
 *
 *   i     = a1 x sinh(b v) for v >= 0, a2 x sinh(b v) for v < 0
 *   dx/dt = g(v) f(x, v)
 *   g     = ap (e^v - e^vp) for v > vp, -an (e^-v - e^vn) for v < -vn, else 0
 *   f     = e^(-alpha_p (x - xp)) (1 - x) / (1 - xp) for v > 0 and x > xp,
 *           e^(alpha_n (x + xn - 1)) x / (1 - xn)    for v < 0 and x < 1 - xn,
 *           else 1
 * (eta = 1; the other sign is a device turned round). Altered:
 *   v - vp above the threshold is s ln(1 + exp((v - vp) / s)), s = `smoothing`
 *   (default 1 mV): at a threshold the rate of 0.7 s beyond it, less than 1 %
 *   of s off from 4.6 s on, and below it falls by e every s.
 *   x - xp above its knee is the same with `knee` (default 0.01 of the range),
 *   scaled so that f still vanishes at the bound: at the knee f is lower by
 *   0.7 knee (alpha_p + 1 / (1 - xp)): 2 % up and 5 % down for Oblea's numbers.
 *   a1 and a2 blend as a logistic of v / blend; G takes their mean.
 * At x = 0 the conductance is 0: nothing divides by it here. */
#include <math.h>

#include "circuits/devices/devices.h"
#include "circuits/devices/parts.h"

enum {
  A1,
  A2,
  B,
  AP,
  AN,
  VP,
  VN,
  ALPHA_P,
  ALPHA_N,
  XP,
  XN,
  SMOOTHING,
  KNEE,
  BLEND
};

/* clang-format off: tables */
static const qn_parameter parameters[] = {
  [A1] = {"a1", "A", 0.17, 1e-9, 1, "current scale of v > 0"},
  [A2] = {"a2", "A", 0.17, 1e-9, 1, "current scale of v < 0"},
  [B] = {"b", "1/V", 0.05, 1e-3, 10, "curvature of the current"},
  [AP] = {"ap", "1/s", 4000, 1e-6, 1e9, "speed of the rise"},
  [AN] = {"an", "1/s", 4000, 1e-6, 1e9, "speed of the fall"},
  [VP] = {"vp", "V", 0.16, 0.02, 3, "threshold of the rise"},
  [VN] = {"vn", "V", 0.15, 0.02, 3, "threshold of the fall, of -v"},
  [ALPHA_P] = {"alpha_p", "1", 1, 0, 20, "slowing of the rise beyond xp"},
  [ALPHA_N] = {"alpha_n", "1", 5, 0, 20, "slowing of the fall beyond 1 - xn"},
  [XP] = {"xp", "1", 0.3, 0, 0.9, "where the rise begins to slow"},
  [XN] = {"xn", "1", 0.5, 0, 0.9, "1 - x where the fall begins to slow"},
  [SMOOTHING] = {"smoothing", "V", 1e-3, 2e-4, 5e-3,
                 "round-off of the thresholds"},
  [KNEE] = {"knee", "1", 0.01, 1e-3, 0.05, "round-off of the windows' knees"},
  [BLEND] = {"blend", "V", 0.01, 1e-3, 0.1, "round-off between a1 and a2"},
  {.name = NULL}};

typedef const struct qn_parameter_value values[];

static const qn_parameter_set sets[] = {
  {.name = "oblea",
   .title = "Oblea's Ag-chalcogenide device, sine",
   .citation = "Oblea et al. 2010 as fitted by Yakopcic et al. 2013; Xyce's "
               "manual",
   .values = (values){{NULL, 0}}}, /* the defaults */
  {.name = "oblea_pulsed",
   .title = "Oblea's Ag-chalcogenide device, pulses",
   .citation = "thomastiotto/Memristor-Models, experiments.py",
   .values = (values){{"a1", 0.097}, {"a2", 0.097}, {NULL, 0}}},
  {.name = "miao",
   .title = "Miao's TaOx device",
   .citation = "thomastiotto/Memristor-Models, experiments.py",
   .values = (values){{"a1", 0.11},
                      {"a2", 0.11},
                      {"b", 0.5},
                      {"ap", 7.5},
                      {"an", 2},
                      {"vp", 0.09},
                      {"vn", 0.75},
                      {NULL, 0}}},
  {.name = "jo",
   .title = "Jo's amorphous silicon device",
   .citation = "thomastiotto/Memristor-Models, experiments.py",
   .values = (values){{"a1", 3.7e-7},
                      {"a2", 4.35e-7},
                      {"b", 0.7},
                      {"ap", 0.005},
                      {"an", 0.08},
                      {"vp", 1.5},
                      {"vn", 0.5},
                      {"alpha_p", 1.2},
                      {"alpha_n", 3},
                      {"xp", 0.2},
                      {"xn", 0.5},
                      {NULL, 0}}},
  {.name = NULL}};
/* clang-format on */

static const char *check(const double *p)
{
  if (p[A1] <= 5 * p[A2] && p[A2] <= 5 * p[A1])
    return NULL;
  return "expected a1 and a2 within a factor of 5";
}

/* a1 and a2 over their mean: 1 - r tanh(v / (2 blend)) */
static double drive(const double *p, double v, double *slope)
{
  double r = (p[A2] - p[A1]) / (p[A2] + p[A1]);
  double t = tanh(v / (2 * p[BLEND]));
  double bent = qn_sinh_drive(v, 1 / p[B], slope);

  *slope = *slope * (1 - r * t) - bent * r * (1 - t * t) / (2 * p[BLEND]);
  return bent * (1 - r * t);
}

static double conductance(const double *p, double x, double *slope)
{
  *slope = 0.5 * (p[A1] + p[A2]) * p[B];
  return *slope * x;
}

static double state(const double *p, double g)
{
  return qn_unit_state(g / (0.5 * (p[A1] + p[A2]) * p[B]));
}

/* scale (e^v - e^threshold), v positive in the direction of the part */
static qn_part above(const double *p, double v, double threshold, double scale)
{
  double s = p[SMOOTHING], u_v, slope;
  double u = s * qn_softplus((v - threshold) / s, &u_v);
  double e = qn_tailed_expm1(u, &slope);

  scale *= exp(threshold);
  return (qn_part){scale * e, 0, scale * slope * u_v};
}

/* e^(-alpha u) (1 - u / knee) with u how far the distance y from the bound is
 * below the knee; beyond the bound the tangent */
static qn_window slowing(const double *p, double y, double knee, double alpha)
{
  double w = p[KNEE], slope, whole = qn_softplus(knee / w, &slope);
  double part = qn_softplus((knee - y) / w, &slope) / whole; /* u / knee */
  double part_y = -slope / (w * whole);
  double e = exp(-alpha * knee * fmin(part, 1));

  return (qn_window){e * (1 - part),
                     -e * (alpha * knee * fmax(1 - part, 0) + 1) * part_y};
}

static double rate(const double *p, double x, double v, double temperature_k,
                   double *by_x, double *by_v)
{
  qn_window rise = slowing(p, 1 - x, 1 - p[XP], p[ALPHA_P]);
  qn_window fall = slowing(p, x, 1 - p[XN], p[ALPHA_N]);
  qn_part up, down;

  (void)temperature_k;
  v = qn_hold_voltage(v);
  up = above(p, v, p[VP], p[AP]);
  down = above(p, -v, p[VN], p[AN]);
  rise.slope = -rise.slope;
  down.by_v = -down.by_v;
  return qn_net_rate(up, rise, down, fall, by_x, by_v);
}

const qn_device qn_device_yakopcic = {
  .name = "yakopcic",
  .title = "Yakopcic's generalised memristor",
  .equation = "i = a1 x sinh(b v) for v >= 0, a2 x sinh(b v) for v < 0",
  .state_equation =
    "dx/dt = ap (e^v - e^vp) f for v > vp, -an (e^-v - e^vn) f for v < "
    "-vn, "
    "else 0; f = e^(-alpha_p (x - xp)) (1 - x) / (1 - xp) for v > 0 and "
    "x > xp, e^(alpha_n (x + xn - 1)) x / (1 - xn) for v < 0 and x < 1 - "
    "xn, "
    "else 1",
  .altered = "thresholds rounded off over `smoothing`, the windows' knees over "
             "`knee`, the change from a1 to a2 over `blend`",
  .citation = "Yakopcic et al., IEEE Electron Device Lett. 32, 1436 (2011); "
              "IEEE Trans. CAD 32, 1201 (2013)",
  .parameters = parameters,
  .sets = sets,
  .temperature_min_k = 273,
  .temperature_max_k = 323,
  .voltage_max_v = 5,
  .raised_by = 1,
  .check = check,
  .drive = drive,
  .spice_drive = "sinh(b*(v))/b*(1-(a2-a1)/(a2+a1)*tanh((v)/(2*blend)))",
  .spice_conductance = "0.5*(a1+a2)*b*x",
  .spice_rate =
    "u = hold_voltage(v);"
    "up = smoothing*softplus((u-vp)/smoothing);"
    "down = smoothing*softplus((-u-vn)/smoothing);"
    "rising = softplus((x-xp)/knee)/softplus((1-xp)/knee);"
    "falling = softplus((1-xn-x)/knee)/softplus((1-xn)/knee);"
    "ap*exp(vp)*tailed_expm1(up)*exp(-alpha_p*(1-xp)*min(rising,1))*(1-rising)"
    "-an*exp(vn)*tailed_expm1(down)*exp(-alpha_n*(1-xn)*min(falling,1))"
    "*(1-falling)",
  .conductance = conductance,
  .state = state,
  .rate = rate,
};
