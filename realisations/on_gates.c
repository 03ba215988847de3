/* on_gates.c - the core after synthesis for iCE40, in Verilator, every state write
 * compared with the C model. */
#include "realisations/quantised.h"
#include "realisations/records.h"

static qn_status run(void *instance, const qn_dataset *data, qn_trace *out,
                     qn_report *report, qn_diag *diag)
{
  return qn_quantised_cosim(instance, &qn_cosim_gates, data, out, report, diag);
}

const qn_realisation qn_realisation_gates = {
  .name = "gates",
  .title = "the core's gates after synthesis (Yosys, iCE40) in Verilator",
  .takes = QN_TAKES_CORE,
  .tools = {"yosys", "verilator"},
  .sequences = 2,
  .twin = {.realisation = "fixed"},
  .cost = "cycles_per_step",
  .open = qn_quantised_open,
  .run = run,
  .close = qn_quantised_close,
};
