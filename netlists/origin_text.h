/* origin_text.h - where the parts of a chip come from in its network: comments
 * behind instances. ASCII, names cut (the map has them whole). */
#ifndef QN_NETLIST_ORIGIN_TEXT_H
#define QN_NETLIST_ORIGIN_TEXT_H

#include "netlists/expression.h"
#include <quench/chip.h>
#include <quench/network.h>

typedef struct qn_origin_text {
  const qn_chip *chip;
  const qn_network *net; /* NULL: not known, or not the chip's */
  int layered;           /* its wiring names layers */
  int ncp;               /* which are inter, command and motor */
} qn_origin_text;

/* Values are told where net's synapses are the chip's. QN_ENOMEM. */
qn_status qn_origin_text_init(qn_origin_text *origin, const qn_chip *chip,
                              const qn_network *net);

/* "n3 (CO2)": a neuron, with the name of its output. */
void qn_origin_text_add_neuron(qn_text *text, const qn_chip *chip, size_t j);

/* ", motor", ", layer 2", or nothing */
void qn_origin_text_add_layer(qn_text *text, const qn_origin_text *origin,
                              size_t j);

/* " ; n3 (CO2), motor, cm[3]=0.4" */
void qn_origin_text_add_membrane(qn_text *text, const qn_origin_text *origin,
                                 size_t j);

/* " ; leak of n3 (CO2), motor, gleak[3]=1.5 vleak[3]=-0.2" */
void qn_origin_text_add_leak(qn_text *text, const qn_origin_text *origin,
                             size_t j);

/* " ; n3 (CO2) to n5, command to inter, w[3,5]=0.31 sigma=4.1 mu=0.3
 * erev=-0.8": indices are those of the network's tensors. */
void qn_origin_text_add_synapse(qn_text *text, const qn_origin_text *origin,
                                qn_place place, size_t i);

#endif
