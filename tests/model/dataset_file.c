/* dataset_file.c - small dataset files for one small network, good or bad. */
#include "tests/model/dataset_file.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/model/network_file.h"

qn_network *dataset_network(const char *task)
{
  struct network_file *f = network_file_alloc(2, 3, 2);

  network_file_set(f, "input_names", "[\"CO2\", \"light\"]");
  network_file_set(f, "input_mean", "[100, -1]");
  network_file_set(f, "input_std", "[50, 0.5]");
  network_file_set(f, "task", task);
  return network_file_open(f);
}

const char *dataset_csv(const char *text)
{
  return scratch_text("data.csv", text);
}

qn_dataset *dataset_open(const char *path, const qn_network *net,
                         qn_input_scale scale)
{
  qn_dataset *data;
  qn_diag d;

  cr_assert(eq(int, qn_dataset_read(&data, path, net, scale, &d), QN_OK),
            "%s: %s", d.place, d.message);
  return data;
}

static void fill(double *to, size_t n, double from, double step)
{
  for (size_t i = 0; i < n; i++)
    to[i] = from + step * (double)i;
}

struct dataset_file dataset_file_good(void)
{
  struct dataset_file t = {.count = 1,
                           .metadata = "{\"task\": \"regression\"}"};

  fill(t.inputs, 12, 1, 0.5);
  fill(t.timespans, 6, 0.25, 0.25);
  fill(t.targets, 12, -1, 0.125);
  fill(t.outputs, 12, 3, 1);
  fill(t.states, 18, -4, 0.5);
  t.all[0] = (qn_tensor){"inputs", QN_F64, 3, {2, 3, 2}, 12, NULL};
  return t;
}

void dataset_file_add(struct dataset_file *t, qn_tensor tensor)
{
  t->all[t->count++] = tensor;
}

const char *dataset_file_write(struct dataset_file *t)
{
  const struct {
    const char *name;
    const double *data;
  } rows[] = {{"inputs", t->inputs},
              {"timespans", t->timespans},
              {"targets", t->targets},
              {"outputs", t->outputs},
              {"states", t->states}};
  const char *path = scratch_path("data.safetensors");

  for (size_t i = 0; i < t->count; i++)
    for (size_t k = 0; k < 5; k++)
      if (!t->all[i].data && !strcmp(t->all[i].name, rows[k].name))
        t->all[i].data = rows[k].data;
  cr_assert(eq(int,
               qn_safetensors_write(path, t->all, t->count,
                                    t->metadata ? "quench.dataset" : NULL,
                                    t->metadata, NULL),
               QN_OK));
  return path;
}
