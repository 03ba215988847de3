/* die.h - one fabricated sample of a chip.
 *
 * A die is a chip too, with the values that its memristors, gates, capacitors
 * and rails came out with: it runs, and is written as a netlist, as the chip
 * does. What is drawn is a function of (seed, die) and of the element alone:
 * the same die on every machine, whatever else is on the chip. */
#ifndef QN_DIE_H
#define QN_DIE_H

#include <stdint.h>

#include <quench/chip.h>

typedef struct qn_die {
  uint64_t seed;
  uint32_t number;
} qn_die;

/* Draw one die by the spreads of the chip's technology:
 *   conductance   G + sigma(G) N, sigma the technology's polynomial, at least 0
 *   stuck         at conductance_min_s or conductance_max_s
 *   drift         (age / drift_start)^-nu, nu = |N| of mean and spread, where
 *                 the age is beyond the start
 *   gates         threshold + (offset of the gate) / gain + offset of the
 *                 amplifier, gain (1 + slope error); both by Pelgrom's law,
 *                 A / sqrt(area) (JSSC 24, 1989, p. 1433); a steered cell's
 *                 second pair has its own, behind the same amplifier
 *   reversal      of a transconductor: + offset of a pair
 *   parameters    of a memristor's device: (1 + spread N), held to their range;
 *                 its conductance is what was programmed, where they reach it
 *   readouts      + N
 *   capacitors    C (1 + A_C / sqrt(area) N)
 *   rails         + N
 * Branches that are absent stay so. *out is a chip of its own. */
qn_status qn_die_draw(qn_chip **out, const qn_chip *chip, qn_die die,
                      qn_diag *diag);

/* A network mapped to a technology by name or .yaml file, and one of its dies
 * where `die` is not NULL. */
qn_status qn_chip_open(qn_chip **out, const qn_network *net,
                       const char *technology, const qn_die *die,
                       qn_diag *diag);

/* What a die got, against its chip. */
typedef struct qn_die_report {
  size_t memristors;
  size_t stuck;             /* at either end of the window */
  double conductance_rms;   /* of (G - G chip) / G chip, those stuck left out */
  double conductance_worst; /* the largest, those stuck left out */
  double threshold_rms;     /* of gates, model units */
  double threshold_worst;   /* model units */
  double slope_rms;         /* of gates, relative */
  double capacitor_rms;     /* relative */
  double rail_plus_error_v, rail_minus_error_v;
} qn_die_report;

qn_die_report qn_die_compare(const qn_chip *die, const qn_chip *chip);

#endif
