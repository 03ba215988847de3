/* test_noise.c - `quench noise`: what it prints and writes, and what it
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

TestSuite(noise_command, .init = scratch_open, .fini = scratch_close,
          .timeout = 300);

static const char sine[] = "tests/data/sine_ltc8.safetensors";
static const char sine_data[] = "tests/data/sine_ltc8.reference.safetensors";
static const char house[] = "tests/data/occupancy_ltc19.safetensors";
static const char house_data[] =
  "tests/data/occupancy_ltc19.reference.safetensors";
/* white sources alone: no survey, milliseconds */
static const char white[] = "sky130_reram,noise.memristor_flicker=0,"
                            "noise.amplifier_flicker_v2=0";

static double number(const json_t *object, const char *key)
{
  const json_t *v = json_object_get(object, key);

  cr_assert(v != NULL, "no %s", key);
  return json_number_value(v);
}

/* the first result; *object is to be released */
static json_t *result_of(const struct program *p, json_t **object)
{
  cr_assert(eq(int, p->status, 0), "%s", p->err);
  *object = json_loads(p->out, 0, NULL);
  return json_array_get(json_object_get(*object, "results"), 0);
}

static double sum_of(const json_t *list, const char *key)
{
  double sum = 0;

  for (size_t i = 0; i < json_array_size(list); i++)
    sum += number(json_array_get(list, i), key);
  return sum;
}

Test(noise_command, shares_add_up_and_figures_follow_from_the_deviation)
{
  struct program p = program_run(NULL, "noise", sine, sine_data, "-t",
                                 "sky130_reram", "--json", NULL);
  json_t *object, *entry = result_of(&p, &object), *output;
  double swing, rms;

  output = json_array_get(json_object_get(entry, "outputs"), 0);
  swing = number(output, "swing");
  rms = number(output, "rms_deviation");
  cr_expect(rms > 0 && rms <= number(output, "worst_deviation"));
  cr_expect(fabs(number(output, "snr_db") - 20 * log10(swing / rms)) < 1e-9);
  cr_expect(fabs(number(output, "effective_bits") -
                 log2(swing / rms / sqrt(12))) < 1e-9);
  cr_expect(
    fabs(sum_of(json_object_get(entry, "kinds"), "mean_percent") - 100) < 1e-6);
  cr_expect(fabs(sum_of(json_object_get(entry, "neurons"), "worst_percent") -
                 100) < 1e-6);
  cr_expect(number(entry, "metric_expected") >
            number(entry, "metric_without_noise")); /* rmse */
  json_decref(object);
  program_release(&p);
}

/* the deviations of a run are those of the file, a row a step */
Test(noise_command, writes_deviations_of_every_output_and_membrane)
{
  const char *path = scratch_path("noise.csv");
  struct program p = program_run(NULL, "noise", sine, sine_data, "-t", white,
                                 "-o", path, "--json", NULL);
  json_t *object, *entry = result_of(&p, &object);
  double worst = 0, want;
  qn_csv *csv;
  qn_diag diag;

  want = number(json_array_get(json_object_get(entry, "outputs"), 0),
                "worst_deviation");
  cr_assert(eq(int, qn_csv_read(&csv, path, &diag), QN_OK), "%s", diag.message);
  cr_expect(eq(sz, csv->columns, 2 + 1 + 8));
  cr_expect(eq(sz, csv->rows, 48));
  for (size_t i = 0; i < csv->rows; i++)
    worst = fmax(worst, strtod(csv->cell[i * csv->columns + 2], NULL));
  cr_expect(fabs(worst - want) < 1e-12);
  qn_csv_free(csv);
  json_decref(object);
  program_release(&p);
}

Test(noise_command, draws_where_gnuplot_is)
{
  static const char *const names[] = {"noise.svg", "noise.png"};

  for (int i = 0; i < 2; i++) {
    const char *path = scratch_path(names[i]);
    struct program p = program_run(NULL, "noise", sine, sine_data, "-t", white,
                                   "-o", path, NULL);
    char *data;
    size_t size;
    qn_diag diag;

    if (p.status == 0) {
      cr_assert(eq(int, qn_file_read(path, &data, &size, &diag), QN_OK));
      cr_expect(size > 2000);
      free(data);
    } else {
      cr_expect(strstr(p.err, "gnuplot") != NULL, "%s", p.err);
    }
    program_release(&p);
  }
}

Test(noise_command, tells_how_likely_a_decision_flips)
{
  struct program p =
    program_run(NULL, "noise", house, house_data, "-t",
                "sky130_reram,noise.memristor_flicker=0,"
                "noise.amplifier_flicker_v2=0,noise.amplifier_v_per_rthz=3e-5",
                "--json", NULL);
  json_t *object, *entry = result_of(&p, &object);
  json_t *decisions = json_object_get(entry, "decisions");
  double flips;

  flips = number(decisions, "expected_flips");
  cr_expect(flips > 0 && flips < number(decisions, "count"));
  cr_expect(number(decisions, "likeliest_probability") <= flips);
  json_decref(object);
  program_release(&p);
}

/* four times the capacitor is half the deviation of white noise, 6 dB */
Test(noise_command, larger_capacitors_are_quieter_and_cost_energy)
{
  struct program p =
    program_run(NULL, "noise", sine, sine_data, "-t",
                "sky130_reram,noise.memristor_flicker=0,"
                "noise.amplifier_flicker_v2=0,noise.readout_f=0",
                "--versus", "capacitance", "--json", NULL);
  json_t *object, *entry = result_of(&p, &object);
  json_t *points = json_object_get(entry, "points");
  size_t n = json_array_size(points);

  cr_expect(eq(sz, n, 9));
  for (size_t i = 2; i < n; i++) {
    json_t *a = json_array_get(points, i - 2), *b = json_array_get(points, i);

    cr_expect(
      fabs(number(a, "noise_percent") / number(b, "noise_percent") - 2) < 0.02);
    cr_expect(number(b, "energy_per_step_j") >
              3.5 * number(a, "energy_per_step_j"));
  }
  json_decref(object);
  program_release(&p);
}

static void refused(const char *technology, const char *option,
                    const char *value, const char *why)
{
  struct program p = program_run(NULL, "noise", sine, sine_data, "-t",
                                 technology, option, value, NULL);

  cr_expect(eq(int, p.status, 1), "%s", p.err);
  cr_expect(strstr(p.err, why) != NULL, "%s", p.err);
  cr_expect(eq(str, p.out, ""));
  program_release(&p);
}

Test(noise_command, refuses_what_it_cannot_do_in_a_sentence)
{
  refused("ideal", "-n", "1", "no noise is switched on");
  refused(white, "--versus", "weather", "there is: capacitance");
  refused(white, "-o", "noise.txt", "noise.txt");
  refused("sky130_reram,noise.flicker_low_hz=1e9", "-n", "1",
          "noise.flicker_low_hz is not below flicker_high_hz");
}
