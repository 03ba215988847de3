/* test_circuit_elements.c - every kind of cell and fault against the
 * chip's equations written plainly on the tests' own integrator. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quench/die.h>
#include <quench/ode.h>

#include "sim/driven.h"
#include "tests/sim/example.h"
#include "tests/sim/plain_chip.h"

static qn_chip *open_chip(const qn_network *net, const char *technology,
                          const qn_die *die)
{
  qn_diag diag = {0};
  qn_chip *chip;

  cr_assert_eq(qn_chip_open(&chip, net, technology, die, &diag), QN_OK,
               "%s: %s: %s", technology, diag.place, diag.message);
  chip->rise_fraction = 0; /* the plain equations have none */
  return chip;
}

static qn_ode_report run(const qn_chip *chip, const example *e)
{
  qn_ode_options opt = qn_ode_options_default;
  qn_ode_report r;
  qn_diag diag = {0};

  opt.heat = QN_WITH_HEAT;
  cr_assert_eq(qn_chip_run(chip, e->net, e->data, &opt, e->trace, &r, &diag),
               QN_OK, "%s: %s", diag.place, diag.message);
  return r;
}

/* ---- cells and dies ------------------------------------------------------------------ */

#define YAKOPCIC                                                      \
  "ideal,memristor.device=yakopcic,memristor.conductance_max_s=1e-3," \
  "memristor.parameters.a2=0.05,memristor.parameters.b=4,"            \
  "scale.volts_per_unit_max=0.2"

static const char *const technologies[] = {
  "sky130_reram",
  "hfox_generic",
  "sky130_reram,synapse.cell=steered",
  "sky130_reram,synapse.cell=transconductor",
  "sky130_reram,synapse.cell=transconductor,synapse.linear_range_v=0.15",
  "sky130_reram,synapse.switch_ohm=3000",
  "sky130_reram,memristor.spread.v0=0.2,memristor.spread.i_k1=0.1",
  "sky130_reram,memristor.spread.v0=0.2,synapse.cell=steered",
  "sky130_reram,memristor.spread.v0=0.2,synapse.switch_ohm=3000",
  YAKOPCIC,
  YAKOPCIC ",memristor.polarity_minus=-1",
  YAKOPCIC ",memristor.polarity_plus=-1,memristor.spread.a1=0.1",
  NULL};

Test(circuit_elements, every_cell_meets_its_equation_within_1e_6,
     .timeout = 300)
{
  const qn_die die = {5, 3};

  for (int i = 0; technologies[i]; i++) {
    example e = example_open("sine_ltc8");
    qn_chip *chip = open_chip(e.net, technologies[i], &die);
    plain_chip_result want = plain_chip_run(chip, e.data, 1);
    double worst;

    run(chip, &e);
    worst = largest_difference(e.trace->state, want.states,
                               e.trace->rows * e.trace->units);
    cr_expect(worst <= 1e-6, "%s: off by %g", technologies[i], worst);
    plain_chip_release(&want);
    qn_chip_free(chip);
    example_close(&e);
  }
}

/* each of those options changes the chip: no test above is about nothing */
Test(circuit_elements, every_cell_is_another_chip, .timeout = 300)
{
  const qn_die die = {5, 3};
  example e = example_open("sine_ltc8");
  size_t n = e.trace->rows * e.trace->units;
  double *all[16];
  size_t count = 0;

  for (; technologies[count]; count++) {
    qn_chip *chip = open_chip(e.net, technologies[count], &die);

    run(chip, &e);
    all[count] = malloc(n * sizeof *all[count]);
    memcpy(all[count], e.trace->state, n * sizeof *all[count]);
    for (size_t k = 0; k < count; k++)
      cr_expect(largest_difference(all[k], all[count], n) > 1e-3, "%s is %s",
                technologies[k], technologies[count]);
    qn_chip_free(chip);
  }
  while (count-- > 0)
    free(all[count]);
  example_close(&e);
}

/* the same parameters written out for every memristor */
static void give_own_parameters(qn_chip *chip)
{
  size_t n = qn_chip_memristors(chip);

  chip->parameter =
    malloc(n * QN_DEVICE_PARAMETERS_MAX * sizeof *chip->parameter);
  for (size_t k = 0; k < n; k++)
    memcpy(chip->parameter + k * QN_DEVICE_PARAMETERS_MAX,
           chip->technology.memristor.parameter,
           sizeof chip->technology.memristor.parameter);
}

/* two ways to the same currents */
Test(circuit_elements, memristors_of_one_kind_run_as_those_that_share_a_drive,
     .timeout = 300)
{
  static const char *const cells[] = {
    "sky130_reram", "sky130_reram,synapse.cell=steered",
    "sky130_reram,synapse.switch_ohm=1000", "ideal"};

  for (int i = 0; i < 3 * 4; i++) {
    example e = example_open(example_names[i % 3]), f;
    qn_chip *chip = open_chip(e.net, cells[i / 3], NULL);
    qn_ode_report shared = run(chip, &e), own;

    f = example_open(example_names[i % 3]);
    give_own_parameters(chip);
    own = run(chip, &f);
    cr_expect(largest_difference(e.trace->state, f.trace->state,
                                 e.trace->rows * e.trace->units) <= 1e-6,
              "%s on %s", example_names[i % 3], cells[i / 3]);
    for (int k = 0; k < QN_HEATS; k++)
      cr_expect_float_eq(own.heat_j[k], shared.heat_j[k],
                         1e-6 * shared.heat_j[k]);
    qn_chip_free(chip);
    example_close(&e);
    example_close(&f);
  }
}

/* A steered cell's equation is a direct one's, its memristors conduct always:
 * with half-open gates they burn twice as much. */
Test(circuit_elements, steered_memristors_conduct_always)
{
  example e = example_open("sine_ltc8"), f = example_open("sine_ltc8");
  qn_chip *direct = open_chip(e.net, "sky130_reram", NULL);
  qn_chip *steered =
    open_chip(e.net, "sky130_reram,synapse.cell=steered", NULL);
  qn_ode_report a, b;

  direct->gate_slope_per_v = steered->gate_slope_per_v = 1e-12;
  a = run(direct, &e);
  b = run(steered, &f);
  cr_expect(largest_difference(e.trace->state, f.trace->state,
                               e.trace->rows * e.trace->units) <= 1e-6);
  cr_expect_float_eq(b.heat_j[QN_HEAT_RECURRENT] / a.heat_j[QN_HEAT_RECURRENT],
                     2, 1e-6);
  cr_expect_float_eq(b.heat_j[QN_HEAT_SENSORY] / a.heat_j[QN_HEAT_SENSORY], 2,
                     1e-6);
  cr_expect_float_eq(b.heat_j[QN_HEAT_LEAK], a.heat_j[QN_HEAT_LEAK],
                     1e-6 * a.heat_j[QN_HEAT_LEAK]);
  qn_chip_free(direct);
  qn_chip_free(steered);
  example_close(&e);
  example_close(&f);
}

/* with a range of infinity and ohmic leaks a transconductor is the network */
Test(circuit_elements, linear_transconductors_meet_the_continuous_equation)
{
  for (int i = 0; i < 3; i++) {
    example e = example_open(example_names[i]), f;
    qn_chip *chip = open_chip(e.net, "ideal,synapse.cell=transconductor", NULL);

    f = example_open(example_names[i]);
    run(chip, &e);
    cr_assert_eq(
      qn_ltc_run(f.net, f.data, &qn_ode_options_default, f.trace, NULL, NULL),
      QN_OK);
    cr_expect(largest_difference(e.trace->state, f.trace->state,
                                 e.trace->rows * e.trace->units) <= 2e-6);
    qn_chip_free(chip);
    example_close(&e);
    example_close(&f);
  }
}

/* tanh(x) = x - x^3 / 3: a range four times as wide errs 16 times less */
Test(circuit_elements, a_wider_linear_range_errs_less_by_its_square)
{
  static const char *const ranges[] = {
    "ideal,synapse.cell=transconductor",
    "ideal,synapse.cell=transconductor,synapse.linear_range_v=2",
    "ideal,synapse.cell=transconductor,synapse.linear_range_v=8"};
  example e[3];
  double off[2];

  for (int i = 0; i < 3; i++) {
    qn_chip *chip;

    e[i] = example_open("sine_ltc8");
    chip = open_chip(e[i].net, ranges[i], NULL);
    run(chip, &e[i]);
    if (i)
      off[i - 1] = largest_difference(e[i].trace->state, e[0].trace->state,
                                      e[0].trace->rows * e[0].trace->units);
    qn_chip_free(chip);
  }
  cr_expect_float_eq(off[0] / off[1], 16, 0.5, "%g and %g", off[0], off[1]);
  for (int i = 0; i < 3; i++)
    example_close(&e[i]);
}

/* ---- wires -------------------------------------------------------------------------------- */

/* A chip of one leak: its upper memristor in row 0 (one segment of the rail and
 * one of the membrane from the capacitor), its lower one in row 1 (one segment
 * of its rail, two of the membrane, one of them shared). Ohmic: a membrane's
 * share of the wire r, then E+ behind 1 / G+ + R and E- behind 1 / G- + R + r. */
Test(circuit_elements, a_leak_behind_wires_charges_by_its_equivalent)
{
  example e = example_open("sine_ltc8");
  qn_network net = *e.net;
  size_t none[2] = {0};
  double cm = 1, gleak = 1, vleak = 0.4, big_r = 900, r = 2000;
  qn_trace *trace;
  qn_chip *chip;

  net.units = net.outputs = 1;
  net.ltc = (qn_ltc){.cm = &cm,
                     .gleak = &gleak,
                     .vleak = &vleak,
                     .recurrent = {.first = none},
                     .sensory = {.first = none},
                     .unfolds = 1};
  chip =
    open_chip(&net, "ideal,wire.rail_ohm=900,wire.membrane_ohm=2000", NULL);
  cr_assert_eq(qn_trace_alloc(&trace, &net, e.data), QN_OK);
  cr_assert_eq(
    qn_chip_run(chip, &net, e.data, &qn_ode_options_default, trace, NULL, NULL),
    QN_OK);
  {
    double a = 1 / (1 / chip->leak_plus_s[0] + big_r);
    double b = 1 / (1 / chip->leak_minus_s[0] + big_r + r);
    double rest = (a * chip->rail_plus_v + b * chip->rail_minus_v) / (a + b);
    double tau = chip->capacitance_f[0] * (r + 1 / (a + b));

    for (size_t i = 0; i < 4; i++) {
      double t = (double)(i + 1) * chip->seconds_per_unit;

      cr_expect_float_eq(trace->state[i],
                         rest * (1 - exp(-t / tau)) / chip->volts_per_unit,
                         1e-7);
    }
  }
  qn_trace_free(trace);
  qn_chip_free(chip);
  example_close(&e);
}

/* the drop is of first order in the resistance, and none without */
Test(circuit_elements, wires_of_half_the_resistance_cost_half)
{
  static const char *const wires[] = {
    "sky130_reram", "sky130_reram,wire.rail_ohm=1e-9,wire.membrane_ohm=1e-9",
    "sky130_reram,wire.rail_ohm=0.5,wire.membrane_ohm=0.5",
    "sky130_reram,wire.rail_ohm=1,wire.membrane_ohm=1"};
  example e[4];
  double off[4];

  for (int i = 0; i < 4; i++) {
    qn_chip *chip;

    e[i] = example_open("occupancy_ltc19");
    chip = open_chip(e[i].net, wires[i], NULL);
    run(chip, &e[i]);
    off[i] = largest_difference(e[i].trace->state, e[0].trace->state,
                                e[0].trace->rows * e[0].trace->units);
    qn_chip_free(chip);
  }
  cr_expect(off[1] < 1e-8, "%g", off[1]);
  cr_expect(off[2] > 1e-4, "%g", off[2]);
  cr_expect_float_eq(off[3] / off[2], 2, 0.05);
  for (int i = 0; i < 4; i++)
    example_close(&e[i]);
}

/* with any number of workers, to the last bit */
Test(circuit_elements, wires_do_not_remember_the_sequence_before)
{
  example e = example_open("occupancy_ltc19"), f;
  qn_chip *chip = open_chip(
    e.net, "sky130_reram,wire.rail_ohm=20,wire.membrane_ohm=20", NULL);
  qn_ode_options opt = qn_ode_options_default;

  f = example_open("occupancy_ltc19");
  cr_assert_eq(qn_chip_run(chip, e.net, e.data, &opt, e.trace, NULL, NULL),
               QN_OK);
  opt.workers = 3;
  cr_assert_eq(qn_chip_run(chip, f.net, f.data, &opt, f.trace, NULL, NULL),
               QN_OK);
  cr_expect_eq(memcmp(e.trace->state, f.trace->state,
                      e.trace->rows * e.trace->units * sizeof(double)),
               0);
  qn_chip_free(chip);
  example_close(&e);
  example_close(&f);
}

/* ---- readouts ------------------------------------------------------------------------- */

Test(circuit_elements, a_readout_adds_its_offset_and_holds_its_range)
{
  example e = example_open("sine_ltc8"), f = example_open("sine_ltc8");
  qn_chip *chip = open_chip(e.net, "sky130_reram", NULL);
  double offset = 0.25 * chip->volts_per_unit, high;
  const qn_map *map = &chip->output_map;
  size_t over = 0;
  qn_ode_report r;

  run(chip, &e);
  chip->readout_offset_v[0] = offset;
  high = qn_chip_to_volts(chip, 0.5);
  chip->technology.readout_high_v = high;
  r = run(chip, &f);
  for (size_t row = 0; row < e.trace->rows; row++) {
    double x = e.trace->state[row * e.trace->units] + 0.25;

    over += x > 0.5;
    cr_expect_float_eq(f.trace->output[row],
                       map->w[0] * fmin(x, 0.5) + map->b[0], 1e-12);
    cr_expect_eq(f.trace->state[row * e.trace->units],
                 e.trace->state[row * e.trace->units]);
  }
  cr_expect(over > 0 && over < e.trace->rows);
  cr_expect_eq(r.clipped_outputs, over);
  qn_chip_free(chip);
  example_close(&e);
  example_close(&f);
}

/* ---- memristors that move -------------------------------------------------------------- */

#define MOVING "sky130_reram,memristor.read_disturb=on"
/* rails 2.4 V apart, so 1.2 V across a memristor whose membrane stands in the
 * middle, and samples of some 10 us */
#define RAISED                                                        \
  MOVING ",memristor.read_voltage_v=2.4,scale.volts_per_unit_max=1,"  \
         "supply.voltage_v=6,supply.common_mode_v=3,driver.high_v=6," \
         "capacitor.max_f=1e-9"

/* barriers so low that a memristor moves without a voltage too, which a direct
 * cell's has while its gate is shut */
#define RESTLESS                                                      \
  MOVING ",memristor.parameters.eg=0.5,memristor.parameters.er=0.52," \
         "memristor.parameters.gk0=12,capacitor.max_f=1e-9"

/* transconductors, whose memristors see all of 1.25 V */
#define READ                                                           \
  MOVING ",synapse.cell=transconductor,memristor.read_voltage_v=1.25," \
         "synapse.linear_range_v=0.4,scale.volts_per_unit_max=1,"      \
         "supply.voltage_v=6,supply.common_mode_v=3,driver.high_v=6,"  \
         "capacitor.max_f=1e-9"

Test(circuit_elements, at_0_2_volts_no_memristor_moves)
{
  for (int i = 0; i < 3; i++) {
    example e = example_open(example_names[i]);
    qn_chip *chip = open_chip(e.net, MOVING, NULL);

    cr_expect(run(chip, &e).moved_worst < 1e-9);
    qn_chip_free(chip);
    example_close(&e);
  }
}

static double farthest(const qn_chip *chip, const plain_chip_result *r)
{
  const qn_device *d = chip->technology.memristor.device;
  double most = 0;

  for (size_t k = 0; k < qn_chip_memristors(chip); k++) {
    double g = qn_chip_conductance_of(chip, k);
    double x = d->state(qn_chip_parameters(chip, k), g);

    if (g > 0)
      most = fmax(most, fabs(r->x[k] - x));
  }
  return most;
}

/* at the end of every sample; absent ones stay at 0 */
static void expect_states(const example *e, const qn_chip *chip,
                          const plain_chip_result *want, const char *what)
{
  size_t all = qn_chip_memristors(chip);

  cr_assert_eq(e->trace->memristors, all);
  for (size_t i = 0; i < 6 * all; i++) {
    double there = qn_chip_conductance_of(chip, i % all) > 0;

    cr_expect_float_eq(e->trace->memristor[i], there * want->moved[i], 1e-6,
                       "%s: sample %zu, memristor %zu at %g, not %g", what,
                       i / all, i % all, e->trace->memristor[i],
                       want->moved[i]);
  }
}

Test(circuit_elements, at_1_2_volts_memristors_move_as_the_plain_equations_say,
     .timeout = 300)
{
  static const char *const raised[] = {
    RAISED,
    RAISED ",synapse.cell=steered",
    RAISED ",synapse.switch_ohm=1000",
    RAISED ",memristor.polarity_minus=-1,memristor.spread.v0=0.1",
    RESTLESS,
    RESTLESS ",synapse.cell=steered",
    READ,
    READ ",memristor.spread.v0=0.1",
    NULL};
  const qn_die die = {1, 0};

  for (int i = 0; raised[i]; i++) {
    example e = example_open("sine_ltc8");
    qn_chip *chip = open_chip(e.net, raised[i], &die);
    plain_chip_result want;
    double worst, most;
    qn_ode_report r;

    e.data->first[1] = e.data->rows = 6;
    want = plain_chip_run(chip, e.data, 1);
    most = farthest(chip, &want);
    cr_assert_eq(qn_trace_add_memristors(e.trace, qn_chip_memristors(chip)),
                 QN_OK);
    r = run(chip, &e);
    worst = largest_difference(e.trace->state, want.states, 6 * chip->units);
    expect_states(&e, chip, &want, raised[i]);
    cr_expect(most >= 0.01, "%s: %g", raised[i], most);
    cr_expect_float_eq(r.moved_worst, most, 1e-6, "%s: %g, not %g", raised[i],
                       r.moved_worst, most);
    cr_expect(worst <= 1e-6, "%s: off by %g", raised[i], worst);
    plain_chip_release(&want);
    qn_chip_free(chip);
    example_close(&e);
  }
}

/* ---- the Jacobian ------------------------------------------------------------------------ */

/* against central differences, entry by entry, those that are zero too */
static void check_jacobian(const char *technology)
{
  const qn_die die = {2, 1};
  example e = example_open("sine_ltc8");
  qn_chip *chip = open_chip(e.net, technology, &die);
  double input[2] = {0.91, 0.87}, worst = 0, most = 0;
  const qn_ramp ramp = {input, input, 0, 0};
  qn_driven d;
  void *w;
  double *x, *up, *down, *value, *dense;

  cr_assert_eq(qn_driven_init_chip(&d, chip), QN_OK);
  w = d.kind->workspace_alloc(d.model);
  x = calloc(d.n, sizeof *x), up = calloc(d.n, sizeof *x);
  down = calloc(d.n, sizeof *x), dense = calloc(d.n * d.n, sizeof *dense);
  value = calloc(d.pattern->count, sizeof *value);
  d.kind->set_inputs(w, &ramp);
  if (d.kind->begin)
    d.kind->begin(w, x);
  for (size_t j = 0; j < d.units; j++)
    x[j] = d.unit * (0.3 - 0.1 * (double)j);
  cr_assert_eq(d.kind->jac(0, x, value, w), QN_OK);
  for (size_t c = 0; c < d.n; c++)
    for (size_t k = d.pattern->column[c]; k < d.pattern->column[c + 1]; k++)
      dense[d.pattern->row[k] * d.n + c] = value[k];
  for (size_t k = 0; k < d.pattern->count; k++)
    most = fmax(most, fabs(value[k]));
  for (size_t c = 0; c < d.n; c++) {
    double h = 1e-6 * d.unit, at = x[c];

    x[c] = at + h, d.kind->rhs(0, x, up, w);
    x[c] = at - h, d.kind->rhs(0, x, down, w);
    x[c] = at;
    for (size_t r = 0; r < d.n; r++) {
      double want = (up[r] - down[r]) / (2 * h);
      double off =
        fabs(dense[r * d.n + c] - want) / fmax(fabs(want), 1e-3 * most);

      worst = fmax(worst, off);
    }
  }
  cr_expect(worst <= 1e-6, "%s: off by %g", technology, worst);
  free(x), free(up), free(down), free(value), free(dense);
  d.kind->workspace_free(w);
  qn_driven_release(&d);
  qn_chip_free(chip);
  example_close(&e);
}

Test(circuit_elements, jacobians_meet_finite_differences)
{
  check_jacobian("sky130_reram");
  check_jacobian("sky130_reram,synapse.cell=steered");
  check_jacobian("sky130_reram,memristor.spread.v0=0.2");
  check_jacobian(
    "sky130_reram,synapse.cell=transconductor,synapse.linear_range_v=0.3");
  check_jacobian(RAISED);
  check_jacobian(RAISED ",synapse.switch_ohm=3000");
  check_jacobian(RESTLESS);
  check_jacobian(RAISED ",synapse.cell=steered,memristor.polarity_minus=-1");
}
