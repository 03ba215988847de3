/* test_dies.c - dies on the command line: the same die in every command. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/cli/program.h"
#include <quench/file.h>

TestSuite(dies, .init = scratch_open, .fini = scratch_close);

static const char sine[] = "tests/data/sine_ltc8.safetensors";
static const char sine_data[] = "tests/data/sine_ltc8.reference.safetensors";

/* the last object of "results" of a run that must succeed; the caller frees
 * the document */
static const json_t *last_result(struct program *p, json_t **document)
{
  const json_t *results;

  cr_assert(eq(int, p->status, 0), "%s", p->err);
  *document = json_loads(p->out, 0, NULL);
  results = json_object_get(*document, "results");
  cr_assert(gt(sz, json_array_size(results), 0));
  program_release(p);
  return json_array_get(results, json_array_size(results) - 1);
}

static double number(const json_t *object, const char *key)
{
  const json_t *v = json_object_get(object, key);

  cr_assert(v != NULL, "no number %s", key);
  return json_number_value(v);
}

static double rmse_of_die(const char *die, const char *seed)
{
  struct program p = program_run(NULL, "run", sine, sine_data, "--on", "analog",
                                 "-t", "sky130_reram", "--die", die, "--seed",
                                 seed, "--tolerance", "1e-9", "--json", NULL);
  json_t *document;
  double rmse = number(last_result(&p, &document), "rmse");

  json_decref(document);
  return rmse;
}

Test(dies, of_compare_are_those_of_run)
{
  struct program p =
    program_run(NULL, "compare", sine, sine_data, "--on", "analog", "-t",
                "sky130_reram", "--dies", "3", "--seed", "7", "--json", NULL);
  json_t *document;
  const json_t *dies = json_object_get(last_result(&p, &document), "dies");
  static const char *const names[] = {"0", "1", "2"};

  cr_assert(eq(sz, json_array_size(dies), 3));
  for (size_t k = 0; k < 3; k++) {
    const json_t *die = json_array_get(dies, k);

    cr_expect(eq(dbl, number(die, "die"), (double)k));
    cr_expect(eq(dbl, number(die, "rmse"), rmse_of_die(names[k], "7")));
    cr_expect(
      gt(dbl, number(die, "worst_percent"), number(die, "rms_percent")));
  }
  cr_expect(ne(dbl, rmse_of_die("0", "7"), rmse_of_die("0", "8")));
  json_decref(document);
}

Test(dies, are_told_by_what_they_got)
{
  struct program p = program_run(NULL, "die", sine, "-t", "sky130_reram",
                                 "--die", "2", "--seed", "3", "--json", NULL);
  json_t *document;
  const json_t *die = last_result(&p, &document);

  cr_expect(eq(dbl, number(die, "die"), 2));
  cr_expect(eq(dbl, number(die, "seed"), 3));
  /* about 1.1 %, as the card says */
  cr_expect(number(die, "conductance_rms_percent") > 0.5 &&
            number(die, "conductance_rms_percent") < 3);
  cr_expect(number(die, "threshold_rms") > 0);
  cr_expect(fabs(number(die, "rail_plus_error_v")) < 6e-3);
  json_decref(document);
  p = program_run(NULL, "die", sine, "-t", "ideal", NULL);
  cr_expect(eq(int, p.status, 0));
  cr_expect(strstr(p.out, "off by rms 0 %") != NULL);
  program_release(&p);
}

/* ideal has no fault: the table has no line but "all" and "none" */
Test(dies, blame_names_the_faults_that_a_technology_has)
{
  struct program p =
    program_run(NULL, "map", sine, "-t", "sky130_reram", "-q", "--blame",
                sine_data, "--dies", "2", "--json", NULL);
  json_t *document;
  const json_t *blame = last_result(&p, &document), *fault;
  const json_t *faults = json_object_get(blame, "faults");
  double last = HUGE_VAL, all;
  size_t i, seen = 0;

  all = number(json_object_get(blame, "all"), "rms_percent");
  cr_expect(gt(dbl, all, 1.0));
  cr_expect(eq(dbl, number(json_object_get(blame, "none"), "rms_percent"), 0));
  json_array_foreach(faults, i, fault)
  {
    const char *name = json_string_value(json_object_get(fault, "fault"));
    double alone = number(json_object_get(fault, "alone"), "rms_percent");

    cr_expect(alone <= last, "%s is out of order", name);
    last = alone;
    seen += !strcmp(name, "levels") || !strcmp(name, "offsets");
    if (!strcmp(name, "levels"))
      cr_expect(alone > 0.5);
    if (!strcmp(name, "gain range")) { /* which clips nothing here */
      cr_expect(alone < 1e-3);
      cr_expect(
        fabs(number(json_object_get(fault, "without"), "rms_percent") / all -
             1) < 1e-9);
      seen++;
    }
  }
  cr_expect(eq(sz, seen, 3));
  json_decref(document);
  p = program_run(NULL, "map", sine, "-t", "ideal", "-q", "--blame", sine_data,
                  "--json", NULL);
  blame = last_result(&p, &document);
  cr_expect(eq(sz, json_array_size(json_object_get(blame, "faults")), 0));
  json_decref(document);
}

/* a deck says of which sample it is, the nominal one says of none */
Test(dies, are_named_in_their_decks)
{
  const char *folder = scratch_path("deck");
  const char *file = scratch_path("deck/sine_ltc8.cir");
  struct program p;
  char *text;
  size_t size;

  p = program_run(NULL, "netlist", sine, "-t", "pcm", "--die", "3", "--seed",
                  "9", "-o", folder, NULL);
  cr_expect(eq(int, p.status, 0), "%s", p.err);
  program_release(&p);
  cr_assert(eq(int, qn_file_read(file, &text, &size, NULL), QN_OK));
  cr_expect(strstr(text, "technology: pcm, die 3 of seed 9\n") != NULL);
  free(text);
  p = program_run(NULL, "netlist", sine, "-t", "pcm", "-o", folder, NULL);
  cr_expect(eq(int, p.status, 0), "%s", p.err);
  program_release(&p);
  cr_assert(eq(int, qn_file_read(file, &text, &size, NULL), QN_OK));
  cr_expect(strstr(text, "technology: pcm\n") != NULL);
  free(text);
}

Test(dies, out_of_range_are_a_usage_error)
{
  static const char *const bad[][2] = {
    {"--die", "-1"}, {"--die", "4294967296"}, {"--die", "x"}, {"--seed", "-3"}};

  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct program p = program_run(NULL, "die", sine, "-t", "sky130_reram",
                                   bad[i][0], bad[i][1], NULL);

    cr_expect(eq(int, p.status, 2));
    cr_expect(strstr(p.err, bad[i][0]) != NULL, "%s", p.err);
    program_release(&p);
  }
}
