/* chip_text.c - a chip as subcircuits: one instance line a synapse, leak,
 * membrane and rail. The flat form is in chip_flat.c. */
#include "netlists/chip_text.h"

#include <stdlib.h>

#include "netlists/expression.h"
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

static void add_title(qn_text *t, const qn_chip *chip)
{
  qn_text_add(t, "* ");
  qn_expression_comment(t, chip->name);
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
              "* a model second lasts %s s.\n\n",
              qn_exact(chip->common_mode_v).text,
              qn_exact(chip->volts_per_unit).text,
              qn_exact(chip->seconds_per_unit).text);
}

void qn_chip_text_neuron(qn_text *t, const qn_chip *chip, const qn_network *net,
                         size_t j)
{
  qn_text_add(t, "\n* ---- neuron n%zu", j);
  if (net && net->layers > 1)
    qn_text_add(t, ", layer %zu", net->layer[j]);
  if (j < chip->outputs) {
    qn_text_add(t, ", output ");
    qn_expression_comment(t, chip->output_names[j]);
  }
  qn_text_add(t, ", %.6g S a model conductance of 1\n",
              chip->siemens_per_unit[j]);
}

/* ---- cells ------------------------------------------------------------------------ */

static const char membrane_cell[] =
  "* membrane: a capacitor that starts at v0\n"
  ".subckt qn_membrane v PARAMS: c=1 v0=0\n"
  "C1 v 0 {c} IC={v0}\n"
  ".ends\n\n";

static const char rails_cell[] = "* rails\n"
                                 ".subckt qn_rails plus minus\n"
                                 "Vplus plus 0 %s\n"
                                 "Vminus minus 0 %s\n"
                                 ".ends\n\n";

static const char direct_cell[] =
  "* direct cell: two memristors behind one duty-cycled gate. V(gate) is the\n"
  "* fraction of the time that the gate conducts, 0 to 1.\n"
  ".subckt qn_direct pre post plus minus PARAMS: gp=0 gm=0 gain=1 th=0\n"
  "B1 0 gate I={0.5*(1+tanh(0.5*%s*gain*(V(pre)-th)))}\n"
  "R1 gate 0 1\n"
  "X1 plus post gate qn_gated PARAMS: g={gp}\n"
  "X2 minus post gate qn_gated PARAMS: g={gm}\n"
  ".ends\n";

static void add_memristors(qn_text *t, const qn_chip *chip)
{
  const qn_device_card *card = &chip->technology.memristor;

  qn_text_add(t, "* memristor %s: ", card->device->name);
  qn_expression_comment(t, card->device->equation);
  qn_text_add(t, "\n.subckt qn_memristor a b PARAMS: g=0\nB1 a b I={g*");
  qn_expression_drive(t, card, "V(a)-V(b)");
  qn_text_add(t, "}\n.ends\n\n"
                 "* the same behind a gate, averaged over its period\n"
                 ".subckt qn_gated a b gate PARAMS: g=0\n"
                 "B1 a b I={V(gate)*g*");
  qn_expression_drive(t, card, "V(a)-V(b)");
  qn_text_add(t, "}\n.ends\n\n");
}

static void add_leak_cell(qn_text *t)
{
  qn_text_add(t, "* leak: the pair without a gate\n"
                 ".subckt qn_leak v plus minus PARAMS: gp=0 gm=0\n"
                 "X1 plus v qn_memristor PARAMS: g={gp}\n"
                 "X2 minus v qn_memristor PARAMS: g={gm}\n"
                 ".ends\n\n");
}

static void add_library(qn_text *t, const qn_chip *chip)
{
  add_memristors(t, chip);
  qn_text_add(t, "%s", membrane_cell);
  qn_text_add(t, rails_cell, qn_exact(chip->rail_plus_v).text,
              qn_exact(chip->rail_minus_v).text);
  add_leak_cell(t);
  qn_text_add(t, direct_cell, qn_exact(chip->gate_slope_per_v).text);
}

/* ---- instances ---------------------------------------------------------------------- */

static void add_membrane(qn_text *t, const qn_chip *chip, size_t j)
{
  qn_text_add(t, "Xm%zu n%zu qn_membrane PARAMS: c=%s v0=%s\n", j, j,
              qn_exact(chip->capacitance_f[j]).text,
              qn_exact(qn_chip_to_volts(chip, 0)).text);
}

static void add_leak(qn_text *t, const qn_chip *chip, size_t j)
{
  double gp = chip->leak_plus_s[j], gm = chip->leak_minus_s[j];

  if (gp + gm > 0)
    qn_text_add(t,
                "Xl%zu n%zu plus minus qn_leak PARAMS: gp=%s gm=%s"
                " ; to %.6g units\n",
                j, j, qn_exact(gp).text, qn_exact(gm).text, pull(chip, gp, gm));
}

static void add_synapse(qn_text *t, const qn_chip *chip, const qn_branch *b,
                        char kind, size_t id)
{
  int sensory = kind == 's';

  if (!(b->plus_s + b->minus_s > 0))
    return;
  qn_text_add(t,
              "X%c%zu %c%zu n%zu plus minus qn_direct PARAMS: gp=%s"
              " gm=%s gain=%s th=%s ; ",
              kind, id, sensory ? 'x' : 'n', b->pre, b->post,
              qn_exact(b->plus_s).text, qn_exact(b->minus_s).text,
              qn_exact(b->gate.gain).text, qn_exact(b->gate.threshold_v).text);
  if (sensory) {
    qn_text_add(t, "input ");
    qn_expression_comment(t, chip->input_names[b->pre]);
  } else {
    qn_text_add(t, "neuron n%zu", b->pre);
  }
  qn_text_add(t, ", to %.6g units, half open at %.6g\n",
              pull(chip, b->plus_s, b->minus_s),
              qn_chip_to_model(chip, b->gate.threshold_v));
}

static void add_neuron(qn_text *t, const qn_chip *chip, const qn_network *net,
                       size_t j)
{
  const qn_branches *r = &chip->recurrent, *s = &chip->sensory;

  qn_chip_text_neuron(t, chip, net, j);
  add_membrane(t, chip, j);
  add_leak(t, chip, j);
  for (size_t i = r->first[j]; i < r->first[j + 1]; i++)
    add_synapse(t, chip, &r->at[i], 'r', i);
  for (size_t i = s->first[j]; i < s->first[j + 1]; i++)
    add_synapse(t, chip, &s->at[i], 's', i);
}

static void add_cells(qn_text *t, const qn_chip *chip, const qn_network *net)
{
  add_title(t, chip);
  add_library(t, chip);
  qn_text_add(t, "\n.subckt qn_chip");
  qn_chip_text_pins(t, chip);
  qn_text_add(t, "\nXrails plus minus qn_rails ; %.6g and %.6g units\n",
              qn_chip_to_model(chip, chip->rail_plus_v),
              qn_chip_to_model(chip, chip->rail_minus_v));
  for (size_t j = 0; j < chip->units; j++)
    add_neuron(t, chip, net, j);
  qn_text_add(t, "\n.ends\n");
}

static void add_flat(qn_text *t, const qn_chip *chip, const qn_network *net)
{
  add_title(t, chip);
  qn_text_add(t, ".subckt qn_chip");
  qn_chip_text_pins(t, chip);
  qn_text_add(t, "\n");
  qn_chip_text_flat(t, chip, net);
  qn_text_add(t, "\n.ends\n");
}

qn_status qn_netlist_chip_text(const qn_chip *chip, const qn_network *net,
                               qn_netlist_form form, char **text, qn_diag *diag)
{
  qn_text t;

  *text = NULL;
  qn_text_init(&t);
  if (form == QN_NETLIST_CELLS)
    add_cells(&t, chip, net);
  else
    add_flat(&t, chip, net);
  if (t.failed) {
    qn_text_release(&t);
    return qn_diag_out_of_memory(diag);
  }
  *text = t.data;
  return QN_OK;
}
