/* sky130_reram.c - the current law of the SkyWater 130 nm ReRAM cell.
 *
 * The foundry's model has i = I_k1 exp(-(Tox - Tf) / (Tox - Tref)) sinh(v /
 * Vref) for a filament of thickness Tf: conductance at 0 V times Vref sinh(v /
 * Vref), whatever the filament. Vref = 0.43 V; Tf between 3.3 and 4.9 nm gives
 * 0.296 to 99.3 uS. Below 0.3 V the filament does not move for years, so it
 * stands still here. */
#include "circuits/devices/devices.h"

#include <math.h>

enum { V0 };

static const qn_parameter parameters[] = {
  [V0] = {"v0", "V", 0.43, 1e-3, 1e3, "voltage scale of the sinh law (Vref)"},
  {.name = NULL}};

static double drive(const double *p, double v, double *slope)
{
  double e = exp(v / p[V0]);

  *slope = 0.5 * (e + 1 / e);
  return p[V0] * 0.5 * (e - 1 / e);
}

const qn_device qn_device_sky130_reram = {
  .name = "sky130_reram",
  .title = "SkyWater 130 nm ReRAM cell, filament at rest",
  .equation = "i = G v0 sinh(v / v0)",
  .citation = "sky130_fd_pr_reram, sky130_fd_pr_reram__reram_cell.va "
              "(SkyWater Technology, Apache-2.0), revision d6d2a3c",
  .parameters = parameters,
  .drive = drive,
  .spice_drive = "v0*sinh((v)/v0)",
};
