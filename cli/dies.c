/* dies.c - how much a metric and the states spread from die to die. */
#include "cli/dies.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/load.h"

struct one {
  double metric, rms_percent, worst_percent;
};

struct dies {
  const struct comparison *c;
  const qn_realisation *analog;
  qn_settings settings;
  qn_trace *meant; /* of the chip itself */
  qn_metric metric;
  double *swing; /* [units] of it */
  struct one *one;
  size_t count;
};

static qn_status run_chip(struct dies *d)
{
  qn_report report;
  qn_status st;

  d->settings.die = NULL;
  st = qn_realise(d->analog, d->c->net, d->c->data, &d->settings, &d->meant,
                  &report, &d->c->console->diag);
  if (st)
    return st;
  d->metric = qn_metric_of(d->meant, d->c->data);
  qn_swing_of(d->meant, d->swing);
  return QN_OK;
}

static qn_status run_die(struct dies *d, size_t i)
{
  qn_die die = {(uint64_t)d->c->opt->seed, (uint32_t)i};
  qn_difference difference;
  qn_report report;
  qn_trace *trace;
  qn_status st;

  d->settings.die = &die;
  st = qn_realise(d->analog, d->c->net, d->c->data, &d->settings, &trace,
                  &report, &d->c->console->diag);
  if (st)
    return st;
  difference = qn_difference_of(trace, d->meant, d->swing);
  d->one[i] = (struct one){.metric = qn_metric_of(trace, d->c->data).value,
                           .rms_percent = difference.rms_percent,
                           .worst_percent = difference.worst_percent};
  qn_trace_free(trace);
  return QN_OK;
}

/* ---- telling ---------------------------------------------------------------------- */

static int by_metric(const void *a, const void *b)
{
  double x = ((const struct one *)a)->metric,
         y = ((const struct one *)b)->metric;

  return (x > y) - (x < y);
}

static json_t *record(const struct dies *d, const char *technology)
{
  json_t *list = json_array();

  for (size_t i = 0; i < d->count; i++) {
    json_t *die =
      json_pack("{s:I, s:o, s:o}", "die", (json_int_t)i, "rms_percent",
                qn_json_number(d->one[i].rms_percent), "worst_percent",
                qn_json_number(d->one[i].worst_percent));

    if (d->metric.name)
      json_object_set_new(die, d->metric.name,
                          qn_json_number(d->one[i].metric));
    json_array_append_new(list, die);
  }
  return json_pack("{s:s, s:s, s:I, s:o}", "realisation", "analog",
                   "technology", technology, "seed",
                   (json_int_t)d->c->opt->seed, "dies", list);
}

static void tell(struct dies *d, const char *technology)
{
  qn_console *console = d->c->console;
  double mean = 0, rms = 0, most = 0, worst = 0;

  json_array_append_new(console->results, record(d, technology));
  for (size_t i = 0; i < d->count; i++) {
    mean += d->one[i].metric / (double)d->count;
    rms += d->one[i].rms_percent / (double)d->count;
    if (d->one[i].rms_percent > most)
      most = d->one[i].rms_percent;
    if (d->one[i].worst_percent > worst)
      worst = d->one[i].worst_percent;
  }
  qn_console_say(console, "\n%zu die%s of %s, seed %ld, on analog\n", d->count,
                 qn_plural(d->count), technology, d->c->opt->seed);
  if (d->metric.name) {
    qsort(d->one, d->count, sizeof *d->one, by_metric);
    qn_console_say(console,
                   "  %-11s %.4f as meant; dies %.4f to %.4f, median %.4f, "
                   "mean %.4f\n",
                   d->metric.name, d->metric.value, d->one[0].metric,
                   d->one[d->count - 1].metric, d->one[d->count / 2].metric,
                   mean);
  }
  qn_console_say(console,
                 "  states      off the chip as meant by rms %.3g %% of swing "
                 "(mean), %.3g %% (largest),\n"
                 "              worst %.3g %%\n",
                 rms, most, worst);
}

qn_status qn_dies_compare(const struct comparison *c, const char *technology)
{
  struct dies d = {.c = c,
                   .analog = qn_realisation_find("analog"),
                   .count = (size_t)c->opt->dies};
  qn_status st = QN_OK;

  d.settings = qn_load_settings(c->opt, technology, c->console);
  d.one = calloc(d.count, sizeof *d.one);
  d.swing = calloc(c->net->units, sizeof *d.swing);
  if (!d.one || !d.swing)
    st = qn_diag_out_of_memory(&c->console->diag);
  if (!st)
    st = run_chip(&d);
  for (size_t i = 0; i < d.count && !st; i++)
    st = run_die(&d, i);
  if (!st)
    tell(&d, d.settings.technology);
  qn_trace_free(d.meant);
  free(d.one);
  free(d.swing);
  return st;
}
