/* random_network.c - see random_network.h */
#include "tests/hdl/random_network.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <quench/text.h>

/* xorshift32 */
double random_between(unsigned *state, double low, double high)
{
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return low + (high - low) * (double)(*state >> 8) / 16777215.0;
}

static void *reserve(size_t n, size_t size)
{
  void *p = calloc(n ? n : 1, size);

  cr_assert_not_null(p);
  return p;
}

static double *draw(unsigned *x, size_t n, double low, double high)
{
  double *v = reserve(n, sizeof *v);

  for (size_t i = 0; i < n; i++)
    v[i] = random_between(x, low, high);
  return v;
}

static qn_map draw_map(unsigned *x, qn_map_kind kind, size_t n)
{
  qn_map map = {.kind = kind, .n = n};

  map.w = draw(x, n, kind == QN_MAP_NONE ? 1 : -2, kind == QN_MAP_NONE ? 1 : 2);
  map.b =
    draw(x, n, kind == QN_MAP_AFFINE ? -1 : 0, kind == QN_MAP_AFFINE ? 1 : 0);
  return map;
}

static qn_synapses draw_synapses(unsigned *x, size_t from, size_t to,
                                 double density)
{
  qn_synapses s = {.count = 0};

  s.at = reserve(from * to, sizeof *s.at);
  s.first = reserve(to + 1, sizeof *s.first);
  for (size_t j = 0; j < to; j++) {
    for (size_t i = 0; i < from; i++) {
      if (random_between(x, 0, 1) >= density)
        continue;
      s.at[s.count++] = (qn_synapse){.pre = i,
                                     .post = j,
                                     .w = random_between(x, 0.01, 2),
                                     .sigma = random_between(x, -9, 9),
                                     .mu = random_between(x, -1.5, 1.5),
                                     .erev = random_between(x, -3, 3)};
    }
    s.first[j + 1] = s.count;
  }
  return s;
}

static char **draw_names(const char *prefix, size_t n)
{
  char **name = reserve(n, sizeof *name);

  for (size_t i = 0; i < n; i++)
    name[i] = qn_text_format("%s%zu", prefix, i + 1);
  return name;
}

qn_network *random_network(const random_spec *spec)
{
  unsigned x = spec->seed * 2654435761u + 1;
  qn_network *net = reserve(1, sizeof *net);
  qn_ltc *ltc = &net->ltc;

  net->path = qn_text_format("random-%u", spec->seed);
  net->name = qn_text_format("random-%u", spec->seed);
  net->cell = QN_CELL_LTC;
  net->inputs = spec->inputs;
  net->units = spec->units;
  net->outputs = spec->outputs;
  net->input_map = draw_map(&x, spec->maps, spec->inputs);
  net->output_map = draw_map(&x, spec->maps, spec->outputs);
  net->input_names = draw_names("x", spec->inputs);
  net->output_names = draw_names("y", spec->outputs);
  net->layer = reserve(spec->units, sizeof *net->layer);
  net->layers = 1;
  ltc->cm = draw(&x, spec->units, 0.1, 1.2);
  ltc->gleak = draw(&x, spec->units, 0.01, 1.2);
  ltc->vleak = draw(&x, spec->units, -0.8, 0.8);
  if (spec->zero_leak) {
    ltc->cm[0] = ltc->gleak[0] = 0;
    ltc->gleak[spec->units > 1] = 0;
  }
  ltc->recurrent = draw_synapses(&x, spec->units, spec->units, spec->density);
  ltc->sensory = draw_synapses(&x, spec->inputs, spec->units, spec->density);
  ltc->unfolds = spec->unfolds;
  ltc->epsilon = 1e-8;
  return net;
}

qn_dataset *random_dataset(const qn_network *net, unsigned seed,
                           size_t sequences, size_t steps, double range)
{
  qn_dataset *data = reserve(1, sizeof *data);
  unsigned x = seed * 2654435761u + 1;

  data->path = qn_text_format("random-data-%u", seed);
  data->sequences = sequences;
  data->rows = sequences * steps;
  data->features = net->inputs;
  data->first = reserve(sequences + 1, sizeof *data->first);
  for (size_t s = 0; s <= sequences; s++)
    data->first[s] = s * steps;
  data->inputs = draw(&x, data->rows * net->inputs, -range, range);
  return data;
}
