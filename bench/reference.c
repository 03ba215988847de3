/* reference.c - how fast the reference runs a network on one core.
 *
 *   bench-reference NET SEQUENCES STEPS    seconds a step, as one number
 *   bench-reference sigmoid                ns a sigmoid of this machine
 *   bench-reference write FILE UNITS       a random network, 20 synapses a neuron
 *   bench-reference scale FILE             run it
 *
 * Inputs are random. Medians of several runs; the reader is not timed. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <quench/clock.h>
#include <quench/reference.h>
#include <quench/safetensors.h>

#include "sim/step.h"

enum { RUNS = 9 };

static void stop(const char *what)
{
  fprintf(stderr, "bench-reference: %s\n", what);
  exit(1);
}

static int by_size(const void *a, const void *b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

/* xorshift64*: uniform in [0, 1) */
static double uniform(void)
{
  static uint64_t x = 88172645463325252u;

  x ^= x >> 12, x ^= x << 25, x ^= x >> 27;
  return (double)(x * 2685821657736338717u >> 11) * 0x1p-53;
}

/* ---- one network ------------------------------------------------------------------ */

static void draw_data(qn_dataset *data, size_t features, size_t sequences,
                      size_t steps)
{
  *data = (qn_dataset){
    .sequences = sequences, .rows = sequences * steps, .features = features};
  data->first = malloc((sequences + 1) * sizeof *data->first);
  data->inputs = malloc(data->rows * features * sizeof *data->inputs);
  if (!data->first || !data->inputs)
    stop("out of memory");
  for (size_t s = 0; s <= sequences; s++)
    data->first[s] = s * steps;
  for (size_t i = 0; i < data->rows * features; i++)
    data->inputs[i] = 2 * uniform() - 1;
}

/* seconds a run */
static double time_run(const qn_network *net, const qn_dataset *data, int runs)
{
  double seconds[RUNS];
  qn_trace *trace;

  if (qn_trace_alloc(&trace, net, data))
    stop("out of memory");
  for (int i = -1; i < runs; i++) { /* the first is not counted */
    double started = qn_clock_now();

    if (qn_reference_run(net, data, 0, 1, NULL, trace))
      stop("the reference failed");
    if (i >= 0)
      seconds[i] = qn_clock_now() - started;
  }
  qn_trace_free(trace);
  qsort(seconds, (size_t)runs, sizeof *seconds, by_size);
  return seconds[runs / 2];
}

static void time_network(const char *path, size_t sequences, size_t steps)
{
  qn_diag diag = {0};
  qn_network *net;
  qn_dataset data;

  if (qn_network_read(&net, path, &diag))
    stop(diag.message);
  draw_data(&data, net->inputs, sequences, steps);
  printf("%.9g\n", time_run(net, &data, RUNS) / (double)steps);
  free(data.first);
  free(data.inputs);
  qn_network_free(net);
}

/* ---- sigmoids ------------------------------------------------------------------------ */

/* ns each, of an array that stays in the first cache */
static void time_sigmoid(void)
{
  enum { N = 1024, TIMES = 2000 };
  static double x[N], y[N];
  double seconds[RUNS];

  for (int i = 0; i < N; i++)
    x[i] = 12 * uniform() - 6;
  for (int r = 0; r < RUNS; r++) {
    double started = qn_clock_now();

    for (int t = 0; t < TIMES; t++)
      qn_step_kernel_best()->logistic(x, y, N);
    seconds[r] = qn_clock_now() - started;
  }
  qsort(seconds, RUNS, sizeof *seconds, by_size);
  if (!(y[0] > 0))
    stop("no sigmoid");
  printf("%.4g\n", seconds[RUNS / 2] / N / TIMES * 1e9);
}

/* ---- scale ------------------------------------------------------------------------------ */

enum { FAN_IN = 20, UNFOLDS = 6, STEPS = 2 };

static qn_tensor tensor(const char *name, qn_dtype dtype, size_t rows,
                        size_t columns, size_t size)
{
  qn_tensor t = {.name = name,
                 .dtype = dtype,
                 .rank = columns ? 2 : 1,
                 .shape = {rows, columns},
                 .count = rows * (columns ? columns : 1)};

  t.data = malloc(t.count * size);
  if (!t.data)
    stop("out of memory");
  return t;
}

static qn_tensor uniform_tensor(const char *name, size_t n, double low,
                                double high)
{
  qn_tensor t = tensor(name, QN_F32, n, 0, sizeof(float));
  float *value = (float *)t.data;

  for (size_t i = 0; i < n; i++)
    value[i] = (float)(low + (high - low) * uniform());
  return t;
}

/* distinct pairs: synapse i of neuron j comes from the i-th piece of all */
static qn_tensor random_pairs(const char *name, size_t sources, size_t units,
                              size_t fan_in)
{
  qn_tensor t = tensor(name, QN_I32, units * fan_in, 2, sizeof(int32_t));
  int32_t *pair = (int32_t *)t.data;

  for (size_t j = 0; j < units; j++)
    for (size_t i = 0; i < fan_in; i++) {
      size_t piece = sources / fan_in;

      *pair++ = (int32_t)(i * piece + (size_t)(uniform() * (double)piece));
      *pair++ = (int32_t)j;
    }
  return t;
}

/* as ncps draws its parameters, synapses in lists */
static void write_sparse(const char *path, size_t units)
{
  size_t n = units * FAN_IN;
  char json[400];
  qn_diag diag = {0};
  qn_tensor all[] = {
    uniform_tensor("rnn_cell.cm", units, 0.4, 0.6),
    uniform_tensor("rnn_cell.gleak", units, 0.001, 1),
    uniform_tensor("rnn_cell.vleak", units, -0.2, 0.2),
    random_pairs("rnn_cell.synapses", units, units, FAN_IN),
    uniform_tensor("rnn_cell.w", n, 0.001, 1),
    uniform_tensor("rnn_cell.sigma", n, 3, 8),
    uniform_tensor("rnn_cell.mu", n, 0.3, 0.8),
    uniform_tensor("rnn_cell.erev", n, -1, 1),
    random_pairs("rnn_cell.sensory_synapses", 10, units, 1),
    uniform_tensor("rnn_cell.sensory_w", units, 0.001, 1),
    uniform_tensor("rnn_cell.sensory_sigma", units, 3, 8),
    uniform_tensor("rnn_cell.sensory_mu", units, 0.3, 0.8),
    uniform_tensor("rnn_cell.sensory_erev", units, -1, 1),
  };
  enum { COUNT = sizeof all / sizeof *all };

  snprintf(
    json, sizeof json,
    "{\"cell\": \"ltc\", \"inputs\": 10, \"units\": %zu, \"outputs\": 1, "
    "\"mixed_memory\": false, \"ode_unfolds\": %d, \"epsilon\": 1e-8, "
    "\"input_mapping\": null, \"output_mapping\": null, "
    "\"implicit_param_constraints\": true}",
    units, UNFOLDS);
  if (qn_safetensors_write(path, all, COUNT, "quench.network", json, &diag))
    stop(diag.message);
  for (size_t i = 0; i < COUNT; i++)
    free((void *)all[i].data);
}

static double heap_bytes(void)
{
  struct mallinfo2 m = mallinfo2();

  return (double)(m.uordblks + m.hblkhd);
}

static double peak_bytes(void)
{
  struct rusage usage;

  getrusage(RUSAGE_SELF, &usage);
  return 1024.0 * (double)usage.ru_maxrss;
}

/* called while the run still holds its memory */
static void note_heap(void *arg, const char *task, size_t done, size_t total)
{
  (void)task, (void)done, (void)total;
  *(double *)arg = heap_bytes();
}

/* one sequence; the memory is the network's and the run's, trace included */
static void run_sparse(const char *path)
{
  double bytes, seconds, synapses, opened;
  qn_progress progress = {.report = note_heap, .arg = &bytes};
  qn_diag diag = {0};
  qn_network *net;
  qn_dataset data;
  qn_trace *trace;

  if (qn_network_read(&net, path, &diag))
    stop(diag.message);
  synapses = (double)net->ltc.recurrent.count;
  opened = synapses * UNFOLDS + (double)net->ltc.sensory.count;
  draw_data(&data, net->inputs, 1, STEPS);
  seconds = time_run(net, &data, 3);
  if (qn_trace_alloc(&trace, net, &data) ||
      qn_reference_run(net, &data, 0, 1, &progress, trace))
    stop("the reference failed");
  printf(
    "  %6zu neurons, %7.0f synapses: %4.1f ns a synapse and unfold; running "
    "%.1f bytes a synapse, reading %.1f\n",
    net->units, synapses, seconds / STEPS / opened * 1e9, bytes / synapses,
    peak_bytes() / synapses);
  qn_trace_free(trace);
  free(data.first);
  free(data.inputs);
  qn_network_free(net);
}

int main(int argc, char **argv)
{
  if (argc == 4 && strcmp(argv[1], "write"))
    time_network(argv[1], strtoul(argv[2], NULL, 10),
                 strtoul(argv[3], NULL, 10));
  else if (argc == 2 && !strcmp(argv[1], "sigmoid"))
    time_sigmoid();
  else if (argc == 4 && !strcmp(argv[1], "write"))
    write_sparse(argv[2], strtoul(argv[3], NULL, 10));
  else if (argc == 3 && !strcmp(argv[1], "scale"))
    run_sparse(argv[2]);
  else
    stop("see bench/reference.c");
  return 0;
}
