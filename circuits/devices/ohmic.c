/* ohmic.c - a resistor: what a memristor is in the ideal technology. */
#include "circuits/devices/devices.h"

static const qn_parameter parameters[] = {{.name = NULL}};

static double drive(const double *p, double v, double *slope)
{
  (void)p;
  *slope = 1;
  return v;
}

const qn_device qn_device_ohmic = {
  .name = "ohmic",
  .title = "linear resistor",
  .equation = "i = G v",
  .citation = "Ohm's law",
  .parameters = parameters,
  .drive = drive,
  .spice_drive = "v",
};
