/* network_metadata.c - the JSON object in a network file's header. */
#include "model/network_metadata.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/text.h>

/* What is allocated before the tensors are seen stays small. */
enum { NEURONS_MAX = 65536, UNFOLDS_MAX = 1000000 };

struct reader {
  qn_network *net;
  const json_t *object;
  qn_diag *diag;
};

static const char *const cell_names[] = {"ltc", "cfc", "wired_cfc"};
static const char *const task_names[] = {"", "binary", "binary_last",
                                         "multiclass", "regression"};

const char *qn_cell_name(qn_cell cell)
{
  return cell_names[cell];
}

const char *qn_task_name(qn_task task)
{
  return task_names[task];
}

qn_status qn_task_from_name(const char *name, qn_task *task)
{
  for (int i = QN_TASK_BINARY; i <= QN_TASK_REGRESSION; i++)
    if (!strcmp(name, task_names[i])) {
      *task = (qn_task)i;
      return QN_OK;
    }
  return QN_EINVAL;
}

static qn_status bad(const struct reader *r, const char *key, const char *want)
{
  char place[96];

  snprintf(place, sizeof place, "quench.network, '%.60s'", key);
  return qn_diag_set(r->diag, QN_EPARSE, r->net->path, place, "%s", want);
}

/* ---- single values --------------------------------------------------------- */

static qn_status get_size(const struct reader *r, const char *key, int max,
                          size_t *to)
{
  const json_t *v = json_object_get(r->object, key);
  char want[64];

  snprintf(want, sizeof want, "expected an integer from 1 to %d", max);
  if (!json_is_integer(v) || json_integer_value(v) < 1 ||
      json_integer_value(v) > max)
    return bad(r, key, want);
  *to = (size_t)json_integer_value(v);
  return QN_OK;
}

static qn_status get_flag(const struct reader *r, const char *key, int *to)
{
  const json_t *v = json_object_get(r->object, key);

  if (!json_is_boolean(v))
    return bad(r, key, "expected true or false");
  *to = json_is_true(v);
  return QN_OK;
}

static qn_status get_map_kind(const struct reader *r, const char *key,
                              qn_map_kind *to)
{
  const json_t *v = json_object_get(r->object, key);
  const char *s = json_string_value(v);

  if (json_is_null(v))
    *to = QN_MAP_NONE;
  else if (s && !strcmp(s, "linear"))
    *to = QN_MAP_LINEAR;
  else if (s && !strcmp(s, "affine"))
    *to = QN_MAP_AFFINE;
  else
    return bad(r, key, "expected \"affine\", \"linear\" or null");
  return QN_OK;
}

static qn_status get_cell(const struct reader *r)
{
  const char *s = json_string_value(json_object_get(r->object, "cell"));

  for (int i = 0; s && i <= QN_CELL_WIRED_CFC; i++)
    if (!strcmp(s, cell_names[i])) {
      r->net->cell = (qn_cell)i;
      return QN_OK;
    }
  return bad(r, "cell", "expected \"ltc\", \"cfc\" or \"wired_cfc\"");
}

static qn_status get_task(const struct reader *r)
{
  const json_t *v = json_object_get(r->object, "task");

  if (!v || json_is_null(v))
    return QN_OK;
  if (!json_is_string(v) ||
      qn_task_from_name(json_string_value(v), &r->net->task))
    return bad(r, "task",
               "expected binary, binary_last, multiclass or regression");
  return QN_OK;
}

/* ---- lists ------------------------------------------------------------------- */

/* n names, or prefix1, prefix2, .. where the key is absent */
static qn_status get_names(const struct reader *r, const char *key,
                           const char *prefix, size_t n, char ***to)
{
  const json_t *list = json_object_get(r->object, key);
  char **names = calloc(n, sizeof *names);

  *to = names;
  if (!names)
    return qn_diag_out_of_memory(r->diag);
  if (list && !json_is_null(list) && json_array_size(list) != n)
    return bad(r, key, "expected one name for each");
  for (size_t i = 0; i < n; i++) {
    const char *s = json_string_value(json_array_get(list, i));

    if (json_is_array(list) && !s)
      return bad(r, key, "expected a list of strings");
    names[i] =
      s ? qn_text_format("%s", s) : qn_text_format("%s%zu", prefix, i + 1);
    if (!names[i])
      return qn_diag_out_of_memory(r->diag);
  }
  return QN_OK;
}

static qn_status get_numbers(const struct reader *r, const char *key, size_t n,
                             double **to)
{
  const json_t *list = json_object_get(r->object, key);

  if (!list || json_is_null(list))
    return QN_OK;
  if (json_array_size(list) != n)
    return bad(r, key, "expected one number for each input");
  *to = calloc(n, sizeof **to);
  if (!*to)
    return qn_diag_out_of_memory(r->diag);
  for (size_t i = 0; i < n; i++) {
    const json_t *v = json_array_get(list, i);

    (*to)[i] = json_number_value(v);
    if (!json_is_number(v) || !isfinite((*to)[i]))
      return bad(r, key, "expected finite numbers");
  }
  return QN_OK;
}

static qn_status get_scaling(const struct reader *r)
{
  qn_network *net = r->net;
  qn_status st = get_numbers(r, "input_mean", net->inputs, &net->input_mean);

  if (!st)
    st = get_numbers(r, "input_std", net->inputs, &net->input_std);
  if (!st && !net->input_mean != !net->input_std)
    st = bad(r, "input_mean", "input_mean and input_std come together");
  for (size_t i = 0; !st && net->input_std && i < net->inputs; i++)
    if (!(net->input_std[i] > 0))
      st = bad(r, "input_std", "expected numbers above 0");
  return st;
}

/* wiring.layers: a list of lists of neurons */
static qn_status get_layers(const struct reader *r)
{
  const json_t *wiring = json_object_get(r->object, "wiring");
  const json_t *layers = json_object_get(wiring, "layers"), *layer, *neuron;
  qn_network *net = r->net;
  size_t i, k;

  net->layer = calloc(net->units, sizeof *net->layer);
  net->layers = 1;
  if (!net->layer)
    return qn_diag_out_of_memory(r->diag);
  if (!layers || json_is_null(layers))
    return QN_OK;
  if (!json_is_array(layers))
    return bad(r, "wiring", "expected layers as a list of lists of neurons");
  json_array_foreach(layers, i, layer)
  {
    if (!json_is_array(layer))
      return bad(r, "wiring", "expected layers as a list of lists of neurons");
    json_array_foreach(layer, k, neuron)
    {
      json_int_t id = json_integer_value(neuron);

      if (!json_is_integer(neuron) || id < 0 || (size_t)id >= net->units)
        return bad(r, "wiring", "layers names a neuron that does not exist");
      net->layer[id] = i;
    }
  }
  net->layers = json_array_size(layers) ? json_array_size(layers) : 1;
  return QN_OK;
}

static qn_status make_map(const struct reader *r, qn_map *map, size_t n)
{
  map->n = n;
  map->w = calloc(n, sizeof *map->w);
  map->b = calloc(n, sizeof *map->b);
  if (!map->w || !map->b)
    return qn_diag_out_of_memory(r->diag);
  for (size_t i = 0; i < n; i++)
    map->w[i] = 1;
  return QN_OK;
}

/* ---- the whole ----------------------------------------------------------------- */

static qn_status get_ltc(const struct reader *r)
{
  qn_network *net = r->net;
  const json_t *eps = json_object_get(r->object, "epsilon");
  size_t unfolds = 0;
  qn_status st = get_size(r, "ode_unfolds", UNFOLDS_MAX, &unfolds);

  net->ltc.unfolds = (unsigned)unfolds;
  net->ltc.epsilon = json_number_value(eps);
  if (!st && (!json_is_number(eps) || !(net->ltc.epsilon >= 0) ||
              !isfinite(net->ltc.epsilon)))
    st = bad(r, "epsilon", "expected a finite number of at least 0");
  if (!st)
    st = get_map_kind(r, "input_mapping", &net->input_map.kind);
  if (!st)
    st = get_map_kind(r, "output_mapping", &net->output_map.kind);
  if (!st)
    st = get_flag(r, "implicit_param_constraints", &net->implicit_constraints);
  return st;
}

static qn_status refuse_other_cells(const struct reader *r)
{
  int mixed = 0;
  qn_status st = get_flag(r, "mixed_memory", &mixed);

  if (st || (r->net->cell == QN_CELL_LTC && !mixed))
    return st;
  return qn_diag_set(r->diag, QN_EUNSUPPORTED, r->net->path, "quench.network",
                     "cell '%s'%s is not supported: this version runs 'ltc' "
                     "without mixed memory",
                     qn_cell_name(r->net->cell),
                     mixed ? " with mixed memory" : "");
}

static qn_status get_fields(const struct reader *r)
{
  qn_network *net = r->net;
  qn_status st = get_cell(r);

  if (!st)
    st = get_size(r, "inputs", NEURONS_MAX, &net->inputs);
  if (!st)
    st = get_size(r, "units", NEURONS_MAX, &net->units);
  if (!st)
    st = get_size(r, "outputs", NEURONS_MAX, &net->outputs);
  if (!st && net->outputs > net->units)
    st = bad(r, "outputs", "more outputs than units");
  if (!st)
    st = refuse_other_cells(r);
  if (!st)
    st = get_ltc(r);
  if (!st)
    st = make_map(r, &net->input_map, net->inputs);
  if (!st)
    st = make_map(r, &net->output_map, net->outputs);
  return st;
}

static qn_status get_optional_fields(const struct reader *r)
{
  qn_network *net = r->net;
  qn_status st = get_task(r);

  if (!st)
    st = get_names(r, "input_names", "x", net->inputs, &net->input_names);
  if (!st)
    st = get_names(r, "output_names", "y", net->outputs, &net->output_names);
  if (!st)
    st = get_scaling(r);
  if (!st)
    st = get_layers(r);
  return st;
}

qn_status qn_network_parse_metadata(qn_network *net, const char *json,
                                    qn_diag *diag)
{
  json_error_t error;
  json_t *object = json_loads(json, JSON_REJECT_DUPLICATES, &error);
  struct reader r = {.net = net, .object = object, .diag = diag};
  qn_status st;

  if (!json_is_object(object)) {
    json_decref(object);
    return qn_diag_set(diag, QN_EPARSE, net->path, "quench.network",
                       "not a JSON object");
  }
  st = get_fields(&r);
  if (!st)
    st = get_optional_fields(&r);
  json_decref(object);
  return st;
}
