/* on_analog.c - the network as a memristive chip on CVODE. */
#include <stdlib.h>

#include "realisations/mapped.h"
#include "realisations/records.h"
#include <quench/ode.h>

/* along the trajectories: heat in memristors, and bias for as long as they take */
static void report_energy(const struct mapped *m, const qn_dataset *data,
                          const qn_ode_report *r, qn_report *report)
{
  qn_chip_cost cost = qn_chip_estimate(m->chip);
  double rows = (double)data->rows, seconds = 0, heat = 0;

  for (size_t row = 0; row < data->rows; row++)
    seconds += qn_dataset_span(data, row) * m->chip->seconds_per_unit;
  for (int i = 0; i < QN_HEATS; i++)
    heat += r->heat_j[i];
  qn_report_add(report, "energy_per_step_j",
                (heat + cost.bias_power_w * seconds) / rows);
  qn_report_add(report, "bias_energy_per_step_j",
                cost.bias_power_w * seconds / rows);
  qn_report_add(report, "recurrent_energy_per_step_j",
                r->heat_j[QN_HEAT_RECURRENT] / rows);
  qn_report_add(report, "sensory_energy_per_step_j",
                r->heat_j[QN_HEAT_SENSORY] / rows);
  qn_report_add(report, "leak_energy_per_step_j",
                r->heat_j[QN_HEAT_LEAK] / rows);
  qn_report_add(report, "area_m2", cost.area_m2);
}

static qn_status run(void *instance, const qn_dataset *data, qn_trace *out,
                     qn_report *report, qn_diag *diag)
{
  const struct mapped *m = instance;
  qn_ode_options opt = qn_ode_options_default;
  qn_ode_report r = {0};
  qn_status st;

  opt.heat = QN_WITH_HEAT;
  opt.workers = m->settings.workers;
  opt.progress = m->settings.progress;
  if (m->settings.tolerance > 0)
    opt.tolerance = m->settings.tolerance;
  st = qn_chip_run(m->chip, m->net, data, &opt, out, &r, diag);
  qn_report_add(report, "tolerance", opt.tolerance);
  qn_report_add(report, "solver_steps_per_step",
                (double)r.steps / (double)data->rows);
  report_energy(m, data, &r, report);
  qn_report_add(report, "clipped_elements", (double)m->chip->clips);
  qn_report_add(report, "clipped_inputs", (double)r.clipped_inputs);
  qn_mapped_note_clips(m, r.clipped_inputs, report);
  return st;
}

const qn_realisation qn_realisation_analog = {
  .name = "analog",
  .title = "the memristive chip on CVODE",
  .takes = QN_TAKES_CIRCUIT,
  .takes_technology = 1,
  .twin = {.realisation = "ode",
           .technology = "ideal",
           .limit_percent = -1,
           .limit = 2e-6},
  .cost = "energy_per_step_j",
  .open = qn_mapped_open,
  .run = run,
  .close = qn_mapped_close,
};
