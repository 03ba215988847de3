/* disturb.c - the transient of a dense chip whose memristors move while it runs.
 *
 *   bench-disturb UNITS SAMPLES READ_VOLTAGE
 *
 * A random network as ncps draws one, every neuron onto every neuron, on
 * sky130_reram with read disturb and its rails READ_VOLTAGE apart; one sequence
 * of random inputs on one core. */
#include <stdio.h>
#include <stdlib.h>

#include <quench/clock.h>
#include <quench/die.h>
#include <quench/ode.h>

#include "bench/dense.h"

static void stop(const char *what)
{
  fprintf(stderr, "bench-disturb: %s\n", what);
  exit(1);
}

static void time_chip(const qn_network *net, size_t samples, const char *volts)
{
  size_t first[] = {0, samples};
  qn_dataset data = {.sequences = 1,
                     .rows = samples,
                     .features = DENSE_INPUTS,
                     .first = first,
                     .inputs = dense_inputs(samples)};
  char technology[256];
  qn_ode_report report;
  qn_diag diag = {0};
  qn_trace *trace;
  qn_chip *chip;
  double started;

  snprintf(technology, sizeof technology,
           "sky130_reram,memristor.read_disturb=on,memristor.read_voltage_v=%s,"
           "scale.volts_per_unit_max=10,supply.voltage_v=6,"
           "supply.common_mode_v=3,driver.high_v=6",
           volts);
  if (qn_chip_open(&chip, net, technology, NULL, &diag) ||
      qn_trace_alloc(&trace, net, &data))
    stop(diag.message);
  started = qn_clock_now();
  if (qn_chip_run(chip, net, &data, &qn_ode_options_default, trace, &report,
                  &diag))
    stop(diag.message);
  printf("  rails %s V apart: %zu memristors, %zu samples of %.3g us, %.2f s, "
         "%ld steps, %ld right-hand sides;\n  farthest that a state moved: "
         "%.3g of its range\n",
         volts, chip->memristors, samples, chip->seconds_per_unit * 1e6,
         qn_clock_now() - started, report.steps, report.rhs_calls,
         report.moved_worst);
  free(data.inputs);
  qn_trace_free(trace);
  qn_chip_free(chip);
}

int main(int argc, char **argv)
{
  qn_network net;
  long units = argc == 4 ? atol(argv[1]) : 0;

  if (units < 1)
    stop("expected UNITS SAMPLES READ_VOLTAGE");
  dense_open(&net, (size_t)units);
  time_chip(&net, (size_t)atol(argv[2]), argv[3]);
  dense_close(&net);
  return 0;
}
