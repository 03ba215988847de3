/* clip_cost.h - what each clipped neuron or synapse costs on data. */
#ifndef QN_CLIP_COST_H
#define QN_CLIP_COST_H

#include "cli/load.h"

/* Run the chip with nothing clipped, and with the elements of one neuron or
 * synapse clipped, one after the other; say how far states and outputs go. A
 * chip that clips nothing runs nothing. */
qn_status qn_clip_cost(const qn_network *net, const qn_dataset *data,
                       const qn_cli_options *opt, qn_console *console);

#endif
