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

enum { INPUTS = 2 };

static void stop(const char *what)
{
  fprintf(stderr, "bench-disturb: %s\n", what);
  exit(1);
}

/* xorshift64*: uniform in [low, high) */
static double uniform(double low, double high)
{
  static uint64_t x = 88172645463325252u;

  x ^= x >> 12, x ^= x << 25, x ^= x >> 27;
  return low +
         (high - low) * (double)(x * 2685821657736338717u >> 11) * 0x1p-53;
}

static double *draw(size_t n, double low, double high)
{
  double *v = malloc((n + 1) * sizeof *v);

  if (!v)
    stop("out of memory");
  for (size_t i = 0; i < n; i++)
    v[i] = uniform(low, high);
  return v;
}

static qn_synapses draw_synapses(size_t pre, size_t post)
{
  qn_synapses s = {.count = pre * post};

  s.at = malloc(s.count * sizeof *s.at);
  s.first = malloc((post + 1) * sizeof *s.first);
  if (!s.at || !s.first)
    stop("out of memory");
  for (size_t j = 0; j <= post; j++)
    s.first[j] = j * pre;
  for (size_t i = 0; i < s.count; i++)
    s.at[i] = (qn_synapse){.pre = (uint32_t)(i % pre),
                           .post = (uint32_t)(i / pre),
                           .w = uniform(0.001, 1),
                           .sigma = uniform(3, 8),
                           .mu = uniform(0.3, 0.8),
                           .erev = uniform(0, 1) < 0.5 ? -1 : 1};
  return s;
}

static qn_network draw_network(size_t units)
{
  static char name[] = "dense", one[] = "x", two[] = "y";
  static char *inputs[] = {one, two}, *outputs[] = {one};
  qn_network net = {.path = name,
                    .name = name,
                    .cell = QN_CELL_LTC,
                    .inputs = INPUTS,
                    .units = units,
                    .outputs = 1,
                    .layers = 1,
                    .input_names = inputs,
                    .output_names = outputs};

  net.ltc = (qn_ltc){.cm = draw(units, 0.4, 0.6),
                     .gleak = draw(units, 0.001, 1),
                     .vleak = draw(units, -0.2, 0.2),
                     .recurrent = draw_synapses(units, units),
                     .sensory = draw_synapses(INPUTS, units),
                     .unfolds = 6};
  net.input_map =
    (qn_map){QN_MAP_NONE, INPUTS, draw(INPUTS, 1, 1), draw(INPUTS, 0, 0)};
  net.output_map = (qn_map){QN_MAP_NONE, 1, draw(1, 1, 1), draw(1, 0, 0)};
  return net;
}

static void time_chip(const qn_network *net, size_t samples, const char *volts)
{
  size_t first[] = {0, samples};
  qn_dataset data = {.sequences = 1,
                     .rows = samples,
                     .features = INPUTS,
                     .first = first,
                     .inputs = draw(samples * INPUTS, -1, 1)};
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
  net = draw_network((size_t)units);
  time_chip(&net, (size_t)atol(argv[2]), argv[3]);
  free(net.ltc.cm), free(net.ltc.gleak), free(net.ltc.vleak);
  free(net.ltc.recurrent.at), free(net.ltc.recurrent.first);
  free(net.ltc.sensory.at), free(net.ltc.sensory.first);
  free(net.input_map.w), free(net.input_map.b);
  free(net.output_map.w), free(net.output_map.b);
  return 0;
}
