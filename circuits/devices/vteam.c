/* vteam.c - the voltage threshold model VTEAM with two current laws.
 *
 * The width w = d (1 - x) of the insulating part, with thresholds v_on < 0 <
 * v_off:
 *   dw/dt = k_off (v / v_off - 1)^alpha_off f_off(w)  for v > v_off
 *           k_on (v / v_on - 1)^alpha_on f_on(w)      for v < v_on, k_on < 0
 * and 0 between. Positive v lowers the conductance.
 * Altered:
 *   max(v / v_off - 1, 0) is s ln(1 + exp((v / v_off - 1) / s)), s =
 *   `smoothing` (default 0.01): at a threshold s ln 2 instead of 0, the rate of
 *   1.007 v_off for alpha = 1; as published to 1 % of that from 4.6 s on, and
 *   below the threshold it falls by e every s v_off: (4e-46)^alpha of the rate
 *   at 2 v_off when at 0 V.
 *   The windows f, which the publication leaves open, are an edge() of width
 *   `edge` of the range. */
#include <math.h>

#include "circuits/devices/devices.h"
#include "circuits/devices/parts.h"

enum {
  R_ON,
  R_OFF,
  D,
  K_ON,
  K_OFF,
  ALPHA_ON,
  ALPHA_OFF,
  V_ON,
  V_OFF,
  SMOOTHING,
  EDGE
};

/* clang-format off: a table */
static const qn_parameter parameters[] = {
  [R_ON] = {"r_on", "Ohm", 50, 10, 1e6, "resistance at x = 1"},
  [R_OFF] = {"r_off", "Ohm", 1000, 100, 1e9, "resistance at x = 0"},
  [D] = {"d", "m", 3e-9, 1e-10, 1e-7, "range of w, w_off - w_on"},
  [K_ON] = {"k_on", "m/s", -10, -1e3, -1e-9, "velocity of SET"},
  [K_OFF] = {"k_off", "m/s", 5e-4, 1e-9, 1e3, "velocity of RESET"},
  [ALPHA_ON] = {"alpha_on", "1", 3, 1, 8, "exponent of SET"},
  [ALPHA_OFF] = {"alpha_off", "1", 1, 1, 8, "exponent of RESET"},
  [V_ON] = {"v_on", "V", -0.2, -2.5, -0.01, "threshold of SET"},
  [V_OFF] = {"v_off", "V", 0.02, 0.01, 2.5, "threshold of RESET"},
  [SMOOTHING] = {"smoothing", "1", 0.01, 2e-3, 0.05,
                 "round-off of the thresholds, of their voltage"},
  [EDGE] = {"edge", "1", 0.01, 1e-3, 0.05, "width of the edges, of the range"},
  {.name = NULL}};
/* clang-format on */

static const char *check(const double *p)
{
  if (p[R_ON] <= 0.9 * p[R_OFF] && p[R_OFF] <= 1e6 * p[R_ON])
    return NULL;
  return "expected r_off / r_on from 1.1 to 1e6";
}

static double drive(const double *p, double v, double *slope)
{
  (void)p;
  *slope = 1;
  return v;
}

/* ---- the linear law --------------------------------------------------------
 */

static double linear_conductance(const double *p, double x, double *slope)
{
  return qn_series_conductance(p[R_ON], p[R_OFF], x, slope);
}

static double linear_state(const double *p, double g)
{
  return qn_series_state(p[R_ON], p[R_OFF], g);
}

/* ---- the exponential law
 * ----------------------------------------------------- */

static double exponential_conductance(const double *p, double x, double *slope)
{
  double lambda = log(p[R_OFF] / p[R_ON]);
  double g = qn_tailed_exp(lambda * (x - 1), slope) / p[R_ON];

  *slope *= lambda / p[R_ON];
  return g;
}

static double exponential_state(const double *p, double g)
{
  if (!(g > 0))
    return 0;
  return qn_unit_state(1 + log(g * p[R_ON]) / log(p[R_OFF] / p[R_ON]));
}

/* ---- rates
 * ------------------------------------------------------------------- */

/* k (v / threshold - 1)^alpha / d */
static qn_part above(const double *p, double v, double threshold, double k,
                     double alpha)
{
  double s = p[SMOOTHING], slope;
  double z = s * qn_softplus((v / threshold - 1) / s, &slope);
  double by_z = k / p[D] * pow(z, alpha - 1);

  return (qn_part){by_z * z, 0, alpha * by_z * slope / threshold};
}

static double rate(const double *p, double x, double v, double temperature_k,
                   double *by_x, double *by_v)
{
  qn_part up, down;

  (void)temperature_k;
  v = qn_hold_voltage(v);
  up = above(p, v, p[V_ON], -p[K_ON], p[ALPHA_ON]);
  down = above(p, v, p[V_OFF], p[K_OFF], p[ALPHA_OFF]);
  return qn_net_rate(up, qn_edge_up(x, p[EDGE]), down, qn_edge_down(x, p[EDGE]),
                     by_x, by_v);
}

/* clang-format off: what the two records share */
#define EVERY_RECORD                                                          \
  .state_equation = "dw/dt = k_off (v / v_off - 1)^alpha_off for v > v_off, " \
                    "k_on (v / v_on - 1)^alpha_on for v < v_on, else 0, "     \
                    "w = d (1 - x)",                                          \
  .altered = "thresholds rounded off over `smoothing` of their voltage; "     \
             "bounds approached over `edge` of the range",                    \
  .citation = "Kvatinsky et al., IEEE Trans. Circuits Syst. II 62, 786 "      \
              "(2015), 10.1109/TCSII.2015.2433536; parameters of MemTorch",   \
  .parameters = parameters, .temperature_min_k = 273,                         \
  .temperature_max_k = 323, .voltage_max_v = 3, .raised_by = -1,              \
  .check = check, .drive = drive, .spice_drive = "v", .rate = rate,           \
  .spice_rate = "u = hold_voltage(v);"                                        \
                "set = smoothing*softplus((u/v_on-1)/smoothing);"             \
                "reset = smoothing*softplus((u/v_off-1)/smoothing);"          \
                "-k_on/d*pow(max(set,0),alpha_on)*edge(1-x,edge)"             \
                "-k_off/d*pow(max(reset,0),alpha_off)*edge(x,edge)"
/* clang-format on */

const qn_device qn_device_vteam = {
  EVERY_RECORD,
  .name = "vteam",
  .title = "VTEAM, voltage thresholds, resistance linear in w",
  .equation = "v = (r_on x + r_off (1 - x)) i",
  .conductance = linear_conductance,
  .spice_conductance = "series_conductance(r_on,r_off,x)",
  .state = linear_state,
};

const qn_device qn_device_vteam_exponential = {
  EVERY_RECORD,
  .name = "vteam_exponential",
  .title = "VTEAM, voltage thresholds, resistance exponential in w",
  .equation = "i = v exp(-ln(r_off / r_on) (1 - x)) / r_on",
  .conductance = exponential_conductance,
  .spice_conductance = "tailed_exp(ln(r_off/r_on)*(x-1))/r_on",
  .state = exponential_state,
};
