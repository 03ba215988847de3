/* network.c - reading an LTC network from a .safetensors file. */
#include <quench/network.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/network_metadata.h"
#include <quench/names.h>
#include <quench/safetensors.h>
#include <quench/text.h>

struct reader {
  qn_network *net;
  const qn_safetensors *file;
  qn_diag *diag;
};

/* ---- tensors ----------------------------------------------------------------- */

static qn_status bad_tensor(const struct reader *r, const char *name,
                            const char *what)
{
  char place[96];

  snprintf(place, sizeof place, "tensor '%.80s'", name);
  return qn_diag_set(r->diag, QN_EPARSE, r->net->path, place, "%s", what);
}

static qn_status bad_element(const struct reader *r, const qn_tensor *t,
                             size_t i, const char *want)
{
  size_t columns = t->shape[t->rank - 1];
  char place[128];

  if (t->rank == 2)
    snprintf(place, sizeof place, "tensor '%.80s' at [%zu,%zu]", t->name,
             i / columns, i % columns);
  else
    snprintf(place, sizeof place, "tensor '%.80s' at [%zu]", t->name, i);
  return qn_diag_set(r->diag, QN_EPARSE, r->net->path, place, "%g: %s",
                     qn_tensor_value(t, i), want);
}

static qn_status check_shape(const struct reader *r, const qn_tensor *t,
                             size_t rows, size_t columns)
{
  char got[128], text[320];
  int fits = rows
               ? t->rank == 2 && t->shape[0] == rows && t->shape[1] == columns
               : t->rank == 1 && t->shape[0] == columns;

  if (fits)
    return QN_OK;
  if (rows)
    snprintf(text, sizeof text, "shape %s, expected [%zu,%zu]",
             qn_tensor_shape_text(t, got), rows, columns);
  else
    snprintf(text, sizeof text, "shape %s, expected [%zu]",
             qn_tensor_shape_text(t, got), columns);
  return bad_tensor(r, t->name, text);
}

static qn_status missing(const struct reader *r, const char *name, size_t rows,
                         size_t columns)
{
  char text[96];

  if (rows)
    snprintf(text, sizeof text, "missing, expected shape [%zu,%zu]", rows,
             columns);
  else
    snprintf(text, sizeof text, "missing, expected shape [%zu]", columns);
  return bad_tensor(r, name, text);
}

/* rnn_cell.<key> of shape [rows, columns], or [columns] for rows 0; every
 * element finite */
static qn_status find(const struct reader *r, const char *key, size_t rows,
                      size_t columns, const qn_tensor **out)
{
  char name[64];
  const qn_tensor *t;
  qn_status st;

  snprintf(name, sizeof name, "rnn_cell.%s", key);
  *out = t = qn_safetensors_find(r->file, name);
  if (!t)
    return missing(r, name, rows, columns);
  if (t->dtype != QN_F32 && t->dtype != QN_F64)
    return bad_tensor(r, name, "expected dtype F32 or F64");
  st = check_shape(r, t, rows, columns);
  for (size_t i = 0; !st && i < t->count; i++)
    if (!isfinite(qn_tensor_value(t, i)))
      st = bad_element(r, t, i, "expected a finite number");
  return st;
}

/* as torch.nn.functional.softplus: beta 1, threshold 20 */
static double softplus(double x)
{
  return x > 20 ? x : log1p(exp(x));
}

/* a capacitance or conductance as the cell uses it */
static double constrained(const qn_network *net, double x)
{
  return net->implicit_constraints ? softplus(x) : x;
}

static const char negative[] =
  "negative with explicit constraints: call apply_weight_constraints() of the "
  "cell after training";

static qn_status read_vector(const struct reader *r, const char *key, size_t n,
                             double *to)
{
  const qn_tensor *t;
  qn_status st = find(r, key, 0, n, &t);

  for (size_t i = 0; !st && i < n; i++)
    to[i] = qn_tensor_value(t, i);
  return st;
}

static qn_status read_positive(const struct reader *r, const char *key,
                               double **to)
{
  size_t n = r->net->units;
  const qn_tensor *t;
  qn_status st = find(r, key, 0, n, &t);

  if (st)
    return st;
  *to = calloc(n, sizeof **to);
  if (!*to)
    return qn_diag_out_of_memory(r->diag);
  for (size_t i = 0; i < n; i++) {
    (*to)[i] = constrained(r->net, qn_tensor_value(t, i));
    if ((*to)[i] < 0)
      return bad_element(r, t, i, negative);
  }
  return QN_OK;
}

/* ---- synapses ------------------------------------------------------------------ */

/* the matrices [source, destination] of one kind of synapse */
struct matrices {
  const qn_tensor *w, *sigma, *mu, *erev, *mask;
  size_t sources, units;
};

static qn_status find_matrices(const struct reader *r, const char *prefix,
                               size_t sources, struct matrices *m)
{
  const struct {
    const char *key;
    const qn_tensor **to;
  } all[] = {{"w", &m->w},
             {"sigma", &m->sigma},
             {"mu", &m->mu},
             {"erev", &m->erev},
             {"sparsity_mask", &m->mask}};
  qn_status st = QN_OK;

  m->sources = sources;
  m->units = r->net->units;
  for (size_t i = 0; i < sizeof all / sizeof *all && !st; i++) {
    char key[64];

    snprintf(key, sizeof key, "%s%s", prefix, all[i].key);
    st = find(r, key, sources, m->units, all[i].to);
  }
  return st;
}

static qn_status read_synapse(const struct reader *r, const struct matrices *m,
                              size_t pre, size_t post, qn_synapses *to)
{
  size_t i = pre * m->units + post;
  double mask = qn_tensor_value(m->mask, i);
  double w = constrained(r->net, qn_tensor_value(m->w, i)) * mask;

  if (mask != 0 && mask != 1)
    return bad_element(r, m->mask, i, "expected 0 or 1");
  if (w < 0)
    return bad_element(r, m->w, i, negative);
  if (w > 0)
    to->at[to->count++] = (qn_synapse){.pre = pre,
                                       .post = post,
                                       .w = w,
                                       .sigma = qn_tensor_value(m->sigma, i),
                                       .mu = qn_tensor_value(m->mu, i),
                                       .erev = qn_tensor_value(m->erev, i)};
  return QN_OK;
}

static size_t count_in_mask(const struct matrices *m)
{
  size_t n = 0;

  for (size_t i = 0; i < m->mask->count; i++)
    n += qn_tensor_value(m->mask, i) != 0;
  return n;
}

static qn_status read_synapses(const struct reader *r, const char *prefix,
                               size_t sources, qn_synapses *to)
{
  struct matrices m;
  qn_status st = find_matrices(r, prefix, sources, &m);

  if (st)
    return st;
  to->first = calloc(m.units + 1, sizeof *to->first);
  to->at = calloc(count_in_mask(&m) + 1, sizeof *to->at);
  if (!to->first || !to->at)
    return qn_diag_out_of_memory(r->diag);
  for (size_t post = 0; post < m.units && !st; post++) {
    to->first[post] = to->count;
    for (size_t pre = 0; pre < sources && !st; pre++)
      st = read_synapse(r, &m, pre, post, to);
  }
  to->first[m.units] = to->count;
  return st;
}

/* ---- the whole ------------------------------------------------------------------- */

static qn_status read_map(const struct reader *r, const char *side, qn_map *map)
{
  char key[32];
  qn_status st = QN_OK;

  if (map->kind != QN_MAP_NONE) {
    snprintf(key, sizeof key, "%s_w", side);
    st = read_vector(r, key, map->n, map->w);
  }
  if (!st && map->kind == QN_MAP_AFFINE) {
    snprintf(key, sizeof key, "%s_b", side);
    st = read_vector(r, key, map->n, map->b);
  }
  return st;
}

static qn_status read_ltc(const struct reader *r)
{
  qn_network *net = r->net;
  qn_ltc *ltc = &net->ltc;
  qn_status st = read_positive(r, "cm", &ltc->cm);

  ltc->vleak = calloc(net->units, sizeof *ltc->vleak);
  if (!st && !ltc->vleak)
    st = qn_diag_out_of_memory(r->diag);
  if (!st)
    st = read_positive(r, "gleak", &ltc->gleak);
  if (!st)
    st = read_vector(r, "vleak", net->units, ltc->vleak);
  if (!st)
    st = read_synapses(r, "", net->units, &ltc->recurrent);
  if (!st)
    st = read_synapses(r, "sensory_", net->inputs, &ltc->sensory);
  if (!st)
    st = read_map(r, "input", &net->input_map);
  if (!st)
    st = read_map(r, "output", &net->output_map);
  return st;
}

/* the file's name without folder and extension */
static char *stem(const char *path)
{
  const char *slash = strrchr(path, '/'), *from = slash ? slash + 1 : path;
  const char *dot = strrchr(from, '.');

  return qn_text_format("%.*s", dot ? (int)(dot - from) : (int)strlen(from),
                        from);
}

static qn_status read_file(const struct reader *r)
{
  const char *json = qn_safetensors_metadata(r->file, "quench.network");
  qn_status st;

  if (!json)
    return qn_diag_set(r->diag, QN_EPARSE, r->net->path, "header",
                       "no metadata 'quench.network': a state_dict alone does "
                       "not say how its cell computes");
  st = qn_network_parse_metadata(r->net, json, r->diag);
  return st ? st : read_ltc(r);
}

qn_status qn_network_read(qn_network **out, const char *path, qn_diag *diag)
{
  qn_safetensors *file;
  qn_network *net;
  qn_status st = qn_safetensors_read(&file, path, diag);

  *out = NULL;
  if (st)
    return st;
  net = calloc(1, sizeof *net);
  if (net) {
    net->path = qn_text_format("%s", path);
    net->name = stem(path);
    memcpy(net->sha256, qn_safetensors_sha256(file), sizeof net->sha256);
  }
  st = net && net->path && net->name
         ? read_file(&(struct reader){net, file, diag})
         : qn_diag_out_of_memory(diag);
  qn_safetensors_free(file);
  if (st) {
    qn_network_free(net);
    return st;
  }
  *out = net;
  return QN_OK;
}

void qn_network_free(qn_network *net)
{
  if (!net)
    return;
  qn_names_free(net->input_names, net->inputs);
  qn_names_free(net->output_names, net->outputs);
  free(net->input_map.w), free(net->input_map.b);
  free(net->output_map.w), free(net->output_map.b);
  free(net->input_mean), free(net->input_std);
  free(net->layer);
  free(net->ltc.cm), free(net->ltc.gleak), free(net->ltc.vleak);
  free(net->ltc.recurrent.at), free(net->ltc.recurrent.first);
  free(net->ltc.sensory.at), free(net->ltc.sensory.first);
  free(net->path);
  free(net->name);
  free(net);
}
