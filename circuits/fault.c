/* fault.c - the faults of a technology, each with its own switch. */
#include <quench/fault.h>

#include <math.h>
#include <string.h>

#include "circuits/devices/devices.h"

static void ohmic(qn_technology *t)
{
  qn_device_card_init(&t->memristor, &qn_device_ohmic);
  memset(t->spread, 0, sizeof t->spread); /* of parameters that are gone */
  t->read_disturb = QN_OFF;               /* nothing moves a resistor */
}

static void no_spread(qn_technology *t)
{
  memset(t->spread, 0, sizeof t->spread);
}

static void no_disturb(qn_technology *t)
{
  t->read_disturb = QN_OFF;
}

static void no_window(qn_technology *t)
{
  t->conductance_min_s = 0;
}

static void no_levels(qn_technology *t)
{
  t->levels = 0;
}

static void no_programming(qn_technology *t)
{
  memset(t->programming_s, 0, sizeof t->programming_s);
}

static void none_stuck(qn_technology *t)
{
  t->stuck_low = t->stuck_high = 0;
}

static void no_drift(qn_technology *t)
{
  t->age_s = 0;
}

static void no_offsets(qn_technology *t)
{
  t->threshold_mismatch_v_m = 0;
}

static void no_slope_errors(qn_technology *t)
{
  t->slope_mismatch_m = 0;
}

static void any_gain(qn_technology *t)
{
  t->gain_min = 0;
  t->gain_max = HUGE_VAL;
}

static void any_input(qn_technology *t)
{
  t->driver_low_v = -HUGE_VAL;
  t->driver_high_v = HUGE_VAL;
}

static void any_capacitor(qn_technology *t)
{
  t->capacitor_min_f = 0;
}

static void no_capacitor_errors(qn_technology *t)
{
  t->capacitor_mismatch_m = 0;
}

static void linear(qn_technology *t)
{
  t->linear_range_v = HUGE_VAL;
}

static void no_switches(qn_technology *t)
{
  t->switch_ohm = 0;
}

static void no_wires(qn_technology *t)
{
  t->rail_ohm = t->membrane_ohm = 0;
  t->rail_f = t->membrane_f = 0;
}

static void any_output(qn_technology *t)
{
  t->readout_low_v = -HUGE_VAL;
  t->readout_high_v = HUGE_VAL;
}

static void exact_readouts(qn_technology *t)
{
  t->readout_offset_v = 0;
}

static void exact_rails(qn_technology *t)
{
  t->rail_error_v = 0;
}

static void steps(qn_technology *t)
{
  t->rise_fraction = 0;
}

static void at_map_temperature(qn_technology *t)
{
  t->temperature_k = t->map_temperature_k;
}

/* clang-format off: a table */
static const char law[] = "current law";

const qn_fault qn_faults[] = {
  {law, "memristors are not ohmic", ohmic, NULL},
  {"device spread", "no two memristors have the same parameters", no_spread,
   law},
  {"read disturb", "memristors' states move as they are read", no_disturb, law},
  {"window", "no conductance below conductance_min_s", no_window, NULL},
  {"levels", "conductances come in levels", no_levels, NULL},
  {"programming", "conductances miss what was programmed", no_programming,
   NULL},
  {"stuck", "memristors stuck at an end of the window", none_stuck, NULL},
  {"drift", "conductances fall with age", no_drift, NULL},
  {"linear range", "transconductors saturate", linear, NULL},
  {"switches", "direct cells' switches have a resistance", no_switches, NULL},
  {"wires", "the crossbar's wires have resistance and capacitance", no_wires,
   NULL},
  {"offsets", "thresholds of gates and amplifiers", no_offsets, NULL},
  {"slopes", "slopes of gates", no_slope_errors, NULL},
  {"gain range", "amplifiers' gains end somewhere", any_gain, NULL},
  {"input range", "drivers clip", any_input, NULL},
  {"readout range", "readouts clip", any_output, NULL},
  {"readout offsets", "readouts miss the membrane", exact_readouts, NULL},
  {"capacitor range", "no capacitor below capacitor.min_f", any_capacitor,
   NULL},
  {"capacitors", "capacitors miss their value", no_capacitor_errors, NULL},
  {"rails", "rails miss their voltage", exact_rails, NULL},
  {"rise time", "inputs take time to settle", steps, NULL},
  {"temperature", "the chip runs at another than it was made for",
   at_map_temperature, NULL},
  {NULL, NULL, NULL, NULL},
};
/* clang-format on */

int qn_fault_is_on(const qn_fault *fault, const qn_technology *tech)
{
  qn_technology off = qn_fault_without(fault, tech);

  return memcmp(&off, tech, sizeof off) != 0;
}

qn_technology qn_fault_alone(const qn_fault *fault, const qn_technology *tech)
{
  qn_technology t = *tech;

  for (const qn_fault *f = qn_faults; f->name; f++)
    if (f != fault &&
        !(fault && fault->needs && !strcmp(f->name, fault->needs)))
      f->switch_off(&t);
  return t;
}

qn_technology qn_fault_without(const qn_fault *fault, const qn_technology *tech)
{
  qn_technology t = *tech;

  fault->switch_off(&t);
  return t;
}
