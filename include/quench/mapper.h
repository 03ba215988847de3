/* mapper.h - network + technology -> chip. */
#ifndef QN_MAPPER_H
#define QN_MAPPER_H

#include <quench/chip.h>

/* Choose rails, scales, conductances, capacitors and gate gains; what does not
 * fit is clipped and listed in the chip.
 *
 * A unit is as many volts as scale.volts_per_unit_max, the read voltage between
 * the rails, the supply and the compliance of the cells allow. Of the scales of
 * a neuron that clip nothing the one that scale.prefer asks for is taken:
 *   accuracy  of least predicted error: levels, programming, kT/C
 *   power     the smallest; a model second as long as the capacitors allow
 *   area      capacitors as equal as can be, then small; a model second as
 *             short as the smallest capacitor allows
 * Where its power at rest or its area is above scale.power_budget_w or
 * area_budget_m2 a common upper bound on the scales is lowered and a model
 * second shortened, no farther than needed. What bound each choice stands in
 * the chip.
 *
 * QN_EUNSUPPORTED for a neuron with no capacitor, leak and synapse, and for a
 * budget below the least that is possible, naming what takes most of it. */
qn_status qn_chip_map(qn_chip **out, const qn_network *net,
                      const qn_technology *tech, qn_diag *diag);

#endif
