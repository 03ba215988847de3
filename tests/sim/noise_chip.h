/* noise_chip.h - small chips with numbers a test can work with by hand, every
 * membrane an output, a unit a volt's tenth and a microsecond. */
#ifndef QN_TEST_NOISE_CHIP_H
#define QN_TEST_NOISE_CHIP_H

#include <stdint.h>

#include <quench/noise.h>

enum { NOISE_CHIP_UNITS = 6, NOISE_CHIP_ROWS = 4, NOISE_CHIP_BRANCHES = 40 };

/* 2 uS leak to each rail, 1 pF; rails at 1 V and 0.2 V about 0.6 V; ohmic.
 * Every neuron has a sensory branch from the one input (3 uS up, 1 uS down, half
 * open at 0.6 V). Rows of the input: 1, -2, 3, 0 for 1, 0.3, 2, 0.7 units. No
 * noise until a test switches it on. */
typedef struct noise_chip {
  qn_network net; /* no more of it than a trace needs */
  qn_dataset data;
  qn_chip chip;
  qn_branch recurrent[NOISE_CHIP_BRANCHES], sensory[NOISE_CHIP_UNITS];
  size_t first_recurrent[NOISE_CHIP_UNITS + 1];
  size_t first_sensory[NOISE_CHIP_UNITS + 1], first_row[2];
  double capacitance[NOISE_CHIP_UNITS];
  double leak_plus[NOISE_CHIP_UNITS], leak_minus[NOISE_CHIP_UNITS];
  double scale[NOISE_CHIP_UNITS];
  double input[NOISE_CHIP_ROWS], span[NOISE_CHIP_ROWS];
  double one[NOISE_CHIP_UNITS], zero[NOISE_CHIP_UNITS];
  char *name[NOISE_CHIP_UNITS];
} noise_chip;

/* Into the caller's storage, which must not move; without recurrent branches. */
void noise_chip_open(noise_chip *c, size_t units);

/* Onto the last neuron that has any, or one after: posts rise. */
void noise_chip_connect(noise_chip *c, size_t pre, size_t post, double plus_s,
                        double minus_s, qn_gate gate);

/* Conductances, capacitors, gates and who is connected to whom (to itself too)
 * from a seed; any kind of cell, every kind of noise. */
void noise_chip_draw(noise_chip *c, uint64_t seed);

/* One row of this input, so long. */
void noise_chip_hold(noise_chip *c, double input, double span);

/* qn_noise_run(), or a failed test; qn_noise_free() is the caller's. */
qn_noise *noise_chip_run(const noise_chip *c, qn_noise_split split,
                         double tolerance);

/* The same from P(0) = start kT/C of each membrane. */
qn_noise *noise_chip_run_from(const noise_chip *c, double start,
                              double tolerance);

/* V2 of a membrane's variance, of two membranes' covariance, at a row */
double noise_chip_cov(const noise_chip *c, const qn_noise *r, size_t row,
                      size_t i, size_t j);

/* Membrane at the end of a row, V against the common mode. */
double noise_chip_volts(const noise_chip *c, const qn_noise *r, size_t row,
                        size_t j);

#endif
