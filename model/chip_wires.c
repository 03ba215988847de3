/* chip_wires.c - capacitance and delay of a crossbar's wires. */
#include <quench/chip.h>

#include <math.h>

double qn_chip_wire_capacitance(const qn_chip *chip)
{
  return chip->technology.membrane_f * (double)qn_chip_rows(chip);
}

double qn_chip_drawn_capacitance(const qn_chip *chip, size_t j)
{
  return fmax(chip->capacitance_f[j] - qn_chip_wire_capacitance(chip), 0);
}

/* The sum over segments of half their own resistance and all of those before
 * them, times their capacitance. */
static double delay(double ohm, double farad, size_t segments)
{
  double n = (double)segments;

  return ohm * farad * n * n / 2;
}

double qn_chip_wire_delay(const qn_chip *chip)
{
  const qn_technology *t = &chip->technology;

  return fmax(delay(t->rail_ohm, t->rail_f, chip->units),
              delay(t->membrane_ohm, t->membrane_f, qn_chip_rows(chip)));
}

static double largest_conductance(const qn_chip *chip, size_t j)
{
  const qn_branches *both[] = {&chip->recurrent, &chip->sensory};
  double g = chip->leak_plus_s[j] + chip->leak_minus_s[j];

  for (int k = 0; k < 2; k++)
    for (size_t i = both[k]->first[j]; i < both[k]->first[j + 1]; i++)
      g += both[k]->at[i].plus_s + both[k]->at[i].minus_s;
  return g;
}

double qn_chip_fastest(const qn_chip *chip, size_t *membrane)
{
  double least = HUGE_VAL;

  *membrane = 0;
  for (size_t j = 0; j < chip->units; j++) {
    double tau = chip->capacitance_f[j] / largest_conductance(chip, j);

    if (tau < least) {
      least = tau;
      *membrane = j;
    }
  }
  return least;
}

double qn_chip_wire_lag(const qn_chip *chip, size_t *membrane)
{
  return qn_chip_wire_delay(chip) / qn_chip_fastest(chip, membrane);
}
