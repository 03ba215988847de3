/* test_spice_wires.c - decks of wires with capacitance: what is written, against
 * three linear equations, and against analog, which has its wires settled. */
#include <criterion/criterion.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/die.h>
#include <quench/metric.h>
#include <quench/netlist.h>
#include <quench/ode.h>

#include "tests/netlists/small.h"
#include "tests/sim/example.h"

static void make_capacitance(small *s, double rail_f, double membrane_f)
{
  s->chip.technology.rail_f = rail_f;
  s->chip.technology.membrane_f = membrane_f;
}

static char *text_of(const small *s, qn_netlist_form form)
{
  char *text;

  cr_assert_eq(qn_netlist_chip_text(&s->chip, NULL, form, &text, NULL), QN_OK);
  return text;
}

static int holds(const small *s, const char *what)
{
  char *text = text_of(s, QN_NETLIST_CELLS);
  int found = strstr(text, what) != NULL;

  free(text);
  return found;
}

/* ---- what is written ----------------------------------------------------------------- */

/* rails at 1 and 0.2 V, a model zero at 0.6 V; 8 rows, of which column n0 has
 * none with neuron 0's own */
Test(spice_wires, a_capacitor_stands_at_every_node_of_a_wire)
{
  small s;

  small_open(&s, 2);
  small_make_wires(&s, 2, 3);
  make_capacitance(&s, 4e-16, 2e-16);
  cr_expect(holds(&s, "\nCp_l_n0 p_l_n0 0 4e-16 IC=1\n"));
  cr_expect(holds(&s, "\nCp_l_n1 p_l_n1 0 2e-16 IC=1\n"));
  cr_expect(holds(&s, "\nCm_n0_n1 m_n0_n1 0 4e-16 IC=0.2\n"));
  cr_expect(holds(&s, "\nCm_x0_n0 m_x0_n0 0 6e-16 IC=0.2\n"));
  cr_expect(holds(&s, "\nCn0 n0 0 1e-16 IC=0.6\n"));
  cr_expect(holds(&s, "\nCn0_p_l n0_p_l 0 2e-16 IC=0.6\n"));
  cr_expect(holds(&s, "\nCn0_m_x0 n0_m_x0 0 4e-16 IC=0.6\n"));
  cr_expect(holds(&s, "\nCn0_m_n1 n0_m_n1 0 1e-16 IC=0.6\n"));
  cr_expect(holds(&s, "\nCn1_m_n0 n1_m_n0 0 5e-16 IC=0.6\n"));
  small_close(&s);
}

Test(spice_wires, without_resistance_a_wire_is_one_capacitor)
{
  small s;

  small_open(&s, 2);
  make_capacitance(&s, 4e-16, 2e-16);
  cr_expect(holds(&s, "\nCn0 n0 0 1.6e-15 IC=0.6\n"));
  cr_expect(holds(&s, "\nCplus plus 0 3.2e-15 IC=1\n"));
  cr_expect(holds(&s, "\nCminus minus 0 3.2e-15 IC=0.2\n"));
  cr_expect(holds(&s, "\nXl0 n0 plus minus qn_leak "));
  small_close(&s);
}

/* only what is drawn is a membrane's capacitor */
Test(spice_wires, a_membrane_without_a_capacitor_of_its_own_has_its_wire)
{
  small s;

  small_open(&s, 2);
  make_capacitance(&s, 0, 0.5e-12 / 8);
  s.capacitance[1] = 0.5e-12;
  cr_expect(holds(&s, "\nXm0 n0 qn_membrane PARAMS: c=5e-13 v0=0.6"));
  cr_expect(!holds(&s, "\nXm1"));
  cr_expect(holds(&s, "\nCn1 n1 0 5e-13 IC=0.6\n"));
  small_close(&s);
}

/* farads of all capacitors whose names begin so */
static double sum_of(const char *text, const char *begin)
{
  double sum = 0;

  for (const char *line = text; line; line = strchr(line, '\n')) {
    line += *line == '\n';
    if (!strncmp(line, begin, strlen(begin)))
      sum += strtod(strstr(line, " 0 ") + 3, NULL);
    if (!*line)
      break;
  }
  return sum;
}

/* wherever memristors are left out */
Test(spice_wires, capacitors_add_up_to_the_wires)
{
  static const double ohm[][2] = {{0, 0}, {2, 0}, {0, 3}, {2, 3}};

  for (size_t k = 0; k < 4 * 6; k++) {
    char *text;
    small s;

    small_open(&s, 2);
    small_make_wires(&s, ohm[k % 4][0], ohm[k % 4][1]);
    make_capacitance(&s, 4e-16, 2e-16);
    if (k / 4 == 1)
      s.leak_plus[0] = 0;
    if (k / 4 >= 2)
      s.recurrent[1].plus_s = s.recurrent[1].minus_s = 0;
    if (k / 4 >= 3)
      s.leak_plus[1] = s.leak_minus[1] = 0; /* nothing is left at n1 */
    if (k / 4 == 4)
      s.sensory[0].minus_s = 0;
    if (k / 4 == 5)
      make_capacitance(&s, 0, 2e-16);
    text = text_of(&s, QN_NETLIST_CELLS);
    cr_expect_float_eq(sum_of(text, "Cn0"), 8 * 2e-16, 1e-28, "%zu", k);
    cr_expect_float_eq(sum_of(text, "Cn1"), 8 * 2e-16, 1e-28, "%zu", k);
    cr_expect_float_eq(sum_of(text, "Cp"), k / 4 == 5 ? 0 : 4 * 2 * 4e-16,
                       1e-28, "%zu", k);
    cr_expect_float_eq(sum_of(text, "Cm"), k / 4 == 5 ? 0 : 4 * 2 * 4e-16,
                       1e-28, "%zu", k);
    free(text);
    small_close(&s);
  }
}

/* ---- three equations ------------------------------------------------------------------ */

/* One memristor g from the upper rail: nodes on its row, on its column and the
 * membrane, and a constant. Of the row's one segment half the capacitance is
 * at its node; of the column's six, half of the first is at the membrane. */
static void fill(gsl_matrix *a, const small *s)
{
  const qn_chip *chip = &s->chip;
  const qn_technology *t = &chip->technology;
  double row = 1 / t->rail_ohm, column = 1 / t->membrane_ohm;
  double g = chip->leak_plus_s[0];
  double c[3] = {0.5 * t->rail_f, 5.5 * t->membrane_f,
                 chip->capacitance_f[0] - 5.5 * t->membrane_f};
  const double into[4][4] = {{-(row + g), g, 0, row * chip->rail_plus_v},
                             {g, -(g + column), column, 0},
                             {0, column, -column, 0},
                             {0, 0, 0, 0}};

  for (size_t i = 0; i < 4; i++)
    for (size_t k = 0; k < 4; k++)
      gsl_matrix_set(a, i, k, i < 3 ? into[i][k] / c[i] : 0);
}

/* the membrane in model units after a time, by the matrix's exponential */
static double membrane_at(const small *s, double seconds)
{
  const qn_chip *chip = &s->chip;
  gsl_matrix *a = gsl_matrix_alloc(4, 4), *e = gsl_matrix_alloc(4, 4);
  const double start[4] = {chip->rail_plus_v, chip->common_mode_v,
                           chip->common_mode_v, 1};
  double v = 0;

  fill(a, s);
  gsl_matrix_scale(a, seconds);
  cr_assert_eq(gsl_linalg_exponential_ss(a, e, GSL_PREC_DOUBLE), 0);
  for (size_t k = 0; k < 4; k++)
    v += gsl_matrix_get(e, 2, k) * start[k];
  gsl_matrix_free(a);
  gsl_matrix_free(e);
  return qn_chip_to_model(chip, v);
}

/* wires as slow as the membrane, down to a thousandth */
Test(spice_wires, a_membrane_charges_through_its_wires_as_kirchhoff_says)
{
  static const double farad[] = {1.5e-13, 1e-14, 1e-16};

  for (size_t k = 0; k < sizeof farad / sizeof *farad; k++) {
    double t = 0;
    small s;

    small_open(&s, 1);
    s.sensory[0].plus_s = s.sensory[0].minus_s = s.leak_minus[0] = 0;
    small_make_wires(&s, 3e5, 2e5);
    make_capacitance(&s, 8 * farad[k], farad[k]);
    small_run(&s, 1e-5, QN_NETLIST_CELLS);
    for (size_t i = 0; i < SMALL_ROWS; i++) {
      double want = membrane_at(&s, t += 1e-6 * s.span[i]);

      cr_expect_float_eq(s.trace->state[i], want, 1e-5, "%g F: %.9g, not %.9g",
                         farad[k], s.trace->state[i], want);
    }
    small_close(&s);
  }
}

/* ---- against analog -------------------------------------------------------------------- */

static qn_chip *open_chip(const example *e, const char *technology, int die)
{
  const qn_die drawn = {5, (uint32_t)die};
  qn_chip *chip;
  qn_diag diag = {0};

  cr_assert_eq(
    qn_chip_open(&chip, e->net, technology, die < 0 ? NULL : &drawn, &diag),
    QN_OK, "%s: %s", technology, diag.message);
  return chip;
}

/* ngspice on sine_ltc8's one sequence against analog, in parts of the swing;
 * and how much wires lag */
static double difference(const char *technology, int die, double *lag)
{
  example e = example_open("sine_ltc8");
  qn_chip *chip = open_chip(&e, technology, die);
  qn_spice_report report;
  qn_diag diag = {0};
  double swing[8];
  qn_difference d;
  qn_trace *got;
  size_t worst;

  *lag = qn_chip_wire_lag(chip, &worst);
  cr_assert_eq(qn_trace_alloc(&got, e.net, e.data), QN_OK);
  cr_assert_eq(qn_chip_run(chip, e.net, e.data, &qn_ode_options_default,
                           e.trace, NULL, NULL),
               QN_OK);
  cr_assert_eq(
    qn_spice_run(chip, e.net, e.data, NULL, 1, NULL, got, &report, &diag),
    QN_OK, "%s: %s", diag.file, diag.message);
  qn_swing_of(e.trace, swing);
  d = qn_difference_of(got, e.trace, swing);
  qn_trace_free(got);
  qn_chip_free(chip);
  example_close(&e);
  return d.worst_percent / 100;
}

/* a micrometre of wire a crossing, and 25 times that */
Test(spice_wires, settled_wires_equal_analog_within_1e_4_of_the_swing)
{
  static const struct {
    const char *fields;
    int die;
  } row[] = {{"wire.rail_ohm=1,wire.membrane_ohm=1,wire.rail_f=2e-16,"
              "wire.membrane_f=2e-16",
              -1},
             {"wire.rail_ohm=2,wire.membrane_ohm=3,wire.rail_f=2e-16,"
              "wire.membrane_f=2e-16,memristor.spread.v0=0.1,"
              "synapse.switch_ohm=2000",
              3},
             {"wire.rail_ohm=3,wire.rail_f=5e-15,wire.membrane_f=5e-15", 1}};

  for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
    char technology[200];
    double lag, d;

    snprintf(technology, sizeof technology, "sky130_reram,%s", row[k].fields);
    d = difference(technology, row[k].die, &lag);
    cr_expect(lag < 1e-4, "%s: lag %g", technology, lag);
    cr_expect(d <= 1e-4, "%s: off by %g of the swing", technology, d);
  }
}

/* without resistance nothing lags, even where the wire is all that a membrane
 * has */
Test(spice_wires, capacitance_alone_equals_analog_within_1e_4_of_the_swing)
{
  static const char *const fields[] = {
    "sky130_reram,wire.rail_f=2e-16,wire.membrane_f=2e-16",
    "sky130_reram,wire.membrane_f=5e-13", "ideal,wire.membrane_f=1e-14"};

  for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
    double lag, d = difference(fields[k], k == 0 ? 2 : -1, &lag);

    cr_expect_eq(lag, 0);
    cr_expect(d <= 1e-4, "%s: off by %g of the swing", fields[k], d);
  }
}

/* by no more than what `quench map` says they lag */
Test(spice_wires, wires_that_settle_slowly_part_decks_from_analog)
{
  static const char *const fields[] = {
    "sky130_reram,wire.rail_ohm=100,wire.membrane_ohm=100,wire.rail_f=2e-14,"
    "wire.membrane_f=2e-14",
    "sky130_reram,wire.rail_ohm=500,wire.rail_f=2e-14",
    "sky130_reram,wire.membrane_ohm=500,wire.membrane_f=1e-14"};

  for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
    double lag, d = difference(fields[k], -1, &lag);

    cr_expect(d > 1e-4 && d < lag, "%s: off by %g of the swing, lag %g",
              fields[k], d, lag);
  }
}
