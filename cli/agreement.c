/* agreement.c - see agreement.h. */
#include "cli/agreement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/found.h"
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
  qn_spice_report spice;  /* of ngspice */
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
  if (!qn_netlist_states(a->chip))
    return QN_OK;
  if (qn_trace_add_memristors(a->analog, qn_chip_memristors(a->chip)) ||
      qn_trace_add_memristors(a->got, qn_chip_memristors(a->chip)))
    return qn_diag_out_of_memory(&a->console->diag);
  return QN_OK;
}

/* those of the file are not known */
static void forget_memristors(struct agreement *a)
{
  free(a->got->memristor);
  a->got->memristor = NULL;
  a->got->memristors = 0;
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

static void tell_speed(const struct agreement *a)
{
  double ratio = a->got_s / a->analog_s;

  if (a->got_s > 0 && a->analog_s > 0)
    qn_console_say(a->console,
                   "%s's transients took %.3g s, analog's %.3g s on one core: "
                   "%.*f times as long\n",
                   a->who, a->got_s, a->analog_s, ratio < 10 ? 2 : 0, ratio);
}

static qn_found find(const struct agreement *a,
                     size_t (*sequence)(const struct agreement *, size_t))
{
  qn_found found = qn_found_of(a->chip, a->data, a->got, a->analog, a->swing);

  found.at.sequence = sequence(a, found.at.sequence);
  found.state_at.sequence = sequence(a, found.state_at.sequence);
  return found;
}

/* ---- ngspice ------------------------------------------------------------------------ */

static qn_status run_ngspice(struct agreement *a)
{
  qn_settings settings = qn_load_settings(a->opt, "ideal", a->console);
  qn_status st =
    qn_spice_run(a->chip, a->net, a->data, NULL, settings.workers,
                 settings.progress, a->got, &a->spice, &a->console->diag);

  a->got_s = a->spice.transient_s;
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
  json_object_set_new(entry, "warnings",
                      json_integer((json_int_t)a->spice.warnings));
  json_array_append_new(a->console->results, entry);
}

/* what a reader may do about something in a sequence */
static void tell_where(const struct agreement *a, size_t sequence, char *where,
                       size_t size)
{
  if (sequence == (size_t)a->opt->sequence)
    snprintf(where, size, "the deck is kept in %.300s", a->opt->output);
  else
    snprintf(where, size, "--sequence %zu writes the deck of that one",
             sequence);
}

static qn_status judge_warnings(const struct agreement *a)
{
  char where[400];

  if (!a->spice.warnings)
    return QN_OK;
  tell_where(a, picked(a, a->spice.warned), where, sizeof where);
  return qn_diag_set(&a->console->diag, QN_ETOOL, a->who, NULL,
                     "it ran, and warned: '%.160s'; %s", a->spice.warning,
                     where);
}

static qn_status tell_verified(const struct agreement *a)
{
  qn_found found = find(a, picked);
  char what[64], where[400];
  qn_status st;

  snprintf(what, sizeof what, "ngspice on %zu sequence%s", a->data->sequences,
           qn_plural(a->data->sequences));
  tell_speed(a);
  qn_found_tell(&found, what, a->console);
  record_verified(a, qn_found_json(&found));
  tell_where(a, qn_found_worst(&found).sequence, where, sizeof where);
  st = qn_found_judge(&found, a->who, where, &a->console->diag);
  return st ? st : judge_warnings(a);
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
  qn_found found = find(a, asked_for);
  json_t *entry = qn_found_json(&found);
  char where[240] = "was it the same chip, die, data and sequence?";

  json_object_set_new(entry, "file", json_string(a->who));
  json_object_set_new(entry, "points",
                      json_integer((json_int_t)report->points));
  json_object_set_new(entry, "apart_samples", qn_json_number(report->apart));
  json_array_append_new(a->console->results, entry);
  qn_found_tell(&found, a->who, a->console);
  if (report->apart > coarse)
    snprintf(where, sizeof where,
             "its points are up to %.2g of a sample from where a sample ends, "
             "step %zu: a smaller maximum step may bring them together",
             report->apart, report->apart_row);
  return qn_found_judge(&found, a->who, where, &a->console->diag);
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
  if (!st && !report.states)
    forget_memristors(&a);
  if (!st)
    st = run_ours(&a);
  if (!st)
    st = tell_checked(&a, &report);
  close_agreement(&a);
  return st;
}
