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
 * if they cannot be read. A drawn one's NAME begins with "drawn/". */
example example_open(const char *name);
void example_close(example *e);

/* The same of tests/data/cut: "sine_ltc3", "occupancy_ltc3", three neurons of a
 * trained network each; there are inputs alone. */
example example_open_cut(const char *name);

/* Largest |a - b| over n numbers; NaN if any is. */
double largest_difference(const double *a, const double *b, size_t n);

/* The same, a difference from a |b| above 1 relative to it. */
double largest_relative_difference(const double *a, const double *b, size_t n);

/* Every test that is about all LTCs, or all CfCs, runs over these. */
extern const char *const example_names[3];
extern const char *const example_cfc_names[2];

/* Names "drawn/..." of the networks in tests/data/drawn, in order, ended by
 * NULL; freed by the caller with example_drawn_free(). */
char **example_drawn(void);
void example_drawn_free(char **names);

#endif
