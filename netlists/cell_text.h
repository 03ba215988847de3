/* cell_text.h - the subcircuits that a chip is drawn with, and their instances. */
#ifndef QN_NETLIST_CELL_TEXT_H
#define QN_NETLIST_CELL_TEXT_H

#include "netlists/noise_text.h"
#include <quench/chip.h>
#include <quench/text.h>

/* How the memristors of a chip are drawn. */
typedef struct qn_cell_text {
  const qn_chip *chip;
  int wired; /* each has a crossing of its own */
  int moves; /* each has a state */
  qn_noise_text noise;
  /* parameters of the laws that not every memristor has as the technology
   * says: a subcircuit's, named d_<name>, of a pair p_<name> and m_<name> */
  int own[QN_DEVICE_PARAMETERS_MAX];
} qn_cell_text;

void qn_cell_text_init(qn_cell_text *cells, const qn_chip *chip,
                       qn_noise_wanted noise);

/* Whether any parameter is. */
int qn_cell_text_differ(const qn_cell_text *cells);

/* The subcircuits that the chip uses, and their equations in comments. */
void qn_cell_text_add_library(qn_text *text, const qn_cell_text *cells);

/* One instance each, without what ends the line; nothing, and 0, where there is
 * no memristor. */
int qn_cell_text_add_leak(qn_text *text, const qn_cell_text *cells, size_t j);
int qn_cell_text_add_synapse(qn_text *text, const qn_cell_text *cells,
                             qn_place place, size_t i);

/* What 1 S of a transconductor carries at voltage expression v: V_L tanh(v /
 * V_L), or v. */
void qn_cell_text_add_limited(qn_text *text, const qn_chip *chip,
                              const char *v);

/* The branch of a synapse. */
const qn_branch *qn_cell_text_branch(const qn_chip *chip, qn_place place,
                                     size_t i);

#endif
