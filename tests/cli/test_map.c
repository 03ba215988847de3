/* test_map.c - `quench map`: cost by kinds, preferences, budgets, what clips
 * cost; and the cells that `list` and `show` know. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/cli/program.h"
#include <quench/cell.h>

TestSuite(map, .init = scratch_open, .fini = scratch_close, .timeout = 300);

static const char sine[] = "tests/data/sine_ltc8.safetensors";
static const char sine_data[] = "tests/data/sine_ltc8.reference.safetensors";

static json_t *document(struct program *p)
{
  json_t *all;

  cr_assert(eq(int, p->status, 0), "%s", p->err);
  all = json_loads(p->out, 0, NULL);
  cr_assert(all != NULL);
  program_release(p);
  return all;
}

static const json_t *result(const json_t *all, size_t i)
{
  return json_array_get(json_object_get(all, "results"), i);
}

static double number(const json_t *object, const char *key)
{
  const json_t *v = json_object_get(object, key);

  cr_assert(v != NULL, "no number %s", key);
  return json_number_value(v);
}

/* ---- cost ------------------------------------------------------------------------ */

Test(map, kinds_of_cells_add_up_to_the_chip)
{
  static const char *const sums[] = {"area_m2", "memristor_power_w",
                                     "bias_power_w",
                                     "switching_energy_per_step_j", NULL};
  struct program p = program_run(NULL, "map", sine, "--json", "-t",
                                 "sky130_reram,synapse.period_fraction=0.01,"
                                 "synapse.switch_f=1e-15",
                                 NULL);
  json_t *all = document(&p);
  const json_t *map = result(all, 0), *kind;
  const json_t *kinds = json_object_get(map, "kinds");
  size_t i;

  cr_assert(eq(sz, json_array_size(kinds), 8));
  for (const char *const *key = sums; *key; key++) {
    double sum = 0;

    json_array_foreach(kinds, i, kind) sum += number(kind, *key);
    cr_expect(epsilon_eq(dbl, sum, number(map, *key), 1e-12 * sum), "%s", *key);
  }
  /* 17 synapses, 1 fF at 1.8 V, 100 times a sample */
  cr_expect(epsilon_eq(dbl, number(map, "switching_energy_per_step_j"),
                       17 * 1e-15 * 3.24 * 100, 1e-24));
  cr_expect(gt(dbl, number(map, "ripple"), 0));
  json_decref(all);
}

/* what cells switch is part of what a run reports */
/* by hand from the printed volts and capacitors; none where noise is off */
Test(map, thermal_noise_is_kt_over_c_of_the_smallest_capacitor)
{
  struct program p = program_run(NULL, "map", sine, "--json", "-t",
                                 "sky130_reram,temperature.run_k=350", NULL);
  json_t *all = document(&p);
  const json_t *map = result(all, 0), *neuron;
  double least = HUGE_VAL, want;
  size_t i;

  json_array_foreach(json_object_get(map, "neurons"), i, neuron) least =
    fmin(least, number(neuron, "capacitance_f"));
  want = sqrt(1.380649e-23 * 350 / least) / number(map, "volts_per_unit_v");
  cr_expect(epsilon_eq(dbl, number(map, "ktc_noise"), want, 1e-9 * want));
  json_decref(all);
  p = program_run(NULL, "map", sine, "--json", "-t", "ideal", NULL);
  all = document(&p);
  cr_expect(json_object_get(result(all, 0), "ktc_noise") == NULL);
  json_decref(all);
}

Test(map, switching_adds_to_the_energy_of_a_run)
{
  static const char plain[] = "sky130_reram";
  static const char switching[] =
    "sky130_reram,synapse.period_fraction=0.01,synapse.switch_f=1e-15";
  double energy[2];

  for (int i = 0; i < 2; i++) {
    struct program p =
      program_run(NULL, "run", sine, sine_data, "--on", "analog", "--json",
                  "-t", i ? switching : plain, NULL);
    json_t *all = document(&p);

    energy[i] = number(result(all, 0), "energy_per_step_j");
    json_decref(all);
  }
  cr_expect(epsilon_eq(dbl, energy[1] - energy[0], 17 * 1e-15 * 3.24 * 100,
                       1e-9 * energy[1]));
}

/* ---- preferences -------------------------------------------------------------------- */

/* a field of the chip on sky130_reram with two more arguments */
static double of_chip(const char *key, const char *option, const char *value)
{
  struct program p = program_run(NULL, "map", sine, "--json", "-t",
                                 "sky130_reram", option, value, NULL);
  json_t *all = document(&p);
  double v = number(result(all, 0), key);

  json_decref(all);
  return v;
}

Test(map, prefer_is_short_for_a_field)
{
  double power = of_chip("memristor_power_w", "--prefer", "power");

  cr_expect(
    lt(dbl, power, of_chip("memristor_power_w", "--prefer", "accuracy")));
  cr_expect(
    eq(dbl, power,
       of_chip("memristor_power_w", "-t", "sky130_reram,scale.prefer=power")));
  cr_expect(lt(dbl, of_chip("area_m2", "--prefer", "area"),
               of_chip("area_m2", "--prefer", "accuracy")));
}

/* every command that takes a technology takes the two options */
Test(map, prefer_and_extrapolate_go_wherever_a_technology_goes)
{
  const char *folder = scratch_path("deck");
  const char *const rows[][9] = {
    {"run", sine, sine_data, "--on", "analog", NULL},
    {"compare", sine, sine_data, "--on", "analog", NULL},
    {"map", sine, "-q", "--blame", sine_data, "--dies", "1", NULL},
    {"die", sine, NULL},
    {"netlist", sine, "-o", folder, NULL},
  };
  static const char *const more[] = {"-t", "sky130_reram,temperature.run_k=220",
                                     "--prefer", "power", NULL};

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const char *all[16];
    struct program p;
    size_t n = 0;

    for (const char *const *a = rows[i]; *a; a++)
      all[n++] = *a;
    for (const char *const *a = more; *a; a++)
      all[n++] = *a;
    all[n] = NULL;
    p = program_run_list(NULL, all);
    cr_expect(eq(int, p.status, 1), "%s", all[0]);
    cr_expect(strstr(p.err, "220 K is outside") != NULL, "%s", p.err);
    program_release(&p);
    all[n++] = "--extrapolate";
    all[n] = NULL;
    p = program_run_list(NULL, all);
    cr_expect(eq(int, p.status, 0), "%s: %s", all[0], p.err);
    program_release(&p);
  }
}

Test(map, what_cannot_be_is_one_sentence)
{
  static const struct {
    const char *technology, *prefer;
    int status;
    const char *part;
  } rows[] = {
    {"sky130_reram", "speed", 1, "expected one of: accuracy area power"},
    {"sky130_reram,scale.prefer=", "area", 1, "expected KEY=VALUE"},
    {"sky130_reram,scale.power_budget_w=1e-9", "area", 1,
     "the budget is 1e-09 W, but the least power"},
    {"sky130_reram,memristor.level=8", "area", 1, "'memristor.levels'"},
  };
  struct program p;

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    p = program_run(NULL, "map", sine, "-t", rows[i].technology, "--prefer",
                    rows[i].prefer, NULL);
    cr_expect(eq(int, p.status, rows[i].status));
    cr_expect(strstr(p.err, rows[i].part) != NULL, "%s", p.err);
    cr_expect(eq(str, p.out, ""));
    cr_expect(eq(ptr, strchr(p.err, '\n'), p.err + strlen(p.err) - 1));
    program_release(&p);
  }
  p = program_run(NULL, "map", sine, "--prefer", "area", NULL);
  cr_expect(eq(int, p.status, 2));
  cr_expect(strstr(p.err, "--prefer: expected --technology") != NULL);
  program_release(&p);
}

/* ---- clips -------------------------------------------------------------------------- */

static const char narrow[] = "sky130_reram,gate.gain_max=3";

/* sorted, each of one synapse; clipping one gain moves that chip */
Test(map, blame_says_what_each_clip_costs)
{
  struct program p = program_run(NULL, "map", sine, "-t", narrow, "--blame",
                                 sine_data, "--dies", "1", "--json", NULL);
  json_t *all = document(&p);
  const json_t *clips = json_object_get(result(all, 0), "clipped");
  const json_t *costs = json_object_get(result(all, 1), "clip_costs"), *one;
  double last = HUGE_VAL, most = 0;
  size_t i;

  cr_expect(gt(sz, json_array_size(clips), 5));
  cr_assert(eq(sz, json_array_size(costs), json_array_size(clips)));
  json_array_foreach(costs, i, one)
  {
    double rms = number(one, "rms_percent");

    cr_expect(le(dbl, rms, last));
    cr_expect(ge(dbl, number(one, "worst_percent"), rms));
    cr_expect(ge(dbl, number(one, "worst_output"), 0));
    cr_expect(eq(dbl, number(one, "clips"), 1));
    last = rms;
    most = fmax(most, rms);
  }
  cr_expect(gt(dbl, most, 1));
  cr_expect(json_object_get(result(all, 2), "faults") != NULL);
  json_decref(all);
}

/* nothing clipped: nothing to tell */
Test(map, blame_of_a_chip_without_clips_tells_of_none)
{
  struct program p =
    program_run(NULL, "map", sine, "-t", "ideal", "--blame", sine_data, NULL);

  cr_expect(eq(int, p.status, 0), "%s", p.err);
  cr_expect(strstr(p.out, "clipped     0\n") != NULL);
  cr_expect(strstr(p.out, "each clipped") == NULL);
  program_release(&p);
}

Test(map, blame_reads_its_data_before_anything_is_said)
{
  struct program p = program_run(NULL, "map", sine, "-t", "sky130_reram",
                                 "--blame", "no_such.csv", NULL);

  cr_expect(eq(int, p.status, 1));
  cr_expect(eq(str, p.out, ""));
  cr_expect(strstr(p.err, "no_such.csv") != NULL, "%s", p.err);
  program_release(&p);
}

/* ---- cells -------------------------------------------------------------------------- */

Test(map, cells_are_listed_and_shown)
{
  struct program list = program_run(NULL, "list", "cells", NULL);

  cr_expect(eq(int, list.status, 0), "%s", list.err);
  for (const qn_cell_kind *c = qn_cell_kinds; c->name; c++) {
    struct program show = program_run(NULL, "show", c->name, NULL);

    cr_expect(strstr(list.out, c->name) != NULL, "%s", c->name);
    cr_expect(eq(int, show.status, 0), "%s", show.err);
    cr_expect(strstr(show.out, c->equation) != NULL, "%s", show.out);
    cr_expect(strstr(show.out, c->noise) != NULL, "%s", show.out);
    cr_expect(strstr(show.out, c->cost) != NULL, "%s", show.out);
    program_release(&show);
  }
  program_release(&list);
}

Test(map, a_cell_is_one_object_with_json)
{
  struct program p = program_run(NULL, "show", "steered", "--json", NULL);
  json_t *all = document(&p);

  cr_expect(
    eq(str, (char *)json_string_value(json_object_get(result(all, 0), "cell")),
       "steered"));
  cr_expect(json_object_get(result(all, 0), "noise") != NULL);
  json_decref(all);
}
