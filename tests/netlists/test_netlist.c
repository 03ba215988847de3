/* test_netlist.c - decks as text: a small one kept as it was read and
 * understood, same bytes each time, and names from outside that do no harm. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/file.h>
#include <quench/process.h>

#include "netlists/law.h"
#include "netlists/raw.h"
#include "tests/base/scratch.h"
#include "tests/netlists/small.h"

TestSuite(netlist, .init = scratch_open, .fini = scratch_close);

static char *read_text(const char *path)
{
  char *text = NULL;
  size_t size;

  cr_assert_eq(qn_file_read(path, &text, &size, NULL), QN_OK, "%s", path);
  return text;
}

static void write_folder(const small *s, const char *folder)
{
  static const qn_spice_accuracy accuracy = {1e-4,  2e-3, 1e-13,  1e-7,
                                             1e-10, 0.05, "trap", 2};
  qn_diag diag = {0};

  cr_assert_eq(
    qn_netlist_write(&s->chip, &s->net, &s->data, 0, &accuracy, folder, &diag),
    QN_OK, "%s: %s", diag.file, diag.message);
}

static void expect_same_file(const char *path, const char *want_path)
{
  char *text = read_text(path), *want = read_text(want_path);
  size_t same = 0;

  while (text[same] && text[same] == want[same])
    same++;
  cr_expect_str_eq(text, want, "%s and %s differ from byte %zu on: %.60s", path,
                   want_path, same, text + same);
  free(text);
  free(want);
}

/* ---- text ------------------------------------------------------------------------- */

Test(netlist, a_small_chip_is_written_as_in_golden)
{
  static const char *const names[] = {"small.cir", "tb_small.cir", "README.md"};
  small s;

  small_open(&s, 2);
  small_make_sinh(&s);
  write_folder(&s, scratch_folder());
  for (int i = 0; i < 3; i++) {
    char golden[64];

    snprintf(golden, sizeof golden, "tests/netlists/golden/%s", names[i]);
    expect_same_file(scratch_path(names[i]), golden);
  }
  small_close(&s);
}

/* wires, memristors that differ, switches, the lower ones turned round */
Test(netlist, a_small_crossbar_is_written_as_in_golden)
{
  char *text;
  small s;

  small_open(&s, 2);
  small_make_sinh(&s);
  small_make_spread(&s);
  small_make_wires(&s, 2, 3);
  s.chip.technology.switch_ohm = 1e3;
  s.chip.technology.polarity_minus = -1;
  cr_assert_eq(
    qn_netlist_chip_text(&s.chip, &s.net, QN_NETLIST_CELLS, &text, NULL),
    QN_OK);
  expect_same_file(scratch_text("crossbar.cir", text),
                   "tests/netlists/golden/crossbar.cir");
  free(text);
  small_close(&s);
}

Test(netlist, the_same_chip_gives_the_same_bytes)
{
  small s;

  small_open(&s, 2);
  for (int form = 0; form < 2; form++) {
    char *a, *b;

    cr_assert_eq(
      qn_netlist_chip_text(&s.chip, &s.net, (qn_netlist_form)form, &a, NULL),
      QN_OK);
    cr_assert_eq(
      qn_netlist_chip_text(&s.chip, &s.net, (qn_netlist_form)form, &b, NULL),
      QN_OK);
    cr_expect_str_eq(a, b);
    free(a);
    free(b);
  }
  small_close(&s);
}

/* the rules of the dialect: the first line is a comment, powers are `**`,
 * logarithms ln(), no function of ours */
Test(netlist, decks_keep_to_what_ngspice_and_xyce_read_alike)
{
  small s;

  small_open(&s, 2);
  small_make_sinh(&s);
  for (int form = 0; form < 2; form++) {
    char *text;

    cr_assert_eq(
      qn_netlist_chip_text(&s.chip, NULL, (qn_netlist_form)form, &text, NULL),
      QN_OK);
    cr_expect_eq(text[0], '*');
    cr_expect(!strchr(text, '^') && !strstr(text, "log(") &&
              !strstr(text, ".func") && !strchr(text, '$') &&
              !strchr(text, '\t'));
    free(text);
  }
  small_close(&s);
}

static void expect_drive(const char *drive, const char *want)
{
  static const qn_parameter parameters[] = {
    {.name = "v0"}, {.name = "e"}, {.name = NULL}};
  const qn_device device = {.parameters = parameters, .spice_drive = drive};
  const qn_device_card card = {.device = &device, .parameter = {0.5, -2}};
  static const qn_law_word words[] = {{"v", "V(a)-V(b)"}, {NULL, NULL}};
  qn_text t;

  qn_text_init(&t);
  qn_law_add(&t, drive, &(qn_law_card){&card, NULL}, words);
  cr_expect_str_eq(t.data, want);
  qn_text_release(&t);
}

Test(netlist, a_devices_law_gets_its_voltage_and_its_numbers)
{
  expect_drive("v", "((V(a)-V(b)))");
  expect_drive("v0*sinh((v)/v0)", "((0.5)*sinh(((V(a)-V(b)))/(0.5)))");
  expect_drive("1e-3*v+2.5E+1*exp(e*vv)",
               "(1e-3*(V(a)-V(b))+2.5E+1*exp((-2)*vv))");
}

/* ---- folders ------------------------------------------------------------------------ */

Test(netlist, a_folder_runs_as_it_stands)
{
  const char *const argv[] = {"ngspice", "-b", "-n", "tb_small.cir", NULL};
  qn_diag diag = {0};
  qn_raw raw;
  small s;

  small_open(&s, 2);
  write_folder(&s, scratch_folder());
  cr_assert_eq(qn_process_run(argv, scratch_folder(), scratch_path("log"), 60,
                              NULL, &diag),
               QN_OK, "%s", diag.message);
  cr_assert_eq(qn_raw_read(&raw, scratch_path("small.raw"), &diag), QN_OK,
               "%s: %s", diag.file, diag.message);
  cr_expect_eq(raw.vectors, 3);
  qn_raw_release(&raw);
  small_close(&s);
}

/* a newline in a name would be a line of the deck: this one would end it */
Test(netlist, a_hostile_name_stays_in_a_comment)
{
  static char evil[] = "A b/../\n.end\n$;'\"{\xc3\xa9";
  const char *const argv[] = {"ngspice", "-b", "-n",
                              "tb_a_b______end________.cir", NULL};
  qn_diag diag = {0};
  small s;

  small_open(&s, 1);
  s.chip.name = s.name[0] = evil;
  write_folder(&s, scratch_folder());
  cr_expect_eq(qn_process_run(argv, scratch_folder(), scratch_path("log"), 60,
                              NULL, &diag),
               QN_OK, "%s", diag.message);
  cr_expect(qn_file_exists(scratch_path("a_b______end________.raw")));
  small_run(&s, 1e-3, QN_NETLIST_CELLS);
  small_close(&s);
}

/* a name that is a keyword of SPICE, 200 characters of Unicode and blanks, the
 * same twice: nodes are numbers, the map has the bytes */
Test(netlist, names_of_any_kind_give_nodes_and_a_map_back)
{
  static char name[] =
    ".tran 1 \xce\xbc"
    "A, \"gnd\" 0 temper pi 0123456789 0123456789 0123456789 "
    "0123456789 0123456789 0123456789 0123456789 0123456789 "
    "0123456789 0123456789 0123456789 0123456789 0123456789 "
    "0123456789 0123456789 0123456789";
  char *map, want[600];
  small s;

  cr_assert(strlen(name) >= 200);
  small_open(&s, 1);
  s.name[0] = s.chip.name = name; /* of the input and of the output too */
  small_run(&s, 1e-3, QN_NETLIST_CELLS);
  write_folder(&s, scratch_folder());
  map = read_text(scratch_path(
    "_tran_1___a___gnd__0_temper_pi_0123456789_0123456789_0123456789_"
    "0123456789_0123456789_0123456789_0123456789_0123456789_012345678.map."
    "csv"));
  snprintf(want, sizeof want,
           ".tran 1 \xce\xbc"
           "A, \"\"gnd\"\" 0%s\"\n",
           strstr(name, " temper"));
  cr_expect(strstr(map, "x0,input,,\".tran") && strstr(map, want), "%s", map);
  cr_expect(strstr(map, "n0,output,,\".tran"), "%s", map);
  free(map);
  small_close(&s);
}

Test(netlist, a_sequence_that_does_not_exist_is_refused)
{
  qn_diag diag = {0};
  small s;

  small_open(&s, 1);
  cr_expect_eq(qn_netlist_write(&s.chip, &s.net, &s.data, 1, NULL,
                                scratch_folder(), &diag),
               QN_EINVAL);
  cr_expect(strstr(diag.message, "there are 1"), "%s", diag.message);
  cr_expect_eq(scratch_files(), 0);
  small_close(&s);
}

/* ---- raw files ---------------------------------------------------------------------- */

static const char header[] = "Title: t\nFlags: real\nNo. Variables: 2\n"
                             "No. Points: 3\nVariables:\n\t0\ttime\ttime\n"
                             "\t1\tv(n0)\tvoltage\nBinary:\n";

Test(netlist, a_raw_file_is_read_point_by_point)
{
  const double values[6] = {1, 10, 2, 20, 3, 30};
  char file[sizeof header + sizeof values];
  const double *point;
  size_t at = 0;
  qn_raw raw;

  memcpy(file, header, sizeof header - 1);
  memcpy(file + sizeof header - 1, values, sizeof values);
  cr_assert_eq(
    qn_raw_read(&raw,
                scratch_bytes("a.raw", file, sizeof header - 1 + sizeof values),
                NULL),
    QN_OK);
  cr_expect(!qn_raw_at(&raw, 1.5, 0.1, &at));
  point = qn_raw_at(&raw, 2.05, 0.1, &at);
  cr_assert(point != NULL);
  cr_expect_eq(point[1], 20);
  cr_expect(!qn_raw_at(&raw, 4, 0.1, &at));
  qn_raw_release(&raw);
}

Test(netlist, a_raw_file_that_is_none_or_ends_early_is_refused)
{
  static const char *const files[] = {"", "Title: t\n", header};

  for (int i = 0; i < 3; i++) {
    qn_diag diag = {0};
    qn_raw raw;

    cr_expect_eq(qn_raw_read(&raw, scratch_text("b.raw", files[i]), &diag),
                 QN_EPARSE);
    cr_expect(diag.message[0]);
    qn_raw_release(&raw);
  }
}
