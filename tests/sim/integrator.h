/* integrator.h - the tests' own integrator of an LTC network: explicit
 * Runge-Kutta 5(4) of Dormand and Prince (J. Comput. Appl. Math. 6, 1980) with
 * step control at 1e-12, sharing no code with the library. With mixed memory
 * the potentials begin each sample at the h of tests/sim/plain.c. */
#ifndef QN_TEST_INTEGRATOR_H
#define QN_TEST_INTEGRATOR_H

#include <quench/dataset.h>

/* States [rows, units] of the continuous equation; the caller frees them. */
double *qn_test_integrate(const qn_network *net, const qn_dataset *data);

#endif
