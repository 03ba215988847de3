/* on_ode.c - the network's continuous equation. */
#include <quench/ode.h>

#include <stdlib.h>

#include "realisations/plain.h"
#include "realisations/records.h"

static void note_capacitances(const qn_network *net, qn_report *report)
{
  size_t zero = 0;

  for (size_t j = 0; j < net->units; j++)
    zero += net->ltc.cm[j] == 0;
  if (zero)
    qn_report_note(report,
                   "%zu neurons have cm = 0: they run with 1e-3 of their "
                   "largest conductance times one model second",
                   zero);
}

static qn_status run(void *instance, const qn_dataset *data, qn_trace *out,
                     qn_report *report, qn_diag *diag)
{
  const struct plain *i = instance;
  qn_ode_options opt = qn_ode_options_default;
  qn_ode_report r = {0};
  qn_status st;

  opt.workers = i->settings.workers;
  opt.progress = i->settings.progress;
  if (i->settings.tolerance > 0)
    opt.tolerance = i->settings.tolerance;
  st = qn_ltc_run(i->net, data, &opt, out, &r, diag);
  qn_report_add(report, "tolerance", opt.tolerance);
  qn_report_add(report, "solver_steps_per_step",
                (double)r.steps / (double)data->rows);
  note_capacitances(i->net, report);
  return st;
}

const qn_realisation qn_realisation_ode = {
  .name = "ode",
  .title = "the continuous equation, inputs held between samples",
  .takes = QN_TAKES_EQUATION,
  .cost = "solver_steps_per_step",
  .open = qn_plain_open,
  .run = run,
  .close = free,
};
