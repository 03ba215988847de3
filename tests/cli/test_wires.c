/* test_wires.c - what commands say of wires' capacitance. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/cli/program.h"

TestSuite(wires, .init = scratch_open, .fini = scratch_close);

static const char sine[] = "tests/data/sine_ltc8.safetensors";
static const char sine_data[] = "tests/data/sine_ltc8.reference.safetensors";
static const char none[] = "sky130_reram";
static const char settled[] = "sky130_reram,wire.rail_ohm=1,wire.rail_f=2e-16,"
                              "wire.membrane_ohm=1,wire.membrane_f=2e-16";
static const char slow[] = "sky130_reram,wire.membrane_ohm=100,"
                           "wire.membrane_f=2e-14";

static json_t *map(const char *technology)
{
  struct program p =
    program_run(NULL, "map", sine, "--json", "-t", technology, NULL);
  json_t *all;

  cr_assert(eq(int, p.status, 0), "%s", p.err);
  all = json_loads(p.out, 0, NULL);
  cr_assert(all != NULL);
  program_release(&p);
  return all;
}

static double number(const json_t *all, const char *key)
{
  const json_t *entry = json_array_get(json_object_get(all, "results"), 0);
  const json_t *v = json_object_get(entry, key);

  cr_assert(v != NULL, "no number %s", key);
  return json_number_value(v);
}

/* 22 rows, 8 columns; a delay of R C n^2 / 2 */
Test(wires, map_tells_their_capacitance_and_delay)
{
  json_t *all = map(settled);
  double delay = 1 * 2e-16 * 22 * 22 / 2;

  cr_expect(epsilon_eq(dbl, number(all, "membrane_wire_f"), 22 * 2e-16, 1e-24));
  cr_expect(epsilon_eq(dbl, number(all, "wire_delay_s"), delay, 1e-12 * delay));
  cr_expect(lt(dbl, number(all, "wire_lag_percent"), 1e-2));
  cr_expect(eq(sz, json_array_size(json_object_get(all, "diagnostics")), 0));
  json_decref(all);
  all = map(none);
  cr_expect(json_object_get(json_array_get(json_object_get(all, "results"), 0),
                            "membrane_wire_f") == NULL);
  json_decref(all);
}

static int is_warned(struct program *p)
{
  int warned = strstr(p->err, "wires settle in 484 ps, ") ||
               strstr(p->err, "analog: wires take ");

  program_release(p);
  return warned;
}

Test(wires, those_that_settle_slowly_are_warned_of)
{
  for (int k = 0; k < 2; k++) {
    const char *technology = k ? slow : settled;
    struct program on_map =
      program_run(NULL, "map", sine, "-t", technology, NULL);
    struct program on_analog = program_run(NULL, "run", sine, sine_data, "--on",
                                           "analog", "-t", technology, NULL);
    struct program on_netlist =
      program_run(NULL, "netlist", sine, "-o", scratch_path("deck"), "-t",
                  technology, NULL);

    cr_expect(eq(int, on_map.status, 0));
    cr_expect(eq(int, on_netlist.status, 0));
    cr_expect(eq(int, is_warned(&on_map), k));
    cr_expect(eq(int, is_warned(&on_analog), k));
    cr_expect(eq(int, is_warned(&on_netlist), k));
  }
}

Test(wires, a_deck_of_slow_ones_does_not_equal_analog)
{
  struct program p =
    program_run(NULL, "netlist", sine, "-o", scratch_path("deck"), "-t", slow,
                "--verify", sine_data, NULL);

  cr_expect(eq(int, p.status, 3), "%s", p.err);
  cr_expect(is_warned(&p));
}

/* 11 pF of wire; neuron 0 wants 7 pF of 21 that the largest has */
Test(wires, map_names_the_neurons_whose_wire_is_more_than_they_want)
{
  struct program p = program_run(NULL, "map", sine, "-q", "-t",
                                 "sky130_reram,wire.membrane_f=5e-13", NULL);

  cr_expect(eq(int, p.status, 0), "%s", p.err);
  cr_expect(strstr(p.out, "membrane of neuron 0: capacitor wanted 7.05 pF, is "
                          "11 pF, its wire alone 11 pF") != NULL,
            "%s", p.out);
  cr_expect(strstr(p.out, "wires       11 pF at every membrane\n") != NULL,
            "%s", p.out);
  program_release(&p);
}
