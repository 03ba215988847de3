/* memristor_text.h - memristors as subcircuits, and what their instances say.
 *
 * One that stands still has its conductance as a parameter, g; one that moves
 * has f and x0 (memristor_state.h). */
#ifndef QN_NETLIST_MEMRISTOR_TEXT_H
#define QN_NETLIST_MEMRISTOR_TEXT_H

#include "netlists/cell_text.h"
#include "netlists/memristor_state.h"

/* ---- subcircuits ------------------------------------------------------------ */

/* qn_memristor, and its equations in comments. */
void qn_memristor_text_add(qn_text *text, const qn_cell_text *cells);

/* qn_gated: the same behind a gate, in words `what`. */
void qn_memristor_text_add_gated(qn_text *text, const qn_cell_text *cells,
                                 const char *what);

/* Of a transconductor: its g as an expression, and the lines that hold the
 * state, if it moves: it sees the read voltage, always. */
void qn_memristor_text_add_setting(qn_text *text, const qn_cell_text *cells);
void qn_memristor_text_add_setting_state(qn_text *text,
                                         const qn_cell_text *cells);

/* ---- parameters --------------------------------------------------------------- */

/* A pair's in a subcircuit, before and after the cell's: " gp=0 gm=0" and
 * " p_v0=0.1 m_v0=0.1", which ends the line. */
void qn_memristor_text_add_pair(qn_text *text, const qn_cell_text *cells);
void qn_memristor_text_add_pair_own(qn_text *text, const qn_cell_text *cells);

/* The same on an instance: " gp=1e-06 gm=2e-06" and, where they differ from the
 * technology's, " p_v0=0.11". */
void qn_memristor_text_set_pair(qn_text *text, const qn_cell_text *cells,
                                qn_place place, size_t i);
void qn_memristor_text_set_pair_own(qn_text *text, const qn_cell_text *cells,
                                    qn_place place, size_t i);

/* Of a transconductor: " g=0", and on an instance " g=1e-06". */
void qn_memristor_text_add_one(qn_text *text, const qn_cell_text *cells);
void qn_memristor_text_set_one(qn_text *text, const qn_cell_text *cells,
                               qn_place place, size_t i);

/* What a cell passes on to its memristor of a side: "g={gp} d_v0={p_v0}", g
 * with a closed switch in series where that is not 0. */
void qn_memristor_text_pass_on(qn_text *text, const qn_cell_text *cells,
                               qn_side side, double switch_ohm);

#endif
