/* random_network.h - small LTC networks drawn from a seed, in the ranges of
 * trained ones and at their edges. */
#ifndef QN_TEST_RANDOM_NETWORK_H
#define QN_TEST_RANDOM_NETWORK_H

#include <quench/dataset.h>
#include <quench/network.h>

typedef struct random_spec {
  unsigned seed;
  size_t inputs, units, outputs;
  unsigned unfolds;
  double density;   /* of synapses, 0..1 */
  int zero_leak;    /* neuron 0 has cm = gleak = 0, neuron 1 gleak = 0 */
  qn_map_kind maps; /* of inputs and outputs */
} random_spec;

/* Both are freed by the caller; what cannot be allocated fails the test. */
qn_network *random_network(const random_spec *spec);
qn_dataset *random_dataset(const qn_network *net, unsigned seed,
                           size_t sequences, size_t steps, double range);

/* Uniform in [low, high], from a state that must not be 0. */
double random_between(unsigned *state, double low, double high);

#endif
