/* wiring.h - which layers of a network feed which, counted from the synapses
 * that are there. */
#ifndef QN_WIRING_H
#define QN_WIRING_H

#include <quench/network.h>

#define QN_INPUTS SIZE_MAX /* qn_link.from: the inputs, not a layer */

/* Synapses onto one neuron. */
typedef struct qn_fan_in {
  size_t min, max;
  double median;
} qn_fan_in;

/* All synapses from one layer onto another. */
typedef struct qn_link {
  size_t from, to; /* layers */
  size_t synapses;
  size_t possible;     /* neurons of `from` times those of `to` */
  size_t above, below; /* an LTC's with erev > 0 and with erev < 0 */
  qn_fan_in fan_in;    /* of the neurons of `to` */
} qn_link;

typedef struct qn_wiring {
  size_t layers;
  size_t *size;              /* [layers] neurons */
  size_t links;              /* those that hold a synapse, by `to`, then `from`
                                with the inputs first */
  qn_link *link;             /* [links] */
  size_t *sensory;           /* [units] synapses from inputs onto each neuron */
  size_t *recurrent;         /* [units] and from neurons */
  size_t *feeds;             /* [inputs] synapses from each input */
  size_t synapses, possible; /* of all links, and of all pairs */
  qn_fan_in fan_in;          /* of all neurons, from everywhere */
} qn_wiring;

/* An LTC's synapses; of CfC cells without a backbone what ff1 or ff2 connects
 * (their time gates see everything). Behind a backbone every neuron sees every
 * input and state: there are no links and all counts are 0. The caller frees
 * *out. */
qn_status qn_wiring_alloc(qn_wiring **out, const qn_network *net);
void qn_wiring_free(qn_wiring *wiring); /* NULL is allowed */

/* Whether the layers are those of a neural circuit policy (Lechner et al.
 * 2020), inter, command and motor: inputs feed the first alone, it the second
 * alone, that one itself and the third. In a wired CfC, where every layer feeds
 * itself too, whether there are three. */
int qn_wiring_is_ncp(const qn_wiring *wiring, const qn_network *net);

#endif
