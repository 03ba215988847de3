/* stanford_rram.c - Stanford's filament model, version 1.0.0.
 *
 * A gap = gap_max - (gap_max - gap_min) x between filament and electrode:
 *   i       = i0 exp(-gap / g0) sinh(v / v0)
 *   dgap/dt = -vel0 exp(-ea q/kT) sinh(gamma (a0 / tox) v q/kT)
 *   gamma   = gamma0 - beta (gap / 1 nm)^3,
 * and nothing moves while the field gamma |v| / tox is below f_min. The sinh
 * alone does not retain: ungated, 0.1 V would close 1.1 nm in a second.
 * Altered:
 *   the gate is a logistic of (gamma |v| / tox / f_min - 1) / gate instead of a
 *   step: half open where the published one opens, 1 % open at 1 - 4.6 gate of
 *   that voltage (default gate: 4.6 % below), 1e-39 open at a tenth of it.
 *   The sinh is split into exp / 2 up and exp / 2 down, each with the gate of
 *   its own direction: less than 1e-11 off where a gate is open, at 298 K.
 *   Bounds: each direction ends in an edge() of width `edge` of the range
 *   instead of being cut off; as published to 1 % beyond 4.6 `edge`.
 *   The published file sets gamma0 = 16, its default, where v < 0; here gamma0
 *   holds for both signs. Its noise depends on the time step: left out.
 * Isothermal. The file's T = T_ini + |v i| 2.1e3 K/W adds 2.1 K a milliwatt,
 * each of which makes rates up to 1.2 times as fast; 1 V across the smallest
 * gap are 12 mW. */
#include <math.h>

#include "circuits/devices/devices.h"
#include "circuits/devices/parts.h"

#define T_MIN 250 /* K */
#define V_MAX 3   /* V */

enum {
  I0,
  G0,
  V0,
  VEL0,
  EA,
  A0,
  TOX,
  GAMMA0,
  BETA,
  F_MIN,
  GAP_MIN,
  GAP_MAX,
  GATE,
  EDGE
};

/* clang-format off: a table */
static const qn_parameter parameters[] = {
  [I0] = {"i0", "A", 1e-3, 1e-9, 10, "current scale"},
  [G0] = {"g0", "m", 0.25e-9, 0.02e-9, 2e-9, "tunnelling length"},
  [V0] = {"v0", "V", 0.25, 0.05, 10, "voltage scale of the sinh law"},
  [VEL0] = {"vel0", "m/s", 10, 1e-3, 1e7, "velocity scale"},
  [EA] = {"ea", "eV", 0.6, 0.2, 2, "barrier of a hop"},
  [A0] = {"a0", "m", 0.25e-9, 0.1e-9, 1e-9, "distance of a hop"},
  [TOX] = {"tox", "m", 12e-9, 1e-9, 50e-9, "oxide thickness"},
  [GAMMA0] = {"gamma0", "1", 16, 1, 30, "field enhancement without a gap"},
  [BETA] = {"beta", "1", 0.8, 0, 30, "its loss with (gap / 1 nm)^3"},
  [F_MIN] = {"f_min", "V/m", 1.4e9, 1e8, 1e10, "field that opens the gate"},
  [GAP_MIN] = {"gap_min", "m", 0.2e-9, 0, 2e-9, "smallest gap"},
  [GAP_MAX] = {"gap_max", "m", 1.7e-9, 0.1e-9, 5e-9, "largest gap"},
  [GATE] = {"gate", "1", 0.01, 2e-3, 0.02, "width of the gate, of f_min"},
  [EDGE] = {"edge", "1", 0.01, 1e-3, 0.05, "width of the edges, of the range"},
  {.name = NULL}};
/* clang-format on */

static const qn_parameter_set sets[] = {
  {.name = "granada",
   .title = "HfO2 as fitted in Granada",
   .citation = "LabL4/stanford_rram_model_l4_mod, veriloga.va, revision "
               "61b8a20 (2025), with the gate of v1.0.0",
   .values = (const struct qn_parameter_value[]){{"i0", 0.1206},
                                                 {"g0", 4.43025e-11},
                                                 {"v0", 1.3254},
                                                 {"vel0", 783029.19},
                                                 {"tox", 1e-9},
                                                 {"gamma0", 2.096},
                                                 {"beta", 22.260869565217394},
                                                 {"gap_min", 5e-14},
                                                 {"gap_max", 4.25e-10},
                                                 {NULL, 0}}},
  {.name = NULL}};

static const char *check(const double *p)
{
  double nm = p[GAP_MAX] / 1e-9;

  if (!(p[GAP_MIN] < 0.95 * p[GAP_MAX]))
    return "expected gap_min < 0.95 gap_max";
  if (!(p[GAP_MAX] - p[GAP_MIN] < 50 * p[G0]))
    return "expected gap_max - gap_min < 50 g0";
  if (!(p[GAMMA0] - p[BETA] * nm * nm * nm > 0.05 * p[GAMMA0]))
    return "beta (gap_max / 1 nm)^3 takes more than 95 % of gamma0";
  if (!((p[GAMMA0] * p[A0] / p[TOX] * V_MAX - p[EA]) / qn_kt_over_q(T_MIN) <
        60))
    return "gamma0 a0 / tox makes rates beyond exp(60) vel0 at 3 V";
  return NULL;
}

static double drive(const double *p, double v, double *slope)
{
  return qn_sinh_drive(v, p[V0], slope);
}

static double sinh_scale(const double *p)
{
  return p[V0];
}

static double gap_of(const double *p, double x)
{
  return p[GAP_MAX] - (p[GAP_MAX] - p[GAP_MIN]) * x;
}

static double conductance(const double *p, double x, double *slope)
{
  double scale = p[I0] / p[V0];
  double g = scale * qn_tailed_exp(-gap_of(p, x) / p[G0], slope);

  *slope *= scale * (p[GAP_MAX] - p[GAP_MIN]) / p[G0];
  return g;
}

static double state(const double *p, double g)
{
  double gap;

  if (!(g > 0))
    return 0;
  gap = -p[G0] * log(g * p[V0] / p[I0]);
  return qn_unit_state((p[GAP_MAX] - gap) / (p[GAP_MAX] - p[GAP_MIN]));
}

/* Velocity and gate are both exponentials, so that one exponent is formed of
 * the two: exp(u) / (1 + exp(-z)) = exp(u - softplus(-z)). v is positive in
 * the direction of the part. */
static qn_part hop(const double *p, double x, double v, double kt)
{
  double range = p[GAP_MAX] - p[GAP_MIN], nm = gap_of(p, x) / 1e-9;
  double gamma = p[GAMMA0] - p[BETA] * nm * nm * nm;
  double gamma_x = 3 * p[BETA] * nm * nm * range / 1e-9;
  double shift = p[A0] / p[TOX] / kt, open, slope;
  double field = 1 / (p[TOX] * p[F_MIN] * p[GATE]);
  double closed = qn_softplus(1 / p[GATE] - gamma * v * field, &open);
  double e = qn_tailed_exp(gamma * v * shift - p[EA] / kt - closed, &slope);
  double scale = 0.5 * p[VEL0] / range, by = scale * slope;

  by *= shift + open * field; /* by gamma v */
  return (qn_part){scale * e, by * gamma_x * v, by * gamma};
}

static double rate(const double *p, double x, double v, double temperature_k,
                   double *by_x, double *by_v)
{
  double kt = qn_kt_over_q(temperature_k);
  qn_part up, down;

  v = qn_hold_voltage(v);
  up = hop(p, x, v, kt);
  down = hop(p, x, -v, kt);
  down.by_v = -down.by_v;
  return qn_net_rate(up, qn_edge_up(x, p[EDGE]), down, qn_edge_down(x, p[EDGE]),
                     by_x, by_v);
}

const qn_device qn_device_stanford_rram = {
  .name = "stanford_rram",
  .title = "Stanford's filament with a gap, HfOx",
  .equation = "i = G v0 sinh(v / v0), G = i0 / v0 exp(-gap / g0), "
              "gap = gap_max - (gap_max - gap_min) x",
  .state_equation =
    "dgap/dt = -vel0 exp(-ea q/kT) sinh(gamma (a0 / tox) v q/kT) where "
    "gamma |v| / tox > f_min, else 0, gamma = gamma0 - beta (gap / 1 nm)^3",
  .altered = "a logistic gate of width `gate` instead of a step at f_min; "
             "bounds approached over `edge` of the range; isothermal "
             "(published: 2.1e3 K/W); no noise",
  .citation = "Jiang and Wong, Stanford RRAM model 1.0.0 (NEEDS, "
              "10.4231/D37H1DN48), rram_v_1_0_0.va",
  .parameters = parameters,
  .sets = sets,
  .temperature_min_k = T_MIN,
  .temperature_max_k = 450,
  .voltage_max_v = V_MAX,
  .raised_by = 1,
  .check = check,
  .drive = drive,
  .sinh_scale = sinh_scale,
  .spice_drive = "v0*sinh((v)/v0)",
  .spice_conductance = "i0/v0*tailed_exp(-(gap_max-(gap_max-gap_min)*x)/g0)",
  .spice_rate =
    "kt = 8.617333262e-5*temperature;"
    "gap = (gap_max-(gap_max-gap_min)*x)*1e9;"
    "enhanced = (gamma0-beta*gap*gap*gap)*hold_voltage(v);"
    "up = enhanced*a0/tox/kt"
    "-softplus(1/gate-enhanced/(tox*f_min*gate));"
    "down = -enhanced*a0/tox/kt"
    "-softplus(1/gate+enhanced/(tox*f_min*gate));"
    "0.5*vel0/(gap_max-gap_min)*(tailed_exp(up-ea/kt)*edge(1-x,edge)"
    "-tailed_exp(down-ea/kt)*edge(x,edge))",
  .conductance = conductance,
  .state = state,
  .rate = rate,
};
