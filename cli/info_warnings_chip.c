/* info_warnings_chip.c - what a technology clips, or makes small. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/info_hardware.h"

static json_t *about_neuron(size_t j, double value)
{
  return json_pack("{s:I, s:o}", "neuron", (json_int_t)j, "value",
                   qn_json_number(value));
}

static json_t *about_synapse(int is_sensory, size_t pre, size_t post,
                             double value)
{
  return json_pack("{s:s, s:I, s:I, s:o}", "from",
                   is_sensory ? "input" : "neuron", "pre", (json_int_t)pre,
                   "neuron", (json_int_t)post, "value", qn_json_number(value));
}

/* how far off a clipped value is, as a factor */
static double clip_factor(const qn_clip *c)
{
  double wanted = fabs(c->wanted), got = fabs(c->got);

  return wanted > got ? wanted / got : got / wanted;
}

static const qn_clip *worst_clip(const qn_chip *chip, const char *what,
                                 size_t *count)
{
  const qn_clip *worst = NULL;

  *count = 0;
  for (size_t i = 0; i < chip->clips; i++) {
    const qn_clip *c = &chip->clip[i];

    if (strcmp(c->what, what) != 0)
      continue;
    ++*count;
    if (!worst || clip_factor(c) > clip_factor(worst))
      worst = c;
  }
  return worst;
}

static const char *clip_place(const qn_clip *c, char text[96])
{
  if (!strcmp(c->kind, "leak"))
    snprintf(text, 96, "leak of neuron %zu", c->post);
  else
    qn_info_synapse(!strcmp(c->kind, "sensory"), c->pre, c->post, text);
  return text;
}

static json_t *about_clip(const qn_chip *chip, const qn_clip *c, size_t count,
                          double value, double limit)
{
  json_t *about =
    strcmp(c->what, "gain")
      ? about_neuron(c->post, value)
      : about_synapse(!strcmp(c->kind, "sensory"), c->pre, c->post, value);

  json_object_set_new(about, "limit", qn_json_number(limit));
  json_object_set_new(about, "technology", json_string(chip->technology.name));
  qn_info_add_count(about, "count", count);
  return about;
}

/* the mapper keeps a neuron's largest memristor at the window's upper end */
static void warn_of_conductances(const struct info *info, const qn_chip *chip)
{
  const qn_technology *t = &chip->technology;
  size_t count;
  const qn_clip *c = worst_clip(chip, "conductance", &count);
  double spread, window = t->conductance_max_s / t->conductance_min_s;
  char place[96], low[32], high[32], a[32], b[32], n[32];

  if (!c)
    return;
  spread = t->conductance_max_s / c->wanted;
  qn_info_warn(
    info, "conductances", about_clip(chip, c, count, spread, window),
    "Conductances of neuron %zu are a factor of %s apart (least: %s); "
    "the window of %s, %s to %s, holds a factor of %s. %s "
    "memristor%s.",
    c->post, qn_page_number(spread, a), clip_place(c, place), t->name,
    qn_si_text(t->conductance_min_s, "S", low),
    qn_si_text(t->conductance_max_s, "S", high), qn_page_number(window, b),
    qn_page_count(count, n), count == 1 ? " clips" : "s clip");
}

/* slope of a gate, a unit, that a gain of the amplifier before it makes */
static double sigma_of_gain(const qn_chip *chip, double gain)
{
  const qn_technology *t = &chip->technology;

  return gain * chip->volts_per_unit * t->slope_factor /
         qn_technology_thermal_voltage(t, t->map_temperature_k);
}

static void warn_of_gains(const struct info *info, const qn_chip *chip)
{
  const qn_technology *t = &chip->technology;
  size_t count;
  const qn_clip *c = worst_clip(chip, "gain", &count);
  double sigma;
  char place[96], value[32], unit[32], n[32];

  if (!c)
    return;
  sigma = sigma_of_gain(chip, c->wanted);
  qn_info_warn(
    info, "gate_gain",
    about_clip(chip, c, count, sigma, sigma_of_gain(chip, fabs(c->got))),
    "sigma = %s of the %s is out of reach on %s: gate amplifiers "
    "with a gain of %g to %g make slopes of %.3g to %.3g at %s a "
    "model unit. %s slope%s.",
    qn_page_number(sigma, value), clip_place(c, place), t->name, t->gain_min,
    t->gain_max, sigma_of_gain(chip, t->gain_min),
    sigma_of_gain(chip, t->gain_max),
    qn_si_text(chip->volts_per_unit, "V", unit), qn_page_count(count, n),
    count == 1 ? " clips" : "s clip");
}

static void warn_of_capacitors(const struct info *info, const qn_chip *chip)
{
  size_t count;
  const qn_clip *c = worst_clip(chip, "capacitor", &count);
  char wanted[32], least[32], most[32], times[32], n[32];

  if (!c)
    return;
  qn_info_warn(info, "capacitors",
               about_clip(chip, c, count, c->wanted, c->got),
               "Neuron %zu would need a capacitor of %s on %s, which makes %s "
               "to %s: its time constants become %s times as long. %s "
               "capacitor%s.",
               c->post, qn_si_text(c->wanted, "F", wanted),
               chip->technology.name, qn_si_text(c->got, "F", least),
               qn_si_text(chip->technology.capacitor_max_f, "F", most),
               qn_page_number(c->got / c->wanted, times),
               qn_page_count(count, n), count == 1 ? " clips" : "s clip");
}

/* below this a gate's offset of 5 mV is a fifth of a model unit */
static const double unit_min_v = 25e-3, offset_v = 5e-3;

static void warn_of_rails(const struct info *info, const qn_chip *chip)
{
  size_t least = 0, most = 0;
  double low = 0, high = 0;
  json_t *about;
  char unit[32];

  if (chip->volts_per_unit >= unit_min_v)
    return;
  for (size_t j = 0; j < info->net->units; j++) {
    qn_interval x = qn_bounds_state(info->net, j, QN_INFO_SPAN);

    least = x.low < low ? j : least;
    most = x.high > high ? j : most;
    low = fmin(low, x.low);
    high = fmax(high, x.high);
  }
  about = about_neuron(high > -low ? most : least, chip->volts_per_unit);
  json_object_set_new(about, "limit", json_real(unit_min_v));
  json_object_set_new(about, "technology", json_string(chip->technology.name));
  qn_info_warn(info, "rails", about,
               "Reversal potentials and leaks reach from %.3g (neuron %zu) to "
               "%.3g (neuron %zu), so a model unit is only %s on %s: 5 mV of "
               "offset at a gate are %.2g units.",
               low, least, high, most,
               qn_si_text(chip->volts_per_unit, "V", unit),
               chip->technology.name, offset_v / chip->volts_per_unit);
}

void qn_info_warn_of_chip(const struct info *info, const qn_chip *chip)
{
  warn_of_conductances(info, chip);
  warn_of_gains(info, chip);
  warn_of_capacitors(info, chip);
  warn_of_rails(info, chip);
}
