/* chip.c - what follows from a chip's values. */
#include <quench/chip.h>

#include <stdlib.h>

#include <quench/names.h>

void qn_chip_free(qn_chip *chip)
{
  if (!chip)
    return;
  free(chip->name);
  free(chip->capacitance_f);
  free(chip->leak_plus_s), free(chip->leak_minus_s);
  free(chip->siemens_per_unit);
  free(chip->recurrent.at), free(chip->recurrent.first);
  free(chip->sensory.at), free(chip->sensory.first);
  free(chip->input_map.w), free(chip->input_map.b);
  free(chip->output_map.w), free(chip->output_map.b);
  qn_names_free(chip->input_names, chip->inputs);
  qn_names_free(chip->output_names, chip->outputs);
  free(chip->clip);
  free(chip);
}

double qn_chip_to_model(const qn_chip *chip, double volts)
{
  return (volts - chip->common_mode_v) / chip->volts_per_unit;
}

double qn_chip_to_volts(const qn_chip *chip, double x)
{
  return chip->common_mode_v + chip->volts_per_unit * x;
}

double qn_chip_drive_input(const qn_chip *chip, size_t k, double x,
                           size_t *clipped)
{
  const qn_technology *tech = &chip->technology;
  double v =
    qn_chip_to_volts(chip, chip->input_map.w[k] * x + chip->input_map.b[k]);

  if (v >= tech->driver_low_v && v <= tech->driver_high_v)
    return v;
  *clipped += 1;
  return v < tech->driver_low_v ? tech->driver_low_v : tech->driver_high_v;
}

/* ---- cost ------------------------------------------------------------------------- */

/* power in a memristor between a rail and a membrane at the common mode */
static double power_at_rest(const qn_chip *chip, double plus_s, double minus_s)
{
  const qn_device_card *m = &chip->technology.memristor;
  double up = chip->rail_plus_v - chip->common_mode_v;
  double down = chip->rail_minus_v - chip->common_mode_v, slope;

  return plus_s * up * m->device->drive(m->parameter, up, &slope) +
         minus_s * down * m->device->drive(m->parameter, down, &slope);
}

static double branch_power(const qn_chip *chip, const qn_branches *b)
{
  double sum = 0;

  for (size_t i = 0; i < b->count; i++)
    sum += 0.5 * power_at_rest(chip, b->at[i].plus_s, b->at[i].minus_s);
  return sum;
}

static double area(const qn_chip *chip)
{
  const qn_technology *t = &chip->technology;
  double gates = (double)(chip->recurrent.count + chip->sensory.count);
  double sum = (double)chip->memristors * t->memristor_area_m2 +
               gates * (t->gate_area_m2 + t->amplifier_area_m2);

  for (size_t j = 0; j < chip->units && t->capacitor_density_f_per_m2 > 0; j++)
    sum += chip->capacitance_f[j] / t->capacitor_density_f_per_m2;
  return sum;
}

qn_chip_cost qn_chip_estimate(const qn_chip *chip)
{
  const qn_technology *t = &chip->technology;
  double gates = (double)(chip->recurrent.count + chip->sensory.count);
  double bias = gates * (t->gate_current_a + t->amplifier_current_a);
  qn_chip_cost cost = {.area_m2 = area(chip)};

  cost.memristor_power_w =
    branch_power(chip, &chip->recurrent) + branch_power(chip, &chip->sensory);
  for (size_t j = 0; j < chip->units; j++)
    cost.memristor_power_w +=
      power_at_rest(chip, chip->leak_plus_s[j], chip->leak_minus_s[j]);
  cost.bias_power_w = bias > 0 ? bias * t->supply_v : 0;
  cost.energy_per_step_j =
    (cost.memristor_power_w + cost.bias_power_w) * chip->seconds_per_unit;
  return cost;
}
