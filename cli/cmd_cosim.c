/* cmd_cosim.c - the Verilog against the C model, bit by bit, and both against
 * the reference. */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/load.h"
#include <quench/cosim.h>
#include <quench/metric.h>
#include <quench/reference.h>

static qn_status find_target(const char *name, const qn_cosim_target **target,
                             qn_console *console)
{
  *target = &qn_cosim_rtl;
  if (!name || !strcmp(name, qn_cosim_rtl.name))
    return QN_OK;
  *target = &qn_cosim_gates;
  if (!strcmp(name, qn_cosim_gates.name))
    return QN_OK;
  return qn_diag_set(&console->diag, QN_EINVAL, "--target", name,
                     "no such target: expected rtl or gates");
}

static void tell(const qn_cosim_report *r, const char *target,
                 qn_console *console)
{
  qn_console_say(console,
                 "%s equals fixed in every bit: %zu step%s, %zu state writes, "
                 "%zu result%s\n"
                 "  cycles      %u a step, %u predicted\n"
                 "  time        %.2f s to build, %.2f s to run\n",
                 target, r->samples, qn_plural(r->samples), r->state_writes,
                 r->results, qn_plural(r->results), r->cycles_measured,
                 r->cycles_predicted, r->build_s, r->run_s);
  json_array_append_new(
    console->results,
    json_pack("{s:s, s:I, s:I, s:I, s:i, s:i, s:f, s:f}", "target", target,
              "steps", (json_int_t)r->samples, "state_writes",
              (json_int_t)r->state_writes, "results", (json_int_t)r->results,
              "cycles_per_step", (int)r->cycles_measured,
              "predicted_cycles_per_step", (int)r->cycles_predicted, "build_s",
              r->build_s, "run_s", r->run_s));
  if (r->clipped_inputs)
    qn_console_note(
      console, "%zu input%s beyond their feature's range and clipped",
      r->clipped_inputs, r->clipped_inputs == 1 ? " was" : "s were");
}

static qn_status tell_error(const qn_network *net, const qn_dataset *data,
                            const qn_trace *got, qn_console *console)
{
  double *swing = malloc(net->units * sizeof *swing);
  qn_trace *reference = NULL;
  qn_status st = QN_OK;

  if (!swing || qn_trace_alloc(&reference, net, data) ||
      qn_reference_run(net, data, 0, 1, NULL, reference)) {
    st = qn_diag_out_of_memory(&console->diag);
  } else {
    qn_metric a = qn_metric_of(got, data), b = qn_metric_of(reference, data);
    qn_difference d;

    qn_swing_of(reference, swing);
    d = qn_difference_of(got, reference, swing);
    qn_console_say(console,
                   "  reference   states off by at most %.3g, rms "
                   "%.3g",
                   d.worst, d.rms);
    if (a.name)
      qn_console_say(console, "; %s %.4f, %.4f there", a.name, a.value,
                     b.value);
    qn_console_say(console, "\n");
  }
  free(swing);
  qn_trace_free(reference);
  return st;
}

static qn_status cosimulate(const qn_cli_options *opt, const qn_network *net,
                            const qn_dataset *data, const qn_core *core,
                            qn_console *console)
{
  qn_settings settings = qn_load_settings(opt, NULL, console);
  qn_cosim_options cosim = qn_cosim_options_default;
  qn_cosim_report report = {0};
  qn_trace *trace;
  qn_status st = find_target(opt->target, &cosim.target, console);

  if (st)
    return st;
  cosim.images = opt->images;
  cosim.seed = (uint32_t)opt->seed;
  cosim.children = settings.workers < QN_COSIM_CHILDREN_MAX
                     ? settings.workers
                     : QN_COSIM_CHILDREN_MAX;
  cosim.progress = settings.progress;
  if (qn_trace_alloc(&trace, net, data))
    return qn_diag_out_of_memory(&console->diag);
  st = qn_cosim_run(core, data, &cosim, trace, &report, &console->diag);
  if (!st) {
    tell(&report, cosim.target->name, console);
    st = tell_error(net, data, trace, console);
  }
  qn_trace_free(trace);
  return st;
}

static qn_status prepare(const qn_cli_options *opt, const qn_network *net,
                         qn_console *console)
{
  qn_dataset *data;
  qn_core *core;
  qn_status st = qn_load_dataset(&data, net, opt->argument[1], opt, console);

  if (st)
    return st;
  st = qn_load_core(&core, net, data, opt, console);
  if (!st)
    st = cosimulate(opt, net, data, core, console);
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
  st = prepare(opt, net, console);
  qn_network_free(net);
  return st;
}

static const char *const options[] = {"raw",  "sequences", "bits", "target",
                                      "seed", "images",    "jobs", NULL};

const qn_command qn_command_cosim = {
  .name = "cosim",
  .arguments = "NET DATA",
  .count = 2,
  .summary = "The Verilog against the C model bit by bit, with random stalls",
  .details = "Every state write, result and cycle count is compared. --images "
             "takes the\n"
             "memories from another folder (of `quench verilog`): a wrong word "
             "shows as\n"
             "the first neuron, step and values that differ, exit status 3.",
  .options = options,
  .run = run,
};
