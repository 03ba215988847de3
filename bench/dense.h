/* dense.h - a random network as ncps draws one, every neuron onto every
 * neuron, two inputs, and random inputs for it: always the same. */
#ifndef QN_BENCH_DENSE_H
#define QN_BENCH_DENSE_H

#include <quench/dataset.h>

enum { DENSE_INPUTS = 2 };

/* Ends the program where memory is short. */
void dense_open(qn_network *net, size_t units);
void dense_close(qn_network *net);

/* [samples, DENSE_INPUTS], to be freed */
double *dense_inputs(size_t samples);

#endif
