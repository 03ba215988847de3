/* driven.c - integrate a driven system sample by sample. */
#include "sim/driven.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/parallel.h>

const qn_ode_options qn_ode_options_default = {.tolerance = 1e-9, .workers = 1};

void qn_ramp_at(const qn_ramp *ramp, double t, size_t inputs, double *input)
{
  double part;

  if (t >= ramp->t_end) {
    memcpy(input, ramp->to, inputs * sizeof *input);
    return;
  }
  part = (t - ramp->t_begin) / (ramp->t_end - ramp->t_begin);
  for (size_t k = 0; k < inputs; k++)
    input[k] = ramp->from[k] + part * (ramp->to[k] - ramp->from[k]);
}

void qn_driven_release(qn_driven *driven)
{
  if (driven->model)
    driven->kind->model_free(driven->model);
  driven->model = NULL;
}

struct worker {
  void *workspace;
  qn_system system;
  qn_transient *transient;
  double *x;         /* [n] */
  double *from, *to; /* [inputs] */
  qn_ode_report report;
  qn_diag diag;
};

struct run {
  const qn_driven *driven;
  const qn_network *net;
  const qn_dataset *data;
  const qn_progress *progress;
  qn_trace *out;
  struct worker *worker;
};

/* ---- one sample -------------------------------------------------------------------- */

/* an input step is a discontinuity: a ramp and a hold are integrated apart */
static qn_status hold_sample(const struct run *run, struct worker *w, double t,
                             double length, int first)
{
  const qn_driven *d = run->driven;
  double rise = first ? 0 : d->rise_fraction * length;
  qn_ramp ramp = {w->from, w->to, t, t + rise};
  qn_ramp held = {w->to, w->to, t + rise, t + rise};
  qn_status st = QN_OK;

  if (rise > 0) {
    d->kind->set_inputs(w->workspace, &ramp);
    st = qn_transient_advance(w->transient, t, t + rise, w->x);
  }
  d->kind->set_inputs(w->workspace, &held);
  if (!st)
    st = qn_transient_advance(w->transient, t + rise, t + length, w->x);
  return st;
}

static void record(const struct run *run, struct worker *w, size_t row)
{
  const qn_driven *d = run->driven;
  double *state = run->out->state + row * d->units;

  for (size_t j = 0; j < d->units; j++)
    state[j] = w->x[j] / d->unit;
  if (d->kind->read_out)
    d->kind->read_out(d->model, state,
                      run->out->output + row * run->out->outputs,
                      &w->report.clipped_outputs);
  else
    qn_trace_read_out(run->out, run->net, row);
  if (d->kind->record)
    d->kind->record(w->workspace, row, w->x, run->out);
}

static qn_status fail(struct worker *w, const struct run *run, size_t s,
                      size_t row, qn_status st)
{
  char place[64];

  snprintf(place, sizeof place, "sequence %zu, step %zu", s,
           row - run->data->first[s]);
  return qn_diag_set(&w->diag, st, run->data->path, place, "%s",
                     qn_status_text(st));
}

static qn_status run_sequence(size_t s, unsigned id, void *arg)
{
  const struct run *run = arg;
  const qn_driven *d = run->driven;
  struct worker *w = &run->worker[id];
  double t = 0;

  for (size_t j = 0; j < d->n; j++)
    w->x[j] = 0;
  qn_transient_restart(w->transient);
  if (d->kind->begin)
    d->kind->begin(w->workspace, w->x);
  for (size_t row = run->data->first[s]; row < run->data->first[s + 1]; row++) {
    double length = qn_dataset_span(run->data, row) * d->seconds_per_unit;
    const double *input = run->data->inputs + row * d->inputs;
    double *swap = w->from;
    qn_status st;

    w->from = w->to;
    w->to = swap;
    d->kind->map_inputs(d->model, input, w->to, &w->report.clipped_inputs);
    if (d->kind->jump)
      d->kind->jump(w->workspace, input, w->x);
    st = hold_sample(run, w, t, length, row == run->data->first[s]);
    if (st)
      return fail(w, run, s, row, st);
    t += length;
    record(run, w, row);
  }
  if (d->kind->end)
    d->kind->end(w->workspace, w->x, &w->report);
  return qn_progress_tick(run->progress, d->kind->name, s + 1,
                          run->data->sequences);
}

/* ---- workers ------------------------------------------------------------------------- */

/* Explicit formulas are the faster while a sample is below some hundred times
 * the shortest time constant: all networks in tests/data. A neuron without a
 * capacitor is beyond (docs/accuracy.md). */
static qn_method choose_method(const qn_driven *d)
{
  const double most = 500;

  return d->seconds_per_unit < most * d->fastest_s ? QN_METHOD_EXPLICIT
                                                   : QN_METHOD_BDF;
}

static qn_status start(struct worker *w, const qn_driven *d,
                       const qn_ode_options *opt, int integrate)
{
  qn_tolerances tol = {.rtol = opt->tolerance,
                       .atol = opt->tolerance * d->unit};

  w->workspace = d->kind->workspace_alloc(d->model);
  w->x = malloc(d->n * sizeof *w->x);
  w->from = malloc(d->inputs * sizeof *w->from);
  w->to = malloc(d->inputs * sizeof *w->to);
  if (!w->workspace || !w->x || !w->from || !w->to)
    return QN_ENOMEM;
  w->system = (qn_system){.n = d->n,
                          .method = choose_method(d),
                          .rhs = d->kind->rhs,
                          .jac = d->kind->jac,
                          .pattern = d->pattern,
                          .arg = w->workspace};
  if (integrate) {
    w->system.rate = d->kind->rate;
    w->system.integrals = d->integrals;
  }
  return qn_transient_alloc(&w->transient, &w->system, &tol);
}

static void add_up(const struct worker *w, const qn_driven *d, double *sums,
                   qn_ode_report *report)
{
  report->steps += qn_transient_steps(w->transient);
  report->rhs_calls += qn_transient_rhs_calls(w->transient);
  for (size_t i = 0; sums && i < d->integrals; i++)
    sums[i] += qn_transient_integrals(w->transient)[i];
  report->clipped_inputs += w->report.clipped_inputs;
  report->clipped_outputs += w->report.clipped_outputs;
  report->moved_worst = fmax(report->moved_worst, w->report.moved_worst);
}

static void stop(struct worker *w, const qn_driven *d, qn_diag *diag)
{
  if (w->diag.message[0] && diag)
    *diag = w->diag;
  qn_transient_free(w->transient);
  d->kind->workspace_free(w->workspace);
  free(w->x);
  free(w->from);
  free(w->to);
}

qn_status qn_driven_run(const qn_driven *driven, const qn_network *net,
                        const qn_dataset *data, const qn_ode_options *opt,
                        qn_trace *out, double *sums, qn_ode_report *report,
                        qn_diag *diag)
{
  struct run run = {.driven = driven,
                    .net = net,
                    .data = data,
                    .progress = opt->progress,
                    .out = out};
  unsigned workers = opt->workers ? opt->workers : 1;
  qn_ode_report nobody;
  qn_status st = QN_OK;

  report = report ? report : &nobody;
  *report = (qn_ode_report){0};
  run.worker = calloc(workers, sizeof *run.worker);
  if (!run.worker)
    return qn_diag_out_of_memory(diag);
  for (unsigned i = 0; i < workers && !st; i++)
    st = start(&run.worker[i], driven, opt, sums != NULL);
  if (st)
    qn_diag_set(diag, st, NULL, NULL, "%s", qn_status_text(st));
  else
    st = qn_parallel_for(data->sequences, workers, run_sequence, &run);
  for (size_t i = 0; sums && i < driven->integrals; i++)
    sums[i] = 0;
  for (unsigned i = 0; i < workers; i++) {
    if (run.worker[i].transient)
      add_up(&run.worker[i], driven, sums, report);
    stop(&run.worker[i], driven, diag);
  }
  free(run.worker);
  return st;
}
