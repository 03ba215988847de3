/* test_device.c - `quench device`: what it prints and writes, and what it
 * refuses. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/cli/failure.h"
#include "tests/cli/program.h"
#include <quench/csv.h>
#include <quench/file.h>

TestSuite(device, .init = scratch_open, .fini = scratch_close, .timeout = 300);

static double number(const json_t *object, const char *key)
{
  const json_t *v = json_object_get(object, key);

  cr_assert(v != NULL, "no %s", key);
  return json_number_value(v);
}

Test(device, prints_the_window_and_thresholds_of_sky130)
{
  struct program p =
    program_run(NULL, "device", "sky130_reram", "--json", NULL);
  json_t *object = json_loads(p.out, 0, NULL), *entry, *list;

  cr_assert(eq(int, p.status, 0), "%s", p.err);
  entry = json_array_get(json_object_get(object, "results"), 0);
  cr_expect(eq(str, (char *)json_string_value(json_object_get(entry, "device")),
               "sky130_reram"));
  cr_expect(eq(int, json_is_null(json_object_get(entry, "set")), 1));
  cr_expect(ieee_ulp_eq(dbl, number(entry, "temperature_k"), 300, 1));
  cr_expect(fabs(number(entry, "conductance_min_s") / 0.296e-6 - 1) < 2e-3);
  cr_expect(fabs(number(entry, "conductance_max_s") / 99.3e-6 - 1) < 2e-3);
  cr_expect(number(entry, "loop_area_w") > 0);
  list = json_object_get(entry, "retention"); /* 8.6e10 s at 0.1 V, .. */
  cr_expect(eq(sz, json_array_size(list), 3));
  cr_expect(
    fabs(number(json_array_get(list, 2), "moves_1_percent_s") / 5e5 - 1) < 0.1);
  entry = json_object_get(entry, "moved_in_1_s");
  cr_expect(number(entry, "up_v") > 0.9 && number(entry, "up_v") < 1);
  cr_expect(number(entry, "down_v") < -0.9 && number(entry, "down_v") > -1);
  json_decref(object);
  program_release(&p);
}

Test(device, writes_a_csv_with_a_row_a_sample)
{
  static const struct {
    const char *sweep;
    size_t rows;
  } rows[] = {{"loop", 801}, {"pulses", 1521}, {"retention", 4 * 192}};

  for (size_t i = 0; i < 3; i++) {
    const char *path = scratch_path("sweep.csv");
    struct program p = program_run(NULL, "device", "yakopcic", "--set", "miao",
                                   "--sweep", rows[i].sweep, "-o", path, NULL);
    qn_csv *csv;
    qn_diag diag;

    cr_assert(eq(int, p.status, 0), "%s", p.err);
    cr_assert(eq(int, qn_csv_read(&csv, path, &diag), QN_OK), "%s",
              diag.message);
    cr_expect(eq(sz, csv->columns, 5));
    cr_expect(eq(sz, csv->rows, rows[i].rows), "%s", rows[i].sweep);
    cr_expect(eq(str, csv->header[0], "time_s"));
    cr_expect(eq(str, csv->header[4], "current_a"));
    qn_csv_free(csv);
    program_release(&p);
  }
}

Test(device, draws_where_gnuplot_is)
{
  static const char *const sweeps[] = {"loop", "pulses", "retention"};
  const struct program_setting bare = {.path = "/nowhere"};

  for (size_t i = 0; i < 3; i++) {
    const char *png = scratch_path("a.png"), *svg = scratch_path("a.svg");
    struct program p = program_run(NULL, "device", "sky130_reram", "--sweep",
                                   sweeps[i], "-o", png, NULL);
    char *data;
    size_t size;

    cr_assert(eq(int, p.status, 0), "%s", p.err);
    program_release(&p);
    cr_assert(eq(int, qn_file_read(png, &data, &size, NULL), QN_OK));
    cr_expect(size > 8000 && !memcmp(data, "\211PNG", 4));
    free(data);
    p = program_run(NULL, "device", "pcm", "-o", svg, NULL);
    cr_assert(eq(int, p.status, 0), "%s", p.err);
    program_release(&p);
    cr_assert(eq(int, qn_file_read(svg, &data, &size, NULL), QN_OK));
    cr_expect(strstr(data, "<svg") && strstr(data, "</svg>"));
    free(data);
    remove(png);
    remove(svg);
  }
  expect_fails(
    &bare,
    (const char *const[]){"device", "pcm", "-o", scratch_path("b.png"), NULL},
    "gnuplot", "", "gnuplot-nox");
}

Test(device, says_what_is_wrong_with_what_it_is_given)
{
  FAILS("skywater", "", "the nearest known one is", "device", "skywater");
  FAILS("sky130_reran", "", "'sky130_reram'", "device", "sky130_reran");
  FAILS("yakopcic", "jon", "'jo'", "device", "yakopcic", "--set", "jon");
  FAILS("ohmic", "jo", "no parameter sets", "device", "ohmic", "--set", "jo");
  FAILS("sweep", "", "loop, pulses or retention", "device", "pcm", "--sweep",
        "sweep");
  FAILS("sky130_reram", "temperature", "233 to 398 K", "device", "sky130_reram",
        "--temperature", "500");
  FAILS("sky130_reram", "voltage", "-2.7 to 2.7 V", "device", "sky130_reram",
        "--amplitude", "3");
  FAILS("a.pdf", "", ".csv, .svg or .png", "device", "sky130_reram", "-o",
        "a.pdf");
  FAILS("pcm", "pulses", "no voltage moves", "device", "pcm", "--sweep",
        "pulses");
  FAILS("ohmic", "retention", "holds for ever", "device", "ohmic", "--sweep",
        "retention");
}

Test(device, list_and_show_name_models_and_published_devices)
{
  struct program p = program_run(NULL, "list", "devices", NULL);

  cr_expect(eq(int, p.status, 0), "%s", p.err);
  cr_expect(strstr(p.out, "yakopcic") && strstr(p.out, "miao"));
  cr_expect(strstr(p.out, "realisations") == NULL);
  program_release(&p);
  p = program_run(NULL, "show", "yakopcic", NULL);
  cr_expect(eq(int, p.status, 0), "%s", p.err);
  cr_expect(strstr(p.out, "dx/dt") && strstr(p.out, "oblea_pulsed") &&
            strstr(p.out, "273 to 323 K"));
  program_release(&p);
}
