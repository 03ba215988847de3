/* sequences.c - see sequences.h */
#include "tests/sim/sequences.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <quench/text.h>

#include "tests/hdl/random_network.h"

static qn_dataset *make(size_t features, const size_t *lengths, size_t count)
{
  qn_dataset *data = calloc(1, sizeof *data);

  cr_assert(data != NULL);
  data->path = qn_text_format("drawn sequences");
  data->sequences = count;
  data->features = features;
  data->first = calloc(count + 1, sizeof *data->first);
  cr_assert(data->first != NULL);
  for (size_t s = 0; s < count; s++)
    data->first[s + 1] = data->first[s] + lengths[s];
  data->rows = data->first[count];
  data->inputs = calloc(data->rows * features + 1, sizeof *data->inputs);
  data->timespans = calloc(data->rows + 1, sizeof *data->timespans);
  cr_assert(data->inputs != NULL && data->timespans != NULL);
  return data;
}

qn_dataset *sequences_draw(size_t features, unsigned seed,
                           const size_t *lengths, size_t count, double range)
{
  static const double spans[] = {1, 0.02, 1, 2.5, 0.5};
  qn_dataset *data = make(features, lengths, count);
  unsigned x = seed * 2654435761u + 1;

  for (size_t i = 0; i < data->rows * features; i++)
    data->inputs[i] = random_between(&x, -range, range);
  for (size_t i = 0; i < data->rows; i++)
    data->timespans[i] = i && random_between(&x, 0, 1) < 0.4
                           ? data->timespans[i - 1]
                           : spans[(size_t)random_between(&x, 0, 4.99)];
  return data;
}

qn_dataset *sequences_pick(const qn_dataset *from, const size_t *which,
                           size_t count)
{
  size_t *lengths = calloc(count + 1, sizeof *lengths), n = from->features;
  qn_dataset *data;

  cr_assert(lengths != NULL);
  for (size_t i = 0; i < count; i++)
    lengths[i] = from->first[which[i] + 1] - from->first[which[i]];
  data = make(n, lengths, count);
  for (size_t i = 0; i < count; i++) {
    size_t row = from->first[which[i]];

    memcpy(data->inputs + data->first[i] * n, from->inputs + row * n,
           lengths[i] * n * sizeof *data->inputs);
    memcpy(data->timespans + data->first[i], from->timespans + row,
           lengths[i] * sizeof *data->timespans);
  }
  free(lengths);
  return data;
}
