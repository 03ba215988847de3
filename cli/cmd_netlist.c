/* cmd_netlist.c - a network's chip as a SPICE deck. */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/load.h"
#include <quench/metric.h>
#include <quench/netlist.h>
#include <quench/realisation.h>
#include <quench/text.h>

enum { VERIFIED_SEQUENCES = 3, REST_STEPS = 10 };

static qn_status check_options(const qn_cli_options *opt, qn_console *console)
{
  if (opt->dialect && strcmp(opt->dialect, "ngspice"))
    return qn_diag_set(&console->diag, QN_EINVAL, "--dialect", opt->dialect,
                       "no such dialect; there is: ngspice");
  if (!opt->verify && (opt->sequence || opt->sequences))
    return qn_diag_set(&console->diag, QN_EINVAL,
                       opt->sequence ? "--sequence" : "--sequences", NULL,
                       "no data to take it from: expected --verify DATA");
  return QN_OK;
}

/* ---- verification ------------------------------------------------------------------ */

/* analog on all of the dataset, for the swing; spice on n sequences of it */
static qn_status run_both(const qn_network *net, const qn_dataset *data,
                          size_t n, const qn_settings *settings,
                          qn_trace **analog, qn_trace **spice,
                          qn_console *console)
{
  const qn_realisation *on_analog = qn_realisation_find("analog");
  const qn_realisation *on_spice = qn_realisation_find("spice");
  qn_dataset *some;
  qn_report report;
  qn_status st =
    qn_realise(on_analog, net, data, settings, analog, &report, &console->diag);

  if (st)
    return st;
  st = qn_dataset_pick(&some, data, n);
  if (!st)
    st =
      qn_realise(on_spice, net, some, settings, spice, &report, &console->diag);
  qn_dataset_free(some);
  return st;
}

static qn_status tell_difference(const qn_trace *analog, const qn_trace *spice,
                                 qn_console *console)
{
  const qn_twin *twin = &qn_realisation_find("spice")->twin;
  double *swing = malloc(analog->units * sizeof *swing);
  qn_difference d;
  qn_trace *same;

  if (!swing || qn_trace_pick(&same, analog, spice->sequences)) {
    free(swing);
    return qn_diag_out_of_memory(&console->diag);
  }
  qn_swing_of(analog, swing);
  d = qn_difference_of(spice, same, swing);
  qn_trace_free(same);
  free(swing);
  qn_console_say(console,
                 "ngspice on %zu sequence%s against analog: worst %.3g %% of "
                 "the swing (neuron %zu), rms %.3g %%\n",
                 spice->sequences, qn_plural(spice->sequences), d.worst_percent,
                 d.worst_neuron, d.rms_percent);
  json_array_append_new(console->results,
                        json_pack("{s:I, s:o, s:o, s:I}", "verified_sequences",
                                  (json_int_t)spice->sequences, "worst_percent",
                                  qn_json_number(d.worst_percent),
                                  "rms_percent", qn_json_number(d.rms_percent),
                                  "worst_neuron", (json_int_t)d.worst_neuron));
  if (qn_twin_holds(twin, &d))
    return QN_OK;
  return qn_diag_set(&console->diag, QN_EMISMATCH, "ngspice", NULL,
                     "membranes differ from analog by %.3g %% of the swing, "
                     "more than %g %%",
                     d.worst_percent, twin->limit_percent);
}

static qn_status verify(const qn_cli_options *opt, const qn_network *net,
                        const qn_dataset *data, const qn_settings *settings,
                        qn_console *console)
{
  qn_trace *analog = NULL, *spice = NULL;
  size_t n = opt->sequences ? (size_t)opt->sequences : VERIFIED_SEQUENCES;
  qn_status st = run_both(net, data, n < data->sequences ? n : data->sequences,
                          settings, &analog, &spice, console);

  if (!st)
    st = tell_difference(analog, spice, console);
  qn_trace_free(analog);
  qn_trace_free(spice);
  return st;
}

/* ---- writing ------------------------------------------------------------------------- */

static qn_status write_deck(const qn_cli_options *opt, const qn_network *net,
                            const qn_dataset *data, qn_console *console)
{
  qn_chip *chip;
  qn_status st = qn_load_chip(&chip, net, opt, console);

  if (st)
    return st;
  if ((size_t)opt->sequence >= data->sequences)
    st = qn_diag_set(&console->diag, QN_EINVAL, data->path, NULL,
                     "no sequence %ld: it has %zu", opt->sequence,
                     data->sequences);
  if (!st)
    st = qn_netlist_write(chip, net, data, (size_t)opt->sequence, NULL,
                          opt->output, &console->diag);
  if (!st)
    qn_console_say(
      console, "%s: %s on %s, %zu membranes, %zu memristors, %zu gates\n",
      opt->output, net->name, chip->technology.name, chip->units,
      chip->memristors, chip->recurrent.count + chip->sensory.count);
  if (!st)
    json_array_append_new(
      console->results,
      json_pack("{s:s, s:s, s:I, s:I, s:I}", "folder", opt->output,
                "technology", chip->technology.name, "membranes",
                (json_int_t)chip->units, "memristors",
                (json_int_t)chip->memristors, "gates",
                (json_int_t)(chip->recurrent.count + chip->sensory.count)));
  qn_chip_free(chip);
  return st;
}

/* without data the drivers rest: every input zero */
static qn_status rest(const qn_network *net, qn_dataset **out,
                      qn_console *console)
{
  qn_dataset *d = calloc(1, sizeof *d);

  *out = d;
  if (d) {
    d->path = qn_text_format("inputs at zero");
    d->sequences = 1;
    d->rows = REST_STEPS;
    d->features = net->inputs;
    d->first = calloc(2, sizeof *d->first);
    d->inputs = calloc(d->rows * d->features, sizeof *d->inputs);
  }
  if (!d || !d->path || !d->first || !d->inputs)
    return qn_diag_out_of_memory(&console->diag);
  d->first[1] = d->rows;
  return QN_OK;
}

static qn_status netlist(const qn_cli_options *opt, const qn_network *net,
                         qn_console *console)
{
  qn_settings settings = qn_load_settings(opt, "ideal", console);
  qn_cli_options whole = *opt; /* the swing is of all of DATA */
  qn_dataset *data = NULL;
  qn_status st;

  whole.sequences = 0;
  if (opt->verify)
    st = qn_load_dataset(&data, net, opt->verify, &whole, console);
  else
    st = rest(net, &data, console);
  if (!st)
    st = write_deck(opt, net, data, console);
  if (!st && opt->verify)
    st = verify(opt, net, data, &settings, console);
  qn_dataset_free(data);
  return st;
}

static qn_status run(const qn_cli_options *opt, qn_console *console)
{
  qn_network *net;
  qn_status st = check_options(opt, console);

  if (!st)
    st = qn_load_network(&net, opt, console);
  if (st)
    return st;
  st = netlist(opt, net, console);
  qn_network_free(net);
  return st;
}

static const char *const options[] = {
  "technology", "die",    "seed",        "dialect",  "sequences",
  "output",     "verify", "raw",         "sequence", "tolerance",
  "jobs",       "prefer", "extrapolate", NULL};

const qn_command qn_command_netlist = {
  .name = "netlist",
  .arguments = "NET",
  .count = 1,
  .summary = "The chip as a SPICE deck that runs as it stands",
  .details =
    "-o names the folder. The deck's inputs are zero for ten samples; with\n"
    "--verify DATA they are sequence --sequence of DATA, and ngspice is run on "
    "3\n"
    "of its sequences (or --sequences) and compared with analog; exit status "
    "3:\n"
    "they differ by more than 1e-4 of the swing.",
  .required = "output",
  .options = options,
  .run = run,
};
