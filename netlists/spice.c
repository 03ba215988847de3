/* spice.c - a dataset in ngspice: one process a sequence, many at a time, in a
 * temporary folder that stays only if ngspice fails. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "netlists/chip_text.h"
#include "netlists/expression.h"
#include "netlists/memristor_text.h"
#include "netlists/ngspice.h"
#include "netlists/raw.h"
#include "netlists/testbench.h"
#include <quench/file.h>
#include <quench/parallel.h>
#include <quench/process.h>
#include <quench/text.h>

/* how far from a sample's end its time point may lie, in samples */
static const double slack = 1e-8;

struct worker {
  qn_spice_report report;
  qn_diag diag;
  size_t failed; /* sequence of diag, or SIZE_MAX */
};

struct job {
  const qn_chip *chip;
  const qn_network *net;
  const qn_dataset *data;
  qn_spice_accuracy accuracy;
  const qn_progress *progress;
  qn_trace *out;
  char *folder, *stem, *chip_file;
  struct worker *worker;
};

/* names of one sequence's files, without endings */
struct names {
  char *deck, *deck_path, *raw, *raw_path, *log_path;
};

/* ---- names -------------------------------------------------------------------------- */

static int make_names(struct names *n, const struct job *job, size_t s)
{
  n->deck = qn_text_format("tb_%s_%zu", job->stem, s);
  n->raw = qn_text_format("%s_%zu.raw", job->stem, s);
  if (!n->deck || !n->raw)
    return 0;
  n->deck_path = qn_text_format("%s/%s.cir", job->folder, n->deck);
  n->log_path = qn_text_format("%s/%s.log", job->folder, n->deck);
  n->raw_path = qn_text_format("%s/%s", job->folder, n->raw);
  return n->deck_path && n->log_path && n->raw_path;
}

static void release_names(struct names *n)
{
  free(n->deck), free(n->deck_path);
  free(n->raw), free(n->raw_path);
  free(n->log_path);
}

static void remove_files(const struct names *n)
{
  qn_file_remove_folder(n->deck_path);
  qn_file_remove_folder(n->log_path);
  qn_file_remove_folder(n->raw_path);
}

/* ---- results ------------------------------------------------------------------------ */

static qn_status stopped_short(const struct job *job, const struct names *n,
                               size_t step, qn_diag *diag)
{
  char line[256];

  qn_ngspice_complaint(job->folder, n->deck, line, sizeof line);
  return qn_diag_set(diag, QN_ETOOL, job->folder, n->deck,
                     "ngspice has no time point at the end of sample %zu: %s; "
                     "its files are kept there",
                     step, line);
}

/* how far the states in a point, which stand behind the membranes, have gone */
static double farthest(const qn_chip *chip, const double *point)
{
  const double *x = point + 1 + chip->units;
  size_t all = qn_chip_memristors(chip);
  double most = 0;

  for (size_t i = 0; (i = qn_memristor_with_state(chip, i)) < all; i++)
    most = fmax(most, fabs(*x++ - qn_memristor_start_of(chip, i).x));
  return most;
}

/* the same into state [memristors] */
static void take_memristors(const qn_chip *chip, const double *point,
                            double *state)
{
  const double *x = point + 1 + chip->units;
  size_t all = qn_chip_memristors(chip);

  for (size_t i = 0; (i = qn_memristor_with_state(chip, i)) < all; i++)
    state[i] = *x++;
}

/* membranes at the ends of samples, in model units, outputs and memristors */
static qn_status sample(const struct job *job, const struct names *n, size_t s,
                        const qn_raw *raw, qn_spice_report *report,
                        qn_diag *diag)
{
  const qn_dataset *data = job->data;
  double end = 0;
  size_t at = 0;

  for (size_t row = data->first[s]; row < data->first[s + 1]; row++) {
    double start = end, *state = job->out->state + row * job->out->units;
    const double *point;
    int finite = 1;

    end = qn_testbench_end(job->chip, data, row, start);
    point = qn_raw_at(raw, end, slack * (end - start), &at);
    for (size_t j = 0; point && j < job->chip->units; j++) {
      state[j] = qn_chip_to_model(job->chip, point[1 + j]);
      finite &= isfinite(state[j]) != 0;
    }
    if (!point || !finite)
      return stopped_short(job, n, row - data->first[s], diag);
    qn_chip_outputs(job->chip, state,
                    job->out->output + row * job->out->outputs,
                    &report->clipped_outputs);
    if (job->out->memristor)
      take_memristors(job->chip, point,
                      job->out->memristor + row * job->out->memristors);
    if (row + 1 == data->first[s + 1])
      report->moved_worst =
        fmax(report->moved_worst, farthest(job->chip, point));
  }
  return QN_OK;
}

static qn_status collect(const struct job *job, const struct names *n, size_t s,
                         qn_spice_report *report, qn_diag *diag)
{
  size_t wanted = 1 + job->chip->units + qn_netlist_states(job->chip);
  qn_raw raw;
  qn_status st;

  if (!qn_file_exists(n->raw_path))
    return stopped_short(job, n, 0, diag);
  st = qn_raw_read(&raw, n->raw_path, diag);
  if (st == QN_EPARSE || (!st && raw.vectors != wanted))
    st = qn_diag_set(diag, QN_ETOOL, job->folder, n->raw,
                     "not a raw file of time and %zu vectors; ngspice's "
                     "files are kept there",
                     wanted - 1);
  if (!st)
    st = sample(job, n, s, &raw, report, diag);
  qn_raw_release(&raw);
  return st;
}

/* ---- one sequence ------------------------------------------------------------------- */

static qn_status write_deck(const struct job *job, const struct names *n,
                            size_t s, size_t *clipped, qn_diag *diag)
{
  const qn_testbench_files files = {job->chip_file, n->raw};
  qn_text t;
  qn_status st;

  qn_text_init(&t);
  qn_testbench_add(&t, &qn_dialect_ngspice, job->chip, job->data, s,
                   &job->accuracy, &files, clipped);
  st = t.failed ? qn_diag_out_of_memory(diag)
                : qn_file_write(n->deck_path, t.data, t.length, diag);
  qn_text_release(&t);
  return st;
}

/* so long that only a hang reaches it: the slowest known, gesture_ltc32 at the
 * default accuracy, takes some 5 ms a synapse and sample on a busy machine, memristors that move
 * 60 ms each */
static double patience(const struct job *job, size_t s)
{
  size_t synapses = job->chip->recurrent.count + job->chip->sensory.count;
  size_t samples = job->data->first[s + 1] - job->data->first[s];

  return 60 + (double)samples * (1 + 0.05 * (double)synapses +
                                 0.5 * (double)qn_netlist_states(job->chip));
}

static qn_status run_named(const struct job *job, const struct names *n,
                           size_t s, struct worker *w)
{
  size_t warned = w->report.warnings;
  qn_status st = write_deck(job, n, s, &w->report.clipped_inputs, &w->diag);

  if (st)
    return st;
  st = qn_ngspice_run(job->folder, n->deck, patience(job, s), job->progress,
                      &w->report, &w->diag);
  if (w->report.warnings && !warned)
    w->report.warned = s;
  if (st == QN_ETOOL) {
    qn_diag why = w->diag;

    return qn_diag_set(&w->diag, st, job->folder, n->deck,
                       "ngspice failed: %.400s; its files are kept there",
                       why.message);
  }
  return st ? st : collect(job, n, s, &w->report, &w->diag);
}

static qn_status run_sequence(size_t s, unsigned worker, void *arg)
{
  const struct job *job = arg;
  struct worker *w = &job->worker[worker];
  struct names n = {0};
  qn_status st =
    qn_progress_tick(job->progress, "ngspice", s, job->data->sequences);

  if (!st)
    st = make_names(&n, job, s) ? run_named(job, &n, s, w)
                                : qn_diag_out_of_memory(&w->diag);
  if (st)
    w->failed = s;
  else
    remove_files(&n);
  release_names(&n);
  return st;
}

/* ---- all of them -------------------------------------------------------------------- */

static qn_status write_chip(struct job *job, qn_netlist_form form,
                            qn_diag *diag)
{
  char *path = NULL, *text = NULL;
  qn_status st =
    qn_chip_text_alloc(&text, job->chip, job->net, form,
                       (qn_noise_wanted){QN_NOISE_FROM_NOTHING, 0}, diag);

  job->chip_file = qn_text_format("%s.cir", job->stem);
  path = job->chip_file ? qn_text_format("%s/%s", job->folder, job->chip_file)
                        : NULL;
  if (!st)
    st = path ? qn_file_write(path, text, strlen(text), diag)
              : qn_diag_out_of_memory(diag);
  free(path);
  free(text);
  return st;
}

/* what one worker saw, to what others did; the first sequence's text counts */
static void add_warnings(const qn_spice_report *r, qn_spice_report *sum)
{
  if (r->warnings && (!sum->warnings || r->warned < sum->warned)) {
    sum->warned = r->warned;
    memcpy(sum->warning, r->warning, sizeof sum->warning);
  }
  sum->warnings += r->warnings;
}

static void sum_up(const struct job *job, unsigned workers,
                   qn_spice_report *report)
{
  for (unsigned i = 0; i < workers; i++) {
    const qn_spice_report *r = &job->worker[i].report;

    report->transient_s += r->transient_s;
    report->time_points += r->time_points;
    report->iterations += r->iterations;
    report->clipped_inputs += r->clipped_inputs;
    report->clipped_outputs += r->clipped_outputs;
    report->moved_worst = fmax(report->moved_worst, r->moved_worst);
    add_warnings(r, report);
  }
}

/* the diag of the first sequence that failed */
static void pass_on(const struct job *job, unsigned workers, qn_diag *diag)
{
  const struct worker *first = &job->worker[0];

  for (unsigned i = 1; i < workers; i++)
    if (job->worker[i].failed < first->failed)
      first = &job->worker[i];
  if (diag && first->failed != SIZE_MAX)
    *diag = first->diag;
}

static qn_status run_all(struct job *job, qn_netlist_form form,
                         unsigned workers, qn_spice_report *report,
                         qn_diag *diag)
{
  qn_status st;

  job->stem = qn_expression_stem(job->chip->name);
  job->worker = calloc(workers, sizeof *job->worker);
  if (!job->stem || !job->worker)
    return qn_diag_out_of_memory(diag);
  for (unsigned i = 0; i < workers; i++)
    job->worker[i].failed = SIZE_MAX;
  st = write_chip(job, form, diag);
  if (st)
    return st;
  st = qn_parallel_for(job->data->sequences, workers, run_sequence, job);
  sum_up(job, workers, report);
  if (st)
    pass_on(job, workers, diag);
  else
    st = qn_progress_tick(job->progress, "ngspice", job->data->sequences,
                          job->data->sequences);
  return st;
}

qn_status qn_spice_run_form(const qn_chip *chip, const qn_network *net,
                            const qn_dataset *data,
                            const qn_spice_accuracy *accuracy,
                            qn_netlist_form form, unsigned workers,
                            const qn_progress *progress, qn_trace *out,
                            qn_spice_report *report, qn_diag *diag)
{
  struct job job = {
    .chip = chip,
    .net = net,
    .data = data,
    .accuracy = accuracy ? *accuracy : qn_spice_accuracy_default(chip),
    .progress = progress,
    .out = out,
  };
  qn_status st = qn_process_require("ngspice", "ngspice", diag);

  *report = (qn_spice_report){0};
  if (!st)
    st = qn_file_temporary_folder(&job.folder, diag);
  if (!st)
    st = run_all(&job, form, workers ? workers : 1, report, diag);
  if (job.folder && st != QN_ETOOL)
    qn_file_remove_folder(job.folder);
  free(job.folder);
  free(job.stem);
  free(job.chip_file);
  free(job.worker);
  return st;
}

qn_status qn_spice_run(const qn_chip *chip, const qn_network *net,
                       const qn_dataset *data,
                       const qn_spice_accuracy *accuracy, unsigned workers,
                       const qn_progress *progress, qn_trace *out,
                       qn_spice_report *report, qn_diag *diag)
{
  return qn_spice_run_form(chip, net, data, accuracy, QN_NETLIST_CELLS, workers,
                           progress, out, report, diag);
}
