/* test_usage.c - arguments and help (DESIGN section 5). */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/cli/program.h"
#include <quench/text.h>

TestSuite(usage, .init = scratch_open, .fini = scratch_close, .timeout = 300);

static const char sine[] = "tests/data/sine_ltc8.safetensors";
static const char sine_data[] = "tests/data/sine_ltc8.reference.safetensors";

Test(usage, a_mistake_in_the_arguments_exits_2_and_points_to_help)
{
  static const struct {
    const char *part;
    const char *arguments[8];
  } rows[] = {
    {"no command 'rum'", {"rum", sine, sine_data}},
    {"no command ''", {""}},
    {"expected NET DATA", {"run", sine}},
    {"expected NET DATA", {"run", sine, sine_data, "third"}},
    {"expected NET", {"info"}},
    {"expected no arguments", {"list", "all"}},
    {"unknown option --fast", {"run", sine, sine_data, "--fast"}},
    {"unknown option --raw", {"info", sine, "--raw"}},
    {"unknown option -x", {"info", "-x", sine}},
    {"a value is missing after --on", {"run", sine, sine_data, "--on"}},
    {"a value is missing after -o", {"run", sine, sine_data, "-o"}},
    {"--sequences 0: expected a whole number from 1",
     {"run", sine, sine_data, "-n", "0"}},
    {"--sequences 1.5: expected a whole number",
     {"run", sine, sine_data, "-n", "1.5"}},
    {"--bits 99: expected a whole number from 6 to 24",
     {"run", sine, sine_data, "--bits", "99"}},
    {"--tolerance tight: expected a number",
     {"run", sine, sine_data, "--tolerance", "tight"}},
    {"--tolerance nan: expected a number",
     {"run", sine, sine_data, "--tolerance", "nan"}},
    {"--jobs -1: expected a whole number",
     {"run", sine, sine_data, "--jobs", "-1"}},
  };

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct program p = program_run_list(NULL, rows[i].arguments);
    const char *end = strchr(p.err, '\n');

    cr_expect(eq(int, p.status, 2), "%s", rows[i].part);
    cr_expect(eq(str, p.out, ""));
    cr_expect(eq(int, strncmp(p.err, "quench", 6), 0));
    cr_expect(strstr(p.err, rows[i].part) != NULL, "%s", p.err);
    cr_expect(strstr(p.err, "--help") != NULL, "%s", p.err);
    cr_expect(end && !end[1], "one line: %s", p.err);
    program_release(&p);
  }
}

Test(usage, nothing_at_all_shows_the_commands_and_exits_2)
{
  struct program p = program_run(NULL, NULL);

  cr_expect(eq(int, p.status, 2));
  cr_expect(eq(str, p.out, ""));
  cr_expect(strstr(p.err, "usage: quench COMMAND") != NULL);
  program_release(&p);
}

/* the names are the first words of the indented lines of --help */
Test(usage, every_command_in_help_has_its_own_help)
{
  struct program all = program_run(NULL, "--help", NULL);
  size_t commands = 0;

  cr_expect(eq(int, all.status, 0));
  cr_expect(eq(str, all.err, ""));
  for (char *line = strstr(all.out, "\n  "); line;
       line = strstr(line + 1, "\n  ")) {
    char name[32] = "", first[64];
    struct program p;

    cr_assert(eq(int, sscanf(line, " %31s", name), 1));
    p = program_run(NULL, name, "--help", NULL);
    snprintf(first, sizeof first, "usage: quench %s", name);
    cr_expect(eq(int, p.status, 0), "%s", name);
    cr_expect(eq(int, strncmp(p.out, first, strlen(first)), 0), "%s", name);
    cr_expect(strstr(p.out, "--json") != NULL, "%s", name);
    cr_expect(strstr(p.out, "--quiet") != NULL, "%s", name);
    cr_expect(eq(str, p.err, ""));
    program_release(&p);
    commands++;
  }
  cr_expect(ge(sz, commands, 6));
  program_release(&all);
}

Test(usage, version_is_the_one_in_json)
{
  struct program p = program_run(NULL, "--version", NULL);
  struct program q = program_run(NULL, "list", "--json", NULL);
  json_t *object = json_loads(q.out, 0, NULL);
  char *want = qn_text_format(
    "quench %s\n", json_string_value(json_object_get(object, "quench")));

  cr_expect(eq(int, p.status, 0));
  cr_expect(eq(str, p.out, want));
  free(want);
  json_decref(object);
  program_release(&p);
  program_release(&q);
}
