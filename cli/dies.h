/* dies.h - many dies of one technology on the same data. */
#ifndef QN_DIES_H
#define QN_DIES_H

#include "cli/comparison.h"

/* Run dies 0 to opt->dies - 1 of --seed on analog and say how their metric and
 * their distance from the chip as meant spread. */
qn_status qn_dies_compare(const struct comparison *c, const char *technology);

#endif
