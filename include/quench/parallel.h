/* parallel.h - independent pieces of work on all cores. */
#ifndef QN_PARALLEL_H
#define QN_PARALLEL_H

#include <stddef.h>

#include <quench/status.h>

/* One piece: index in [0, count), worker in [0, workers) so that each thread
 * may own a workspace. */
typedef qn_status qn_work_fn(size_t index, unsigned worker, void *arg);

/* Call work for every index. Returns the failure of the lowest failing index
 * that ran; after a failure no new piece starts. */
qn_status qn_parallel_for(size_t count, unsigned workers, qn_work_fn *work,
                          void *arg);

unsigned qn_parallel_cores(void); /* at least 1 */

#endif
