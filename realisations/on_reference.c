/* on_reference.c - the network as ncps runs it. */
#include <stdlib.h>

#include "realisations/plain.h"
#include "realisations/records.h"
#include <quench/reference.h>

static qn_status run(void *instance, const qn_dataset *data, qn_trace *out,
                     qn_report *report, qn_diag *diag)
{
  const struct plain *i = instance;
  unsigned unfolds =
    i->settings.unfolds ? i->settings.unfolds : i->net->ltc.unfolds;
  qn_status st;

  if (i->settings.unfolds && i->net->cell != QN_CELL_LTC)
    return qn_diag_set(diag, QN_EUNSUPPORTED, i->net->path, NULL,
                       "'%s' cells have no unfolds to choose",
                       qn_cell_name(i->net->cell));
  st = qn_reference_run(i->net, data, unfolds, i->settings.workers,
                        i->settings.progress, out);
  if (i->net->cell == QN_CELL_LTC)
    qn_report_add(report, "unfolds", unfolds);
  return st ? qn_diag_set(diag, st, NULL, NULL, "%s", qn_status_text(st)) : st;
}

const qn_realisation qn_realisation_reference = {
  .name = "reference",
  .title = "ncps' own steps in float64",
  .takes = QN_TAKES_ALL,
  .file_limit = 1e-12,
  .cost = "unfolds",
  .open = qn_plain_open,
  .run = run,
  .close = free,
};
