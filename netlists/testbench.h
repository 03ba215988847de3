/* testbench.h - the deck around a chip: the inputs of one sequence, options, a
 * transient, and the membranes written to a file. */
#ifndef QN_NETLIST_TESTBENCH_H
#define QN_NETLIST_TESTBENCH_H

#include "netlists/dialect.h"
#include <quench/netlist.h>
#include <quench/text.h>

/* names of the files of a testbench, relative to its folder */
typedef struct qn_testbench_files {
  const char *chip; /* the deck with qn_chip */
  const char *raw;  /* results; lower case: ngspice folds names */
} qn_testbench_files;

/* Rise of an input step, of its sample: the chip's, at least a millionth, for
 * SPICE cannot jump, and much closer corners count as one, which it steps
 * over. That is a delay of half of it, and moves a membrane by less than 2e-7
 * of what the jump does to it. */
double qn_testbench_rise(const qn_chip *chip);

/* End of a sample on the chip, s, from that of the one before it. */
double qn_testbench_end(const qn_chip *chip, const qn_dataset *data, size_t row,
                        double start);

/* Of a sequence on the chip, s. */
double qn_testbench_length(const qn_chip *chip, const qn_dataset *data,
                           size_t sequence);

/* *clipped is raised by the inputs that a driver's range bound. */
void qn_testbench_add(qn_text *text, const qn_dialect *dialect,
                      const qn_chip *chip, const qn_dataset *data,
                      size_t sequence, const qn_spice_accuracy *accuracy,
                      const qn_testbench_files *files, size_t *clipped);

/* The same for noise at rest under the first inputs of the sequence, between
 * one over its length and a hundred times the fastest membrane's corner; the
 * dialect has it. */
void qn_testbench_add_noise(qn_text *text, const qn_dialect *dialect,
                            const qn_chip *chip, const qn_dataset *data,
                            size_t sequence, const qn_testbench_files *files);

#endif
