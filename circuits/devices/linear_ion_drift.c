/* linear_ion_drift.c - Strukov's memristor of 2008 with five windows.
 *
 * The doped part x of the thickness d:
 *   v = (r_on x + r_off (1 - x)) i,   dx/dt = (mobility r_on / d^2) i f(x, i)
 * There is no threshold: any current moves x, and only reading of zero mean
 * leaves it alone. Each window is a record of its own; without one x follows
 * from the charge alone.
 * Altered:
 *   v is split into v^5 / (v^4 + s^4) up and the same of -v down (s =
 *   `smoothing`, default 1 mV): (s / v)^4 too slow, 1e-8 at 0.1 V; nothing
 *   moves at 0 V.
 *   A window holds for the direction that moves to its bound; in the other half
 *   of the range a two-sided one (Joglekar, Prodromakis) keeps its value in the
 *   middle. Published, Joglekar's locks x at a bound: the rate at a distance y
 *   from the bound left is here 1 / (4 p y) of the published one.
 *   None and Kvatinsky, which do not vanish at their bound, end in an edge() of
 *   width `edge`: as published to 1 % beyond 4.6 `edge` of the range. */
#include <math.h>

#include "circuits/devices/devices.h"
#include "circuits/devices/parts.h"

/* parameters that all have, then those of the window */
enum { R_ON, R_OFF, D, MOBILITY, SMOOTHING, EDGE, OWN };
enum { P = OWN, J };             /* Joglekar, Biolek, Prodromakis */
enum { A_ON = OWN, A_OFF, W_C }; /* Kvatinsky */

/* clang-format off: tables */
#define SHARED                                                              \
  [R_ON] = {"r_on", "Ohm", 100, 10, 1e5, "resistance at x = 1"},            \
  [R_OFF] = {"r_off", "Ohm", 16e3, 100, 1e8, "resistance at x = 0"},        \
  [D] = {"d", "m", 10e-9, 1e-9, 1e-6, "thickness"},                         \
  [MOBILITY] = {"mobility", "m2/(V s)", 1e-14,                              \
                1e-17,      1e-12,      "mobility of the dopants"},         \
  [SMOOTHING] = {"smoothing", "V",                                          \
                 1e-3,        1e-4,                                         \
                 1e-2,        "round-off of the two directions about 0 V"}, \
  [EDGE] = {"edge", "1", 0.01, 1e-3, 0.05, "width of the edges, of the range"}

static const qn_parameter plain_parameters[] = {SHARED, {.name = NULL}};
static const qn_parameter power_parameters[] = {
  SHARED, [P] = {"p", "1", 2, 1, 10, "exponent of the window"}, {.name = NULL}};
static const qn_parameter prodromakis_parameters[] = {
  SHARED,
  [P] = {"p", "1", 2, 1, 10, "exponent of the window"},
  [J] = {"j", "1", 1, 0.1, 10, "height of the window"},
  {.name = NULL}};
static const qn_parameter kvatinsky_parameters[] = {
  SHARED,
  [A_ON] = {"a_on", "1", 0.9, 0.5, 1, "where the rise to x = 1 ends"},
  [A_OFF] = {"a_off", "1", 0.1, 0, 0.5, "where the fall to x = 0 ends"},
  [W_C] = {"w_c", "1", 0.02, 5e-3, 0.1, "width of both ends"},
  {.name = NULL}};
/* clang-format on */

typedef const struct qn_parameter_value values[];

static const qn_parameter_set joglekar_sets[] = {
  {.name = "hp_sine",
   .title = "HP device swept by a sine",
   .citation = "thomastiotto/Memristor-Models, experiments.py",
   .values = (values){{"r_on", 10e3},
                      {"r_off", 100e3},
                      {"d", 27e-9},
                      {"mobility", 1e-14},
                      {"p", 7},
                      {NULL, 0}}},
  {.name = "hp_pulsed",
   .title = "HP device driven by pulses",
   .citation = "thomastiotto/Memristor-Models, experiments.py",
   .values = (values){{"r_on", 1e3},
                      {"r_off", 10e3},
                      {"d", 85e-9},
                      {"mobility", 2e-14},
                      {"p", 2},
                      {NULL, 0}}},
  {.name = NULL}};

static const qn_parameter_set biolek_sets[] = {
  {.name = "ltspice",
   .title = "Biolek's SPICE model",
   .citation = "Biolek et al. 2009, memristor_biolek.sub",
   .values = (values){{"r_on", 100},
                      {"r_off", 1e3},
                      {"d", 16e-9},
                      {"mobility", 40e-15},
                      {"p", 7},
                      {NULL, 0}}},
  {.name = NULL}};

static const char *check(const double *p)
{
  if (p[R_ON] <= 0.9 * p[R_OFF] && p[R_OFF] <= 1e4 * p[R_ON])
    return NULL;
  return "expected r_off / r_on from 1.1 to 1e4";
}

static double drive(const double *p, double v, double *slope)
{
  (void)p;
  *slope = 1;
  return v;
}

static double conductance(const double *p, double x, double *slope)
{
  return qn_series_conductance(p[R_ON], p[R_OFF], x, slope);
}

static double state(const double *p, double g)
{
  return qn_series_state(p[R_ON], p[R_OFF], g);
}

/* ---- windows: of the rise, as a function of x; the fall mirrors it
 * ----------- */

typedef qn_window window_fn(const double *p, double x);

static qn_window mirrored(window_fn *f, const double *p, double x)
{
  qn_window w = f(p, 1 - x);

  return (qn_window){w.value, -w.slope};
}

/* 1 - z^(2p), z clipped at 0, where it is flat */
static qn_window one_minus_power(double z, double p, double z_x)
{
  if (z <= 0)
    return (qn_window){1, 0};
  return (qn_window){1 - pow(z, 2 * p), -2 * p * pow(z, 2 * p - 1) * z_x};
}

static qn_window none(const double *p, double x)
{
  return qn_edge_up(x, p[EDGE]);
}

static qn_window joglekar(const double *p, double x)
{
  return one_minus_power(2 * x - 1, p[P], 2);
}

static qn_window biolek(const double *p, double x)
{
  return one_minus_power(x, p[P], 1);
}

static qn_window prodromakis(const double *p, double x)
{
  double y = fmax(x - 0.5, 0), z = y * y + 0.75;

  return (qn_window){p[J] * (1 - pow(z, p[P])),
                     -p[J] * p[P] * pow(z, p[P] - 1) * 2 * y};
}

/* exp(-exp(z)); it is 0 well before z = 20 */
static qn_window closing(double z, double z_x)
{
  double e = exp(fmin(z, 20)), f = exp(-e);

  return (qn_window){f, -f * e * z_x};
}

static qn_window times(qn_window a, qn_window b)
{
  return (qn_window){a.value * b.value, a.value * b.slope + a.slope * b.value};
}

static qn_window kvatinsky_up(const double *p, double x)
{
  return times(closing((x - p[A_ON]) / p[W_C], 1 / p[W_C]),
               qn_edge_up(x, p[EDGE]));
}

static qn_window kvatinsky_down(const double *p, double x)
{
  return times(closing((p[A_OFF] - x) / p[W_C], -1 / p[W_C]),
               qn_edge_down(x, p[EDGE]));
}

/* ---- rates
 * --------------------------------------------------------------------- */

static qn_part drift(const double *p, double x, double v)
{
  double k = p[MOBILITY] * p[R_ON] / (p[D] * p[D]), g_x, v_v;
  double g = conductance(p, x, &g_x);
  double part = qn_positive_part(v, p[SMOOTHING], &v_v);

  return (qn_part){k * g * part, k * g_x * part, k * g * v_v};
}

static double drift_between(const double *p, double x, double v, qn_window f_up,
                            qn_window f_down, double *by_x, double *by_v)
{
  qn_part up, down;

  v = qn_hold_voltage(v);
  up = drift(p, x, v);
  down = drift(p, x, -v);
  down.by_v = -down.by_v;
  return qn_net_rate(up, f_up, down, f_down, by_x, by_v);
}

static double rate_none(const double *p, double x, double v,
                        double temperature_k, double *by_x, double *by_v)
{
  (void)temperature_k;
  return drift_between(p, x, v, none(p, x), mirrored(none, p, x), by_x, by_v);
}

static double rate_joglekar(const double *p, double x, double v,
                            double temperature_k, double *by_x, double *by_v)
{
  (void)temperature_k;
  return drift_between(p, x, v, joglekar(p, x), mirrored(joglekar, p, x), by_x,
                       by_v);
}

static double rate_biolek(const double *p, double x, double v,
                          double temperature_k, double *by_x, double *by_v)
{
  (void)temperature_k;
  return drift_between(p, x, v, biolek(p, x), mirrored(biolek, p, x), by_x,
                       by_v);
}

static double rate_prodromakis(const double *p, double x, double v,
                               double temperature_k, double *by_x, double *by_v)
{
  (void)temperature_k;
  return drift_between(p, x, v, prodromakis(p, x), mirrored(prodromakis, p, x),
                       by_x, by_v);
}

static double rate_kvatinsky(const double *p, double x, double v,
                             double temperature_k, double *by_x, double *by_v)
{
  (void)temperature_k;
  return drift_between(p, x, v, kvatinsky_up(p, x), kvatinsky_down(p, x), by_x,
                       by_v);
}

/* ---- records
 * --------------------------------------------------------------------- */

/* clang-format off: what the five records share */
#define EVERY_RECORD                                                      \
  .equation = "v = (r_on x + r_off (1 - x)) i", .temperature_min_k = 273, \
  .temperature_max_k = 323, .voltage_max_v = 5, .raised_by = 1,           \
  .check = check, .drive = drive, .spice_drive = "v",                     \
  .spice_conductance = "series_conductance(r_on,r_off,x)",                \
  .conductance = conductance, .state = state
#define MOVES "dx/dt = (mobility r_on / d^2) i f, "
#define DRIFTS(f_up, f_down)                                  \
  "u = hold_voltage(v);"                                      \
  "k = mobility*r_on/(d*d)*series_conductance(r_on,r_off,x);" \
  "k*(positive_part(u,smoothing)*(" f_up                      \
  ")-positive_part(-u,smoothing)*(" f_down "))"
/* clang-format on */

const qn_device qn_device_linear_ion_drift = {
  EVERY_RECORD,
  .name = "linear_ion_drift",
  .title = "Strukov's linear ion drift, no window",
  .state_equation = MOVES "f = 1",
  .altered = "bounds approached over `edge` of the range",
  .citation = "Strukov et al., Nature 453, 80 (2008)",
  .parameters = plain_parameters,
  .rate = rate_none,
  .spice_rate = DRIFTS("edge(1-x,edge)", "edge(x,edge)"),
};

const qn_device qn_device_linear_ion_drift_joglekar = {
  EVERY_RECORD,
  .name = "linear_ion_drift_joglekar",
  .title = "linear ion drift, Joglekar's window",
  .state_equation = MOVES "f = 1 - (2x - 1)^(2p)",
  .altered = "the window acts on the way to a bound alone, f = 1 on the way "
             "back: no lock",
  .citation = "Strukov et al., Nature 453, 80 (2008); Joglekar and Wolf, "
              "Eur. J. Phys. 30, 661 (2009)",
  .parameters = power_parameters,
  .sets = joglekar_sets,
  .rate = rate_joglekar,
  .spice_rate = DRIFTS("1-pow(max(2*x-1,0),2*p)", "1-pow(max(1-2*x,0),2*p)"),
};

const qn_device qn_device_linear_ion_drift_biolek = {
  EVERY_RECORD,
  .name = "linear_ion_drift_biolek",
  .title = "linear ion drift, Biolek's window",
  .state_equation = MOVES "f = 1 - x^(2p) for i > 0, 1 - (1 - x)^(2p) for "
                          "i < 0",
  .altered = "rounded off about 0 V over `smoothing`",
  .citation = "Strukov et al., Nature 453, 80 (2008); Biolek et al., "
              "Radioengineering 18, 210 (2009)",
  .parameters = power_parameters,
  .sets = biolek_sets,
  .rate = rate_biolek,
  .spice_rate = DRIFTS("1-pow(max(x,0),2*p)", "1-pow(max(1-x,0),2*p)"),
};

const qn_device qn_device_linear_ion_drift_prodromakis = {
  EVERY_RECORD,
  .name = "linear_ion_drift_prodromakis",
  .title = "linear ion drift, Prodromakis' window",
  .state_equation = MOVES "f = j (1 - ((x - 0.5)^2 + 0.75)^p)",
  .altered = "the window acts on the way to a bound alone, f(0.5) on the way "
             "back: no lock",
  .citation = "Strukov et al., Nature 453, 80 (2008); Prodromakis et al., "
              "IEEE Trans. Electron Devices 58, 3099 (2011)",
  .parameters = prodromakis_parameters,
  .rate = rate_prodromakis,
  .spice_rate = DRIFTS("j*(1-pow(max(x-0.5,0)*max(x-0.5,0)+0.75,p))",
                       "j*(1-pow(max(0.5-x,0)*max(0.5-x,0)+0.75,p))"),
};

const qn_device qn_device_linear_ion_drift_kvatinsky = {
  EVERY_RECORD,
  .name = "linear_ion_drift_kvatinsky",
  .title = "linear ion drift, Kvatinsky's (TEAM) window",
  .state_equation = MOVES "f = exp(-exp((x - a_on) / w_c)) for i > 0, "
                          "exp(-exp((a_off - x) / w_c)) for i < 0",
  .altered = "bounds approached over `edge` of the range, where the published "
             "window is nearly closed",
  .citation = "Strukov et al., Nature 453, 80 (2008); Kvatinsky et al., "
              "IEEE Trans. Circuits Syst. I 60, 211 (2013)",
  .parameters = kvatinsky_parameters,
  .rate = rate_kvatinsky,
  .spice_rate = DRIFTS("exp(-exp(min((x-a_on)/w_c,20)))*edge(1-x,edge)",
                       "exp(-exp(min((a_off-x)/w_c,20)))*edge(x,edge)"),
};
