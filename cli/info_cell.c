/* info_cell.c - what a network computes, and how much of it there is. */
#include <string.h>
#include <sys/stat.h>

#include "cli/info.h"
#include <quench/safetensors.h>

static const char *map_name(qn_map_kind kind)
{
  static const char *const names[] = {"none", "linear", "affine"};

  return names[kind];
}

static const char *map_text(qn_map_kind kind)
{
  static const char *const texts[] = {"none", "linear, w x", "affine, w x + b"};

  return texts[kind];
}

static const char *task_text(qn_task task)
{
  switch (task) {
  case QN_TASK_NONE:
    break;
  case QN_TASK_BINARY:
    return "binary: is the output above 0, at every sample";
  case QN_TASK_BINARY_LAST:
    return "binary_last: is the output above 0, at a sequence's last sample";
  case QN_TASK_MULTICLASS:
    return "multiclass: which output is the largest, at every sample";
  case QN_TASK_REGRESSION:
    return "regression";
  }
  return "";
}

static const char *cell_text(qn_cell cell)
{
  static const char *const texts[] = {"LTC", "CfC", "wired CfC"};

  return texts[cell];
}

/* ---- the head ------------------------------------------------------------------- */

static void tell_head(const struct info *info)
{
  const qn_network *net = info->net;
  char name[QN_PAGE_NAME], inputs[32], units[32], outputs[32];
  size_t width = strlen(net->name) < 60 ? strlen(net->name) : 60;

  qn_console_say(info->console,
                 "%s: %s%s, %s input%s, %s neuron%s, %s output%s\n\n",
                 qn_page_name(net->name, width, name), cell_text(net->cell),
                 net->mixed_memory ? " with mixed memory" : "",
                 qn_page_count(net->inputs, inputs), qn_plural(net->inputs),
                 qn_page_count(net->units, units), qn_plural(net->units),
                 qn_page_count(net->outputs, outputs), qn_plural(net->outputs));
}

/* ---- LTC -------------------------------------------------------------------------- */

static void tell_ltc(const struct info *info)
{
  const qn_network *net = info->net;
  const qn_ltc *ltc = &net->ltc;

  qn_page_say(info->console, "cell",
              "liquid time constants; %u fused step%s (unfolds) a sample, "
              "epsilon %g",
              ltc->unfolds, qn_plural(ltc->unfolds), ltc->epsilon);
  qn_page_say(info->console, "constraints",
              net->implicit_constraints
                ? "implicit: softplus keeps cm, gleak and every w above 0"
                : "explicit: cm, gleak and every w as they are stored");
  qn_page_say(info->console, "maps", "input %s; output %s",
              map_text(net->input_map.kind), map_text(net->output_map.kind));
  json_object_set_new(info->entry, "ode_unfolds",
                      json_integer((json_int_t)ltc->unfolds));
  json_object_set_new(info->entry, "epsilon", json_real(ltc->epsilon));
  json_object_set_new(info->entry, "implicit_param_constraints",
                      json_boolean(net->implicit_constraints));
  json_object_set_new(info->entry, "input_mapping",
                      json_string(map_name(net->input_map.kind)));
  json_object_set_new(info->entry, "output_mapping",
                      json_string(map_name(net->output_map.kind)));
}

/* ---- CfC -------------------------------------------------------------------------- */

static const char *mode_text(qn_cfc_mode mode)
{
  static const char *const texts[] = {
    "h = tanh(f1) (1 - s) + tanh(f2) s, s = logistic(time_a t + time_b)",
    "h = A - A exp(-t (|w_tau| + |f1|)) f1",
    "h = tanh(f1) + tanh(f2) s, s = logistic(time_a t + time_b)"};

  return texts[mode];
}

static void tell_backbone(const struct info *info)
{
  const qn_cfc_layer *layer = info->net->cfc.layer;
  const char *activation = qn_activation_name(info->net->cfc.activation);

  if (layer->backbones)
    qn_page_say(info->console, "backbone",
                "%zu inputs and states -> %zu layer%s of %zu %s",
                layer->inputs + layer->units, layer->backbones,
                qn_plural(layer->backbones), layer->backbone[0].rows,
                activation);
  else
    qn_page_say(info->console, "backbone",
                "none: the heads see inputs and "
                "states as they are");
  qn_info_add_count(info->entry, "backbone_layers", layer->backbones);
  qn_info_add_count(info->entry, "backbone_units",
                    layer->backbones ? layer->backbone[0].rows : 0);
  json_object_set_new(info->entry, "backbone_activation",
                      json_string(activation));
}

static void tell_cfc(const struct info *info)
{
  const qn_network *net = info->net;

  qn_page_say(info->console, "cell", "closed-form continuous time");
  qn_page_say(info->console, "mode", "%s: %s", qn_cfc_mode_name(net->cfc.mode),
              mode_text(net->cfc.mode));
  json_object_set_new(info->entry, "mode",
                      json_string(qn_cfc_mode_name(net->cfc.mode)));
  json_object_set_new(info->entry, "ode_unfolds", json_null());
  json_object_set_new(info->entry, "epsilon", json_null());
  if (net->cell == QN_CELL_CFC)
    tell_backbone(info);
}

/* ---- around the cell -------------------------------------------------------------- */

static void tell_surroundings(const struct info *info)
{
  const qn_network *net = info->net;
  const qn_linear *projection = &net->projection;

  if (net->mixed_memory)
    qn_page_say(info->console, "memory",
                "an LSTM of %zu cells in front: every sample, the cell goes on "
                "from its h instead of its own state",
                net->units);
  if (projection->rows)
    qn_page_say(info->console, "projection",
                "%zu state%s -> %zu output%s, W h + b", projection->columns,
                qn_plural(projection->columns), projection->rows,
                qn_plural(projection->rows));
  json_object_set_new(info->entry, "mixed_memory",
                      json_boolean(net->mixed_memory));
  json_object_set_new(info->entry, "projection",
                      json_boolean(projection->rows > 0));
}

/* ---- how much --------------------------------------------------------------------- */

static int ends_with(const char *text, const char *end)
{
  size_t n = strlen(text), k = strlen(end);

  return n >= k && !strcmp(text + n - k, end);
}

/* Parameters in the file, used or not; 0 where it cannot be read once more (a
 * pipe). */
static size_t stored_parameters(const qn_network *net)
{
  qn_safetensors *file;
  struct stat about;
  size_t n = 0;

  if (stat(net->path, &about) || !S_ISREG(about.st_mode) ||
      qn_safetensors_read(&file, net->path, NULL))
    return 0;
  for (size_t i = 0; i < qn_safetensors_count(file); i++) {
    const qn_tensor *t = qn_safetensors_at(file, i);

    if (!ends_with(t->name, "sparsity_mask") && !ends_with(t->name, "synapses"))
      n += t->count;
  }
  qn_safetensors_free(file);
  return n;
}

static void tell_parameters(const struct info *info)
{
  size_t used = qn_network_parameters(info->net);
  size_t stored = stored_parameters(info->net);
  char a[32], b[32];

  if (stored > used)
    qn_page_say(info->console, "parameters", "%s in use of %s stored",
                qn_page_count(used, a), qn_page_count(stored, b));
  else
    qn_page_say(info->console, "parameters", "%s%s in use",
                qn_page_count(used, a), stored ? ", all" : "");
  qn_info_add_count(info->entry, "parameters", used);
  json_object_set_new(info->entry, "parameters_stored",
                      stored ? json_integer((json_int_t)stored) : json_null());
}

static size_t weights_of(const qn_linear *linear)
{
  size_t n = 0;

  for (size_t i = 0; i < linear->rows * linear->columns; i++)
    n += linear->weight[i] != 0;
  return n;
}

/* products of a weight and a value in all dense layers */
static size_t dense_products(const qn_network *net)
{
  size_t n = weights_of(&net->projection) + weights_of(&net->lstm.input) +
             weights_of(&net->lstm.recurrent);

  for (size_t i = 0; i < net->cfc.layers; i++) {
    const qn_cfc_layer *layer = &net->cfc.layer[i];

    for (size_t k = 0; k < layer->backbones; k++)
      n += weights_of(&layer->backbone[k]);
    n += weights_of(&layer->ff1) + weights_of(&layer->ff2) +
         weights_of(&layer->time_a) + weights_of(&layer->time_b);
  }
  return n;
}

/* what an LTC asks of digital hardware: sensory gates once a sample, all others
 * and the division of every neuron in every fused step */
static void tell_ltc_work(const struct info *info, size_t products)
{
  const qn_ltc *ltc = &info->net->ltc;
  size_t gates = ltc->sensory.count + ltc->unfolds * ltc->recurrent.count;
  size_t divisions = ltc->unfolds * info->net->units;
  char a[32], b[32], c[32];

  if (products)
    qn_page_say(info->console, "work",
                "%s gates, %s divisions and %s products of the memory a sample",
                qn_page_count(gates, a), qn_page_count(divisions, b),
                qn_page_count(products, c));
  else
    qn_page_say(info->console, "work", "%s gates and %s divisions a sample",
                qn_page_count(gates, a), qn_page_count(divisions, b));
  qn_info_add_count(info->entry, "gates_per_sample", gates);
  qn_info_add_count(info->entry, "divisions_per_sample", divisions);
}

static void tell_work(const struct info *info)
{
  size_t products = dense_products(info->net);
  char count[32];

  if (info->net->cell == QN_CELL_LTC)
    tell_ltc_work(info, products);
  else
    qn_page_say(info->console, "work", "%s products with weights a sample",
                qn_page_count(products, count));
  qn_info_add_count(info->entry, "dense_products_per_sample", products);
}

void qn_info_tell_cell(const struct info *info)
{
  tell_head(info);
  if (info->net->cell == QN_CELL_LTC)
    tell_ltc(info);
  else
    tell_cfc(info);
  tell_surroundings(info);
  tell_parameters(info);
  tell_work(info);
  if (info->net->task != QN_TASK_NONE)
    qn_page_say(info->console, "task", "%s", task_text(info->net->task));
}
