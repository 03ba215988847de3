/* example.c - open a network of tests/data. */
#include "tests/sim/example.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/text.h>

const char *const example_names[3] = {"sine_ltc8", "occupancy_ltc19",
                                      "gesture_ltc32"};
const char *const example_cfc_names[2] = {"occupancy_cfc16", "person_cfcncp40"};

static example open_both(const char *name, const char *data)
{
  example e = {0};
  qn_diag diag = {0};
  char path[128];

  snprintf(path, sizeof path, "tests/data/%s.safetensors", name);
  cr_assert_eq(qn_network_read(&e.net, path, &diag), QN_OK, "%s: %s", path,
               diag.message);
  snprintf(path, sizeof path, "tests/data/%s.%s.safetensors", name, data);
  cr_assert_eq(qn_dataset_read(&e.data, path, e.net, QN_INPUT_AS_IS, &diag),
               QN_OK, "%s: %s", path, diag.message);
  cr_assert_eq(qn_trace_alloc(&e.trace, e.net, e.data), QN_OK);
  return e;
}

example example_open(const char *name)
{
  return open_both(name, "reference");
}

example example_open_cut(const char *name)
{
  char path[64];

  snprintf(path, sizeof path, "cut/%s", name);
  return open_both(path, "inputs");
}

void example_close(example *e)
{
  qn_trace_free(e->trace);
  qn_dataset_free(e->data);
  qn_network_free(e->net);
}

double largest_difference(const double *a, const double *b, size_t n)
{
  double worst = 0;

  for (size_t i = 0; i < n && !isnan(worst); i++)
    if (!(fabs(a[i] - b[i]) <= worst))
      worst = fabs(a[i] - b[i]);
  return worst;
}

double largest_relative_difference(const double *a, const double *b, size_t n)
{
  double worst = 0;

  for (size_t i = 0; i < n && !isnan(worst); i++) {
    double off = fabs(a[i] - b[i]) / fmax(1, fabs(b[i]));

    if (!(off <= worst))
      worst = off;
  }
  return worst;
}

/* ---- drawn networks --------------------------------------------------------------- */

enum { DRAWN_MAX = 64 };

/* NAME of NAME.reference.safetensors */
static char *drawn_name(const char *file)
{
  const char *end = strstr(file, ".reference.safetensors");

  return end ? qn_text_format("drawn/%.*s", (int)(end - file), file) : NULL;
}

static int by_name(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

char **example_drawn(void)
{
  char **names = calloc(DRAWN_MAX + 1, sizeof *names);
  DIR *folder = opendir("tests/data/drawn");
  const struct dirent *entry;
  size_t n = 0;

  cr_assert(folder != NULL && names != NULL);
  while ((entry = readdir(folder)))
    if (n < DRAWN_MAX && (names[n] = drawn_name(entry->d_name)))
      n++;
  closedir(folder);
  cr_assert(n > 0 && n < DRAWN_MAX);
  qsort(names, n, sizeof *names, by_name);
  return names;
}

void example_drawn_free(char **names)
{
  for (size_t i = 0; names[i]; i++)
    free(names[i]);
  free(names);
}
