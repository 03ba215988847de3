/* reference.h - a network as ncps 1.0.1 runs it, in float64: an LTC's fused
 * semi-implicit steps (torch/ltc_cell.py), CfC cells (cfc_cell.py,
 * wired_cfc_cell.py), the memory in front of either (lstm.py). */
#ifndef QN_REFERENCE_H
#define QN_REFERENCE_H

#include <quench/progress.h>
#include <quench/trace.h>

/* unfolds 0: the network's own; a CfC has none. Each sequence starts from state
 * zero. Its results do not depend, to the last bit, on workers nor on the
 * other sequences; they may on the processor (with AVX-512, with AVX2 and
 * FMA, without: some units in the last place). */
qn_status qn_reference_run(const qn_network *net, const qn_dataset *data,
                           unsigned unfolds, unsigned workers,
                           const qn_progress *progress, qn_trace *out);

#endif
