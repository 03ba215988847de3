/* test_netlist_states.c - quench netlist: states of memristors that move, and
 * what ngspice warns of. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "netlists/raw.h"
#include "tests/base/scratch.h"
#include "tests/cli/failure.h"
#include "tests/cli/program.h"
#include <quench/file.h>
#include <quench/process.h>
#include <quench/text.h>

TestSuite(netlist_states, .init = scratch_open, .fini = scratch_close,
          .timeout = 300);

static const char net[] = "tests/data/cut/sine_ltc3.safetensors";
static const char data[] = "tests/data/cut/sine_ltc3.inputs.safetensors";

/* 16 memristors that move by up to a third of their range in 8 samples */
static const char moving[] =
  "hfox_generic,memristor.read_disturb=on,scale.volts_per_unit_max=1,"
  "supply.voltage_v=6,supply.common_mode_v=3,driver.high_v=6,"
  "memristor.device=yakopcic,memristor.conductance_min_s=5e-5,"
  "memristor.conductance_max_s=8.5e-3,memristor.read_voltage_v=0.6,"
  "capacitor.max_f=1e-6";

/* ---- --verify --------------------------------------------------------------------------- */

static json_t *result_with(const char *out, const char *key)
{
  json_t *object = json_loads(out, 0, NULL), *found = NULL, *entry;
  size_t i;

  json_array_foreach(json_object_get(object, "results"), i,
                     entry) if (json_object_get(entry, key)) found =
    json_incref(entry);
  json_decref(object);
  cr_assert(found != NULL, "%s in %s", key, out);
  return found;
}

static double number(const json_t *entry, const char *key)
{
  cr_assert(json_object_get(entry, key) != NULL, "%s", key);
  return json_number_value(json_object_get(entry, key));
}

Test(netlist_states, verify_tells_the_worst_state_where_and_when)
{
  struct program p =
    program_run(NULL, "netlist", net, "-t", moving, "-o", scratch_path("deck"),
                "--verify", data, "--json", NULL);
  const char *node;
  json_t *r;

  cr_assert(eq(int, p.status, 0), "%s", p.err);
  r = result_with(p.out, "worst_memristor_state");
  cr_expect(number(r, "worst_memristor_state") > 0);
  cr_expect(number(r, "worst_memristor_state") < 1e-5);
  cr_expect(number(r, "limit_memristor_state") == 1e-3);
  cr_expect(number(r, "memristors_compared") == 16);
  cr_expect(number(r, "worst_memristor_sequence") == 0);
  cr_expect(number(r, "worst_memristor_step") < 8);
  cr_expect(number(r, "worst_memristor_time_s") > 0);
  cr_expect(number(r, "warnings") == 0);
  node = json_string_value(json_object_get(r, "worst_memristor"));
  cr_expect(node[0] == 'x' && strstr(node, ".x") != NULL, "%s", node);
  json_decref(r);
  program_release(&p);
}

/* ---- --check ---------------------------------------------------------------------------- */

/* nothing in what ngspice said of a deck as its user has it */
static void expect_no_warning(const char *log)
{
  static const char *const words[] = {"arning", "rror"};
  char *said;
  size_t size;

  cr_assert(eq(int, qn_file_read(log, &said, &size, NULL), QN_OK));
  cr_assert(strstr(said, "Transient analysis time") != NULL, "%s", said);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    cr_expect(strstr(said, words[i]) == NULL, "%s", said);
  free(said);
}

/* run the deck as its user would: the raw file of time, 3 membranes and 16
 * states */
static void run_deck(qn_raw *raw)
{
  const char *folder = scratch_path("deck");
  const char *const argv[] = {"ngspice", "-b", "-n", "tb_sine_ltc3.cir", NULL};
  struct program p = program_run(NULL, "netlist", net, "-t", moving, "-o",
                                 folder, "--data", data, NULL);
  qn_diag diag = {0};

  cr_assert(eq(int, p.status, 0), "%s", p.err);
  program_release(&p);
  cr_assert(
    eq(int, qn_process_run(argv, folder, scratch_path("log"), 60, NULL, &diag),
       QN_OK),
    "%s", diag.message);
  expect_no_warning(scratch_path("log"));
  cr_assert(
    eq(int, qn_raw_read(raw, scratch_path("deck/sine_ltc3.raw"), &diag), QN_OK),
    "%s", diag.message);
}

/* its first vectors as a CSV, the one called `spoilt` off by `error` */
static const char *csv_of(const qn_raw *raw, size_t vectors, const char *spoilt,
                          double error)
{
  const char *path;
  qn_text t;

  qn_text_init(&t);
  for (size_t i = 0; i < vectors; i++)
    qn_text_add(&t, "%s%s", i ? "," : "", raw->name[i]);
  for (size_t p = 0; p < raw->points; p++)
    for (size_t i = 0; i < vectors; i++)
      qn_text_add(&t, "%s%.17g", i ? "," : "\n",
                  raw->value[p * raw->vectors + i] +
                    (strcmp(raw->name[i], spoilt) ? 0 : error));
  qn_text_add(&t, "\n");
  path = scratch_bytes("results.csv", t.data, t.length);
  qn_text_release(&t);
  return path;
}

static struct program check(const char *file, const char *json)
{
  return program_run(NULL, "netlist", net, "-t", moving, "--check", file,
                     "--data", data, json, NULL);
}

enum { MEMBRANES_ALONE = 4, WITH_A_STATE = 5, WITH_STATES = 20 };

Test(netlist_states, a_file_with_states_has_them_compared)
{
  struct program p;
  qn_raw raw;

  run_deck(&raw);
  cr_assert(eq(sz, raw.vectors, WITH_STATES));
  p = check(csv_of(&raw, WITH_STATES, "", 0), NULL);
  cr_expect(eq(int, p.status, 0), "%s", p.err);
  cr_expect(strstr(p.out, "; states of 16 memristors: worst ") != NULL, "%s",
            p.out);
  program_release(&p);
  /* within the bound */
  p = check(csv_of(&raw, WITH_STATES, "v(xchip.xr1.x2.x)", 0.9e-3), NULL);
  cr_expect(eq(int, p.status, 0), "%s", p.err);
  cr_expect(strstr(p.out, "of the range (xr1.x2.x, sequence 0, step ") != NULL,
            "%s", p.out);
  program_release(&p);
  qn_raw_release(&raw);
}

Test(netlist_states, a_state_beyond_the_bound_is_named)
{
  struct program p;
  qn_raw raw;

  run_deck(&raw);
  p = check(csv_of(&raw, WITH_STATES, "v(xchip.xr1.x2.x)", -1.1e-3), NULL);
  cr_expect(eq(int, p.status, 3), "%d: %s", p.status, p.err);
  cr_expect(strstr(p.err, "results.csv: xr1.x2.x, sequence 0, step ") != NULL,
            "%s", p.err);
  cr_expect(strstr(p.err, "states of memristors differ from analog by 0.0011 "
                          "of their range, more than 0.001") != NULL,
            "%s", p.err);
  cr_expect(strstr(p.err, "was it the same chip") != NULL, "%s", p.err);
  program_release(&p);
  qn_raw_release(&raw);
}

Test(netlist_states, a_file_without_states_says_so)
{
  const char *file;
  struct program p;
  qn_raw raw;
  json_t *r;

  run_deck(&raw);
  file = csv_of(&raw, MEMBRANES_ALONE, "", 0);
  p = check(file, NULL);
  cr_expect(eq(int, p.status, 0), "%s", p.err);
  cr_expect(strstr(p.out, "; states of the 16 memristors that move are not in "
                          "it\n") != NULL,
            "%s", p.out);
  program_release(&p);
  p = check(file, "--json");
  r = result_with(p.out, "memristors_compared");
  cr_expect(number(r, "memristors_compared") == 0);
  cr_expect(json_object_get(r, "worst_memristor_state") == NULL);
  json_decref(r);
  program_release(&p);
  file = csv_of(&raw, WITH_A_STATE, "", 0);
  FAILS(file, "xl0.x2.x", "and of 14 more states", "netlist", net, "-t", moving,
        "--check", file, "--data", data);
  qn_raw_release(&raw);
}

/* ---- warnings --------------------------------------------------------------------------- */

static const char sine[] = "tests/data/sine_ltc8.safetensors";
static const char sine_data[] = "tests/data/sine_ltc8.reference.safetensors";

/* ngspice with a word of its own, in front of what it says */
static struct program verify_with(const char *word)
{
  struct program_setting own = {.path = scratch_path("bin")};
  char *real = qn_process_find("ngspice"), *script;
  const char *tool;
  struct program p;

  cr_assert(real != NULL);
  cr_assert(eq(int, qn_file_make_folder(own.path, NULL), QN_OK));
  script = qn_text_format("#!/bin/sh\necho '%s'\nexec %s \"$@\"\n", word, real);
  tool = scratch_text("bin/ngspice", script);
  cr_assert(eq(int, chmod(tool, 0755), 0));
  p = program_run(&own, "netlist", sine, "-o", scratch_path("deck"), "--verify",
                  sine_data, NULL);
  free(script);
  free(real);
  return p;
}

Test(netlist_states, a_warning_of_ngspice_is_a_failure_in_its_own_words)
{
  static const char *const words[] = {"Warning: vx0: has no value",
                                      "warning, can not find it",
                                      "Error: measure n0_end: out of interval"};

  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    struct program p = verify_with(words[i]);

    cr_expect(eq(int, p.status, 1), "%d: %s", p.status, p.err);
    cr_expect(is_one_sentence(p.err, "quench: ngspice: it ran, and warned: '",
                              words[i]));
    cr_expect(strstr(p.err, scratch_path("deck")) != NULL, "%s", p.err);
    cr_expect(strstr(p.out, "against analog: worst ") != NULL, "%s", p.out);
    program_release(&p);
  }
}

/* what it says of every deck, and of one that is called so */
Test(netlist_states, notes_and_names_are_no_warnings)
{
  static const char *const words[] = {"Note: No compatibility mode selected!",
                                      "Circuit: * warning_of_error"};

  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    struct program p = verify_with(words[i]);

    cr_expect(eq(int, p.status, 0), "%d: %s", p.status, p.err);
    program_release(&p);
  }
}
