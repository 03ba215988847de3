/* test_dialect.c - decks for every simulator: the rules that they keep, and
 * those of Spectre and Verilog-A as they were read and understood. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/catalogue.h>
#include <quench/chip.h>
#include <quench/die.h>
#include <quench/file.h>
#include <quench/netlist.h>

#include "tests/base/scratch.h"
#include "tests/netlists/dialect_check.h"
#include "tests/netlists/small.h"
#include "tests/sim/example.h"

TestSuite(dialect, .init = scratch_open, .fini = scratch_close);

/* ---- each rule -------------------------------------------------------------------------- */

static const struct {
  dialect_rule rule;
  const char *deck;
} broken[] = {
  {RULE_TITLE, "R1 a 0 1\n"},
  {RULE_POWER, "* t\nB1 a 0 I={V(a)^2}\n"},
  {RULE_LOG, "* t\nB1 a 0 I={log(V(a))}\n"},
  {RULE_SUFFIX, "* t\nC1 a 0 1p\n"},
  {RULE_SUFFIX, "* t\nX1 a qn_leak PARAMS: gp=2u\n"},
  {RULE_SUFFIX, "* t\nB1 a 0 I={2meg*V(a)}\n"},
  {RULE_FUNCTION, "* t\nB1 a 0 I={limit(V(a),0,1)}\n"},
  {RULE_CONDITIONAL,
   "* t\n.func f(x) {x*x}\nB1 a 0 I={V(a) > 0 ? f(V(a)) : 0}\n"},
  {RULE_BRACES, "* t\nB1 a 0 I=V(a)*2\n"},
  {RULE_BRACES, "* t\nX1 a qn_leak PARAMS: gp=1+2\n"},
  {RULE_NAME, "* t\n.subckt s a PARAMS: e=1\n.ends\n"},
  {RULE_NAME, "* t\n.subckt s a PARAMS: temp=1\n.ends\n"},
  {RULE_UNIQUE, "* t\n.subckt s a\n.ends\n.subckt S b\n.ends\n"},
  {RULE_UNIQUE, "* t\n.model m r\n.model m c\n"},
  {RULE_UNIQUE, "* t\nR1 a 0 1\nr1 b 0 1\n"},
  {RULE_COMMENT, "* t\nB1 a 0 I={V(a)$}\n"},
};

Test(dialect, every_rule_has_a_deck_that_breaks_it)
{
  size_t line;

  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
    for (int d = 0; d < 2; d++)
      cr_expect_eq(dialect_check(broken[i].deck, (dialect)d, &line),
                   broken[i].rule, "%s", broken[i].deck);
  cr_expect_eq(dialect_check("* t\n.control\n.endc\n", DIALECT_XYCE, &line),
               RULE_WORDS);
  cr_expect_eq(dialect_check("* t\n.options timeint\n", DIALECT_NGSPICE, &line),
               RULE_WORDS);
}

Test(dialect, a_statement_goes_on_in_lines_of_256_characters)
{
  char deck[600] = "* t\nB1 a 0 I={1";
  size_t line;

  for (int i = 0; i < 130; i++)
    strcat(deck, i == 64 ? "\n+ +1" : "+1");
  strcat(deck, "}\n");
  cr_expect_eq(dialect_check(deck, DIALECT_XYCE, &line), RULE_NONE);
  *strchr(deck + 4, '\n') = ' ';
  cr_expect_eq(dialect_check(deck, DIALECT_XYCE, &line), RULE_LENGTH);
}

/* ---- every deck ------------------------------------------------------------------------- */

static void expect_rules(const char *text, dialect which, const char *what)
{
  size_t line;
  dialect_rule rule = dialect_check(text, which, &line);

  cr_expect_eq(rule, RULE_NONE, "%s: line %zu breaks rule %d", what, line,
               rule);
}

/* chip and testbench for both */
static void check_folder(const qn_chip *chip, const example *e,
                         const char *what)
{
  static const char *const names[] = {"ngspice", "xyce"};

  for (int d = 0; d < 2; d++) {
    const qn_dialect *writer;
    qn_diag diag = {0};
    char *text, path[64];
    size_t size;

    cr_assert_eq(qn_dialect_get(&writer, names[d], &diag), QN_OK);
    cr_assert_eq(qn_netlist_write_as(writer, chip, e->net, e->data, 0, NULL,
                                     scratch_folder(), &diag),
                 QN_OK, "%s", diag.message);
    for (int k = 0; k < 4; k++) {
      snprintf(path, sizeof path, "%s%s%s.cir", k % 2 ? "tb_" : "",
               e->net->name, k / 2 ? "_noise" : "");
      if (k == 2 && !qn_file_exists(scratch_path(path)))
        break; /* of a quiet technology */
      cr_assert_eq(qn_file_read(scratch_path(path), &text, &size, &diag), QN_OK,
                   "%s", diag.message);
      expect_rules(text, d ? DIALECT_XYCE : DIALECT_NGSPICE, what);
      free(text);
    }
  }
}

static void check_matrix(const char *name, const char *technology)
{
  example e = example_open(name);

  for (int number = -1; number < 3; number++) {
    const qn_die die = {5, (uint32_t)number};
    qn_chip *chip;
    qn_diag diag = {0};

    cr_assert_eq(
      qn_chip_open(&chip, e.net, technology, number < 0 ? NULL : &die, &diag),
      QN_OK, "%s: %s", technology, diag.message);
    check_folder(chip, &e, technology);
    qn_chip_free(chip);
  }
  example_close(&e);
}

#define MOVES ",memristor.read_disturb=on"
#define DEVICE(name) "ideal,memristor.device=" name MOVES

Test(dialect, every_deck_keeps_every_rule, .timeout = 300)
{
  static const char *const technologies[] = {
    "ideal",
    "sky130_reram",
    "sky130_reram,memristor.device=ohmic",
    "sky130_reram" MOVES,
    "sky130_reram,synapse.cell=steered" MOVES,
    "sky130_reram,synapse.cell=transconductor" MOVES,
    "sky130_reram,synapse.switch_ohm=2000,memristor.spread.v0=0.1" MOVES,
    "sky130_reram,wire.rail_ohm=2,wire.membrane_ohm=3",
    "sky130_reram,wire.rail_ohm=2,wire.membrane_ohm=3,wire.rail_f=2e-16,"
    "wire.membrane_f=3e-16",
    "sky130_reram,wire.rail_f=2e-16,wire.membrane_f=3e-16",
    DEVICE("stanford_rram"),
    DEVICE("vteam"),
    DEVICE("vteam_exponential"),
    DEVICE("yakopcic"),
    DEVICE("linear_ion_drift_kvatinsky"),
    DEVICE("pershin"),
    NULL};

  for (int i = 0; technologies[i]; i++) {
    check_matrix("sine_ltc8", technologies[i]);
    if (i < 4)
      check_matrix("occupancy_ltc19", technologies[i]);
  }
}

/* ---- golden files ----------------------------------------------------------------------- */

static void write_with(const qn_dialect *writer, const small *s)
{
  static const qn_spice_accuracy accuracy = {1e-4,  2e-3, 1e-13,  1e-7,
                                             1e-10, 0.05, "trap", 2};
  qn_diag diag = {0};

  cr_assert_eq(qn_netlist_write_as(writer, &s->chip, &s->net, &s->data, 0,
                                   &accuracy, scratch_folder(), &diag),
               QN_OK, "%s", diag.message);
}

static void write_as(const char *name, const small *s)
{
  const qn_dialect *writer;

  cr_assert_eq(qn_dialect_get(&writer, name, NULL), QN_OK);
  write_with(writer, s);
}

/* golden_name in tests/netlists/golden */
static void expect_golden(const char *name, const char *golden_name)
{
  char golden[80], *text, *want;
  size_t size;

  snprintf(golden, sizeof golden, "tests/netlists/golden/%s", golden_name);
  cr_assert_eq(qn_file_read(scratch_path(name), &text, &size, NULL), QN_OK);
  cr_assert_eq(qn_file_read(golden, &want, &size, NULL), QN_OK, "%s", golden);
  cr_expect_str_eq(text, want, "%s", golden);
  free(text);
  free(want);
}

/* vteam's memristors, which move */
static void make_vteam(small *s)
{
  qn_technology *t = &s->chip.technology;

  qn_device_card_init(&t->memristor, qn_device_find(qn_devices, "vteam"));
  t->read_disturb = QN_ON;
  t->temperature_k = 300;
}

Test(dialect, spectre_and_xyce_are_written_as_in_golden)
{
  small s;

  small_open(&s, 2);
  small_make_sinh(&s);
  write_as("spectre", &s);
  expect_golden("small.scs", "small.scs");
  expect_golden("tb_small.scs", "tb_small.scs");
  expect_golden("README.md", "README_spectre.md");
  write_as("xyce", &s);
  expect_golden("small.cir", "small.cir");
  expect_golden("tb_small.cir", "tb_small_xyce.cir");
  expect_golden("small.map.csv", "small.map.csv");
  small_close(&s);
}

/* every source that a direct cell has, and what is not in the deck */
static void make_noise(small *s)
{
  qn_technology *t = &s->chip.technology;

  t->thermal_noise = t->shot_noise = t->reset_noise = QN_ON;
  t->temperature_k = 300;
  t->gate_current_a = 1e-7;
  t->amplifier_noise_v_per_rthz = 6e-8;
  t->memristor_flicker = 1e-6;
  t->flicker_low_hz = 1e3;
  t->flicker_high_hz = 1e5;
  t->telegraph_amplitude = 0.1;
  t->telegraph_rate_up_hz = t->telegraph_rate_down_hz = 1e3;
  t->readout_noise_v = 1e-4;
}

Test(dialect, noise_is_written_as_in_golden)
{
  const qn_dialect *writer;
  small s;

  small_open(&s, 1);
  make_noise(&s);
  write_as("spectre", &s);
  expect_golden("small_noise.scs", "noise.scs");
  expect_golden("tb_small_noise.scs", "tb_noise.scs");
  expect_golden("README.md", "README_noise_spectre.md");
  write_as("xyce", &s);
  expect_golden("small_noise.cir", "noise.cir");
  expect_golden("tb_small_noise.cir", "tb_noise_xyce.cir");
  write_as("ngspice", &s);
  expect_golden("small_noise.cir", "noise.cir");
  expect_golden("tb_small_noise.cir", "tb_noise.cir");
  cr_assert_eq(qn_dialect_get(&writer, "ngspice", NULL), QN_OK);
  cr_assert_eq(qn_dialect_make_noisy(&writer, &s.chip, NULL), QN_OK);
  write_with(writer, &s);
  expect_golden("small.cir", "noisy.cir");
  expect_golden("tb_small.cir", "tb_noisy.cir");
  expect_golden("README.md", "README_noisy.md");
  small_close(&s);
}

Test(dialect, memristors_that_move_are_written_as_in_golden)
{
  small s;

  small_open(&s, 2);
  make_vteam(&s);
  write_as("ngspice", &s);
  expect_golden("small.cir", "moving.cir");
  write_as("verilog-a", &s);
  expect_golden("small.va", "moving.va");
  small_close(&s);
}

Test(dialect, one_that_does_not_exist_is_refused_with_those_that_do)
{
  const qn_dialect *writer = NULL;
  qn_diag diag = {0};

  cr_expect_eq(qn_dialect_get(&writer, "hspice", &diag), QN_EINVAL);
  for (size_t i = 0; qn_dialect_name(i); i++)
    cr_expect(strstr(diag.message, qn_dialect_name(i)), "%s", diag.message);
}
