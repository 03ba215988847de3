/* network_ltc.c - the tensors of an LTC cell. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/tensors.h"

/* as torch.nn.functional.softplus: beta 1, threshold 20 */
static double softplus(double x)
{
  return x > 20 ? x : log1p(exp(x));
}

/* a capacitance or conductance as the cell uses it; -0 becomes 0, for a
 * quotient's sign */
static double constrained(const qn_network *net, double x)
{
  return net->implicit_constraints ? softplus(x) : x + 0.0;
}

static qn_status read_constrained(const struct tensors *r, const char *name,
                                  double **to)
{
  qn_status st = qn_tensors_new(r, name, 0, r->net->units, to);

  for (size_t i = 0; !st && i < r->net->units; i++)
    (*to)[i] = constrained(r->net, (*to)[i]);
  return st;
}

/* ---- synapses in matrices ------------------------------------------------------ */

/* the values of one kind of synapse, [source, destination] or [synapse] */
struct values {
  const qn_tensor *w, *sigma, *mu, *erev;
};

static qn_status find_values(const struct tensors *r, const char *prefix,
                             size_t rows, size_t columns, struct values *v)
{
  const struct {
    const char *key;
    const qn_tensor **to;
  } all[] = {
    {"w", &v->w}, {"sigma", &v->sigma}, {"mu", &v->mu}, {"erev", &v->erev}};
  qn_status st = QN_OK;

  for (size_t i = 0; i < sizeof all / sizeof *all && !st; i++) {
    char name[64];

    snprintf(name, sizeof name, "rnn_cell.%s%s", prefix, all[i].key);
    st = qn_tensors_find(r, name, rows, columns, all[i].to);
  }
  return st;
}

static qn_synapse synapse_at(const qn_network *net, const struct values *v,
                             size_t i, size_t pre, size_t post)
{
  return (qn_synapse){.pre = (uint32_t)pre,
                      .post = (uint32_t)post,
                      .w = constrained(net, qn_tensor_value(v->w, i)),
                      .sigma = qn_tensor_value(v->sigma, i),
                      .mu = qn_tensor_value(v->mu, i),
                      .erev = qn_tensor_value(v->erev, i)};
}

static qn_status make_room(const struct tensors *r, size_t count,
                           qn_synapses *to)
{
  to->first = calloc(r->net->units + 1, sizeof *to->first);
  to->at = calloc(count + 1, sizeof *to->at);
  return to->first && to->at ? QN_OK : qn_diag_out_of_memory(r->diag);
}

static qn_status count_in_mask(const struct tensors *r, const qn_tensor *mask,
                               size_t *count)
{
  *count = 0;
  for (size_t i = 0; i < mask->count; i++) {
    double m = qn_tensor_value(mask, i);

    if (m != 0 && m != 1)
      return qn_tensors_bad_element(r, mask, i, "expected 0 or 1");
    *count += m == 1;
  }
  return QN_OK;
}

static qn_status read_matrices(const struct tensors *r, const char *prefix,
                               size_t sources, qn_synapses *to)
{
  size_t units = r->net->units, count;
  const qn_tensor *mask;
  struct values v;
  char name[64];
  qn_status st = find_values(r, prefix, sources, units, &v);

  snprintf(name, sizeof name, "rnn_cell.%ssparsity_mask", prefix);
  if (!st)
    st = qn_tensors_find(r, name, sources, units, &mask);
  if (!st)
    st = count_in_mask(r, mask, &count);
  if (!st)
    st = make_room(r, count, to);
  for (size_t post = 0; !st && post < units; post++) {
    to->first[post] = to->count;
    for (size_t pre = 0; pre < sources; pre++) {
      size_t i = pre * units + post;
      qn_synapse s = synapse_at(r->net, &v, i, pre, post);

      if (qn_tensor_value(mask, i) != 0 && s.w != 0)
        to->at[to->count++] = s;
    }
  }
  if (!st)
    to->first[units] = to->count;
  return st;
}

/* ---- synapses in lists ----------------------------------------------------------- */

static qn_status check_pairs(const struct tensors *r, const qn_tensor *pairs,
                             size_t sources)
{
  char want[64];

  if (pairs->dtype != QN_I32 && pairs->dtype != QN_I64)
    return qn_tensors_bad(r, pairs->name, "expected dtype I32 or I64");
  if (pairs->rank != 2 || pairs->shape[1] != 2)
    return qn_tensors_bad(r, pairs->name, "expected shape [synapses,2]");
  for (size_t i = 0; i < pairs->count; i++) {
    double id = qn_tensor_value(pairs, i);
    size_t limit = i % 2 ? r->net->units : sources;

    if (id >= 0 && id < (double)limit)
      continue;
    snprintf(want, sizeof want, "expected a %s from 0 to %zu",
             i % 2 ? "neuron" : "source", limit - 1);
    return qn_tensors_bad_element(r, pairs, i, want);
  }
  return QN_OK;
}

static int by_source(const void *a, const void *b)
{
  const qn_synapse *x = a, *y = b;

  return (x->pre > y->pre) - (x->pre < y->pre);
}

/* in place: count by destination, put each where it belongs */
static void sort_in(const struct tensors *r, const qn_tensor *pairs,
                    const struct values *v, qn_synapses *to)
{
  size_t units = r->net->units;

  for (size_t i = 0; i < v->w->count; i++)
    to->first[(size_t)qn_tensor_value(pairs, 2 * i + 1)]++;
  for (size_t j = 0; j <= units; j++) {
    size_t n = to->first[j];

    to->first[j] = to->count;
    to->count += n;
  }
  for (size_t i = 0; i < v->w->count; i++) {
    size_t pre = (size_t)qn_tensor_value(pairs, 2 * i);
    size_t post = (size_t)qn_tensor_value(pairs, 2 * i + 1);

    to->at[to->first[post]++] = synapse_at(r->net, v, i, pre, post);
  }
  for (size_t j = units; j > 0; j--)
    to->first[j] = to->first[j - 1];
  to->first[0] = 0;
  for (size_t j = 0; j < units; j++)
    qsort(to->at + to->first[j], to->first[j + 1] - to->first[j],
          sizeof *to->at, by_source);
}

static qn_status check_unique(const struct tensors *r, const char *name,
                              const qn_synapses *s)
{
  char text[96];

  for (size_t i = 1; i < s->count; i++)
    if (s->at[i].post == s->at[i - 1].post &&
        s->at[i].pre == s->at[i - 1].pre) {
      snprintf(text, sizeof text, "names the synapse from %u to %u twice",
               (unsigned)s->at[i].pre, (unsigned)s->at[i].post);
      return qn_tensors_bad(r, name, text);
    }
  return QN_OK;
}

/* a synapse of weight 0 is absent */
static void drop_zeros(qn_synapses *s, size_t units)
{
  size_t kept = 0, i = 0;

  for (size_t j = 0; j < units; j++) {
    size_t end = s->first[j + 1];

    s->first[j] = kept;
    for (; i < end; i++)
      if (s->at[i].w != 0)
        s->at[kept++] = s->at[i];
  }
  s->first[units] = s->count = kept;
}

static qn_status read_list(const struct tensors *r, const char *prefix,
                           const qn_tensor *pairs, size_t sources,
                           qn_synapses *to)
{
  struct values v;
  qn_status st = check_pairs(r, pairs, sources);

  if (!st)
    st = find_values(r, prefix, 0, pairs->shape[0], &v);
  if (!st)
    st = make_room(r, pairs->shape[0], to);
  if (st)
    return st;
  sort_in(r, pairs, &v, to);
  st = check_unique(r, pairs->name, to);
  drop_zeros(to, r->net->units);
  return st;
}

static qn_status read_synapses(const struct tensors *r, const char *prefix,
                               size_t sources, qn_synapses *to)
{
  const qn_tensor *pairs;
  char name[64];

  snprintf(name, sizeof name, "rnn_cell.%ssynapses", prefix);
  pairs = qn_tensors_find_any(r, name);
  return pairs ? read_list(r, prefix, pairs, sources, to)
               : read_matrices(r, prefix, sources, to);
}

/* ---- the whole ------------------------------------------------------------------- */

static qn_status read_map(const struct tensors *r, const char *side,
                          qn_map *map)
{
  char name[32];
  qn_status st = QN_OK;

  if (map->kind != QN_MAP_NONE) {
    snprintf(name, sizeof name, "rnn_cell.%s_w", side);
    st = qn_tensors_values(r, name, 0, map->n, map->w);
  }
  if (!st && map->kind == QN_MAP_AFFINE) {
    snprintf(name, sizeof name, "rnn_cell.%s_b", side);
    st = qn_tensors_values(r, name, 0, map->n, map->b);
  }
  return st;
}

qn_status qn_network_read_ltc(const struct tensors *r)
{
  qn_network *net = r->net;
  qn_ltc *ltc = &net->ltc;
  qn_status st = read_constrained(r, "rnn_cell.cm", &ltc->cm);

  if (!st)
    st = read_constrained(r, "rnn_cell.gleak", &ltc->gleak);
  if (!st)
    st = qn_tensors_new(r, "rnn_cell.vleak", 0, net->units, &ltc->vleak);
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
