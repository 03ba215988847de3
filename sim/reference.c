/* reference.c - ncps' fused steps. */
#include <quench/reference.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quench/parallel.h>

/* one worker's room */
struct workspace {
  double *v, *next;      /* [units] */
  double *cm_t;          /* [units] */
  double *numerator_s;   /* [units] sensory sums of the sample */
  double *denominator_s; /* [units] */
  double *x;             /* [inputs] */
};

struct run {
  const qn_network *net;
  const qn_dataset *data;
  unsigned unfolds;
  const qn_progress *progress;
  qn_trace *out;
  struct workspace *workspace; /* [workers] */
};

static double logistic(double x)
{
  return 1 / (1 + exp(-x));
}

static void sensory_sums(const struct run *run, const double *input,
                         struct workspace *w)
{
  const qn_network *net = run->net;
  const qn_synapses *s = &net->ltc.sensory;

  for (size_t k = 0; k < net->inputs; k++)
    w->x[k] = input[k] * net->input_map.w[k] + net->input_map.b[k];
  for (size_t j = 0; j < net->units; j++) {
    w->numerator_s[j] = w->denominator_s[j] = 0;
    for (size_t i = s->first[j]; i < s->first[j + 1]; i++) {
      const qn_synapse *y = &s->at[i];
      double a = y->w * logistic((w->x[y->pre] - y->mu) * y->sigma);

      w->numerator_s[j] += a * y->erev;
      w->denominator_s[j] += a;
    }
  }
}

/* every neuron from the old states (Jacobi) */
static void unfold(const qn_network *net, struct workspace *w)
{
  const qn_ltc *ltc = &net->ltc;
  const qn_synapses *s = &ltc->recurrent;
  double *swap = w->v;

  for (size_t j = 0; j < net->units; j++) {
    double numerator = 0, denominator = 0;

    for (size_t i = s->first[j]; i < s->first[j + 1]; i++) {
      const qn_synapse *y = &s->at[i];
      double a = y->w * logistic((w->v[y->pre] - y->mu) * y->sigma);

      numerator += a * y->erev;
      denominator += a;
    }
    numerator = (w->cm_t[j] * w->v[j] + ltc->gleak[j] * ltc->vleak[j]) +
                (numerator + w->numerator_s[j]);
    denominator =
      (w->cm_t[j] + ltc->gleak[j]) + (denominator + w->denominator_s[j]);
    w->next[j] = numerator / (denominator + ltc->epsilon);
  }
  w->v = w->next;
  w->next = swap;
}

static void step(const struct run *run, size_t row, struct workspace *w)
{
  const qn_network *net = run->net;
  double span = qn_dataset_span(run->data, row);

  for (size_t j = 0; j < net->units; j++)
    w->cm_t[j] = net->ltc.cm[j] / (span / run->unfolds);
  sensory_sums(run, run->data->inputs + row * net->inputs, w);
  for (unsigned u = 0; u < run->unfolds; u++)
    unfold(net, w);
}

static qn_status run_sequence(size_t s, unsigned worker, void *arg)
{
  const struct run *run = arg;
  struct workspace *w = &run->workspace[worker];
  size_t units = run->net->units;

  memset(w->v, 0, units * sizeof *w->v);
  for (size_t row = run->data->first[s]; row < run->data->first[s + 1]; row++) {
    step(run, row, w);
    memcpy(run->out->state + row * units, w->v, units * sizeof *w->v);
    qn_trace_read_out(run->out, run->net, row);
  }
  return qn_progress_tick(run->progress, "reference", s + 1,
                          run->data->sequences);
}

static qn_status make_room(const qn_network *net, struct workspace *w)
{
  size_t n = net->units;

  w->v = malloc(n * sizeof *w->v);
  w->next = malloc(n * sizeof *w->next);
  w->cm_t = malloc(n * sizeof *w->cm_t);
  w->numerator_s = malloc(n * sizeof *w->numerator_s);
  w->denominator_s = malloc(n * sizeof *w->denominator_s);
  w->x = malloc(net->inputs * sizeof *w->x);
  return w->v && w->next && w->cm_t && w->numerator_s && w->denominator_s &&
             w->x
           ? QN_OK
           : QN_ENOMEM;
}

static void free_room(struct workspace *w)
{
  free(w->v), free(w->next);
  free(w->cm_t);
  free(w->numerator_s), free(w->denominator_s);
  free(w->x);
}

qn_status qn_reference_run(const qn_network *net, const qn_dataset *data,
                           unsigned unfolds, unsigned workers,
                           const qn_progress *progress, qn_trace *out)
{
  struct run run = {.net = net,
                    .data = data,
                    .unfolds = unfolds ? unfolds : net->ltc.unfolds,
                    .progress = progress,
                    .out = out};
  qn_status st = QN_OK;

  workers = workers ? workers : 1;
  run.workspace = calloc(workers, sizeof *run.workspace);
  if (!run.workspace)
    return QN_ENOMEM;
  for (unsigned i = 0; i < workers && !st; i++)
    st = make_room(net, &run.workspace[i]);
  if (!st)
    st = qn_parallel_for(data->sequences, workers, run_sequence, &run);
  for (unsigned i = 0; i < workers; i++)
    free_room(&run.workspace[i]);
  free(run.workspace);
  return st;
}
