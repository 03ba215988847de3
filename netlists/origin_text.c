/* origin_text.c - see origin_text.h. */
#include "netlists/origin_text.h"

#include <stdio.h>

#include "netlists/cell_text.h"
#include <quench/wiring.h>

/* whether the network's synapses are the chip's branches */
static int fits(const qn_chip *chip, const qn_network *net)
{
  const qn_ltc *ltc = &net->ltc;

  return net->cell == QN_CELL_LTC && net->units == chip->units && ltc->cm &&
         ltc->gleak && ltc->vleak &&
         ltc->recurrent.count == chip->recurrent.count &&
         ltc->sensory.count == chip->sensory.count;
}

qn_status qn_origin_text_init(qn_origin_text *o, const qn_chip *chip,
                              const qn_network *net)
{
  qn_wiring *wiring;

  *o = (qn_origin_text){.chip = chip};
  if (!net || !fits(chip, net))
    return QN_OK;
  o->net = net;
  o->layered = net->layers > 1;
  if (!o->layered)
    return QN_OK;
  if (qn_wiring_alloc(&wiring, net))
    return QN_ENOMEM;
  o->ncp = qn_wiring_is_ncp(wiring, net);
  qn_wiring_free(wiring);
  return QN_OK;
}

/* ---- names -------------------------------------------------------------------------- */

void qn_origin_text_add_neuron(qn_text *t, const qn_chip *chip, size_t j)
{
  qn_text_add(t, "n%zu", j);
  if (j >= chip->outputs)
    return;
  qn_text_add(t, " (");
  qn_expression_name(t, chip->output_names[j]);
  qn_text_add(t, ")");
}

static void add_input(qn_text *t, const qn_chip *chip, size_t k)
{
  qn_text_add(t, "x%zu (", k);
  qn_expression_name(t, chip->input_names[k]);
  qn_text_add(t, ")");
}

struct layer {
  char name[32];
};

static struct layer layer_of(const qn_origin_text *o, size_t j)
{
  static const char *const ncp[] = {"inter", "command", "motor"};
  struct layer l;

  if (o->ncp)
    snprintf(l.name, sizeof l.name, "%s", ncp[o->net->layer[j]]);
  else
    snprintf(l.name, sizeof l.name, "layer %zu", o->net->layer[j]);
  return l;
}

void qn_origin_text_add_layer(qn_text *t, const qn_origin_text *o, size_t j)
{
  if (o->layered)
    qn_text_add(t, ", %s", layer_of(o, j).name);
}

/* ---- instances ---------------------------------------------------------------------- */

void qn_origin_text_add_membrane(qn_text *t, const qn_origin_text *o, size_t j)
{
  qn_text_add(t, " ; ");
  qn_origin_text_add_neuron(t, o->chip, j);
  qn_origin_text_add_layer(t, o, j);
  if (o->net)
    qn_text_add(t, ", cm[%zu]=%.9g", j, o->net->ltc.cm[j]);
}

void qn_origin_text_add_leak(qn_text *t, const qn_origin_text *o, size_t j)
{
  qn_text_add(t, " ; leak of ");
  qn_origin_text_add_neuron(t, o->chip, j);
  qn_origin_text_add_layer(t, o, j);
  if (o->net)
    qn_text_add(t, ", gleak[%zu]=%.9g vleak[%zu]=%.9g", j, o->net->ltc.gleak[j],
                j, o->net->ltc.vleak[j]);
}

static void add_layers(qn_text *t, const qn_origin_text *o, qn_place place,
                       const qn_branch *b)
{
  int sensory = place == QN_AT_SENSORY;

  if (!o->layered)
    qn_text_add(t, ", %s", sensory ? "sensory" : "recurrent");
  else
    qn_text_add(t, ", %s to %s", sensory ? "input" : layer_of(o, b->pre).name,
                layer_of(o, b->post).name);
}

static void add_weight(qn_text *t, const qn_origin_text *o, qn_place place,
                       size_t i)
{
  const qn_synapse *s = place == QN_AT_SENSORY ? &o->net->ltc.sensory.at[i]
                                               : &o->net->ltc.recurrent.at[i];

  qn_text_add(t, ", %sw[%u,%u]=%.9g sigma=%.9g mu=%.9g erev=%.9g",
              place == QN_AT_SENSORY ? "sensory_" : "", (unsigned)s->pre,
              (unsigned)s->post, s->w, s->sigma, s->mu, s->erev);
}

void qn_origin_text_add_synapse(qn_text *t, const qn_origin_text *o,
                                qn_place place, size_t i)
{
  const qn_branch *b = qn_cell_text_branch(o->chip, place, i);

  qn_text_add(t, " ; ");
  if (place == QN_AT_SENSORY)
    add_input(t, o->chip, b->pre);
  else
    qn_origin_text_add_neuron(t, o->chip, b->pre);
  qn_text_add(t, " to ");
  qn_origin_text_add_neuron(t, o->chip, b->post);
  add_layers(t, o, place, b);
  if (o->net)
    add_weight(t, o, place, i);
}
