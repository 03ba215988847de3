/* pershin.c - the bipolar threshold memristor of Pershin and Di Ventra.
 *
 *   v = R i,  R = rmin x + rmax (1 - x),
 *   dR/dt = beta v + (alpha - beta) (|v + vt| - |v - vt|) / 2
 * between rmin and rmax: alpha v up to |v| = vt, from there beta (|v| - vt)
 * more. Positive v lowers the conductance. ngspice has it built in as the code
 * model `memristor`, with the same names.
 * Altered:
 *   dR/dt is that of two directions, each alpha (P(u) - P(u - vt)) +
 *   beta P(u - vt) of u = v or -v, with P(z) = z^5 / (z^4 + s^4) in place of
 *   max(z, 0), s = `smoothing` (default 1 mV): (s / z)^4 too little, less than
 *   1 % of z from 3.2 s on, at most 0.57 s. Below vt (alpha = 0) or at 0 V
 *   nothing moves at all.
 *   The stops at rmin and rmax are an edge() of width `edge` of the range: as
 *   published to 1 % where the bound moved to is farther than 4.6 `edge`. */
#include "circuits/devices/devices.h"
#include "circuits/devices/parts.h"

enum { RMIN, RMAX, ALPHA, BETA, VT, SMOOTHING, EDGE };

/* clang-format off: tables */
static const qn_parameter parameters[] = {
  [RMIN] = {"rmin", "Ohm", 1e3, 1, 1e6, "resistance at x = 1"},
  [RMAX] = {"rmax", "Ohm", 10e3, 100, 1e9, "resistance at x = 0"},
  [ALPHA] = {"alpha", "Ohm/(V s)", 0, 0, 1e12, "slope of dR/dt below vt"},
  [BETA] = {"beta", "Ohm/(V s)", 2e12, 1e-3, 1e16, "slope of dR/dt above vt"},
  [VT] = {"vt", "V", 1.6, 0, 5, "threshold of both directions"},
  [SMOOTHING] = {"smoothing", "V", 1e-3, 1e-4, 1e-2,
                 "round-off of the threshold and about 0 V"},
  [EDGE] = {"edge", "1", 0.01, 1e-3, 0.05, "width of the edges, of the range"},
  {.name = NULL}};

typedef const struct qn_parameter_value values[];

static const qn_parameter_set sets[] = {
  {.name = "published",
   .title = "the subcircuit of the publication",
   .citation = "Pershin and Di Ventra, arXiv:1204.2600",
   .values = (values){{"beta", 1e13}, {"vt", 4.6}, {NULL, 0}}},
  {.name = "ngspice",
   .title = "ngspice's code model as it stands: slow, without a threshold",
   .citation = "ngspice, code model memristor, default parameters",
   .values = (values){{"rmin", 10}, {"beta", 1}, {"vt", 0}, {NULL, 0}}},
  {.name = NULL}};
/* clang-format on */

static const char *check(const double *p)
{
  if (p[RMIN] <= 0.9 * p[RMAX] && p[RMAX] <= 1e6 * p[RMIN])
    return NULL;
  return "expected rmax / rmin from 1.1 to 1e6";
}

static double drive(const double *p, double v, double *slope)
{
  (void)p;
  *slope = 1;
  return v;
}

static double conductance(const double *p, double x, double *slope)
{
  return qn_series_conductance(p[RMIN], p[RMAX], x, slope);
}

static double state(const double *p, double g)
{
  return qn_series_state(p[RMIN], p[RMAX], g);
}

/* of one direction, u the voltage that drives it */
static qn_part towards(const double *p, double u)
{
  double range = p[RMAX] - p[RMIN], any_u, beyond_u;
  double any = qn_positive_part(u, p[SMOOTHING], &any_u);
  double beyond = qn_positive_part(u - p[VT], p[SMOOTHING], &beyond_u);
  double speed = p[ALPHA] * (any - beyond) + p[BETA] * beyond;
  double speed_u = p[ALPHA] * (any_u - beyond_u) + p[BETA] * beyond_u;

  return (qn_part){speed / range, 0, speed_u / range};
}

static double rate(const double *p, double x, double v, double temperature_k,
                   double *by_x, double *by_v)
{
  qn_part up, down;

  (void)temperature_k;
  v = qn_hold_voltage(v);
  up = towards(p, -v);
  up.by_v = -up.by_v;
  down = towards(p, v);
  return qn_net_rate(up, qn_edge_up(x, p[EDGE]), down, qn_edge_down(x, p[EDGE]),
                     by_x, by_v);
}

const qn_device qn_device_pershin = {
  .name = "pershin",
  .title = "Pershin and Di Ventra, bipolar with a threshold",
  .equation = "v = (rmin x + rmax (1 - x)) i",
  .state_equation = "dR/dt = beta v + (alpha - beta) (|v + vt| - |v - vt|) / 2 "
                    "between rmin and rmax, R = rmin x + rmax (1 - x)",
  .altered = "0 V and the threshold rounded off over `smoothing`, by at most "
             "0.57 of it; bounds approached over `edge` of the range",
  .citation = "Pershin and Di Ventra, Radioengineering 22, 485 (2013), "
              "arXiv:1204.2600; parameters of ngspice's example memristor_x",
  .parameters = parameters,
  .sets = sets,
  .temperature_min_k = 273,
  .temperature_max_k = 323,
  .voltage_max_v = 10,
  .raised_by = -1,
  .check = check,
  .drive = drive,
  .spice_drive = "v",
  .spice_conductance = "series_conductance(rmin,rmax,x)",
  .spice_rate = "u = hold_voltage(v);"
                "over = positive_part(-u-vt,smoothing);"
                "under = positive_part(u-vt,smoothing);"
                "((alpha*(positive_part(-u,smoothing)-over)+beta*over)"
                "*edge(1-x,edge)"
                "-(alpha*(positive_part(u,smoothing)-under)+beta*under)"
                "*edge(x,edge))/(rmax-rmin)",
  .conductance = conductance,
  .state = state,
  .rate = rate,
};
