/* load.c - networks, datasets and settings from the command line. */
#include "cli/load.h"

#include <math.h>

#include <quench/parallel.h>
#include <quench/quantise.h>

qn_status qn_load_network(qn_network **net, const qn_cli_options *opt,
                          qn_console *console)
{
  qn_status st = qn_network_read(net, opt->argument[0], &console->diag);

  if (!st)
    qn_console_network(console, *net);
  return st;
}

/* Networks that carry a mean and deviation were trained on inputs around 0, of
 * size 1. Data that are far from that have a wrong scale. */
static void note_scale(const qn_dataset *data, const qn_network *net, int raw,
                       qn_console *console)
{
  enum { FAR = 20 };

  for (size_t k = 0; net->input_mean && k < data->features; k++) {
    double sum = 0;

    for (size_t i = 0; i < data->rows; i++)
      sum += data->inputs[i * data->features + k];
    if (fabs(sum) <= FAR * (double)data->rows)
      continue;
    qn_console_note(console,
                    raw ? "--raw makes the mean of %s %.3g, where the network "
                          "was trained around 0: are the data scaled already?"
                        : "the mean of %s is %.3g, where the network was "
                          "trained around 0: are the data in their own units, "
                          "for --raw?",
                    net->input_names[k], sum / (double)data->rows);
    return;
  }
}

qn_status qn_load_dataset(qn_dataset **data, const qn_network *net,
                          const char *path, const qn_cli_options *opt,
                          qn_console *console)
{
  qn_dataset *all;
  qn_status st = qn_dataset_read(
    &all, path, net, opt->raw ? QN_INPUT_RAW : QN_INPUT_AS_IS, &console->diag);

  *data = all;
  if (!st)
    note_scale(all, net, opt->raw, console);
  if (st || opt->sequences == 0 || (size_t)opt->sequences >= all->sequences)
    return st;
  st = qn_dataset_pick(data, all, (size_t)opt->sequences);
  qn_dataset_free(all);
  return st;
}

qn_settings qn_load_settings(const qn_cli_options *opt, const char *technology,
                             const qn_console *console)
{
  return (qn_settings){
    .technology = opt->technology ? opt->technology : technology,
    .die = opt->die < 0 ? NULL : &opt->drawn,
    .tolerance = opt->tolerance,
    .inferences = opt->inferences,
    .paths = !opt->noise  ? 0
             : opt->paths ? (size_t)opt->paths
                          : 1,
    .seed = (uint64_t)opt->seed,
    .unfolds = (unsigned)opt->unfolds,
    .width = (unsigned)opt->bits,
    .workers = opt->jobs ? (unsigned)opt->jobs : qn_parallel_cores(),
    .progress = &console->progress,
  };
}

qn_status qn_load_check_noise(const qn_cli_options *opt,
                              const qn_realisation *on, qn_console *console)
{
  if (opt->paths && !opt->noise)
    return qn_diag_set(&console->diag, QN_EINVAL, "--paths", NULL,
                       "paths differ by noise: expected --noise beside it");
  if (opt->noise && on && !on->takes_noise)
    return qn_diag_set(&console->diag, QN_EINVAL, "--noise", on->name,
                       "only a chip in motion is noisy: expected --on analog");
  return QN_OK;
}

qn_ode_options qn_load_ode_options(const qn_cli_options *opt,
                                   const qn_console *console)
{
  qn_ode_options ode = qn_ode_options_default;

  if (opt->tolerance > 0)
    ode.tolerance = opt->tolerance;
  ode.workers = opt->jobs ? (unsigned)opt->jobs : qn_parallel_cores();
  ode.progress = &console->progress;
  return ode;
}

qn_status qn_load_chip(qn_chip **chip, const qn_network *net,
                       const qn_cli_options *opt, qn_console *console)
{
  return qn_chip_open(chip, net, opt->technology ? opt->technology : "ideal",
                      opt->die < 0 ? NULL : &opt->drawn, &console->diag);
}

void qn_load_note_wires(const qn_chip *chip, qn_console *console)
{
  double limit = qn_realisation_find("spice")->twin.limit_percent;
  size_t fastest;
  double lag = 100 * qn_chip_wire_lag(chip, &fastest);
  char delay[32];

  if (lag > limit)
    qn_console_note(console,
                    "wires settle in %s, %.3g %% of neuron %zu's shortest "
                    "time constant: analog, whose wires settle at once, may "
                    "differ from a deck by up to that part of a swing",
                    qn_si_text(qn_chip_wire_delay(chip), "s", delay), lag,
                    fastest);
}

qn_status qn_load_core(qn_core **core, const qn_network *net,
                       const qn_dataset *data, const qn_cli_options *opt,
                       qn_console *console)
{
  qn_core_options core_opt = qn_core_options_default;
  double span = data ? qn_dataset_common_span(data) : 0;

  core_opt.width = (unsigned)opt->bits;
  if (span > 0)
    core_opt.span = span;
  return qn_core_quantise(core, net, &core_opt, &console->diag);
}

void qn_load_report(const qn_report *report, const char *name, json_t *entry,
                    qn_console *console)
{
  for (size_t i = 0; i < report->quantities; i++)
    json_object_set_new(entry, report->quantity[i].key,
                        qn_json_number(report->quantity[i].value));
  for (size_t i = 0; i < report->notes; i++)
    qn_console_note(console, "%s: %s", name, report->note[i]);
}
