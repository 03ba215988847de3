/* on_rtl.c - the core's Verilog in Verilator, every state write compared with the
 * C model. */
#include "realisations/quantised.h"
#include "realisations/records.h"

static qn_status run(void *instance, const qn_dataset *data, qn_trace *out,
                     qn_report *report, qn_diag *diag)
{
  return qn_quantised_cosim(instance, &qn_cosim_rtl, data, out, report, diag);
}

const qn_realisation qn_realisation_rtl = {
  .name = "rtl",
  .title = "the core's Verilog in Verilator",
  .takes = QN_TAKES_CORE,
  .tools = {"verilator"},
  .twin = {.realisation = "fixed"},
  .cost = "cycles_per_step",
  .open = qn_quantised_open,
  .run = run,
  .close = qn_quantised_close,
};
