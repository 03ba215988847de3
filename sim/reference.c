/* reference.c - a dataset through a network's own steps, several sequences side
 * by side. */
#include "sim/reference_on.h"

#include <stdlib.h>
#include <string.h>

#include <quench/parallel.h>

/* A room of more than this does not stay in a cache: then one sequence at a
 * time. */
enum { ROOM_MAX = 4 << 20 };

struct run {
  const qn_step_kernel *kernel;
  qn_step_plan plan;
  const qn_dataset *data;
  const qn_progress *progress;
  qn_trace *out;
  size_t *order; /* [sequences] the longest first */
  size_t lanes;
  struct worker *worker;
};

/* a thread's rooms: for one sequence and for `lanes` of them */
struct worker {
  qn_step_room one, many;
};

static size_t length_of(const qn_dataset *data, size_t s)
{
  return data->first[s + 1] - data->first[s];
}

/* ---- one block of sequences ----------------------------------------------------- */

static void take_row(const struct run *run, qn_step_room *room, size_t lane,
                     size_t row)
{
  size_t features = run->data->features;
  const double *input = run->data->inputs + row * features;

  room->span[lane] = qn_dataset_span(run->data, row);
  for (size_t k = 0; k < features; k++)
    room->input[k * room->lanes + lane] = input[k];
}

static void give_row(const struct run *run, const qn_step_room *room,
                     size_t lane, size_t row)
{
  qn_trace *out = run->out;

  for (size_t j = 0; j < out->units; j++)
    out->state[row * out->units + j] = room->state[j * room->lanes + lane];
  if (!run->plan.projection.rows) {
    qn_trace_read_out(out, run->plan.net, row);
    return;
  }
  for (size_t m = 0; m < out->outputs; m++)
    out->output[row * out->outputs + m] = room->output[m * room->lanes + lane];
}

/* sequences order[begin .. end), the longest first; a lane whose sequence has
 * ended goes on with its last input, and nobody looks */
static void run_block(const struct run *run, qn_step_room *room, size_t begin,
                      size_t end)
{
  const size_t *s = run->order + begin;
  size_t live = end - begin;

  qn_step_room_clear(room, &run->plan);
  for (size_t step = 0; step < length_of(run->data, s[0]); step++) {
    while (step >= length_of(run->data, s[live - 1]))
      live--;
    for (size_t k = 0; k < live; k++)
      take_row(run, room, k, run->data->first[s[k]] + step);
    if (run->plan.net->mixed_memory)
      run->kernel->remember(&run->plan, room);
    run->kernel->advance(&run->plan, room);
    for (size_t k = 0; k < live; k++)
      give_row(run, room, k, run->data->first[s[k]] + step);
  }
}

static qn_status run_piece(size_t piece, unsigned id, void *arg)
{
  const struct run *run = arg;
  struct worker *w = &run->worker[id];
  size_t begin = piece * run->lanes, end = begin + run->lanes;

  if (end > run->data->sequences)
    end = run->data->sequences;
  run_block(run, end - begin == 1 ? &w->one : &w->many, begin, end);
  return qn_progress_tick(run->progress, "reference", end,
                          run->data->sequences);
}

/* ---- the whole -------------------------------------------------------------------- */

struct length {
  size_t steps, sequence;
};

static int longest_first(const void *a, const void *b)
{
  const struct length *x = a, *y = b;

  if (x->steps != y->steps)
    return x->steps < y->steps ? 1 : -1;
  return (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

static qn_status put_in_order(struct run *run)
{
  size_t n = run->data->sequences;
  struct length *all = malloc((n + 1) * sizeof *all);

  run->order = malloc((n + 1) * sizeof *run->order);
  if (!all || !run->order) {
    free(all);
    return QN_ENOMEM;
  }
  for (size_t s = 0; s < n; s++)
    all[s] = (struct length){length_of(run->data, s), s};
  qsort(all, n, sizeof *all, longest_first);
  for (size_t s = 0; s < n; s++)
    run->order[s] = all[s].sequence;
  free(all);
  return QN_OK;
}

/* As many as the kernel has use for, unless threads would stand idle. */
static size_t choose_lanes(const struct run *run, unsigned workers)
{
  size_t width = run->kernel->width, each = run->data->sequences / workers;

  if (each < 2 || qn_step_room_size(&run->plan, width) > ROOM_MAX)
    return 1;
  return each < 2 * width || qn_step_room_size(&run->plan, 2 * width) > ROOM_MAX
           ? width
           : 2 * width;
}

static qn_status make_rooms(struct run *run, unsigned workers)
{
  qn_status st = QN_OK;

  run->lanes = choose_lanes(run, workers);
  run->worker = calloc(workers, sizeof *run->worker);
  if (!run->worker)
    return QN_ENOMEM;
  for (unsigned i = 0; i < workers && !st; i++) {
    st = qn_step_room_init(&run->worker[i].one, &run->plan, 1);
    if (!st && run->lanes > 1)
      st = qn_step_room_init(&run->worker[i].many, &run->plan, run->lanes);
  }
  return st;
}

qn_status qn_reference_run_on(const qn_step_kernel *kernel,
                              const qn_network *net, const qn_dataset *data,
                              unsigned unfolds, unsigned workers,
                              const qn_progress *progress, qn_trace *out)
{
  struct run run = {
    .kernel = kernel, .data = data, .progress = progress, .out = out};
  qn_status st;

  workers = workers ? workers : 1;
  st = qn_step_plan_init(&run.plan, net, unfolds ? unfolds : net->ltc.unfolds);
  if (!st)
    st = put_in_order(&run);
  if (!st)
    st = make_rooms(&run, workers);
  if (!st)
    st = qn_parallel_for((data->sequences + run.lanes - 1) / run.lanes, workers,
                         run_piece, &run);
  for (unsigned i = 0; run.worker && i < workers; i++) {
    qn_step_room_release(&run.worker[i].one);
    qn_step_room_release(&run.worker[i].many);
  }
  free(run.worker);
  free(run.order);
  qn_step_plan_release(&run.plan);
  return st;
}

qn_status qn_reference_run(const qn_network *net, const qn_dataset *data,
                           unsigned unfolds, unsigned workers,
                           const qn_progress *progress, qn_trace *out)
{
  return qn_reference_run_on(qn_step_kernel_best(), net, data, unfolds, workers,
                             progress, out);
}
