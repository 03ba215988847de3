/* cell_text.c - see cell_text.h. */
#include "netlists/cell_text.h"

#include <math.h>
#include <stdio.h>

#include "netlists/expression.h"
#include "netlists/law.h"
#include "netlists/memristor_text.h"
#include "netlists/wires.h"

/* one kind of synapse */
struct cell {
  const char *gated; /* what its gated memristor is; NULL: it has none */
  void (*add_subcircuit)(qn_text *t, const qn_cell_text *c);
  /* after its name and what it comes from */
  void (*add_instance)(qn_text *t, const qn_cell_text *c, qn_place place,
                       size_t i);
};

const qn_branch *qn_cell_text_branch(const qn_chip *chip, qn_place place,
                                     size_t i)
{
  return place == QN_AT_SENSORY ? &chip->sensory.at[i] : &chip->recurrent.at[i];
}

/* ---- parameters ------------------------------------------------------------------- */

/* whether the laws that the deck holds depend on parameter k */
static int is_used(const qn_cell_text *c, size_t k)
{
  const qn_device *d = c->chip->technology.memristor.device;

  return qn_law_uses(d->spice_drive, d, k) ||
         (c->moves && (qn_law_uses(d->spice_conductance, d, k) ||
                       qn_law_uses(d->spice_rate, d, k)));
}

/* whether every memristor's parameter k is the technology's */
static int is_common(const qn_chip *chip, size_t k)
{
  double value = chip->technology.memristor.parameter[k];

  for (size_t i = 0; i < qn_chip_memristors(chip); i++)
    if (qn_chip_conductance_of(chip, i) > 0 &&
        qn_chip_parameters(chip, i)[k] != value)
      return 0;
  return 1;
}

void qn_cell_text_init(qn_cell_text *c, const qn_chip *chip,
                       qn_noise_wanted noise)
{
  const qn_device *device = chip->technology.memristor.device;

  *c = (qn_cell_text){.chip = chip,
                      .wired = qn_wires_exist(chip),
                      .moves = qn_memristor_moves(chip)};
  qn_noise_text_init(&c->noise, chip, noise);
  for (size_t k = 0; chip->parameter && device->parameters[k].name; k++)
    c->own[k] = is_used(c, k) && !is_common(chip, k);
}

int qn_cell_text_differ(const qn_cell_text *c)
{
  int differ = 0;

  for (size_t k = 0; k < QN_DEVICE_PARAMETERS_MAX; k++)
    differ |= c->own[k];
  return differ;
}

/* whether the membrane is where a memristor's voltage counts from */
static int is_turned(const qn_cell_text *c, qn_side side)
{
  const qn_technology *t = &c->chip->technology;

  return (side == QN_PLUS ? t->polarity_plus : t->polarity_minus) < 0;
}

/* ---- parts of cells ----------------------------------------------------------------- */

/* a pair's pins at the membrane */
static void add_pins(qn_text *t, const qn_cell_text *c, const char *at)
{
  if (c->wired)
    qn_text_add(t, "%sp %sm plus minus", at, at);
  else
    qn_text_add(t, "%s plus minus", at);
}

/* a memristor between the membrane, `at`, and its rail; gate is "" or that
 * node. Turned round, the membrane comes first. */
static void add_to_rail(qn_text *t, const qn_cell_text *c, qn_side side,
                        const char *at, const char *gate, double switch_ohm)
{
  int minus = side == QN_MINUS;
  const char *rail = minus ? "minus" : "plus";
  const char *of_two = c->wired ? (minus ? "m" : "p") : "";

  qn_text_add(t, "X%d ", 1 + minus);
  if (is_turned(c, side))
    qn_text_add(t, "%s%s %s", at, of_two, rail);
  else
    qn_text_add(t, "%s %s%s", rail, at, of_two);
  qn_text_add(t, "%s%s %s PARAMS: ", *gate ? " " : "", gate,
              *gate ? "qn_gated" : "qn_memristor");
  qn_memristor_text_pass_on(t, c, side, switch_ohm);
  qn_text_add(t, "\n");
}

/* gate number n: a node that is the fraction, of the parameters' names */
static void add_gate(qn_text *t, const qn_cell_text *c, int n, const char *gate,
                     const char *gain, const char *threshold)
{
  qn_text_add(t,
              "B%d 0 %s I={0.5*(1+tanh(0.5*%s*%s*(%s-%s)))}\n"
              "R%d %s 0 1\n",
              n, gate, qn_exact(c->chip->gate_slope_per_v).text, gain,
              qn_noise_text_input(&c->noise), threshold, n, gate);
}

/* ---- leak ------------------------------------------------------------------------------ */

static void add_leak_cell(qn_text *t, const qn_cell_text *c)
{
  qn_text_add(t, "* leak: the pair without a gate\n.subckt qn_leak ");
  add_pins(t, c, "v");
  qn_text_add(t, " PARAMS:");
  qn_memristor_text_add_pair(t, c);
  qn_memristor_text_add_pair_own(t, c);
  add_to_rail(t, c, QN_PLUS, "v", "", 0);
  add_to_rail(t, c, QN_MINUS, "v", "", 0);
  qn_text_add(t, ".ends\n\n");
}

int qn_cell_text_add_leak(qn_text *t, const qn_cell_text *c, size_t j)
{
  if (!(c->chip->leak_plus_s[j] + c->chip->leak_minus_s[j] > 0))
    return 0;
  qn_text_add(t, "Xl%zu ", j);
  qn_wires_add_nodes(t, c->chip, QN_AT_LEAK, j);
  qn_text_add(t, " qn_leak PARAMS:");
  qn_memristor_text_set_pair(t, c, QN_AT_LEAK, j);
  qn_memristor_text_set_pair_own(t, c, QN_AT_LEAK, j);
  return 1;
}

/* ---- direct cell ------------------------------------------------------------------------- */

static void add_direct(qn_text *t, const qn_cell_text *c)
{
  double ohm = c->chip->technology.switch_ohm;

  qn_text_add(t, "* direct cell: two memristors behind one duty-cycled gate."
                 " V(gate) is the\n"
                 "* fraction of the time that the gate conducts, 0 to 1.\n");
  if (ohm > 0)
    qn_text_add(t, "* Closed, it has %s ohm in series with a memristor.\n",
                qn_exact(ohm).text);
  qn_text_add(t, ".subckt qn_direct pre ");
  add_pins(t, c, "post");
  qn_text_add(t, " PARAMS:");
  qn_memristor_text_add_pair(t, c);
  qn_text_add(t, " gain=1 th=0");
  qn_memristor_text_add_pair_own(t, c);
  add_gate(t, c, 1, "gate", "gain", "th");
  qn_noise_text_add_gate(t, &c->noise,
                         qn_exact(c->chip->technology.gate_current_a).text,
                         c->chip->gate_slope_per_v);
  qn_noise_text_add_input(t, &c->noise);
  add_to_rail(t, c, QN_PLUS, "post", "gate", ohm);
  add_to_rail(t, c, QN_MINUS, "post", "gate", ohm);
  qn_text_add(t, ".ends\n");
}

static void add_direct_instance(qn_text *t, const qn_cell_text *c,
                                qn_place place, size_t i)
{
  const qn_branch *b = qn_cell_text_branch(c->chip, place, i);

  qn_wires_add_nodes(t, c->chip, place, i);
  qn_text_add(t, " qn_direct PARAMS:");
  qn_memristor_text_set_pair(t, c, place, i);
  qn_text_add(t, " gain=%s th=%s", qn_exact(b->gate.gain).text,
              qn_exact(b->gate.threshold_v).text);
  qn_memristor_text_set_pair_own(t, c, place, i);
}

/* ---- steered cell ------------------------------------------------------------------------ */

static void add_steered(qn_text *t, const qn_cell_text *c)
{
  qn_text_add(
    t, "* steered cell: each memristor, clamped to the membrane's voltage,"
       " conducts\n"
       "* always; a pair of its own steers the fraction V(up) or V(down) of"
       " its current,\n"
       "* 0 to 1, to the membrane. The rest, which reaches none, is left"
       " out.\n"
       ".subckt qn_steered pre ");
  add_pins(t, c, "post");
  qn_text_add(t, " PARAMS:");
  qn_memristor_text_add_pair(t, c);
  qn_text_add(t, " gainp=1 thp=0 gainm=1 thm=0");
  qn_memristor_text_add_pair_own(t, c);
  add_gate(t, c, 1, "up", "gainp", "thp");
  add_gate(t, c, 2, "down", "gainm", "thm");
  qn_noise_text_add_input(t, &c->noise);
  add_to_rail(t, c, QN_PLUS, "post", "up", 0);
  add_to_rail(t, c, QN_MINUS, "post", "down", 0);
  qn_text_add(t, ".ends\n");
}

static void add_steered_instance(qn_text *t, const qn_cell_text *c,
                                 qn_place place, size_t i)
{
  const qn_branch *b = qn_cell_text_branch(c->chip, place, i);

  qn_wires_add_nodes(t, c->chip, place, i);
  qn_text_add(t, " qn_steered PARAMS:");
  qn_memristor_text_set_pair(t, c, place, i);
  qn_text_add(t, " gainp=%s thp=%s gainm=%s thm=%s",
              qn_exact(b->gate.gain).text, qn_exact(b->gate.threshold_v).text,
              qn_exact(b->minus_gate.gain).text,
              qn_exact(b->minus_gate.threshold_v).text);
  qn_memristor_text_set_pair_own(t, c, place, i);
}

/* ---- transconductor ------------------------------------------------------------------------ */

void qn_cell_text_add_limited(qn_text *t, const qn_chip *chip, const char *v)
{
  double range = chip->technology.linear_range_v;

  if (isinf(range))
    qn_text_add(t, "(%s)", v);
  else
    qn_text_add(t, "%s*tanh((%s)/%s)", qn_exact(range).text, v,
                qn_exact(range).text);
}

/* V_L of its bias G V_L */
static double bias_range(const qn_technology *t)
{
  if (isfinite(t->linear_range_v))
    return t->linear_range_v;
  return 2 * qn_technology_thermal_voltage(t, t->temperature_k) /
         t->slope_factor;
}

/* 2 q s I_b twice, and its gate's */
static void add_transconductor_noise(qn_text *t, const qn_cell_text *c)
{
  const qn_noise_text *n = &c->noise;
  qn_text bias;

  qn_text_init(&bias);
  qn_text_add(&bias, "%s*", qn_exact(bias_range(&c->chip->technology)).text);
  qn_memristor_text_add_setting(&bias, c);
  if (n->shot)
    qn_text_add(t,
                "Xs zs qn_noise\nBs 0 post"
                " I={sqrt(%s*max(V(gate),1e-12)*%s)*V(zs)}\n",
                qn_exact(2 * qn_noise_text_shot(n)).text, bias.data);
  qn_noise_text_add_gate(t, n, bias.data, c->chip->gate_slope_per_v);
  qn_noise_text_add_input(t, n);
  qn_noise_text_add_factor(t, n);
  t->failed |= bias.failed;
  qn_text_release(&bias);
}

static void add_transconductor(qn_text *t, const qn_cell_text *c)
{
  qn_text_add(t, "* transconductor: pulls to a reference of its own, er."
                 " V(gate) is the fraction of\n"
                 "* its transconductance g that the gate lets through, 0 to"
                 " 1.\n"
                 ".subckt qn_transconductor pre post PARAMS:");
  qn_memristor_text_add_one(t, c);
  qn_text_add(t, " er=0 gain=1 th=0\n");
  add_gate(t, c, 1, "gate", "gain", "th");
  qn_text_add(t, "B2 0 post I={V(gate)*");
  qn_memristor_text_add_setting(t, c);
  qn_text_add(t, "*");
  qn_cell_text_add_limited(t, c->chip, "er-V(post)");
  qn_text_add(t, "%s}\n", qn_noise_text_factor(&c->noise));
  qn_memristor_text_add_setting_state(t, c);
  add_transconductor_noise(t, c);
  qn_text_add(t, ".ends\n");
}

static void add_transconductor_instance(qn_text *t, const qn_cell_text *c,
                                        qn_place place, size_t i)
{
  const qn_branch *b = qn_cell_text_branch(c->chip, place, i);

  qn_text_add(t, "n%zu qn_transconductor PARAMS:", b->post);
  qn_memristor_text_set_one(t, c, place, i);
  qn_text_add(t, " er=%s gain=%s th=%s", qn_exact(b->reversal_v).text,
              qn_exact(b->gate.gain).text, qn_exact(b->gate.threshold_v).text);
}

/* ---- all of them ------------------------------------------------------------------------- */

static const struct cell cell_of[] = {
  [QN_CELL_DIRECT] = {"the same behind a gate, averaged over its period",
                      add_direct, add_direct_instance},
  [QN_CELL_STEERED] = {"the same times V(gate)", add_steered,
                       add_steered_instance},
  [QN_CELL_TRANSCONDUCTOR] = {NULL, add_transconductor,
                              add_transconductor_instance},
};

static const struct cell *cell(const qn_chip *chip)
{
  return &cell_of[(int)chip->technology.cell];
}

int qn_cell_text_add_synapse(qn_text *t, const qn_cell_text *c, qn_place place,
                             size_t i)
{
  const qn_branch *b = qn_cell_text_branch(c->chip, place, i);
  int sensory = place == QN_AT_SENSORY;

  if (!(b->plus_s + b->minus_s > 0))
    return 0;
  qn_text_add(t, "X%c%zu %c%zu ", sensory ? 's' : 'r', i, sensory ? 'x' : 'n',
              b->pre);
  cell(c->chip)->add_instance(t, c, place, i);
  return 1;
}

static void add_membrane_cell(qn_text *t, const qn_cell_text *c)
{
  qn_text_add(t, "* membrane: a capacitor that starts at v0\n"
                 ".subckt qn_membrane v PARAMS: c=1 v0=0\n"
                 "C1 v 0 {c} IC=");
  qn_noise_text_add_start(t, &c->noise);
  qn_text_add(t, "\n.ends\n\n");
}

static const char rails_cell[] = "* rails\n"
                                 ".subckt qn_rails plus minus\n"
                                 "Vplus plus 0 %s\n"
                                 "Vminus minus 0 %s\n"
                                 ".ends\n\n";

void qn_cell_text_add_library(qn_text *t, const qn_cell_text *c)
{
  const struct cell *synapse = cell(c->chip);

  qn_noise_text_add_library(t, &c->noise);
  qn_memristor_text_add(t, c);
  if (synapse->gated)
    qn_memristor_text_add_gated(t, c, synapse->gated);
  add_membrane_cell(t, c);
  qn_text_add(t, rails_cell, qn_exact(c->chip->rail_plus_v).text,
              qn_exact(c->chip->rail_minus_v).text);
  add_leak_cell(t, c);
  synapse->add_subcircuit(t, c);
}
