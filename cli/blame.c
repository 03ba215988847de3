/* blame.c - each fault switched on alone, and off alone. */
#include "cli/blame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/catalogue.h>
#include <quench/fault.h>
#include <quench/mapper.h>
#include <quench/ode.h>

enum { DIES = 5, BAR = 30 };

struct cost {
  double rms_percent; /* of swing, from the chip without faults; mean of dies */
  double worst_percent; /* of any die */
  double metric;        /* mean of dies */
};

struct blame {
  const qn_network *net;
  const qn_dataset *data;
  const qn_cli_options *opt;
  qn_console *console;
  size_t dies;
  qn_trace *clean, *got;
  double *swing; /* [units] of clean */
  qn_metric metric;
};

/* ---- runs ------------------------------------------------------------------------- */

static qn_status run_die(const struct blame *b, const qn_chip *chip,
                         uint32_t number, qn_trace *out)
{
  qn_ode_options opt = qn_load_ode_options(b->opt, b->console);
  qn_die which = {(uint64_t)b->opt->seed, number};
  qn_chip *die;
  qn_status st = qn_die_draw(&die, chip, which, &b->console->diag);

  if (!st)
    st = qn_chip_run(die, b->net, b->data, &opt, out, NULL, &b->console->diag);
  qn_chip_free(die);
  return st;
}

static qn_status run_technology(const struct blame *b, qn_technology tech,
                                struct cost *cost)
{
  qn_chip *chip;
  qn_status st = qn_chip_map(&chip, b->net, &tech, &b->console->diag);

  *cost = (struct cost){0};
  for (size_t k = 0; k < b->dies && !st; k++) {
    qn_difference d;

    st = run_die(b, chip, (uint32_t)k, b->got);
    if (st)
      break;
    d = qn_difference_of(b->got, b->clean, b->swing);
    cost->rms_percent += d.rms_percent / (double)b->dies;
    cost->metric += qn_metric_of(b->got, b->data).value / (double)b->dies;
    if (d.worst_percent > cost->worst_percent)
      cost->worst_percent = d.worst_percent;
  }
  qn_chip_free(chip);
  return st;
}

static qn_status run_clean(struct blame *b, const qn_technology *tech)
{
  qn_technology none = qn_fault_alone(NULL, tech);
  qn_chip *chip;
  qn_status st = qn_chip_map(&chip, b->net, &none, &b->console->diag);

  if (!st)
    st = run_die(b, chip, 0, b->clean);
  qn_chip_free(chip);
  if (st)
    return st;
  qn_swing_of(b->clean, b->swing);
  b->metric = qn_metric_of(b->clean, b->data);
  return QN_OK;
}

/* ---- the table ------------------------------------------------------------------------ */

static void tell_header(const struct blame *b, const qn_technology *tech)
{
  qn_console_say(b->console,
                 "\nwhat each fault of %s costs, mean of %zu die%s (seed %ld)\n"
                 "states: rms and worst distance from the chip without faults, "
                 "in %% of swing\n\n",
                 tech->name, b->dies, qn_plural(b->dies), b->opt->seed);
  qn_console_say(b->console, "%-17s %8s %8s  %8s   %8s  %8s\n", "", "alone", "",
                 "", "without", "");
  qn_console_say(b->console, "%-17s %8s %8s  %8s   %8s  %8s\n", "fault", "rms",
                 "worst", b->metric.name ? b->metric.name : "", "rms",
                 b->metric.name ? b->metric.name : "");
}

static const char *metric_text(const struct blame *b, double value,
                               char text[16])
{
  *text = 0;
  if (b->metric.name)
    snprintf(text, 16, "%.4f", value);
  return text;
}

static void tell_line(const struct blame *b, const char *name,
                      const struct cost *alone, const struct cost *without,
                      double most)
{
  char a[16], w[16], rms[16] = "", bar[BAR + 1] = "";
  int n = most > 0 ? (int)(BAR * alone->rms_percent / most + 0.5) : 0;

  memset(bar, '#', (size_t)n);
  bar[n] = 0;
  if (without)
    snprintf(rms, sizeof rms, "%.3f%%", without->rms_percent);
  qn_console_say(b->console, "%-17s %7.3f%% %7.2f%%  %8s   %8s  %8s  %s\n",
                 name, alone->rms_percent, alone->worst_percent,
                 metric_text(b, alone->metric, a), rms,
                 without ? metric_text(b, without->metric, w) : "", bar);
}

static json_t *cost_json(const struct blame *b, const struct cost *cost)
{
  json_t *entry =
    json_pack("{s:o, s:o}", "rms_percent", qn_json_number(cost->rms_percent),
              "worst_percent", qn_json_number(cost->worst_percent));

  if (b->metric.name)
    json_object_set_new(entry, b->metric.name, qn_json_number(cost->metric));
  return entry;
}

struct line {
  const qn_fault *fault;
  struct cost alone, without;
};

static int by_cost(const void *a, const void *b)
{
  double x = ((const struct line *)a)->alone.rms_percent;
  double y = ((const struct line *)b)->alone.rms_percent;

  return (x < y) - (x > y);
}

static void tell(const struct blame *b, const qn_technology *tech,
                 struct line *line, size_t n, const struct cost *all)
{
  struct cost none = {.metric = b->metric.value};
  json_t *list = json_array();

  qsort(line, n, sizeof *line, by_cost);
  tell_header(b, tech);
  for (size_t i = 0; i < n; i++) {
    tell_line(b, line[i].fault->name, &line[i].alone, &line[i].without,
              line[0].alone.rms_percent);
    json_array_append_new(
      list, json_pack("{s:s, s:o, s:o}", "fault", line[i].fault->name, "alone",
                      cost_json(b, &line[i].alone), "without",
                      cost_json(b, &line[i].without)));
  }
  tell_line(b, "all of them", all, NULL, 0);
  tell_line(b, "none", &none, NULL, 0);
  json_array_append_new(
    b->console->results,
    json_pack("{s:s, s:I, s:I, s:o, s:o, s:o}", "technology", tech->name,
              "dies", (json_int_t)b->dies, "seed", (json_int_t)b->opt->seed,
              "faults", list, "all", cost_json(b, all), "none",
              cost_json(b, &none)));
}

/* ---- the whole --------------------------------------------------------------------------- */

static qn_status run_faults(const struct blame *b, const qn_technology *tech)
{
  struct line line[32];
  struct cost all;
  size_t n = 0;
  qn_status st = run_technology(b, *tech, &all);

  for (const qn_fault *f = qn_faults; f->name && !st; f++) {
    if (!qn_fault_is_on(f, tech))
      continue;
    line[n].fault = f;
    st = run_technology(b, qn_fault_alone(f, tech), &line[n].alone);
    if (!st)
      st = run_technology(b, qn_fault_without(f, tech), &line[n].without);
    n++;
  }
  if (!st)
    tell(b, tech, line, n, &all);
  return st;
}

qn_status qn_blame(const qn_network *net, const qn_dataset *data,
                   const qn_cli_options *opt, qn_console *console)
{
  struct blame b = {.net = net,
                    .data = data,
                    .opt = opt,
                    .console = console,
                    .dies = opt->dies ? (size_t)opt->dies : DIES};
  qn_technology tech;
  qn_status st = qn_technology_open(
    &tech, opt->technology ? opt->technology : "ideal", &console->diag);

  b.swing = calloc(net->units, sizeof *b.swing);
  if (!st && (!b.swing || qn_trace_alloc(&b.clean, net, data) ||
              qn_trace_alloc(&b.got, net, data)))
    st = qn_diag_out_of_memory(&console->diag);
  if (!st)
    st = run_clean(&b, &tech);
  if (!st)
    st = run_faults(&b, &tech);
  qn_trace_free(b.got);
  qn_trace_free(b.clean);
  free(b.swing);
  return st;
}
