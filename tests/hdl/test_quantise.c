/* test_quantise.c - what a core can be made of, and what is refused. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/quantise.h>

#include "tests/hdl/random_network.h"

static const random_spec spec = {.seed = 3,
                                 .inputs = 2,
                                 .units = 4,
                                 .outputs = 1,
                                 .unfolds = 6,
                                 .density = 0.7,
                                 .zero_leak = 1,
                                 .maps = QN_MAP_AFFINE};

static qn_status quantise_width(const qn_network *net, unsigned width,
                                qn_core **core, qn_diag *diag)
{
  qn_core_options opt = qn_core_options_default;

  opt.width = width;
  return qn_core_quantise(core, net, &opt, diag);
}

Test(quantise, names_the_neuron_whose_denominator_has_no_lower_bound)
{
  qn_network *net = random_network(&spec);
  size_t first = 99;
  qn_text text;
  qn_core *core;

  cr_assert_eq(quantise_width(net, 16, &core, NULL), QN_OK);
  cr_expect_eq(qn_core_unbounded(core, &first), 1);
  cr_expect_eq(first, 0);
  qn_text_init(&text);
  qn_core_describe(core, &text);
  cr_expect_not_null(strstr(text.data, "neuron 0: cm and gleak are zero"));
  qn_text_release(&text);
  qn_core_free(core);
  qn_network_free(net);
}

Test(quantise, refuses_other_cells_by_name_and_says_what_takes_them)
{
  static const struct {
    qn_cell cell;
    int memory;
    const char *part;
  } rows[] = {
    {QN_CELL_CFC, 0, "this is 'cfc': it runs on reference"},
    {QN_CELL_WIRED_CFC, 0, "this is 'wired_cfc': it runs on reference"},
    {QN_CELL_CFC, 1, "this is 'cfc' with mixed memory: it runs on reference"},
    {QN_CELL_LTC, 1,
     "this is 'ltc' with mixed memory: it runs on reference and ode"}};

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    qn_network *net = random_network(&spec);
    qn_diag diag = {.message = ""};
    qn_core *core;

    net->cell = rows[i].cell;
    net->mixed_memory = rows[i].memory;
    cr_expect_eq(quantise_width(net, 16, &core, &diag), QN_EUNSUPPORTED);
    cr_expect_null(core);
    cr_expect_not_null(strstr(diag.message, rows[i].part), "%s", diag.message);
    qn_network_free(net);
  }
}

/* no hull, no format: what a word must hold has no bound */
Test(quantise, refuses_negative_conductances_by_name)
{
  for (int i = 0; i < 4; i++) {
    qn_network *net = random_network(&spec);
    qn_synapse *s =
      i == 2 ? &net->ltc.recurrent.at[3] : &net->ltc.sensory.at[1];
    qn_diag diag = {.message = ""};
    char place[64];
    qn_core *core;

    snprintf(place, sizeof place, "neuron %d", i + 2);
    if (i == 0)
      net->ltc.cm[2] = -0.5;
    else if (i == 1)
      net->ltc.gleak[3] = -0.5;
    else
      s->w = -0.5;
    if (i > 1)
      snprintf(place, sizeof place, "synapse from %s %u to neuron %u",
               i == 2 ? "neuron" : "input", (unsigned)s->pre,
               (unsigned)s->post);
    cr_expect_eq(quantise_width(net, 16, &core, &diag), QN_EUNSUPPORTED);
    cr_expect_null(core);
    cr_expect_str_eq(diag.place, place);
    cr_expect_not_null(strstr(diag.message, "-0.5: negative"), "%s",
                       diag.message);
    qn_network_free(net);
  }
}

Test(quantise, refuses_widths_and_unfolds_out_of_range)
{
  qn_network *net = random_network(&spec);
  qn_core *core;

  cr_expect_eq(quantise_width(net, QN_WIDTH_MIN - 1, &core, NULL), QN_EINVAL);
  cr_expect_eq(quantise_width(net, QN_WIDTH_MAX + 1, &core, NULL), QN_EINVAL);
  net->ltc.unfolds = 256;
  cr_expect_eq(quantise_width(net, 16, &core, NULL), QN_EUNSUPPORTED);
  qn_network_free(net);
}

Test(quantise, states_too_large_for_the_word_are_refused_not_clipped)
{
  qn_network *net = random_network(&spec);
  qn_diag diag = {.message = ""};
  qn_core *core;

  net->ltc.vleak[2] = 40;
  cr_expect_eq(quantise_width(net, 6, &core, &diag), QN_EUNSUPPORTED);
  cr_expect_not_null(strstr(diag.message, "40"));
  cr_expect_eq(quantise_width(net, 16, &core, &diag), QN_OK);
  cr_expect_eq(core->state.frac, 9);
  qn_core_free(core);
  qn_network_free(net);
}

Test(quantise, irregular_spans_are_refused_with_the_span)
{
  qn_network *net = random_network(&spec);
  qn_dataset *data = random_dataset(net, 1, 1, 4, 1);
  qn_diag diag = {.message = ""};
  qn_core *core;

  cr_assert_eq(quantise_width(net, 16, &core, NULL), QN_OK);
  cr_expect_eq(qn_core_check_dataset(core, data, &diag), QN_OK);
  data->timespans = calloc(4, sizeof *data->timespans);
  data->timespans[0] = data->timespans[1] = data->timespans[2] = 1;
  data->timespans[3] = 2.5;
  cr_expect_eq(qn_core_check_dataset(core, data, &diag), QN_EUNSUPPORTED);
  cr_expect_not_null(strstr(diag.message, "2.5 model seconds"));
  qn_core_free(core);
  qn_dataset_free(data);
  qn_network_free(net);
}

/* Multiplying cm, gleak and all w of a neuron by one factor changes no word. */
Test(quantise, a_neuron_s_conductance_scale_is_free)
{
  qn_network *net = random_network(&spec);
  qn_core *one, *other;

  cr_assert_eq(quantise_width(net, 16, &one, NULL), QN_OK);
  net->ltc.epsilon = 0;
  qn_core_free(one);
  cr_assert_eq(quantise_width(net, 16, &one, NULL), QN_OK);
  net->ltc.cm[2] *= 64;
  net->ltc.gleak[2] *= 64;
  for (size_t i = 0; i < net->ltc.recurrent.count; i++)
    if (net->ltc.recurrent.at[i].post == 2)
      net->ltc.recurrent.at[i].w *= 64;
  for (size_t i = 0; i < net->ltc.sensory.count; i++)
    if (net->ltc.sensory.at[i].post == 2)
      net->ltc.sensory.at[i].w *= 64;
  cr_assert_eq(quantise_width(net, 16, &other, NULL), QN_OK);
  for (size_t i = 0; i < one->slots.count; i++) {
    cr_expect_eq(one->slots.at[i].weight, other->slots.at[i].weight);
    cr_expect_eq(one->slots.at[i].drive, other->slots.at[i].drive);
  }
  cr_expect_eq(one->neuron[2].bias_num, other->neuron[2].bias_num);
  cr_expect_str_eq(one->layout_hash, other->layout_hash);
  qn_core_free(one);
  qn_core_free(other);
  qn_network_free(net);
}

/* rounded outwards: what the words bound holds what the network bounds */
Test(quantise, the_hull_in_words_holds_the_hull)
{
  qn_network *net = random_network(&spec);
  qn_core *core;

  cr_assert_eq(quantise_width(net, 8, &core, NULL), QN_OK);
  for (size_t j = 0; j < core->units; j++) {
    double low, high, step = ldexp(1, -core->state.frac);

    qn_ltc_hull(net, j, &low, &high);
    low -= qn_format_value(core->state, core->neuron[j].low);
    high -= qn_format_value(core->state, core->neuron[j].high);
    cr_expect(low >= 0 && low < step && high <= 0 && high > -step,
              "neuron %zu: %g, %g", j, low, high);
  }
  qn_core_free(core);
  qn_network_free(net);
}

/* Beyond x with sigma x = (W + 1) ln 2 a gate is closed or open to half a
 * word: a feature of steep gates needs no range beyond, and gets the finest
 * format that has it. */
Test(quantise, a_feature_s_word_covers_what_moves_its_gates_and_no_more)
{
  qn_network *net = random_network(&spec);
  double range = 17 * log(2) / 50, most;
  qn_core *core;

  for (size_t i = 0; i < net->ltc.sensory.count; i++) {
    net->ltc.sensory.at[i].sigma = i % 2 ? 50 : -50;
    net->ltc.sensory.at[i].mu = 0;
  }
  for (size_t k = 0; k < net->inputs; k++)
    net->input_map.w[k] = 1, net->input_map.b[k] = 0;
  cr_assert_eq(quantise_width(net, 16, &core, NULL), QN_OK);
  most = qn_format_value(core->feature[0], qn_format_max(core->feature[0]));
  cr_expect(most >= range && most < 2 * range, "%g", most);
  qn_core_free(core);
  qn_network_free(net);
}

/* at 24 bits the sums of a neuron hold 2^14 full products in 63 bits */
Test(quantise, more_synapses_than_a_sum_can_hold_are_refused)
{
  static const random_spec wide = {.seed = 5,
                                   .inputs = 16384,
                                   .units = 1,
                                   .outputs = 1,
                                   .unfolds = 1,
                                   .density = 1,
                                   .maps = QN_MAP_NONE};
  qn_network *net = random_network(&wide);
  qn_diag diag = {.message = ""};
  qn_core *core;

  cr_expect_eq(quantise_width(net, 24, &core, &diag), QN_EUNSUPPORTED);
  cr_expect_not_null(strstr(diag.message, "synapses"), "%s", diag.message);
  cr_expect_eq(quantise_width(net, 16, &core, &diag), QN_OK);
  qn_core_free(core);
  qn_network_free(net);
}

/* weights may be loaded into a layout, another wiring may not */
Test(quantise, the_layout_hash_is_that_of_formats_and_wiring)
{
  qn_network *net = random_network(&spec);
  qn_synapse *s = &net->ltc.recurrent.at[0];
  qn_core *one, *lighter, *rewired;

  cr_assert_eq(quantise_width(net, 16, &one, NULL), QN_OK);
  s->w *= 0.9;
  cr_assert_eq(quantise_width(net, 16, &lighter, NULL), QN_OK);
  cr_expect_str_eq(lighter->layout_hash, one->layout_hash);
  s->pre = s->pre ? 0 : 1;
  cr_assert_eq(quantise_width(net, 16, &rewired, NULL), QN_OK);
  cr_expect_str_neq(rewired->layout_hash, one->layout_hash);
  qn_core_free(one);
  qn_core_free(lighter);
  qn_core_free(rewired);
  qn_network_free(net);
}
