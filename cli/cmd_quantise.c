/* cmd_quantise.c - a network in fixed point: layout, proof, measured error. */
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/load.h"
#include <quench/golden.h>
#include <quench/metric.h>
#include <quench/quantise.h>
#include <quench/reference.h>

static qn_status tell_layout(const qn_core *core, qn_console *console)
{
  qn_text text;

  qn_text_init(&text);
  qn_core_describe(core, &text);
  qn_console_say(console, "%s", text.data);
  qn_text_release(&text);
  return QN_OK;
}

/* what a person asks next: is it good enough */
static qn_status tell_error(const qn_network *net, const qn_dataset *data,
                            const qn_trace *fixed, const qn_trace *reference,
                            const qn_core *core, qn_console *console)
{
  double *swing = malloc(net->units * sizeof *swing);
  qn_metric got = qn_metric_of(fixed, data);
  qn_metric want = qn_metric_of(reference, data);
  qn_difference d;
  json_t *entry;

  if (!swing)
    return qn_diag_out_of_memory(&console->diag);
  qn_swing_of(reference, swing);
  d = qn_difference_of(fixed, reference, swing);
  free(swing);
  qn_console_say(console,
                 "\nmeasured on %zu sequence%s against reference (not a "
                 "bound)\n  states      worst %.3g, rms %.3g\n",
                 data->sequences, qn_plural(data->sequences), d.worst, d.rms);
  if (got.name)
    qn_console_say(console, "  %-11s %.4f, reference %.4f\n", got.name,
                   got.value, want.value);
  entry = json_pack("{s:i, s:i, s:s, s:f, s:f}", "bits", (int)core->width,
                    "cycles_per_step", (int)core->cycles, "layout_hash",
                    core->layout_hash, "worst", d.worst, "rms", d.rms);
  if (got.name) {
    json_object_set_new(entry, got.name, qn_json_number(got.value));
    json_object_set_new(entry, "reference_metric", qn_json_number(want.value));
  }
  json_array_append_new(console->results, entry);
  return QN_OK;
}

static qn_status measure(const qn_network *net, const qn_dataset *data,
                         const qn_core *core, const qn_settings *settings,
                         qn_console *console)
{
  qn_trace *fixed = NULL, *reference = NULL;
  qn_golden_report report = {0};
  qn_status st = QN_OK;

  if (qn_trace_alloc(&fixed, net, data) ||
      qn_trace_alloc(&reference, net, data) ||
      qn_reference_run(net, data, 0, settings->workers, NULL, reference))
    st = qn_diag_out_of_memory(&console->diag);
  if (!st)
    st = qn_golden_run(core, data, settings->workers, settings->progress, fixed,
                       &report, &console->diag);
  if (!st)
    st = tell_error(net, data, fixed, reference, core, console);
  if (!st && report.clipped_inputs)
    qn_console_note(console,
                    "%zu inputs were beyond their feature's range and were "
                    "clipped",
                    report.clipped_inputs);
  if (!st && report.saturated)
    qn_console_note(console, "a sum or quotient saturated");
  qn_trace_free(fixed);
  qn_trace_free(reference);
  return st;
}

static qn_status quantise(const qn_cli_options *opt, const qn_network *net,
                          qn_console *console)
{
  qn_settings settings = qn_load_settings(opt, NULL, console);
  qn_dataset *data;
  qn_core *core;
  qn_status st = qn_load_dataset(&data, net, opt->argument[1], opt, console);

  if (st)
    return st;
  st = qn_load_core(&core, net, data, opt, console);
  if (!st)
    st = tell_layout(core, console);
  if (!st)
    st = measure(net, data, core, &settings, console);
  qn_core_free(core);
  qn_dataset_free(data);
  return st;
}

static qn_status run(const qn_cli_options *opt, qn_console *console)
{
  qn_network *net;
  qn_status st = qn_load_network(&net, opt, console);

  if (st)
    return st;
  st = quantise(opt, net, console);
  qn_network_free(net);
  return st;
}

static const char *const options[] = {"raw", "sequences", "bits", "jobs", NULL};

const qn_command qn_command_quantise = {
  .name = "quantise",
  .arguments = "NET DATA",
  .count = 2,
  .summary = "The core's formats with their proof, and its error on data",
  .options = options,
  .run = run,
};
