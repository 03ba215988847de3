/* test_spice_analog.c - networks in ngspice against the same chip on analog, and
 * against ngspice itself with shorter steps. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include <quench/die.h>
#include <quench/metric.h>
#include <quench/netlist.h>
#include <quench/ode.h>

#include "tests/sim/example.h"

/* of this die of seed 5; AS_MEANT: the chip itself */
enum { AS_MEANT = -1 };

static qn_chip *open_chip(const qn_network *net, const char *technology,
                          int number)
{
  const qn_die die = {5, (uint32_t)number};
  qn_chip *chip;
  qn_diag diag = {0};

  cr_assert_eq(qn_chip_open(&chip, net, technology,
                            number == AS_MEANT ? NULL : &die, &diag),
               QN_OK, "%s: %s", technology, diag.message);
  return chip;
}

static void run(const qn_chip *chip, const example *e,
                const qn_spice_accuracy *accuracy, qn_trace *out)
{
  qn_spice_report report;
  qn_diag diag = {0};

  cr_assert_eq(
    qn_spice_run(chip, e->net, e->data, accuracy, 2, NULL, out, &report, &diag),
    QN_OK, "%s: %s", diag.file, diag.message);
  cr_expect_eq(report.warnings, 0, "ngspice: %s", report.warning);
}

/* every step halved: the largest allowed, and through trtol (its square, at
 * order 2) those the error estimate chooses */
Test(spice, halving_the_steps_moves_no_membrane_by_1e_5_of_its_swing)
{
  example e = example_open("sine_ltc8");
  qn_chip *chip = open_chip(e.net, "sky130_reram", AS_MEANT);
  qn_spice_accuracy a = qn_spice_accuracy_for(chip, 1e-5);
  double swing[8];
  qn_trace *half;
  qn_difference d;

  cr_assert_eq(qn_trace_alloc(&half, e.net, e.data), QN_OK);
  run(chip, &e, &a, e.trace);
  a.max_step /= 2;
  a.trtol /= 4;
  run(chip, &e, &a, half);
  qn_swing_of(half, swing);
  d = qn_difference_of(e.trace, half, swing);
  cr_expect(d.worst_percent <= 1e-3, "moved by %g %% of the swing",
            d.worst_percent);
  qn_trace_free(half);
  qn_chip_free(chip);
  example_close(&e);
}

/* the swing is of all of the data, ngspice runs `sequences` of it */
static void compare(const char *name, const char *technology, int die,
                    size_t sequences)
{
  example e = example_open(name);
  qn_chip *chip = open_chip(e.net, technology, die);
  qn_trace *got, *want;
  double swing[64];
  qn_dataset *few;
  qn_difference d;

  cr_assert_eq(qn_chip_run(chip, e.net, e.data, &qn_ode_options_default,
                           e.trace, NULL, NULL),
               QN_OK);
  qn_swing_of(e.trace, swing);
  cr_assert_eq(qn_trace_pick(&want, e.trace, sequences), QN_OK);
  cr_assert_eq(qn_dataset_pick(&few, e.data, sequences), QN_OK);
  qn_dataset_free(e.data);
  e.data = few;
  cr_assert_eq(qn_trace_alloc(&got, e.net, few), QN_OK);
  run(chip, &e, NULL, got);
  d = qn_difference_of(got, want, swing);
  cr_expect(d.worst_percent <= 1e-2,
            "%s on %s: neuron %zu is off by %g %% of its swing", name,
            technology, d.worst_neuron, d.worst_percent);
  qn_trace_free(want);
  qn_trace_free(got);
  qn_chip_free(chip);
  example_close(&e);
}

Test(spice, equals_analog_within_1e_4_of_the_swing_on_ideal)
{
  compare("sine_ltc8", "ideal", AS_MEANT, 1);
  compare("occupancy_ltc19", "ideal", AS_MEANT, 3);
}

Test(spice, equals_analog_within_1e_4_of_the_swing_on_reram)
{
  compare("sine_ltc8", "sky130_reram", AS_MEANT, 1);
  compare("occupancy_ltc19", "sky130_reram", AS_MEANT, 3);
}

Test(spice, equals_analog_within_1e_4_of_the_swing_on_other_technologies)
{
  compare("sine_ltc8", "hfox_generic", AS_MEANT, 1);
  compare("sine_ltc8", "pcm", AS_MEANT, 1);
}

/* a die is a chip too */
Test(spice, equals_analog_within_1e_4_of_the_swing_on_dies)
{
  compare("sine_ltc8", "sky130_reram", 0, 1);
  compare("sine_ltc8", "hfox_generic", 1, 1);
  compare("sine_ltc8", "pcm", 2, 1);
}

/* what a technology may say of cells, memristors and wires */
Test(spice, equals_analog_within_1e_4_of_the_swing_on_every_cell)
{
  compare("sine_ltc8", "sky130_reram,synapse.cell=steered", 0, 1);
  compare("sine_ltc8", "sky130_reram,synapse.cell=transconductor", 0, 1);
  compare("sine_ltc8",
          "sky130_reram,synapse.cell=transconductor,"
          "synapse.linear_range_v=0.3",
          1, 1);
  compare("occupancy_ltc19", "sky130_reram,synapse.switch_ohm=5000", AS_MEANT,
          1);
}

Test(spice, equals_analog_within_1e_4_of_the_swing_for_memristors_of_any_kind)
{
  compare("sine_ltc8", "sky130_reram,memristor.spread.v0=0.1", 2, 1);
  compare("sine_ltc8",
          "sky130_reram,memristor.device=yakopcic,memristor.parameters.a1=0.3,"
          "memristor.polarity_minus=-1",
          AS_MEANT, 1);
}

Test(spice, equals_analog_within_1e_4_of_the_swing_on_wires)
{
  compare("sine_ltc8", "sky130_reram,wire.rail_ohm=20,wire.membrane_ohm=30",
          AS_MEANT, 1);
  compare("sine_ltc8",
          "sky130_reram,wire.rail_ohm=500,wire.membrane_ohm=700,"
          "memristor.spread.v0=0.1,synapse.switch_ohm=2000",
          3, 1);
}
