/* accuracy.c - what ngspice must be told to be as accurate as wanted.
 *
 * Measured on sine_ltc8 and occupancy_ltc19, ideal and sky130_reram
 * (docs/netlists.md). The trapezoidal rule has the smallest error constant
 * that ngspice offers; above order 2 it never goes. reltol also ends Newton's
 * iteration, whose error feeds the estimate of the local error: it has to be
 * as small as the error wanted, and smaller costs iterations. chgtol keeps a
 * membrane that crosses 0 V from an unattainable bound; its default of 1e-14 C
 * is a volt on 10 fF. The error then falls as (reltol * trtol)^0.63. */
#include <math.h>

#include <quench/netlist.h>

/* the conductance of neuron j with every gate open */
static double largest_conductance(const qn_chip *chip, size_t j)
{
  const qn_branches *both[] = {&chip->recurrent, &chip->sensory};
  double g = chip->leak_plus_s[j] + chip->leak_minus_s[j];

  for (int k = 0; k < 2; k++)
    for (size_t i = both[k]->first[j]; i < both[k]->first[j + 1]; i++)
      g += both[k]->at[i].plus_s + both[k]->at[i].minus_s;
  return g;
}

qn_spice_accuracy qn_spice_accuracy_for(const qn_chip *chip, double error)
{
  double unit_v = chip->volts_per_unit, least_c = HUGE_VAL, least_g = HUGE_VAL;
  double far_v = fmax(unit_v, fabs(chip->common_mode_v));

  error = fmin(fmax(error, 1e-6), 1e-3);
  for (size_t j = 0; j < chip->units; j++) {
    double g = largest_conductance(chip, j);

    least_c = fmin(least_c, chip->capacitance_f[j]);
    if (g > 0)
      least_g = fmin(least_g, g);
  }
  return (qn_spice_accuracy){
    .reltol = error,
    .trtol = 1.5e-4 * pow(error / 1e-4, 0.6) * sqrt(unit_v / far_v),
    .chgtol_c = least_c * unit_v,
    .vntol_v = 1e-6 * unit_v,
    .abstol_a = isfinite(least_g) ? 1e-4 * least_g * unit_v : 1e-12,
    .max_step = 10 * sqrt(error),
    .method = "trap",
    .max_order = 2,
  };
}

qn_spice_accuracy qn_spice_accuracy_default(const qn_chip *chip)
{
  return qn_spice_accuracy_for(chip, 1e-5);
}
