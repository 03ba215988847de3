/* quantised.h - a network in fixed point: what fixed, rtl and gates open. */
#ifndef QN_QUANTISED_H
#define QN_QUANTISED_H

#include <quench/core.h>
#include <quench/cosim.h>
#include <quench/realisation.h>

struct quantised {
  const qn_network *net;
  qn_settings settings;
  qn_core *core;
};

qn_status qn_quantised_open(void **out, const qn_network *net,
                            const qn_settings *settings, qn_diag *diag);
void qn_quantised_close(void *quantised); /* NULL is allowed */

/* The core in cosimulation on `target`: what rtl and gates run. */
qn_status qn_quantised_cosim(const struct quantised *q,
                             const qn_cosim_target *target,
                             const qn_dataset *data, qn_trace *out,
                             qn_report *report, qn_diag *diag);

/* What was clipped, for the report. */
void qn_quantised_note_clips(size_t clipped_inputs, int saturated,
                             qn_report *report);

#endif
