/* example.h - the trained networks of tests/data with what ncps computed. */
#ifndef QN_TEST_EXAMPLE_H
#define QN_TEST_EXAMPLE_H

#include <quench/dataset.h>
#include <quench/trace.h>

typedef struct example {
  qn_network *net;
  qn_dataset *data; /* outputs and states are ncps' */
  qn_trace *trace;  /* room for a run */
} example;

/* tests/data/NAME.safetensors and NAME.reference.safetensors; fails the test
 * if they cannot be read. */
example example_open(const char *name);
void example_close(example *e);

/* Largest |a - b| over n numbers; NaN if any is. */
double largest_difference(const double *a, const double *b, size_t n);

/* Every test that is about all of them runs over these. */
extern const char *const example_names[3];

#endif
