/* test_technology.c - technologies are read through one schema; what does not
 * fit it is refused with its line. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/base/scratch.h"
#include <quench/catalogue.h>

TestSuite(technology, .init = scratch_open, .fini = scratch_close);

static qn_technology parse_ok(const char *text)
{
  qn_technology t;
  qn_diag d;

  cr_assert(
    eq(int,
       qn_technology_parse(&t, text, strlen(text), "t.yaml", qn_devices, &d),
       QN_OK),
    "%s: %s", d.place, d.message);
  return t;
}

static void expect_refused(const char *text, const char *place,
                           const char *part)
{
  qn_technology t;
  qn_diag d;

  cr_expect(
    eq(int,
       qn_technology_parse(&t, text, strlen(text), "t.yaml", qn_devices, &d),
       QN_EPARSE),
    "%s", text);
  cr_expect(diag_says(&d, "t.yaml", place, part));
}

/* ---- built in ------------------------------------------------------------------------ */

Test(technology, every_built_in_one_opens_under_its_own_name)
{
  char name[64];
  size_t n = 0;

  for (; qn_technology_name(n, name); n++) {
    qn_technology t;
    qn_diag d;

    cr_assert(eq(int, qn_technology_open(&t, name, &d), QN_OK), "%s: %s: %s",
              d.file, d.place, d.message);
    cr_expect(eq(str, t.name, name));
    cr_expect(ne(chr, t.title[0], '\0'));
  }
  cr_expect(ge(sz, n, 2));
  cr_expect(eq(ptr, (void *)qn_technology_name(n + 5, name), NULL));
}

/* the numbers of the file, read by eye */
Test(technology, sky130_reram_has_the_values_of_its_card)
{
  qn_technology t;

  cr_assert(eq(int, qn_technology_open(&t, "sky130_reram", NULL), QN_OK));
  cr_expect(eq(str, (char *)t.memristor.device->name, "sky130_reram"));
  cr_expect(eq(dbl, t.memristor.parameter[0], 0.43));
  cr_expect(eq(dbl, t.conductance_min_s, 0.3e-6));
  cr_expect(eq(dbl, t.conductance_max_s, 99e-6));
  cr_expect(eq(dbl, t.supply_v, 1.8));
  cr_expect(eq(dbl, t.driver_low_v, 0));
  cr_expect(eq(dbl, t.temperature_k, 300));
}

Test(technology, every_limit_of_ideal_is_off)
{
  qn_technology t;

  cr_assert(eq(int, qn_technology_open(&t, "ideal", NULL), QN_OK));
  cr_expect(eq(dbl, t.conductance_min_s, 0));
  cr_expect(eq(dbl, t.levels, 0));
  cr_expect(isinf(t.read_voltage_v) && isinf(t.supply_v));
  cr_expect(isinf(t.driver_low_v) && t.driver_low_v < 0);
  cr_expect(isinf(t.driver_high_v) && isinf(t.gain_max));
}

Test(technology, an_unknown_name_lists_those_there_are)
{
  qn_technology t;
  qn_diag d;

  cr_expect(ne(int, qn_technology_open(&t, "unobtainium", &d), QN_OK));
  cr_expect(diag_says(&d, "unobtainium", "", "no such technology"));
  cr_expect(diag_says(&d, NULL, NULL, " ideal"));
  cr_expect(diag_says(&d, NULL, NULL, " sky130_reram"));
  cr_expect(ne(int, qn_technology_open(&t, "", &d), QN_OK));
  cr_expect(
    ne(int, qn_technology_open(&t, "../technologies/ideal", &d), QN_OK));
}

/* a segment to ground: none, or up to a nanofarad; of a crossbar alone */
Test(technology, wires_have_capacitance_within_its_range)
{
  static const char *const keys[] = {"rail_f", "membrane_f"};

  for (int k = 0; k < 2; k++) {
    static const char *const wrong[] = {"-1e-18", "1.1e-9", "some"};
    char text[120], place[40];

    snprintf(text, sizeof text, "name: a\nwire: {%s: 2e-16}\n", keys[k]);
    cr_expect(
      eq(dbl, k ? parse_ok(text).membrane_f : parse_ok(text).rail_f, 2e-16));
    snprintf(place, sizeof place, "line 2, 'wire.%s'", keys[k]);
    for (int i = 0; i < 3; i++) {
      snprintf(text, sizeof text, "name: a\nwire: {%s: %s}\n", keys[k],
               wrong[i]);
      expect_refused(text, place, "[F]");
    }
    snprintf(text, sizeof text,
             "name: a\nsynapse: {cell: steered}\nwire: {%s: 1e-16}\n", keys[k]);
    expect_refused(text, "", "only 'direct' cells stand in a crossbar");
  }
  cr_expect(eq(dbl, parse_ok("name: a\n").rail_f, 0));
  cr_expect(eq(dbl, parse_ok("name: a\n").membrane_f, 0));
}

/* ---- files -------------------------------------------------------------------------- */

Test(technology, a_file_is_opened_by_its_yaml_name)
{
  const char *path =
    scratch_text("mine.yaml", "name: mine\nmemristor:\n  levels: 16\n");
  qn_technology t;

  cr_assert(eq(int, qn_technology_open(&t, path, NULL), QN_OK));
  cr_expect(eq(str, t.name, "mine"));
  cr_expect(eq(dbl, t.levels, 16));
}

Test(technology, a_missing_or_wrong_file_is_refused)
{
  const char *missing = scratch_path("none.yaml");
  const char *wrong = scratch_text("wrong.yaml", "name: x\ngate: {gain: 1}\n");
  qn_technology t;
  qn_diag d;

  cr_expect(eq(int, qn_technology_open(&t, missing, &d), QN_EIO));
  cr_expect(diag_says(&d, missing, "", "No such file"));
  cr_expect(eq(int, qn_technology_open(&t, wrong, &d), QN_EPARSE));
  cr_expect(diag_says(&d, wrong, "line 2, 'gate.gain'", "unknown key"));
}

/* ---- values ------------------------------------------------------------------------- */

Test(technology, a_name_alone_takes_every_default_of_the_table)
{
  qn_technology t = parse_ok("name: bare\n");

  for (const qn_technology_field *f = qn_technology_fields; f->path; f++)
    cr_expect(eq(dbl, *(double *)((char *)&t + f->offset), f->value), "%s",
              f->path);
  cr_expect(eq(ptr, (void *)t.memristor.device, (void *)qn_devices[0]));
}

/* a field written at either end of its range is taken as it stands */
Test(technology, every_field_of_the_table_is_read_and_has_its_default_in_range)
{
  for (const qn_technology_field *f = qn_technology_fields; f->path; f++) {
    size_t section = strcspn(f->path, ".");
    double want = isfinite(f->low) ? f->low : isfinite(f->high) ? f->high : 0;
    char text[160], number[32];
    qn_technology t;
    qn_diag d;

    cr_expect(f->low <= f->value && f->value <= f->high, "%s", f->path);
    if (!strcmp(f->path, "memristor.conductance_max_s"))
      want = 1;
    if (!strcmp(f->path, "capacitor.max_f"))
      want = 1;
    snprintf(number, sizeof number, "%.17g", want);
    snprintf(text, sizeof text, "name: x\n%.*s:\n  %s: %s\n", (int)section,
             f->path, f->path + section + 1, number);
    qn_technology_parse(&t, text, strlen(text), "t.yaml", qn_devices, &d);
    cr_expect(eq(dbl, *(double *)((char *)&t + f->offset), want), "%s",
              f->path);
  }
}

Test(technology, infinity_is_written_as_yaml_writes_it)
{
  qn_technology t = parse_ok("name: x\n"
                             "supply: {voltage_v: .inf}\n"
                             "driver: {low_v: -.inf, high_v: +.inf}\n");

  cr_expect(eq(dbl, t.supply_v, HUGE_VAL));
  cr_expect(eq(dbl, t.driver_low_v, -HUGE_VAL));
  cr_expect(eq(dbl, t.driver_high_v, HUGE_VAL));
  expect_refused("name: x\nsupply: {voltage_v: inf}\n",
                 "line 2, 'supply.voltage_v'", "expected a number [V]");
  expect_refused("name: x\ntemperature: {run_k: .inf}\n",
                 "line 2, 'temperature.run_k'", "inf is out of range");
  expect_refused("name: x\ntemperature: {run_k: .nan}\n",
                 "line 2, 'temperature.run_k'", "expected a number [K]");
}

/* YAML mappings have no order */
Test(technology, parameters_belong_to_the_device_wherever_it_stands)
{
  qn_technology before = parse_ok("name: x\n"
                                  "memristor:\n"
                                  "  parameters: {v0: 0.5}\n"
                                  "  device: sky130_reram\n");
  qn_technology after = parse_ok("name: x\n"
                                 "memristor:\n"
                                 "  device: sky130_reram\n"
                                 "  parameters: {v0: 0.5}\n");

  cr_expect(eq(dbl, before.memristor.parameter[0], 0.5));
  cr_expect(eq(dbl, after.memristor.parameter[0], 0.5));
  cr_expect(eq(str, (char *)before.memristor.device->name, "sky130_reram"));
}

/* k 300 K / q in volts, CODATA 2018 to 10 digits */
Test(technology, thermal_voltage_is_kt_over_q_down_to_its_floor)
{
  qn_technology t =
    parse_ok("name: x\ngate: {thermal_voltage_floor_v: 0.01}\n");

  cr_expect(epsilon_eq(dbl, qn_technology_thermal_voltage(&t, 300),
                       0.02585199979, 1e-11));
  cr_expect(eq(dbl, qn_technology_thermal_voltage(&t, 77), 0.01));
}

/* ---- refused ------------------------------------------------------------------------ */

Test(technology, what_does_not_fit_the_schema_is_refused_with_its_line)
{
  static const struct {
    const char *text, *place, *part;
  } rows[] = {
    {"name: x\nmemristor:\n  conductance_mix_s: 1\n",
     "line 3, 'memristor.conductance_mix_s'",
     "nearest known one is 'memristor.conductance_min_s'"},
    {"name: x\n\n# note\ngates:\n  gain_max: 1\n", "line 5, 'gates.gain_max'",
     "nearest known one is 'gate.gain_max'"},
    {"nmae: x\n", "line 1, 'nmae'", "nearest known one is 'name'"},
    {"name: x\na: {b: {c: {d: {e: {f: 1}}}}}\n", NULL, "unknown key"},
    {"name: x\ntemperature: {run_k: -5}\n", "line 2, 'temperature.run_k'",
     "-5 is out of range, expected 1 to 1000 [K]"},
    {"name: x\nscale:\n  rise_fraction: 0.6\n", "line 3, 'scale.rise_fraction'",
     "0.6 is out of range, expected 0 to 0.5"},
    {"name: x\ngate:\n  slope_factor: steep\n", "line 3, 'gate.slope_factor'",
     "expected a number [1]"},
    {"name: x\ngate:\n  slope_factor: 0.7 V\n", "line 3, 'gate.slope_factor'",
     "expected a number [1]"},
    {"name: x\ngate:\n  slope_factor:\n", "line 3, 'gate.slope_factor'",
     "expected a number [1]"},
    {"name: x\ngate:\n  slope_factor: [0.7]\n", "line 3, 'gate.slope_factor'",
     "expected a number [1]"},
    {"name: x\nmemristor:\n  device: flux_capacitor\n",
     "line 3, 'memristor.device'", "expected one of: ohmic sky130_reram"},
    {"name: x\nmemristor:\n  device: [ohmic]\n", "line 3, 'memristor.device'",
     "expected one of: ohmic"},
    {"name: x\nmemristor:\n  parameters: {v9: 1}\n",
     "line 3, 'memristor.parameters.v9'", "no such parameter"},
    {"name: x\nmemristor:\n  device: sky130_reram\n  parameters: {v0: 0}\n",
     "line 4, 'memristor.parameters.v0'", "0 is out of range"},
    {"name:\n", "line 1, 'name'", "expected a short text"},
    {"name: [x]\n", "line 1, 'name'", "expected a short text"},
    {"name: x\ntitle: {a: b}\n", NULL, "unknown key"},
    {"name: x\ntitle: \"two\\nlines\"\n", "line 2, 'title'", "one line"},
    {"name: x\ngate: {gain_max: 1}\nname: y\n", "line 3, 'name'", "twice"},
    {"name: x\ngate: {gain_max: 1, gain_max: 2}\n", "line 2, 'gate.gain_max'",
     "twice"},
  };

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    expect_refused(rows[i].text, rows[i].place, rows[i].part);
}

Test(technology, limits_that_contradict_each_other_are_refused)
{
  static const struct {
    const char *text, *part;
  } rows[] = {
    {"title: no name\n", "'name' is missing"},
    {"name: x\nmemristor: {conductance_min_s: 1e-4, "
     "conductance_max_s: 1e-5}\n",
     "conductance_min_s is not below"},
    {"name: x\nmemristor: {conductance_min_s: 1e-4, "
     "conductance_max_s: 1e-4}\n",
     "conductance_min_s is not below"},
    {"name: x\nmemristor: {levels: 1}\n", "at least 2"},
    {"name: x\nmemristor: {levels: 2.5}\n", "whole number"},
    {"name: x\ncapacitor: {min_f: 1e-9, max_f: 1e-12}\n",
     "capacitor.min_f is above"},
    {"name: x\ngate: {gain_min: 10, gain_max: 1}\n", "gain_min is above"},
    {"name: x\ndriver: {low_v: 2, high_v: 1}\n", "low_v is not below"},
    {"name: x\nsupply: {voltage_v: 1, common_mode_v: 1.5}\n",
     "not between 0 and"},
    {"name: x\nsupply: {voltage_v: 1}\n", "not between 0 and"},
  };

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    expect_refused(rows[i].text, "", rows[i].part);
}

Test(technology, text_that_is_not_yaml_is_refused_with_its_line)
{
  expect_refused("name: x\nmemristor: {levels: 2\nsupply: 1\n", NULL,
                 "not YAML");
  expect_refused("name: x\n\tgate: 1\n", "line 2", "not YAML");
  expect_refused("name: *nobody\n", "line 1", "not YAML");
  expect_refused("", "", "expected a YAML mapping");
  expect_refused("- name\n- x\n", "", "expected a YAML mapping");
  expect_refused("just text\n", "", "expected a YAML mapping");
}

Test(technology, a_mapping_that_holds_itself_is_refused)
{
  expect_refused("name: x\nmemristor: &m\n  gate: *m\n", NULL, "unknown key");
}

Test(technology, a_temperature_outside_the_memristors_is_refused)
{
  qn_technology t;
  qn_diag d;
  const char *path = scratch_text("cold.yaml", "name: cold\n"
                                               "memristor:\n"
                                               "  device: sky130_reram\n"
                                               "temperature:\n"
                                               "  run_k: 4\n");

  cr_expect(eq(int, qn_technology_open(&t, path, &d), QN_EPARSE));
  cr_expect(diag_says(&d, path, "temperature.run_k",
                      "4 K is outside the model's valid range, 233 to 398 K; "
                      "--extrapolate"));
}

Test(technology, the_example_of_a_users_own_is_a_good_one)
{
  qn_technology t;
  qn_diag d = {.message = ""};

  cr_assert(
    eq(int, qn_technology_open(&t, "examples/my_process.yaml", &d), QN_OK),
    "%s: %s", d.place, d.message);
  cr_expect(eq(str, t.name, "my_process"));
  cr_expect(eq(dbl, t.programming_s[1], 2e-6));
  cr_expect(eq(dbl, t.memristor.parameter[2], 0.3)); /* v0 */
}
