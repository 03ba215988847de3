/* on_reference.c - the network as ncps runs it. */
#include <stdlib.h>

#include "realisations/records.h"
#include <quench/reference.h>

struct instance {
  const qn_network *net;
  qn_settings settings;
};

static qn_status check(const qn_network *net, qn_diag *diag)
{
  (void)net, (void)diag;
  return QN_OK;
}

static qn_status open_instance(void **out, const qn_network *net,
                               const qn_settings *settings, qn_diag *diag)
{
  struct instance *i = malloc(sizeof *i);

  *out = i;
  if (!i)
    return qn_diag_out_of_memory(diag);
  *i = (struct instance){net, *settings};
  return QN_OK;
}

static qn_status run(void *instance, const qn_dataset *data, qn_trace *out,
                     qn_report *report, qn_diag *diag)
{
  const struct instance *i = instance;
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
  .open = open_instance,
  .run = run,
  .close = free,
};
