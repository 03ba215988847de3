/* test_noise_run.c - sample paths on the command line. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/cli/program.h"
#include <quench/file.h>

TestSuite(noise_run, .init = scratch_open, .fini = scratch_close);

static const char sine[] = "tests/data/sine_ltc8.safetensors";
static const char sine_data[] = "tests/data/sine_ltc8.reference.safetensors";
static const char noisy[] = "sky130_reram";

/* `quench run` on analog with these options more, NULL-ended; its one result,
 * of a document that the caller frees */
static const json_t *run(const char *const *more, json_t **document)
{
  const char *arguments[24] = {"run",    sine, sine_data, "--on",
                               "analog", "-t", noisy,     "--json"};
  struct program p;
  size_t n = 8;

  while ((arguments[n] = *more++))
    n++;
  p = program_run_list(NULL, arguments);
  cr_assert(eq(int, p.status, 0), "%s", p.err);
  *document = json_loads(p.out, 0, NULL);
  program_release(&p);
  return json_array_get(json_object_get(*document, "results"), 0);
}

static double number(const json_t *object, const char *key)
{
  const json_t *v = json_object_get(object, key);

  cr_assert(v != NULL, "no number %s", key);
  return json_number_value(v);
}

static double number_of_run(const char *const *more, const char *key)
{
  json_t *document;
  double value = number(run(more, &document), key);

  json_decref(document);
  return value;
}

#define RMSE(...) \
  number_of_run((const char *const[]){__VA_ARGS__, NULL}, "rmse")

Test(noise_run, is_one_path_for_a_seed_a_die_and_any_number_of_jobs)
{
  double one = RMSE("--noise", "--seed", "4", "-j", "1");

  cr_expect(eq(dbl, one, RMSE("--noise", "--seed", "4", "-j", "2")));
  cr_expect(
    eq(dbl, one, RMSE("--noise", "--seed", "4", "-j", "2", "--paths", "5")));
  cr_expect(ne(dbl, one, RMSE("--noise", "--seed", "5")));
  cr_expect(ne(dbl, one, RMSE("--seed", "4")));
  cr_expect(ne(dbl, RMSE("--noise", "--die", "1"), RMSE("--die", "1")));
  cr_expect(ne(dbl, RMSE("--noise", "--die", "1"), one));
}

Test(noise_run, with_paths_tells_mean_and_spread)
{
  const char *const more[] = {"--noise", "--paths", "40", NULL};
  json_t *document;
  const json_t *r = run(more, &document);

  cr_expect(eq(dbl, number(r, "paths"), 40));
  cr_expect(number(r, "rmse_sd") > 0);
  cr_expect(number(r, "rmse_sd") < 0.2 * number(r, "rmse_mean"));
  cr_expect(number(r, "noise_rms_percent") > 0.01 &&
            number(r, "noise_rms_percent") < number(r, "noise_worst_percent"));
  cr_expect(number(r, "energy_per_step_j") > 0);
  /* within five deviations of where it stands without noise */
  cr_expect(ge(dbl, 5 * number(r, "rmse_sd"),
               number(r, "rmse_mean") - number(r, "rmse_without_noise")));
  json_decref(document);
}

/* what -o writes is the path whose metric is told */
Test(noise_run, writes_the_first_path)
{
  const char *const one[] = {"--noise", "-o", scratch_path("a.csv"), NULL};
  const char *const many[] = {
    "--noise", "--paths", "3", "-o", scratch_path("b.csv"), NULL};
  char *x, *y;
  size_t nx, ny;

  number_of_run(one, "rmse");
  number_of_run(many, "rmse");
  cr_assert(eq(int, qn_file_read(one[2], &x, &nx, NULL), QN_OK));
  cr_assert(eq(int, qn_file_read(many[4], &y, &ny, NULL), QN_OK));
  cr_expect(eq(sz, nx, ny));
  cr_expect(eq(int, memcmp(x, y, nx), 0));
  free(x), free(y);
}

static void expect_refused(const char *const *arguments, const char *why)
{
  struct program p = program_run_list(NULL, arguments);

  cr_expect(eq(int, p.status, 1));
  cr_expect(strstr(p.err, why) != NULL, "%s", p.err);
  program_release(&p);
}

Test(noise_run, says_in_one_sentence_why_it_cannot)
{
  expect_refused((const char *const[]){"run", sine, sine_data, "--on", "analog",
                                       "--noise", NULL},
                 "this technology has no noise");
  expect_refused((const char *const[]){"run", sine, sine_data, "--on", "fixed",
                                       "--noise", NULL},
                 "expected --on analog");
  expect_refused((const char *const[]){"run", sine, sine_data, "--on", "analog",
                                       "--paths", "3", NULL},
                 "expected --noise");
}

/* a path equals neither ode nor spice, and need not */
Test(noise_run, compare_takes_it_and_its_dies)
{
  struct program p =
    program_run(NULL, "compare", sine, sine_data, "--on", "ode,analog,spice",
                "-t", "ideal,noise.thermal=on,capacitor.max_f=1e-12", "--noise",
                "--dies", "2", "--json", NULL);
  json_t *document, *results;

  cr_assert(eq(int, p.status, 0), "%s", p.err);
  document = json_loads(p.out, 0, NULL);
  results = json_object_get(document, "results");
  cr_assert(eq(sz, json_array_size(results), 5));
  cr_expect(eq(dbl, number(json_array_get(results, 2), "paths"), 1));
  json_decref(document);
  program_release(&p);
}
