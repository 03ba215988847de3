/* example.c - open a network of tests/data. */
#include "tests/sim/example.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

const char *const example_names[3] = {"sine_ltc8", "occupancy_ltc19",
                                      "gesture_ltc32"};

example example_open(const char *name)
{
  example e = {0};
  qn_diag diag = {0};
  char path[128];

  snprintf(path, sizeof path, "tests/data/%s.safetensors", name);
  cr_assert_eq(qn_network_read(&e.net, path, &diag), QN_OK, "%s: %s", path,
               diag.message);
  snprintf(path, sizeof path, "tests/data/%s.reference.safetensors", name);
  cr_assert_eq(qn_dataset_read(&e.data, path, e.net, QN_INPUT_AS_IS, &diag),
               QN_OK, "%s: %s", path, diag.message);
  cr_assert_eq(qn_trace_alloc(&e.trace, e.net, e.data), QN_OK);
  return e;
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

  for (size_t i = 0; i < n; i++)
    if (!(fabs(a[i] - b[i]) <= worst))
      worst = fabs(a[i] - b[i]);
  return worst;
}
