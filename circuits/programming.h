/* programming.h - how far a programmed conductance lands from what was meant:
 * a die draws by it, the mapper avoids what lands far. */
#ifndef QN_PROGRAMMING_H
#define QN_PROGRAMMING_H

#include <quench/technology.h>

/* Deviation [S] of a conductance g on a die: the technology's polynomial in
 * g / conductance_max_s, at least 0. */
double qn_programming_deviation(const qn_technology *tech, double g);

#endif
