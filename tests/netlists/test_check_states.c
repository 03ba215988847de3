/* test_check_states.c - states of memristors that move, in a file of results:
 * found under every name, all of them or none. The oracle is a straight
 * line. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/netlists/results_file.h"
#include <quench/catalogue.h>
#include <quench/netlist.h>

TestSuite(check_states, .init = scratch_open, .fini = scratch_close,
          .timeout = 300);

enum { NAMES_MAX = 20, FIRST_STATE = 3 };

/* names of vectors: time, v(n0), v(n1), then whatever is added */
struct names {
  char text[NAMES_MAX][96];
  const char *all[NAMES_MAX + 1]; /* ended by NULL */
  size_t count;
};

static void add_name(struct names *n, const char *name)
{
  cr_assert(n->count < NAMES_MAX);
  snprintf(n->text[n->count], sizeof n->text[0], "%s", name);
  n->all[n->count] = n->text[n->count];
  n->all[++n->count] = NULL;
}

static struct names *new_names(void)
{
  struct names *n = calloc(1, sizeof *n);

  for (int i = 0; results_plain[i]; i++)
    add_name(n, results_plain[i]);
  return n;
}

/* as a simulator spells the node behind its instances */
struct spelling {
  const char *before, *after;
  char separator;
  int upper;
};

static void add_state(struct names *n, const char *node,
                      const struct spelling *how)
{
  char name[96];

  snprintf(name, sizeof name, "%s%s%s", how->before, node, how->after);
  for (char *c = name + strlen(how->before); *c; c++) {
    *c = *c == '.' ? how->separator : *c;
    *c = how->upper ? (char)toupper((unsigned char)*c) : *c;
  }
  add_name(n, name);
}

static const struct spelling ngspice = {"v(xchip.", ")", '.', 0};

/* nodes of a chip's states by number; 0: none */
static const char *node_of(const qn_chip *chip, size_t number)
{
  static qn_state_node node;

  if (!(qn_chip_conductance_of(chip, number) > 0))
    return NULL;
  node = qn_netlist_state_node(chip, number);
  return node.name;
}

/* all of a chip's, the last memristor first; place [memristors] of each */
static void add_states(struct names *n, const qn_chip *chip,
                       const struct spelling *how, size_t *place)
{
  for (size_t k = qn_chip_memristors(chip); k-- > 0;)
    if (node_of(chip, k)) {
      place[k] = n->count;
      add_state(n, node_of(chip, k), how);
    }
}

static void open_moving(small *s)
{
  qn_technology *t = &s->chip.technology;

  small_open(s, 2);
  qn_device_card_init(&t->memristor, qn_device_find(qn_devices, "vteam"));
  t->read_disturb = QN_ON;
  cr_assert_eq(qn_trace_add_memristors(s->trace, qn_chip_memristors(&s->chip)),
               QN_OK);
}

static qn_status read_names(small *s, const struct names *n,
                            results_format format, qn_check_report *report,
                            qn_diag *diag)
{
  results r = results_of(format, n->all, 0);

  return results_read(s, &r, report, diag);
}

static void expect_lines(const small *s, const size_t *place, const char *what)
{
  static const double ends[SMALL_ROWS] = {1e-6, 1.3e-6, 3.3e-6, 4e-6};
  size_t all = qn_chip_memristors(&s->chip);

  for (size_t row = 0; row < SMALL_ROWS; row++)
    for (size_t k = 0; k < all; k++) {
      double got = s->trace->memristor[row * all + k];
      double want =
        node_of(&s->chip, k) ? results_value(place[k], ends[row]) : 0;

      cr_expect_float_eq(got, want, 1e-12, "%s: row %zu, memristor %zu: %g",
                         what, row, k, got);
    }
}

static void expect_found(small *s, const struct spelling *how,
                         results_format format, size_t states)
{
  struct names *n = new_names();
  size_t place[NAMES_MAX] = {0};
  qn_check_report report;
  qn_diag diag = {0};

  add_states(n, &s->chip, how, place);
  cr_expect_eq(read_names(s, n, format, &report, &diag), QN_OK, "%s: %s: %s",
               how->before, diag.place, diag.message);
  cr_expect_eq(report.states, states, "%s: %zu", how->before, report.states);
  expect_lines(s, place, how->before);
  free(n);
}

/* ---- found ---------------------------------------------------------------------------- */

Test(check_states, a_state_is_found_under_every_name_that_simulators_give_it)
{
  static const struct spelling spellings[] = {
    {"v(xchip.", ")", '.', 0},       {"V(XCHIP:", ")", ':', 1},
    {"/xchip/", "", '/', 0},         {"xtop.xchip.", "", '.', 0},
    {"VT(\"/xchip/", "\")", '/', 0}, {"", "", '.', 0},
  };

  for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
    for (int f = 0; f < RESULTS_CSV; f++) {
      small s;

      open_moving(&s);
      expect_found(&s, &spellings[i], (results_format)f, 10);
      small_close(&s);
    }
}

Test(check_states, a_csv_may_hold_them_too)
{
  small s;

  open_moving(&s);
  expect_found(&s, &ngspice, RESULTS_CSV, 10);
  small_close(&s);
}

/* one in a cell: its node is the cell's own */
Test(check_states, those_of_transconductors_are_one_in_a_cell)
{
  small s;

  open_moving(&s);
  small_make_transconductors(&s, 0.4);
  cr_assert_str_eq(
    node_of(&s.chip, qn_chip_memristor(&s.chip, QN_AT_RECURRENT, 1, QN_PLUS)),
    "xr1.x");
  expect_found(&s, &ngspice, RESULTS_TEXT, 7);
  small_close(&s);
}

Test(check_states, memristors_that_are_absent_have_none)
{
  small s;

  open_moving(&s);
  s.recurrent[1].minus_s = 0;
  expect_found(&s, &ngspice, RESULTS_BINARY, 9);
  small_close(&s);
}

/* the nearest to the top: another chip's stand deeper, before it or behind */
Test(check_states, those_of_fewest_instances_are_meant)
{
  struct spelling deeper = {"v(xboard.x2.", ")", '.', 0};

  for (int behind = 0; behind < 2; behind++) {
    struct names *n = new_names();
    size_t place[NAMES_MAX] = {0}, ignored[NAMES_MAX];
    qn_check_report report;
    small s;

    open_moving(&s);
    for (size_t k = 0; k < 4; k++) /* the leaks' */
      *qn_chip_conductance(&s.chip, k) = 0;
    add_states(n, &s.chip, behind ? &ngspice : &deeper,
               behind ? place : ignored);
    add_states(n, &s.chip, behind ? &deeper : &ngspice,
               behind ? ignored : place);
    cr_expect_eq(read_names(&s, n, RESULTS_BINARY, &report, NULL), QN_OK);
    cr_expect_eq(report.states, 6);
    expect_lines(&s, place, behind ? "behind" : "before");
    free(n);
    small_close(&s);
  }
}

/* ---- not there ------------------------------------------------------------------------ */

Test(check_states, a_file_without_states_gives_membranes_alone)
{
  struct names *n = new_names();
  qn_check_report report;
  small s;

  open_moving(&s);
  cr_expect_eq(read_names(&s, n, RESULTS_BINARY, &report, NULL), QN_OK);
  cr_expect_eq(report.states, 0);
  for (size_t i = 0; i < 10 * SMALL_ROWS; i++)
    cr_expect_eq(s.trace->memristor[i], 0);
  cr_expect_float_eq(s.trace->state[0], (results_value(1, 1e-6) - 0.6) / 0.1,
                     1e-12);
  free(n);
  small_close(&s);
}

/* steps of laws, cells and memristors that are not on the chip */
Test(check_states, other_nodes_of_the_chip_are_passed_over)
{
  static const char *const others[] = {
    "v(xchip.xr0.x1.gap)",
    "v(xchip.xr2.x1.x)",
    "v(xchip.xr0.x3.x)",
    "v(xchip.xq0.x1.x)",
    "v(xchip.xr0.x)",
    "v(xchip.xr01.x1.x)",
    "i(xchip.xr0.x1.x)",
    "v(x)",
    "v(x1.x)",
  };
  struct names *n = new_names();
  qn_check_report report;
  small s;

  open_moving(&s);
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    add_name(n, others[i]);
  cr_expect_eq(read_names(&s, n, RESULTS_BINARY, &report, NULL), QN_OK);
  cr_expect_eq(report.states, 0);
  free(n);
  small_close(&s);
}

Test(check_states, memristors_that_stand_still_have_none)
{
  struct names *n = new_names();
  size_t place[NAMES_MAX];
  qn_check_report report;
  small s;

  open_moving(&s);
  add_states(n, &s.chip, &ngspice, place);
  s.chip.technology.read_disturb = QN_OFF;
  cr_expect_eq(read_names(&s, n, RESULTS_BINARY, &report, NULL), QN_OK);
  cr_expect_eq(report.states, 0);
  free(n);
  small_close(&s);
}

/* ---- what is wrong -------------------------------------------------------------------- */

static void expect_refused(small *s, const struct names *n, const char *place,
                           const char *part)
{
  qn_check_report report;
  qn_diag diag = {0};

  cr_expect_eq(read_names(s, n, RESULTS_BINARY, &report, &diag), QN_EPARSE);
  cr_expect(diag_says(&diag, NULL, place, part));
}

Test(check_states, some_of_them_are_refused_by_the_first_that_is_missing)
{
  struct names *n = new_names();
  small s;

  open_moving(&s);
  add_state(n, "xl0.x1.x", &ngspice);
  add_state(n, "xr0.x2.x", &ngspice);
  expect_refused(&s, n, "xl0.x2.x", "and of 7 more states");
  expect_refused(&s, n, "xl0.x2.x", "every memristor's x or none");
  free(n);
  small_close(&s);
}

Test(check_states, two_that_are_as_near_are_refused)
{
  const struct spelling other = {"v(xother.", ")", '.', 0};
  struct names *n = new_names();
  size_t place[NAMES_MAX];
  small s;

  open_moving(&s);
  add_states(n, &s.chip, &ngspice, place);
  add_state(n, "xs0.x2.x", &other);
  expect_refused(&s, n, "xs0.x2.x", "xother.xs0.x2.x) may both");
  free(n);
  small_close(&s);
}
