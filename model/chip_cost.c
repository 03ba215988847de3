/* chip_cost.c - area, power at rest and ripple of a chip, by kinds of cells. */
#include <quench/chip.h>

#include <math.h>

/* ---- memristors ------------------------------------------------------------------ */

/* between a rail and a membrane at the common mode */
static double volts_at(const qn_chip *chip, qn_side side)
{
  return (side == QN_PLUS ? chip->rail_plus_v : chip->rail_minus_v) -
         chip->common_mode_v;
}

/* drive of a memristor there */
static double drive_at(const qn_chip *chip, qn_place place, size_t i,
                       qn_side side)
{
  const qn_technology *t = &chip->technology;
  double polarity = side == QN_PLUS ? t->polarity_plus : t->polarity_minus;
  const double *p =
    qn_chip_parameters(chip, qn_chip_memristor(chip, place, i, side));
  double slope;

  return polarity *
         t->memristor.device->drive(p, polarity * volts_at(chip, side), &slope);
}

/* of a pair between the rails and a membrane at the common mode */
static double pair_power(const qn_chip *chip, qn_place place, size_t i,
                         double plus_s, double minus_s)
{
  return plus_s * volts_at(chip, QN_PLUS) * drive_at(chip, place, i, QN_PLUS) +
         minus_s * volts_at(chip, QN_MINUS) *
           drive_at(chip, place, i, QN_MINUS);
}

static double branch_power(const qn_chip *chip, qn_place place, size_t i,
                           const qn_branch *b)
{
  const qn_technology *t = &chip->technology;
  double read = fmin(t->read_voltage_v, chip->rail_plus_v - chip->rail_minus_v);

  switch ((qn_synapse_cell)t->cell) {
  case QN_CELL_TRANSCONDUCTOR:
    return b->plus_s * read * read;
  case QN_CELL_STEERED:
    return pair_power(chip, place, i, b->plus_s, b->minus_s);
  case QN_CELL_DIRECT:
    break;
  }
  return 0.5 * pair_power(chip, place, i,
                          qn_chip_through_switch(chip, b->plus_s),
                          qn_chip_through_switch(chip, b->minus_s));
}

static size_t present(double plus_s, double minus_s)
{
  return (size_t)(plus_s > 0) + (size_t)(minus_s > 0);
}

/* ---- kinds ------------------------------------------------------------------------- */

/* joules that one direct cell switches in a sample */
static double switching(const qn_technology *t)
{
  if (t->cell != QN_CELL_DIRECT || t->period_fraction == 0 || t->switch_f == 0)
    return 0;
  return t->switch_f * t->supply_v * t->supply_v / t->period_fraction;
}

static qn_cell_cost of_branches(const qn_chip *chip, const char *name,
                                qn_place place, const qn_branches *branches)
{
  const qn_technology *t = &chip->technology;
  qn_cell_cost cost = {.name = name,
                       .count = branches->count,
                       .switching_j = (double)branches->count * switching(t)};

  for (size_t i = 0; i < branches->count; i++) {
    const qn_branch *b = &branches->at[i];

    cost.area_m2 +=
      (double)present(b->plus_s, b->minus_s) * t->memristor_area_m2;
    cost.memristor_power_w += branch_power(chip, place, i, b);
  }
  return cost;
}

static qn_cell_cost of_leaks(const qn_chip *chip)
{
  qn_cell_cost cost = {.name = "leak"};

  for (size_t j = 0; j < chip->units; j++) {
    double plus_s = chip->leak_plus_s[j], minus_s = chip->leak_minus_s[j];
    size_t n = present(plus_s, minus_s);

    cost.count += n > 0;
    cost.area_m2 += (double)n * chip->technology.memristor_area_m2;
    cost.memristor_power_w += pair_power(chip, QN_AT_LEAK, j, plus_s, minus_s);
  }
  return cost;
}

static qn_cell_cost of_membranes(const qn_chip *chip)
{
  double density = chip->technology.capacitor_density_f_per_m2;
  qn_cell_cost cost = {.name = "membrane", .count = chip->units};

  for (size_t j = 0; j < chip->units && density > 0; j++)
    cost.area_m2 += qn_chip_drawn_capacitance(chip, j) / density;
  return cost;
}

/* cells that take an area and a bias each */
static qn_cell_cost of_biased(const qn_chip *chip, const char *name,
                              size_t count, double area_m2, double current_a)
{
  double n = (double)count;

  return (qn_cell_cost){
    .name = name,
    .count = count,
    .area_m2 = n * area_m2,
    .bias_power_w =
      current_a > 0 ? n * current_a * chip->technology.supply_v : 0};
}

qn_chip_cost qn_chip_estimate(const qn_chip *chip)
{
  const qn_technology *t = &chip->technology;
  const qn_branches *r = &chip->recurrent, *s = &chip->sensory;
  size_t synapses = r->count + s->count;
  size_t pairs = t->cell == QN_CELL_STEERED ? 2 * synapses : synapses;
  qn_chip_cost cost = {
    .kind = {
      [QN_COST_MEMBRANE] = of_membranes(chip),
      [QN_COST_LEAK] = of_leaks(chip),
      [QN_COST_RECURRENT] =
        of_branches(chip, "recurrent synapse", QN_AT_RECURRENT, r),
      [QN_COST_SENSORY] =
        of_branches(chip, "sensory synapse", QN_AT_SENSORY, s),
      [QN_COST_GATE] =
        of_biased(chip, "gate", pairs, t->gate_area_m2, t->gate_current_a),
      [QN_COST_AMPLIFIER] =
        of_biased(chip, "amplifier", synapses, t->amplifier_area_m2,
                  t->amplifier_current_a),
      [QN_COST_DRIVER] = of_biased(chip, "driver", chip->inputs,
                                   t->driver_area_m2, t->driver_current_a),
      [QN_COST_READOUT] = of_biased(chip, "readout", chip->outputs,
                                    t->readout_area_m2, t->readout_current_a),
    }};

  for (int k = 0; k < QN_COST_KINDS; k++) {
    cost.area_m2 += cost.kind[k].area_m2;
    cost.memristor_power_w += cost.kind[k].memristor_power_w;
    cost.bias_power_w += cost.kind[k].bias_power_w;
    cost.switching_j += cost.kind[k].switching_j;
  }
  cost.energy_per_step_j =
    (cost.memristor_power_w + cost.bias_power_w) * chip->seconds_per_unit +
    cost.switching_j;
  return cost;
}

/* ---- ripple ------------------------------------------------------------------------ */

/* sum of the currents that direct cells of a membrane switch, at the common
 * mode */
static double switched_current(const qn_chip *chip, qn_place place,
                               const qn_branches *b, size_t j)
{
  double sum = 0;

  for (size_t i = b->first[j]; i < b->first[j + 1]; i++)
    sum += fabs(qn_chip_through_switch(chip, b->at[i].plus_s) *
                  drive_at(chip, place, i, QN_PLUS) +
                qn_chip_through_switch(chip, b->at[i].minus_s) *
                  drive_at(chip, place, i, QN_MINUS));
  return sum;
}

double qn_chip_ripple(const qn_chip *chip, size_t *worst)
{
  const qn_technology *t = &chip->technology;
  double period = t->period_fraction * chip->seconds_per_unit, most = 0;

  *worst = 0;
  if (t->cell != QN_CELL_DIRECT)
    return 0;
  for (size_t j = 0; j < chip->units; j++) {
    double current =
      switched_current(chip, QN_AT_RECURRENT, &chip->recurrent, j) +
      switched_current(chip, QN_AT_SENSORY, &chip->sensory, j);
    double v = current * 0.25 * period / chip->capacitance_f[j];

    if (v > most) {
      most = v;
      *worst = j;
    }
  }
  return most / chip->volts_per_unit;
}

/* ---- noise -------------------------------------------------------------------------- */

double qn_chip_thermal_noise(const qn_chip *chip, size_t *worst)
{
  const double boltzmann = 1.380649e-23; /* J/K, SI 2019 */

  *worst = 0;
  for (size_t j = 1; j < chip->units; j++)
    if (chip->capacitance_f[j] < chip->capacitance_f[*worst])
      *worst = j;
  return sqrt(boltzmann * chip->technology.temperature_k /
              chip->capacitance_f[*worst]) /
         chip->volts_per_unit;
}
