/* memristor_state.h - where memristors that move (memristor.read_disturb=on)
 * have their states in a deck.
 *
 * Each is on a node x of its own, 0 V to 1 V: a capacitor that starts at x0, the
 * state that its conductance means, and that a source charges with the rate; f
 * is the factor that is left where the device cannot reach its conductance. */
#ifndef QN_NETLIST_MEMRISTOR_STATE_H
#define QN_NETLIST_MEMRISTOR_STATE_H

#include "netlists/expression.h"
#include <quench/netlist.h>

/* Whether the chip's memristors move. */
int qn_memristor_moves(const qn_chip *chip);

/* What stands for memristor `number` where it moves; both 0 where it is
 * absent. */
typedef struct qn_memristor_start {
  double x, factor;
} qn_memristor_start;

qn_memristor_start qn_memristor_start_of(const qn_chip *chip, size_t number);

/* Whether a cell has this one alone: a transconductor. */
int qn_memristor_is_alone(const qn_chip *chip, size_t number);

/* qn_netlist_state_node() with a dialect's separator for '.'. */
qn_state_node qn_memristor_state_node(const qn_chip *chip, size_t number,
                                      char separator);

/* The first memristor from `number` on that has a state, or
 * qn_chip_memristors(). */
size_t qn_memristor_with_state(const qn_chip *chip, size_t number);

/* The capacitor that holds a state [F]: as large as the least membrane's, so
 * that one tolerance serves both. */
qn_decimal qn_memristor_state_farad(const qn_chip *chip);

/* Whether memristors move so slowly without a voltage that it may be left out:
 * less than 1e-12 of the range in a million samples. */
int qn_memristor_rests(const qn_chip *chip);

#endif
