/* cosim.c - a dataset through a simulated core and its C model side by side. */
#include <quench/cosim.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/clock.h>
#include <quench/file.h>
#include <quench/golden.h>
#include <quench/parallel.h>
#include <quench/quantise.h>

#include "hdl/cosim_child.h"
#include "hdl/folder_parts.h"

const qn_cosim_options qn_cosim_options_default = {.target = &qn_cosim_rtl,
                                                   .seed = 1,
                                                   .stall_percent = 25,
                                                   .children = 2,
                                                   .timeout_s = 600};

/* One process and the C model beside it. */
struct lane {
  qn_cosim_child *child;
  qn_golden *golden;
  int32_t *input, *result, *write; /* a sequence's words, a step's answers */
  qn_cosim_report report;
  qn_diag diag;
};

struct job {
  const qn_core *core;
  const qn_dataset *data;
  const qn_cosim_options *opt;
  qn_trace *trace;
  char *executable, *images;
  struct lane *lane; /* [opt->children] */
};

/* ---- comparing one step ---------------------------------------------------- */

static qn_status differ(struct lane *lane, qn_cosim_difference difference)
{
  if (lane->report.difference.quantity == QN_COSIM_NOTHING)
    lane->report.difference = difference;
  return QN_EMISMATCH;
}

static qn_status compare_writes(const struct job *job, struct lane *lane,
                                qn_cosim_difference at, const int32_t *write)
{
  size_t units = job->core->units, n = job->core->unfolds * units;

  for (size_t i = 0; i < n; i++) {
    uint32_t tag = (uint32_t)write[2 * i];

    at.unfold = (unsigned)(i / units);
    at.place = i % units;
    at.quantity = QN_COSIM_ORDER;
    at.want = (int64_t)at.unfold << 16 | (int64_t)at.place;
    at.got = tag;
    if (at.got != at.want)
      return differ(lane, at);
    at.quantity = QN_COSIM_STATE;
    at.want = lane->write[i];
    at.got = write[2 * i + 1];
    if (at.got != at.want)
      return differ(lane, at);
  }
  lane->report.state_writes += n;
  return QN_OK;
}

static qn_status compare_rest(const struct job *job, struct lane *lane,
                              qn_cosim_difference at, const qn_cosim_step *step)
{
  at.quantity = QN_COSIM_RESULT;
  for (at.place = 0; at.place < job->core->outputs; at.place++) {
    at.want = lane->result[at.place];
    at.got = step->result[at.place];
    if (at.got != at.want)
      return differ(lane, at);
  }
  lane->report.results += job->core->outputs;
  lane->report.cycles_measured = step->cycles;
  at.quantity = QN_COSIM_CYCLES;
  at.want = job->core->cycles;
  at.got = step->cycles;
  return at.got == at.want ? QN_OK : differ(lane, at);
}

static void record(const struct job *job, size_t row, const qn_cosim_step *step)
{
  const qn_core *core = job->core;
  size_t last = 2 * (core->unfolds - 1) * core->units;

  if (!job->trace)
    return;
  for (size_t j = 0; j < core->units; j++)
    job->trace->state[row * core->units + j] =
      qn_format_value(core->state, step->write[last + 2 * j + 1]);
  for (size_t k = 0; k < core->outputs; k++)
    job->trace->output[row * core->outputs + k] =
      qn_format_value(core->output[k], step->result[k]);
}

static qn_status compare_step(const struct job *job, struct lane *lane,
                              size_t sequence, size_t step)
{
  size_t row = job->data->first[sequence] + step;
  qn_cosim_difference at = {.sequence = sequence, .step = step};
  qn_cosim_step answer;
  qn_status st = qn_cosim_child_receive(lane->child, &answer, &lane->diag);

  if (st)
    return st;
  qn_golden_step(lane->golden, lane->input + step * job->core->inputs,
                 lane->result, lane->write);
  record(job, row, &answer);
  lane->report.samples++;
  st = compare_writes(job, lane, at, answer.write);
  return st ? st : compare_rest(job, lane, at, &answer);
}

/* ---- one sequence ---------------------------------------------------------- */

static qn_status compare_flags(struct lane *lane, size_t sequence)
{
  qn_cosim_difference at = {.sequence = sequence, .quantity = QN_COSIM_FLAGS};
  int framing_error, saturated;
  qn_status st =
    qn_cosim_child_flags(lane->child, &framing_error, &saturated, &lane->diag);

  if (st)
    return st;
  /* the core's flags are sticky for its life, the model's for a sequence */
  lane->report.saturated |= qn_golden_saturated(lane->golden);
  at.want = lane->report.saturated;
  at.got = saturated | framing_error << 1;
  return at.got == at.want ? QN_OK : differ(lane, at);
}

static qn_status start_child(struct job *job, unsigned index)
{
  struct lane *lane = &job->lane[index];

  if (lane->child)
    return QN_OK;
  return qn_cosim_child_start(&lane->child, job->core, job->executable,
                              job->images, job->opt, job->opt->seed + index,
                              &lane->diag);
}

static qn_status run_sequence(size_t s, unsigned index, void *arg)
{
  struct job *job = arg;
  struct lane *lane = &job->lane[index];
  size_t steps = job->data->first[s + 1] - job->data->first[s];
  size_t inputs = job->core->inputs;
  qn_status st = start_child(job, index);

  for (size_t i = 0; i < steps; i++)
    qn_core_input_words(job->core,
                        job->data->inputs + (job->data->first[s] + i) * inputs,
                        lane->input + i * inputs, &lane->report.clipped_inputs);
  if (!st)
    st = qn_cosim_child_send(lane->child, lane->input, steps, &lane->diag);
  qn_golden_reset(lane->golden);
  for (size_t i = 0; i < steps && !st; i++)
    st = compare_step(job, lane, s, i);
  if (!st && steps > 0)
    st = compare_flags(lane, s);
  if (!st)
    st = qn_progress_tick(job->opt->progress, job->opt->target->name, s + 1,
                          job->data->sequences);
  return st;
}

/* ---- the whole run --------------------------------------------------------- */

static qn_status prepare_lanes(struct job *job, qn_diag *diag)
{
  const qn_core *core = job->core;
  size_t words = qn_dataset_longest(job->data) * core->inputs;

  job->lane = calloc(job->opt->children, sizeof *job->lane);
  if (!job->lane)
    return qn_diag_out_of_memory(diag);
  for (unsigned i = 0; i < job->opt->children; i++) {
    struct lane *lane = &job->lane[i];

    lane->input = calloc(words + 1, sizeof *lane->input);
    lane->result = calloc(core->outputs, sizeof *lane->result);
    lane->write = calloc(core->unfolds * core->units, sizeof *lane->write);
    if (!lane->input || !lane->result || !lane->write ||
        qn_golden_alloc(&lane->golden, core))
      return qn_diag_out_of_memory(diag);
  }
  return QN_OK;
}

static void release_lanes(struct job *job)
{
  for (unsigned i = 0; job->lane && i < job->opt->children; i++) {
    qn_cosim_child_stop(job->lane[i].child);
    qn_golden_free(job->lane[i].golden);
    free(job->lane[i].input);
    free(job->lane[i].result);
    free(job->lane[i].write);
  }
  free(job->lane);
}

/* Images to run with: the core's own or the caller's, in a folder of ours
 * where logs may go. */
static qn_status copy_images(const struct job *job, qn_diag *diag)
{
  qn_status st = qn_images_check(job->core, job->opt->images, diag);

  for (const qn_image *image = qn_images; !st && image->file; image++) {
    char *from = qn_text_format("%s/%s", job->opt->images, image->file);
    char *to = qn_text_format("%s/%s", job->images, image->file);
    char *data = NULL;
    size_t size;

    st = from && to ? qn_file_read(from, &data, &size, diag)
                    : qn_diag_out_of_memory(diag);
    if (!st)
      st = qn_file_write(to, data, size, diag);
    free(data);
    free(from);
    free(to);
  }
  return st;
}

static qn_status prepare(struct job *job, qn_diag *diag)
{
  qn_status st = prepare_lanes(job, diag);

  if (!st)
    st = qn_file_temporary_folder(&job->images, diag);
  if (st)
    return st;
  st = job->opt->images ? copy_images(job, diag)
                        : qn_images_write(job->core, job->images, diag);
  if (!st)
    st = job->opt->target->build(job->core, job->images, job->opt->progress,
                                 &job->executable, diag);
  return st;
}

/* Sums over the lanes; the first difference is that of the lowest sequence. */
static void sum_up(const struct job *job, qn_cosim_report *report)
{
  report->cycles_predicted = job->core->cycles;
  for (unsigned i = 0; i < job->opt->children; i++) {
    const qn_cosim_report *part = &job->lane[i].report;
    const qn_cosim_difference *d = &part->difference;

    report->samples += part->samples;
    report->state_writes += part->state_writes;
    report->results += part->results;
    report->clipped_inputs += part->clipped_inputs;
    report->saturated |= part->saturated;
    if (part->samples)
      report->cycles_measured = part->cycles_measured;
    if (d->quantity != QN_COSIM_NOTHING &&
        (report->difference.quantity == QN_COSIM_NOTHING ||
         d->sequence < report->difference.sequence))
      report->difference = *d;
  }
}

static qn_status explain_difference(const struct job *job,
                                    const qn_cosim_difference *d, qn_diag *diag)
{
  static const char *const what[] = {
    "nothing", "state of neuron",  "order of state writes at neuron",
    "result",  "cycles of a step", "flags"};
  char place[160];

  snprintf(place, sizeof place, "sequence %zu, step %zu, unfold %u",
           d->sequence, d->step, d->unfold);
  return qn_diag_set(diag, QN_EMISMATCH, job->data->path, place,
                     "%s %zu: %s has %lld, the C model %lld", what[d->quantity],
                     d->place, job->opt->target->name, (long long)d->got,
                     (long long)d->want);
}

/* What a lane said when it failed for another reason than a difference. */
static qn_status explain_failure(const struct job *job, qn_status st,
                                 qn_diag *diag)
{
  for (unsigned i = 0; diag && i < job->opt->children; i++)
    if (job->lane[i].diag.message[0]) {
      *diag = job->lane[i].diag;
      return st;
    }
  return st;
}

static qn_status run(struct job *job, qn_cosim_report *report, qn_diag *diag)
{
  double start = qn_clock_now();
  qn_status st = prepare(job, diag);

  if (st)
    return st;
  report->build_s = qn_clock_now() - start;
  start = qn_clock_now();
  st = qn_parallel_for(job->data->sequences, job->opt->children, run_sequence,
                       job);
  report->run_s = qn_clock_now() - start;
  sum_up(job, report);
  if (st == QN_EMISMATCH)
    return explain_difference(job, &report->difference, diag);
  return st ? explain_failure(job, st, diag) : QN_OK;
}

static void release(struct job *job)
{
  release_lanes(job);
  if (job->images)
    qn_file_remove_folder(job->images);
  free(job->images);
  free(job->executable);
}

static qn_status check(const qn_core *core, const qn_dataset *data,
                       const qn_cosim_options *opt, qn_diag *diag)
{
  if (opt->stall_percent > 90 || opt->children < 1 ||
      opt->children > QN_COSIM_CHILDREN_MAX || !(opt->timeout_s > 0))
    return qn_diag_set(diag, QN_EINVAL, "", "",
                       "stalls %u %% must be at most 90, children %u from 1 "
                       "to %d, timeout %g s above 0",
                       opt->stall_percent, opt->children, QN_COSIM_CHILDREN_MAX,
                       opt->timeout_s);
  return qn_core_check_dataset(core, data, diag);
}

qn_status qn_cosim_run(const qn_core *core, const qn_dataset *data,
                       const qn_cosim_options *opt, qn_trace *out,
                       qn_cosim_report *report, qn_diag *diag)
{
  struct job job = {.core = core, .data = data, .opt = opt, .trace = out};
  qn_cosim_report own = {.samples = 0};
  qn_status st = check(core, data, opt, diag);

  if (st)
    return st;
  st = run(&job, &own, diag);
  release(&job);
  if (report)
    *report = own;
  return st;
}
