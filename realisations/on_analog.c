/* on_analog.c - the network as a memristive chip. */
#include <stdlib.h>

#include "realisations/mapped.h"
#include "realisations/records.h"
#include <quench/life.h>

/* along the trajectories: heat in memristors, bias of gates, amplifiers and both
 * ends for as long as they take, and what cells switch every sample */
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
                (heat + cost.bias_power_w * seconds) / rows + cost.switching_j);
  if (cost.switching_j > 0)
    qn_report_add(report, "switching_energy_per_step_j", cost.switching_j);
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

/* what reading did to the memristors: in a life before, and in this run */
static void report_movement(const qn_life_report *life, const qn_ode_report *r,
                            double inferences, qn_report *report)
{
  if (inferences > 0) {
    qn_report_add(report, "inferences_before", inferences);
    qn_report_add(report, "life_moved_worst_percent", 100 * life->moved_worst);
    qn_report_add(report, "life_conductance_rms_percent",
                  100 * life->conductance_rms);
    qn_report_add(report, "life_conductance_worst_percent",
                  100 * life->conductance_worst);
    qn_report_note(report,
                   "after %g inferences conductances are off by rms %.3g %%, "
                   "worst %.3g %%; states moved by at most %.3g %% of their "
                   "range",
                   inferences, 100 * life->conductance_rms,
                   100 * life->conductance_worst, 100 * life->moved_worst);
  }
  if (r->moved_worst > 0)
    qn_report_add(report, "moved_worst_percent", 100 * r->moved_worst);
}

static void report_run(const struct mapped *m, const qn_dataset *data,
                       const qn_ode_report *r, double tolerance,
                       qn_report *report)
{
  qn_report_add(report, "tolerance", tolerance);
  qn_report_add(report, "solver_steps_per_step",
                (double)r->steps / (double)data->rows);
  report_energy(m, data, r, report);
  qn_report_add(report, "clipped_elements", (double)m->chip->clips);
  qn_report_add(report, "clipped_inputs", (double)r->clipped_inputs);
  qn_report_add(report, "clipped_outputs", (double)r->clipped_outputs);
  qn_mapped_note_clips(m, r->clipped_inputs, r->clipped_outputs, report);
}

static qn_status run(void *instance, const qn_dataset *data, qn_trace *out,
                     qn_report *report, qn_diag *diag)
{
  const struct mapped *m = instance;
  double inferences = m->settings.inferences;
  qn_ode_options opt = qn_ode_options_default;
  qn_ode_report r = {0};
  qn_life_report life = {0};
  qn_chip *old = NULL;
  qn_status st = QN_OK;

  opt.heat = QN_WITH_HEAT;
  opt.workers = m->settings.workers;
  opt.progress = m->settings.progress;
  if (m->settings.tolerance > 0)
    opt.tolerance = m->settings.tolerance;
  if (inferences > 0)
    st =
      qn_chip_age(&old, m->chip, m->net, data, inferences, &opt, &life, diag);
  if (!st)
    st = qn_chip_run(old ? old : m->chip, m->net, data, &opt, out, &r, diag);
  report_run(m, data, &r, opt.tolerance, report);
  report_movement(&life, &r, inferences, report);
  qn_chip_free(old);
  return st;
}

const qn_realisation qn_realisation_analog = {
  .name = "analog",
  .title = "the memristive chip, its currents integrated in SI units",
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
