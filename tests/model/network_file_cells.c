/* network_file_cells.c - good files of every cell, and what stands around one. */
#include <stdio.h>
#include <string.h>

#include "tests/model/network_file.h"
#include <quench/text.h>

enum { KEY = 64 };

static void set_size(struct network_file *f, const char *field, size_t n)
{
  char text[32];

  snprintf(text, sizeof text, "%zu", n);
  network_file_set(f, field, text);
}

/* a JSON string without anything to escape */
static void set_name(struct network_file *f, const char *field,
                     const char *name)
{
  char text[64];

  snprintf(text, sizeof text, "\"%s\"", name);
  network_file_set(f, field, text);
}

/* ---- LTC ---------------------------------------------------------------------- */

struct network_file *network_file_alloc(size_t inputs, size_t units,
                                        size_t outputs)
{
  static const char *const matrices[] = {"w", "sigma", "mu", "erev",
                                         "sparsity_mask"};
  static const char *const sensory[] = {"sensory_w", "sensory_sigma",
                                        "sensory_mu", "sensory_erev",
                                        "sensory_sparsity_mask"};
  struct network_file *f = network_file_begin("ltc", inputs, units, outputs);

  network_file_set(f, "ode_unfolds", "6");
  network_file_set(f, "epsilon", "1e-8");
  network_file_set(f, "input_mapping", "\"affine\"");
  network_file_set(f, "output_mapping", "\"affine\"");
  network_file_set(f, "implicit_param_constraints", "false");
  network_file_add(f, "cm", 1, units, 0);
  network_file_add(f, "gleak", 1, units, 0);
  network_file_add(f, "vleak", 1, units, 0);
  for (int i = 0; i < 5; i++)
    network_file_add(f, matrices[i], 2, units, units);
  for (int i = 0; i < 5; i++)
    network_file_add(f, sensory[i], 2, inputs, units);
  network_file_add(f, "input_w", 1, inputs, 0);
  network_file_add(f, "input_b", 1, inputs, 0);
  network_file_add(f, "output_w", 1, outputs, 0);
  network_file_add(f, "output_b", 1, outputs, 0);
  return f;
}

void network_file_list(struct network_file *f, const char *prefix, size_t count,
                       const double *pairs)
{
  static const char *const values[] = {"w", "sigma", "mu", "erev"};
  char key[KEY];

  snprintf(key, sizeof key, "%ssparsity_mask", prefix);
  network_file_remove(f, key);
  for (int i = 0; i < 4; i++) {
    snprintf(key, sizeof key, "%s%s", prefix, values[i]);
    network_file_reshape(f, key, 1, count, 0);
  }
  snprintf(key, sizeof key, "%ssynapses", prefix);
  network_file_add(f, key, 2, count, 2);
  network_file_retype(f, key, QN_I64);
  for (size_t i = 0; i < 2 * count; i++)
    network_file_values(f, key)[i] = pairs[i];
}

/* ---- CfC ---------------------------------------------------------------------- */

static void add_linear(struct network_file *f, const char *prefix,
                       const char *head, size_t rows, size_t columns)
{
  char key[KEY];

  snprintf(key, sizeof key, "%s%s.weight", prefix, head);
  network_file_add(f, key, 2, rows, columns);
  snprintf(key, sizeof key, "%s%s.bias", prefix, head);
  network_file_add(f, key, 1, rows, 0);
}

static void add_heads(struct network_file *f, const char *prefix,
                      const char *mode, size_t units, size_t columns)
{
  char key[KEY];

  add_linear(f, prefix, "ff1", units, columns);
  if (!strcmp(mode, "pure")) {
    snprintf(key, sizeof key, "%sw_tau", prefix);
    network_file_add(f, key, 2, 1, units);
    snprintf(key, sizeof key, "%sA", prefix);
    network_file_add(f, key, 2, 1, units);
    return;
  }
  add_linear(f, prefix, "ff2", units, columns);
  add_linear(f, prefix, "time_a", units, columns);
  add_linear(f, prefix, "time_b", units, columns);
}

struct network_file *network_file_alloc_cfc(size_t inputs, size_t units,
                                            const char *mode, size_t backbones,
                                            size_t width)
{
  struct network_file *f = network_file_begin("cfc", inputs, units, units);
  size_t columns = inputs + units;
  char head[32];

  set_name(f, "mode", mode);
  set_name(f, "backbone_activation", "tanh");
  set_size(f, "backbone_layers", backbones);
  set_size(f, "backbone_units", width);
  network_file_set(f, "projection", "false");
  for (size_t i = 0; i < backbones; i++, columns = width) {
    snprintf(head, sizeof head, "backbone.%zu", 2 * i);
    add_linear(f, "", head, width, columns);
  }
  add_heads(f, "", mode, units, columns);
  return f;
}

static void set_layers(struct network_file *f, const size_t *sizes)
{
  size_t id = 0;
  qn_text text;

  qn_text_init(&text);
  qn_text_add(&text, "{\"layers\": [");
  for (size_t l = 0; sizes[l]; l++) {
    qn_text_add(&text, l ? ", [" : "[");
    for (size_t i = 0; i < sizes[l]; i++)
      qn_text_add(&text, i ? ", %zu" : "%zu", id++);
    qn_text_add(&text, "]");
  }
  qn_text_add(&text, "]}");
  network_file_set(f, "wiring", text.data);
  qn_text_release(&text);
}

struct network_file *network_file_alloc_wired(size_t inputs, const char *mode,
                                              const size_t *sizes)
{
  size_t units = 0, layers = 0;
  struct network_file *f;

  while (sizes[layers])
    units += sizes[layers++];
  f = network_file_begin("wired_cfc", inputs, units, sizes[layers - 1]);
  set_name(f, "mode", mode);
  set_layers(f, sizes);
  for (size_t l = 0; l < layers; l++) {
    size_t columns = (l ? sizes[l - 1] : inputs) + sizes[l];
    char prefix[32], key[KEY];

    snprintf(prefix, sizeof prefix, "layer_%zu.", l);
    snprintf(key, sizeof key, "%ssparsity_mask", prefix);
    network_file_add(f, key, 2, sizes[l], columns);
    add_heads(f, prefix, mode, sizes[l], columns);
  }
  return f;
}

/* ---- around a cell ---------------------------------------------------------------- */

void network_file_add_memory(struct network_file *f)
{
  size_t units = network_file_size(f, "units");

  network_file_set(f, "mixed_memory", "true");
  add_linear(f, "", "lstm.input_map", 4 * units,
             network_file_size(f, "inputs"));
  network_file_add(f, "lstm.recurrent_map.weight", 2, 4 * units, units);
}

void network_file_add_projection(struct network_file *f, size_t outputs)
{
  size_t read = network_file_size(f, "outputs");

  set_size(f, "outputs", outputs);
  network_file_set(f, "projection", "true");
  add_linear(f, "", "fc", outputs, read);
}
