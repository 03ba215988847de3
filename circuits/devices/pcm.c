/* pcm.c - phase-change memory that drifts.
 *
 * A cell that was g when it was verified, t0 after its last pulse, is
 *   G(t) = g ((t0 + t) / t0)^-nu
 * t later. That is no rate of a state: it has no scale of time but the moment
 * of programming, and no end, so G leaves the programming window below. Reading
 * below 0.4 V moves nothing; pulses that melt are not modelled. */
#include <math.h>

#include "circuits/devices/devices.h"
#include "circuits/devices/parts.h"

enum { G_MIN, G_MAX, NU, T0 };

/* clang-format off: a table */
static const qn_parameter parameters[] = {
  [G_MIN] = {"g_min", "S", 0.1e-6, 0, 1e-3, "conductance at x = 0"},
  [G_MAX] = {"g_max", "S", 25e-6, 1e-9, 1e-2, "conductance at x = 1"},
  [NU] = {"nu", "1", 0.05, 0, 0.3, "drift exponent"},
  [T0] = {"t0", "s", 20, 1e-6, 1e6, "from the last pulse to the verification"},
  {.name = NULL}};
/* clang-format on */

static const qn_parameter_set sets[] = {
  {.name = "amorphous",
   .title = "the drift of a small conductance",
   .citation = "aihwkit, PCMLikeNoiseModel (its largest mean exponent)",
   .values = (const struct qn_parameter_value[]){{"nu", 0.1}, {NULL, 0}}},
  {.name = NULL}};

static const char *check(const double *p)
{
  return p[G_MIN] <= 0.9 * p[G_MAX] ? NULL : "expected g_min < 0.9 g_max";
}

static double drive(const double *p, double v, double *slope)
{
  (void)p;
  *slope = 1;
  return v;
}

static double conductance(const double *p, double x, double *slope)
{
  *slope = p[G_MAX] - p[G_MIN];
  return p[G_MIN] + *slope * x;
}

static double state(const double *p, double g)
{
  return qn_unit_state((g - p[G_MIN]) / (p[G_MAX] - p[G_MIN]));
}

static double retention(const double *p, double g, double t)
{
  return g * exp(-p[NU] * log1p(t / p[T0]));
}

const qn_device qn_device_pcm = {
  .name = "pcm",
  .title = "phase-change memory that drifts, read only",
  .equation = "i = G v, G(t) = G ((t0 + t) / t0)^-nu",
  .citation = "drift law and defaults of aihwkit, PCMLikeNoiseModel "
              "(Nandakumar et al., IEEE Trans. Electron Devices, 2019)",
  .parameters = parameters,
  .sets = sets,
  .temperature_min_k = 273,
  .temperature_max_k = 323,
  .voltage_max_v = 0.4,
  .check = check,
  .drive = drive,
  .spice_drive = "v",
  .spice_conductance = "g_min+(g_max-g_min)*x",
  .conductance = conductance,
  .state = state,
  .retention = retention,
};
