/* on_reference.c - the network as ncps runs it. */
#include <stdlib.h>

#include "realisations/plain.h"
#include "realisations/records.h"
#include <quench/reference.h>

static qn_status check(const qn_network *net, qn_diag *diag)
{
  (void)net, (void)diag;
  return QN_OK;
}

static qn_status run(void *instance, const qn_dataset *data, qn_trace *out,
                     qn_report *report, qn_diag *diag)
{
  const struct plain *i = instance;
  unsigned unfolds =
    i->settings.unfolds ? i->settings.unfolds : i->net->ltc.unfolds;
  qn_status st = qn_reference_run(i->net, data, unfolds, i->settings.workers,
                                  i->settings.progress, out);

  qn_report_add(report, "unfolds", unfolds);
  return st ? qn_diag_set(diag, st, NULL, NULL, "%s", qn_status_text(st)) : st;
}

const qn_realisation qn_realisation_reference = {
  .name = "reference",
  .title = "ncps' fused steps in float64",
  .file_limit = 1e-12,
  .cost = "unfolds",
  .check = check,
  .open = qn_plain_open,
  .run = run,
  .close = free,
};
