/* bounds.h - what holds for a network's states, outputs and time constants
 * whatever its inputs are. In model units and model seconds. */
#ifndef QN_BOUNDS_H
#define QN_BOUNDS_H

#include <quench/network.h>

/* [low, high]; infinite where nothing is guaranteed. */
typedef struct qn_interval {
  double low, high;
} qn_interval;

/* Where neuron j is at the start of a sequence, at 0, and after every sample of
 * at least `span` model seconds, > 0.
 *
 * LTC: the hull of 0, vleak and its reversal potentials (Hasani et al. 2018,
 * arXiv 1811.00321, lemma 3; Hasani et al., AAAI 2021, theorem 2), in fused
 * steps and in continuous time. With mixed memory each sample starts from the
 * memory's tanh(c) s(o), which widens it by [-1, 1]. Nothing where cm, gleak or
 * a weight of this neuron is below 0; where one of another neuron is, it holds
 * as long as that neuron's state is finite.
 *
 * CfC default: (1 - s) tanh + s tanh, [-1, 1]; no_gate: [-2, 2]; pure:
 *   h = A (1 - f exp(-span (|w_tau| + |f|)))
 * and |f| exp(-span |f|) is largest at |f| = 1 / span, so h lies within A (1 -+
 * exp(-span |w_tau|) / (e span)). What h was before does not matter, nor does
 * mixed memory. */
qn_interval qn_bounds_state(const qn_network *net, size_t j, double span);

/* Output m, of any states within their bounds. */
qn_interval qn_bounds_output(const qn_network *net, size_t m, double span);

/* Time constant of an LTC's neuron j, from every gate open to every gate
 * closed: cm / (gleak + the sum of w over its synapses, sensory ones included)
 * to cm / gleak, infinite where gleak is 0 (Hasani et al. 2018, lemma 2; 2021,
 * theorem 1). [0, 0] where cm is 0. NaN of a CfC's neuron, which has none, and
 * where cm, gleak or a weight of this neuron is below 0. */
qn_interval qn_bounds_time_constant(const qn_network *net, size_t j);

#endif
