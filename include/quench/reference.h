/* reference.h - a network as ncps runs it: fused semi-implicit steps in
 * float64, in ncps' order of operations (ncps 1.0.1, torch/ltc_cell.py). */
#ifndef QN_REFERENCE_H
#define QN_REFERENCE_H

#include <quench/progress.h>
#include <quench/trace.h>

/* unfolds 0: the network's own. Each sequence starts from state zero; results
 * do not depend on workers. */
qn_status qn_reference_run(const qn_network *net, const qn_dataset *data,
                           unsigned unfolds, unsigned workers,
                           const qn_progress *progress, qn_trace *out);

#endif
