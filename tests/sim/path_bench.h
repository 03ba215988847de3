/* path_bench.h - one path of a small chip, stepped by hand. */
#ifndef QN_TEST_PATH_BENCH_H
#define QN_TEST_PATH_BENCH_H

#include "sim/noise_path_step.h"
#include "tests/sim/noise_chip.h"

typedef struct path_bench {
  qn_path_model model;
  qn_path *path;
  double from, to; /* the input, V */
  qn_ramp ramp;
} path_bench;

/* Into the caller's storage, which must not move. `step` is the longest, in
 * shortest time constants; a failure fails the test. */
void path_bench_open(path_bench *b, const noise_chip *c, double step);
void path_bench_close(path_bench *b);

/* The input moves from one voltage at time 0 to another at t_end. */
void path_bench_drive(path_bench *b, double from, double to, double t_end);

/* A sequence begins, at zero. */
void path_bench_begin(path_bench *b, uint64_t seed);

/* Thermal noise alone at this temperature. */
void path_bench_thermal(noise_chip *c, size_t units, double kelvin);

#endif
