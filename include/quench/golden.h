/* golden.h - the core in C: the integer operations of the Verilog, bit for bit,
 * from the same memory images (realisation `fixed`). */
#ifndef QN_GOLDEN_H
#define QN_GOLDEN_H

#include <quench/core.h>
#include <quench/dataset.h>
#include <quench/progress.h>
#include <quench/trace.h>

/* One core's registers. A step takes words of one sample; nothing is allocated
 * in it. */
typedef struct qn_golden qn_golden;

qn_status qn_golden_alloc(qn_golden **out, const qn_core *core);
void qn_golden_free(qn_golden *golden); /* NULL is allowed */

void qn_golden_reset(qn_golden *golden); /* every state zero */

/* One sample: inputs [core->inputs] (any int32, clipped to the word as the
 * stream does), outputs [core->outputs], and unless NULL every state write in
 * order, writes [unfolds * units]. */
void qn_golden_step(qn_golden *golden, const int32_t *input, int32_t *output,
                    int32_t *writes);

const int32_t *qn_golden_state(const qn_golden *golden); /* [units] */
int qn_golden_saturated(const qn_golden *golden); /* sticky until reset */

typedef struct qn_golden_report {
  size_t samples;
  size_t clipped_inputs; /* words beyond their feature's range */
  int saturated;         /* a sum or quotient was clipped: never, by proof */
} qn_golden_report;

/* A whole dataset, sequences over `workers` threads, into `out`, which has the
 * room; report and progress may be NULL. */
qn_status qn_golden_run(const qn_core *core, const qn_dataset *data,
                        unsigned workers, const qn_progress *progress,
                        qn_trace *out, qn_golden_report *report, qn_diag *diag);

/* The operations of one module each (also for the tests). */
int32_t qn_golden_gate(const qn_core *core, int32_t argument);
int32_t qn_golden_divide(const qn_core *core, int64_t num, int64_t den,
                         int *clipped);

#endif
