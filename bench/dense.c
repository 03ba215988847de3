/* dense.c - see dense.h. */
#include "bench/dense.h"

#include <stdio.h>
#include <stdlib.h>

static void stop(void)
{
  fprintf(stderr, "bench: out of memory\n");
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
    stop();
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
    stop();
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

void dense_open(qn_network *net, size_t units)
{
  static char name[] = "dense", one[] = "x", two[] = "y";
  static char *inputs[] = {one, two}, *outputs[] = {one};
  *net = (qn_network){.path = name,
                      .name = name,
                      .cell = QN_CELL_LTC,
                      .inputs = DENSE_INPUTS,
                      .units = units,
                      .outputs = 1,
                      .layers = 1,
                      .input_names = inputs,
                      .output_names = outputs};

  net->ltc = (qn_ltc){.cm = draw(units, 0.4, 0.6),
                      .gleak = draw(units, 0.001, 1),
                      .vleak = draw(units, -0.2, 0.2),
                      .recurrent = draw_synapses(units, units),
                      .sensory = draw_synapses(DENSE_INPUTS, units),
                      .unfolds = 6};
  net->input_map = (qn_map){QN_MAP_NONE, DENSE_INPUTS, draw(DENSE_INPUTS, 1, 1),
                            draw(DENSE_INPUTS, 0, 0)};
  net->output_map = (qn_map){QN_MAP_NONE, 1, draw(1, 1, 1), draw(1, 0, 0)};
}

double *dense_inputs(size_t samples)
{
  return draw(samples * DENSE_INPUTS, -1, 1);
}

void dense_close(qn_network *net)
{
  free(net->ltc.cm), free(net->ltc.gleak), free(net->ltc.vleak);
  free(net->ltc.recurrent.at), free(net->ltc.recurrent.first);
  free(net->ltc.sensory.at), free(net->ltc.sensory.first);
  free(net->input_map.w), free(net->input_map.b);
  free(net->output_map.w), free(net->output_map.b);
}
