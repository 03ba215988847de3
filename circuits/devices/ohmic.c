/* ohmic.c - a resistor: what a memristor is in the ideal technology. */
#include "circuits/devices/devices.h"
#include "circuits/devices/parts.h"

enum { G_MAX };

static const qn_parameter parameters[] = {
  [G_MAX] = {"g_max", "S", 1e-4, 1e-12, 1, "conductance at x = 1"},
  {.name = NULL}};

static double drive(const double *p, double v, double *slope)
{
  (void)p;
  *slope = 1;
  return v;
}

static double conductance(const double *p, double x, double *slope)
{
  *slope = p[G_MAX];
  return p[G_MAX] * x;
}

static double state(const double *p, double g)
{
  return qn_unit_state(g / p[G_MAX]);
}

const qn_device qn_device_ohmic = {
  .name = "ohmic",
  .title = "linear resistor",
  .equation = "i = G v, G = g_max x",
  .citation = "Ohm's law",
  .parameters = parameters,
  .temperature_min_k = 1,
  .temperature_max_k = 1000,
  .voltage_max_v = 1e6,
  .drive = drive,
  .spice_drive = "v",
  .spice_conductance = "g_max*x",
  .conductance = conductance,
  .state = state,
};
