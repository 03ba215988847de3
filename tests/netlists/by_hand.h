/* by_hand.h - a small chip by the equations of include/quench/chip.h and
 * Kirchhoff's laws on the whole grid of its crossbar, empty crossings included;
 * it shares with the decks the chip's values and numbers, with the library
 * the devices' laws. */
#ifndef QN_TEST_BY_HAND_H
#define QN_TEST_BY_HAND_H

#include "tests/netlists/small.h"

/* Membranes [SMALL_ROWS, units] in model units at the ends of samples. */
void by_hand_run(const small *s, double *state);

#endif
