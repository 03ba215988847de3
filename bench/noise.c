/* noise.c - what the covariance of noise costs beside the transient.
 *
 *   bench-noise UNITS                   a dense random network, 20 samples
 *   bench-noise NET DATA [KEY=VALUE...] one sequence of data
 *
 * On sky130_reram with its white noise, and what KEY=VALUE adds; one core,
 * tolerances 1e-6; the median of as many runs as half a second holds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/clock.h>
#include <quench/die.h>
#include <quench/noise.h>

#include "bench/dense.h"

static const double tolerance = 1e-6, patience_s = 0.5;

struct bench {
  const qn_chip *chip;
  const qn_network *net;
  const qn_dataset *data;
};

/* seconds of a run; a line about it where `tell` is not NULL */
typedef double time_fn(const struct bench *b, const char *tell);

static void stop(const qn_diag *diag)
{
  fprintf(stderr, "bench-noise: %s %s %s\n", diag->file, diag->place,
          diag->message);
  exit(1);
}

static double time_transient(const struct bench *b, const char *tell)
{
  qn_ode_options opt = {.tolerance = tolerance, .workers = 1};
  double started = qn_clock_now(), took;
  qn_diag diag = {0};
  qn_trace *trace;

  if (qn_trace_alloc(&trace, b->net, b->data) ||
      qn_chip_run(b->chip, b->net, b->data, &opt, trace, NULL, &diag))
    stop(&diag);
  took = qn_clock_now() - started;
  qn_trace_free(trace);
  (void)tell;
  return took;
}

static double time_noise(const struct bench *b, const char *tell)
{
  qn_noise_options opt = {.tolerance = tolerance, .workers = 1};
  double started = qn_clock_now(), took;
  qn_diag diag = {0};
  qn_noise *r;

  if (qn_noise_run(&r, b->chip, b->net, b->data, &opt, &diag))
    stop(&diag);
  took = qn_clock_now() - started;
  if (tell)
    printf("  %-16s %3zu units, %5zu memristors, %ld steps", tell,
           b->chip->units, b->chip->memristors, r->report.steps);
  if (tell && r->devices)
    printf(", %zu coloured sources of %zu poles (%zu slow, %zu white) as %zu "
           "processes, %.1g left out",
           r->devices, r->poles, r->frozen_poles, r->white_poles, r->processes,
           r->reduced_left);
  qn_noise_free(r);
  return took;
}

static int by_size(const void *a, const void *b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static double median(const struct bench *b, time_fn *run, const char *tell)
{
  enum { MOST = 25 };
  double took[MOST], sum = 0;
  size_t n = 0;

  while (n < MOST && (n == 0 || sum < patience_s)) {
    took[n] = run(b, n == 0 ? tell : NULL);
    sum += took[n++];
  }
  qsort(took, n, sizeof *took, by_size);
  return took[n / 2];
}

static void compare(const qn_network *net, const qn_dataset *data,
                    const char *more)
{
  char technology[1024];
  struct bench b = {.net = net, .data = data};
  double plain, noisy;
  qn_diag diag = {0};
  qn_chip *chip;

  snprintf(technology, sizeof technology,
           "sky130_reram,noise.memristor_flicker=0,"
           "noise.amplifier_flicker_v2=0%s%s",
           *more ? "," : "", more);
  if (qn_chip_open(&chip, net, technology, NULL, &diag))
    stop(&diag);
  b.chip = chip;
  plain = median(&b, time_transient, NULL);
  noisy = median(&b, time_noise, net->name);
  printf("\n  %-16s %.3g ms without noise, %.3g ms with: %.3g times\n", "",
         1e3 * plain, 1e3 * noisy, noisy / plain);
  qn_chip_free(chip);
}

static void compare_dense(size_t units)
{
  enum { SAMPLES = 20 };
  size_t first[] = {0, SAMPLES};
  qn_dataset data = {.sequences = 1,
                     .rows = SAMPLES,
                     .features = DENSE_INPUTS,
                     .first = first,
                     .inputs = dense_inputs(SAMPLES)};
  qn_network net;

  dense_open(&net, units);
  compare(&net, &data, "");
  dense_close(&net);
  free(data.inputs);
}

static void compare_trained(const char *network, const char *dataset,
                            const char *more)
{
  qn_diag diag = {0};
  qn_network *net;
  qn_dataset *all, *data;

  if (qn_network_read(&net, network, &diag) ||
      qn_dataset_read(&all, dataset, net, QN_INPUT_AS_IS, &diag) ||
      qn_dataset_pick(&data, all, 1))
    stop(&diag);
  compare(net, data, more);
  qn_dataset_free(data);
  qn_dataset_free(all);
  qn_network_free(net);
}

int main(int argc, char **argv)
{
  if (argc == 2 && atol(argv[1]) > 0)
    compare_dense((size_t)atol(argv[1]));
  else if (argc == 3 || argc == 4)
    compare_trained(argv[1], argv[2], argc > 3 ? argv[3] : "");
  else
    fprintf(stderr, "usage: bench-noise UNITS | NET DATA [KEY=VALUE,...]\n");
  return 0;
}
