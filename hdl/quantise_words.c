/* quantise_words.c - slots, words and biases.
 *
 * Multiplying cm, gleak and all w of one neuron by the same factor changes
 * nothing, so each neuron has its own, such that its words and its largest
 * denominator fill the widths. One unit of den is 1 / (scale * one), with s in
 * [0, one]; num is in units 2^(integer bits of the state) larger, so that
 * num / den is the state as a fraction of 2^(W-1). */
#include "hdl/quantise_parts.h"

#include <math.h>
#include <stdlib.h>

/* den may be this many bits larger than one full product */
enum { GUARD_BITS = 2 };

/* ---- one neuron ------------------------------------------------------------ */

struct conductances {
  double cm, largest, sum;
  size_t slots;
};

static void add_conductances(struct conductances *sum,
                             const qn_synapses *synapses, size_t j)
{
  for (size_t i = synapses->first[j]; i < synapses->first[j + 1]; i++) {
    sum->largest = fmax(sum->largest, synapses->at[i].w);
    sum->sum += synapses->at[i].w;
    sum->slots++;
  }
}

static struct conductances conductances_of(const qn_core *core,
                                           const qn_network *net, size_t j)
{
  double cm = net->ltc.cm[j] * net->ltc.unfolds / core->span;
  struct conductances all = {.cm = cm, .largest = cm};

  all.sum = cm + net->ltc.gleak[j] + net->ltc.epsilon;
  all.slots = 2;
  add_conductances(&all, &net->ltc.recurrent, j);
  add_conductances(&all, &net->ltc.sensory, j);
  return all;
}

/* The largest word fits W bits, the sum of all words W-1+GUARD_BITS bits. */
static double choose_scale(const qn_core *core, const struct conductances *all)
{
  double word = ldexp(1.0, (int)core->width - 1) - 1;
  double sum =
    ldexp(1.0, (int)core->width - 1 + GUARD_BITS) - 2 - (double)all->slots;
  double scale = all->sum > 0 ? sum / all->sum : 1;

  return all->largest > 0 ? fmin(scale, word / all->largest) : scale;
}

/* floor(bound * y / 2^(W-1)) for y >= 0, exact. A right shift of a negative
 * number is arithmetic in every compiler we build with. */
static int64_t scaled_floor(const qn_core *core, int64_t bound, int64_t y)
{
  unsigned n = core->width - 1;
  int64_t high = y >> n, low = y & (((int64_t)1 << n) - 1);

  return bound * high + ((bound * low) >> n);
}

/* x into [low, high] * y / 2^(W-1): what keeps a state inside its hull. */
static int64_t keep_in_hull(const qn_core *core, const qn_core_neuron *neuron,
                            int64_t x, int64_t y)
{
  int64_t low = -scaled_floor(core, -neuron->low, y);
  int64_t high = scaled_floor(core, neuron->high, y);

  if (x < low)
    return low;
  return x > high ? high : x;
}

/* The neuron's conductance y (in words or units of den) towards potential e,
 * in units of num: times e, over the range of a state. */
static int64_t drive_of(const qn_core *core, const qn_core_neuron *neuron,
                        double conductance, int64_t y, double e)
{
  int integer = (int)core->width - 1 - core->state.frac;

  return keep_in_hull(core, neuron, llround(ldexp(conductance * e, -integer)),
                      y);
}

static void fill_hull(const qn_core *core, const qn_network *net, size_t j,
                      qn_core_neuron *neuron)
{
  double low, high;

  qn_ltc_hull(net, j, &low, &high);
  neuron->low = (int64_t)floor(ldexp(low, core->state.frac));
  neuron->high = (int64_t)ceil(ldexp(high, core->state.frac));
}

static void fill_bias(const qn_core *core, const qn_network *net, size_t j,
                      int32_t cm)
{
  qn_core_neuron *neuron = &core->neuron[j];
  double one = qn_core_gate_one(core);
  double leak = net->ltc.gleak[j] * neuron->scale * one;
  int64_t leak_word = llround(leak);

  neuron->den_min = ((int64_t)cm << (core->width - 1)) + leak_word;
  neuron->den_max = neuron->bias_den =
    neuron->den_min + llround(net->ltc.epsilon * neuron->scale * one);
  neuron->bias_num = drive_of(core, neuron, leak, leak_word, net->ltc.vleak[j]);
}

/* ---- slots ------------------------------------------------------------------- */

static void fill_synapse(qn_core *core, qn_slot *slot, const qn_synapse *syn,
                         qn_format slope_format, double slope, double offset)
{
  qn_core_neuron *neuron = &core->neuron[syn->post];
  double w = syn->w * neuron->scale;

  *slot = (qn_slot){.kind = QN_SLOT_SYNAPSE,
                    .pre = syn->pre,
                    .post = syn->post,
                    .source = *syn};
  slot->slope = (int32_t)qn_format_word(slope_format, slope, NULL);
  slot->offset = (int32_t)qn_format_word(core->offset, offset, NULL);
  slot->weight = (int32_t)lround(w);
  slot->drive = (int32_t)drive_of(core, neuron, w, slot->weight, syn->erev);
  neuron->den_max += (int64_t)slot->weight * qn_core_gate_one(core);
}

static qn_slot *fill_sensory(qn_core *core, const qn_network *net, size_t j,
                             qn_slot *slot)
{
  const qn_synapses *sensory = &net->ltc.sensory;
  const qn_map *map = &net->input_map;

  if (sensory->first[j] == sensory->first[j + 1])
    *slot++ = (qn_slot){.kind = QN_SLOT_EMPTY, .post = j};
  for (size_t i = sensory->first[j]; i < sensory->first[j + 1]; i++) {
    const qn_synapse *syn = &sensory->at[i];

    fill_synapse(core, slot++, syn, core->slope_sensory[syn->pre],
                 syn->sigma * map->w[syn->pre],
                 syn->sigma * (map->b[syn->pre] - syn->mu));
  }
  slot[-1].last = 1;
  return slot;
}

static qn_slot *fill_recurrent(qn_core *core, const qn_network *net, size_t j,
                               qn_slot *slot, int32_t cm)
{
  const qn_synapses *recurrent = &net->ltc.recurrent;

  *slot++ = (qn_slot){.kind = QN_SLOT_OWN, .pre = j, .post = j, .drive = cm};
  for (size_t i = recurrent->first[j]; i < recurrent->first[j + 1]; i++) {
    const qn_synapse *syn = &recurrent->at[i];

    fill_synapse(core, slot++, syn, core->slope_recurrent, syn->sigma,
                 -syn->sigma * syn->mu);
  }
  slot[-1].last = 1;
  return slot;
}

static void fill_outputs(qn_core *core, const qn_network *net, qn_slot *slot)
{
  for (size_t k = 0; k < net->outputs; k++, slot++) {
    int shift = core->output[k].frac - core->argument.frac;

    *slot = (qn_slot){.kind = QN_SLOT_OUTPUT, .pre = k, .post = k, .last = 1};
    slot->slope = (int32_t)qn_format_word(
      core->slope_recurrent, ldexp(net->output_map.w[k], shift), NULL);
    slot->offset = (int32_t)qn_format_word(
      core->offset, ldexp(net->output_map.b[k], shift), NULL);
  }
}

/* ---- sums -------------------------------------------------------------------- */

/* ceil(log2(x + 1)) */
static unsigned bits_of(uint64_t x)
{
  unsigned bits = 0;

  for (; x; x >>= 1)
    bits++;
  return bits;
}

/* A bias and as many full products as the neuron has slots, whatever the
 * words: no sum can wrap. */
static qn_status choose_widths(qn_core *core, const qn_network *net,
                               size_t slots, qn_diag *diag)
{
  uint64_t most;

  core->divider_width = 2 * core->width - 2 + GUARD_BITS;
  if (slots > (size_t)1 << (62 - core->divider_width))
    return qn_diag_set(diag, QN_EUNSUPPORTED, net->path, "",
                       "a neuron has %zu synapses: the sums of a core of %u "
                       "bits are limited to 63 bits",
                       slots, core->width);
  most = ((uint64_t)1 << core->divider_width) +
         ((uint64_t)slots << (2 * core->width - 2));
  core->sum_width = bits_of(most) + 1;
  return QN_OK;
}

static void count_slots(qn_core *core, const qn_network *net)
{
  const size_t *first = net->ltc.sensory.first;

  core->slots.sensory = net->ltc.sensory.count;
  for (size_t j = 0; j < net->units; j++)
    core->slots.sensory += first[j] == first[j + 1];
  core->slots.recurrent = net->ltc.recurrent.count + net->units;
  core->slots.outputs = net->outputs;
  core->slots.count =
    core->slots.sensory + core->slots.recurrent + core->slots.outputs;
}

qn_status qn_core_fill_slots(qn_core *core, const qn_network *net,
                             qn_diag *diag)
{
  qn_slot *sensory, *recurrent;
  size_t most = 0;

  count_slots(core, net);
  core->slots.at = calloc(core->slots.count, sizeof *core->slots.at);
  if (!core->slots.at)
    return qn_diag_out_of_memory(diag);
  sensory = core->slots.at;
  recurrent = sensory + core->slots.sensory;
  for (size_t j = 0; j < net->units; j++) {
    struct conductances all = conductances_of(core, net, j);
    qn_core_neuron *neuron = &core->neuron[j];
    double one = qn_core_gate_one(core);
    int32_t cm;

    neuron->scale = choose_scale(core, &all);
    cm = (int32_t)lround(
      ldexp(all.cm * neuron->scale * one, 1 - (int)core->width));
    fill_hull(core, net, j, neuron);
    fill_bias(core, net, j, cm);
    sensory = fill_sensory(core, net, j, sensory);
    recurrent = fill_recurrent(core, net, j, recurrent, cm);
    most = all.slots > most ? all.slots : most;
  }
  fill_outputs(core, net, recurrent);
  return choose_widths(core, net, most, diag);
}
