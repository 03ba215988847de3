/* reference_on.h - the reference with a chosen kernel. */
#ifndef QN_REFERENCE_ON_H
#define QN_REFERENCE_ON_H

#include <quench/reference.h>

#include "sim/step.h"

qn_status qn_reference_run_on(const qn_step_kernel *kernel,
                              const qn_network *net, const qn_dataset *data,
                              unsigned unfolds, unsigned workers,
                              const qn_progress *progress, qn_trace *out);

#endif
