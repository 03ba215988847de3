/* info.c - `quench info` run and read. */
#include "tests/cli/info.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

json_t *info_read(const char *path, json_t **object)
{
  struct program p = program_run(NULL, "info", path, "--json", NULL);

  *object = json_loads(p.out, JSON_REJECT_DUPLICATES, NULL);
  cr_assert(eq(int, p.status, 0), "%s: %s", path, p.err);
  cr_assert(eq(str, p.err, ""));
  cr_assert(eq(int, json_is_object(*object), 1), "%s: not JSON", path);
  program_release(&p);
  return json_array_get(json_object_get(*object, "results"), 0);
}

struct program info_page(const char *path)
{
  struct program p = program_run(NULL, "info", path, NULL);

  cr_assert(eq(int, p.status, 0), "%s: %s", path, p.err);
  cr_assert(eq(str, p.err, ""));
  return p;
}

double info_number(const json_t *object, const char *key)
{
  const json_t *v = json_object_get(object, key);

  cr_assert(eq(int, json_is_number(v) != 0, 1), "no number %s", key);
  return json_number_value(v);
}

const char *info_text(const json_t *object, const char *key)
{
  const char *s = json_string_value(json_object_get(object, key));

  return s ? s : "";
}

int info_is_null(const json_t *object, const char *key)
{
  return json_is_null(json_object_get(object, key));
}

const json_t *info_neuron(const json_t *entry, size_t j)
{
  return json_array_get(json_object_get(entry, "neurons"), j);
}

const char *info_written(struct network_file *f)
{
  const char *path = network_file_write(f, "net.safetensors");

  network_file_free(f);
  return path;
}

const char *info_line(const char *page, const char *begin)
{
  const char *at = strstr(page, begin);

  while (at && at != page && at[-1] != '\n')
    at = strstr(at + 1, begin);
  return at;
}

void info_expect_shown(double shown, double x)
{
  cr_expect_float_eq(shown, x, 0.00501 * fabs(x), "%g is shown as %g", x,
                     shown);
}

struct network_file *info_easy(void)
{
  struct network_file *f = network_file_alloc(2, 3, 1);

  network_file_set(f, "ode_unfolds", "60");
  return f;
}
