/* transient.c - `ode` and `analog` against ngspice's own transient, at the same
 * error.
 *
 *   bench-transient NET DATA [SEQUENCES [STEPS]]
 *
 * All run the same sequences on one core. The error is the worst membrane at
 * any sample's end in its swing, from a solution at 1e-12. Each side takes the
 * fastest of its settings that meets the error: ours a tolerance; ngspice both
 * ways of writing the deck, both methods and truncation factors. ngspice's time
 * is what it says its transient analysis took: no start-up, no parsing, no raw
 * file; ours is the processor time of the whole call, readers excluded. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <quench/catalogue.h>
#include <quench/mapper.h>
#include <quench/metric.h>
#include <quench/netlist.h>
#include <quench/ode.h>

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

static double processor_time(void)
{
  struct timespec t;

  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
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

/* 0.05 % is far below what a swing is rounded to here */
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
  const char *dot = strrchr(argv[2], '.');
  size_t sequences = argc > 3 ? strtoul(argv[3], NULL, 10) : 3;
  qn_input_scale scale =
    dot && !strcmp(dot, ".csv") ? QN_INPUT_RAW : QN_INPUT_AS_IS;

  if (qn_network_read(&b->net, argv[1], &diag) ||
      qn_dataset_read(&all, argv[2], b->net, scale, &diag) ||
      qn_technology_open(&tech, "ideal", &diag) ||
      qn_chip_map(&b->chip, b->net, &tech, &diag))
    stop(&diag);
  measure_swing(b, all);
  if (qn_dataset_pick(&b->data, all,
                      sequences < all->sequences ? sequences : all->sequences))
    stop(&diag);
  if (argc > 4)
    shorten(b->data, strtoul(argv[4], NULL, 10));
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

/* seconds of the loosest tolerance that meets the error, median of 5 */
static int by_size(const void *a, const void *b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static double time_ours(const struct bench *b, run_fn *run, double error,
                        double *tolerance, double *reached)
{
  qn_ode_options opt = {.tolerance = 1e-3, .workers = 1};
  double seconds[5];
  qn_diag diag = {0};

  do {
    opt.tolerance /= pow(10, 0.25);
    if (run(b, &opt, b->got, &diag))
      stop(&diag);
    *reached = error_of(b);
  } while (!(*reached <= error));
  for (int i = 0; i < 5; i++) {
    double started = processor_time();

    run(b, &opt, b->got, &diag);
    seconds[i] = processor_time() - started;
  }
  qsort(seconds, 5, sizeof *seconds, by_size);
  *tolerance = opt.tolerance;
  return seconds[2];
}

/* ---- ngspice ------------------------------------------------------------------- */

struct setting {
  qn_netlist_form form;
  const char *method;
  double factor; /* of the default trtol */
  double seconds, reached;
};

static void try_ngspice(const struct bench *b, double error,
                        struct setting *setting)
{
  qn_spice_accuracy accuracy = qn_spice_accuracy_for(b->chip, error);
  qn_spice_report report = {0};
  qn_diag diag = {0};

  accuracy.method = setting->method;
  accuracy.trtol *= setting->factor;
  if (qn_spice_run_form(b->chip, b->net, b->data, &accuracy, setting->form, 1,
                        NULL, b->got, &report, &diag))
    stop(&diag);
  setting->seconds = report.transient_s;
  setting->reached = error_of(b);
}

/* For each form and method the largest truncation factor that still meets the
 * error; the fastest of them all. */
static struct setting search_ngspice(const struct bench *b, double error)
{
  static const char *const methods[] = {"trap", "gear"};
  static const double factors[] = {100, 30, 10, 3, 1, 0.3, 0.1, 0.03};
  struct setting best = {.seconds = HUGE_VAL};

  for (int form = QN_NETLIST_CELLS; form <= QN_NETLIST_FLAT; form++)
    for (int m = 0; m < 2; m++)
      for (size_t f = 0; f < sizeof factors / sizeof *factors; f++) {
        struct setting s = {(qn_netlist_form)form, methods[m], factors[f], 0,
                            0};

        try_ngspice(b, error, &s);
        if (!(s.reached <= error))
          continue;
        if (s.seconds < best.seconds)
          best = s;
        break; /* smaller factors are slower */
      }
  return best;
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

  if (!isfinite(s.seconds)) {
    printf("  error %.0e: no setting of ngspice reached it\n", error);
    return;
  }
  printf("  error %.0e of the swing\n    ngspice %10.1f us a step  reached "
         "%.1e (%s, %s, trtol x %g)\n",
         error, s.seconds / steps * 1e6, s.reached,
         s.form == QN_NETLIST_FLAT ? "flat" : "cells", s.method, s.factor);
  for (int i = 0; i < 2; i++) {
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

  if (argc < 3) {
    fprintf(stderr, "usage: bench-transient NET DATA [SEQUENCES [STEPS]]\n");
    return 2;
  }
  open_bench(&b, argc, argv);
  if (run_ode(&b, &fine, b.exact, &diag))
    stop(&diag);
  printf("%s: transient of %zu sequences, %zu steps, technology ideal\n",
         b.net->name, b.data->sequences, b.data->rows);
  compare_at(&b, 1e-4);
  compare_at(&b, 1e-5);
  close_bench(&b);
  return 0;
}
