/* noise_path.c - many sample paths of a chip on a dataset. */
#include <quench/noise_path.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/parallel.h>

#include "sim/noise_path_step.h"

const qn_path_options qn_path_options_default = {
  .seed = 1, .paths = 1, .tolerance_percent = 0.05, .workers = 1};

/* paths that run side by side for each worker */
enum { BATCH = 4 };

struct worker {
  qn_path *path;
  double *from, *to; /* [inputs] */
  double *read;      /* [units] states as a reading finds them */
  size_t clipped_inputs, clipped_outputs;
  long steps;
  qn_diag diag;
};

struct run {
  const qn_path_options *opt;
  const qn_network *net;
  const qn_dataset *data;
  qn_path_model model;
  qn_random branches; /* of all paths */
  struct worker *worker;
  unsigned workers;
  qn_trace **trace; /* [batch] */
  size_t batch;
  qn_path_noise noise;
  size_t first; /* number of the batch's first path */
  qn_paths *out;
};

/* ---- one sequence of one path -------------------------------------------------------- */

/* an input step is a discontinuity: a ramp and a hold are integrated apart */
static qn_status hold_sample(const struct run *run, struct worker *w, double t,
                             double length, int first)
{
  const qn_driven *d = &run->model.driven;
  double rise = first ? 0 : d->rise_fraction * length;
  qn_ramp ramp = {w->from, w->to, t, t + rise};
  qn_ramp held = {w->to, w->to, t + rise, t + rise};
  qn_status st = QN_OK;

  if (rise > 0) {
    d->kind->set_inputs(w->path->room, &ramp);
    st = qn_path_advance(w->path, t, rise);
  }
  d->kind->set_inputs(w->path->room, &held);
  if (!st)
    st = qn_path_advance(w->path, t + rise, length - rise);
  return st;
}

static void record(const struct run *run, struct worker *w, qn_trace *trace,
                   size_t row, size_t first)
{
  const qn_driven *d = &run->model.driven;
  const qn_chip *chip = run->model.chip;
  double *state = trace->state + row * d->units;
  double sd = run->noise == QN_PATH_NOISY
                ? qn_noise_reading(&chip->technology) / chip->volts_per_unit
                : 0;

  for (size_t j = 0; j < d->units; j++)
    w->read[j] = state[j] = w->path->x[j] / d->unit;
  for (size_t k = 0; k < chip->outputs && sd > 0; k++) {
    qn_random stream = qn_path_stream(&w->path->branch, QN_PATH_READING, k);

    w->read[k] += sd * qn_random_normal(&stream, row - first);
  }
  qn_chip_outputs(chip, w->read, trace->output + row * trace->outputs,
                  &w->clipped_outputs);
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

static qn_status walk(const struct run *run, struct worker *w, size_t s,
                      qn_trace *trace)
{
  const qn_driven *d = &run->model.driven;
  size_t first = run->data->first[s];
  double t = 0;

  for (size_t row = first; row < run->data->first[s + 1]; row++) {
    double length = qn_dataset_span(run->data, row) * d->seconds_per_unit;
    double *swap = w->from;
    qn_status st;

    w->from = w->to;
    w->to = swap;
    d->kind->map_inputs(d->model, run->data->inputs + row * d->inputs, w->to,
                        &w->clipped_inputs);
    st = hold_sample(run, w, t, length, row == first);
    if (st)
      return fail(w, run, s, row, st);
    t += length;
    record(run, w, trace, row, first);
  }
  return QN_OK;
}

/* piece `index` is a sequence of one of the batch's paths */
static qn_status run_piece(size_t index, unsigned id, void *arg)
{
  const struct run *run = arg;
  struct worker *w = &run->worker[id];
  size_t s = index % run->data->sequences, k = index / run->data->sequences;
  uint64_t number = run->opt->first_path + run->first + k;
  qn_random branch =
    qn_random_branch(&run->branches, number << 32 | (uint64_t)s);
  qn_status st;

  w->path->noise = run->noise;
  qn_path_begin(w->path, &branch);
  st = walk(run, w, s, run->trace[k]);
  w->steps += (long)w->path->step;
  return st ? st
            : qn_progress_tick(run->opt->progress, "paths",
                               run->first + k + (s + 1 == run->data->sequences),
                               run->opt->paths);
}

/* ---- what they come to ------------------------------------------------------------------ */

/* Welford's update with value number k of each */
static void add_values(double *mean, double *square, const double *value,
                       size_t n, size_t k)
{
  for (size_t i = 0; i < n; i++) {
    double off = value[i] - mean[i];

    mean[i] += off / (double)k;
    square[i] += off * (value[i] - mean[i]);
  }
}

static void finish_values(double *square, size_t n, size_t paths)
{
  for (size_t i = 0; i < n; i++)
    square[i] = paths > 1 ? sqrt(square[i] / (double)(paths - 1)) : 0;
}

static void add_path(const struct run *run, const qn_trace *trace, size_t k)
{
  qn_paths *p = run->out;

  add_values(p->state_mean, p->state_sd, trace->state, p->rows * p->units,
             k + 1);
  add_values(p->output_mean, p->output_sd, trace->output, p->rows * p->outputs,
             k + 1);
  if (p->metric)
    p->metric[k] = qn_metric_of(trace, run->data).value;
  for (size_t row = 0; p->flipped && row < p->rows; row++)
    if (qn_decision_of(trace, run->data, row) !=
        qn_decision_of(p->quiet, run->data, row))
      p->flipped[row] += 1 / (double)p->paths;
}

static qn_status run_batch(struct run *run, size_t count)
{
  return qn_parallel_for(count * run->data->sequences, run->workers, run_piece,
                         run);
}

/* of the one path so far */
static void take_counts(struct run *run)
{
  qn_paths *p = run->out;

  p->steps = 0;
  p->clipped_inputs = p->clipped_outputs = 0;
  for (unsigned i = 0; i < run->workers; i++) {
    p->steps += run->worker[i].steps;
    p->clipped_inputs += run->worker[i].clipped_inputs;
    p->clipped_outputs += run->worker[i].clipped_outputs;
  }
}

static qn_status run_quiet(struct run *run)
{
  qn_trace *own = run->trace[0];
  qn_status st;

  run->trace[0] = run->out->quiet;
  run->noise = QN_PATH_QUIET;
  st = run_batch(run, 1);
  run->trace[0] = own;
  run->noise = QN_PATH_NOISY;
  if (!st)
    run->out->quiet_metric = qn_metric_of(run->out->quiet, run->data);
  take_counts(run);
  return st;
}

static void keep_first(struct run *run)
{
  qn_paths *p = run->out;
  const qn_trace *t = run->trace[0];

  memcpy(p->first->state, t->state, p->rows * p->units * sizeof *t->state);
  memcpy(p->first->output, t->output, p->rows * p->outputs * sizeof *t->output);
}

static qn_status run_all(struct run *run)
{
  qn_paths *p = run->out;
  qn_status st = run_quiet(run);

  for (run->first = 0; run->first < p->paths && !st; run->first += run->batch) {
    size_t count = p->paths - run->first;

    count = count < run->batch ? count : run->batch;
    st = run_batch(run, count);
    if (!st && run->first == 0)
      keep_first(run);
    for (size_t k = 0; k < count && !st; k++)
      add_path(run, run->trace[k], run->first + k);
  }
  finish_values(p->state_sd, p->rows * p->units, p->paths);
  finish_values(p->output_sd, p->rows * p->outputs, p->paths);
  return st;
}

/* ---- life ------------------------------------------------------------------------------ */

void qn_paths_free(qn_paths *p)
{
  if (!p)
    return;
  qn_trace_free(p->quiet), qn_trace_free(p->first);
  free(p->metric);
  free(p->state_mean), free(p->state_sd);
  free(p->output_mean), free(p->output_sd);
  free(p->flipped);
  free(p);
}

static qn_status paths_alloc(qn_paths **out, const qn_network *net,
                             const qn_dataset *data, size_t paths)
{
  qn_paths *p = calloc(1, sizeof *p);
  int judged = data->targets && data->task != QN_TASK_NONE;
  int decides = data->task != QN_TASK_NONE && data->task != QN_TASK_REGRESSION;

  *out = p;
  if (!p || qn_trace_alloc(&p->quiet, net, data) ||
      qn_trace_alloc(&p->first, net, data))
    return QN_ENOMEM;
  p->paths = paths;
  p->rows = p->first->rows;
  p->units = p->first->units;
  p->outputs = p->first->outputs;
  p->state_mean = calloc(p->rows * p->units + 1, sizeof *p->state_mean);
  p->state_sd = calloc(p->rows * p->units + 1, sizeof *p->state_sd);
  p->output_mean = calloc(p->rows * p->outputs + 1, sizeof *p->output_mean);
  p->output_sd = calloc(p->rows * p->outputs + 1, sizeof *p->output_sd);
  if (judged)
    p->metric = calloc(paths, sizeof *p->metric);
  if (decides)
    p->flipped = calloc(p->rows + 1, sizeof *p->flipped);
  return p->state_mean && p->state_sd && p->output_mean && p->output_sd &&
             (!judged || p->metric) && (!decides || p->flipped)
           ? QN_OK
           : QN_ENOMEM;
}

static qn_status worker_init(struct worker *w, const struct run *run)
{
  const qn_driven *d = &run->model.driven;

  w->from = calloc(d->inputs + 1, sizeof *w->from);
  w->to = calloc(d->inputs + 1, sizeof *w->to);
  w->read = calloc(d->units, sizeof *w->read);
  if (!w->from || !w->to || !w->read)
    return QN_ENOMEM;
  return qn_path_alloc(&w->path, &run->model);
}

static void worker_release(struct worker *w, qn_diag *diag)
{
  if (w->diag.message[0] && diag)
    *diag = w->diag;
  qn_path_free(w->path);
  free(w->from), free(w->to), free(w->read);
}

static qn_status open_run(struct run *run, const qn_chip *chip)
{
  size_t batch = BATCH * (size_t)run->workers;
  qn_status st = qn_path_model_init(&run->model, chip, run->opt->step);

  run->batch = batch < run->opt->paths ? batch : run->opt->paths;
  run->worker = calloc(run->workers, sizeof *run->worker);
  run->trace = calloc(run->batch, sizeof(qn_trace *));
  if (!run->worker || !run->trace)
    return QN_ENOMEM;
  for (unsigned i = 0; i < run->workers && !st; i++)
    st = worker_init(&run->worker[i], run);
  for (size_t k = 0; k < run->batch && !st; k++)
    st = qn_trace_alloc(&run->trace[k], run->net, run->data);
  return st;
}

static void close_run(struct run *run, qn_diag *diag)
{
  for (unsigned i = 0; run->worker && i < run->workers; i++)
    worker_release(&run->worker[i], diag);
  for (size_t k = 0; run->trace && k < run->batch; k++)
    qn_trace_free(run->trace[k]);
  free(run->worker);
  free(run->trace);
  qn_path_model_release(&run->model);
}

qn_status qn_noise_paths_run(qn_paths **out, const qn_chip *chip,
                             const qn_network *net, const qn_dataset *data,
                             const qn_path_options *opt, qn_diag *diag)
{
  qn_path_options own = *opt;
  struct run run = {
    .opt = &own,
    .net = net,
    .data = data,
    .workers = opt->workers ? opt->workers : 1,
    .branches = {opt->seed, opt->die, (uint32_t)QN_PATH_BRANCH << 28}};
  qn_status st;

  *out = NULL;
  if (!qn_noise_is_on(&chip->technology, -1))
    return qn_diag_set(diag, QN_EUNSUPPORTED, chip->technology.name, "noise",
                       "this technology has no noise: expected one of the "
                       "noise.* fields (quench show), as in "
                       "--technology %s,noise.thermal=on",
                       chip->technology.name);
  if (!(own.step > 0)) {
    st = qn_noise_paths_find_step(&own.step, chip, net, data, opt, diag);
    if (st)
      return st;
  }
  st = paths_alloc(&run.out, net, data, opt->paths);
  if (!st)
    st = open_run(&run, chip);
  if (st) {
    qn_diag_out_of_memory(diag);
  } else {
    run.out->step = own.step;
    st = run_all(&run);
  }
  close_run(&run, diag);
  if (st)
    qn_paths_free(run.out);
  else
    *out = run.out;
  return st;
}
