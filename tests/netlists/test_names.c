/* test_names.c - names from a network in a deck: any will do, none is lost. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <quench/file.h>
#include <quench/netlist.h>
#include <quench/process.h>

#include "tests/base/scratch.h"
#include "tests/sim/noise_chip.h"

TestSuite(names, .init = scratch_open, .fini = scratch_close);

/* 200 characters, blanks at both ends */
#define FORTY " 0123456789,0123456789;0123456789'012345"
static char longest[] = FORTY FORTY FORTY FORTY FORTY;

/* of six neurons, and of the input: one twice, one that differs by its case */
static char *hostile[] = {".tran 1n 1u uic",
                          "two words",
                          "two words",
                          longest,
                          "\xce\xbc"
                          "A \xe6\x97\xa5\xe6\x9c\xac $x \"gnd\" 0 temper}",
                          "Two Words"};

static void open_deck(noise_chip *c)
{
  noise_chip_open(c, NOISE_CHIP_UNITS);
  c->chip.technology.thermal_noise = QN_ON;
  noise_chip_connect(c, 1, 2, 1e-6, 2e-6, (qn_gate){2, 0.6});
  c->chip.output_names = hostile;
  c->chip.input_names = hostile + 4;
  c->chip.name = "any";
}

/* RFC 4180: the fields of the line at *at, which moves behind it; 0 at the end */
static int next_line(const char **at, char field[4][256])
{
  for (int k = 0; k < 4; k++) {
    size_t n = 0;
    int quoted = **at == '"';

    if (!**at)
      return 0;
    *at += quoted;
    while (quoted ? **at != '"' || (*at)[1] == '"'
                  : **at != ',' && **at != '\n') {
      *at += quoted && **at == '"';
      cr_assert(n < 255 && **at);
      field[k][n++] = *(*at)++;
    }
    field[k][n] = 0;
    *at += quoted;
    cr_assert_eq(**at, k == 3 ? '\n' : ',', "%.20s", *at);
    ++*at;
  }
  return 1;
}

Test(names, the_map_gives_every_name_back_byte_for_byte)
{
  char field[4][256], *map;
  const char *at;
  size_t size, j = 0;
  noise_chip c;

  cr_assert_eq(strlen(longest), 200);
  open_deck(&c);
  cr_assert_eq(
    qn_netlist_write(&c.chip, &c.net, &c.data, 0, NULL, scratch_folder(), NULL),
    QN_OK);
  cr_assert_eq(qn_file_read(scratch_path("any.map.csv"), &map, &size, NULL),
               QN_OK);
  at = map;
  cr_assert(next_line(&at, field) && !strcmp(field[3], "name"));
  cr_assert(next_line(&at, field));
  cr_expect_str_eq(field[0], "x0");
  cr_expect_str_eq(field[3], hostile[4]);
  for (; next_line(&at, field); j++) {
    char node[] = {'n', (char)('0' + j), 0};

    cr_assert(j < NOISE_CHIP_UNITS);
    cr_expect_str_eq(field[0], node);
    cr_expect_str_eq(field[3], hostile[j]);
  }
  cr_expect_eq(j, NOISE_CHIP_UNITS);
  free(map);
}

/* what ngspice says of a deck, in lower case */
static char *run(const char *deck)
{
  const char *const argv[] = {"ngspice", "-b", "-n", deck, NULL};
  qn_diag diag = {0};
  size_t size;
  char *log;

  cr_assert_eq(qn_process_run(argv, scratch_folder(), scratch_path("log"), 60,
                              NULL, &diag),
               QN_OK, "%s", diag.message);
  cr_assert_eq(qn_file_read(scratch_path("log"), &log, &size, NULL), QN_OK);
  for (char *c = log; *c; c++)
    *c = (char)tolower((unsigned char)*c);
  return log;
}

Test(names, ngspice_runs_them_without_a_warning)
{
  static const char *const decks[] = {"tb_any.cir", "tb_any_noise.cir"};
  noise_chip c;

  open_deck(&c);
  cr_assert_eq(
    qn_netlist_write(&c.chip, &c.net, &c.data, 0, NULL, scratch_folder(), NULL),
    QN_OK);
  for (int i = 0; i < 2; i++) {
    char *log = run(decks[i]);

    cr_expect(!strstr(log, "warn") && !strstr(log, "error"), "%s", log);
    free(log);
  }
  cr_expect(qn_file_exists(scratch_path("any.raw")));
  cr_expect(qn_file_exists(scratch_path("any_noise.raw")));
}
