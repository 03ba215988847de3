/* test_proof.c - the second proof, on words that keep it and on words that
 * break it. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "hdl/quantise_parts.h"
#include "tests/hdl/random_network.h"

static const random_spec spec = {.seed = 31,
                                 .inputs = 2,
                                 .units = 4,
                                 .outputs = 1,
                                 .unfolds = 6,
                                 .density = 1,
                                 .maps = QN_MAP_AFFINE};

static qn_core *core_of_spec(void)
{
  qn_network *net = random_network(&spec);
  qn_core *core;

  cr_assert_eq(qn_core_quantise(&core, net, &qn_core_options_default, NULL),
               QN_OK);
  qn_network_free(net);
  return core;
}

/* a drive or bias one word beyond what the hull allows, either way */
Test(proof, a_word_that_pulls_a_state_out_of_its_hull_is_found)
{
  qn_core *core = core_of_spec();
  int64_t unit = (int64_t)1 << (core->width - 1);

  cr_assert_eq(qn_core_prove(core, NULL), QN_OK);
  for (size_t i = 0; i < core->slots.sensory + core->slots.recurrent; i++) {
    qn_slot *slot = &core->slots.at[i];
    const qn_core_neuron *n = &core->neuron[slot->post];
    int32_t was = slot->drive;

    if (slot->kind != QN_SLOT_SYNAPSE)
      continue;
    slot->drive = (int32_t)(n->high * slot->weight / unit) + 1;
    cr_expect_eq(qn_core_prove(core, NULL), QN_EMODEL, "slot %zu, high", i);
    slot->drive = (int32_t)(n->low * slot->weight / unit) - 1;
    cr_expect_eq(qn_core_prove(core, NULL), QN_EMODEL, "slot %zu, low", i);
    slot->drive = was;
  }
  core->neuron[2].bias_num += (int64_t)1 << 40;
  cr_expect_eq(qn_core_prove(core, NULL), QN_EMODEL);
  qn_core_free(core);
}

Test(proof, a_denominator_beyond_the_divider_is_found)
{
  qn_core *core = core_of_spec();

  core->neuron[1].den_max = (int64_t)1 << core->divider_width;
  cr_expect_eq(qn_core_prove(core, NULL), QN_EMODEL);
  core->neuron[1].den_max--;
  cr_expect_eq(qn_core_prove(core, NULL), QN_OK);
  qn_core_free(core);
}

/* the largest sum there can be: every gate open, the state at its far end */
Test(proof, num_max_bounds_the_largest_numerator)
{
  qn_core *core = core_of_spec();
  int64_t one = qn_core_gate_one(core), sum[4] = {0};

  for (size_t j = 0; j < core->units; j++)
    sum[j] = llabs(core->neuron[j].bias_num);
  for (size_t i = 0; i < core->slots.sensory + core->slots.recurrent; i++) {
    const qn_slot *slot = &core->slots.at[i];
    const qn_core_neuron *n = &core->neuron[slot->post];
    int64_t far = n->high > -n->low ? n->high : -n->low;

    sum[slot->post] +=
      llabs(slot->drive) * (slot->kind == QN_SLOT_OWN ? far : one);
  }
  for (size_t j = 0; j < core->units; j++)
    cr_expect(core->neuron[j].num_max >= sum[j], "neuron %zu: %lld, not %lld",
              j, (long long)core->neuron[j].num_max, (long long)sum[j]);
  qn_core_free(core);
}
