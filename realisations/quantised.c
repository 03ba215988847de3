/* quantised.c - quantise a network and run its core. */
#include "realisations/quantised.h"

#include <stdlib.h>

#include <quench/quantise.h>

qn_status qn_quantised_open(void **out, const qn_network *net,
                            const qn_settings *settings, qn_diag *diag)
{
  struct quantised *q = calloc(1, sizeof *q);
  qn_core_options opt = qn_core_options_default;

  *out = q;
  if (!q)
    return qn_diag_out_of_memory(diag);
  q->net = net;
  q->settings = *settings;
  opt.width = settings->width;
  if (settings->span > 0)
    opt.span = settings->span;
  return qn_core_quantise(&q->core, net, &opt, diag);
}

void qn_quantised_close(void *quantised)
{
  struct quantised *q = quantised;

  if (!q)
    return;
  qn_core_free(q->core);
  free(q);
}

void qn_quantised_note_clips(size_t clipped_inputs, int saturated,
                             qn_report *report)
{
  qn_report_add(report, "clipped_inputs", (double)clipped_inputs);
  if (clipped_inputs)
    qn_report_note(report,
                   "%zu inputs were beyond their feature's range and were "
                   "clipped",
                   clipped_inputs);
  if (saturated)
    qn_report_note(report, "a sum or quotient saturated");
}

qn_status qn_quantised_cosim(const struct quantised *q,
                             const qn_cosim_target *target,
                             const qn_dataset *data, qn_trace *out,
                             qn_report *report, qn_diag *diag)
{
  qn_cosim_options opt = qn_cosim_options_default;
  qn_cosim_report r = {0};
  qn_status st;

  opt.target = target;
  opt.progress = q->settings.progress;
  opt.children = q->settings.workers;
  if (opt.children > QN_COSIM_CHILDREN_MAX)
    opt.children = QN_COSIM_CHILDREN_MAX;
  st = qn_cosim_run(q->core, data, &opt, out, &r, diag);
  qn_report_add(report, "bits", q->core->width);
  qn_report_add(report, "cycles_per_step", r.cycles_measured);
  qn_report_add(report, "state_writes_equal", (double)r.state_writes);
  qn_quantised_note_clips(r.clipped_inputs, r.saturated, report);
  return st;
}
