/* test_spice_cells.c - decks of every synapse cell, of wires and of memristors
 * that differ: ngspice against the equations by hand (by_hand.h). */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quench/catalogue.h>
#include <quench/file.h>
#include <quench/process.h>

#include "tests/base/scratch.h"
#include "tests/netlists/by_hand.h"

static const qn_netlist_form forms[2] = {QN_NETLIST_CELLS, QN_NETLIST_FLAT};

/* swings are about a model unit; ngspice is told 1e-5 of it */
static void expect_by_hand(small *s, const char *what)
{
  double want[SMALL_ROWS * 2];

  by_hand_run(s, want);
  for (int f = 0; f < 2; f++) {
    small_run(s, 1e-5, forms[f]);
    for (size_t i = 0; i < SMALL_ROWS * s->chip.units; i++)
      cr_expect_float_eq(s->trace->state[i], want[i], 1e-5,
                         "%s, form %d, state %zu: %.9g, not %.9g", what, f, i,
                         s->trace->state[i], want[i]);
  }
}

/* ---- kinds of cells ----------------------------------------------------------------- */

Test(spice_cells, direct_ones_follow_their_equation)
{
  small s;

  small_open(&s, 2);
  expect_by_hand(&s, "ohmic");
  small_make_sinh(&s);
  expect_by_hand(&s, "sinh");
  small_close(&s);
}

/* 1 uS to 5 uS with 100 kohm: 9 to 33 % less */
Test(spice_cells, a_closed_switch_is_in_series_with_its_memristor)
{
  small s;

  small_open(&s, 2);
  s.chip.technology.switch_ohm = 1e5;
  expect_by_hand(&s, "a switch of 100 kohm");
  small_close(&s);
}

Test(spice_cells, steered_ones_have_a_gate_for_each_rail)
{
  small s;

  small_open(&s, 2);
  small_make_steered(&s);
  s.chip.technology.switch_ohm = 1e5; /* of direct cells alone */
  expect_by_hand(&s, "ohmic");
  small_make_sinh(&s);
  expect_by_hand(&s, "sinh");
  small_close(&s);
}

Test(spice_cells, transconductors_saturate_at_their_linear_range)
{
  small s;

  small_open(&s, 2);
  small_make_transconductors(&s, 0.15);
  expect_by_hand(&s, "V_L of 0.15 V");
  small_make_sinh(&s); /* leaks alone are memristors between rails */
  expect_by_hand(&s, "sinh leaks");
  small_close(&s);
}

Test(spice_cells, transconductors_without_a_limit_are_linear)
{
  small s;

  small_open(&s, 2);
  small_make_transconductors(&s, INFINITY);
  expect_by_hand(&s, "no limit");
  small_close(&s);
}

/* ---- memristors --------------------------------------------------------------------- */

Test(spice_cells, memristors_turned_round_conduct_as_turned_round)
{
  static const double polarity[4][2] = {{1, 1}, {-1, 1}, {1, -1}, {-1, -1}};

  for (int k = 0; k < 8; k++) {
    small s;

    small_open(&s, 2);
    small_make_lopsided(&s);
    if (k >= 4)
      small_make_steered(&s);
    s.chip.technology.polarity_plus = polarity[k % 4][0];
    s.chip.technology.polarity_minus = polarity[k % 4][1];
    expect_by_hand(&s, "lopsided");
    small_close(&s);
  }
}

Test(spice_cells, memristors_of_a_die_keep_parameters_of_their_own)
{
  small s;

  small_open(&s, 2);
  small_make_sinh(&s);
  small_make_spread(&s);
  expect_by_hand(&s, "direct");
  small_make_wires(&s, 2e3, 3e3);
  expect_by_hand(&s, "wired");
  small_make_wires(&s, 0, 0);
  small_make_steered(&s);
  expect_by_hand(&s, "steered");
  small_make_transconductors(&s, 0.2);
  expect_by_hand(&s, "leaks of transconductors");
  small_close(&s);
}

/* ---- wires --------------------------------------------------------------------------- */

/* from a change below the tolerance to one of a large part of a swing */
Test(spice_cells, wires_of_any_resistance_drop_what_kirchhoff_says)
{
  static const double ohm[][2] = {{1e-3, 1e-3}, {20, 30},   {2e4, 3e4},
                                  {5e4, 0},     {0, 1.5e4}, {1e6, 1e6}};

  for (size_t k = 0; k < sizeof ohm / sizeof *ohm; k++) {
    small s;

    small_open(&s, 2);
    small_make_wires(&s, ohm[k][0], ohm[k][1]);
    expect_by_hand(&s, "ohmic");
    small_close(&s);
  }
}

Test(spice_cells, wires_serve_every_law)
{
  small s;

  small_open(&s, 2);
  small_make_wires(&s, 5e3, 7e3);
  small_make_sinh(&s);
  s.chip.technology.switch_ohm = 2e4;
  expect_by_hand(&s, "sinh and a switch");
  s.chip.technology.switch_ohm = 0;
  small_make_lopsided(&s);
  s.chip.technology.polarity_minus = -1;
  expect_by_hand(&s, "lopsided, turned round");
  small_close(&s);
}

/* one neuron: rows that nothing crosses; no lower memristor in the synapse, no
 * upper one in the leak */
Test(spice_cells, wires_run_past_crossings_without_a_memristor)
{
  small s;

  small_open(&s, 1);
  small_make_wires(&s, 1e4, 1e4);
  s.sensory[0].minus_s = 0;
  s.leak_plus[0] = 0;
  expect_by_hand(&s, "one neuron");
  small_close(&s);
  small_open(&s, 2);
  small_make_wires(&s, 1e4, 1e4);
  s.recurrent[0].plus_s = 0;
  s.recurrent[1].plus_s = s.recurrent[1].minus_s = 0;
  s.leak_plus[0] = s.leak_minus[0] = 0;
  expect_by_hand(&s, "two neurons");
  small_close(&s);
}

/* ---- readout -------------------------------------------------------------------------- */

/* told: membrane + 20 mV, held to 0.55 V .. 0.65 V, that is -0.5 .. 0.5 */
Test(spice_cells, outputs_pass_the_readout_and_its_range)
{
  double offset[1] = {0.02}, weight[1] = {3}, bias[1] = {0.25};
  qn_spice_report report;
  size_t clipped = 0;
  small s;

  small_open(&s, 1);
  s.chip.readout_offset_v = offset;
  s.chip.output_map = (qn_map){QN_MAP_NONE, 1, weight, bias};
  s.chip.technology.readout_low_v = 0.55;
  s.chip.technology.readout_high_v = 0.65;
  cr_assert_eq(qn_spice_run(&s.chip, &s.net, &s.data, NULL, 1, NULL, s.trace,
                            &report, NULL),
               QN_OK);
  for (size_t row = 0; row < SMALL_ROWS; row++) {
    double told = s.trace->state[row] + 0.2;

    clipped += told < -0.5 || told > 0.5;
    told = fmin(fmax(told, -0.5), 0.5);
    cr_expect_float_eq(s.trace->output[row], 3 * told + 0.25, 1e-12);
  }
  cr_expect(clipped > 0 && clipped < SMALL_ROWS);
  cr_expect_eq(report.clipped_outputs, clipped);
  small_close(&s);
}

/* ---- text ------------------------------------------------------------------------------- */

/* every way a deck can look */
enum { LOOKS = 11 };

static void make_look(small *s, int look)
{
  if (look == 1)
    small_make_steered(s);
  if (look == 3 || look == 4)
    small_make_transconductors(s, look == 3 ? 0.1 : INFINITY);
  if (look == 2 || look == 5)
    s->chip.technology.switch_ohm = 1e3;
  if (look == 6)
    s->chip.technology.polarity_plus = -1;
  if (look == 2 || look == 7 || look == 8 || look == 9)
    small_make_wires(s, 2, look == 8 ? 0 : 3);
  if (look >= 8)
    s->chip.technology.rail_f = 1e-16;
  if (look >= 9)
    s->chip.technology.membrane_f = 2e-16;
  if (look == 2 || look == 8) {
    small_make_sinh(s);
    small_make_spread(s);
  }
}

static char *text_of(const small *s, qn_netlist_form form)
{
  char *text;

  cr_assert_eq(qn_netlist_chip_text(&s->chip, NULL, form, &text, NULL), QN_OK);
  return text;
}

Test(spice_cells, the_same_chip_gives_the_same_bytes)
{
  for (int look = 0; look < LOOKS; look++)
    for (int f = 0; f < 2; f++) {
      char *a, *b;
      small s;

      small_open(&s, 2);
      make_look(&s, look);
      a = text_of(&s, forms[f]);
      b = text_of(&s, forms[f]);
      cr_expect_str_eq(a, b);
      cr_expect(!strchr(a, '^') && !strchr(a, '$') && !strchr(a, '\t'));
      free(a);
      free(b);
      small_close(&s);
    }
}

static void run_folder(const small *s)
{
  const char *const argv[] = {"ngspice", "-b", "-n", "tb_small.cir", NULL};
  qn_diag diag = {0};

  cr_assert_eq(qn_netlist_write(&s->chip, &s->net, &s->data, 0, NULL,
                                scratch_folder(), &diag),
               QN_OK, "%s: %s", diag.file, diag.message);
  cr_assert_eq(qn_process_run(argv, scratch_folder(), scratch_path("log"), 60,
                              NULL, &diag),
               QN_OK, "%s", diag.message);
}

Test(spice_cells, ngspice_has_nothing_to_complain_of)
{
  scratch_open();
  for (int look = 0; look < LOOKS; look++) {
    char *log;
    size_t size;
    small s;

    small_open(&s, 2);
    make_look(&s, look);
    run_folder(&s);
    cr_assert_eq(qn_file_read(scratch_path("log"), &log, &size, NULL), QN_OK);
    cr_expect(!strstr(log, "arning") && !strstr(log, "rror") &&
                !strstr(log, "singular") && !strstr(log, "not found"),
              "look %d: %s", look, log);
    free(log);
    small_close(&s);
  }
  scratch_close();
}

static int holds(const small *s, const char *what)
{
  char *text = text_of(s, QN_NETLIST_CELLS);
  int found = strstr(text, what) != NULL;

  free(text);
  return found;
}

Test(spice_cells, only_cells_that_are_used_are_written)
{
  static const char *const names[] = {"qn_direct", "qn_steered",
                                      "qn_transconductor"};

  for (int cell = 0; cell < 3; cell++) {
    small s;

    small_open(&s, 2);
    s.chip.technology.cell = cell;
    for (int k = 0; k < 3; k++)
      cr_expect_eq(holds(&s, names[k]), k == cell, "%s", names[k]);
    cr_expect_eq(holds(&s, "qn_gated"), cell != QN_CELL_TRANSCONDUCTOR);
    small_close(&s);
  }
}

/* number 2 and 3 are the leak of n1, 3 as the technology says */
Test(spice_cells, a_memristors_parameter_is_written_only_where_it_differs)
{
  small s;

  small_open(&s, 2);
  small_make_sinh(&s);
  cr_expect(!holds(&s, "_v0"));
  small_make_spread(&s);
  cr_expect(holds(&s, "Xl1 n1 plus minus qn_leak PARAMS: gp=2e-06 gm=2e-06"
                      " p_v0=0.09375 ; "));
  for (size_t i = 0; i < 10; i++)
    s.parameter[i][0] = 0.1;
  cr_expect(!holds(&s, "_v0"));
  small_close(&s);
}

/* row p_n0 is fed at n0's column, where nothing stands on it */
Test(spice_cells, a_wire_is_a_resistor_for_each_stretch_between_memristors)
{
  small s;

  small_open(&s, 2);
  small_make_wires(&s, 2, 3);
  cr_expect(holds(&s, "\nRp_l_n0 plus p_l_n0 2\n"));
  cr_expect(holds(&s, "\nRp_l_n1 p_l_n0 p_l_n1 2\n"));
  cr_expect(holds(&s, "\nRp_n0_n1 plus p_n0_n1 4\n"));
  cr_expect(holds(&s, "\nRm_n0_n1 minus m_n0_n1 4\n"));
  cr_expect(holds(&s, "\nRn0_p_l n0 n0_p_l 3\n"));
  cr_expect(holds(&s, "\nRn0_p_n1 n0_m_x0 n0_p_n1 9\n"));
  cr_expect(holds(&s, "\nXr1 n0 n1_p_n0 n1_m_n0 p_n0_n1 m_n0_n1 qn_direct "));
  s.recurrent[1].minus_s = 0;
  cr_expect(!holds(&s, "m_n0_n1"));
  cr_expect(holds(&s, "\nXr1 n0 n1_p_n0 n1 p_n0_n1 minus qn_direct "));
  small_close(&s);
}

/* ---- refusals ----------------------------------------------------------------------------- */

Test(spice_cells, a_device_without_text_is_refused_before_a_file_is_made)
{
  qn_device mute = *qn_device_find(qn_devices, "vteam");
  qn_diag diag = {0};
  qn_spice_report report;
  char *text;
  small s;

  small_open(&s, 2);
  scratch_open();
  setenv("TMPDIR", scratch_folder(), 1);
  mute.spice_rate = NULL;
  qn_device_card_init(&s.chip.technology.memristor, &mute);
  s.chip.technology.read_disturb = QN_ON;
  cr_expect_eq(
    qn_netlist_chip_text(&s.chip, NULL, QN_NETLIST_CELLS, &text, &diag),
    QN_EUNSUPPORTED);
  cr_expect_null(text);
  cr_expect(strstr(diag.message, "vteam has no law"), "%s", diag.message);
  cr_expect_eq(qn_netlist_write(&s.chip, &s.net, &s.data, 0, NULL,
                                scratch_path("deck"), NULL),
               QN_EUNSUPPORTED);
  cr_expect_eq(qn_spice_run(&s.chip, &s.net, &s.data, NULL, 1, NULL, s.trace,
                            &report, NULL),
               QN_EUNSUPPORTED);
  cr_expect_eq(scratch_files(), 0);
  scratch_close();
  small_close(&s);
}
