/* agreement.c - see agreement.h. */
#include "cli/agreement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/load.h"
#include <quench/check.h>
#include <quench/clock.h>
#include <quench/metric.h>
#include <quench/netlist.h>
#include <quench/ode.h>
#include <quench/realisation.h>

enum { VERIFIED_SEQUENCES = 3 };

/* one side against the other */
struct agreement {
  const qn_chip *chip;
  const qn_network *net;
  const qn_dataset *all; /* the swing is of all of it */
  const qn_cli_options *opt;
  qn_console *console;
  double *swing; /* [units] */

  qn_dataset *data; /* the sequences compared */
  qn_trace *analog, *got;
  double analog_s, got_s; /* how long each took; 0: not known */
  const char *who;        /* "ngspice", a file */
};

/* where the worst of a difference lies */
struct worst {
  size_t sequence, step; /* of all data */
  double time_s;
};

/* ---- analog ------------------------------------------------------------------------- */

static qn_status run_analog(const struct agreement *a, const qn_dataset *data,
                            unsigned workers, qn_trace *out)
{
  qn_ode_options ode = qn_load_ode_options(a->opt, a->console);
  qn_ode_report report = {0};

  if (workers)
    ode.workers = workers;
  return qn_chip_run(a->chip, a->net, data, &ode, out, &report,
                     &a->console->diag);
}

static qn_status find_swing(struct agreement *a)
{
  qn_trace *trace = NULL;
  qn_status st;

  a->swing = malloc(a->chip->units * sizeof *a->swing);
  if (!a->swing || qn_trace_alloc(&trace, a->net, a->all))
    return qn_diag_out_of_memory(&a->console->diag);
  st = run_analog(a, a->all, 0, trace);
  if (!st)
    qn_swing_of(trace, a->swing);
  qn_trace_free(trace);
  return st;
}

/* on one core, as ngspice's time is the sum of its processes' */
static qn_status time_analog(struct agreement *a)
{
  double start = qn_clock_now();
  qn_status st = run_analog(a, a->data, 1, a->analog);

  a->analog_s = qn_clock_now() - start;
  return st;
}

/* takes `data`, the sequences to compare */
static qn_status open_agreement(struct agreement *a, qn_dataset *data)
{
  a->data = data;
  if (qn_trace_alloc(&a->analog, a->net, data) ||
      qn_trace_alloc(&a->got, a->net, data))
    return qn_diag_out_of_memory(&a->console->diag);
  return QN_OK;
}

static qn_status run_ours(struct agreement *a)
{
  qn_status st = find_swing(a);

  return st ? st : time_analog(a);
}

static void close_agreement(struct agreement *a)
{
  qn_trace_free(a->analog);
  qn_trace_free(a->got);
  qn_dataset_free(a->data);
  free(a->swing);
}

/* ---- telling ------------------------------------------------------------------------ */

static struct worst
find_worst(const struct agreement *a, const qn_difference *d,
           size_t (*sequence)(const struct agreement *, size_t))
{
  size_t s = 0;

  while (a->data->first[s + 1] <= d->worst_row)
    s++;
  return (struct worst){
    .sequence = sequence(a, s),
    .step = d->worst_row - a->data->first[s],
    .time_s = qn_check_time(a->chip, a->data, d->worst_row),
  };
}

static void tell_speed(const struct agreement *a)
{
  double ratio = a->got_s / a->analog_s;

  if (a->got_s > 0 && a->analog_s > 0)
    qn_console_say(a->console,
                   "%s's transients took %.3g s, analog's %.3g s on one core: "
                   "%.*f times as long\n",
                   a->who, a->got_s, a->analog_s, ratio < 10 ? 2 : 0, ratio);
}

static json_t *difference_json(const qn_difference *d, const struct worst *w)
{
  char node[32];

  snprintf(node, sizeof node, "n%zu", d->worst_neuron);
  return json_pack(
    "{s:o, s:o, s:I, s:s, s:I, s:I, s:o, s:f}", "worst_percent",
    qn_json_number(d->worst_percent), "rms_percent",
    qn_json_number(d->rms_percent), "worst_neuron", (json_int_t)d->worst_neuron,
    "worst_node", node, "worst_sequence", (json_int_t)w->sequence, "worst_step",
    (json_int_t)w->step, "worst_time_s", qn_json_number(w->time_s),
    "limit_percent", qn_realisation_find("spice")->twin.limit_percent);
}

/* QN_EMISMATCH beyond the bound; `where` is what a reader may do about it */
static qn_status judge(const struct agreement *a, const qn_difference *d,
                       const struct worst *w, const char *where)
{
  const qn_twin *twin = &qn_realisation_find("spice")->twin;
  char place[96];

  if (qn_twin_holds(twin, d))
    return QN_OK;
  snprintf(place, sizeof place, "n%zu, sequence %zu, step %zu", d->worst_neuron,
           w->sequence, w->step);
  return qn_diag_set(&a->console->diag, QN_EMISMATCH, a->who, place,
                     "membranes differ from analog by %.3g %% of the swing, "
                     "more than %g %%; %s",
                     d->worst_percent, twin->limit_percent, where);
}

static void tell_difference(const struct agreement *a, const char *what,
                            const qn_difference *d, const struct worst *w)
{
  qn_console_say(a->console,
                 "%s against analog: worst %.3g %% of the swing (n%zu, "
                 "sequence %zu, step %zu, %.6g s), rms %.3g %%\n",
                 what, d->worst_percent, d->worst_neuron, w->sequence, w->step,
                 w->time_s, d->rms_percent);
}

/* ---- ngspice ------------------------------------------------------------------------ */

static qn_status run_ngspice(struct agreement *a)
{
  qn_settings settings = qn_load_settings(a->opt, "ideal", a->console);
  qn_spice_report report = {0};
  qn_status st =
    qn_spice_run(a->chip, a->net, a->data, NULL, settings.workers,
                 settings.progress, a->got, &report, &a->console->diag);

  a->got_s = report.transient_s;
  return st;
}

static size_t picked(const struct agreement *a, size_t s)
{
  return qn_sequence_pick(s, a->data->sequences, a->all->sequences);
}

static void record_verified(const struct agreement *a, json_t *entry)
{
  json_object_set_new(entry, "verified_sequences",
                      json_integer((json_int_t)a->data->sequences));
  json_object_set_new(entry, "ngspice_transient_s", qn_json_number(a->got_s));
  json_object_set_new(entry, "analog_transient_s", qn_json_number(a->analog_s));
  json_object_set_new(entry, "speed_ratio",
                      qn_json_number(a->got_s / a->analog_s));
  json_array_append_new(a->console->results, entry);
}

static qn_status tell_verified(const struct agreement *a)
{
  qn_difference d = qn_difference_of(a->got, a->analog, a->swing);
  struct worst w = find_worst(a, &d, picked);
  char what[64], where[400];

  snprintf(what, sizeof what, "ngspice on %zu sequence%s", a->data->sequences,
           qn_plural(a->data->sequences));
  tell_speed(a);
  tell_difference(a, what, &d, &w);
  record_verified(a, difference_json(&d, &w));
  if (w.sequence == (size_t)a->opt->sequence)
    snprintf(where, sizeof where, "the deck is kept in %.300s", a->opt->output);
  else
    snprintf(where, sizeof where, "--sequence %zu writes the deck of that one",
             w.sequence);
  return judge(a, &d, &w, where);
}

static struct agreement new_agreement(const qn_chip *chip,
                                      const qn_network *net,
                                      const qn_dataset *data,
                                      const qn_cli_options *opt,
                                      qn_console *console)
{
  return (struct agreement){
    .chip = chip, .net = net, .all = data, .opt = opt, .console = console};
}

qn_status qn_agreement_verify(const qn_chip *chip, const qn_network *net,
                              const qn_dataset *data, const qn_cli_options *opt,
                              qn_console *console)
{
  struct agreement a = new_agreement(chip, net, data, opt, console);
  size_t n = opt->sequences ? (size_t)opt->sequences : VERIFIED_SEQUENCES;
  qn_dataset *some;
  qn_status st =
    qn_realisation_check(qn_realisation_find("spice"), net, &console->diag);

  if (st)
    return st;
  if (qn_dataset_pick(&some, data, n < data->sequences ? n : data->sequences))
    return qn_diag_out_of_memory(&console->diag);
  a.who = "ngspice";
  st = open_agreement(&a, some);
  if (!st)
    st = run_ours(&a);
  if (!st)
    st = run_ngspice(&a);
  if (!st)
    st = tell_verified(&a);
  close_agreement(&a);
  return st;
}

/* ---- a file ------------------------------------------------------------------------- */

/* farther from a sample's end than this, in samples, values between points may
 * be what differs */
static const double coarse = 1e-4;

static size_t asked_for(const struct agreement *a, size_t s)
{
  return (size_t)a->opt->sequence + s;
}

static qn_status tell_checked(const struct agreement *a,
                              const qn_check_report *report)
{
  qn_difference d = qn_difference_of(a->got, a->analog, a->swing);
  struct worst w = find_worst(a, &d, asked_for);
  json_t *entry = difference_json(&d, &w);
  char where[240] = "was it the same chip, die, data and sequence?";

  json_object_set_new(entry, "file", json_string(a->who));
  json_object_set_new(entry, "points",
                      json_integer((json_int_t)report->points));
  json_object_set_new(entry, "apart_samples", qn_json_number(report->apart));
  json_array_append_new(a->console->results, entry);
  tell_difference(a, a->who, &d, &w);
  if (report->apart > coarse)
    snprintf(where, sizeof where,
             "its points are up to %.2g of a sample from where a sample ends, "
             "step %zu: a smaller maximum step may bring them together",
             report->apart, report->apart_row);
  return judge(a, &d, &w, where);
}

/* a dataset of sequence s alone */
static qn_dataset *only(const qn_dataset *data, size_t s)
{
  size_t first = data->first[s], rows = data->first[s + 1] - first;
  qn_dataset one = *data, *out;
  size_t ends[2] = {0, rows};

  one.sequences = 1;
  one.rows = rows;
  one.first = ends;
  one.inputs += first * one.features;
  if (one.timespans)
    one.timespans += first;
  one.targets = one.outputs = one.states = NULL;
  return qn_dataset_pick(&out, &one, 1) ? NULL : out;
}

qn_status qn_agreement_check(const qn_chip *chip, const qn_network *net,
                             const qn_dataset *data, const qn_cli_options *opt,
                             qn_console *console)
{
  struct agreement a = new_agreement(chip, net, data, opt, console);
  qn_dataset *one = only(data, (size_t)opt->sequence);
  qn_check_report report;
  qn_status st;

  if (!one)
    return qn_diag_out_of_memory(&console->diag);
  a.who = opt->check;
  st = open_agreement(&a, one);
  if (!st)
    st =
      qn_check_read(chip, one, 0, opt->check, a.got, &report, &console->diag);
  if (!st)
    st = run_ours(&a);
  if (!st)
    st = tell_checked(&a, &report);
  close_agreement(&a);
  return st;
}
