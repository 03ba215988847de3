/* mapper.h - network + technology -> chip. */
#ifndef QN_MAPPER_H
#define QN_MAPPER_H

#include <quench/chip.h>

/* Choose rails, scales, conductances, capacitors and gate gains; what does not
 * fit is clipped and listed in the chip. QN_EUNSUPPORTED for a neuron with no
 * capacitor, leak and synapse. */
qn_status qn_chip_map(qn_chip **out, const qn_network *net,
                      const qn_technology *tech, qn_diag *diag);

#endif
