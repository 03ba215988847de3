/* chip_text.h - pieces of a chip's deck that both forms share. */
#ifndef QN_NETLIST_CHIP_TEXT_H
#define QN_NETLIST_CHIP_TEXT_H

#include "netlists/noise_text.h"
#include "netlists/origin_text.h"
#include <quench/netlist.h>

/* Pins of subcircuit qn_chip, on continuation lines: inputs, then neurons. */
void qn_chip_text_pins(qn_text *text, const qn_chip *chip);

/* The comment that opens neuron j. */
void qn_chip_text_neuron(qn_text *text, const qn_origin_text *origin, size_t j);

/* The body of qn_chip in flat form. */
void qn_chip_text_flat(qn_text *text, const qn_origin_text *origin);

/* qn_netlist_chip_text() with the technology's noise from there. The caller
 * frees *text. */
qn_status qn_chip_text_alloc(char **text, const qn_chip *chip,
                             const qn_network *net, qn_netlist_form form,
                             qn_noise_wanted noise, qn_diag *diag);

#endif
