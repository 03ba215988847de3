/* failure.c - what every failure of the program must look like. */
#include "tests/cli/failure.h"

#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/base/scratch.h"
#include <quench/text.h>

int is_one_sentence(const char *err, const char *begin, const char *part)
{
  size_t n = strlen(begin);
  const char *end = strchr(err, '\n');
  int is = !strncmp(err, begin, n) && strlen(err) > n + 10 && end && !end[1] &&
           strstr(err + n, part);

  if (!is)
    cr_log_error("stderr is \"%s\", expected \"%s...%s...\"", err, begin, part);
  return is;
}

static void expect_json_error(const char *json, const char *file,
                              const char *place, const char *part)
{
  json_error_t where;
  json_t *object = json_loads(json, 0, &where);
  const json_t *error = json_object_get(object, "error");

  cr_expect(eq(int, json_is_object(object), 1), "not one JSON object: %s",
            json);
  cr_expect(eq(sz, json_object_size(error), 3));
  cr_expect(eq(str, (char *)json_string_value(json_object_get(error, "file")),
               (char *)file));
  cr_expect(eq(str, (char *)json_string_value(json_object_get(error, "place")),
               (char *)place));
  cr_expect(
    strstr(json_string_value(json_object_get(error, "message")), part) != NULL);
  cr_expect(eq(int, json_is_array(json_object_get(object, "results")), 1));
  cr_expect(eq(sz, json_array_size(json_object_get(object, "results")), 0));
  json_decref(object);
}

void expect_fails(const struct program_setting *setting,
                  const char *const *arguments, const char *file,
                  const char *place, const char *part)
{
  const char *with_json[24] = {NULL};
  size_t before = scratch_files(), n = 0;
  char *begin = qn_text_format("quench: %s%s%s%s", file, *file ? ": " : "",
                               place, *place ? ": " : "");
  struct program p = program_run_list(setting, arguments);

  cr_expect(eq(int, p.status, 1), "%s", part);
  cr_expect(is_one_sentence(p.err, begin, part));
  cr_expect(eq(str, p.out, ""));
  program_release(&p);
  for (; arguments[n]; n++)
    with_json[n] = arguments[n];
  with_json[n] = "--json";
  p = program_run_list(setting, with_json);
  cr_expect(eq(int, p.status, 1), "%s --json", part);
  cr_expect(is_one_sentence(p.err, begin, part));
  expect_json_error(p.out, file, place, part);
  program_release(&p);
  cr_expect(eq(sz, scratch_files(), before), "%s: something was left", part);
  free(begin);
}
