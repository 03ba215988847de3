/* test_json.c - the fields that programs read (DESIGN section 5), and compare's
 * rows. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/cli/program.h"

TestSuite(compare, .init = scratch_open, .fini = scratch_close, .timeout = 300);
TestSuite(json, .init = scratch_open, .fini = scratch_close, .timeout = 300);

static const char sine[] = "tests/data/sine_ltc8.safetensors";
static const char sine_data[] = "tests/data/sine_ltc8.reference.safetensors";

static const char *type_name(const json_t *v)
{
  static const char *const names[] = {"object", "array", "string", "integer",
                                      "real",   "true",  "false",  "null"};

  return names[json_typeof(v)];
}

/* the value at "results[0].rmse", or NULL */
static const json_t *at(const json_t *v, const char *path)
{
  while (v && *path) {
    size_t n = strcspn(path, ".[");
    char key[64];

    if (*path == '[') {
      v = json_array_get(v, strtoul(path + 1, NULL, 10));
      n = strcspn(path, "]") + 1;
    } else {
      snprintf(key, sizeof key, "%.*s", (int)n, path);
      v = json_object_get(v, key);
    }
    path += n + (path[n] == '.');
  }
  return v;
}

/* a line "path type" each: fields may be added, but none may go, be renamed or
 * change its type, for programs read them */
static void expect_fields(const char *text, const char *const *golden)
{
  json_t *object = json_loads(text, 0, NULL);

  cr_assert(eq(int, json_is_object(object), 1), "not one JSON object: %s",
            text);
  for (; *golden; golden++) {
    char path[96], type[16];
    const json_t *v;

    cr_assert(eq(int, sscanf(*golden, "%95s %15s", path, type), 2));
    v = at(object, path);
    cr_expect(v != NULL, "no field %s", path);
    if (v)
      cr_expect(eq(str, (char *)type_name(v), type), "%s", path);
  }
  json_decref(object);
}

static const char *const of_every_run[] = {
  "quench string",
  "command string",
  "network object",
  "network.file string",
  "network.sha256 string",
  "results array",
  "results[0].realisation string",
  "results[0].sequences integer",
  "results[0].steps integer",
  "results[0].wall_s real",
  "results[0].rmse real",
  "results[0].from_file real",
  "diagnostics array",
  NULL,
};

Test(json, of_run_keeps_its_fields)
{
  static const struct {
    const char *on;
    const char *golden[8];
  } rows[] = {
    {"reference", {"results[0].unfolds real"}},
    {"ode",
     {"results[0].tolerance real", "results[0].solver_steps_per_step real"}},
    {"analog",
     {"results[0].tolerance real", "results[0].solver_steps_per_step real",
      "results[0].energy_per_step_j real", "results[0].area_m2 real",
      "results[0].clipped_elements real", "results[0].clipped_inputs real"}},
    {"fixed",
     {"results[0].bits real", "results[0].cycles_per_step real",
      "results[0].clipped_inputs real"}},
  };

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct program p = program_run(NULL, "run", sine, sine_data, "--on",
                                   rows[i].on, "--json", NULL);

    cr_expect(eq(int, p.status, 0), "%s: %s", rows[i].on, p.err);
    cr_expect(eq(str, p.err, ""));
    expect_fields(p.out, of_every_run);
    expect_fields(p.out, rows[i].golden);
    program_release(&p);
  }
}

Test(json, of_run_has_no_field_that_is_not_pinned)
{
  struct program p = program_run(NULL, "run", sine, sine_data, "--json", NULL);
  json_t *object = json_loads(p.out, 0, NULL);

  cr_expect(eq(sz, json_object_size(object), 5), "pin what was added");
  cr_expect(eq(sz, json_object_size(at(object, "network")), 2));
  cr_expect(eq(sz, json_object_size(at(object, "results[0]")), 7));
  json_decref(object);
  program_release(&p);
}

/* sha256sum is coreutils' own */
Test(json, names_the_network_by_its_sha256)
{
  struct program p = program_run(NULL, "info", sine, "--json", NULL);
  json_t *object = json_loads(p.out, 0, NULL);
  char command[128], want[65] = "";
  FILE *sum;

  snprintf(command, sizeof command, "sha256sum %s", sine);
  sum = popen(command, "r");
  cr_assert(sum && fscanf(sum, "%64s", want) == 1);
  pclose(sum);
  cr_expect(
    eq(str, (char *)json_string_value(at(object, "network.sha256")), want));
  cr_expect(eq(str, (char *)json_string_value(at(object, "network.file")),
               (char *)sine));
  json_decref(object);
  program_release(&p);
}

Test(json, of_every_quick_command_is_one_object)
{
  static const char *const rows[][5] = {
    {"info", sine, "--json"},
    {"map", sine, "--json"},
    {"map", sine, "--json", "--technology=sky130_reram"},
    {"list", "--json"},
    {"show", "ideal", "--json"},
    {"show", "sky130_reram", "--json"},
  };

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct program p = program_run_list(NULL, rows[i]);
    json_t *object = json_loads(p.out, JSON_REJECT_DUPLICATES, NULL);

    cr_expect(eq(int, p.status, 0), "%s", rows[i][0]);
    cr_assert(eq(int, json_is_object(object), 1), "%s", rows[i][0]);
    cr_expect(eq(str, (char *)json_string_value(at(object, "command")),
                 (char *)rows[i][0]));
    cr_expect(gt(sz, json_array_size(at(object, "results")), 0));
    cr_expect(eq(ptr, (void *)(size_t)at(object, "error"), NULL));
    json_decref(object);
    program_release(&p);
  }
}

/* ---- compare ------------------------------------------------------------------------------ */

static const struct program_setting no_tools = {.path = ""};

Test(compare, skips_what_cannot_run_says_why_and_exits_0)
{
  struct program p =
    program_run(&no_tools, "compare", sine, sine_data, "--json", NULL);
  json_t *object = json_loads(p.out, 0, NULL), *row;
  size_t i, ran = 0, skipped = 0;

  cr_expect(eq(int, p.status, 0), "%s", p.err);
  json_array_foreach(json_object_get(object, "results"), i, row)
  {
    const char *name = json_string_value(json_object_get(row, "realisation"));
    const char *why = json_string_value(json_object_get(row, "skipped"));
    const char *tool = !strcmp(name, "spice")   ? "ngspice"
                       : !strcmp(name, "rtl")   ? "verilator"
                       : !strcmp(name, "gates") ? "yosys"
                                                : NULL;

    cr_expect(eq(int, why != NULL, tool != NULL), "%s", name);
    if (why && tool) {
      cr_expect(strstr(why, tool) && strstr(why, "apt-get install"), "%s", why);
      skipped++;
    } else {
      cr_expect(eq(int, json_is_number(json_object_get(row, "rmse")), 1), "%s",
                name);
      cr_expect(
        eq(int, json_is_object(json_object_get(row, "from_reference")), 1));
      ran++;
    }
  }
  cr_expect(eq(sz, ran, 5), "reference, ode, fixed, analog on two");
  cr_expect(eq(sz, skipped, 4), "rtl, gates, spice on two");
  json_decref(object);
  program_release(&p);
}

Test(compare, prints_a_row_each_and_the_solver_gap)
{
  struct program p =
    program_run(&no_tools, "compare", sine, sine_data, "-t", "ideal", NULL);

  cr_expect(eq(int, p.status, 0), "%s", p.err);
  cr_expect(strstr(p.out, "\nreference ") != NULL, "%s", p.out);
  cr_expect(strstr(p.out, "\nanalog ideal ") != NULL, "%s", p.out);
  cr_expect(strstr(p.out, "\nspice ideal ") != NULL, "%s", p.out);
  cr_expect(strstr(p.out, "skipped: ngspice") != NULL, "%s", p.out);
  cr_expect(strstr(p.out, "rmse 0.0387 -> 0.1") != NULL, "%s", p.out);
  cr_expect(eq(ptr, strstr(p.out, "sky130"), NULL));
  program_release(&p);
}

/* analog must equal ode where the technology has no faults, and only there */
Test(compare, holds_analog_to_ode_on_ideal_alone)
{
  struct program p =
    program_run(&no_tools, "compare", sine, sine_data, "--json", NULL);
  json_t *object = json_loads(p.out, 0, NULL), *row;
  size_t i, held = 0, shown = 0;

  json_array_foreach(json_object_get(object, "results"), i, row)
  {
    const json_t *twin = json_object_get(row, "twin");
    const json_t *holds = json_object_get(row, "twin_holds");

    if (!twin)
      continue;
    cr_expect(eq(str, (char *)json_string_value(twin), "ode"));
    held += json_is_true(holds);
    shown += !holds && json_is_object(json_object_get(row, "from_twin"));
  }
  cr_expect(eq(sz, held, 1), "ideal");
  cr_expect(eq(sz, shown, 1), "sky130_reram");
  json_decref(object);
  program_release(&p);
}
