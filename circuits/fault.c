/* fault.c - the faults of a technology, each with its own switch. */
#include <quench/fault.h>

#include <math.h>
#include <string.h>

#include "circuits/devices/devices.h"

static void ohmic(qn_technology *t)
{
  qn_device_card_init(&t->memristor, &qn_device_ohmic);
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
const qn_fault qn_faults[] = {
  {"current law", "memristors are not ohmic", ohmic},
  {"window", "no conductance below conductance_min_s", no_window},
  {"levels", "conductances come in levels", no_levels},
  {"programming", "conductances miss what was programmed", no_programming},
  {"stuck", "memristors stuck at an end of the window", none_stuck},
  {"drift", "conductances fall with age", no_drift},
  {"offsets", "thresholds of gates and amplifiers", no_offsets},
  {"slopes", "slopes of gates", no_slope_errors},
  {"gain range", "amplifiers' gains end somewhere", any_gain},
  {"input range", "drivers clip", any_input},
  {"capacitor range", "no capacitor below capacitor.min_f", any_capacitor},
  {"capacitors", "capacitors miss their value", no_capacitor_errors},
  {"rails", "rails miss their voltage", exact_rails},
  {"rise time", "inputs take time to settle", steps},
  {"temperature", "the chip runs at another than it was made for",
   at_map_temperature},
  {NULL, NULL, NULL},
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
    if (f != fault)
      f->switch_off(&t);
  return t;
}

qn_technology qn_fault_without(const qn_fault *fault, const qn_technology *tech)
{
  qn_technology t = *tech;

  fault->switch_off(&t);
  return t;
}
