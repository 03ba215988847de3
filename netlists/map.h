/* map.h - from a deck's nodes back to the network's names. */
#ifndef QN_NETLIST_MAP_H
#define QN_NETLIST_MAP_H

#include <quench/chip.h>
#include <quench/network.h>
#include <quench/text.h>

/* CSV: node,is,layer,name; a line an input, then one a neuron. Names stand
 * whole, byte for byte, in quotes: that of an input or of an output neuron,
 * nothing for the others. `net` NULL: no layers. */
void qn_map_add(qn_text *text, const qn_chip *chip, const qn_network *net);

#endif
