/* evaluate.h - SPICE's expressions of numbers, as ngspice and Xyce read them. */
#ifndef QN_TEST_EVALUATE_H
#define QN_TEST_EVALUATE_H

/* Numbers, + - * / **, parentheses and the functions that decks may use; fails
 * the test at anything else. */
double evaluate(const char *expression);

#endif
