/* chip_text.c - a chip as subcircuits: one instance line a synapse, leak,
 * membrane and rail. The flat form is in chip_flat.c. */
#include "netlists/chip_text.h"

#include "netlists/cell_text.h"
#include "netlists/expression.h"
#include "netlists/fold.h"
#include "netlists/memristor_text.h"
#include "netlists/origin_text.h"
#include "netlists/wires.h"
#include <quench/netlist.h>

enum { PINS_A_LINE = 16 };

static void add_pins(qn_text *t, char kind, size_t count)
{
  for (size_t i = 0; i < count; i++)
    qn_text_add(t, "%s%c%zu", i % PINS_A_LINE ? " " : "\n+ ", kind, i);
}

void qn_chip_text_pins(qn_text *t, const qn_chip *chip)
{
  add_pins(t, 'x', chip->inputs);
  add_pins(t, 'n', chip->units);
}

/* ---- what a value means in the network ------------------------------------------- */

/* the potential that a pair of memristors pulls to, model units */
static double pull(const qn_chip *chip, double plus_s, double minus_s)
{
  double v = (plus_s * chip->rail_plus_v + minus_s * chip->rail_minus_v) /
             (plus_s + minus_s);

  return qn_chip_to_model(chip, v);
}

static void add_title(qn_text *t, const qn_origin_text *origin)
{
  const qn_chip *chip = origin->chip;

  qn_text_add(t, "* ");
  qn_expression_name(t, chip->name);
  qn_text_add(t,
              " on a chip; neurons: %zu, inputs: %zu, outputs: %zu, synapses: "
              "%zu\n* technology: ",
              chip->units, chip->inputs, chip->outputs,
              chip->recurrent.count + chip->sensory.count);
  qn_expression_comment(t, chip->technology.name);
  if (*chip->sample)
    qn_text_add(t, ", %s", chip->sample);
  qn_text_add(t,
              "\n* SI units. A model value x stands at %s V + %s V * x;\n"
              "* a model second lasts %s s.\n",
              qn_exact(chip->common_mode_v).text,
              qn_exact(chip->volts_per_unit).text,
              qn_exact(chip->seconds_per_unit).text);
  if (origin->net)
    qn_text_add(t,
                "* Behind an instance stands what it comes from, the network's"
                " tensors%s:\n* w[pre,post], sensory_w[input,post], cm, gleak,"
                " vleak.\n",
                origin->net->implicit_constraints ? " after softplus" : "");
  qn_text_add(t, "\n");
}

void qn_chip_text_neuron(qn_text *t, const qn_origin_text *origin, size_t j)
{
  const qn_chip *chip = origin->chip;

  qn_text_add(t, "\n* ---- neuron n%zu", j);
  qn_origin_text_add_layer(t, origin, j);
  if (j < chip->outputs) {
    qn_text_add(t, ", output ");
    qn_expression_name(t, chip->output_names[j]);
  }
  qn_text_add(t, ", %.6g S a model conductance of 1\n",
              chip->siemens_per_unit[j]);
}

/* ---- instances ---------------------------------------------------------------------- */

static void add_membrane(qn_text *t, const qn_origin_text *origin, size_t j)
{
  const qn_chip *chip = origin->chip;
  double drawn = qn_chip_drawn_capacitance(chip, j);

  if (!(drawn > 0))
    return;
  qn_text_add(t, "Xm%zu n%zu qn_membrane PARAMS: c=%s v0=%s", j, j,
              qn_exact(drawn).text, qn_exact(qn_chip_to_volts(chip, 0)).text);
  qn_origin_text_add_membrane(t, origin, j);
  qn_text_add(t, "\n");
}

static void add_leak(qn_text *t, const qn_cell_text *c,
                     const qn_origin_text *origin, size_t j)
{
  if (!qn_cell_text_add_leak(t, c, j))
    return;
  qn_origin_text_add_leak(t, origin, j);
  qn_text_add(t, ", pulls to %.6g units\n",
              pull(c->chip, c->chip->leak_plus_s[j], c->chip->leak_minus_s[j]));
}

/* the potential that a synapse pulls to, model units */
static double pull_of(const qn_chip *chip, const qn_branch *b)
{
  switch ((qn_synapse_cell)chip->technology.cell) {
  case QN_CELL_TRANSCONDUCTOR:
    return qn_chip_to_model(chip, b->reversal_v);
  case QN_CELL_DIRECT:
    return pull(chip, qn_chip_through_switch(chip, b->plus_s),
                qn_chip_through_switch(chip, b->minus_s));
  case QN_CELL_STEERED:
    break;
  }
  return pull(chip, b->plus_s, b->minus_s);
}

static void add_thresholds(qn_text *t, const qn_chip *chip, const qn_branch *b)
{
  qn_text_add(t, ", half open at %.6g",
              qn_chip_to_model(chip, b->gate.threshold_v));
  if (chip->technology.cell == QN_CELL_STEERED &&
      b->minus_gate.threshold_v != b->gate.threshold_v)
    qn_text_add(t, " and %.6g",
                qn_chip_to_model(chip, b->minus_gate.threshold_v));
}

static void add_synapse(qn_text *t, const qn_cell_text *c,
                        const qn_origin_text *origin, qn_place place, size_t i)
{
  const qn_chip *chip = c->chip;
  const qn_branch *b = qn_cell_text_branch(chip, place, i);

  if (!qn_cell_text_add_synapse(t, c, place, i))
    return;
  qn_origin_text_add_synapse(t, origin, place, i);
  qn_text_add(t, ", pulls to %.6g units", pull_of(chip, b));
  add_thresholds(t, chip, b);
  qn_text_add(t, "\n");
}

static void add_neuron(qn_text *t, const qn_cell_text *c,
                       const qn_origin_text *origin, size_t j)
{
  const qn_branches *r = &c->chip->recurrent, *s = &c->chip->sensory;

  qn_chip_text_neuron(t, origin, j);
  add_membrane(t, origin, j);
  add_leak(t, c, origin, j);
  for (size_t i = r->first[j]; i < r->first[j + 1]; i++)
    add_synapse(t, c, origin, QN_AT_RECURRENT, i);
  for (size_t i = s->first[j]; i < s->first[j + 1]; i++)
    add_synapse(t, c, origin, QN_AT_SENSORY, i);
}

/* ---- the chip ----------------------------------------------------------------------- */

static void add_cells(qn_text *t, const qn_cell_text *c,
                      const qn_origin_text *origin)
{
  const qn_chip *chip = c->chip;

  add_title(t, origin);
  qn_cell_text_add_library(t, c);
  qn_text_add(t, "\n.subckt qn_chip");
  qn_chip_text_pins(t, chip);
  qn_text_add(t, "\nXrails plus minus qn_rails ; %.6g and %.6g units\n",
              qn_chip_to_model(chip, chip->rail_plus_v),
              qn_chip_to_model(chip, chip->rail_minus_v));
  for (size_t j = 0; j < chip->units; j++)
    add_neuron(t, c, origin, j);
  qn_wires_add(t, chip);
  qn_text_add(t, "\n.ends\n");
}

static void add_flat(qn_text *t, const qn_origin_text *origin)
{
  const qn_chip *chip = origin->chip;

  add_title(t, origin);
  qn_text_add(t, ".subckt qn_chip");
  qn_chip_text_pins(t, chip);
  qn_text_add(t, "\n");
  qn_chip_text_flat(t, origin);
  qn_text_add(t, "\n.ends\n");
}

qn_status qn_netlist_check(const qn_chip *chip, qn_diag *diag)
{
  const qn_device *device = chip->technology.memristor.device;

  if (!device->spice_drive ||
      (qn_memristor_moves(chip) &&
       !(device->spice_conductance && device->spice_rate)))
    return qn_diag_set(diag, QN_EUNSUPPORTED, chip->technology.name, NULL,
                       "memristor %s has no law in SPICE's language",
                       device->name);
  return QN_OK;
}

static int is_flat(const qn_cell_text *c, qn_netlist_form form)
{
  return form == QN_NETLIST_FLAT && !c->wired && !c->moves &&
         !qn_noise_text_exists(&c->noise) && !qn_cell_text_differ(c);
}

qn_status qn_chip_text_alloc(char **text, const qn_chip *chip,
                             const qn_network *net, qn_netlist_form form,
                             qn_noise_wanted noise, qn_diag *diag)
{
  qn_status st = qn_netlist_check(chip, diag);
  qn_origin_text origin;
  qn_cell_text cells;
  qn_text t, folded;

  *text = NULL;
  if (st)
    return st;
  if (qn_origin_text_init(&origin, chip, net))
    return qn_diag_out_of_memory(diag);
  qn_cell_text_init(&cells, chip, noise);
  qn_text_init(&t);
  if (is_flat(&cells, form))
    add_flat(&t, &origin);
  else
    add_cells(&t, &cells, &origin);
  qn_text_init(&folded);
  qn_fold(&folded, t.data);
  folded.failed |= t.failed;
  qn_text_release(&t);
  if (folded.failed) {
    qn_text_release(&folded);
    return qn_diag_out_of_memory(diag);
  }
  *text = folded.data;
  return QN_OK;
}

qn_status qn_netlist_chip_text(const qn_chip *chip, const qn_network *net,
                               qn_netlist_form form, char **text, qn_diag *diag)
{
  return qn_chip_text_alloc(
    text, chip, net, form, (qn_noise_wanted){QN_NOISE_FROM_RESISTORS, 0}, diag);
}
