/* sky130_reram.c - the SkyWater 130 nm ReRAM cell.
 *
 * A filament of thickness Tf = tmin + (tmax - tmin) x in an oxide tox thick:
 *   i      = i_k1 exp(-(tox - Tf) / (tox - tref)) sinh(v / v0)
 *   dTf/dt = v1 [exp(-(eg - gamma (a0 / tox) v) q/kT)
 *              - exp(-(er + gamma (a0 / tox) v) q/kT)]
 *   gamma  = gk0 + gk1 ((tox - Tf) / 1 nm)^3
 * Conductance at 0 V times v0 sinh(v / v0), whatever the filament: 0.296 to
 * 99.3 uS. The first exponential moves up and the second down. Altered: the
 * foundry's file cuts Tf off at its bounds, here each part ends in an edge()
 * of width w; a part's rate is as published to 1 % where the bound it moves to
 * is farther than 4.6 w (default 4.6 % of the range), and the bound is
 * approached with time constant w / rate instead of hit.
 *
 * Isothermal. The file heats the filament, C_th dT/dt = |v i| - C_th (T - T0) /
 * tau_th with tau_th = 0.23 ns and C_th = 3.18e-16 J/K: 7.2e5 K/W, so 12 K at
 * 0.5 V and 50 uS, which makes rates about nine times as fast, and 145 K at 1 V
 * and 200 uA. Above about 0.5 V the real cell is faster than here. */
#include <math.h>

#include "circuits/devices/devices.h"
#include "circuits/devices/parts.h"

#define T_MIN 233 /* K */
#define V_MAX 2.7 /* V */

enum { V0, I_K1, TOX, TREF, TMIN, TMAX, V1, A0, GK0, GK1, EG, ER, EDGE };

/* clang-format off: a table */
static const qn_parameter parameters[] = {
  [V0] = {"v0", "V", 0.43, 1e-3, 1e3, "voltage scale of the sinh law (Vref)"},
  [I_K1] = {"i_k1", "A", 6.14e-5, 1e-9, 1, "current scale"},
  [TOX] = {"tox", "m", 5e-9, 2e-9, 20e-9, "oxide thickness"},
  [TREF] = {"tref", "m", 4.7249e-9, 1e-9, 19.9e-9,
            "filament of current scale i_k1"},
  [TMIN] = {"tmin", "m", 3.3e-9, 1e-10, 19e-9, "thinnest filament"},
  [TMAX] = {"tmax", "m", 4.9e-9, 2e-10, 19.9e-9, "thickest filament"},
  [V1] = {"v1", "m/s", 150, 1e-3, 1e5, "velocity scale"},
  [A0] = {"a0", "m", 0.25e-9, 0.1e-9, 1e-9, "distance of a hop"},
  [GK0] = {"gk0", "1", 16.5, 1, 30, "field enhancement of a whole filament"},
  [GK1] = {"gk1", "1", -1.25, -3, 0, "its change with (gap / 1 nm)^3"},
  [EG] = {"eg", "eV", 1.501, 0.3, 3, "barrier of growth"},
  [ER] = {"er", "eV", 1.5, 0.3, 3, "barrier of recession"},
  [EDGE] = {"edge", "1", 0.01, 1e-3, 0.05, "width of the edges, of the range"},
  {.name = NULL}};
/* clang-format on */

static const char *check(const double *p)
{
  double gap = (p[TOX] - p[TMIN]) / 1e-9;

  if (!(p[TMIN] < 0.95 * p[TMAX] && p[TMAX] < p[TOX]))
    return "expected tmin < 0.95 tmax and tmax < tox";
  if (!(p[TREF] < p[TOX] && p[TOX] - p[TREF] > 0.02 * (p[TMAX] - p[TMIN])))
    return "expected tref below tox by 2 % of the range tmin to tmax";
  if (!(p[GK0] + p[GK1] * gap * gap * gap > 0.05 * p[GK0]))
    return "gk1 takes more than 95 % of gk0 at tmin";
  if (!((p[GK0] * p[A0] / p[TOX] * V_MAX - fmin(p[EG], p[ER])) /
          qn_kt_over_q(T_MIN) <
        60))
    return "gk0 a0 / tox makes rates beyond exp(60) v1 at 2.7 V";
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

static double filament(const double *p, double x)
{
  return p[TMIN] + (p[TMAX] - p[TMIN]) * x;
}

static double conductance(const double *p, double x, double *slope)
{
  double scale = p[TOX] - p[TREF];
  double g =
    p[I_K1] / p[V0] * qn_tailed_exp((filament(p, x) - p[TOX]) / scale, slope);

  *slope *= p[I_K1] / p[V0] * (p[TMAX] - p[TMIN]) / scale;
  return g;
}

static double state(const double *p, double g)
{
  double thickness;

  if (!(g > 0))
    return 0;
  thickness = p[TOX] + (p[TOX] - p[TREF]) * log(g * p[V0] / p[I_K1]);
  return qn_unit_state((thickness - p[TMIN]) / (p[TMAX] - p[TMIN]));
}

/* what both parts have: 1 / (kT/q) [1/V], the enhancement gamma with its
 * derivative by x, a hop's share of the voltage in kT/q */
struct field {
  double by_kt, gamma, gamma_x, hop, scale;
};

static struct field field(const double *p, double x, double temperature_k)
{
  double range = p[TMAX] - p[TMIN], to_nm = 1e9;
  double gap = (p[TOX] - filament(p, x)) * to_nm;
  double by_kt = 1 / qn_kt_over_q(temperature_k);

  return (struct field){.by_kt = by_kt,
                        .gamma = p[GK0] + p[GK1] * gap * gap * gap,
                        .gamma_x = -3 * p[GK1] * gap * gap * range * to_nm,
                        .hop = p[A0] / p[TOX] * by_kt,
                        .scale = p[V1] / range};
}

/* a part with barrier [eV], helped by the voltage (sign 1) or held back */
static qn_part hop(const struct field *f, double v, double barrier, double sign)
{
  double hop_v = sign * f->hop, slope;
  double e = qn_tailed_exp(f->gamma * hop_v * v - barrier * f->by_kt, &slope);

  slope *= f->scale;
  return (qn_part){f->scale * e, slope * f->gamma_x * hop_v * v,
                   slope * f->gamma * hop_v};
}

static double rate(const double *p, double x, double v, double temperature_k,
                   double *by_x, double *by_v)
{
  struct field f = field(p, x, temperature_k);

  v = qn_hold_voltage(v);
  return qn_net_rate(hop(&f, v, p[EG], 1), qn_edge_up(x, p[EDGE]),
                     hop(&f, v, p[ER], -1), qn_edge_down(x, p[EDGE]), by_x,
                     by_v);
}

const qn_device qn_device_sky130_reram = {
  .name = "sky130_reram",
  .title = "SkyWater 130 nm ReRAM cell",
  .equation = "i = G v0 sinh(v / v0), "
              "G = i_k1 / v0 exp(-(tox - Tf) / (tox - tref)), "
              "Tf = tmin + (tmax - tmin) x",
  .state_equation = "dTf/dt = v1 [exp(-(eg - gamma (a0 / tox) v) q/kT)"
                    " - exp(-(er + gamma (a0 / tox) v) q/kT)], "
                    "gamma = gk0 + gk1 ((tox - Tf) / 1 nm)^3",
  .altered = "isothermal: without self-heating, 7.2e5 K/W; bounds approached "
             "over `edge` of the range instead of cut off",
  .citation = "sky130_fd_pr_reram, sky130_fd_pr_reram__reram_cell.va "
              "(SkyWater Technology, Apache-2.0), revision d6d2a3c",
  .parameters = parameters,
  .temperature_min_k = T_MIN,
  .temperature_max_k = 398,
  .voltage_max_v = V_MAX,
  .raised_by = 1,
  .check = check,
  .drive = drive,
  .sinh_scale = sinh_scale,
  .spice_drive = "v0*sinh((v)/v0)",
  .spice_conductance =
    "i_k1/v0*tailed_exp((tmin+(tmax-tmin)*x-tox)/(tox-tref))",
  .spice_rate = "kt = 8.617333262e-5*temperature;"
                "gap = (tox-(tmin+(tmax-tmin)*x))*1e9;"
                "field = (gk0+gk1*gap*gap*gap)*a0/tox*hold_voltage(v)/kt;"
                "v1/(tmax-tmin)*(tailed_exp(field-eg/kt)*edge(1-x,edge)"
                "-tailed_exp(-field-er/kt)*edge(x,edge))",
  .conductance = conductance,
  .state = state,
  .rate = rate,
};
