/* network_metadata.c - the JSON object in a network file's header. */
#include "model/network_metadata.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NEURONS_MAX = 1 << 20, UNFOLDS_MAX = 1000000 };

static const char *const cell_names[] = {"ltc", "cfc", "wired_cfc", NULL};
static const char *const task_names[] = {"binary", "binary_last", "multiclass",
                                         "regression", NULL};
static const char *const map_names[] = {"linear", "affine", NULL};

const char *qn_cell_name(qn_cell cell)
{
  return cell_names[cell];
}

const char *qn_task_name(qn_task task)
{
  return task == QN_TASK_NONE ? "" : task_names[task - QN_TASK_BINARY];
}

qn_status qn_task_from_name(const char *name, qn_task *task)
{
  for (int i = 0; task_names[i]; i++)
    if (!strcmp(name, task_names[i])) {
      *task = (qn_task)(QN_TASK_BINARY + i);
      return QN_OK;
    }
  return QN_EINVAL;
}

static int is_absent(const struct metadata *m, const char *key)
{
  const json_t *v = json_object_get(m->object, key);

  return !v || json_is_null(v);
}

/* ---- who trained it ---------------------------------------------------------- */

/* The TensorFlow and Keras twins compute other equations under the same names:
 * a CfC there has no tanh on its heads and the time gate's sign reversed. */
static qn_status get_framework(const struct metadata *m)
{
  const char *f = json_string_value(json_object_get(m->object, "framework"));
  const char *v =
    json_string_value(json_object_get(m->object, "framework_version"));

  if (!is_absent(m, "framework") && (!f || strcmp(f, "ncps.torch")))
    return qn_diag_set(m->diag, QN_EUNSUPPORTED, m->net->path,
                       "quench.network, 'framework'",
                       "'%s' computes other equations than ncps.torch, the one "
                       "supported: train with ncps.torch",
                       f ? f : "(not a string)");
  if (!is_absent(m, "framework_version") &&
      (!v || (strcmp(v, "1.0.0") && strcmp(v, "1.0.1"))))
    return qn_diag_set(m->diag, QN_EUNSUPPORTED, m->net->path,
                       "quench.network, 'framework_version'",
                       "ncps %s may compute other equations than 1.0.0 and "
                       "1.0.1, the ones supported",
                       v ? v : "(not a string)");
  return QN_OK;
}

/* ---- options ------------------------------------------------------------------- */

static qn_status get_cell(const struct metadata *m)
{
  int cell;
  qn_status st = qn_metadata_choice(m, "cell", cell_names, &cell);

  if (!st)
    m->net->cell = (qn_cell)cell;
  return st;
}

static qn_status get_map_kind(const struct metadata *m, const char *key,
                              qn_map_kind *to)
{
  int i;

  *to = QN_MAP_NONE;
  if (json_is_null(json_object_get(m->object, key)))
    return QN_OK;
  if (qn_metadata_choice(m, key, map_names, &i))
    return qn_metadata_bad(m, key, "expected \"affine\", \"linear\" or null");
  *to = (qn_map_kind)(QN_MAP_LINEAR + i);
  return QN_OK;
}

static qn_status get_task(const struct metadata *m)
{
  const json_t *v = json_object_get(m->object, "task");

  if (is_absent(m, "task"))
    return QN_OK;
  if (!json_is_string(v) ||
      qn_task_from_name(json_string_value(v), &m->net->task))
    return qn_metadata_bad(
      m, "task", "expected binary, binary_last, multiclass or regression");
  return QN_OK;
}

static qn_status get_scaling(const struct metadata *m)
{
  qn_network *net = m->net;
  qn_status st =
    qn_metadata_numbers(m, "input_mean", net->inputs, &net->input_mean);

  if (!st)
    st = qn_metadata_numbers(m, "input_std", net->inputs, &net->input_std);
  if (!st && !net->input_mean != !net->input_std)
    st = qn_metadata_bad(m, "input_mean",
                         "input_mean and input_std come together");
  for (size_t i = 0; !st && net->input_std && i < net->inputs; i++)
    if (!(net->input_std[i] > 0))
      st = qn_metadata_bad(m, "input_std", "expected numbers above 0");
  return st;
}

/* wiring.layers: lists of neurons. Where a wired CfC's neurons stand is known
 * already, layer after layer. */
static qn_status get_layers(const struct metadata *m)
{
  static const char want[] = "expected layers as a list of lists of neurons";
  const json_t *wiring = json_object_get(m->object, "wiring");
  const json_t *layers = json_object_get(wiring, "layers"), *layer, *neuron;
  qn_network *net = m->net;
  size_t i, k;

  if (net->cell == QN_CELL_CFC || !layers || json_is_null(layers))
    return QN_OK;
  if (!json_is_array(layers))
    return qn_metadata_bad(m, "wiring", want);
  json_array_foreach(layers, i, layer)
  {
    if (!json_is_array(layer))
      return qn_metadata_bad(m, "wiring", want);
    json_array_foreach(layer, k, neuron)
    {
      json_int_t id = json_integer_value(neuron);

      if (!json_is_integer(neuron) || id < 0 || (size_t)id >= net->units)
        return qn_metadata_bad(m, "wiring",
                               "layers names a neuron that does not exist");
      if (net->cell == QN_CELL_LTC)
        net->layer[id] = i;
    }
  }
  net->layers = json_array_size(layers) ? json_array_size(layers) : 1;
  return QN_OK;
}

static qn_status make_map(const struct metadata *m, qn_map *map, size_t n)
{
  map->n = n;
  map->w = calloc(n, sizeof *map->w);
  map->b = calloc(n, sizeof *map->b);
  if (!map->w || !map->b)
    return qn_diag_out_of_memory(m->diag);
  for (size_t i = 0; i < n; i++)
    map->w[i] = 1;
  return QN_OK;
}

/* ---- the whole ----------------------------------------------------------------- */

static qn_status get_ltc(const struct metadata *m)
{
  qn_network *net = m->net;
  const json_t *eps = json_object_get(m->object, "epsilon");
  size_t unfolds = 0;
  qn_status st = qn_metadata_size(m, "ode_unfolds", 1, UNFOLDS_MAX, &unfolds);

  if (!st && net->outputs > net->units)
    st = qn_metadata_bad(m, "outputs", "more outputs than units");
  net->ltc.unfolds = (unsigned)unfolds;
  net->ltc.epsilon = json_number_value(eps);
  if (!st && (!json_is_number(eps) || !(net->ltc.epsilon >= 0) ||
              !isfinite(net->ltc.epsilon)))
    st =
      qn_metadata_bad(m, "epsilon", "expected a finite number of at least 0");
  if (!st)
    st = get_map_kind(m, "input_mapping", &net->input_map.kind);
  if (!st)
    st = get_map_kind(m, "output_mapping", &net->output_map.kind);
  if (!st)
    st = qn_metadata_flag(m, "implicit_param_constraints",
                          &net->implicit_constraints);
  return st;
}

static qn_status get_fields(const struct metadata *m, size_t file_size)
{
  size_t most = file_size < NEURONS_MAX ? file_size : NEURONS_MAX;
  qn_network *net = m->net;
  qn_status st = get_framework(m);

  if (!st)
    st = get_cell(m);
  if (!st)
    st = qn_metadata_size(m, "inputs", 1, most, &net->inputs);
  if (!st)
    st = qn_metadata_size(m, "units", 1, most, &net->units);
  if (!st)
    st = qn_metadata_size(m, "outputs", 1, most, &net->outputs);
  if (!st)
    st = qn_metadata_flag(m, "mixed_memory", &net->mixed_memory);
  if (st)
    return st;
  net->layers = 1;
  net->layer = calloc(net->units, sizeof *net->layer);
  if (!net->layer)
    return qn_diag_out_of_memory(m->diag);
  st = net->cell == QN_CELL_LTC ? get_ltc(m) : qn_network_parse_cfc(m);
  if (net->mixed_memory)
    qn_network_size_memory(net);
  if (!st)
    st = make_map(m, &net->input_map, net->inputs);
  if (!st)
    st = make_map(m, &net->output_map, net->outputs);
  return st;
}

static qn_status get_optional_fields(const struct metadata *m)
{
  qn_network *net = m->net;
  qn_status st = get_task(m);

  if (!st)
    st =
      qn_metadata_names(m, "input_names", "x", net->inputs, &net->input_names);
  if (!st)
    st = qn_metadata_names(m, "output_names", "y", net->outputs,
                           &net->output_names);
  if (!st)
    st = get_scaling(m);
  if (!st)
    st = get_layers(m);
  return st;
}

qn_status qn_network_parse_metadata(qn_network *net, const char *json,
                                    size_t file_size, qn_diag *diag)
{
  json_error_t error;
  json_t *object = json_loads(json, JSON_REJECT_DUPLICATES, &error);
  struct metadata m = {.net = net, .object = object, .diag = diag};
  qn_status st;

  if (!json_is_object(object)) {
    qn_diag_set(diag, QN_EPARSE, net->path, "quench.network",
                "not a JSON object%s%.80s", object ? "" : ": ",
                object ? "" : error.text);
    json_decref(object);
    return QN_EPARSE;
  }
  st = get_fields(&m, file_size);
  if (!st)
    st = get_optional_fields(&m);
  json_decref(object);
  return st;
}
