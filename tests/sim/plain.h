/* plain.h - a network as ncps 1.0.1 writes it, element by element, one
 * sequence after another, on libm: it shares no code with the library. */
#ifndef QN_TEST_PLAIN_H
#define QN_TEST_PLAIN_H

#include <quench/dataset.h>
#include <quench/trace.h>

/* torch/lstm.py: the state h and the memory c [units] of the LSTM from a row
 * of features. */
void plain_remember(const qn_network *net, const double *row, double *h,
                    double *c);

/* Outputs and states of every sequence; unfolds of an LTC. */
void plain_run(const qn_network *net, const qn_dataset *data, unsigned unfolds,
               qn_trace *out);

#endif
