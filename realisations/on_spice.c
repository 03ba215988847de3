/* on_spice.c - the chip's netlist in ngspice. */
#include "realisations/mapped.h"
#include "realisations/records.h"
#include <quench/netlist.h>
static qn_status run(void *instance, const qn_dataset *data, qn_trace *out,
                     qn_report *report, qn_diag *diag)
{
  const struct mapped *m = instance;
  qn_spice_report r = {0};
  qn_status st = qn_spice_run(m->chip, m->net, data, NULL, m->settings.workers,
                              m->settings.progress, out, &r, diag);

  qn_report_add(report, "transient_s", r.transient_s);
  qn_report_add(report, "time_points_per_step",
                (double)r.time_points / (double)data->rows);
  if (r.warnings)
    qn_report_note(report, "ngspice warned: %s", r.warning);
  qn_mapped_note_clips(m, r.clipped_inputs, r.clipped_outputs, report);
  return st;
}

const qn_realisation qn_realisation_spice = {
  .name = "spice",
  .title = "the chip's netlist in ngspice",
  .takes = QN_TAKES_CIRCUIT,
  .tools = {"ngspice"},
  .takes_technology = 1,
  .sequences = 3,
  .twin = {.realisation = "analog", .limit_percent = 1e-2},
  .cost = "time_points_per_step",
  .open = qn_mapped_open,
  .run = run,
  .close = qn_mapped_close,
};
