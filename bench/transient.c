/* transient.c - `ode` and `analog` against ngspice's own transient, at the same
 * error.
 *
 *   bench-transient TECHNOLOGY NET DATA [SEQUENCES [STEPS]]
 *
 * All run the same sequences on one core. The error is the worst membrane at
 * any sample's end in its swing, from a solution at 1e-12. Each side takes the
 * fastest of its settings that meets the error: ours a tolerance; ngspice, on
 * the form of the deck that it runs fastest, reltol and trtol by the number of
 * its Newton iterations, which no other load disturbs (gear never beats trap:
 * docs/netlists.md). ngspice's time is the wall-clock time that it says its
 * transient analysis took: no start-up, no parsing, no raw file; ours is that
 * of the whole call, readers excluded. Medians of 25 runs; of 3 for ngspice. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/clock.h>
#include <quench/catalogue.h>
#include <quench/mapper.h>
#include <quench/metric.h>
#include <quench/netlist.h>
#include <quench/ode.h>

/* ours take milliseconds each: the first are slower than the rest */
enum { RUNS = 25 };

struct bench {
  qn_network *net;
  qn_dataset *data; /* the few sequences that are timed */
  qn_chip *chip;
  double *swing; /* [units] of the whole dataset */
  qn_trace *exact, *got;
};

static void stop(const qn_diag *diag)
{
  fprintf(stderr, "bench: %s %s %s\n", diag->file, diag->place, diag->message);
  exit(1);
}

/* ---- set-up ------------------------------------------------------------------ */

/* sequences longer than `steps` end there */
static void shorten(qn_dataset *data, size_t steps)
{
  size_t rows = 0;

  for (size_t s = 0; s < data->sequences; s++) {
    size_t from = data->first[s], n = data->first[s + 1] - from;

    n = n < steps ? n : steps;
    data->first[s] = rows;
    memmove(data->inputs + rows * data->features,
            data->inputs + from * data->features,
            n * data->features * sizeof *data->inputs);
    rows += n;
  }
  data->first[data->sequences] = rows;
  data->rows = rows;
}

/* of the whole dataset; a tolerance of 1e-6 is plenty for a swing */
static void measure_swing(struct bench *b, const qn_dataset *all)
{
  qn_ode_options opt = {.tolerance = 1e-6, .workers = 2};
  qn_diag diag = {0};
  qn_trace *trace;

  b->swing = malloc(b->net->units * sizeof *b->swing);
  if (!b->swing || qn_trace_alloc(&trace, b->net, all) ||
      qn_ltc_run(b->net, all, &opt, trace, NULL, &diag))
    stop(&diag);
  qn_swing_of(trace, b->swing);
  qn_trace_free(trace);
}

static void open_bench(struct bench *b, int argc, char **argv)
{
  qn_diag diag = {0};
  qn_technology tech;
  qn_dataset *all;
  const char *dot = strrchr(argv[3], '.');
  size_t sequences = argc > 4 ? strtoul(argv[4], NULL, 10) : 3;
  qn_input_scale scale =
    dot && !strcmp(dot, ".csv") ? QN_INPUT_RAW : QN_INPUT_AS_IS;

  if (qn_network_read(&b->net, argv[2], &diag) ||
      qn_dataset_read(&all, argv[3], b->net, scale, &diag) ||
      qn_technology_open(&tech, argv[1], &diag) ||
      qn_chip_map(&b->chip, b->net, &tech, &diag))
    stop(&diag);
  measure_swing(b, all);
  if (qn_dataset_pick(&b->data, all,
                      sequences < all->sequences ? sequences : all->sequences))
    stop(&diag);
  if (argc > 5)
    shorten(b->data, strtoul(argv[5], NULL, 10));
  qn_dataset_free(all);
  if (qn_trace_alloc(&b->exact, b->net, b->data) ||
      qn_trace_alloc(&b->got, b->net, b->data))
    stop(&diag);
}

static void close_bench(struct bench *b)
{
  qn_trace_free(b->got);
  qn_trace_free(b->exact);
  qn_chip_free(b->chip);
  qn_dataset_free(b->data);
  free(b->swing);
  qn_network_free(b->net);
}

static double error_of(const struct bench *b)
{
  return qn_difference_of(b->got, b->exact, b->swing).worst_percent / 100;
}

/* ---- our side ----------------------------------------------------------------- */

typedef qn_status run_fn(const struct bench *b, const qn_ode_options *opt,
                         qn_trace *out, qn_diag *diag);

static qn_status run_ode(const struct bench *b, const qn_ode_options *opt,
                         qn_trace *out, qn_diag *diag)
{
  return qn_ltc_run(b->net, b->data, opt, out, NULL, diag);
}

static qn_status run_analog(const struct bench *b, const qn_ode_options *opt,
                            qn_trace *out, qn_diag *diag)
{
  return qn_chip_run(b->chip, b->net, b->data, opt, out, NULL, diag);
}

/* then the network's own equation is solved too */
static int is_ideal(const struct bench *b)
{
  return !strcmp(b->chip->technology.name, "ideal");
}

static int by_size(const void *a, const void *b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

/* seconds of the loosest tolerance that meets the error */
static double time_ours(const struct bench *b, run_fn *run, double error,
                        double *tolerance, double *reached)
{
  qn_ode_options opt = {.tolerance = 1e-3, .workers = 1};
  double seconds[RUNS];
  qn_diag diag = {0};

  do {
    opt.tolerance /= pow(10, 0.25);
    if (run(b, &opt, b->got, &diag))
      stop(&diag);
    *reached = error_of(b);
  } while (!(*reached <= error));
  for (int i = 0; i < RUNS; i++) {
    double started = qn_clock_now();

    run(b, &opt, b->got, &diag);
    seconds[i] = qn_clock_now() - started;
  }
  qsort(seconds, RUNS, sizeof *seconds, by_size);
  *tolerance = opt.tolerance;
  return seconds[RUNS / 2];
}

/* ---- ngspice ------------------------------------------------------------------- */

struct setting {
  double reltol, trtol; /* factors of the rule in qn_spice_accuracy_for() */
  double seconds, reached;
  size_t iterations;
};

static void run_ngspice(const struct bench *b, double error,
                        struct setting *setting)
{
  qn_spice_accuracy accuracy = qn_spice_accuracy_for(b->chip, error);
  qn_spice_report report = {0};
  qn_diag diag = {0};

  accuracy.reltol *= setting->reltol;
  accuracy.trtol *= setting->trtol;
  if (qn_spice_run_form(b->chip, b->net, b->data, &accuracy, QN_NETLIST_FLAT, 1,
                        NULL, b->got, &report, &diag))
    stop(&diag);
  setting->seconds = report.transient_s;
  setting->iterations = report.iterations;
  setting->reached = error_of(b);
}

/* A run of a large network takes minutes: its search is coarse. */
static int is_large(const struct bench *b)
{
  return b->chip->recurrent.count + b->chip->sensory.count > 500;
}

/* For each reltol the largest trtol that still meets the error; of these the
 * one with the fewest iterations. */
static struct setting search_ngspice(const struct bench *b, double error)
{
  static const double reltols[] = {0.3, 0.1, 1};
  struct setting best = {.iterations = SIZE_MAX};
  double step = is_large(b) ? 4 : sqrt(2);

  for (int r = 0; r < (is_large(b) ? 1 : 3); r++)
    for (double factor = 1024; factor > 0.2; factor /= step) {
      struct setting s = {.reltol = reltols[r], .trtol = factor};

      run_ngspice(b, error, &s);
      if (!(s.reached <= error))
        continue;
      if (s.iterations < best.iterations)
        best = s;
      break; /* smaller factors are slower */
    }
  return best;
}

static void time_ngspice(const struct bench *b, double error,
                         struct setting *setting)
{
  double seconds[3] = {setting->seconds};

  if (is_large(b))
    return;
  for (int i = 0; i < 3; i++) {
    run_ngspice(b, error, setting);
    seconds[i] = setting->seconds;
  }
  qsort(seconds, 3, sizeof *seconds, by_size);
  setting->seconds = seconds[1];
}

/* ---- the table ------------------------------------------------------------------- */

static void compare_at(const struct bench *b, double error)
{
  static const struct {
    const char *name;
    run_fn *run;
  } ours[] = {{"ode", run_ode}, {"analog", run_analog}};
  struct setting s = search_ngspice(b, error);
  double steps = (double)b->data->rows;

  if (s.iterations == SIZE_MAX) {
    printf("  error %.0e: no setting of ngspice reached it\n", error);
    return;
  }
  time_ngspice(b, error, &s);
  printf("  error %.0e of the swing\n    ngspice %10.1f us a step  reached "
         "%.1e (reltol x %g, trtol x %.3g%s)\n",
         error, s.seconds / steps * 1e6, s.reached, s.reltol, s.trtol,
         is_large(b) ? ", coarse search" : "");
  for (int i = is_ideal(b) ? 0 : 1; i < 2; i++) {
    double tolerance, reached;
    double seconds = time_ours(b, ours[i].run, error, &tolerance, &reached);

    printf("    %-7s %10.1f us a step  reached %.1e (tolerance %.1e)  %6.0f x "
           "faster\n",
           ours[i].name, seconds / steps * 1e6, reached, tolerance,
           s.seconds / seconds);
  }
  fflush(stdout);
}

int main(int argc, char **argv)
{
  qn_ode_options fine = {.tolerance = 1e-12, .workers = 1};
  struct bench b = {0};
  qn_diag diag = {0};

  if (argc < 4) {
    fprintf(stderr, "usage: bench-transient TECHNOLOGY NET DATA [SEQUENCES "
                    "[STEPS]]\n");
    return 2;
  }
  open_bench(&b, argc, argv);
  if (is_ideal(&b) ? run_ode(&b, &fine, b.exact, &diag)
                   : run_analog(&b, &fine, b.exact, &diag))
    stop(&diag);
  printf("%s: transient of %zu sequences, %zu steps, technology %s\n",
         b.net->name, b.data->sequences, b.data->rows, argv[1]);
  compare_at(&b, 1e-4);
  compare_at(&b, 1e-5);
  close_bench(&b);
  return 0;
}
