/* wiring.c - counting synapses by layers. */
#include <quench/wiring.h>

#include <stdlib.h>

/* the synapses onto one neuron from one layer */
struct bundle {
  size_t from, to; /* from: 0 the inputs, i + 1 layer i */
  size_t synapses, above, below;
};

struct counter {
  const qn_network *net;
  qn_wiring *wiring;
  struct bundle *bundle; /* [bundles] */
  size_t bundles, room;
  size_t *source; /* [layers + 1] bundle of the neuron being counted, + 1 */
};

/* ---- one synapse after the other ----------------------------------------------- */

static struct bundle *add_bundle(struct counter *c, size_t from, size_t to)
{
  if (c->bundles == c->room) {
    size_t room = c->room ? 2 * c->room : 64;
    struct bundle *more = realloc(c->bundle, room * sizeof *more);

    if (!more)
      return NULL;
    c->bundle = more;
    c->room = room;
  }
  c->bundle[c->bundles] = (struct bundle){.from = from, .to = to};
  return &c->bundle[c->bundles++];
}

/* a synapse onto neuron j from layer from - 1, or from an input if that is 0;
 * begin is where j's bundles begin */
static qn_status count_synapse(struct counter *c, size_t begin, size_t j,
                               size_t from, double erev)
{
  struct bundle *b;
  size_t at = c->source[from];

  b = at > begin && at <= c->bundles ? &c->bundle[at - 1]
                                     : add_bundle(c, from, c->net->layer[j]);
  if (!b)
    return QN_ENOMEM;
  c->source[from] = (size_t)(b - c->bundle) + 1;
  b->synapses++;
  b->above += erev > 0;
  b->below += erev < 0;
  *(from ? &c->wiring->recurrent[j] : &c->wiring->sensory[j]) += 1;
  return QN_OK;
}

static qn_status count_ltc(struct counter *c)
{
  const qn_synapses *recurrent = &c->net->ltc.recurrent;
  const qn_synapses *sensory = &c->net->ltc.sensory;
  qn_status st = QN_OK;

  for (size_t j = 0; j < c->net->units && !st; j++) {
    size_t begin = c->bundles;

    for (size_t i = sensory->first[j]; i < sensory->first[j + 1] && !st; i++) {
      c->wiring->feeds[sensory->at[i].pre]++;
      st = count_synapse(c, begin, j, 0, sensory->at[i].erev);
    }
    for (size_t i = recurrent->first[j]; i < recurrent->first[j + 1] && !st;
         i++)
      st = count_synapse(c, begin, j, c->net->layer[recurrent->at[i].pre] + 1,
                         recurrent->at[i].erev);
  }
  return st;
}

static int connects(const qn_cfc_layer *layer, size_t i, size_t k)
{
  size_t at = i * layer->ff1.columns + k;

  return layer->ff1.weight[at] != 0 ||
         (layer->ff2.rows && layer->ff2.weight[at] != 0);
}

/* neuron i of layer l, which is neuron j of the network; its columns are the
 * layer's inputs, then its states */
static qn_status count_cfc_neuron(struct counter *c, size_t l, size_t i,
                                  size_t j)
{
  const qn_cfc_layer *layer = &c->net->cfc.layer[l];
  size_t begin = c->bundles;
  qn_status st = QN_OK;

  for (size_t k = 0; k < layer->ff1.columns && !st; k++) {
    size_t from = k < layer->inputs ? l : l + 1;

    if (!connects(layer, i, k))
      continue;
    if (from == 0)
      c->wiring->feeds[k]++; /* k is an input */
    st = count_synapse(c, begin, j, from, 0);
  }
  return st;
}

static qn_status count_cfc(struct counter *c)
{
  size_t j = 0;
  qn_status st = QN_OK;

  for (size_t l = 0; l < c->net->cfc.layers; l++) {
    const qn_cfc_layer *layer = &c->net->cfc.layer[l];

    for (size_t i = 0; i < layer->units && !st; i++, j++)
      if (!layer->backbones)
        st = count_cfc_neuron(c, l, i, j);
  }
  return st;
}

/* ---- from bundles to links --------------------------------------------------------- */

static int by_layers(const void *a, const void *b)
{
  const struct bundle *x = a, *y = b;

  if (x->to != y->to)
    return x->to < y->to ? -1 : 1;
  if (x->from != y->from)
    return x->from < y->from ? -1 : 1;
  return (x->synapses > y->synapses) - (x->synapses < y->synapses);
}

/* element i of n counts of which all but the last `m`, at b, are 0 */
static size_t at_rank(const struct bundle *b, size_t m, size_t n, size_t i)
{
  return i < n - m ? 0 : b[i - (n - m)].synapses;
}

/* m bundles between the same layers, in order of their synapses */
static qn_link sum_up(const struct counter *c, const struct bundle *b, size_t m)
{
  size_t n = c->wiring->size[b->to];
  qn_link link = {.from = b->from ? b->from - 1 : QN_INPUTS, .to = b->to};

  link.possible = n * (b->from ? c->wiring->size[b->from - 1] : c->net->inputs);
  for (size_t i = 0; i < m; i++) {
    link.synapses += b[i].synapses;
    link.above += b[i].above;
    link.below += b[i].below;
  }
  link.fan_in.min = at_rank(b, m, n, 0);
  link.fan_in.median =
    0.5 * (double)(at_rank(b, m, n, (n - 1) / 2) + at_rank(b, m, n, n / 2));
  link.fan_in.max = at_rank(b, m, n, n - 1);
  return link;
}

static qn_status make_links(struct counter *c)
{
  qn_wiring *w = c->wiring;

  if (!c->bundles)
    return QN_OK;
  qsort(c->bundle, c->bundles, sizeof *c->bundle, by_layers);
  w->link = calloc(c->bundles, sizeof *w->link);
  if (!w->link)
    return QN_ENOMEM;
  for (size_t i = 0, m; i < c->bundles; i += m) {
    const struct bundle *b = &c->bundle[i];

    for (m = 1; i + m < c->bundles && b[m].to == b->to && b[m].from == b->from;)
      m++;
    w->link[w->links++] = sum_up(c, b, m);
  }
  return QN_OK;
}

static int by_size(const void *a, const void *b)
{
  size_t x = *(const size_t *)a, y = *(const size_t *)b;

  return (x > y) - (x < y);
}

static qn_status make_totals(const struct counter *c)
{
  qn_wiring *w = c->wiring;
  size_t n = c->net->units, *all = malloc(n * sizeof *all);

  if (!all)
    return QN_ENOMEM;
  for (size_t j = 0; j < n; j++) {
    all[j] = w->sensory[j] + w->recurrent[j];
    w->synapses += all[j];
  }
  qsort(all, n, sizeof *all, by_size);
  w->possible = n * (n + c->net->inputs);
  w->fan_in.min = all[0];
  w->fan_in.median = 0.5 * (double)(all[(n - 1) / 2] + all[n / 2]);
  w->fan_in.max = all[n - 1];
  free(all);
  return QN_OK;
}

/* ---- the whole --------------------------------------------------------------------- */

static qn_status make_room(qn_wiring *w, const qn_network *net)
{
  w->layers = net->layers;
  w->size = calloc(net->layers, sizeof *w->size);
  w->sensory = calloc(net->units, sizeof *w->sensory);
  w->recurrent = calloc(net->units, sizeof *w->recurrent);
  w->feeds = calloc(net->inputs, sizeof *w->feeds);
  if (!w->size || !w->sensory || !w->recurrent || !w->feeds)
    return QN_ENOMEM;
  for (size_t j = 0; j < net->units; j++)
    w->size[net->layer[j]]++;
  return QN_OK;
}

static qn_status count(qn_wiring *w, const qn_network *net)
{
  struct counter c = {.net = net, .wiring = w};
  qn_status st = make_room(w, net);

  c.source = calloc(net->layers + 1, sizeof *c.source);
  if (!st && !c.source)
    st = QN_ENOMEM;
  if (!st)
    st = net->cell == QN_CELL_LTC ? count_ltc(&c) : count_cfc(&c);
  if (!st)
    st = make_links(&c);
  if (!st)
    st = make_totals(&c);
  free(c.source);
  free(c.bundle);
  return st;
}

qn_status qn_wiring_alloc(qn_wiring **out, const qn_network *net)
{
  qn_wiring *w = calloc(1, sizeof *w);
  qn_status st = w ? count(w, net) : QN_ENOMEM;

  if (st) {
    qn_wiring_free(w);
    w = NULL;
  }
  *out = w;
  return st;
}

void qn_wiring_free(qn_wiring *w)
{
  if (!w)
    return;
  free(w->size);
  free(w->link);
  free(w->sensory);
  free(w->recurrent);
  free(w->feeds);
  free(w);
}

static int belongs_to_ncp(const qn_link *link)
{
  return link->from == QN_INPUTS ? link->to == 0
         : link->from == 1       ? link->to == 1 || link->to == 2
                                 : link->from == 0 && link->to == 1;
}

int qn_wiring_is_ncp(const qn_wiring *w, const qn_network *net)
{
  if (w->layers != 3 || net->cell == QN_CELL_CFC)
    return 0;
  if (net->cell == QN_CELL_WIRED_CFC)
    return 1;
  for (size_t i = 0; i < w->links; i++)
    if (!belongs_to_ncp(&w->link[i]))
      return 0;
  return w->size[2] == net->outputs;
}
