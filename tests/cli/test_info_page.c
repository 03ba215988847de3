/* test_info_page.c - the page of `quench info`. Oracle: its JSON, which
 * test_info.c holds to the file's tensors. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/cli/info.h"

TestSuite(info_page, .init = scratch_open, .fini = scratch_close,
          .timeout = 300);

static const char occupancy[] = "tests/data/occupancy_ltc19.safetensors";

/* ---- what it says --------------------------------------------------------------- */

Test(info_page, says_what_the_json_says)
{
  struct program p = info_page(occupancy);
  json_t *object, *entry = info_read(occupancy, &object);

  for (size_t j = 0; j < 19; j++) {
    const json_t *n = info_neuron(entry, j);
    char begin[32], layer[32];
    const char *row;
    double x[6];

    snprintf(begin, sizeof begin, "  %6zu  ", j);
    row = info_line(p.out, begin);
    cr_assert(row != NULL);
    cr_assert(eq(int,
                 sscanf(row, "%*d %31s %lf %lf %lf %lf %lf %lf", layer, &x[0],
                        &x[1], &x[2], &x[3], &x[4], &x[5]),
                 7));
    cr_expect(eq(str, layer, j == 0 ? "motor" : j < 8 ? "command" : "inter"));
    cr_expect(eq(dbl, x[0], info_number(n, "recurrent_synapses")));
    cr_expect(eq(dbl, x[1], info_number(n, "sensory_synapses")));
    info_expect_shown(x[2], info_number(n, "time_constant_min"));
    info_expect_shown(x[3], info_number(n, "time_constant_max"));
    info_expect_shown(x[4], info_number(n, "state_min"));
    info_expect_shown(x[5], info_number(n, "state_max"));
  }
  json_decref(object);
  program_release(&p);
}

Test(info_page, has_the_wiring_as_layers)
{
  struct program p = info_page(occupancy);
  unsigned synapses, above, below, min, max;
  double density, median;
  const char *row = info_line(p.out, "    all ");

  cr_expect(strstr(p.out, "5 inputs -> 11 inter -> 7 command -> 1 motor\n") !=
            NULL);
  cr_assert(row != NULL);
  cr_assert(eq(int,
               sscanf(row, " all %u %lf %% %u %u %u %lf %u", &synapses,
                      &density, &above, &below, &min, &median, &max),
               7));
  cr_expect(eq(uint, synapses, 74));
  cr_expect_float_eq(density, 100 * 74 / (19.0 * 24), 0.05);
  cr_expect(eq(uint, above + below, 74));
  cr_expect(eq(uint, min, 1));
  cr_expect(eq(dbl, median, 3));
  cr_expect(eq(uint, max, 7));
  program_release(&p);
}

Test(info_page, names_inputs_and_outputs_with_their_scaling)
{
  struct program p = info_page(occupancy);
  double mean, std;
  unsigned synapses;
  const char *row = info_line(p.out, "    CO2 [ppm] ");
  json_t *object, *entry = info_read(occupancy, &object);
  const json_t *co2 = json_array_get(json_object_get(entry, "features"), 3);

  cr_assert(row != NULL);
  cr_assert(
    eq(int, sscanf(row, " CO2 [ppm] %lf %lf %u", &mean, &std, &synapses), 3));
  info_expect_shown(mean, info_number(co2, "mean"));
  info_expect_shown(std, info_number(co2, "std"));
  cr_expect(eq(dbl, synapses, info_number(co2, "synapses")));
  cr_expect(info_line(p.out, "    occupied (logit) ") != NULL);
  json_decref(object);
  program_release(&p);
}

/* ---- the page ------------------------------------------------------------------- */

static void expect_tidy(const char *path)
{
  struct program p = info_page(path);

  for (const char *s = p.out; *s;) {
    size_t n = strcspn(s, "\n"), columns = 0;

    for (size_t i = 0; i < n; i++)
      columns += ((unsigned char)s[i] & 0xc0) != 0x80;
    cr_expect(le(sz, columns, 100), "%s: %.*s", path, (int)n, s);
    cr_expect(n == 0 || s[n - 1] != ' ', "%s: '%.*s'", path, (int)n, s);
    cr_assert(eq(chr, s[n], '\n'));
    s += n + 1;
  }
  program_release(&p);
}

Test(info_page, fits_100_columns_for_every_network)
{
  glob_t all;

  cr_assert(eq(int, glob("tests/data/*[0-9].safetensors", 0, NULL, &all), 0));
  glob("tests/data/drawn/*.safetensors", GLOB_APPEND, NULL, &all);
  for (size_t i = 0; i < all.gl_pathc; i++)
    if (!strstr(all.gl_pathv[i], ".reference."))
      expect_tidy(all.gl_pathv[i]);
  globfree(&all);
}

/* names that are long, not ASCII or would move the cursor */
Test(info_page, holds_any_name)
{
  struct network_file *f = info_easy();
  struct program p;
  const char *path;

  network_file_set(f, "input_names",
                   "[\"an input with a name that is far too long for its "
                   "column\", \"\\u001b[31m\\u0085\\u00b0C\"]");
  path = info_written(f);
  expect_tidy(path);
  p = info_page(path);
  cr_expect(
    strstr(p.out, "    an input with a name that is far to..  ") != NULL ||
      strstr(p.out, "    an input with a name that is far t..  ") != NULL,
    "%s", p.out);
  cr_expect(strstr(p.out, "    ?[31m?\xc2\xb0"
                          "C ") != NULL,
            "%s", p.out);
  program_release(&p);
}

/* neuron j has cm 1 + j / 8, gleak 2 + j / 8 and one synapse from an input */
static struct network_file *large(void)
{
  enum { UNITS = 100 };
  static const char *const vectors[] = {
    "cm",         "gleak",       "vleak", "sensory_w", "sensory_sigma",
    "sensory_mu", "sensory_erev"};
  static const char *const none[] = {"w", "sigma", "mu", "erev"};
  struct network_file *f = network_file_begin("ltc", 1, UNITS, 1);

  network_file_set(f, "ode_unfolds", "250");
  network_file_set(f, "epsilon", "1e-8");
  network_file_set(f, "input_mapping", "null");
  network_file_set(f, "output_mapping", "null");
  network_file_set(f, "implicit_param_constraints", "false");
  for (int i = 0; i < 7; i++)
    network_file_add(f, vectors[i], 1, UNITS, 0);
  for (int i = 0; i < 4; i++)
    network_file_add(f, none[i], 1, 1, 0);
  network_file_add(f, "synapses", 2, 1, 2);
  network_file_retype(f, "synapses", QN_I64);
  network_file_fill(f, "synapses", 0);
  network_file_add(f, "sensory_synapses", 2, UNITS, 2);
  network_file_retype(f, "sensory_synapses", QN_I64);
  for (size_t j = 0; j < UNITS; j++) {
    network_file_values(f, "sensory_synapses")[2 * j] = 0;
    network_file_values(f, "sensory_synapses")[2 * j + 1] = (double)j;
  }
  network_file_values(f, "cm")[42] = 0.125;
  network_file_values(f, "cm")[7] = 800;
  return f;
}

/* longest of all 800 / (2 + 7/8) of neuron 7; --json has every one */
Test(info_page, of_many_neurons_names_the_extreme_ones)
{
  const char *path = info_written(large());
  struct program p = info_page(path);
  json_t *object, *entry = info_read(path, &object);
  const char *row = info_line(p.out, "    time constant, shortest ");
  double least, median, most;
  int first, last;

  cr_assert(row != NULL, "%s", p.out);
  cr_assert(eq(int,
               sscanf(row,
                      " time constant, shortest [model s] %lf (%d) "
                      "%lf %lf (%d)",
                      &least, &first, &median, &most, &last),
               5));
  cr_expect(eq(int, first, 42));
  cr_expect(eq(int, last, 7));
  info_expect_shown(least,
                    info_number(info_neuron(entry, 42), "time_constant_min"));
  info_expect_shown(most,
                    info_number(info_neuron(entry, 7), "time_constant_min"));
  row = info_line(p.out, "    time constant, longest ");
  cr_assert(row != NULL);
  cr_assert(eq(int,
               sscanf(row,
                      " time constant, longest [model s] %*f (%*d) "
                      "%*f %lf (%d)",
                      &most, &last),
               2));
  cr_expect(eq(int, last, 7));
  info_expect_shown(most, 800 / 2.875);
  cr_expect(eq(ptr, (void *)(size_t)info_line(p.out, "        42 "), NULL));
  cr_expect(eq(sz, json_array_size(json_object_get(entry, "neurons")), 100));
  expect_tidy(path);
  json_decref(object);
  program_release(&p);
}

Test(info_page, quiet_leaves_out_the_list)
{
  struct program p = program_run(NULL, "info", occupancy, "-q", NULL);

  cr_expect(eq(int, p.status, 0));
  cr_expect(strstr(p.out, "wiring") != NULL);
  cr_expect(eq(ptr, (void *)(size_t)info_line(p.out, "       0  motor"), NULL));
  program_release(&p);
}
