/* chip_text.h - pieces of a chip's deck that both forms share. */
#ifndef QN_NETLIST_CHIP_TEXT_H
#define QN_NETLIST_CHIP_TEXT_H

#include <quench/chip.h>
#include <quench/text.h>

/* Pins of subcircuit qn_chip, on continuation lines: inputs, then neurons. */
void qn_chip_text_pins(qn_text *text, const qn_chip *chip);

/* The comment that opens neuron j; net may be NULL. */
void qn_chip_text_neuron(qn_text *text, const qn_chip *chip,
                         const qn_network *net, size_t j);

/* The body of qn_chip in flat form. */
void qn_chip_text_flat(qn_text *text, const qn_chip *chip,
                       const qn_network *net);

#endif
