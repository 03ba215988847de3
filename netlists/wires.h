/* wires.h - a crossbar's wires as resistors and capacitors.
 *
 * Rows are named by rail and line, p_l and m_l for the leaks, p_x3 and m_x3 for
 * input 3, p_n2 and m_n2 for neuron 2; columns by membrane. Where a memristor
 * joins row p_x3 to column n5, p_x3_n5 is the node on the row and n5_p_x3 the
 * one on the column. A wire without resistance is one node: plus, minus, or
 * n5. A resistor or capacitor is named as the node that it leads to. */
#ifndef QN_NETLIST_WIRES_H
#define QN_NETLIST_WIRES_H

#include <quench/chip.h>
#include <quench/text.h>

/* Whether wires have resistance: then each crossing has nodes of its own. */
int qn_wires_exist(const qn_chip *chip);

/* Whether memristor `number` stands between a rail and a membrane: absent ones
 * do not, nor do those of transconductors. */
int qn_wires_join(const qn_chip *chip, size_t number);

/* Nodes of a pair of memristors: at the membrane, then at the rails. "n5 plus
 * minus", with wires "n5_p_x3 n5_m_x3 p_x3_n5 m_x3_n5"; one that is absent
 * joins the ends of the wires, "n5" and "plus". */
void qn_wires_add_nodes(qn_text *text, const qn_chip *chip, qn_place place,
                        size_t i);

/* Resistors of every stretch of wire and a capacitor for each node of a wire,
 * with a comment before them; nothing where the technology has neither. */
void qn_wires_add(qn_text *text, const qn_chip *chip);

#endif
