/* test_technology_override.c - fields behind a technology's name. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

#include <quench/catalogue.h>

Test(technology, fields_behind_a_name_stand_over_the_file)
{
  qn_technology t, plain;

  cr_assert(eq(int, qn_technology_open(&plain, "sky130_reram", NULL), QN_OK));
  cr_assert(eq(int,
               qn_technology_open(&t,
                                  "sky130_reram,memristor.levels=8,"
                                  "scale.prefer=power,synapse.cell=steered,"
                                  "memristor.parameters.v0=0.5,"
                                  "memristor.spread.v0=0.1,"
                                  "gate.gain_max=.inf,memristor.levels=16",
                                  NULL),
               QN_OK));
  cr_expect(eq(dbl, t.levels, 16)); /* the last of two */
  cr_expect(eq(dbl, t.prefer, QN_PREFER_POWER));
  cr_expect(eq(dbl, t.cell, QN_CELL_STEERED));
  cr_expect(eq(dbl, t.memristor.parameter[0], 0.5));
  cr_expect(eq(dbl, t.spread[0], 0.1));
  cr_expect(isinf(t.gain_max));
  t.levels = plain.levels, t.prefer = plain.prefer, t.cell = plain.cell;
  t.memristor.parameter[0] = plain.memristor.parameter[0];
  t.spread[0] = 0, t.gain_max = plain.gain_max;
  cr_expect(eq(int, memcmp(&t, &plain, sizeof t), 0)); /* and nothing else */
}

Test(technology, a_device_behind_a_name_takes_its_own_defaults)
{
  qn_technology t;

  cr_assert(
    eq(int, qn_technology_open(&t, "sky130_reram,memristor.device=ohmic", NULL),
       QN_OK));
  cr_expect(eq(str, (char *)t.memristor.device->name, "ohmic"));
  cr_expect(eq(dbl, t.memristor.parameter[0], 1e-4));
}

Test(technology, fields_behind_a_name_are_refused_as_in_a_file)
{
  static const struct {
    const char *name, *part;
  } rows[] = {
    {"ideal,memristor.level=8", "nearest known one is 'memristor.levels'"},
    {"ideal,levels=8", "nearest known one is"},
    {"ideal,memristor.levels", "'memristor.levels': expected KEY=VALUE"},
    {"ideal,memristor.levels=", "expected KEY=VALUE"},
    {"ideal,=8", "'=8': expected KEY=VALUE"},
    {"ideal,,memristor.levels=8", "expected KEY=VALUE"},
    {"ideal,memristor.levels=many", "expected a number"},
    {"ideal,memristor.levels=-2", "-2 is out of range, expected 0 to 65536"},
    {"ideal,memristor.levels=1", "whole number of at least 2"},
    {"ideal,scale.prefer=speed", "expected one of: accuracy area power"},
    {"ideal,synapse.cell=", "expected KEY=VALUE"},
    {"ideal,synapse.cell=diode",
     "expected one of: direct steered transconductor"},
    {"ideal,memristor.read_disturb=yes", "expected one of: off on"},
    {"ideal,memristor.polarity_plus=0.5", "expected 1 or -1"},
    {"ideal,memristor.spread.v0=0.1", "no such parameter"},
    {"sky130_reram,memristor.spread.v9=0.1", "no such parameter"},
    {"sky130_reram,memristor.spread.v0=2", "out of range, expected 0 to 1"},
    {"sky130_reram,temperature.run_k=4", "--extrapolate"},
    {"ideal,synapse.compliance_low_v=0.1", "is not between"},
    {"ideal,gate: {gain_max=1", "not YAML"},
  };

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    qn_technology t;
    qn_diag d = {.message = ""};

    cr_expect(ne(int, qn_technology_open(&t, rows[i].name, &d), QN_OK), "%s",
              rows[i].name);
    cr_expect(strstr(d.message, rows[i].part) != NULL, "%s: %s", rows[i].name,
              d.message);
    cr_expect(eq(chr, strchr(d.message, '\n') != NULL, 0));
  }
}

Test(technology, outside_of_its_range_a_device_runs_where_it_says_so)
{
  qn_technology t;

  cr_expect(eq(int,
               qn_technology_open(&t,
                                  "sky130_reram,temperature.run_k=4,"
                                  "memristor.extrapolate=on",
                                  NULL),
               QN_OK));
}
