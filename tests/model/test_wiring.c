/* test_wiring.c - synapses by layers. Oracles: a count over all pairs, and the
 * wirings that ncps builds. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "tests/base/scratch.h"
#include "tests/model/network_file.h"
#include <quench/wiring.h>

TestSuite(wiring, .init = scratch_open, .fini = scratch_close);

static qn_wiring *counted(const qn_network *net)
{
  qn_wiring *w;

  cr_assert(eq(int, qn_wiring_alloc(&w, net), QN_OK));
  return w;
}

static qn_network *opened(const char *path)
{
  qn_network *net;
  qn_diag d;

  cr_assert(eq(int, qn_network_read(&net, path, &d), QN_OK), "%s", d.message);
  return net;
}

static const qn_link *find(const qn_wiring *w, size_t from, size_t to)
{
  for (size_t i = 0; i < w->links; i++)
    if (w->link[i].from == from && w->link[i].to == to)
      return &w->link[i];
  return NULL;
}

/* ---- over all pairs ------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
  size_t x = *(const size_t *)a, y = *(const size_t *)b;

  return (x > y) - (x < y);
}

static void expect_fan_in(const qn_fan_in *got, size_t *counts, size_t n)
{
  qsort(counts, n, sizeof *counts, by_size);
  cr_expect(eq(sz, got->min, counts[0]));
  cr_expect(eq(sz, got->max, counts[n - 1]));
  cr_expect(eq(dbl, got->median,
               n % 2 ? (double)counts[n / 2]
                     : 0.5 * (double)(counts[n / 2 - 1] + counts[n / 2])));
}

/* whether synapse s comes from a layer, or is sensory for QN_INPUTS */
static int comes_from(const qn_network *net, const qn_synapse *s, size_t from)
{
  return from == QN_INPUTS || net->layer[s->pre] == from;
}

static void expect_link(const qn_network *net, const qn_wiring *w, size_t from,
                        size_t to)
{
  const qn_synapses *all =
    from == QN_INPUTS ? &net->ltc.sensory : &net->ltc.recurrent;
  const qn_link *link = find(w, from, to);
  size_t counts[64], neurons = 0, total = 0, above = 0, below = 0;
  size_t sources = net->inputs;

  for (size_t j = 0; j < net->units; j++) {
    if (net->layer[j] != to)
      continue;
    counts[neurons] = 0;
    for (size_t i = 0; i < all->count; i++)
      if (all->at[i].post == j && comes_from(net, &all->at[i], from)) {
        counts[neurons]++;
        above += all->at[i].erev > 0;
        below += all->at[i].erev < 0;
      }
    total += counts[neurons++];
  }
  if (from != QN_INPUTS)
    sources = w->size[from];
  cr_expect(eq(sz, w->size[to], neurons));
  cr_expect(eq(int, link != NULL, total > 0));
  if (!link)
    return;
  cr_expect(eq(sz, link->synapses, total));
  cr_expect(eq(sz, link->possible, neurons * sources));
  cr_expect(eq(sz, link->above, above));
  cr_expect(eq(sz, link->below, below));
  expect_fan_in(&link->fan_in, counts, neurons);
}

static void expect_totals(const qn_network *net, const qn_wiring *w)
{
  size_t counts[64] = {0}, total = 0;

  for (size_t j = 0; j < net->units; j++) {
    const size_t *r = net->ltc.recurrent.first + j;
    const size_t *s = net->ltc.sensory.first + j;

    cr_expect(eq(sz, w->recurrent[j], r[1] - r[0]));
    cr_expect(eq(sz, w->sensory[j], s[1] - s[0]));
    total += counts[j] = r[1] - r[0] + s[1] - s[0];
  }
  cr_expect(eq(sz, w->synapses, total));
  cr_expect(eq(sz, w->possible, net->units * (net->units + net->inputs)));
  expect_fan_in(&w->fan_in, counts, net->units);
  total = 0;
  for (size_t k = 0; k < net->inputs; k++)
    total += w->feeds[k];
  cr_expect(eq(sz, total, net->ltc.sensory.count));
}

/* layers whose neurons are mixed, one of them empty */
Test(wiring, counts_every_pair_of_layers)
{
  for (unsigned seed = 1; seed <= 20; seed++) {
    struct network_file *f = network_file_alloc(3, 9, 2);
    qn_network *net;
    qn_wiring *w;

    network_file_draw(f, seed, 0.05 * seed);
    network_file_set(f, "wiring",
                     "{\"layers\": [[8, 0, 3], [], [1, 2, 7, 6], [4, 5]]}");
    net = network_file_open(f);
    w = counted(net);
    cr_assert(eq(sz, w->layers, 4));
    for (size_t to = 0; to < 4; to++) {
      if (!w->size[to])
        continue;
      expect_link(net, w, QN_INPUTS, to);
      for (size_t from = 0; from < 4; from++)
        expect_link(net, w, from, to);
    }
    expect_totals(net, w);
    qn_wiring_free(w);
    qn_network_free(net);
  }
}

/* ---- CfC ------------------------------------------------------------------------ */

/* the mask is [neuron, inputs then states] of its layer */
Test(wiring, of_a_wired_cfc_is_its_masks)
{
  static const size_t sizes[] = {3, 2, 0};
  struct network_file *f = network_file_alloc_wired(2, "default", sizes);
  qn_network *net;
  qn_wiring *w;

  for (int i = 0; i < 2; i++) {
    static const char *const masks[] = {"layer_0.sparsity_mask",
                                        "layer_1.sparsity_mask"};

    network_file_fill(f, masks[i], 1);
  }
  network_file_fill(f, "layer_0.ff1.weight", 0.5);
  network_file_fill(f, "layer_1.ff1.weight", 0.5);
  network_file_values(f, "layer_0.sparsity_mask")[0] = 0; /* input 0 -> 0 */
  network_file_values(f, "layer_0.sparsity_mask")[6] = 0; /* input 1 -> 1 */
  network_file_values(f, "layer_1.sparsity_mask")[7] = 0; /* 2 -> 4 */
  net = network_file_open(f);
  w = counted(net);
  cr_assert(eq(sz, w->links, 4));
  cr_expect(eq(sz, find(w, QN_INPUTS, 0)->synapses, 4));
  cr_expect(eq(sz, find(w, 0, 0)->synapses, 9));
  cr_expect(eq(sz, find(w, 0, 1)->synapses, 5));
  cr_expect(eq(sz, find(w, 1, 1)->synapses, 4));
  cr_expect(eq(sz, find(w, 0, 1)->fan_in.min, 2));
  cr_expect(eq(dbl, find(w, 0, 1)->fan_in.median, 2.5));
  cr_expect(eq(sz, find(w, 0, 1)->fan_in.max, 3));
  cr_expect(eq(sz, w->feeds[0], 2));
  cr_expect(eq(sz, w->sensory[1], 1));
  cr_expect(eq(sz, w->recurrent[4], 4));
  cr_expect(eq(int, qn_wiring_is_ncp(w, net), 0));
  qn_wiring_free(w);
  qn_network_free(net);
}

Test(wiring, behind_a_backbone_has_no_links)
{
  qn_network *net =
    network_file_open(network_file_alloc_cfc(2, 3, "pure", 1, 4));
  qn_wiring *w = counted(net);

  cr_expect(eq(sz, w->links, 0));
  cr_expect(eq(sz, w->synapses, 0));
  cr_expect(eq(sz, w->size[0], 3));
  qn_wiring_free(w);
  qn_network_free(net);
}

/* ---- neural circuit policies ------------------------------------------------------- */

static int is_ncp(const char *path)
{
  qn_network *net = opened(path);
  qn_wiring *w = counted(net);
  int is = qn_wiring_is_ncp(w, net);

  qn_wiring_free(w);
  qn_network_free(net);
  return is;
}

/* what AutoNCP and FullyConnected of ncps built */
Test(wiring, of_autoncp_is_that_of_a_policy)
{
  cr_expect(eq(int, is_ncp("tests/data/sine_ltc8.safetensors"), 1));
  cr_expect(eq(int, is_ncp("tests/data/occupancy_ltc19.safetensors"), 1));
  cr_expect(eq(int, is_ncp("tests/data/person_cfcncp40.safetensors"), 1));
  cr_expect(eq(int, is_ncp("tests/data/gesture_ltc32.safetensors"), 0));
  cr_expect(eq(int, is_ncp("tests/data/occupancy_cfc16.safetensors"), 0));
}

/* AutoNCP(19, 1): 11 inter, 7 command and 1 motor neurons; networks/README.md:
 * 47 recurrent and 27 sensory synapses */
Test(wiring, of_occupancy_is_what_autoncp_built)
{
  qn_network *net = opened("tests/data/occupancy_ltc19.safetensors");
  qn_wiring *w = counted(net);

  cr_expect(eq(sz, w->size[0], 11));
  cr_expect(eq(sz, w->size[1], 7));
  cr_expect(eq(sz, w->size[2], 1));
  cr_assert(eq(sz, w->links, 4));
  cr_expect(eq(sz, find(w, QN_INPUTS, 0)->synapses, 27));
  cr_expect(eq(sz,
               find(w, 0, 1)->synapses + find(w, 1, 1)->synapses +
                 find(w, 1, 2)->synapses,
               47));
  qn_wiring_free(w);
  qn_network_free(net);
}

/* three layers, but an input feeds the last one */
Test(wiring, with_a_shortcut_is_not_that_of_a_policy)
{
  struct network_file *f = network_file_alloc(1, 3, 1);
  qn_network *net;
  qn_wiring *w;

  network_file_set(f, "wiring", "{\"layers\": [[2], [1], [0]]}");
  network_file_fill(f, "sparsity_mask", 0);
  network_file_fill(f, "sensory_sparsity_mask", 0);
  network_file_values(f, "sparsity_mask")[2 * 3 + 1] = 1;
  network_file_values(f, "sparsity_mask")[1 * 3 + 0] = 1;
  network_file_values(f, "sensory_sparsity_mask")[2] = 1;
  for (int shortcut = 0; shortcut < 2; shortcut++) {
    network_file_values(f, "sensory_sparsity_mask")[0] = shortcut;
    net = opened(network_file_write(f, "net.safetensors"));
    w = counted(net);
    cr_expect(eq(int, qn_wiring_is_ncp(w, net), !shortcut));
    qn_wiring_free(w);
    qn_network_free(net);
  }
  network_file_free(f);
}
