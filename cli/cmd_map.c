/* cmd_map.c - a network on a technology. */
#include <stdio.h>
#include <string.h>

#include "cli/blame.h"
#include "cli/clip_cost.h"
#include "cli/commands.h"
#include "cli/load.h"
#include <quench/noise.h>

enum { CLIPS_SHOWN = 10 };

static void tell_scales(const qn_chip *chip, qn_console *console, json_t *entry)
{
  char a[32], b[32], c[32];

  qn_console_say(console, "%s on %s%s%s%s\n", chip->name, chip->technology.name,
                 *chip->technology.title ? " (" : "", chip->technology.title,
                 *chip->technology.title ? ")" : "");
  qn_console_say(console, "  rails       %s and %s, a model zero at %s\n",
                 qn_si_text(chip->rail_minus_v, "V", a),
                 qn_si_text(chip->rail_plus_v, "V", b),
                 qn_si_text(chip->common_mode_v, "V", c));
  qn_console_say(console,
                 "  model unit  %s, bound by %s\n"
                 "  model s     %s, bound by %s\n"
                 "  scales      bound by %s\n",
                 qn_si_text(chip->volts_per_unit, "V", a), chip->volts_bound,
                 qn_si_text(chip->seconds_per_unit, "s", b),
                 chip->seconds_bound, chip->scale_bound);
  json_object_set_new(entry, "rail_plus_v", qn_json_number(chip->rail_plus_v));
  json_object_set_new(entry, "rail_minus_v",
                      qn_json_number(chip->rail_minus_v));
  json_object_set_new(entry, "volts_per_unit_v",
                      qn_json_number(chip->volts_per_unit));
  json_object_set_new(entry, "volts_bound", json_string(chip->volts_bound));
  json_object_set_new(entry, "seconds_per_unit_s",
                      qn_json_number(chip->seconds_per_unit));
  json_object_set_new(entry, "seconds_bound", json_string(chip->seconds_bound));
  json_object_set_new(entry, "scale_bound", json_string(chip->scale_bound));
}

static void tell_elements(const qn_chip *chip, qn_console *console,
                          json_t *entry)
{
  size_t gates = chip->recurrent.count + chip->sensory.count;
  double n = chip->technology.levels;
  char levels[32] = "continuous";

  if (n > 0)
    snprintf(levels, sizeof levels, "%.0f", n);
  qn_console_say(console,
                 "  elements    %zu capacitors, %zu memristors, %zu gates\n"
                 "  levels      %s, rms conductance error %.3g %%\n"
                 "  clipped     %zu\n",
                 chip->units, chip->memristors, gates, levels,
                 100 * chip->level_error, chip->clips);
  json_object_set_new(entry, "memristors",
                      json_integer((json_int_t)chip->memristors));
  json_object_set_new(entry, "gates", json_integer((json_int_t)gates));
  json_object_set_new(entry, "level_error_percent",
                      qn_json_number(100 * chip->level_error));
}

static void tell_delay(const qn_chip *chip, qn_console *console, json_t *entry)
{
  size_t fastest;
  double delay = qn_chip_wire_delay(chip);
  double lag = 100 * qn_chip_wire_lag(chip, &fastest);
  char text[32];

  if (delay > 0)
    qn_console_say(console,
                   ", settle in %s: %.3g %% of neuron %zu's shortest time "
                   "constant",
                   qn_si_text(delay, "s", text), lag, fastest);
  json_object_set_new(entry, "wire_delay_s", qn_json_number(delay));
  json_object_set_new(entry, "wire_lag_percent", qn_json_number(lag));
  json_object_set_new(entry, "wire_lag_neuron",
                      json_integer((json_int_t)fastest));
}

/* where they have capacitance */
static void tell_wires(const qn_chip *chip, qn_console *console, json_t *entry)
{
  const qn_technology *t = &chip->technology;
  double farad = qn_chip_wire_capacitance(chip);
  char text[32];

  if (!(t->rail_f > 0 || t->membrane_f > 0))
    return;
  qn_console_say(console, "  wires       %s at every membrane",
                 qn_si_text(farad, "F", text));
  json_object_set_new(entry, "membrane_wire_f", qn_json_number(farad));
  tell_delay(chip, console, entry);
  qn_console_say(console, "\n");
}

static const char *clip_value(double value, const char *unit, char text[32])
{
  if (*unit)
    return qn_si_text(value, unit, text);
  snprintf(text, 32, "%.4g", value);
  return text;
}

/* pre says nothing of a leak or a membrane */
static void tell_clip(const qn_chip *chip, const qn_clip *c,
                      qn_console *console)
{
  double wire =
    strcmp(c->what, "capacitor") ? 0 : qn_chip_wire_capacitance(chip);
  const char *unit = !strcmp(c->what, "conductance") ? "S"
                     : !strcmp(c->what, "capacitor") ? "F"
                                                     : "";
  char place[64], wanted[32], got[32], alone[32];

  if (!strcmp(c->kind, "leak") || !strcmp(c->kind, "membrane"))
    snprintf(place, sizeof place, "%s of neuron %zu", c->kind, c->post);
  else
    snprintf(place, sizeof place, "synapse %s %zu -> neuron %zu",
             strcmp(c->kind, "sensory") ? "neuron" : "input", c->pre, c->post);
  qn_console_say(console, "    %s: %s wanted %s, is %s%s%s\n", place, c->what,
                 clip_value(c->wanted, unit, wanted),
                 clip_value(c->got, unit, got),
                 wire > 0 ? ", its wire alone " : "",
                 wire > 0 ? qn_si_text(wire, unit, alone) : "");
}

static void tell_clips(const qn_chip *chip, qn_console *console, json_t *entry)
{
  json_t *list = json_array();

  for (size_t i = 0; i < chip->clips; i++) {
    const qn_clip *c = &chip->clip[i];

    if (i < CLIPS_SHOWN)
      tell_clip(chip, c, console);
    json_array_append_new(
      list, json_pack("{s:s, s:s, s:I, s:I, s:f, s:f}", "what", c->what, "kind",
                      c->kind, "pre", (json_int_t)c->pre, "post",
                      (json_int_t)c->post, "wanted", c->wanted, "got", c->got));
  }
  if (chip->clips > CLIPS_SHOWN)
    qn_console_say(console, "    and %zu more (--json lists all)\n",
                   chip->clips - CLIPS_SHOWN);
  json_object_set_new(entry, "clipped", list);
}

static json_t *tell_kind(const qn_cell_cost *c, qn_console *console)
{
  char a[32], b[32], d[32];

  qn_console_say(
    console, "    %-18s %6zu  %10.4g  %9s  %9s  %9s\n", c->name, c->count,
    c->area_m2 * 1e12, qn_si_text(c->memristor_power_w, "W", a),
    qn_si_text(c->bias_power_w, "W", b), qn_si_text(c->switching_j, "J", d));
  return json_pack("{s:s, s:I, s:o, s:o, s:o, s:o}", "kind", c->name, "count",
                   (json_int_t)c->count, "area_m2", qn_json_number(c->area_m2),
                   "memristor_power_w", qn_json_number(c->memristor_power_w),
                   "bias_power_w", qn_json_number(c->bias_power_w),
                   "switching_energy_per_step_j",
                   qn_json_number(c->switching_j));
}

static void tell_kinds(const qn_chip_cost *cost, qn_console *console,
                       json_t *entry)
{
  json_t *list = json_array();

  qn_console_say(console, "\n    %-18s %6s  %10s  %9s  %9s  %9s\n", "cells",
                 "count", "area um2", "memristor", "bias", "switched");
  for (int k = 0; k < QN_COST_KINDS; k++)
    json_array_append_new(list, tell_kind(&cost->kind[k], console));
  json_object_set_new(entry, "kinds", list);
}

static void tell_ripple(const qn_chip *chip, qn_console *console, json_t *entry)
{
  size_t worst;
  double ripple = qn_chip_ripple(chip, &worst);

  if (ripple > 0)
    qn_console_say(console,
                   "  ripple      %.3g model units peak to peak (%.3g %% of a "
                   "unit) at neuron %zu, at most\n",
                   ripple, 100 * ripple, worst);
  json_object_set_new(entry, "ripple", qn_json_number(ripple));
  json_object_set_new(entry, "ripple_neuron", json_integer((json_int_t)worst));
}

/* where the technology has noise */
static void tell_noise(const qn_chip *chip, qn_console *console, json_t *entry)
{
  size_t worst;
  double noise = qn_chip_thermal_noise(chip, &worst);

  if (!qn_noise_is_on(&chip->technology, -1))
    return;
  qn_console_say(console,
                 "  noise       kT/C of %.3g model units at neuron %zu, the "
                 "worst; `quench noise` has the rest\n",
                 noise, worst);
  json_object_set_new(entry, "ktc_noise", qn_json_number(noise));
  json_object_set_new(entry, "ktc_noise_neuron",
                      json_integer((json_int_t)worst));
}

static void tell_cost(const qn_chip *chip, qn_console *console, json_t *entry)
{
  qn_chip_cost cost = qn_chip_estimate(chip);
  char a[32], b[32], c[32];

  qn_console_say(console,
                 "  area        %.4g um2\n"
                 "  power       %s in memristors, %s of bias, at rest\n"
                 "  energy      %s a step",
                 cost.area_m2 * 1e12,
                 qn_si_text(cost.memristor_power_w, "W", a),
                 qn_si_text(cost.bias_power_w, "W", b),
                 qn_si_text(cost.energy_per_step_j, "J", c));
  if (cost.switching_j > 0)
    qn_console_say(console, ", %s of it switching",
                   qn_si_text(cost.switching_j, "J", a));
  qn_console_say(console, "\n");
  json_object_set_new(entry, "area_m2", qn_json_number(cost.area_m2));
  json_object_set_new(entry, "memristor_power_w",
                      qn_json_number(cost.memristor_power_w));
  json_object_set_new(entry, "bias_power_w", qn_json_number(cost.bias_power_w));
  json_object_set_new(entry, "switching_energy_per_step_j",
                      qn_json_number(cost.switching_j));
  json_object_set_new(entry, "energy_per_step_j",
                      qn_json_number(cost.energy_per_step_j));
  tell_ripple(chip, console, entry);
  tell_noise(chip, console, entry);
  tell_kinds(&cost, console, entry);
}

static json_t *tell_branch(const qn_branch *s, const char *from,
                           qn_console *console)
{
  char a[32], b[32], c[32];

  if (!console->quiet)
    qn_console_say(console,
                   "    from %-6s %3zu: %9s up %9s down, gain %.3g, threshold "
                   "%s\n",
                   from, s->pre, qn_si_text(s->plus_s, "S", a),
                   qn_si_text(s->minus_s, "S", b), s->gate.gain,
                   qn_si_text(s->gate.threshold_v, "V", c));
  return json_pack("{s:s, s:I, s:f, s:f, s:f, s:f}", "from", from, "pre",
                   (json_int_t)s->pre, "plus_s", s->plus_s, "minus_s",
                   s->minus_s, "gain", s->gate.gain, "threshold_v",
                   s->gate.threshold_v);
}

static json_t *tell_neuron(const qn_chip *chip, size_t j, qn_console *console)
{
  const qn_branches *r = &chip->recurrent, *n = &chip->sensory;
  json_t *branches = json_array();
  char a[32], b[32], c[32];

  if (!console->quiet)
    qn_console_say(console, "\n  neuron %zu: C %s, leak %s up, %s down\n", j,
                   qn_si_text(chip->capacitance_f[j], "F", a),
                   qn_si_text(chip->leak_plus_s[j], "S", b),
                   qn_si_text(chip->leak_minus_s[j], "S", c));
  for (size_t i = r->first[j]; i < r->first[j + 1]; i++)
    json_array_append_new(branches, tell_branch(&r->at[i], "neuron", console));
  for (size_t i = n->first[j]; i < n->first[j + 1]; i++)
    json_array_append_new(branches, tell_branch(&n->at[i], "input", console));
  return json_pack("{s:I, s:f, s:f, s:f, s:o}", "neuron", (json_int_t)j,
                   "capacitance_f", chip->capacitance_f[j], "leak_plus_s",
                   chip->leak_plus_s[j], "leak_minus_s", chip->leak_minus_s[j],
                   "branches", branches);
}

/* a line a neuron and one a branch; JSON has them always */
static void tell_neurons(const qn_chip *chip, qn_console *console,
                         json_t *entry)
{
  json_t *list = json_array();

  for (size_t j = 0; j < chip->units; j++)
    json_array_append_new(list, tell_neuron(chip, j, console));
  json_object_set_new(entry, "neurons", list);
}

static qn_status map(const qn_cli_options *opt, const qn_network *net,
                     qn_console *console)
{
  qn_chip *chip;
  json_t *entry;
  qn_status st = qn_load_chip(&chip, net, opt, console);

  if (st)
    return st;
  entry = json_pack("{s:s}", "technology", chip->technology.name);
  tell_scales(chip, console, entry);
  if (*chip->sample)
    qn_console_say(console, "  sample      %s\n", chip->sample);
  tell_elements(chip, console, entry);
  tell_clips(chip, console, entry);
  tell_wires(chip, console, entry);
  qn_load_note_wires(chip, console);
  tell_cost(chip, console, entry);
  tell_neurons(chip, console, entry);
  json_array_append_new(console->results, entry);
  qn_chip_free(chip);
  return QN_OK;
}

/* data of --blame are read before anything is said */
static qn_status map_and_blame(const qn_cli_options *opt, const qn_network *net,
                               qn_console *console)
{
  qn_dataset *data = NULL;
  qn_status st = QN_OK;

  if (opt->blame)
    st = qn_load_dataset(&data, net, opt->blame, opt, console);
  if (!st)
    st = map(opt, net, console);
  if (!st && data)
    st = qn_clip_cost(net, data, opt, console);
  if (!st && data)
    st = qn_blame(net, data, opt, console);
  qn_dataset_free(data);
  return st;
}

static qn_status run(const qn_cli_options *opt, qn_console *console)
{
  qn_network *net;
  qn_status st = qn_load_network(&net, opt, console);

  if (st)
    return st;
  st = map_and_blame(opt, net, console);
  qn_network_free(net);
  return st;
}

static const char *const options[] = {
  "technology", "die",       "seed", "blame",  "dies",        "raw",
  "sequences",  "tolerance", "jobs", "prefer", "extrapolate", NULL};

const qn_command qn_command_map = {
  .name = "map",
  .arguments = "NET",
  .count = 1,
  .summary = "The chip of a network: each weight's memristors, clips, area, "
             "power",
  .details =
    "Power is at rest: membranes at the common mode, gates half open. "
    "-q leaves out\nthe list of neurons and synapses. --blame DATA runs the "
    "chip with each fault of the\ntechnology alone and with all but each, on 5 "
    "dies (or --dies), and the chip as meant with\none clipped neuron or "
    "synapse at a time.",
  .options = options,
  .run = run,
};
