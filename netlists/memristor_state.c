/* memristor_state.c - see memristor_state.h. */
#include "netlists/memristor_state.h"

#include <math.h>
#include <stdio.h>

int qn_memristor_moves(const qn_chip *chip)
{
  return chip->technology.read_disturb == QN_ON &&
         chip->technology.memristor.device->rate;
}

qn_memristor_start qn_memristor_start_of(const qn_chip *chip, size_t number)
{
  const qn_device *device = chip->technology.memristor.device;
  const double *p = qn_chip_parameters(chip, number);
  double g = qn_chip_conductance_of(chip, number), slope;
  qn_memristor_start start = {0, 0};

  if (!(g > 0))
    return start;
  start.x = device->state(p, g);
  start.factor = g / device->conductance(p, start.x, &slope);
  return start;
}

int qn_memristor_is_alone(const qn_chip *chip, size_t number)
{
  return qn_chip_memristor_at(chip, number).place != QN_AT_LEAK &&
         chip->technology.cell == QN_CELL_TRANSCONDUCTOR;
}

qn_state_node qn_memristor_state_node(const qn_chip *chip, size_t number,
                                      char separator)
{
  static const char kind[] = {
    [QN_AT_LEAK] = 'l', [QN_AT_RECURRENT] = 'r', [QN_AT_SENSORY] = 's'};
  qn_memristor m = qn_chip_memristor_at(chip, number);
  qn_state_node node;

  if (qn_memristor_is_alone(chip, number))
    snprintf(node.name, sizeof node.name, "x%c%zu%cx", kind[m.place], m.i,
             separator);
  else
    snprintf(node.name, sizeof node.name, "x%c%zu%cx%d%cx", kind[m.place], m.i,
             separator, m.side == QN_PLUS ? 1 : 2, separator);
  return node;
}

qn_state_node qn_netlist_state_node(const qn_chip *chip, size_t number)
{
  return qn_memristor_state_node(chip, number, '.');
}

size_t qn_memristor_with_state(const qn_chip *chip, size_t number)
{
  size_t all = qn_chip_memristors(chip);

  if (!qn_memristor_moves(chip))
    return all;
  while (number < all && !(qn_chip_conductance_of(chip, number) > 0))
    number++;
  return number;
}

size_t qn_netlist_states(const qn_chip *chip)
{
  size_t all = qn_chip_memristors(chip), states = 0;

  for (size_t i = 0; (i = qn_memristor_with_state(chip, i)) < all; i++)
    states++;
  return states;
}

qn_decimal qn_memristor_state_farad(const qn_chip *chip)
{
  double least = HUGE_VAL;

  for (size_t j = 0; j < chip->units; j++)
    least = fmin(least, chip->capacitance_f[j]);
  return qn_exact(least);
}

int qn_memristor_rests(const qn_chip *chip)
{
  const qn_technology *tech = &chip->technology;
  double span = 1e6 * chip->seconds_per_unit;

  for (size_t i = 0; i < qn_chip_memristors(chip); i++) {
    qn_memristor_start start = qn_memristor_start_of(chip, i);
    double by_x, by_v, rate;

    rate = tech->memristor.device->rate(qn_chip_parameters(chip, i), start.x, 0,
                                        tech->temperature_k, &by_x, &by_v);
    if (start.factor > 0 && !((fabs(rate) + fabs(by_x)) * span < 1e-12))
      return 0;
  }
  return 1;
}
