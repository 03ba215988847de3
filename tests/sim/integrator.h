/* integrator.h - the tests' own integrator: explicit Runge-Kutta 5(4) of
 * Dormand and Prince (J. Comput. Appl. Math. 6, 1980) with step control at
 * 1e-12 absolute, sharing no code with the library. */
#ifndef QN_TEST_INTEGRATOR_H
#define QN_TEST_INTEGRATOR_H

#include <quench/dataset.h>

/* dx/dt of x [n] into dx. */
typedef void qn_test_slope(void *arg, const double *x, double *dx);

/* From x [n] on for a time `span`; x receives the state there. */
void qn_test_advance(qn_test_slope *f, void *arg, size_t n, double span,
                     double *x);

/* With mixed memory the potentials begin each sample at the h of
 * tests/sim/plain.c. States [rows, units] of the continuous equation; the caller frees them. */
double *qn_test_integrate(const qn_network *net, const qn_dataset *data);

#endif
