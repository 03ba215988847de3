/* test_network_list.c - an LTC's synapses as a list. Oracle: the same network
 * with matrices and masks. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/base/scratch.h"
#include "tests/model/network_file.h"
#include <quench/network.h>

TestSuite(network_list, .init = scratch_open, .fini = scratch_close);

enum { UNITS = 4, INPUTS = 3, MOST = UNITS * UNITS };

/* drawn, 60 % of the synapses present */
static struct network_file *with_matrices(unsigned seed, const char *implicit)
{
  struct network_file *f = network_file_alloc(INPUTS, UNITS, 2);

  network_file_draw(f, seed, 0.6);
  network_file_set(f, "implicit_param_constraints", implicit);
  return f;
}

/* what the mask leaves, in an order of its own: i -> 7 i mod 17 visits every
 * residue */
static size_t present(struct network_file *f, const char *prefix,
                      size_t sources, size_t *at)
{
  char key[32];
  size_t n = 0;

  snprintf(key, sizeof key, "%ssparsity_mask", prefix);
  for (size_t i = 1; i <= 17; i++) {
    size_t k = 7 * i % 17;

    if (k < sources * UNITS && network_file_values(f, key)[k] == 1)
      at[n++] = k;
  }
  return n;
}

/* matrices to a list; the synapses come in the order of `at` */
static void make_list(struct network_file *f, const char *prefix,
                      size_t sources)
{
  static const char *const values[] = {"w", "sigma", "mu", "erev"};
  size_t at[MOST], n = present(f, prefix, sources, at);
  double kept[4][MOST], pairs[2 * MOST];
  char key[32];

  for (size_t i = 0; i < n; i++) {
    pairs[2 * i] = (double)(at[i] / UNITS);
    pairs[2 * i + 1] = (double)(at[i] % UNITS);
  }
  for (int v = 0; v < 4; v++) {
    snprintf(key, sizeof key, "%s%s", prefix, values[v]);
    for (size_t i = 0; i < n; i++)
      kept[v][i] = network_file_values(f, key)[at[i]];
  }
  network_file_list(f, prefix, n, pairs);
  for (int v = 0; v < 4; v++) {
    snprintf(key, sizeof key, "%s%s", prefix, values[v]);
    for (size_t i = 0; i < n; i++)
      network_file_values(f, key)[i] = kept[v][i];
  }
}

static void expect_same(const qn_synapses *got, const qn_synapses *want)
{
  cr_assert(eq(sz, got->count, want->count));
  for (size_t j = 0; j <= UNITS; j++)
    cr_expect(eq(sz, got->first[j], want->first[j]));
  for (size_t i = 0; i < got->count; i++) {
    cr_expect(eq(u32, got->at[i].pre, want->at[i].pre));
    cr_expect(eq(u32, got->at[i].post, want->at[i].post));
    cr_expect(eq(dbl, got->at[i].w, want->at[i].w));
    cr_expect(eq(dbl, got->at[i].sigma, want->at[i].sigma));
    cr_expect(eq(dbl, got->at[i].mu, want->at[i].mu));
    cr_expect(eq(dbl, got->at[i].erev, want->at[i].erev));
  }
}

/* bit 0: a list of the recurrent ones, bit 1: of the sensory ones */
Test(network_list, in_any_order_gives_the_network_of_its_matrices)
{
  for (unsigned seed = 0; seed < 12; seed++)
    for (int lists = 1; lists < 4; lists++) {
      const char *implicit = seed % 2 ? "true" : "false";
      struct network_file *f = with_matrices(seed, implicit);
      qn_network *want = network_file_open(with_matrices(seed, implicit)), *got;

      if (lists & 1)
        make_list(f, "", UNITS);
      if (lists & 2)
        make_list(f, "sensory_", INPUTS);
      got = network_file_open(f);
      expect_same(&got->ltc.recurrent, &want->ltc.recurrent);
      expect_same(&got->ltc.sensory, &want->ltc.sensory);
      qn_network_free(got);
      qn_network_free(want);
    }
}

Test(network_list, may_hold_neurons_in_32_bits)
{
  struct network_file *f = network_file_alloc(1, 3, 1);
  qn_network *net;

  network_file_list(f, "", 2, (double[]){2, 0, 0, 2});
  network_file_retype(f, "synapses", QN_I32);
  net = network_file_open(f);
  cr_assert(eq(sz, net->ltc.recurrent.count, 2));
  cr_expect(eq(u32, net->ltc.recurrent.at[0].pre, 2));
  cr_expect(eq(u32, net->ltc.recurrent.at[0].post, 0));
  cr_expect(eq(dbl, net->ltc.recurrent.at[1].w, network_file_value("w", 1)));
  qn_network_free(net);
}

Test(network_list, may_be_empty)
{
  struct network_file *f = network_file_alloc(1, 3, 1);
  qn_network *net;

  network_file_list(f, "", 0, NULL);
  network_file_list(f, "sensory_", 0, NULL);
  net = network_file_open(f);
  cr_expect(eq(sz, net->ltc.recurrent.count, 0));
  cr_expect(eq(sz, net->ltc.sensory.count, 0));
  for (size_t j = 0; j <= 3; j++)
    cr_expect(eq(sz, net->ltc.recurrent.first[j], 0));
  qn_network_free(net);
}

Test(network_list, a_weight_of_zero_is_no_synapse)
{
  struct network_file *f = network_file_alloc(1, 3, 1);
  qn_network *net;

  network_file_list(f, "", 4, (double[]){0, 0, 1, 1, 2, 1, 0, 2});
  network_file_values(f, "w")[0] = 0;
  network_file_values(f, "w")[2] = 0;
  net = network_file_open(f);
  cr_assert(eq(sz, net->ltc.recurrent.count, 2));
  cr_expect(eq(sz, net->ltc.recurrent.first[1], 0));
  cr_expect(eq(sz, net->ltc.recurrent.first[2], 1));
  cr_expect(eq(sz, net->ltc.recurrent.first[3], 2));
  cr_expect(eq(u32, net->ltc.recurrent.at[0].pre, 1));
  cr_expect(eq(u32, net->ltc.recurrent.at[1].pre, 0));
  qn_network_free(net);
}

Test(network_list, holds_negative_weights_and_passes_softplus)
{
  for (int implicit = 0; implicit < 2; implicit++) {
    struct network_file *f = network_file_alloc(1, 2, 1);
    qn_network *net;

    network_file_list(f, "sensory_", 1, (double[]){0, 1});
    network_file_values(f, "sensory_w")[0] = -0.5;
    network_file_set(f, "implicit_param_constraints",
                     implicit ? "true" : "false");
    net = network_file_open(f);
    cr_assert(eq(sz, net->ltc.sensory.count, 1));
    /* log(1 + exp(-0.5)) */
    cr_expect(epsilon_eq(dbl, net->ltc.sensory.at[0].w,
                         implicit ? 0.47407698418010663 : -0.5, 1e-15));
    qn_network_free(net);
  }
}
