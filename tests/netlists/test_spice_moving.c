/* test_spice_moving.c - trained networks' parts on chips of at most 20
 * memristors that move: ngspice against analog, membranes and states at every
 * sample's end. */
#include <criterion/criterion.h>
#include <math.h>

#include <quench/die.h>
#include <quench/metric.h>
#include <quench/netlist.h>
#include <quench/ode.h>

#include "tests/sim/example.h"

/* ---- what was cut ---------------------------------------------------------------------- */

/* neurons and inputs that were kept, as tests/data/cut/make.py says */
struct cut {
  const char *name, *whole;
  size_t neurons[3], inputs[3];
  size_t memristors;
};

static const struct cut cuts[] = {
  {"sine_ltc3", "sine_ltc8", {0, 1, 3}, {0, 1}, 16},
  {"occupancy_ltc3", "occupancy_ltc19", {0, 2, 16}, {1, 2, 4}, 18},
};

static const qn_synapse *find(const qn_synapses *all, size_t pre, size_t post)
{
  for (size_t i = 0; i < all->count; i++)
    if (all->at[i].pre == pre && all->at[i].post == post)
      return &all->at[i];
  return NULL;
}

/* of pairs of what is kept: a synapse where the whole network has one, and the
 * same */
static void expect_same_synapses(const qn_synapses *part,
                                 const qn_synapses *whole, const size_t *pre,
                                 size_t pres, const struct cut *cut)
{
  for (size_t i = 0; i < pres; i++)
    for (size_t j = 0; j < 3; j++) {
      const qn_synapse *a = find(part, i, j);
      const qn_synapse *b = find(whole, pre[i], cut->neurons[j]);

      cr_assert_eq(a == NULL, b == NULL, "%s: %zu to %zu", cut->name, i, j);
      if (!a)
        continue;
      cr_expect_eq(a->w, b->w);
      cr_expect_eq(a->sigma, b->sigma);
      cr_expect_eq(a->mu, b->mu);
      cr_expect_eq(a->erev, b->erev);
    }
}

Test(spice_moving, a_cut_network_is_a_part_of_the_whole)
{
  for (size_t c = 0; c < sizeof cuts / sizeof *cuts; c++) {
    const struct cut *cut = &cuts[c];
    example part = example_open_cut(cut->name);
    example whole = example_open(cut->whole);
    const qn_ltc *a = &part.net->ltc, *b = &whole.net->ltc;

    for (size_t j = 0; j < 3; j++) {
      cr_expect_eq(a->cm[j], b->cm[cut->neurons[j]]);
      cr_expect_eq(a->gleak[j], b->gleak[cut->neurons[j]]);
      cr_expect_eq(a->vleak[j], b->vleak[cut->neurons[j]]);
    }
    expect_same_synapses(&a->recurrent, &b->recurrent, cut->neurons, 3, cut);
    expect_same_synapses(&a->sensory, &b->sensory, cut->inputs,
                         part.net->inputs, cut);
    for (size_t row = 0; row < part.data->first[1]; row++)
      for (size_t k = 0; k < part.net->inputs; k++)
        cr_expect_eq(
          part.data->inputs[row * part.net->inputs + k],
          whole.data->inputs[row * whole.net->inputs + cut->inputs[k]]);
    example_close(&part);
    example_close(&whole);
  }
}

/* ---- in ngspice ------------------------------------------------------------------------ */

/* rails that far apart that memristors move within a few samples */
#define RAILS                                              \
  ",memristor.read_disturb=on,scale.volts_per_unit_max=1," \
  "supply.voltage_v=6,supply.common_mode_v=3,driver.high_v=6"
#define WIDE RAILS ",memristor.read_voltage_v=2.3,capacitor.max_f=1e-9"
#define VTEAM                                                          \
  "hfox_generic" RAILS ",memristor.device=vteam,"                      \
  "memristor.conductance_min_s=1e-3,memristor.conductance_max_s=2e-2," \
  "memristor.read_voltage_v=0.2,capacitor.max_f=1e-9"
#define YAKOPCIC                                                         \
  "hfox_generic" RAILS ",memristor.device=yakopcic,"                     \
  "memristor.conductance_min_s=5e-5,memristor.conductance_max_s=8.5e-3," \
  "memristor.read_voltage_v=0.6,capacitor.max_f=1e-6"

enum { AS_MEANT = -1 };

static qn_chip *open_chip(const example *e, const char *technology, int number)
{
  const qn_die die = {5, (uint32_t)number};
  qn_diag diag = {0};
  qn_chip *chip;

  cr_assert_eq(qn_chip_open(&chip, e->net, technology,
                            number == AS_MEANT ? NULL : &die, &diag),
               QN_OK, "%s: %s: %s", technology, diag.place, diag.message);
  return chip;
}

/* analog's on all of the data */
static void find_swing(const example *e, const qn_chip *chip, double *swing)
{
  cr_assert_eq(qn_chip_run(chip, e->net, e->data, &qn_ode_options_default,
                           e->trace, NULL, NULL),
               QN_OK);
  qn_swing_of(e->trace, swing);
}

/* with room for states */
static qn_trace *new_trace(const example *e, const qn_chip *chip)
{
  qn_trace *trace;

  cr_assert_eq(qn_trace_alloc(&trace, e->net, e->data), QN_OK);
  cr_assert_eq(qn_trace_add_memristors(trace, qn_chip_memristors(chip)), QN_OK);
  return trace;
}

static void expect_equal(const qn_trace *got, const qn_trace *want,
                         const double *swing, const char *what)
{
  qn_difference d = qn_difference_of(got, want, swing);
  qn_state_difference x = qn_state_difference_of(got, want);

  cr_expect(d.worst_percent <= 1e-2, "%s: neuron %zu is off by %g %%", what,
            d.worst_neuron, d.worst_percent);
  cr_expect(x.worst <= 1e-3, "%s: memristor %zu is off by %g", what,
            x.memristor, x.worst);
}

/* the first `rows` samples */
static void compare(const struct cut *cut, const char *technology, int die,
                    size_t rows)
{
  example e = example_open_cut(cut->name);
  qn_chip *chip = open_chip(&e, technology, die);
  qn_spice_report spice;
  qn_ode_report analog;
  qn_trace *got, *want;
  double swing[3];
  qn_diag diag = {0};

  find_swing(&e, chip, swing);
  e.data->sequences = 1;
  e.data->first[1] = e.data->rows = rows;
  got = new_trace(&e, chip);
  want = new_trace(&e, chip);
  cr_expect_eq(qn_netlist_states(chip), cut->memristors);
  cr_assert_eq(qn_chip_run(chip, e.net, e.data, &qn_ode_options_default, want,
                           &analog, &diag),
               QN_OK, "%s: %s", technology, diag.message);
  cr_assert_eq(
    qn_spice_run(chip, e.net, e.data, NULL, 1, NULL, got, &spice, &diag), QN_OK,
    "%s: %s", technology, diag.message);
  cr_expect(analog.moved_worst > 0.05, "%s: %g", technology,
            analog.moved_worst);
  expect_equal(got, want, swing, technology);
  cr_expect_eq(spice.warnings, 0, "%s: %s", technology, spice.warning);
  qn_trace_free(got);
  qn_trace_free(want);
  qn_chip_free(chip);
  example_close(&e);
}

Test(spice_moving, networks_move_memristors_as_on_analog, .timeout = 300)
{
  compare(&cuts[0], "sky130_reram" WIDE, AS_MEANT, 4);
  compare(&cuts[0], "hfox_generic" WIDE, AS_MEANT, 3);
  compare(&cuts[0], VTEAM, AS_MEANT, 8);
  compare(&cuts[0], YAKOPCIC, AS_MEANT, 8);
}

Test(spice_moving, dies_move_memristors_as_on_analog, .timeout = 300)
{
  compare(&cuts[0], "sky130_reram" WIDE, 0, 4);
  compare(&cuts[0], VTEAM, 1, 8);
  compare(&cuts[0], YAKOPCIC, 2, 8);
}

Test(spice_moving, another_network_moves_them_too, .timeout = 300)
{
  compare(&cuts[1], "sky130_reram" WIDE, AS_MEANT, 1);
  compare(&cuts[1], VTEAM, 0, 1);
}
