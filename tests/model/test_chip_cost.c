/* test_chip_cost.c - area, power and ripple of a chip of two neurons, by hand.
 *
 * Rails at 0.9 +- 0.1 V. Neuron 0 has a leak of 10 and 20 uS, a synapse from
 * neuron 1 (30 uS up) and one from the input (40 up, 50 uS down); neuron 1 has
 * neither leak nor synapse. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include <quench/catalogue.h>
#include <quench/chip.h>

enum { SYNAPSES = 2 };

struct small {
  qn_chip chip;
  double c[2], leak_plus[2], leak_minus[2];
  qn_branch recurrent, sensory;
  size_t first_recurrent[3], first_sensory[3];
};

static void build(struct small *s, qn_synapse_cell cell)
{
  *s = (struct small){.c = {1e-12, 3e-12},
                      .leak_plus = {10e-6},
                      .leak_minus = {20e-6},
                      .recurrent = {.pre = 1, .plus_s = 30e-6},
                      .sensory = {.plus_s = 40e-6, .minus_s = 50e-6},
                      .first_recurrent = {0, 1, 1},
                      .first_sensory = {0, 1, 1}};
  s->chip = (qn_chip){.units = 2,
                      .inputs = 3,
                      .outputs = 1,
                      .volts_per_unit = 0.05,
                      .seconds_per_unit = 1e-6,
                      .common_mode_v = 0.9,
                      .rail_plus_v = 1.0,
                      .rail_minus_v = 0.8,
                      .capacitance_f = s->c,
                      .leak_plus_s = s->leak_plus,
                      .leak_minus_s = s->leak_minus,
                      .recurrent = {1, &s->recurrent, s->first_recurrent},
                      .sensory = {1, &s->sensory, s->first_sensory},
                      .technology = {.cell = cell,
                                     .read_voltage_v = 0.25,
                                     .polarity_plus = 1,
                                     .polarity_minus = 1,
                                     .supply_v = 2,
                                     .memristor_area_m2 = 1e-12,
                                     .gate_area_m2 = 10e-12,
                                     .amplifier_area_m2 = 100e-12,
                                     .driver_area_m2 = 20e-12,
                                     .readout_area_m2 = 30e-12,
                                     .capacitor_density_f_per_m2 = 1e-3,
                                     .gate_current_a = 1e-7,
                                     .amplifier_current_a = 2e-6,
                                     .driver_current_a = 3e-6,
                                     .readout_current_a = 4e-6,
                                     .period_fraction = 0.01,
                                     .switch_f = 5e-15}};
  qn_device_card_init(&s->chip.technology.memristor, qn_devices[0]);
}

static void expect(double got, double want, const char *what)
{
  cr_expect_float_eq(got, want, 1e-12 * fabs(want), "%s: %g, not %g", what, got,
                     want);
}

static void expect_sums(const qn_chip_cost *cost, double seconds)
{
  qn_cell_cost sum = {.name = ""};

  for (int k = 0; k < QN_COST_KINDS; k++) {
    sum.area_m2 += cost->kind[k].area_m2;
    sum.memristor_power_w += cost->kind[k].memristor_power_w;
    sum.bias_power_w += cost->kind[k].bias_power_w;
    sum.switching_j += cost->kind[k].switching_j;
  }
  expect(cost->area_m2, sum.area_m2, "area");
  expect(cost->memristor_power_w, sum.memristor_power_w, "memristors");
  expect(cost->bias_power_w, sum.bias_power_w, "bias");
  expect(cost->switching_j, sum.switching_j, "switching");
  expect(cost->energy_per_step_j,
         (sum.memristor_power_w + sum.bias_power_w) * seconds + sum.switching_j,
         "energy");
}

Test(chip, costs_what_its_cells_cost_by_hand)
{
  static const size_t counts[QN_COST_KINDS] = {2, 1, 1, 1, 2, 2, 3, 1};
  static const double areas[QN_COST_KINDS] = {4e-9,   2e-12,   1e-12,  2e-12,
                                              20e-12, 200e-12, 60e-12, 30e-12};
  static const double bias[QN_COST_KINDS] = {
    0, 0, 0, 0, 2 * 2e-7, 2 * 4e-6, 3 * 6e-6, 8e-6};
  struct small s;
  qn_chip_cost cost;

  build(&s, QN_CELL_DIRECT);
  cost = qn_chip_estimate(&s.chip);
  for (int k = 0; k < QN_COST_KINDS; k++) {
    const qn_cell_cost *c = &cost.kind[k];

    cr_expect_eq(c->count, counts[k], "%s", c->name);
    expect(c->area_m2, areas[k], c->name);
    expect(c->bias_power_w, bias[k], c->name);
  }
  /* 0.1 V across each: G 0.01 V2, synapses half of the time */
  expect(cost.kind[QN_COST_LEAK].memristor_power_w, 0.3e-6, "leak");
  expect(cost.kind[QN_COST_RECURRENT].memristor_power_w, 0.15e-6, "recurrent");
  expect(cost.kind[QN_COST_SENSORY].memristor_power_w, 0.45e-6, "sensory");
  /* 5 fF at 2 V, a hundred times a sample */
  expect(cost.kind[QN_COST_RECURRENT].switching_j, 2e-12, "switching");
  expect(cost.switching_j, SYNAPSES * 2e-12, "switching of all");
  expect_sums(&cost, 1e-6);
}

Test(chip, steered_cells_conduct_always_and_have_a_pair_a_rail)
{
  struct small s;
  qn_chip_cost cost;

  build(&s, QN_CELL_STEERED);
  cost = qn_chip_estimate(&s.chip);
  expect(cost.kind[QN_COST_SENSORY].memristor_power_w, 0.9e-6, "sensory");
  cr_expect_eq(cost.kind[QN_COST_GATE].count, 4);
  cr_expect_eq(cost.kind[QN_COST_AMPLIFIER].count, 2);
  cr_expect_eq(cost.switching_j, 0);
  expect_sums(&cost, 1e-6);
}

Test(chip, a_transconductor_s_memristor_carries_the_read_voltage)
{
  struct small s;
  qn_chip_cost cost;

  build(&s, QN_CELL_TRANSCONDUCTOR);
  s.sensory.minus_s = 0;
  s.chip.technology.read_voltage_v = 0.15;
  cost = qn_chip_estimate(&s.chip);
  expect(cost.kind[QN_COST_RECURRENT].memristor_power_w, 30e-6 * 0.0225,
         "recurrent");
  expect(cost.kind[QN_COST_SENSORY].memristor_power_w, 40e-6 * 0.0225,
         "sensory");
  cr_expect_eq(cost.kind[QN_COST_GATE].count, 2);
  cr_expect_eq(cost.switching_j, 0);
  s.chip.technology.read_voltage_v = HUGE_VAL; /* then between the rails */
  cost = qn_chip_estimate(&s.chip);
  expect(cost.kind[QN_COST_SENSORY].memristor_power_w, 40e-6 * 0.04, "sensory");
  expect_sums(&cost, 1e-6);
}

/* |3 uA| and |4 - 5 uA|, a quarter of 10 ns, on 1 pF: 10 mV of 50 mV a unit */
Test(chip, ripple_is_the_switched_charge_over_the_capacitor)
{
  struct small s;
  size_t worst = 7;

  build(&s, QN_CELL_DIRECT);
  expect(qn_chip_ripple(&s.chip, &worst), 0.2, "ripple");
  cr_expect_eq(worst, 0);
  /* 10 kohm in series: G / (1 + G R) */
  s.chip.technology.switch_ohm = 1e4;
  expect(qn_chip_ripple(&s.chip, &worst),
         0.05 * 1e6 *
           (30e-6 / 1.3 * 0.1 + fabs(40e-6 / 1.4 * 0.1 - 50e-6 / 1.5 * 0.1)),
         "with a switch");
  s.chip.technology.period_fraction = 0;
  cr_expect_eq(qn_chip_ripple(&s.chip, &worst), 0);
  build(&s, QN_CELL_STEERED);
  cr_expect_eq(qn_chip_ripple(&s.chip, &worst), 0);
}

/* a switch in series takes its part of the power */
Test(chip, a_switch_lowers_the_power_of_direct_cells)
{
  struct small s;

  build(&s, QN_CELL_DIRECT);
  s.chip.technology.switch_ohm = 1e4;
  expect(qn_chip_estimate(&s.chip).kind[QN_COST_SENSORY].memristor_power_w,
         0.5 * 0.01 * (40e-6 / 1.4 + 50e-6 / 1.5), "sensory");
}
