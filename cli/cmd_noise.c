/* cmd_noise.c - a chip's noise along its trajectory, without sampling. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/device_plot.h"
#include "cli/load.h"
#include "cli/noise_report.h"
#include "cli/noise_versus.h"
#include "cli/page.h"

/* ---- files -------------------------------------------------------------------- */

static const char chart[] =
  "stats 'data.csv' skip 1 nooutput\n"
  "columns = STATS_columns\n"
  "set multiplot layout 2,1 margins 0.12,0.96,0.12,0.92 spacing 0.08\n"
  "set title heading noenhanced; set format x ''; set key bottom right opaque\n"
  "set ylabel 'output'\n"
  "plot 'data.csv' skip 1 using 1:($2 - 2 * $3):($2 + 2 * $3) with "
  "filledcurves fillcolor rgb '#b3d4e8' title 'two deviations', "
  "'' skip 1 using 1:2 linestyle 1 title 'without noise'\n"
  "unset title; set format x '%g'; unset key\n"
  "set xlabel 'step'; set ylabel 'deviation of membranes (model units)'\n"
  "plot for [c = 4:columns] 'data.csv' skip 1 using 1:c linewidth 1\n"
  "unset multiplot\n";

static int is_picture(const char *path)
{
  const char *dot = strrchr(path, '.');

  return dot && (!strcmp(dot, ".png") || !strcmp(dot, ".svg"));
}

static qn_status check_output(const char *path, qn_diag *diag)
{
  return is_picture(path) ? qn_device_plot_check(path, diag)
                          : qn_trace_check_path(path, diag);
}

/* the sequence of the worst row: an output, its deviation, the membranes' */
static void add_rows(qn_text *csv, const qn_noise_report *r)
{
  const qn_noise *n = r->by_kind;
  size_t first = r->data->first[r->worst_sequence], m = n->outputs;

  qn_text_add(csv, "step,output,deviation");
  for (size_t j = 0; j < n->units; j++)
    qn_text_add(csv, ",v%zu", j);
  for (size_t row = first; row < r->data->first[r->worst_sequence + 1]; row++) {
    qn_text_add(csv, "\n%zu,%.9g,%.9g", row - first,
                n->trace->output[row * m + r->output],
                sqrt(n->covariance[(row * m + r->output) * m + r->output]));
    for (size_t j = 0; j < n->units; j++)
      qn_text_add(csv, ",%.9g", n->state_sd[row * n->units + j]);
  }
  qn_text_add(csv, "\n");
}

static qn_status draw(const qn_noise_report *r, const char *path,
                      qn_console *console)
{
  char title[256];
  const qn_device_plot plot = {chart, title, 900, 640};
  qn_text csv, safe;
  qn_status st;

  qn_text_init(&csv);
  qn_text_init(&safe);
  qn_text_add_safe(&safe, r->net->output_names[r->output], "\"\\'");
  snprintf(title, sizeof title, "%.80s of %.80s on %.60s, sequence %zu",
           safe.data, r->chip->name, r->chip->technology.name,
           r->worst_sequence);
  add_rows(&csv, r);
  st =
    qn_device_plot_write(path, &csv, &plot, &console->progress, &console->diag);
  qn_text_release(&csv);
  qn_text_release(&safe);
  return st;
}

/* deviations in the columns of a run's outputs and states */
static qn_status write_deviations(const qn_noise_report *r, const char *path,
                                  qn_console *console)
{
  const qn_noise *n = r->by_kind;
  qn_trace *trace;
  qn_status st = qn_trace_alloc(&trace, r->net, r->data);

  if (st)
    return qn_diag_out_of_memory(&console->diag);
  for (size_t i = 0; i < n->rows * n->outputs; i++) {
    size_t row = i / n->outputs, k = i % n->outputs;

    trace->output[i] =
      sqrt(n->covariance[(row * n->outputs + k) * n->outputs + k]);
  }
  memcpy(trace->state, n->state_sd, n->rows * n->units * sizeof *trace->state);
  st = qn_trace_write(trace, r->net, path, QN_TRACE_OUTPUTS | QN_TRACE_STATES,
                      &console->diag);
  qn_trace_free(trace);
  return st;
}

/* ---- runs --------------------------------------------------------------------- */

static qn_noise_options options_of(const qn_cli_options *opt,
                                   const qn_console *console)
{
  qn_ode_options ode = qn_load_ode_options(opt, console);
  qn_noise_options o = qn_noise_options_default;

  if (opt->tolerance > 0)
    o.tolerance = opt->tolerance;
  o.workers = ode.workers;
  o.progress = ode.progress;
  return o;
}

/* one sequence of data up to a row, borrowed */
static qn_dataset up_to(const qn_dataset *data, size_t sequence, size_t row,
                        size_t first[2])
{
  qn_dataset part = *data;
  size_t from = data->first[sequence];

  first[0] = 0;
  first[1] = row + 1 - from;
  part.sequences = 1;
  part.rows = first[1];
  part.first = first;
  part.inputs += from * data->features;
  part.timespans = data->timespans ? data->timespans + from : NULL;
  return part;
}

static qn_status run_neurons(qn_noise_report *r, qn_noise **out,
                             qn_noise_options how, qn_console *console)
{
  size_t first[2];
  qn_dataset part = up_to(r->data, r->worst_sequence, r->worst_row, first);

  how.split = QN_NOISE_BY_NEURON;
  return qn_noise_run(out, r->chip, r->net, &part, &how, &console->diag);
}

static qn_status tell(qn_noise_report *r, const qn_cli_options *opt,
                      qn_console *console)
{
  json_t *entry = json_object();
  qn_status st = QN_OK;

  qn_noise_report_tell(r, console, entry);
  json_array_append_new(console->results, entry);
  if (opt->output)
    st = is_picture(opt->output) ? draw(r, opt->output, console)
                                 : write_deviations(r, opt->output, console);
  if (!st && opt->output)
    qn_page_say(console, "written", "%s", opt->output);
  return st;
}

static qn_status run_chip(const qn_cli_options *opt, const qn_network *net,
                          const qn_dataset *data, const qn_chip *chip,
                          qn_console *console)
{
  qn_noise_options how = options_of(opt, console);
  qn_noise_report r = {.chip = chip, .net = net, .data = data};
  qn_noise *kinds, *neurons = NULL;
  qn_status st;

  how.split = QN_NOISE_BY_KIND;
  st = qn_noise_run(&kinds, chip, net, data, &how, &console->diag);
  if (st)
    return st;
  r.by_kind = kinds;
  qn_noise_report_worst(&r);
  st = run_neurons(&r, &neurons, how, console);
  r.by_neuron = neurons;
  if (!st)
    st = tell(&r, opt, console);
  qn_noise_free(neurons);
  qn_noise_free(kinds);
  return st;
}

static qn_status run_data(const qn_cli_options *opt, const qn_network *net,
                          qn_console *console)
{
  qn_dataset *data;
  qn_chip *chip;
  qn_status st = qn_load_dataset(&data, net, opt->argument[1], opt, console);

  if (st)
    return st;
  if (opt->versus) {
    st = qn_noise_versus_capacitance(net, data, opt, console);
  } else {
    st = qn_load_chip(&chip, net, opt, console);
    if (!st)
      st = run_chip(opt, net, data, chip, console);
    qn_chip_free(chip);
  }
  qn_dataset_free(data);
  return st;
}

static qn_status check_options(const qn_cli_options *opt, qn_console *console)
{
  if (opt->versus && strcmp(opt->versus, "capacitance"))
    return qn_diag_set(&console->diag, QN_EINVAL, "--versus", opt->versus,
                       "no such sweep; there is: capacitance");
  if (opt->output && !opt->versus)
    return check_output(opt->output, &console->diag);
  return QN_OK;
}

static qn_status run(const qn_cli_options *opt, qn_console *console)
{
  qn_network *net;
  qn_status st = check_options(opt, console);

  if (!st)
    st = qn_load_network(&net, opt, console);
  if (st)
    return st;
  st = run_data(opt, net, console);
  qn_network_free(net);
  return st;
}

static const char *const options[] = {
  "raw",       "technology", "die",    "seed",        "output", "sequences",
  "tolerance", "jobs",       "prefer", "extrapolate", "versus", NULL};

const qn_command qn_command_noise = {
  .name = "noise",
  .arguments = "NET DATA",
  .count = 2,
  .summary = "Noise of a chip along its run: deviations, sources, decisions",
  .details =
    "The covariance of all membranes along the trajectory, in one run, without "
    "sampling\n(docs/noise.md). -o writes the deviation of every output and "
    "membrane at every step to\nFILE.csv or FILE.safetensors, or a picture of "
    "the worst sequence to FILE.svg or .png where\ngnuplot is. --versus "
    "capacitance sweeps capacitor.max_f from 1/16 to 16 times the\n"
    "technology's; its -o is .csv, .svg or .png. --tolerance is 1e-6 here.",
  .required = "technology",
  .options = options,
  .run = run,
};
