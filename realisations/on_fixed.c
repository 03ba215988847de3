/* on_fixed.c - the C model of the fixed-point core. */
#include "realisations/quantised.h"
#include "realisations/records.h"
#include <quench/golden.h>

static qn_status run(void *instance, const qn_dataset *data, qn_trace *out,
                     qn_report *report, qn_diag *diag)
{
  const struct quantised *q = instance;
  qn_golden_report r = {0};
  qn_status st = qn_golden_run(q->core, data, q->settings.workers,
                               q->settings.progress, out, &r, diag);

  qn_report_add(report, "bits", q->core->width);
  qn_report_add(report, "cycles_per_step", q->core->cycles);
  qn_quantised_note_clips(r.clipped_inputs, r.saturated, report);
  return st;
}

const qn_realisation qn_realisation_fixed = {
  .name = "fixed",
  .title = "the C model of the fixed-point core",
  .takes = QN_TAKES_CORE,
  .cost = "bits",
  .open = qn_quantised_open,
  .run = run,
  .close = qn_quantised_close,
};
