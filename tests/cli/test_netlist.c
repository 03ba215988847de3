/* test_netlist.c - quench netlist: decks against ngspice, results of other
 * simulators against analog, drawings. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/base/scratch.h"
#include "tests/cli/failure.h"
#include "tests/cli/program.h"
#include "tests/netlists/xml.h"
#include <quench/file.h>
#include <quench/process.h>
#include <quench/text.h>

TestSuite(netlist_command, .init = scratch_open, .fini = scratch_close,
          .timeout = 300);

static const char sine[] = "tests/data/sine_ltc8.safetensors";
static const char sine_data[] = "tests/data/sine_ltc8.reference.safetensors";

/* ---- --verify --------------------------------------------------------------------------- */

static const json_t *result_with(const json_t *object, const char *key)
{
  const json_t *results = json_object_get(object, "results");

  for (size_t i = 0; i < json_array_size(results); i++)
    if (json_object_get(json_array_get(results, i), key))
      return json_array_get(results, i);
  return NULL;
}

static double number(const json_t *entry, const char *key)
{
  cr_assert(json_object_get(entry, key) != NULL, "%s", key);
  return json_number_value(json_object_get(entry, key));
}

static void expect_node(const json_t *entry)
{
  char *node = qn_text_format("n%.0f", number(entry, "worst_neuron"));

  cr_expect(eq(str,
               (char *)json_string_value(json_object_get(entry, "worst_node")),
               node));
  free(node);
}

Test(netlist_command, verify_tells_worst_rms_where_when_and_how_fast)
{
  struct program p =
    program_run(NULL, "netlist", sine, "-o", scratch_path("deck"), "--verify",
                sine_data, "--json", NULL);
  json_t *object = json_loads(p.out, 0, NULL);
  const json_t *r = result_with(object, "verified_sequences");

  cr_assert(eq(int, p.status, 0), "%s", p.err);
  cr_assert(r != NULL);
  cr_expect(number(r, "worst_percent") > 0);
  cr_expect(number(r, "worst_percent") < number(r, "limit_percent"));
  cr_expect(number(r, "rms_percent") <= number(r, "worst_percent"));
  cr_expect(number(r, "rms_percent") > 0);
  expect_node(r);
  /* 48 samples of a model second, 2 us on this chip: step k ends at (k + 1) 2 us
   */
  cr_expect(number(r, "worst_step") < 48);
  cr_expect(epsilon_eq(dbl, number(r, "worst_time_s"),
                       (number(r, "worst_step") + 1) * 2e-6, 1e-15));
  cr_expect(epsilon_eq(dbl, number(r, "speed_ratio"),
                       number(r, "ngspice_transient_s") /
                         number(r, "analog_transient_s"),
                       1e-9 * number(r, "speed_ratio")));
  json_decref(object);
  program_release(&p);
  p = program_run(NULL, "netlist", sine, "-o", scratch_path("deck"), "--verify",
                  sine_data, NULL);
  cr_expect(strstr(p.out, "ngspice on 1 sequence against analog: worst ") !=
            NULL);
  cr_expect(strstr(p.out, "sequence 0, step ") != NULL);
  cr_expect(strstr(p.out, "rms ") != NULL);
  cr_expect(strstr(p.out, "times as long") != NULL);
  program_release(&p);
}

Test(netlist_command, verify_that_fails_names_node_and_step_and_keeps_the_deck)
{
  const char *folder = scratch_path("deck");
  struct program p =
    program_run(NULL, "netlist", sine, "-o", folder, "--verify", sine_data,
                "--tolerance", "0.01", NULL);

  cr_expect(eq(int, p.status, 3), "%d: %s", p.status, p.err);
  cr_expect(is_one_sentence(p.err, "quench: ngspice: n", "differ from analog"));
  cr_expect(strstr(p.err, ", sequence 0, step ") != NULL, "%s", p.err);
  cr_expect(strstr(p.err, folder) != NULL, "%s", p.err);
  cr_expect(qn_file_exists(scratch_path("deck/tb_sine_ltc8.cir")));
  cr_expect(strstr(p.out, "worst ") != NULL); /* told all the same */
  program_release(&p);
}

/* ---- tools and folders ------------------------------------------------------------------ */

Test(netlist_command, a_missing_ngspice_says_how_to_install_it)
{
  const struct program_setting nowhere = {.path = ""};
  struct program p =
    program_run(&nowhere, "netlist", sine, "-o", scratch_path("deck"),
                "--verify", sine_data, NULL);

  cr_expect(eq(int, p.status, 1), "%s", p.err);
  cr_expect(is_one_sentence(p.err, "quench: ", "apt-get install ngspice"));
  cr_expect(qn_file_exists(scratch_path("deck/tb_sine_ltc8.cir")));
  program_release(&p);
}

Test(netlist_command, a_failing_ngspice_is_quoted_and_its_deck_kept)
{
  struct program_setting broken = {.path = scratch_path("bin")};
  const char *tool, *at;
  char kept[512] = "";
  struct program p;

  setenv("TMPDIR", scratch_folder(), 1);
  cr_assert(eq(int, qn_file_make_folder(broken.path, NULL), QN_OK));
  tool = scratch_text("bin/ngspice",
                      "#!/bin/sh\necho 'Error: no more luck'\nexit 9\n");
  cr_assert(eq(int, chmod(tool, 0755), 0));
  p = program_run(&broken, "netlist", sine, "-o", scratch_path("deck"),
                  "--verify", sine_data, NULL);
  cr_expect(eq(int, p.status, 1));
  cr_expect(is_one_sentence(p.err, "quench: ", "no more luck"));
  at = strstr(p.err, scratch_folder());
  cr_assert(at != NULL, "%s", p.err);
  snprintf(kept, sizeof kept, "%.*s/tb_sine_ltc8_0.cir", (int)strcspn(at, ":"),
           at);
  cr_expect(qn_file_exists(kept), "%s", kept);
  program_release(&p);
}

Test(netlist_command, a_folder_that_cannot_be_written_is_named)
{
  const char *folder = scratch_path("shut");
  char inside[512];

  cr_assert(eq(int, qn_file_make_folder(folder, NULL), QN_OK));
  cr_assert(eq(int, chmod(folder, 0555), 0));
  snprintf(inside, sizeof inside, "%s/deck", folder);
  if (geteuid()) /* root may write anywhere */
    FAILS(inside, "", "cannot make folder", "netlist", sine, "-o", inside);
  FAILS("/proc/quench/deck", "", "cannot make folder", "netlist", sine, "-o",
        "/proc/quench/deck");
  cr_assert(eq(int, chmod(folder, 0755), 0));
}

Test(netlist_command, an_unknown_dialect_lists_those_there_are)
{
  FAILS("hspice", "", "ngspice, xyce, spectre", "netlist", sine, "-o",
        scratch_path("deck"), "--dialect", "hspice");
}

Test(netlist_command, options_that_do_not_go_together_are_refused)
{
  const char *folder = scratch_path("deck");
  struct program p = program_run(NULL, "netlist", sine, NULL);

  cr_expect(eq(int, p.status, 2));
  cr_expect(is_one_sentence(
    p.err, "quench netlist: ", "--output or --check or --draw"));
  program_release(&p);
  FAILS("--data", "", "names the data already", "netlist", sine, "-o", folder,
        "--data", sine_data, "--verify", sine_data);
  FAILS("--verify", "", "expected -o DIR", "netlist", sine, "--draw",
        scratch_path("a.svg"), "--verify", sine_data);
  FAILS("--sequence", "", "expected --data DATA", "netlist", sine, "-o", folder,
        "--sequence", "1");
  FAILS("--sequences", "", "expected --verify DATA", "netlist", sine, "-o",
        folder, "--data", sine_data, "-n", "1");
  FAILS("--verify", "", "it runs ngspice", "netlist", sine, "-o", folder,
        "--dialect", "xyce", "--verify", sine_data);
  FAILS("--transient-noise", "", "expected -o DIR", "netlist", sine, "--draw",
        scratch_path("a.svg"), "--transient-noise");
  FAILS("--transient-noise", "", "neither --verify nor --check", "netlist",
        sine, "-t", "sky130_reram", "-o", folder, "--verify", sine_data,
        "--transient-noise");
  FAILS("xyce", "", "its transients have no noise", "netlist", sine, "-t",
        "sky130_reram", "-o", folder, "--dialect", "xyce", "--transient-noise");
  FAILS("ideal", "", "no noise at the membranes", "netlist", sine, "-t",
        "ideal", "-o", folder, "--transient-noise");
  FAILS(sine_data, "", "no sequence 4: it has 1", "netlist", sine, "-o", folder,
        "--data", sine_data, "--sequence", "4");
}

/* ---- --check ---------------------------------------------------------------------------- */

/* run the deck of a technology as its user would; the raw file's path */
static const char *run_deck(const char *technology, const char *die)
{
  const char *folder = scratch_path("deck");
  const char *const argv[] = {"ngspice", "-b", "-n", "tb_sine_ltc8.cir", NULL};
  struct program p =
    program_run(NULL, "netlist", sine, "-t", technology, "-o", folder, "--data",
                sine_data, die ? "--die" : NULL, die, NULL);
  qn_diag diag = {0};

  cr_assert(eq(int, p.status, 0), "%s", p.err);
  program_release(&p);
  cr_assert(eq(int, qn_process_run(argv, folder, NULL, 60, NULL, &diag), QN_OK),
            "%s", diag.message);
  return scratch_path("deck/sine_ltc8.raw");
}

Test(netlist_command, what_a_user_ran_is_what_analog_computes)
{
  const char *raw = run_deck("sky130_reram", "3");
  struct program p =
    program_run(NULL, "netlist", sine, "-t", "sky130_reram", "--die", "3",
                "--check", raw, "--data", sine_data, "--json", NULL);
  json_t *object = json_loads(p.out, 0, NULL);
  const json_t *r = result_with(object, "worst_percent");

  cr_assert(eq(int, p.status, 0), "%s", p.err);
  cr_expect(number(r, "worst_percent") < number(r, "limit_percent"));
  cr_expect(number(r, "points") > 48);
  cr_expect(number(r, "apart_samples") < 1e-8);
  cr_expect(eq(str, (char *)json_string_value(json_object_get(r, "file")),
               (char *)raw));
  expect_node(r);
  json_decref(object);
  program_release(&p);
  /* another die is another chip */
  p = program_run(NULL, "netlist", sine, "-t", "sky130_reram", "--check", raw,
                  "--data", sine_data, NULL);
  cr_expect(eq(int, p.status, 3), "%d: %s", p.status, p.err);
  program_release(&p);
}

/* the same results as Xyce's CSV would hold them, and spoilt by a millivolt */
static char *csv_of(const char *raw, double error)
{
  char *bytes, *data;
  size_t size, points;
  qn_text t;

  cr_assert(eq(int, qn_file_read(raw, &bytes, &size, NULL), QN_OK));
  points = strtoul(strstr(bytes, "No. Points:") + 11, NULL, 10);
  data = strstr(bytes, "Binary:\n") + 8;
  qn_text_init(&t);
  qn_text_add(&t, "TIME");
  for (int j = 7; j >= 0; j--)
    qn_text_add(&t, ",V(N%d)", j);
  for (size_t i = 0; i < points; i++) {
    double v[9];

    memcpy(v, data + i * sizeof v, sizeof v);
    qn_text_add(&t, "\n%.12e", v[0]);
    for (int j = 7; j >= 0; j--)
      qn_text_add(&t, ",%.12e", v[1 + j] + (j == 5 ? error : 0));
  }
  qn_text_add(&t, "\n");
  free(bytes);
  return t.data;
}

static struct program check_csv(const char *raw, double error)
{
  char *csv = csv_of(raw, error);
  const char *path = scratch_text("results.csv", csv);

  free(csv);
  return program_run(NULL, "netlist", sine, "-t", "ideal", "--check", path,
                     "--data", sine_data, NULL);
}

Test(netlist_command, a_csv_of_another_simulator_is_checked_too)
{
  const char *raw = run_deck("ideal", NULL);
  struct program p = check_csv(raw, 0);

  cr_expect(eq(int, p.status, 0), "%s", p.err);
  cr_expect(strstr(p.out, "results.csv against analog: worst ") != NULL);
  program_release(&p);
  p = check_csv(raw, 1e-3); /* of some 100 mV */
  cr_expect(eq(int, p.status, 3), "%d: %s", p.status, p.err);
  cr_expect(strstr(p.err, "results.csv: n5, sequence 0, step ") != NULL, "%s",
            p.err);
  cr_expect(strstr(p.err, "was it the same chip") != NULL, "%s", p.err);
  program_release(&p);
}

Test(netlist_command, a_wrong_file_to_check_is_one_sentence)
{
  const char *text = scratch_text("wrong.csv", "time,v(n0)\n0,0\n");

  FAILS(text, "n1", "of 6 more membranes", "netlist", sine, "--check", text,
        "--data", sine_data);
  text = scratch_text("notes.txt", "these are\nmy notes\n");
  FAILS(text, "line 1", "no column 'time'", "netlist", sine, "--check", text);
  text = scratch_text("empty.raw", "");
  FAILS(text, "", "empty", "netlist", sine, "--check", text);
  FAILS("nowhere.raw", "", "cannot open", "netlist", sine, "--check",
        "nowhere.raw");
}

/* ---- --draw ----------------------------------------------------------------------------- */

static char *read_drawing(const char *name)
{
  char *svg;
  size_t size;

  cr_assert(
    eq(int, qn_file_read(scratch_path(name), &svg, &size, NULL), QN_OK));
  return svg;
}

Test(netlist_command, draw_writes_one_picture_the_same_twice)
{
  const char *const names[] = {"a.svg", "b.svg"};
  const char *at, *wrong;
  char *svg[2];

  for (int i = 0; i < 2; i++) {
    struct program p = program_run(NULL, "netlist", sine, "-t", "sky130_reram",
                                   "--draw", scratch_path(names[i]), NULL);

    cr_assert(eq(int, p.status, 0), "%s", p.err);
    cr_expect(strstr(p.out, "floor plan and cells of sine_ltc8") != NULL);
    program_release(&p);
    svg[i] = read_drawing(names[i]);
  }
  wrong = xml_complaint(svg[0], &at);
  cr_expect(wrong == NULL, "%s at %.60s", wrong, at);
  cr_expect(eq(str, svg[0], svg[1]));
  free(svg[0]);
  free(svg[1]);
}

Test(netlist_command, a_png_needs_a_program_and_says_which)
{
  const struct program_setting nowhere = {.path = ""};
  const char *png = scratch_path("a.png");

  expect_fails(&nowhere,
               (const char *const[]){"netlist", sine, "--draw", png, NULL}, png,
               "", "apt-get install librsvg2-bin");
  FAILS(scratch_path("a.pdf"), "", "ends in .svg or .png", "netlist", sine,
        "--draw", scratch_path("a.pdf"));
}

/* a converter that does what it is told, and one that does not */
Test(netlist_command, a_png_comes_from_the_converter_that_is_there)
{
  struct program_setting own = {.path = scratch_path("bin")};
  char *path = qn_text_format("%s:/usr/bin:/bin", own.path), *png;
  const char *tool;
  struct program p;

  cr_assert(eq(int, qn_file_make_folder(own.path, NULL), QN_OK));
  own.path = path;
  tool =
    scratch_text("bin/rsvg-convert", "#!/bin/sh\nhead -c 5 \"$3\" > \"$2\"\n");
  cr_assert(eq(int, chmod(tool, 0755), 0));
  p = program_run(&own, "netlist", sine, "--draw", scratch_path("a.png"), NULL);
  cr_expect(eq(int, p.status, 0), "%s", p.err);
  program_release(&p);
  png = read_drawing("a.png");
  cr_expect(eq(str, png, "<?xml"));
  free(png);
  tool = scratch_text("bin/rsvg-convert",
                      "#!/bin/sh\necho 'out of ink' >&2\nexit 1\n");
  cr_assert(eq(int, chmod(tool, 0755), 0));
  p = program_run(&own, "netlist", sine, "--draw", scratch_path("b.png"), NULL);
  cr_expect(eq(int, p.status, 1));
  cr_expect(is_one_sentence(p.err, "quench: ", "out of ink"));
  cr_expect(not(qn_file_exists(scratch_path("b.png"))));
  program_release(&p);
  free(path);
}
