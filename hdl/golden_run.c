/* golden_run.c - a dataset through the C model of the core. */
#include <quench/golden.h>

#include <stdlib.h>
#include <string.h>

#include <quench/parallel.h>
#include <quench/quantise.h>

struct worker {
  qn_golden *golden;
  int32_t *input, *output;
  size_t clipped_inputs;
  int saturated;
};

struct job {
  const qn_core *core;
  const qn_dataset *data;
  const qn_progress *progress;
  qn_trace *trace;
  unsigned workers;
  struct worker *worker; /* [workers] */
};

static void release(struct job *job)
{
  for (unsigned i = 0; job->worker && i < job->workers; i++) {
    qn_golden_free(job->worker[i].golden);
    free(job->worker[i].input);
    free(job->worker[i].output);
  }
  free(job->worker);
}

static qn_status prepare(struct job *job)
{
  job->worker = calloc(job->workers, sizeof *job->worker);
  if (!job->worker)
    return QN_ENOMEM;
  for (unsigned i = 0; i < job->workers; i++) {
    struct worker *worker = &job->worker[i];

    worker->input = calloc(job->core->inputs, sizeof *worker->input);
    worker->output = calloc(job->core->outputs, sizeof *worker->output);
    if (!worker->input || !worker->output ||
        qn_golden_alloc(&worker->golden, job->core))
      return QN_ENOMEM;
  }
  return QN_OK;
}

static void run_row(struct job *job, struct worker *worker, size_t row)
{
  const qn_core *core = job->core;
  qn_trace *trace = job->trace;
  const int32_t *state;

  qn_core_input_words(core, job->data->inputs + row * core->inputs,
                      worker->input, &worker->clipped_inputs);
  qn_golden_step(worker->golden, worker->input, worker->output, NULL);
  state = qn_golden_state(worker->golden);
  for (size_t j = 0; j < core->units; j++)
    trace->state[row * core->units + j] =
      qn_format_value(core->state, state[j]);
  for (size_t k = 0; k < core->outputs; k++)
    trace->output[row * core->outputs + k] =
      qn_format_value(core->output[k], worker->output[k]);
}

static qn_status run_sequence(size_t s, unsigned index, void *arg)
{
  struct job *job = arg;
  struct worker *worker = &job->worker[index];

  qn_golden_reset(worker->golden);
  for (size_t row = job->data->first[s]; row < job->data->first[s + 1]; row++)
    run_row(job, worker, row);
  worker->saturated |= qn_golden_saturated(worker->golden);
  return qn_progress_tick(job->progress, "fixed", s + 1, job->data->sequences);
}

static void sum_up(const struct job *job, qn_golden_report *report)
{
  *report = (qn_golden_report){.samples = job->data->rows};
  for (unsigned i = 0; i < job->workers; i++) {
    report->clipped_inputs += job->worker[i].clipped_inputs;
    report->saturated |= job->worker[i].saturated;
  }
}

qn_status qn_golden_run(const qn_core *core, const qn_dataset *data,
                        unsigned workers, const qn_progress *progress,
                        qn_trace *out, qn_golden_report *report, qn_diag *diag)
{
  struct job job = {.core = core,
                    .data = data,
                    .trace = out,
                    .progress = progress,
                    .workers = workers ? workers : 1};
  qn_status st = qn_core_check_dataset(core, data, diag);

  if (st)
    return st;
  st = prepare(&job);
  if (!st)
    st = qn_parallel_for(data->sequences, job.workers, run_sequence, &job);
  if (!st && report)
    sum_up(&job, report);
  release(&job);
  return st == QN_ENOMEM ? qn_diag_out_of_memory(diag) : st;
}
