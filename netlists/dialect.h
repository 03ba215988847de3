/* dialect.h - one simulator's deck. The chip and the first part of a testbench
 * (inputs and the chip's instance) are one portable text (docs/netlists.md);
 * a dialect is what it makes of that, and the analysis it adds. */
#ifndef QN_NETLIST_DIALECT_H
#define QN_NETLIST_DIALECT_H

#include "netlists/noise_text.h"
#include <quench/netlist.h>
#include <quench/text.h>

/* One transient, times in s. */
typedef struct qn_analysis {
  const qn_chip *chip;
  const qn_spice_accuracy *accuracy;
  double least_step_s, end_s, max_step_s;
  const char *results; /* name of the file with the results */
} qn_analysis;

/* Noise at rest, from the output to the frequencies. */
typedef struct qn_noise_analysis {
  const qn_chip *chip;
  double low_hz, high_hz;
  const char *results; /* as above */
} qn_noise_analysis;

struct qn_dialect {
  const char *name;    /* "xyce" */
  const char *tried;   /* what it was run on, or that it never was */
  const char *suffix;  /* of its decks: ".cir" */
  const char *results; /* of its results: ".csv"; NULL: has no testbench */
  const char *run;     /* command before the testbench's name */

  /* a portable text in its own words; NULL: as it is */
  void (*translate)(qn_text *text, const char *portable);

  /* a file of the cells alone, in place of the chip; NULL: the chip */
  void (*add_cells)(qn_text *text, const qn_chip *chip);

  /* options, transient, probes */
  void (*add_analysis)(qn_text *text, const qn_analysis *analysis);

  /* options and noise of membrane n0, whose first source is Vx0; NULL: none */
  void (*add_noise)(qn_text *text, const qn_noise_analysis *analysis);

  qn_noise_from noise;     /* of the transient's chip */
  const qn_dialect *noisy; /* the same with noise in it; NULL: it cannot */
};

extern const qn_dialect qn_dialect_ngspice, qn_dialect_xyce, qn_dialect_spectre,
  qn_dialect_verilog_a;
extern const qn_dialect qn_dialect_noisy_ngspice; /* not in the list */

/* "v(n0) v(n1)", each behind a blank: membranes, and the states of memristors
 * that move; `form` has a node's name, paths have `separator`. */
void qn_dialect_add_probes(qn_text *text, const qn_chip *chip, const char *form,
                           char separator);

/* qn_dialect.translate of Spectre. */
void qn_spectre_translate(qn_text *text, const char *portable);

/* qn_dialect.add_cells of Verilog-A. */
void qn_verilog_a_add_cells(qn_text *text, const qn_chip *chip);

#endif
