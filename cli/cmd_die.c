/* cmd_die.c - what one die of a technology came out with. */
#include <math.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/load.h"

enum { STUCK_SHOWN = 10 };

struct pair {
  const qn_chip *die, *chip;
  qn_console *console;
  json_t *stuck; /* list */
  size_t shown;
};

/* ---- memristors that do not move ------------------------------------------------- */

static void tell_stuck(struct pair *p, const char *place, const char *rail,
                       double got, double wanted)
{
  const qn_technology *t = &p->die->technology;
  char a[32], b[32];

  if (got == wanted ||
      (got != t->conductance_min_s && got != t->conductance_max_s))
    return;
  if (p->shown++ < STUCK_SHOWN)
    qn_console_say(p->console,
                   "    %s, memristor to the %s rail: %s, meant %s\n", place,
                   rail, qn_si_text(got, "S", a), qn_si_text(wanted, "S", b));
  json_array_append_new(p->stuck, json_pack("{s:s, s:s, s:f, s:f}", "place",
                                            place, "rail", rail, "got_s", got,
                                            "wanted_s", wanted));
}

static void tell_stuck_branches(struct pair *p, const char *from,
                                const qn_branches *got,
                                const qn_branches *wanted)
{
  char place[64];

  for (size_t i = 0; i < got->count; i++) {
    const qn_branch *a = &got->at[i], *b = &wanted->at[i];

    snprintf(place, sizeof place, "synapse %s %zu -> neuron %zu", from, a->pre,
             a->post);
    tell_stuck(p, place, "upper", a->plus_s, b->plus_s);
    tell_stuck(p, place, "lower", a->minus_s, b->minus_s);
  }
}

static void tell_all_stuck(struct pair *p)
{
  char place[64];

  for (size_t j = 0; j < p->die->units; j++) {
    snprintf(place, sizeof place, "leak of neuron %zu", j);
    tell_stuck(p, place, "upper", p->die->leak_plus_s[j],
               p->chip->leak_plus_s[j]);
    tell_stuck(p, place, "lower", p->die->leak_minus_s[j],
               p->chip->leak_minus_s[j]);
  }
  tell_stuck_branches(p, "neuron", &p->die->recurrent, &p->chip->recurrent);
  tell_stuck_branches(p, "input", &p->die->sensory, &p->chip->sensory);
  if (p->shown > STUCK_SHOWN)
    qn_console_say(p->console, "    and %zu more (--json lists all)\n",
                   p->shown - STUCK_SHOWN);
}

/* ---- what only some technologies have --------------------------------------------- */

/* rms of readouts [V] */
static double readout_rms(const struct pair *p)
{
  double sum = 0;

  for (size_t k = 0; k < p->die->outputs; k++) {
    double e = p->die->readout_offset_v[k] - p->chip->readout_offset_v[k];

    sum += e * e;
  }
  return p->die->outputs ? sqrt(sum / (double)p->die->outputs) : 0;
}

/* rms of one parameter, relative, over all memristors that are there */
static double parameter_rms(const struct pair *p, size_t k)
{
  double meant = p->chip->technology.memristor.parameter[k], sum = 0;
  size_t n = qn_chip_memristors(p->die), present = 0;

  for (size_t i = 0; i < n; i++) {
    double e = qn_chip_parameters(p->die, i)[k] / meant - 1;

    if (qn_chip_conductance_of(p->die, i) == 0)
      continue;
    sum += e * e;
    present++;
  }
  return present ? sqrt(sum / (double)present) : 0;
}

static json_t *tell_parameters(const struct pair *p)
{
  const qn_technology *t = &p->chip->technology;
  const qn_parameter *of = t->memristor.device->parameters;
  json_t *all = json_object();

  for (size_t k = 0; of[k].name; k++) {
    double rms;

    if (t->spread[k] == 0)
      continue;
    rms = parameter_rms(p, k);
    qn_console_say(p->console, "  %-11s off by rms %.3g %%\n", of[k].name,
                   100 * rms);
    json_object_set_new(all, of[k].name, qn_json_number(100 * rms));
  }
  return all;
}

static void tell_readouts(const struct pair *p, json_t *entry)
{
  double rms = readout_rms(p);
  char a[32];

  if (rms > 0)
    qn_console_say(p->console, "  readouts    off by rms %s\n",
                   qn_si_text(rms, "V", a));
  json_object_set_new(entry, "readout_rms_v", qn_json_number(rms));
}

/* ---- the whole ----------------------------------------------------------------------- */

static void tell(const qn_cli_options *opt, struct pair *p)
{
  qn_die_report r = qn_die_compare(p->die, p->chip);
  json_t *entry;
  char a[32], b[32];

  qn_console_say(p->console, "die %u of %s, seed %ld, for %s\n",
                 (unsigned)opt->drawn.number, p->chip->technology.name,
                 opt->seed, p->chip->name);
  qn_console_say(p->console,
                 "  memristors  %zu: off by rms %.3g %%, worst %.3g %%\n"
                 "  gates       thresholds off by rms %.3g model units, worst "
                 "%.3g; slopes rms %.3g %%\n"
                 "  capacitors  off by rms %.3g %%\n"
                 "  rails       off by %s and %s\n"
                 "  stuck       %zu\n",
                 r.memristors, 100 * r.conductance_rms,
                 100 * r.conductance_worst, r.threshold_rms, r.threshold_worst,
                 100 * r.slope_rms, 100 * r.capacitor_rms,
                 qn_si_text(r.rail_minus_error_v, "V", a),
                 qn_si_text(r.rail_plus_error_v, "V", b), r.stuck);
  tell_all_stuck(p);
  entry =
    json_pack("{s:s, s:I, s:I, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, "
              "s:O}",
              "technology", p->chip->technology.name, "die",
              (json_int_t)opt->drawn.number, "seed", (json_int_t)opt->seed,
              "memristors", (json_int_t)r.memristors, "conductance_rms_percent",
              100 * r.conductance_rms, "conductance_worst_percent",
              100 * r.conductance_worst, "threshold_rms", r.threshold_rms,
              "threshold_worst", r.threshold_worst, "slope_rms_percent",
              100 * r.slope_rms, "capacitor_rms_percent", 100 * r.capacitor_rms,
              "rail_plus_error_v", r.rail_plus_error_v, "rail_minus_error_v",
              r.rail_minus_error_v, "stuck", p->stuck);
  tell_readouts(p, entry);
  json_object_set_new(entry, "parameter_rms_percent", tell_parameters(p));
  json_array_append_new(p->console->results, entry);
}

static qn_status draw(const qn_cli_options *opt, const qn_network *net,
                      qn_console *console)
{
  qn_cli_options meant = *opt, drawn = *opt;
  qn_chip *chip, *die = NULL;
  qn_status st;

  meant.die = -1;
  drawn.die = drawn.drawn.number = opt->die < 0 ? 0 : (uint32_t)opt->die;
  st = qn_load_chip(&chip, net, &meant, console);
  if (!st)
    st = qn_die_draw(&die, chip, drawn.drawn, &console->diag);
  if (!st) {
    struct pair p = {
      .die = die, .chip = chip, .console = console, .stuck = json_array()};

    tell(&drawn, &p);
    json_decref(p.stuck);
  }
  qn_chip_free(die);
  qn_chip_free(chip);
  return st;
}

static qn_status run(const qn_cli_options *opt, qn_console *console)
{
  qn_network *net;
  qn_status st = qn_load_network(&net, opt, console);

  if (st)
    return st;
  st = draw(opt, net, console);
  qn_network_free(net);
  return st;
}

static const char *const options[] = {"technology", "die",         "seed",
                                      "prefer",     "extrapolate", NULL};

const qn_command qn_command_die = {
  .name = "die",
  .arguments = "NET",
  .count = 1,
  .summary = "What one die of a technology came out with",
  .details =
    "Without --die it is number 0. The same --technology, --seed and --die are "
    "the same\ndie in run, compare, map and netlist.",
  .required = "technology",
  .options = options,
  .run = run,
};
