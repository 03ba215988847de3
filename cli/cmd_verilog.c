/* cmd_verilog.c - the core as a folder that stands alone, and its cost. */
#include "cli/commands.h"
#include "cli/load.h"
#include <quench/fpga.h>
#include <quench/verilog.h>

static void tell_cells(const char *what, const qn_fpga_cells *c,
                       qn_console *console)
{
  qn_console_say(console, "  %-10s %5u logic cells, %2u DSPs, %2u RAMs\n", what,
                 c->logic_cells, c->dsps, c->rams);
}

static void tell_place(const qn_core *core, const qn_fpga_device *device,
                       const qn_fpga_report *r, qn_console *console)
{
  unsigned cycles = qn_core_cycles_per_sample(core);

  qn_console_say(console, "placed on %s: %s\n", device->name, device->summary);
  tell_cells("core", &r->core, console);
  tell_cells("wrapper", &r->wrapper, console);
  tell_cells("available", &r->available, console);
  qn_console_say(console, "  Fmax       %.1f MHz, %u cycles a step: %.1f us\n",
                 r->fmax_hz * 1e-6, core->cycles, cycles / r->fmax_hz * 1e6);
  json_array_append_new(
    console->results,
    json_pack("{s:s, s:i, s:i, s:i, s:i, s:f, s:i}", "device", device->name,
              "logic_cells", (int)r->core.logic_cells, "dsps",
              (int)r->core.dsps, "rams", (int)r->core.rams,
              "wrapper_logic_cells", (int)r->wrapper.logic_cells, "fmax_hz",
              r->fmax_hz, "cycles_per_step", (int)core->cycles));
}

static qn_status place(const qn_cli_options *opt, const qn_core *core,
                       qn_console *console)
{
  const qn_fpga_device *device;
  qn_fpga_report report;
  qn_status st;

  if (!opt->place)
    return QN_OK;
  device = qn_fpga_device_find(opt->place);
  st = qn_fpga_place(core, device, &console->progress, &report, &console->diag);
  if (!st)
    tell_place(core, device, &report, console);
  return st;
}

static qn_status verilog(const qn_cli_options *opt, const qn_network *net,
                         qn_console *console)
{
  qn_core *core;
  qn_status st;

  st = qn_load_core(&core, net, NULL, opt, console);
  if (!st)
    st = qn_verilog_write(core, opt->output, &console->diag);
  if (!st) {
    qn_console_say(
      console, "%s: module %s, %u bits, %zu neurons, %u cycles a step\n",
      opt->output, core->name, core->width, core->units, core->cycles);
    json_array_append_new(
      console->results,
      json_pack("{s:s, s:s, s:i, s:i, s:s}", "folder", opt->output, "module",
                core->name, "bits", (int)core->width, "cycles_per_step",
                (int)core->cycles, "layout_hash", core->layout_hash));
    st = place(opt, core, console);
  }
  qn_core_free(core);
  return st;
}

static qn_status run(const qn_cli_options *opt, qn_console *console)
{
  qn_network *net;
  qn_status st = QN_OK;

  if (opt->place && !qn_fpga_device_find(opt->place))
    st = qn_diag_set(&console->diag, QN_EINVAL, "--place", opt->place,
                     "no such device: expected up5k or hx8k");
  if (!st)
    st = qn_load_network(&net, opt, console);
  if (st)
    return st;
  st = verilog(opt, net, console);
  qn_network_free(net);
  return st;
}

static const char *const options[] = {"output", "bits", "place", NULL};

const qn_command qn_command_verilog = {
  .name = "verilog",
  .arguments = "NET",
  .count = 1,
  .summary = "The fixed-point core in Verilog, with testbench and weights",
  .details = "-o names the folder. --place also prints logic cells, DSPs, RAMs "
             "and Fmax\n"
             "of the bare core, from the reports of Yosys and nextpnr.",
  .required = "output",
  .options = options,
  .run = run,
};
