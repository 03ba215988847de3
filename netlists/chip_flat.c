/* chip_flat.c - the chip's equations with as few and as small expressions as
 * they take. A source a gate and two a neuron, one for each rail:
 *   I = drive(E - V) * (leak + sum of V(gate) * g)
 * so that a drive is computed once a neuron, not once a synapse. ngspice
 * spends its time in these expressions and in their derivatives. */
#include "netlists/chip_text.h"

#include <stdio.h>

#include "netlists/expression.h"

/* where the branches of one kind stand */
struct kind {
  const qn_branches *branches;
  char name, node; /* of a gate, and of what drives it */
};

static void add_gates(qn_text *t, const qn_chip *chip, const struct kind *k,
                      size_t j)
{
  for (size_t i = k->branches->first[j]; i < k->branches->first[j + 1]; i++) {
    const qn_branch *b = &k->branches->at[i];

    qn_text_add(t,
                "B%c%zu 0 %c%zu I={0.5*(1+tanh(%s*(V(%c%zu)-(%s))))}\n"
                "R%c%zu %c%zu 0 1\n",
                k->name, i, k->name, i,
                qn_exact(0.5 * chip->gate_slope_per_v * b->gate.gain).text, k->node,
                b->pre, qn_exact(b->gate.threshold_v).text, k->name, i, k->name, i);
  }
}

static double to_rail(const qn_branch *b, char rail)
{
  return rail == 'p' ? b->plus_s : b->minus_s;
}

static void add_sum(qn_text *t, const struct kind *k, char rail, size_t j)
{
  for (size_t i = k->branches->first[j]; i < k->branches->first[j + 1]; i++)
    qn_text_add(t, "\n+ +%s*V(%c%zu)",
                qn_exact(to_rail(&k->branches->at[i], rail)).text, k->name, i);
}

static void add_rail(qn_text *t, const qn_chip *chip, const struct kind *kinds,
                     char rail, size_t j)
{
  double rail_v = rail == 'p' ? chip->rail_plus_v : chip->rail_minus_v;
  double leak = rail == 'p' ? chip->leak_plus_s[j] : chip->leak_minus_s[j];
  char across[64];

  snprintf(across, sizeof across, "(%s)-V(n%zu)", qn_exact(rail_v).text, j);
  qn_text_add(t, "B%c%zu 0 n%zu I={", rail, j, j);
  qn_expression_drive(t, &chip->technology.memristor, across);
  qn_text_add(t, "*(%s", qn_exact(leak).text);
  add_sum(t, &kinds[0], rail, j);
  add_sum(t, &kinds[1], rail, j);
  qn_text_add(t, ")}\n");
}

void qn_chip_text_flat(qn_text *t, const qn_chip *chip, const qn_network *net)
{
  const struct kind kinds[] = {{&chip->recurrent, 'r', 'n'},
                               {&chip->sensory, 's', 'x'}};

  for (size_t j = 0; j < chip->units; j++) {
    qn_chip_text_neuron(t, chip, net, j);
    qn_text_add(t, "C%zu n%zu 0 %s IC=%s\n", j, j,
                qn_exact(chip->capacitance_f[j]).text,
                qn_exact(qn_chip_to_volts(chip, 0)).text);
    add_gates(t, chip, &kinds[0], j);
    add_gates(t, chip, &kinds[1], j);
    add_rail(t, chip, kinds, 'p', j);
    add_rail(t, chip, kinds, 'm', j);
  }
}
