/* on_analog.c - the network as a memristive chip. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "realisations/mapped.h"
#include "realisations/records.h"
#include <quench/life.h>
#include <quench/noise_path.h>

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

/* what the twin may differ by is too little for them */
static void note_wires(const qn_chip *chip, qn_report *report)
{
  size_t fastest;
  double lag = 100 * qn_chip_wire_lag(chip, &fastest);

  if (lag > qn_realisation_spice.twin.limit_percent)
    qn_report_note(report,
                   "wires take %.3g %% of neuron %zu's shortest time constant "
                   "to settle, here no time: states are off by up to that part "
                   "of a swing",
                   lag, fastest);
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
  note_wires(m->chip, report);
}

/* ---- sample paths ----------------------------------------------------------------- */

/* what paths do to the metric; `regression` has another name for it */
static void report_metric(const qn_paths *p, qn_report *report)
{
  int rmse = !strcmp(p->quiet_metric.name, "rmse");
  double mean = 0, square = 0;

  qn_report_add(report, rmse ? "rmse_without_noise" : "accuracy_without_noise",
                p->quiet_metric.value);
  for (size_t k = 0; k < p->paths; k++)
    mean += p->metric[k] / (double)p->paths;
  for (size_t k = 0; k < p->paths; k++)
    square += (p->metric[k] - mean) * (p->metric[k] - mean);
  if (p->paths == 1)
    return;
  qn_report_add(report, rmse ? "rmse_mean" : "accuracy_mean", mean);
  qn_report_add(report, rmse ? "rmse_sd" : "accuracy_sd",
                sqrt(square / (double)(p->paths - 1)));
}

/* of the decisions that the metric counts */
static void report_flips(const qn_paths *p, const qn_dataset *data,
                         qn_report *report)
{
  double sum = 0, count = 0;

  for (size_t s = 0; s < data->sequences; s++) {
    size_t row = data->task == QN_TASK_BINARY_LAST
                   ? data->first[s + 1] - 1
                   : data->first[s] + data->warmup_steps;

    for (; row < data->first[s + 1]; row++, count++)
      sum += p->flipped[row];
  }
  qn_report_add(report, "decisions_flipped_percent", 100 * sum / count);
}

/* deviations of states over the paths, or of one from the run without noise,
 * in % of each neuron's swing */
static void report_states(const qn_paths *p, const double *swing,
                          qn_report *report)
{
  double square = 0, worst = 0;

  for (size_t i = 0; i < p->rows * p->units; i++) {
    double off = p->paths > 1 ? p->state_sd[i]
                              : fabs(p->first->state[i] - p->quiet->state[i]);

    off *= 100 / swing[i % p->units];
    square += off * off;
    worst = fmax(worst, off);
  }
  qn_report_add(report, "noise_rms_percent",
                sqrt(square / (double)(p->rows * p->units)));
  qn_report_add(report, "noise_worst_percent", worst);
}

static qn_status report_paths(const qn_paths *p, const qn_dataset *data,
                              qn_report *report, qn_diag *diag)
{
  double *swing = malloc(p->units * sizeof *swing);

  if (!swing)
    return qn_diag_out_of_memory(diag);
  qn_swing_of(p->quiet, swing);
  qn_report_add(report, "paths", (double)p->paths);
  qn_report_add(report, "path_steps_per_step",
                (double)p->steps / (double)p->rows);
  report_states(p, swing, report);
  if (p->metric)
    report_metric(p, report);
  if (p->flipped)
    report_flips(p, data, report);
  free(swing);
  return QN_OK;
}

/* out, the run without noise, becomes the first path */
static qn_status run_paths(const struct mapped *m, const qn_chip *chip,
                           const qn_dataset *data, qn_trace *out,
                           qn_report *report, qn_diag *diag)
{
  const qn_settings *s = &m->settings;
  qn_path_options opt = qn_path_options_default;
  qn_paths *p;
  qn_status st;

  opt.seed = s->seed;
  opt.die = s->die ? s->die->number : 0;
  opt.paths = s->paths;
  opt.workers = s->workers;
  opt.progress = s->progress;
  st = qn_noise_paths_run(&p, chip, m->net, data, &opt, diag);
  if (st)
    return st;
  memcpy(out->state, p->first->state,
         out->rows * out->units * sizeof *out->state);
  memcpy(out->output, p->first->output,
         out->rows * out->outputs * sizeof *out->output);
  st = report_paths(p, data, report, diag);
  qn_paths_free(p);
  return st;
}

/* ---- the whole --------------------------------------------------------------------- */

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
  if (!st && m->settings.paths)
    st = run_paths(m, old ? old : m->chip, data, out, report, diag);
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
  .takes_noise = 1,
  .twin = {.realisation = "ode",
           .technology = "ideal",
           .limit_percent = -1,
           .limit = 2e-6},
  .cost = "energy_per_step_j",
  .open = qn_mapped_open,
  .run = run,
  .close = qn_mapped_close,
};
