/* chip_flat.c - the chip's equations with as few and as small expressions as
 * they take. A source a gate and two a neuron, one for each rail:
 *   I = drive(E - V) * (leak + sum of V(gate) * g)
 * so that a drive is computed once a neuron, not once a synapse. ngspice
 * spends its time in these expressions and in their derivatives. Each
 * transconductor has a reference of its own: a third source sums them. */
#include "netlists/chip_text.h"

#include <stdio.h>

#include "netlists/cell_text.h"
#include "netlists/expression.h"
#include "netlists/law.h"

/* where the branches of one kind stand */
struct kind {
  const qn_branches *branches;
  char name, node; /* of a gate, and of what drives it */
};

/* steered cells have a second gate, named rm3 beside r3 */
static const char *second(const qn_chip *chip, qn_side side)
{
  return side == QN_MINUS && chip->technology.cell == QN_CELL_STEERED ? "m"
                                                                      : "";
}

static void add_gate(qn_text *t, const qn_chip *chip, const struct kind *k,
                     size_t i, qn_side side)
{
  const qn_branch *b = &k->branches->at[i];
  const qn_gate *gate = side == QN_PLUS ? &b->gate : &b->minus_gate;
  const char *of = second(chip, side);

  qn_text_add(t,
              "B%c%s%zu 0 %c%s%zu I={0.5*(1+tanh(%s*(V(%c%zu)-(%s))))}\n"
              "R%c%s%zu %c%s%zu 0 1\n",
              k->name, of, i, k->name, of, i,
              qn_exact(0.5 * chip->gate_slope_per_v * gate->gain).text, k->node,
              b->pre, qn_exact(gate->threshold_v).text, k->name, of, i, k->name,
              of, i);
}

static void add_gates(qn_text *t, const qn_chip *chip, const struct kind *k,
                      size_t j)
{
  for (size_t i = k->branches->first[j]; i < k->branches->first[j + 1]; i++) {
    add_gate(t, chip, k, i, QN_PLUS);
    if (*second(chip, QN_MINUS))
      add_gate(t, chip, k, i, QN_MINUS);
  }
}

/* ---- between rails ------------------------------------------------------------------- */

static double to_rail(const qn_chip *chip, const qn_branch *b, qn_side side)
{
  double g = side == QN_PLUS ? b->plus_s : b->minus_s;

  return chip->technology.cell == QN_CELL_DIRECT
           ? qn_chip_through_switch(chip, g)
           : g;
}

static void add_sum(qn_text *t, const qn_chip *chip, const struct kind *k,
                    qn_side side, size_t j)
{
  for (size_t i = k->branches->first[j]; i < k->branches->first[j + 1]; i++)
    qn_text_add(t, "\n+ +%s*V(%c%s%zu)",
                qn_exact(to_rail(chip, &k->branches->at[i], side)).text,
                k->name, second(chip, side), i);
}

/* Memristors turned round: the membrane's voltage less the rail's, and the
 * current the other way. */
static void add_drive(qn_text *t, const qn_chip *chip, qn_side side, size_t j)
{
  const qn_technology *tech = &chip->technology;
  int plus = side == QN_PLUS;
  qn_decimal rail = qn_exact(plus ? chip->rail_plus_v : chip->rail_minus_v);
  int turned = (plus ? tech->polarity_plus : tech->polarity_minus) < 0;
  const qn_law_card numbers = {&tech->memristor, NULL};
  char across[80];
  const qn_law_word words[] = {{"v", across}, {NULL, NULL}};

  if (turned) {
    snprintf(across, sizeof across, "V(n%zu)-(%s)", j, rail.text);
    qn_text_add(t, "B%c%zu n%zu 0 I={", plus ? 'p' : 'm', j, j);
  } else {
    snprintf(across, sizeof across, "(%s)-V(n%zu)", rail.text, j);
    qn_text_add(t, "B%c%zu 0 n%zu I={", plus ? 'p' : 'm', j, j);
  }
  qn_law_add(t, tech->memristor.device->spice_drive, &numbers, words);
}

static void add_rail(qn_text *t, const qn_chip *chip, const struct kind *kinds,
                     qn_side side, size_t j)
{
  const double *leak = side == QN_PLUS ? chip->leak_plus_s : chip->leak_minus_s;

  add_drive(t, chip, side, j);
  qn_text_add(t, "*(%s", qn_exact(leak[j]).text);
  for (int k = 0; k < 2; k++)
    if (chip->technology.cell != QN_CELL_TRANSCONDUCTOR)
      add_sum(t, chip, &kinds[k], side, j);
  qn_text_add(t, ")}\n");
}

/* ---- transconductors ------------------------------------------------------------------ */

static void add_transconductors(qn_text *t, const qn_chip *chip,
                                const struct kind *k, size_t j)
{
  const qn_branches *all = k->branches;

  for (size_t i = all->first[j]; i < all->first[j + 1]; i++) {
    char v[80];

    snprintf(v, sizeof v, "(%s)-V(n%zu)", qn_exact(all->at[i].reversal_v).text,
             j);
    qn_text_add(t, "\n+ +%s*V(%c%zu)*", qn_exact(all->at[i].plus_s).text,
                k->name, i);
    qn_cell_text_add_limited(t, chip, v);
  }
}

static void add_references(qn_text *t, const qn_chip *chip,
                           const struct kind *kinds, size_t j)
{
  if (chip->technology.cell != QN_CELL_TRANSCONDUCTOR)
    return;
  qn_text_add(t, "Bt%zu 0 n%zu I={0", j, j);
  add_transconductors(t, chip, &kinds[0], j);
  add_transconductors(t, chip, &kinds[1], j);
  qn_text_add(t, "}\n");
}

void qn_chip_text_flat(qn_text *t, const qn_origin_text *origin)
{
  const qn_chip *chip = origin->chip;
  const struct kind kinds[] = {{&chip->recurrent, 'r', 'n'},
                               {&chip->sensory, 's', 'x'}};

  for (size_t j = 0; j < chip->units; j++) {
    qn_chip_text_neuron(t, origin, j);
    qn_text_add(t, "C%zu n%zu 0 %s IC=%s\n", j, j,
                qn_exact(chip->capacitance_f[j]).text,
                qn_exact(qn_chip_to_volts(chip, 0)).text);
    add_gates(t, chip, &kinds[0], j);
    add_gates(t, chip, &kinds[1], j);
    add_rail(t, chip, kinds, QN_PLUS, j);
    add_rail(t, chip, kinds, QN_MINUS, j);
    add_references(t, chip, kinds, j);
  }
}
