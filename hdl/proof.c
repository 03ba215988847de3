/* proof.c - that this network never saturates its core, checked on the words.
 *
 * For every slot of a neuron, with weight w, drive d and s in [0, one]:
 *   low w <= d 2^(W-1) <= high w
 * and the same for the biases, so num 2^(W-1) lies in [low den, high den] for
 * every state inside [low, high]; the quotient, rounded to nearest, cannot
 * leave an interval whose ends are words. den stays below 2^divider_width. */
#include "hdl/quantise_parts.h"

#include <math.h>

/* low y <= x 2^(W-1) <= high y, exact for every width */
static int is_inside(const qn_core *core, const qn_core_neuron *neuron,
                     int64_t x, int64_t y)
{
  int64_t unit = (int64_t)1 << (core->width - 1);
  int64_t high = y / unit, low = y % unit; /* y >= 0 */

  return x - neuron->low * high >= -((-neuron->low * low) / unit) &&
         x - neuron->high * high <= neuron->high * low / unit;
}

static int slots_are_inside(const qn_core *core)
{
  size_t synapses = core->slots.sensory + core->slots.recurrent;

  for (size_t i = 0; i < synapses; i++) {
    const qn_slot *slot = &core->slots.at[i];

    if (slot->kind == QN_SLOT_SYNAPSE &&
        !is_inside(core, &core->neuron[slot->post], slot->drive, slot->weight))
      return 0;
  }
  return 1;
}

/* den in [0, den_max]; a neuron's own slot adds cm to num at most times its
 * state, and cm 2^(W-1) is part of bias_den. */
static int neuron_is_bounded(const qn_core *core, const qn_core_neuron *neuron,
                             int64_t cm)
{
  int64_t leak = neuron->bias_den - (cm << (core->width - 1));
  int64_t most = qn_format_max(core->state);

  return neuron->low >= -most && neuron->high <= most && leak >= 0 &&
         is_inside(core, neuron, neuron->bias_num, leak) &&
         neuron->den_max < (int64_t)1 << core->divider_width;
}

qn_status qn_core_prove(qn_core *core, qn_diag *diag)
{
  const qn_slot *slot = core->slots.at + core->slots.sensory;
  int holds = slots_are_inside(core);

  for (size_t i = 0; i < core->slots.recurrent; i++) {
    qn_core_neuron *neuron = &core->neuron[slot[i].post];
    double radius =
      (double)(neuron->high > -neuron->low ? neuron->high : -neuron->low);

    if (slot[i].kind != QN_SLOT_OWN)
      continue;
    neuron->num_max = (int64_t)ceil(
      ldexp(radius * (double)neuron->den_max, 1 - (int)core->width));
    holds = holds && neuron_is_bounded(core, neuron, slot[i].drive);
  }
  if (holds)
    return QN_OK;
  return qn_diag_set(diag, QN_EMODEL, "", core->name,
                     "the proof that no state saturates fails on the words");
}

size_t qn_core_unbounded(const qn_core *core, size_t *first)
{
  size_t count = 0;

  for (size_t j = 0; j < core->units; j++)
    if (core->neuron[j].den_min <= 0 && count++ == 0 && first)
      *first = j;
  return count;
}

/* ---- for a person ------------------------------------------------------------ */

static void add_beats(qn_text *text, const char *what, char *const *name,
                      const qn_format *format, size_t n)
{
  char fix[32];

  for (size_t k = 0; k < n; k++)
    qn_text_add(text, "%-10s %-12s %+.6g to %+.6g  %s\n", what,
                qn_format_text(format[k], fix),
                qn_format_value(format[k], qn_format_min(format[k])),
                qn_format_value(format[k], qn_format_max(format[k])), name[k]);
}

static void add_warnings(const qn_core *core, qn_text *text)
{
  for (size_t j = 0; j < core->units; j++)
    if (core->neuron[j].den_min <= 0)
      qn_text_add(text,
                  "warning: neuron %zu: cm and gleak are zero in these words: "
                  "its denominator has no positive lower bound and its state "
                  "is not held to ncps' when all its gates are closed\n",
                  j);
}

void qn_core_describe(const qn_core *core, qn_text *text)
{
  char fix[32];

  qn_text_add(text, "%-10s %s\n", "state", qn_format_text(core->state, fix));
  qn_text_add(text,
              "%-10s %-12s %u intervals over [0, %u], error below "
              "%.2g\n",
              "gate", qn_format_text(core->gate, fix), 1u << core->table.bits,
              1u << core->table.range, core->table.error);
  add_beats(text, "input", core->feature_names, core->feature, core->inputs);
  add_beats(text, "output", core->output_names, core->output, core->outputs);
  qn_text_add(text,
              "proof      sums of %u bits hold any memory content; every state "
              "stays in its hull and no denominator reaches %u bits: nothing "
              "saturates, for any input\n",
              core->sum_width, core->divider_width + 1);
  qn_text_add(text,
              "cycles     %u from a sample's last beat to the first "
              "result, a sample every %u\n",
              core->cycles, qn_core_cycles_per_sample(core));
  add_warnings(core, text);
}
